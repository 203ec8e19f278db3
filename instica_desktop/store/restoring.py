"""A backup's operations in the outbox. A backup is older than what was sent: nothing in it is taken on trust.

Every operation that comes back counts as of unknown outcome: it is read back before it is sent. What is known
to have been made since does not come back.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.core.errors import StoreError
from instica_desktop.core.intake import Taken
from instica_desktop.core.operations import TEMPORARY, Operation, OpState
from instica_desktop.store.coalesce import renamed
from instica_desktop.store.database import Connection, looking, one
from instica_desktop.store.intake import write_intake
from instica_desktop.store.outbox import OWNER, UNCONFIRMED
from instica_desktop.store.values import millis

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Operation).decode
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)
"""What JSON of another version, or spoilt on the disk, raises."""
LOOK_AT_IT = (
    "This edit was read from the damaged file of waiting edits. See that it is right, "
    "then try again or drop it."
)


class Restored(msgspec.Struct, frozen=True):
    """What stands in the outbox until the user has looked at it.

    `at` is when it was restored, `copied` when that copy was made (None: there was none to restore), `edits`
    how many edits came back. `chosen`: the user asked for it; else the file was damaged. `aside` is the name
    of the file that holds what was there before. `salvaged` of the edits are no part of the copy: they were
    read from the damaged file. `running`: it was damaged while the program ran, and all come from its memory.
    """

    at: datetime
    copied: datetime | None = None
    edits: int = 0
    chosen: bool = False
    aside: str = ""
    salvaged: int = 0
    running: bool = False


class Overtaken(StoreError):
    """What is to be replaced changed after it was copied."""


class Held(msgspec.Struct, frozen=True):
    """What the program knows of its outbox without the file."""

    operations: tuple[Operation, ...]
    renamings: dict[str, str]
    owner: str
    taken: tuple[Taken, ...] = ()


def read_note(text: str) -> Restored | None:
    """Return what a restored outbox says of itself; None when it says nothing that can be read."""
    try:
        return msgspec.json.decode(text, type=Restored) if text else None
    except msgspec.DecodeError:
        return None


def admit(connection: Connection, note: Restored, newer: Iterable[Operation] = ()) -> None:
    """Make a backup that was put in the outbox's place safe to go on with, and note where it comes from.

    `newer` are operations of the damaged file; those the backup does not have are added.
    """
    put_unreadable_aside(connection)
    _doubt(connection)
    added = sum(_add_salvaged(connection, operation) for operation in newer)
    edits = one(connection, "SELECT count(*) FROM operations")
    note = msgspec.structs.replace(note, edits=edits, salvaged=added)
    mark_unconfirmed(connection, _encode(note).decode())


def write_down(connection: Connection, held: Held, note: Restored) -> None:
    """Make a fresh file, or a copy in its place, say what the program knows of it; what it was sending may
    have arrived."""
    now = millis(datetime.now(UTC))
    connection.execute("DELETE FROM operations")
    for operation in held.operations:
        if operation.state is OpState.SENDING:
            operation = msgspec.structs.replace(operation, state=OpState.UNKNOWN)
        values = (operation.uuid, operation.entity.value, operation.uid, _encode(operation))
        sql = "INSERT INTO operations(seq, place, uuid, entity, uid, body) VALUES (?,?,?,?,?,?)"
        connection.execute(sql, (operation.seq, operation.place or None, *values))
    names = [(temporary, real, now) for temporary, real in held.renamings.items()]
    connection.executemany("INSERT OR REPLACE INTO renamings VALUES (?,?,?)", names)
    write_intake(connection, held.taken)
    if held.owner:
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (OWNER, held.owner))
    mark_unconfirmed(connection, _encode(note).decode())


def _add_salvaged(connection: Connection, operation: Operation) -> bool:
    """Add an operation of a damaged file, unless the backup has it; tell whether it was added.

    The backup's makes way where it was changed since. As the file was damaged, a letter of the operation may
    be, too: what was never tried waits for the user's own word. What was tried is of unknown outcome, like
    all the others.
    """
    sql = "SELECT seq, body FROM operations WHERE uuid=?"
    there = connection.execute(sql, (operation.uuid,)).fetchone()
    if there and _means(_decode(there[1])) == _means(operation):
        return False
    tried = operation.attempts or operation.state is not OpState.QUEUED
    state = OpState.UNKNOWN if tried else OpState.REFUSED
    operation = msgspec.structs.replace(operation, state=state, message=LOOK_AT_IT, retry_at=None)
    if there:
        _put(connection, there[0], operation)
        return True
    sql = "INSERT INTO operations(uuid, entity, uid, body) VALUES (?,?,?,?)"
    values = (operation.uuid, operation.entity.value, operation.uid, _encode(operation))
    connection.execute(sql, values)
    return True


def _means(operation: Operation) -> tuple[Any, ...]:
    """Return what an operation will do."""
    return (operation.kind, operation.entity, operation.uid, operation.edits, operation.payload)


def take_over(connection: Connection, copy: Path, note: Restored, safe: Path) -> None:
    """Put the operations of a copy in place of those in the open outbox, which `safe` is a copy of.

    History, renamings and the list of what was delivered stay: they know more than the copy does.

    Raises:
        Overtaken: something was saved or sent since `safe` was made.
    """
    with looking(safe) as source:
        if _rows(source) != _rows(connection):
            raise Overtaken("What waits is not what was copied.")
    with looking(copy) as source:
        wanted = _rows(source)
    connection.execute("DELETE FROM operations")
    for row in wanted:
        _insert(connection, row)
    put_unreadable_aside(connection)
    _drop_delivered(connection)
    admit(connection, note)


def _rows(source: Connection) -> list[dict[str, Any]]:
    """Return a copy's operations by column; an older version has fewer of these."""
    columns = [row[1] for row in source.execute("PRAGMA table_info(operations)")]
    rows = source.execute("SELECT * FROM operations ORDER BY seq").fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _insert(connection: Connection, row: dict[str, Any]) -> None:
    marks = ", ".join("?" * len(row))
    sql = f"INSERT INTO operations({', '.join(row)}) VALUES ({marks})"
    connection.execute(sql, tuple(row.values()))


def _doubt(connection: Connection) -> None:
    for seq, body in connection.execute("SELECT seq, body FROM operations").fetchall():
        changes: dict[str, Any] = {"state": OpState.UNKNOWN, "retry_at": None, "message": ""}
        changes |= {"errors": {}, "theirs": {}}
        _put(connection, seq, msgspec.structs.replace(_decode(body), **changes))


def _drop_delivered(connection: Connection) -> None:
    """Leave out what was delivered since the copy, and call by its real name what was made since."""
    real = dict(connection.execute("SELECT temporary, real FROM renamings").fetchall())
    sent = {row[0] for row in connection.execute("SELECT uuid FROM deliveries")}
    for seq, body in connection.execute("SELECT seq, body FROM operations").fetchall():
        operation = _decode(body)
        if operation.uuid in sent or TEMPORARY + operation.uuid in real:
            connection.execute("DELETE FROM operations WHERE seq=?", (seq,))
        elif (after := renamed(operation, real)) != operation:
            _put(connection, seq, after)


def _put(connection: Connection, seq: int, operation: Operation) -> None:
    sql = "UPDATE operations SET uid=?, body=? WHERE seq=?"
    connection.execute(sql, (operation.uid, _encode(operation), seq))


def read_through(connection: Connection) -> None:
    """Read all that an outbox is opened with, as SQLite sees nothing wrong inside a value.

    Raises:
        UnicodeDecodeError: a text is none any more.
    """
    put_unreadable_aside(connection)
    for table in ("operations", "renamings", "meta", "intake"):
        connection.execute(f"SELECT * FROM {table}").fetchall()


def put_unreadable_aside(connection: Connection) -> int:
    """Move operations this version cannot read out of the way; returns how many. Nothing of them is lost."""
    aside = 0
    for seq, uuid, body in connection.execute("SELECT seq, uuid, body FROM operations").fetchall():
        try:
            _decode(body)
        except UNREADABLE:
            now = millis(datetime.now(UTC))
            connection.execute("INSERT OR REPLACE INTO unreadable VALUES (?,?,?,?)", (seq, uuid, body, now))
            connection.execute("DELETE FROM operations WHERE seq=?", (seq,))
            aside += 1
    return aside


def mark_unconfirmed(connection: Connection, note: str = "1") -> None:
    """Note in a restored file that the user has yet to see it."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (UNCONFIRMED, note))
