"""A backup's operations in the outbox. A backup is older than what was sent: nothing in it is taken on trust.

Every operation that comes back counts as of unknown outcome: it is read back before it is sent. What is known
to have been made since does not come back.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from instica_desktop.core.errors import Damaged, StoreError
from instica_desktop.core.intake import Taken
from instica_desktop.core.operations import TEMPORARY, Operation, OpState
from instica_desktop.store import rows
from instica_desktop.store.coalesce import renamed
from instica_desktop.store.database import Connection, looking, one, speaking
from instica_desktop.store.intake import write_intake
from instica_desktop.store.names import write_names
from instica_desktop.store.outbox import OWNER, UNCONFIRMED
from instica_desktop.store.seals import insert, spoilt
from instica_desktop.store.values import millis

_encode = msgspec.json.Encoder().encode
LOOK_AT_IT = (
    "This edit was read from the damaged file of waiting edits, which an earlier version wrote without "
    "checksums. See that it is right, then send it or drop it."
)


class Restored(msgspec.Struct, frozen=True):
    """What stands in the outbox until the user has looked at it.

    `at` is when it was restored, `copied` when that copy was made (None: there was none to restore), `edits`
    how many edits came back. `chosen`: the user asked for it; else the file was damaged. `aside` is the name
    of the file that holds what was there before. `salvaged` of the edits are no part of the copy: they were
    read from the damaged file. `running`: it was damaged while the program ran, and all come from its memory.
    `passed_over` copies are newer and damaged themselves. `notes`: the edits are whole, what is noted about
    them was damaged. `log`: so was the log beside the file, which was put in order.
    """

    at: datetime
    copied: datetime | None = None
    edits: int = 0
    chosen: bool = False
    aside: str = ""
    salvaged: int = 0
    running: bool = False
    passed_over: int = 0
    notes: bool = False
    log: bool = False


class Overtaken(StoreError):
    """What is to be replaced changed after it was copied."""


class Held(msgspec.Struct, frozen=True):
    """What the program knows of its outbox without the file."""

    operations: tuple[Operation, ...]
    renamings: dict[str, str]
    owner: str
    taken: tuple[Taken, ...] = ()


class Salvaged(msgspec.Struct, frozen=True):
    """An operation that was read from a damaged file. `sealed`: its seal says that it is what was written."""

    operation: Operation
    sealed: bool = True


def read_note(text: str) -> Restored | None:
    """Return what a restored outbox says of itself; None when it says nothing that can be read."""
    try:
        return msgspec.json.decode(text, type=Restored) if text else None
    except msgspec.DecodeError:
        return None


def admit(connection: Connection, note: Restored, newer: Iterable[Salvaged] = ()) -> None:
    """Make a backup that was put in the outbox's place safe to go on with, and note where it comes from.

    `newer` are operations of the damaged file, and of damaged backups that are newer; those the backup does
    not have are added.
    """
    put_unreadable_aside(connection)
    _doubt(connection)
    added = sum(_add_salvaged(connection, salvaged) for salvaged in newer)
    edits = one(connection, "SELECT count(*) FROM operations")
    note = msgspec.structs.replace(note, edits=edits, salvaged=added)
    mark_unconfirmed(connection, _encode(note).decode())


def write_down(connection: Connection, held: Held, note: Restored) -> None:
    """Make a fresh file, or a copy in its place, say what the program knows of it; what it was sending may
    have arrived."""
    now = millis(datetime.now(UTC))
    rows.rewrite(
        connection,
        (
            msgspec.structs.replace(operation, state=OpState.UNKNOWN)
            if operation.state is OpState.SENDING
            else operation
            for operation in held.operations
        ),
    )
    write_names(connection, [(temporary, real, now) for temporary, real in held.renamings.items()])
    write_intake(connection, held.taken)
    if held.owner:
        insert(connection, "meta", {"key": OWNER, "value": held.owner}, "INSERT OR REPLACE")
    mark_unconfirmed(connection, _encode(note).decode())


def doubt_log(connection: Connection, now: datetime) -> None:
    """Note that an outbox's log was spoilt and put in order, unless it waits for the user's word anyway."""
    if not one(connection, "SELECT 1 FROM meta WHERE key=?", (UNCONFIRMED,)):
        edits = one(connection, "SELECT count(*) FROM operations")
        mark_unconfirmed(connection, _encode(Restored(now, edits=edits, log=True)).decode())


def _add_salvaged(connection: Connection, salvaged: Salvaged) -> bool:
    """Add an operation of a damaged file, unless the backup has it; tell whether it was added.

    The backup's makes way where it was changed since. What was tried is of unknown outcome, like all the
    others. Without a seal a letter of it may be spoilt: then it waits for the user's own word.
    """
    operation = salvaged.operation
    there = rows.find(connection, operation.uuid)
    if there and _means(there) == _means(operation):
        return False
    tried = bool(operation.attempts) or operation.state is not OpState.QUEUED
    changes: dict[str, Any] = {"state": OpState.UNKNOWN if tried else OpState.QUEUED, "retry_at": None}
    if operation.state is OpState.DAMAGED:
        changes = {}
    elif not salvaged.sealed:
        changes |= {"state": OpState.DAMAGED, "message": LOOK_AT_IT}
    operation = msgspec.structs.replace(operation, **changes)
    if there:
        rows.put(connection, there, operation)
    else:
        rows.add(connection, operation)
    return True


def _means(operation: Operation) -> tuple[Any, ...]:
    """Return what an operation will do."""
    return (operation.kind, operation.entity, operation.uid, operation.edits, operation.payload)


class Copied(NamedTuple):
    """The operations of a copy, and the rows (seq, uuid, body) that this version cannot read."""

    operations: list[Operation]
    unreadable: list[tuple[int, str, bytes]]


def read_copy(copy: Path) -> Copied:
    """Read a copy of the outbox, of this version or an earlier one.

    Raises:
        Damaged: it has been spoilt since it was looked at.
        StoreError: it cannot be read now.
    """
    found = Copied([], [])
    with speaking(), looking(copy) as source:
        if spoilt(source):
            raise Damaged("Some edits of this backup are spoilt.", details=str(copy))
        columns = {row[1] for row in source.execute("PRAGMA table_info(operations)").fetchall()}
        place = "place" if "place" in columns else "NULL"  # the first version had none
        rows_of = f"SELECT seq, uuid, {place}, body FROM operations ORDER BY seq"
        for seq, uuid, at, body in source.execute(rows_of).fetchall():
            try:
                found.operations.append(msgspec.structs.replace(rows.decode(body), seq=seq, place=at or 0))
            except rows.UNREADABLE:
                found.unreadable.append((seq, uuid, body))
    return found


def read_stored(copy: Path) -> list[Operation]:
    """Return the operations of a copy of this version's own, which was checked when it was made."""
    with speaking(), looking(copy) as source:
        return rows.stored(source)


def take_over(connection: Connection, copied: Copied, note: Restored, known: Sequence[Operation]) -> None:
    """Put the operations of a copy in place of those in the open outbox, which are `known` to be kept safe.

    History, renamings and the list of what was delivered stay: they know more than the copy does.

    Raises:
        Overtaken: something was saved or sent since they were kept.
    """
    if rows.stored(connection) != known:
        raise Overtaken("What waits is not what was copied.")
    rows.rewrite(connection, copied.operations)
    for seq, uuid, body in copied.unreadable:
        if not one(connection, "SELECT 1 FROM deliveries WHERE uuid=?", (uuid,)):
            _put_aside(connection, seq, uuid, body)
    _drop_delivered(connection)
    admit(connection, note)


def _doubt(connection: Connection) -> None:
    for operation in rows.stored(connection):
        if operation.state is not OpState.DAMAGED:
            changes: dict[str, Any] = {"state": OpState.UNKNOWN, "retry_at": None, "message": ""}
            changes |= {"errors": {}, "theirs": {}}
            rows.put(connection, operation, msgspec.structs.replace(operation, **changes))


def _drop_delivered(connection: Connection) -> None:
    """Leave out what was delivered since the copy, and call by its real name what was made since."""
    real = dict(connection.execute("SELECT temporary, real FROM renamings").fetchall())
    sent = {row[0] for row in connection.execute("SELECT uuid FROM deliveries")}
    for operation in rows.stored(connection):
        if operation.uuid in sent or TEMPORARY + operation.uuid in real:
            rows.drop(connection, operation.seq)
        elif (after := renamed(operation, real)) != operation:
            rows.put(connection, operation, after)


def put_unreadable_aside(connection: Connection) -> int:
    """Move operations this version cannot read out of the way; returns how many. Nothing of them is lost."""
    aside = 0
    for seq, uuid, body in connection.execute("SELECT seq, uuid, body FROM operations").fetchall():
        try:
            rows.decode(body)
        except rows.UNREADABLE:
            _put_aside(connection, seq, uuid, body)
            rows.drop(connection, seq)
            aside += 1
    return aside


def _put_aside(connection: Connection, seq: int, uuid: str, body: bytes) -> None:
    """Keep an operation for another version. Its number may be that of one that was put aside before."""
    connection.execute("DELETE FROM unreadable WHERE uuid=?", (uuid,))
    taken = one(connection, "SELECT 1 FROM unreadable WHERE seq=?", (seq,))
    row = {"seq": None if taken else seq, "uuid": uuid, "body": body, "at": millis(datetime.now(UTC))}
    insert(connection, "unreadable", row)


def mark_unconfirmed(connection: Connection, note: str = "1") -> None:
    """Note in a restored file that the user has yet to see it."""
    insert(connection, "meta", {"key": UNCONFIRMED, "value": note}, "INSERT OR REPLACE")
