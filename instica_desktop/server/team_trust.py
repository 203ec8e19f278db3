"""`server.toml` on whose word counts: `[identity.PROVIDER]` and `[app_store]`.

[identity.apple]
issuer = "https://appleid.apple.com"    # audience, jwks_url

[app_store]
root_certificates = ["AppleRootCA-G3.cer"]
bundle_id = "com.instica.app"           # environments
"""

from pathlib import Path
from typing import Any

from cryptography import x509

from instica_desktop.server.team_values import file_in, refusal, values

APP_STORE: dict[str, Any] = {
    "bundle_id": "com.instica.app",
    "roots": (),
    "keys": None,
    "environments": ("Production",),
}
"""`SHOP_APP_STORE` while nothing is set: nobody's signature on a purchase counts."""

_ISSUER = frozenset({"issuer", "audience", "jwks_url"})
_PURCHASES = {
    "bundle_id": ("bundle_id", str),
    "environments": ("environments", list),
    "root_certificates": ("roots", list),
}


def issuers(given: Any) -> dict[str, Any]:
    """Return the settings of `[identity]`. Errors: `SettingsUnusable`."""
    if not isinstance(given, dict):
        raise refusal("[identity]", "must hold a table for each provider")
    for provider, facts in given.items():
        if not isinstance(facts, dict) or set(facts) != _ISSUER:
            raise refusal(f"[identity.{provider}]", f"needs exactly {', '.join(sorted(_ISSUER))}")
    return {"SHOP_IDENTITY_ISSUERS": given}


def _certificate(folder: Path, name: Any) -> x509.Certificate:
    content, where = file_in(folder, name, "app_store.root_certificates"), f"app_store certificate {name}"
    try:
        if content.startswith(b"-----BEGIN"):
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except ValueError as error:
        raise refusal(where, "is not a certificate") from error


def app_store(given: Any, folder: Path) -> dict[str, Any]:
    """Return the settings of `[app_store]`. Errors: `SettingsUnusable`."""
    if not isinstance(given, dict) or not given.get("root_certificates"):
        raise refusal("[app_store]", "needs root_certificates")
    found = {**APP_STORE, **values(given, _PURCHASES, "app_store.")}
    found["roots"] = tuple(_certificate(folder, name) for name in found["roots"])
    if not all(isinstance(name, str) for name in found["environments"]):
        raise refusal("app_store.environments", "must be a list of names")
    found["environments"] = tuple(found["environments"])
    return {"SHOP_APP_STORE": found}
