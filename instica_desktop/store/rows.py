"""The rows of the waiting operations: each is written with its seal and read only with one that fits."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation
from instica_desktop.store.database import Connection, one
from instica_desktop.store.places import Key
from instica_desktop.store.seals import demand, insert, seal, whole

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)
"""What JSON of another version, or spoilt on the disk, raises."""
decode = msgspec.json.Decoder(Operation).decode
encode = msgspec.json.Encoder().encode
_TABLE = "operations"
_COLUMNS = "seq, uuid, entity, uid, place, body, seal"
_NEXT = (
    "SELECT max(coalesce((SELECT max(seq) FROM operations), 0), "
    "coalesce((SELECT seq FROM sqlite_sequence WHERE name='operations'), 0)) + 1"
)
"""What AUTOINCREMENT would choose; the seal has to know it before the row is there."""


def find(connection: Connection, uuid: str) -> Operation | None:
    """Return one operation, or None. Like all that reads here, it raises Damaged for a row that is spoilt."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM operations WHERE uuid=?", (uuid,)).fetchone()
    return None if row is None else _operation(row)


def of(connection: Connection, entity: Entity, uid: str) -> list[Operation]:
    """Return an object's operations, oldest first."""
    sql = f"SELECT {_COLUMNS} FROM operations WHERE entity=? AND uid=? ORDER BY seq"
    return [_operation(row) for row in connection.execute(sql, (entity.value, uid))]


def stored(connection: Connection) -> list[Operation]:
    """Return all operations, oldest first."""
    return [_operation(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM operations ORDER BY seq")]


def are_readable(connection: Connection) -> bool:
    """Tell whether this version can read every operation that fits its seal."""
    for cells in whole(connection, _TABLE):
        try:
            decode(cells[5] or b"")
        except UNREADABLE:
            return False
    return True


def add(connection: Connection, operation: Operation, seq: int = 0, place: int = 0) -> Operation:
    """Insert an operation at the end, or at a `seq` that is free; return it as it stands there."""
    taken = not seq or one(connection, "SELECT 1 FROM operations WHERE seq=?", (seq,))
    at = int(one(connection, _NEXT)) if taken else seq
    insert(connection, _TABLE, _row(operation, at, place))
    return msgspec.structs.replace(operation, seq=at, place=place)


def put(connection: Connection, before: Operation, after: Operation) -> Operation:
    """Write an operation in the place of another, whose turn it takes over; return it as it stands there."""
    row = _row(after, before.seq, before.place)
    sql = "UPDATE operations SET uuid=?, entity=?, uid=?, place=?, body=?, seal=? WHERE seq=?"
    seq, *values = row.values()
    connection.execute(sql, (*values, seal(_TABLE, row.values()), seq))
    return msgspec.structs.replace(after, seq=before.seq, place=before.place)


def drop(connection: Connection, seq: int) -> None:
    """Delete an operation."""
    connection.execute("DELETE FROM operations WHERE seq=?", (seq,))


def number(connection: Connection, order: Sequence[Key]) -> None:
    """Write places that give the objects this order. What is made later comes behind all of them."""
    for at, (entity, uid) in enumerate(order, 1):
        for operation in of(connection, entity, uid):
            put(connection, msgspec.structs.replace(operation, place=at), operation)


def rewrite(connection: Connection, operations: Iterable[Operation]) -> None:
    """Make a file hold these, where they stand, and nothing else."""
    connection.execute("DELETE FROM operations")
    for operation in operations:
        add(connection, operation, operation.seq, operation.place)


def _row(operation: Operation, seq: int, place: int) -> dict[str, Any]:
    """Return the columns of an operation, in the order in which they are sealed."""
    return {
        "seq": seq,
        "uuid": operation.uuid,
        "entity": operation.entity.value,
        "uid": operation.uid,
        "place": place or None,
        "body": encode(operation),
    }


def _operation(row: Sequence[Any]) -> Operation:
    *values, sealed = row
    demand(_TABLE, values, sealed)
    seq, place, body = values[0], values[4], values[5]
    return msgspec.structs.replace(decode(body), seq=seq, place=place or 0)
