"""Clearing away the parts of files whose writing was cut off: uploads, and files without a name yet.

Whoever writes them removes them itself, unless its process or its computer died. What is being written just
now is young, so only what is older than a moment goes.
"""

import contextlib
import logging
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from instica_desktop.server.storage.folder import ShopFolder

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=1)
"""No upload takes so long."""
EVERY = timedelta(hours=1)
_PART = re.compile(r"\..+\.\d+\.[0-9a-f]{8}")
"""What `folder.write_private` calls a file until it is whole."""


def _parts(folder: ShopFolder) -> Iterator[Path]:
    yield from folder.temporary.iterdir()
    yield from folder.backups.glob("*.partial*")
    for place in (folder.media, folder.sleeves, folder.mail, folder.messages):
        yield from (path for path in place.rglob(".*") if _PART.fullmatch(path.name))


def sweep(folder: ShopFolder, before: datetime) -> int:
    """Drop the parts last written before a moment; returns how many. Errors: `OSError`."""
    count = 0
    for path in _parts(folder):
        with contextlib.suppress(FileNotFoundError):  # it is whole by now, or another server was first
            if path.is_file() and path.stat().st_mtime < before.timestamp():
                path.unlink()
                count += 1
    return count


def _sweep_for_ever(folder: ShopFolder, before: datetime, ended: threading.Event) -> None:
    while True:
        try:
            if count := sweep(folder, before):
                log.info("%s parts of files whose writing was cut off are gone", count)
        except OSError as error:
            log.error("Parts of files could not be cleared away: %s", error)
        if ended.wait(EVERY.total_seconds()):
            return
        before = datetime.now(UTC) - KEPT_FOR


def keep_swept(folder: ShopFolder, *, alone: bool = True) -> threading.Event:
    """Sweep in a thread of its own, now and each hour, until the returned event is set.

    `alone`: no other process writes here, so all that is older than this start goes at once.
    """
    ended, now = threading.Event(), datetime.now(UTC)
    arguments = (folder, now if alone else now - KEPT_FOR, ended)
    threading.Thread(target=_sweep_for_ever, args=arguments, name="sweeping", daemon=True).start()
    return ended
