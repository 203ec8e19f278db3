"""`server.toml` of a team's server: what it sets, and that nothing misspelt passes."""

from pathlib import Path

import pytest

from instica_desktop.server.team_settings import team_settings
from instica_desktop.server.team_values import NAME, SettingsUnusable
from tests.server.certificates import issue

WHOLE = """
broker = "redis://127.0.0.1:6379/0"
requests_per_minute = 120
support_email = "help@shop.example"

[mail]
host = "smtp.shop.example"
port = 587
use_tls = true
password = "secret words"

[identity.apple]
issuer = "https://appleid.apple.com"
audience = "com.instica.app"
jwks_url = "https://appleid.apple.com/auth/keys"

[app_store]
root_certificates = ["root.cer", "root.pem"]
environments = ["Production", "Sandbox"]
"""


def _folder(tmp_path: Path, text: str) -> Path:
    from cryptography.hazmat.primitives.serialization import Encoding

    root = issue("Root", None, authority=True).certificate
    (tmp_path / "root.cer").write_bytes(root.public_bytes(Encoding.DER))
    (tmp_path / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    return tmp_path


def test_without_a_file_a_team_is_throttled_and_does_its_own_jobs(tmp_path: Path) -> None:
    assert team_settings(tmp_path) == {"jobs": "embedded", "broker": "", "SHOP_REQUESTS_PER_MINUTE": 600}


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    found = team_settings(_folder(tmp_path, WHOLE))
    assert found["jobs"] == "celery"
    assert found["broker"] == "redis://127.0.0.1:6379/0"
    assert found["SHOP_REQUESTS_PER_MINUTE"] == 120
    assert found["SHOP_SUPPORT_EMAIL"] == "help@shop.example"
    assert found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == (
        "smtp.shop.example",
        587,
        True,
    )
    assert found["EMAIL_HOST_PASSWORD"] == "secret words"
    assert found["SHOP_SEND_IN_BACKGROUND"] is True
    assert found["SHOP_IDENTITY_ISSUERS"]["apple"]["audience"] == "com.instica.app"
    store = found["SHOP_APP_STORE"]
    assert store["roots"][0] == store["roots"][1]
    assert (store["environments"], store["bundle_id"]) == (("Production", "Sandbox"), "com.instica.app")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("brokr = 'x'", "brokr is not a setting"),
        ("broker = 5", "broker must be of type str"),
        ("requests_per_minute = '600'", "must be of type int"),
        ("requests_per_minute = true", "must be of type int"),
        ("[mail]\nport = 25", "needs a host"),
        ("[mail]\nhost = 'h'\nprot = 25", "mail.prot is not a setting"),
        ("mail = 'smtp'", "needs a host"),
        ("[identity.apple]\nissuer = 'i'", "needs exactly audience, issuer, jwks_url"),
        ("identity = 3", "a table for each provider"),
        ("[mail", "cannot be read"),
        ("[app_store]", "needs root_certificates"),
        ("app_store = 'Apple'", "needs root_certificates"),
        ("[app_store]\nroot_certificates = 'root.cer'", "must be of type list"),
        ("[app_store]\nroot_certificates = ['gone.cer']", "cannot be read: No such file"),
        ("[app_store]\nroot_certificates = ['server.toml']", "server.toml is not a certificate"),
        ("[app_store]\nroot_certificates = [5]", "must name a file"),
        ("[app_store]\nroot_certificates = ['root.cer']\nenvironments = [1]", "a list of names"),
        ("[app_store]\nroot_certificates = ['root.cer']\nkeys = 1", "app_store.keys is not a setting"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsUnusable, match=says):
        team_settings(_folder(tmp_path, text))
