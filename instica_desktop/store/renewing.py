"""A database file made: at opening, and while the program runs in the place of one that is damaged."""

import logging
import shutil
from datetime import datetime
from pathlib import Path

from instica_desktop.core.errors import DiskFull, InUse, NewerFile, StoreError
from instica_desktop.core.steps import reached
from instica_desktop.store import backups, schema, wal
from instica_desktop.store.database import Connection, connect, frames_read, speaking, transaction
from instica_desktop.store.files import private_file, sync_file, sync_folder
from instica_desktop.store.migrations import Schema, bring_up, check_whole, inspect
from instica_desktop.store.restoring import Held, Restored, write_down

log = logging.getLogger(__name__)

RENEWED = "outbox.renewed.db"
"""A whole outbox, written while the program ran, that is to take the place of a damaged one."""
CACHE_MB = 96
"""Memory of SQLite's page cache for writing: a page of records touches some twenty indexes."""
_DRAFT = ".new-outbox.db"


def prepared(
    path: Path, kind: Schema, *, durable: bool = False, max_pages: int | None = None, thorough: bool = False
) -> Connection:
    """Return a writing connection to a file of this version, made or brought up as needed.

    `thorough`: it is read through before, indexes included, and compared with what its version has.
    """
    version = inspect(path, kind)
    private_file(path)
    with speaking():
        connection = connect(path, write=True, durable=durable, cache_mb=CACHE_MB, max_pages=max_pages)
        try:
            if thorough and version:
                check_whole(connection, kind)
            bring_up(connection, path, kind, version, keep_copy=durable)
        except BaseException:
            connection.close()
            raise
    return connection


def opened_cache(path: Path, max_pages: int | None) -> Connection:
    """Open the cache. Damaged, or of a shape no version of ours made, it is begun anew.

    What fails once, in passing, costs no copy of a whole shop: it is tried again before that.
    """
    for then in ("it is tried again", "it is begun anew"):
        try:
            connection = prepared(path, schema.CACHE, max_pages=max_pages)
            if not wal.hides_more(path, frames_read(connection)):
                return connection
            connection.close()
            log.info("The log of the copy of the shop is spoilt: it is begun anew")
            break
        except (DiskFull, InUse, NewerFile):
            raise
        except StoreError as error:
            log.info("The copy of the shop cannot be opened, %s: %s %s", then, error.message, error.details)
    delete(path)
    return prepared(path, schema.CACHE, max_pages=max_pages)


def fresh_cache(path: Path, aside: Path, max_pages: int | None) -> Connection:
    """Make a new cache, the old one renamed; where that fails, perhaps for want of room, it goes first."""
    delete(path, whole=False)
    if path.exists():
        path.replace(aside)
    try:
        return prepared(path, schema.CACHE, max_pages=max_pages)
    except (StoreError, OSError):
        aside.unlink(missing_ok=True)
        delete(path)
        return prepared(path, schema.CACHE, max_pages=max_pages)


def fresh_outbox(folder: Path, held: Held, now: datetime, max_pages: int | None) -> Connection:
    """Write a whole outbox beside the damaged one, durably, then let it take its place."""
    from instica_desktop.store.salvage import salvaged_lists  # rarely needed

    draft, path = folder / _DRAFT, folder / "outbox.db"
    # After a try that failed, the damaged file may lie aside; what was read from it then is in the new one.
    lists = [salvaged_lists(source) for source in (path, folder / RENEWED)]
    delete(draft)
    copy = backups.newest_good(folder / "backups", schema.OUTBOX)
    if copy:
        shutil.copyfile(copy.path, draft)
    writer = prepared(draft, schema.OUTBOX)
    try:
        with transaction(writer):
            note = Restored(now, copy.at if copy else None, edits=len(held.operations), running=True)
            write_down(writer, held, note)
            for found in lists:
                found.add(writer, but="intake")  # all of that is in memory
        writer.execute("PRAGMA journal_mode=DELETE")  # all of it in the one file that is renamed
    finally:
        writer.close()
    sync_file(draft)
    draft.replace(folder / RENEWED)
    sync_folder(folder)
    reached("outbox written anew")
    backups.take_place(folder / RENEWED, path, now)
    return prepared(path, schema.OUTBOX, durable=True, max_pages=max_pages)


def delete(path: Path, *, whole: bool = True) -> None:
    """Delete a database with what lies beside it; or, not `whole`, only that."""
    for suffix in ("", *backups.BESIDE) if whole else backups.BESIDE:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
