"""`server.toml` in a team's data folder: mail, sign-in providers, limits and the broker of jobs.

    broker = "redis://10.0.0.5:6379/0"      # without one, each process does jobs in a thread of its own
    requests_per_minute = 600
    support_email = "help@shop.example"

    [mail]
    host = "smtp.shop.example"              # port, username, password, use_tls, use_ssl, sender

    [identity.apple]
    issuer = "https://appleid.apple.com"    # audience, jwks_url

An unknown name is an error: a setting that is misspelt must not be silently without effect. The folder is
private, and so must be the file, for it may hold passwords.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NAME = "server.toml"
REQUESTS_PER_MINUTE = 600

_MAIL = {
    "host": ("EMAIL_HOST", str),
    "port": ("EMAIL_PORT", int),
    "username": ("EMAIL_HOST_USER", str),
    "password": ("EMAIL_HOST_PASSWORD", str),
    "use_tls": ("EMAIL_USE_TLS", bool),
    "use_ssl": ("EMAIL_USE_SSL", bool),
    "sender": ("DEFAULT_FROM_EMAIL", str),
}
_PLAIN = {
    "requests_per_minute": ("SHOP_REQUESTS_PER_MINUTE", int),
    "support_email": ("SHOP_SUPPORT_EMAIL", str),
}
_ISSUER = frozenset({"issuer", "audience", "jwks_url"})


class SettingsUnusable(ValueError):
    """The file cannot be used; the message says which line of it and why."""


def _refuse(name: str, why: str) -> SettingsUnusable:
    return SettingsUnusable(f"{NAME}: {name} {why}.")


def _values(given: Mapping[str, Any], known: Mapping[str, tuple[str, type]], where: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            raise _refuse(f"{where}{name}", "is not a setting")
        setting, kind = known[name]
        if type(value) is not kind:
            raise _refuse(f"{where}{name}", f"must be of type {kind.__name__}")
        found[setting] = value
    return found


def _mail(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or not given.get("host"):
        raise _refuse("[mail]", "needs a host")
    backend = "django.core.mail.backends.smtp.EmailBackend"
    # In the background: an answer must not tell by its time whether a message went out.
    return {"EMAIL_BACKEND": backend, "SHOP_SEND_IN_BACKGROUND": True, **_values(given, _MAIL, "mail.")}


def _issuers(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        raise _refuse("[identity]", "must hold a table for each provider")
    for provider, facts in given.items():
        if not isinstance(facts, dict) or set(facts) != _ISSUER:
            raise _refuse(f"[identity.{provider}]", f"needs exactly {', '.join(sorted(_ISSUER))}")
    return {"SHOP_IDENTITY_ISSUERS": given}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsUnusable(f"{NAME} cannot be read: {error}.") from error


def team_settings(folder: Path) -> dict[str, Any]:
    """Return what `settings.configure` takes besides. Errors: `SettingsUnusable`, `OSError`."""
    given = _read(folder / NAME)
    broker = given.pop("broker", "")
    if not isinstance(broker, str):
        raise _refuse("broker", "must be of type str")
    found: dict[str, Any] = {"jobs": "celery" if broker else "embedded", "broker": broker}
    found["SHOP_REQUESTS_PER_MINUTE"] = REQUESTS_PER_MINUTE
    if "mail" in given:
        found |= _mail(given.pop("mail"))
    if "identity" in given:
        found |= _issuers(given.pop("identity"))
    return found | _values(given, _PLAIN, "")
