"""Whether the files of an account are whole and agree with each other. Looks, and changes nothing."""

import contextlib
from collections.abc import Generator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from instica_desktop.core.ages import day_and_clock
from instica_desktop.core.errors import Damaged, NewerFile, StoreError
from instica_desktop.core.operations import Operation
from instica_desktop.store import rows, seals, wal
from instica_desktop.store.backup_rows import BackupRows
from instica_desktop.store.backups import Backup, is_lost, listed, newest_good
from instica_desktop.store.blobs import is_whole
from instica_desktop.store.damage import is_of_no_weight, named
from instica_desktop.store.database import Connection, SqliteError, connect, looking, one, translated
from instica_desktop.store.migrations import Schema, check_whole, inspect
from instica_desktop.store.projection import ELSEWHERE, NO_AGE
from instica_desktop.store.schema import CACHE, OUTBOX
from instica_desktop.store.seals import Spoilt
from instica_desktop.store.spans import beyond
from instica_desktop.store.tables import TABLES, Table

Part = Literal["records", "edits", "photos", "backups"]
Mend = Literal["", "reset", "restore", "hold"]
NAMED = 5
"""So many spoilt rows are named; the others are counted."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that is not as it should be: where, in plain words, and what mends it (empty: nothing)."""

    part: Part
    message: str
    details: str = ""
    mend: Mend = ""


class Report(msgspec.Struct, frozen=True):
    """What a check saw: how many of each thing, and what is wrong with them."""

    records: int = 0
    edits: int = 0
    photos: int = 0
    backups: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def mends(self) -> set[Mend]:
        """What would mend what was found."""
        return {finding.mend for finding in self.findings if finding.mend}


def examine(folder: Path, *, in_use: bool = False) -> Report:
    """Check all files of an account. Takes seconds for a large shop: call it in a worker thread.

    `in_use`: this process has them open.
    """
    seen: dict[str, int] = {}
    copies = listed(folder / "backups", OUTBOX)
    findings = [
        *_guarded("records", folder / "cache.db", CACHE, _records, seen, in_use),
        *_guarded("edits", folder / "outbox.db", OUTBOX, _edits, seen, in_use),
        *_backups(copies),
    ]
    return Report(**seen, backups=len(copies), findings=tuple(findings))


def examine_edits(folder: Path) -> Report:
    """Check only what a person made and was not sent, and its backups; quick, also while a shop is open."""
    seen: dict[str, int] = {}
    copies = listed(folder / "backups", OUTBOX)
    findings = [*_guarded("edits", folder / "outbox.db", OUTBOX, _edits, seen), *_backups(copies)]
    return Report(**seen, backups=len(copies), findings=tuple(findings))


def _guarded(
    part: Part, path: Path, schema: Schema, look: Any, seen: dict[str, int], in_use: bool = False
) -> Iterator[Finding]:
    """Run a look at a file; that it cannot be read at all is a finding as well."""
    mend: Mend = "reset" if part == "records" else "restore"
    try:
        if not in_use and wal.looked_at(path, synced=part == "edits"):  # SQLite would not read it to its end
            yield _of_log(part, path)
            return
        if part == "edits" and is_lost(path, path.parent / "backups", path.parent / "cache.db"):
            yield _gone(path)
            return
        if inspect(path, schema, in_use=in_use):
            with _reading(path) as connection:
                yield from look(connection, path, seen)
    except NewerFile as error:
        yield Finding(part, error.message, error.details)
    except SqliteError as error:
        yield from _unreadable(part, translated(error), mend)
    except UnicodeDecodeError as error:
        yield from _unreadable(part, Damaged("A text is none any more.", details=str(error)), mend)
    except (StoreError, OSError) as error:
        yield from _unreadable(part, error, mend)


def _of_log(part: Part, path: Path) -> Finding:
    log = wal.log_of(path)
    if part == "records":
        message = f"This computer’s copy of the shop is damaged, at {log.name}."
        return Finding(part, message, str(log), "reset")
    message = (
        f"{log.name}, which holds the latest of the waiting edits, is damaged. When it is mended, nothing is "
        "sent until you have looked at the waiting edits."
    )
    return Finding(part, message, str(log), "hold")


def _gone(path: Path) -> Finding:
    """Say that there are no waiting edits where there were some, or may have been."""
    backup = newest_good(path.parent / "backups", OUTBOX)
    if backup is None:
        words = "there is no backup of it. Whether edits waited in it, nothing here tells."
    else:
        words = f"the backup of {day_and_clock(backup.at)} takes its place when it is mended."
    how = "empty" if path.exists() else "gone"
    return Finding(
        "edits", f"{path.name}, the file of the waiting edits, is {how}; {words}", str(path), "restore"
    )


def _unreadable(part: Part, error: Exception, mend: Mend) -> Iterator[Finding]:
    what = "This computer’s copy of the shop" if part == "records" else "The file of the waiting edits"
    details = error.details if isinstance(error, StoreError) else str(error)
    if isinstance(error, Damaged):
        yield Finding(part, f"{what} is damaged.", details, mend)
    else:
        yield Finding(part, f"{what} could not be read.", details)


@contextlib.contextmanager
def _reading(path: Path) -> Generator[Connection]:
    connection = connect(path, write=False)
    try:
        connection.execute("BEGIN")  # one moment for all that is compared, also while a shop is open
        yield connection
    finally:
        connection.close()


# ---------------------------------------------------------------- records


def _records(connection: Connection, path: Path, seen: dict[str, int]) -> Iterator[Finding]:
    check_whole(connection)
    if one(connection, "PRAGMA user_version") != CACHE.version:
        return  # the next start brings it up; what is compared below may not be there yet
    for table in TABLES.values():
        seen["records"] = seen.get("records", 0) + int(one(connection, f"SELECT count(*) FROM {table.name}"))
        for what, sql in _agreements(table).items():
            wrong = int(one(connection, sql))
            if wrong:
                message = f"This computer’s copy of the {table.name} does not agree with itself: {what}."
                yield Finding("records", message, f"{table.name}: {wrong} × {what}", "reset")


def _agreements(table: Table) -> dict[str, str]:
    """Return what must hold of a table, each as a query that counts what breaks it."""
    name, age = table.name, f"ifnull(t.k_{table.newest}, {NO_AGE})"
    terms = f"{name} AS t, json_each('[' || trim(t.terms, ',') || ']') AS j"
    return {
        "the number of records is wrong": (
            f"SELECT count(*) FROM tallies WHERE entity='{name}' AND (known <> (SELECT count(*) FROM {name})"
            f" OR displaced <> (SELECT count(*) FROM {name} WHERE id >= {ELSEWHERE}))"
        ),
        "records without their contents, or the other way round": (
            f"SELECT (SELECT count(*) FROM {name} WHERE id NOT IN (SELECT id FROM {name}_raw))"
            f" + (SELECT count(*) FROM {name}_raw WHERE id NOT IN (SELECT id FROM {name}))"
        ),
        "records the search does not know, or the other way round": (
            f"SELECT (SELECT count(*) FROM {name} WHERE id NOT IN (SELECT id FROM {name}_fts_docsize))"
            f" + (SELECT count(*) FROM {name}_fts_docsize WHERE id NOT IN (SELECT id FROM {name}))"
        ),
        "records a filter does not find": (
            f"SELECT count(*) FROM {terms} LEFT JOIN {name}_links AS l"
            f" ON l.term = j.value AND l.age = {age} AND l.uid = t.uid WHERE l.id IS NOT t.id"
        ),
        "filters that lead nowhere": (
            f"SELECT count(*) FROM {name}_links AS l LEFT JOIN {name} AS t ON t.id = l.id WHERE t.id IS NULL"
            f" OR t.uid <> l.uid OR instr(t.terms, ',' || l.term || ',') = 0"
            f" OR l.term NOT IN (SELECT term FROM terms WHERE entity='{name}')"
        ),
        "records a filter does not find in some order": beyond(table),
    }


# ---------------------------------------------------------------- edits and photos


def _edits(connection: Connection, path: Path, seen: dict[str, int]) -> Iterator[Finding]:
    check_whole(connection, OUTBOX)
    spoilt = seals.spoilt(connection)
    of_spoilt = {row.key for row in spoilt if row.table == "operations"}
    blobs: set[str] = set()
    unreadable = 0
    for seq, body in connection.execute("SELECT seq, CAST(body AS BLOB) FROM operations").fetchall():
        if seq in of_spoilt:
            continue
        try:
            blobs |= blobs_of(rows.decode(body))
            seen["edits"] = seen.get("edits", 0) + 1
        except rows.UNREADABLE:
            unreadable += 1
    yield from _spoilt(spoilt, path)
    if one(connection, "PRAGMA user_version") == OUTBOX.version:
        unreadable += len(list(seals.whole(connection, "unreadable")))
    if unreadable:
        yield Finding(
            "edits", f"{_number(unreadable, 'edit')} cannot be read by this version; kept for one that can."
        )
    seen["photos"] = len(blobs)
    yield from _photos(path.parent / "blobs", blobs)


def _spoilt(spoilt: list[Spoilt], path: Path) -> Iterator[Finding]:
    """Say which rows are spoilt, and what mending them will bring."""
    backups = BackupRows(path.parent / "backups")
    for row in spoilt[:NAMED]:
        at = next((at for at, _ in backups.of(row)), None)
        which = f"{row.table} {row.key!r}, {path}"
        yield Finding("edits", f"{path.name} is damaged at {named(row)}. {_way_out(row, at)}", which, "hold")
    if len(spoilt) > NAMED:
        more = f"{path.name} is damaged at {_number(len(spoilt) - NAMED, 'more place')}."
        yield Finding("edits", more, str(path), "hold")


def _way_out(row: Spoilt, at: datetime | None) -> str:
    if is_of_no_weight(row):
        return "When it is mended, you may be asked about a typed text that is saved already."
    if row.table == "meta":
        return "When it is mended, nothing is sent until you have looked at the waiting edits."
    if at is None:
        return "No backup has it. When it is mended, it is named in Activity and not sent."
    held = " and waits for your word in Activity" if row.table in ("operations", "intake") else ""
    return f"When it is mended, it is taken from the backup of {day_and_clock(at)}{held}."


def blobs_of(operation: Operation) -> set[str]:
    """Return the photos an operation will send."""
    return {str(operation.payload["blob"])} if "blob" in operation.payload else set()


def _photos(folder: Path, wanted: set[str]) -> Iterator[Finding]:
    missing = [digest for digest in sorted(wanted) if not (folder / digest).exists()]
    spoiled = [digest for digest in sorted(wanted - set(missing)) if not is_whole(folder / digest)]
    if missing:
        yield Finding(
            "photos", f"{_number(len(missing), 'photo')} to be sent cannot be found.", " ".join(missing)
        )
    if spoiled:
        yield Finding(
            "photos",
            f"{_number(len(spoiled), 'photo')} to be sent cannot be used any more.",
            " ".join(spoiled),
        )


def _backups(copies: list[Backup]) -> Iterator[Finding]:
    for copy in copies:
        if copy.edits is None:
            message = f"The backup of {copy.at:%Y-%m-%d %H:%M} UTC cannot be used."
            yield Finding("backups", message, str(copy.path))


def search_index_bytes(path: Path) -> int:
    """Return how much of the cache is its search index; 0 where that cannot be told."""
    total = 0
    with contextlib.suppress(SqliteError), looking(path) as connection:
        for table in TABLES.values():
            total += int(one(connection, f"SELECT sum(length(block)) FROM {table.name}_fts_data") or 0)
    return total


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
