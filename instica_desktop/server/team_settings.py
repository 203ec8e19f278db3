"""`server.toml` in a team's data folder: mail, sign-in providers, limits and the broker of jobs.

    broker = "redis://10.0.0.5:6379/0"      # without one, each process does jobs in a thread of its own
    requests_per_minute = 600
    registrations_per_hour = 20             # from one address
    sign_ins_per_minute = 60                # from one address
    support_email = "help@shop.example"

    [mail]
    host = "smtp.shop.example"              # port, username, password, use_tls, use_ssl, sender

The tables that say on whose word the server relies are in `team_trust`. An unknown name is an error: a
setting that is misspelt must not be silently without effect. The folder is private, and so must be the file,
for it may hold passwords.
"""

import tomllib
from pathlib import Path
from typing import Any

from instica_desktop.server.team_trust import app_store, issuers
from instica_desktop.server.team_values import NAME, SettingsUnusable, refusal, values

REQUESTS_PER_MINUTE = 600
REGISTRATIONS_PER_HOUR = 20

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
    "registrations_per_hour": ("SHOP_REGISTRATIONS_PER_HOUR", int),
    "sign_ins_per_minute": ("SHOP_SIGN_INS_PER_MINUTE", int),
    "support_email": ("SHOP_SUPPORT_EMAIL", str),
}


def _mail(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict) or not given.get("host"):
        raise refusal("[mail]", "needs a host")
    backend = "django.core.mail.backends.smtp.EmailBackend"
    return {"EMAIL_BACKEND": backend, **values(given, _MAIL, "mail.")}


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
        raise refusal("broker", "must be of type str")
    found: dict[str, Any] = {"jobs": "celery" if broker else "embedded", "broker": broker}
    found["SHOP_REQUESTS_PER_MINUTE"] = REQUESTS_PER_MINUTE
    found["SHOP_REGISTRATIONS_PER_HOUR"] = REGISTRATIONS_PER_HOUR
    if "mail" in given:
        found |= _mail(given.pop("mail"))
    if "identity" in given:
        found |= issuers(given.pop("identity"), folder)
    if "app_store" in given:
        found |= app_store(given.pop("app_store"), folder)
    return found | values(given, _PLAIN, "")
