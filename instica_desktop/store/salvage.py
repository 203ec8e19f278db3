"""What can still be read of a damaged outbox: operations, history, and the lists of what was sent."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.store import rows
from instica_desktop.store.database import Connection, SqliteError, ending, looking, one
from instica_desktop.store.outbox import OWNER
from instica_desktop.store.restoring import Salvaged
from instica_desktop.store.seals import AT_ONCE, SEALED, Row, Spoilt, Value, insert, read, value_of


class _List(msgspec.Struct, frozen=True):
    """A table that only grows: its columns and their types, and which of them tell that two rows are one."""

    columns: tuple[str, ...]
    types: Any
    same: tuple[str, ...]
    json: tuple[str, ...] = ()


_LISTS = {
    "history": _List(
        ("entity", "uid", "field", "before", "value", "reason", "at"),
        tuple[Entity, str, str, bytes, bytes, str, int],
        ("field", "before", "value", "reason", "at"),  # its record may have got another uid
        ("before", "value"),
    ),
    "deliveries": _List(
        ("at", "uuid", "entity", "uid", "kind", "title"),
        tuple[int, str, Entity, str, OpKind, str],
        ("at", "uuid"),
    ),
    "unreadable": _List(("uuid", "body", "at"), tuple[str, bytes, int], ("uuid",)),
    "intake": _List(("uuid", "body"), tuple[str, bytes], ("uuid",), ("body",)),
}


class Remains(msgspec.Struct, frozen=True):
    """What is left of damaged files: operations to be added in this order, and rows that are spoilt."""

    operations: list[Salvaged]
    spoilt: list[Spoilt]


class Lists(msgspec.Struct, frozen=True):
    """The rows of each list, oldest first, and whose edits they are."""

    rows: dict[str, list[tuple[Any, ...]]]
    owner: str = ""

    def add(self, connection: Connection, *, but: str = "") -> None:
        """Add what a backup does not have, `but` one list's.

        What waits to be sent was not delivered, whatever a list says.
        """
        waiting = {uuid for (uuid,) in connection.execute("SELECT uuid FROM operations")}
        for table, found in self.rows.items():
            if table == but:
                continue
            kept = _LISTS[table]
            same = [kept.columns.index(name) for name in kept.same]
            known = set(connection.execute(f"SELECT {', '.join(kept.same)} FROM {table}").fetchall())
            new = [row for row in found if tuple(row[at] for at in same) not in known]
            if table == "deliveries":
                new = [row for row in new if row[1] not in waiting]
            _write(connection, table, kept.columns, new)
        if self.owner:
            insert(connection, "meta", {"key": OWNER, "value": self.owner}, "INSERT OR IGNORE")


def _write(
    connection: Connection, table: str, columns: tuple[str, ...], new: Iterable[tuple[Value, ...]]
) -> None:
    if table in SEALED:
        for row in new:
            insert(connection, table, dict(zip(columns, row, strict=True)))
    else:
        marks = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO {table}({', '.join(columns)}) VALUES ({marks})", new)


def salvaged(damaged: Path, *, backup: bool = False) -> list[Salvaged]:
    """Return the operations that can still be read from a damaged outbox, oldest first.

    Of a `backup`, which is older than what was sent since, each is of unknown outcome.
    """
    found: dict[str, Salvaged] = {}
    for row in _readable(damaged, "operations"):
        with suppress(*rows.UNREADABLE, TypeError):
            operation = msgspec.structs.replace(rows.decode(row.cells[5] or b""), seq=int(row.key))
            if backup and operation.state is not OpState.DAMAGED:
                operation = msgspec.structs.replace(operation, state=OpState.UNKNOWN)
            if row.fits is not False and operation.uuid.encode() == row.cells[1]:
                found[operation.uuid] = Salvaged(operation, sealed=bool(row.fits))
    return sorted(found.values(), key=lambda one: one.operation.seq)


def spoilt_in(damaged: Path) -> list[Spoilt]:
    """Return the rows of a damaged outbox that are there and do not fit their seals, but for the history."""
    found: dict[tuple[str, int | bytes], Spoilt] = {}
    for table in AT_ONCE:
        for row in _readable(damaged, table):
            if row.fits is False:
                cells = dict(zip(SEALED[table], row.cells, strict=True))
                found[table, row.key] = Spoilt(table, row.key, cells)
    return list(found.values())


def all_salvaged(damaged: Path, backups: Sequence[Path]) -> Remains:
    """Return what is left in a damaged outbox and in `backups`, newest first, that are damaged as well."""
    own = salvaged(damaged)
    here = {one.operation.uuid for one in own}
    older = [one for backup in reversed(backups) for one in salvaged(backup, backup=True)]
    left = [one for one in older if one.operation.uuid not in here]
    return Remains([*left, *own], [row for source in (damaged, *backups) for row in spoilt_in(source)])


def salvaged_lists(damaged: Path) -> Lists:
    """Return the rows of the lists that can still be read from a damaged outbox."""
    lists: dict[str, list[tuple[Any, ...]]] = {}
    for table, kept in _LISTS.items():
        found = {row.key: row for row in _readable(damaged, table, kept.columns) if row.fits is not False}
        typed = (_typed(table, found[key]) for key in sorted(found, key=int))
        lists[table] = [row for row in typed if row is not None]
    noted = [row.cells for row in _readable(damaged, "meta") if row.fits is not False]
    meta = {cells[0]: cells[1] for cells in noted}
    return Lists(lists, (meta.get(OWNER.encode()) or b"").decode("utf-8", "replace"))


def _readable(damaged: Path, table: str, columns: tuple[str, ...] = ()) -> Iterator[Row]:
    """Read rows from both ends up to what cannot be read."""
    with suppress(SqliteError):
        _end(damaged)
    for last_first in (False, True):
        with suppress(SqliteError, OSError, UnicodeDecodeError), looking(damaged) as source:
            yield from read(source, table, columns, last_first=last_first)


def _end(damaged: Path) -> None:
    """Take back what was cut off in the middle, which who only looks may not."""
    if damaged.with_name(f"{damaged.name}-journal").exists():
        with ending(damaged) as connection:
            one(connection, "PRAGMA user_version")


def _typed(table: str, row: Row) -> tuple[Any, ...] | None:
    """Return a row of a list as it is written; None where it is not of its table's types."""
    kept = _LISTS[table]
    try:
        cells = zip(kept.columns, row.cells, strict=True)
        values: tuple[Any, ...] = tuple(value_of(table, name, cell) for name, cell in cells)
        msgspec.convert(values, kept.types)
        for name in kept.json:
            msgspec.json.decode(values[kept.columns.index(name)])
    except (*rows.UNREADABLE, ValueError):
        return None
    return values
