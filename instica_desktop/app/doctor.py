"""`doctor`: what is installed, where things are, whether they work. Safe to paste into a support request."""

import asyncio
import platform
from typing import Any

import msgspec

from instica_desktop import __version__
from instica_desktop.app.opening import environment_account
from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.errors import InsticaError, NotOffered
from instica_desktop.system.accounts import Accounts
from instica_desktop.system.credentials import Credentials
from instica_desktop.system.logs import known_secrets
from instica_desktop.system.paths import Profile
from instica_desktop.system.prefs import Prefs
from instica_desktop.system.resources import resources_root
from instica_desktop.system.versions import versions_of_parts

WHOLE = "whole, backups too"
REPAIR = "Close the window and run “instica-desktop doctor --repair”."


def doctor(profile: Profile, *, as_json: bool) -> int:
    """Print the report and return 0, or 1 when a server does not answer, or waiting edits are damaged."""
    report = known_secrets().hide_in(asyncio.run(_report(profile)))
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(report), indent=2).decode())
    else:
        _print(report)
    damaged = any(words.endswith(REPAIR) for words in report.get("edits", {}).values())
    return 1 if damaged or report["server"].get("health") == "failed" else 0


async def _report(profile: Profile) -> dict[str, dict[str, str]]:
    account, key = _account(profile)
    edits = _edits(profile)
    return {
        "versions": _versions(),
        "paths": {
            "settings": str(profile.settings_file),
            "data": str(profile.data),
            "cache": str(profile.cache),
            "logs": str(profile.logs),
            "resources": str(resources_root()),
        },
        "keyring": {
            "backend": await Credentials().backend_name() or "none: keys are kept for one session only"
        },
        "server": await _server(account, key),
    } | ({"edits": edits} if edits else {})


def _versions() -> dict[str, str]:
    import sqlite3

    from PySide6.QtCore import qVersion

    from instica_desktop.store.database import sqlite_version

    found = {
        "Instica Desktop": __version__,
        "Python": platform.python_version(),
        "system": platform.platform(),
    }
    found |= {"Qt": qVersion(), "SQLite (cache, outbox)": sqlite_version()}
    found["SQLite (local server)"] = sqlite3.sqlite_version
    return found | versions_of_parts()


def _account(profile: Profile) -> tuple[Account | None, str | None]:
    from_environment = environment_account()
    if from_environment:
        return from_environment
    return Accounts(Prefs(profile.settings_file)).last(), None


def _edits(profile: Profile) -> dict[str, str]:
    """Return by shop whether what waits to be sent is whole; else which file, which edit, and what to do."""
    from instica_desktop.store.checking import examine_edits

    found: dict[str, str] = {}
    for folder in sorted(path for path in profile.accounts.glob("*") if path.is_dir()):
        findings = [one for one in examine_edits(folder).findings if one.part != "photos"]
        words = [one.message for one in findings]  # what another version made is said, and is no damage
        damaged = any(one.mend or one.part == "backups" for one in findings)
        found[folder.name] = " ".join([*words, *([REPAIR] if damaged else [])]) or WHOLE
    return found


async def _server(account: Account | None, key: str | None) -> dict[str, str]:
    if account is None:
        return {"health": "not asked: no shop is connected yet"}
    found = {"shop": account.label or account.id, "address": account.base_url}
    if account.kind is AccountKind.LOCAL:
        return {**found, "health": "not asked: the local shop runs while its window is open"}
    from instica_desktop.api import InsticaClient

    try:
        client = InsticaClient(account.base_url, key)
    except InsticaError as error:
        return {**found, "health": "failed", "reason": error.message}
    try:
        await client.health.check()
    except NotOffered:  # it was seen to be a server by other means
        return {**found, "health": "ok: it does not say how it is, and answers otherwise"}
    except InsticaError as error:
        return {**found, "health": "failed", "reason": error.message, "details": error.details}
    finally:
        await client.aclose()
    return {**found, "health": "ok"}


def _print(report: dict[str, dict[str, Any]]) -> None:
    width = max(len(name) for part in report.values() for name in part)
    for heading, part in report.items():
        print(heading.capitalize())
        for name, value in part.items():
            print(f"  {name:<{width}}  {value}")
