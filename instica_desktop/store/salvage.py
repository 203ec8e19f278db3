"""What can still be read of a damaged outbox: operations, history, and the lists of what was sent."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind
from instica_desktop.store.database import Connection, SqliteError, ending, looking, one
from instica_desktop.store.outbox import OWNER
from instica_desktop.store.restoring import UNREADABLE

_decode = msgspec.json.Decoder(Operation).decode


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
_BY_SEQ = ("unreadable", "intake")


class Lists(msgspec.Struct, frozen=True):
    """The rows of each list, oldest first, and whose edits they are."""

    rows: dict[str, list[tuple[Any, ...]]]
    owner: str = ""

    def add(self, connection: Connection, *, but: str = "") -> None:
        """Add what a backup does not have, `but` one list's.

        What waits to be sent was not delivered, whatever a list says.
        """
        waiting = {uuid for (uuid,) in connection.execute("SELECT uuid FROM operations")}
        for table, rows in self.rows.items():
            if table == but:
                continue
            kept = _LISTS[table]
            same = [kept.columns.index(name) for name in kept.same]
            known = set(connection.execute(f"SELECT {', '.join(kept.same)} FROM {table}").fetchall())
            new = [row for row in rows if tuple(row[at] for at in same) not in known]
            if table == "deliveries":
                new = [row for row in new if row[1] not in waiting]
            marks = ", ".join("?" * len(kept.columns))
            sql = f"INSERT INTO {table}({', '.join(kept.columns)}) VALUES ({marks})"
            connection.executemany(sql, new)
        if self.owner:
            connection.execute("INSERT OR IGNORE INTO meta VALUES (?,?)", (OWNER, self.owner))


def salvaged(damaged: Path) -> list[Operation]:
    """Return the operations that can still be read from a damaged outbox, oldest first."""
    found: dict[str, Operation] = {}
    for seq, uuid, body in _readable(damaged, "operations", "seq", ("seq", "uuid", "body")):
        with suppress(*UNREADABLE, TypeError):
            operation = msgspec.structs.replace(_decode(body), seq=seq)
            if operation.uuid == uuid:
                found[uuid] = operation
    return sorted(found.values(), key=lambda operation: operation.seq)


def salvaged_lists(damaged: Path) -> Lists:
    """Return the rows of the lists that can still be read from a damaged outbox."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for table, kept in _LISTS.items():
        key = "seq" if table in _BY_SEQ else "id"
        found = {row[0]: row[1:] for row in _readable(damaged, table, key, (key, *kept.columns))}
        rows[table] = [row for _, row in sorted(found.items()) if _is_whole(row, kept)]
    meta = dict(_readable(damaged, "meta", "key", ("key", "value")))
    return Lists(rows, str(meta.get(OWNER, "")))


def _readable(damaged: Path, table: str, key: str, columns: tuple[str, ...]) -> Iterator[Any]:
    """Read rows from both ends up to what cannot be read."""
    with suppress(SqliteError):
        _end(damaged)
    for way in ("ASC", "DESC"):
        with suppress(SqliteError, OSError, UnicodeDecodeError), looking(damaged) as source:
            yield from source.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {key} {way}")


def _end(damaged: Path) -> None:
    """Take back what was cut off in the middle, which who only looks may not."""
    if damaged.with_name(f"{damaged.name}-journal").exists():
        with ending(damaged) as connection:
            one(connection, "PRAGMA user_version")


def _is_whole(row: tuple[Any, ...], kept: _List) -> bool:
    try:
        msgspec.convert(row, kept.types)
        for name in kept.json:
            msgspec.json.decode(row[kept.columns.index(name)])
    except UNREADABLE:
        return False
    return True
