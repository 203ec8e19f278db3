"""Clearing away old messages that the file backends wrote: they hold codes and people's addresses.

Only files whose names those backends give are touched, and their age is read from the name: copying a folder
makes all its files new.
"""

import contextlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from instica_desktop.server.storage.folder import ShopFolder

KEPT = 1_000
KEPT_FOR = timedelta(days=30)
_MAIL = re.compile(r"(\d{8})-(\d{6})-(\d{6})-[0-9a-f]{8}\.log")
_TEXT = re.compile(r"(\d{8})T(\d{6})(\d{6})Z-[0-9a-f]{8}\.txt")


def _written(name: str, form: re.Pattern[str]) -> datetime | None:
    """Return when a message of ours was written, None for any other file."""
    found = form.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime("".join(found.groups()), "%Y%m%d%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        return None


def _prune(folder: Path, form: re.Pattern[str], now: datetime) -> None:
    ours = [(written, path) for path in folder.iterdir() if (written := _written(path.name, form))]
    newest_first = sorted(ours, reverse=True)
    for place, (written, path) in enumerate(newest_first):
        too_many = place >= KEPT or now - written > KEPT_FOR
        if too_many and path.is_file() and not path.is_symlink():
            with contextlib.suppress(OSError):  # somebody reads it, or another server was first
                path.unlink()


def prune_messages(folder: ShopFolder, now: datetime | None = None) -> None:
    """Keep the newest 1,000 mails and as many text messages, of the last 30 days. Errors: `OSError`."""
    moment = now or datetime.now(UTC)
    _prune(folder.mail, _MAIL, moment)
    _prune(folder.messages, _TEXT, moment)
