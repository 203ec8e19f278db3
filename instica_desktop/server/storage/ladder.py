"""The backup ladder: while the server runs, a checked copy each hour in which something changed.

Kept are the newest of the last 6 hours, 7 days and 4 weeks that have one. Copies made before a migration
(their name holds `format`) are not of the ladder and stay.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from instica_desktop.server.storage.database import ShopRefused, back_up
from instica_desktop.server.storage.folder import ShopFolder

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
FIRST_AFTER = timedelta(minutes=2)
"""So that a start is not slowed, and a server that only answers a question makes no copy."""

_STAMP = "%Y%m%dT%H%M%S%fZ"
_STEPS: tuple[tuple[int, Callable[[datetime], object]], ...] = (
    (6, lambda moment: (moment.date(), moment.hour)),
    (7, lambda moment: moment.date()),
    (4, lambda moment: moment.isocalendar()[:2]),
)


def _moment(copy: Path) -> datetime | None:
    try:
        return datetime.strptime(copy.stem.removeprefix("shop-"), _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def kept(moments: Iterable[datetime]) -> set[datetime]:
    """Return the times of the copies to keep: the newest of each of the last hours, days and weeks."""
    newest_first = sorted(moments, reverse=True)
    keep: set[datetime] = set()
    for count, step_of in _STEPS:
        steps: dict[object, datetime] = {}
        for moment in newest_first:
            steps.setdefault(step_of(moment), moment)
        keep.update(list(steps.values())[:count])
    return keep


def ladder(folder: ShopFolder) -> dict[datetime, Path]:
    """Return the copies of the ladder by the time they were made."""
    copies = {_moment(copy): copy for copy in folder.backups.glob("shop-*.sqlite3")}
    return {moment: copy for moment, copy in copies.items() if moment is not None}


def climb(folder: ShopFolder) -> Path | None:
    """Make a copy if the shop changed since the newest one, drop those no longer kept; returns the new copy.

    Errors: `ShopRefused` when the database is damaged; then nothing is dropped.
    """
    copies = ladder(folder)
    changed = datetime.fromtimestamp(folder.database.stat().st_mtime, UTC)
    if copies and max(copies) >= changed:
        return None
    made = back_up(folder)
    copies = ladder(folder)
    keep = kept(copies)
    for moment, copy in copies.items():
        if moment not in keep:
            copy.unlink(missing_ok=True)
    return made


def _climb_for_ever(folder: ShopFolder, ended: threading.Event) -> None:
    wait = FIRST_AFTER
    while not ended.wait(wait.total_seconds()):
        wait = EVERY
        try:
            climb(folder)
        except (ShopRefused, sqlite3.Error, OSError) as error:
            log.error("No backup of the shop could be made: %s", error)


def keep_backups(folder: ShopFolder) -> threading.Event:
    """Climb in a thread of its own until the returned event is set."""
    ended = threading.Event()
    arguments = (folder, ended)
    threading.Thread(target=_climb_for_ever, args=arguments, name="backups", daemon=True).start()
    return ended
