"""`server.toml` of a team's server: what it sets, and that nothing misspelt passes."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from instica_desktop.server.team_settings import team_settings
from instica_desktop.server.team_values import NAME, SettingsUnusable
from tests.server.certificates import issue

WHOLE = """
broker = "redis://127.0.0.1:6379/0"
requests_per_minute = 120
registrations_per_hour = 0
sign_ins_per_minute = 5
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

[identity.apple.exchange]
token_url = "https://appleid.apple.com/auth/token"
team_id = "TEAM123456"
key_id = "KEY1234567"
private_key_file = "key.p8"

[app_store]
root_certificates = ["root.cer", "root.pem"]
environments = ["Production", "Sandbox"]
"""

_EXCHANGE = WHOLE[WHOLE.index("[identity.apple]") : WHOLE.index("[app_store]")]


def _folder(tmp_path: Path, text: str) -> Path:
    root = issue("Root", None, authority=True).certificate
    signer = issue("Signer", None).key
    for name, key in (("key.p8", signer), ("p384.p8", issue("Other", None, curve=ec.SECP384R1()).key)):
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / name).write_bytes(pem)
    (tmp_path / "root.cer").write_bytes(root.public_bytes(Encoding.DER))
    (tmp_path / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    return tmp_path


def test_without_a_file_a_team_is_throttled_and_does_its_own_jobs(tmp_path: Path) -> None:
    limits = {"SHOP_REQUESTS_PER_MINUTE": 600, "SHOP_REGISTRATIONS_PER_HOUR": 20}
    assert team_settings(tmp_path) == {"jobs": "embedded", "broker": "", **limits}


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    found = team_settings(_folder(tmp_path, WHOLE))
    assert found["jobs"] == "celery"
    assert found["broker"] == "redis://127.0.0.1:6379/0"
    assert found["SHOP_REQUESTS_PER_MINUTE"] == 120
    assert found["SHOP_REGISTRATIONS_PER_HOUR"] == 0
    assert found["SHOP_SIGN_INS_PER_MINUTE"] == 5
    assert found["SHOP_SUPPORT_EMAIL"] == "help@shop.example"
    assert found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == (
        "smtp.shop.example",
        587,
        True,
    )
    assert found["EMAIL_HOST_PASSWORD"] == "secret words"
    assert found["SHOP_IDENTITY_ISSUERS"]["apple"]["audience"] == "com.instica.app"
    exchange = found["SHOP_IDENTITY_ISSUERS"]["apple"]["exchange"]
    assert set(exchange) == {"token_url", "team_id", "key_id", "private_key"}
    assert exchange["private_key"].startswith("-----BEGIN PRIVATE KEY-----")
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
        ("[identity.apple]\nissuer = 'i'\naudience = 'a'\njwks_url = 5", "must hold texts"),
        (_EXCHANGE.replace("https://appleid.apple.com/auth/token", "http://a"), "must begin with https://"),
        (_EXCHANGE.replace("key.p8", "root.pem"), "is not a private key"),
        (_EXCHANGE.replace("key.p8", "p384.p8"), "is not a key for ES256"),
        (_EXCHANGE.replace("key.p8", "gone.p8"), "cannot be read: No such file"),
        (_EXCHANGE.replace("team_id", "team"), "needs exactly key_id, private_key_file, team_id, token_url"),
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
