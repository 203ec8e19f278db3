"""`server.toml` on whose word counts: `[identity.PROVIDER]` and `[app_store]`.

[identity.apple]
issuer = "https://appleid.apple.com"    # audience, jwks_url

    [identity.apple.exchange]               # optional: exchange the authorization code of each sign-in
    token_url = "https://appleid.apple.com/auth/token"
    team_id = "TEAM123456"                  # key_id, private_key_file

[app_store]
root_certificates = ["AppleRootCA-G3.cer"]
bundle_id = "com.instica.app"           # environments
"""

from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from instica_desktop.server.team_values import file_in, refusal, values

APP_STORE: dict[str, Any] = {
    "bundle_id": "com.instica.app",
    "roots": (),
    "keys": None,
    "environments": ("Production",),
}
"""`SHOP_APP_STORE` while nothing is set: nobody's signature on a purchase counts."""

_ISSUER = frozenset({"issuer", "audience", "jwks_url"})
_EXCHANGE = frozenset({"token_url", "team_id", "key_id", "private_key_file"})
_PURCHASES = {
    "bundle_id": ("bundle_id", str),
    "environments": ("environments", list),
    "root_certificates": ("roots", list),
}


def _exact(given: Any, names: frozenset[str], where: str) -> dict[str, str]:
    """Return a table of texts with just these names. Errors: `SettingsUnusable`."""
    if not isinstance(given, dict) or set(given) != names:
        raise refusal(where, f"needs exactly {', '.join(sorted(names))}")
    if not all(isinstance(value, str) for value in given.values()):
        raise refusal(where, "must hold texts")
    return given


def _exchange(given: Any, folder: Path, where: str) -> dict[str, str]:
    """Return how codes are exchanged, with the key itself for the name of its file."""
    found = dict(_exact(given, _EXCHANGE, where))
    if not found["token_url"].startswith("https://"):
        raise refusal(f"{where} token_url", "must begin with https://")
    pem = file_in(folder, found.pop("private_key_file"), f"{where} private_key_file")
    try:
        key = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError) as error:
        raise refusal(f"{where} private_key_file", "is not a private key") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise refusal(f"{where} private_key_file", "is not a key for ES256")
    return {**found, "private_key": pem.decode("ascii", "replace")}


def _issuer(given: dict[str, Any], folder: Path, where: str) -> dict[str, Any]:
    rest = {name: value for name, value in given.items() if name != "exchange"}
    found: dict[str, Any] = dict(_exact(rest, _ISSUER, f"[{where}]"))
    if "exchange" in given:
        found["exchange"] = _exchange(given["exchange"], folder, f"[{where}.exchange]")
    return found


def issuers(given: Any, folder: Path) -> dict[str, Any]:
    """Return the settings of `[identity]`. Errors: `SettingsUnusable`."""
    if not isinstance(given, dict) or not all(isinstance(facts, dict) for facts in given.values()):
        raise refusal("[identity]", "must hold a table for each provider")
    found = {name: _issuer(facts, folder, f"identity.{name}") for name, facts in given.items()}
    return {"SHOP_IDENTITY_ISSUERS": found}


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
