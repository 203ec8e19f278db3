"""Edits on their way to the server, kept so that no crash, kill or power cut loses one.

Every change is one transaction with `synchronous=FULL`; when a call returns, it is on the disk. A mirror in
memory answers the screen; it changes only after a commit, in the event loop's thread.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from instica_desktop.core.errors import StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import (
    NEEDS_USER,
    SENDABLE,
    Edit,
    Operation,
    OpKind,
    OpState,
)
from instica_desktop.store import rows
from instica_desktop.store.coalesce import absorb, gathered, orphaned, renamed, superseded, without
from instica_desktop.store.database import Connection, Writer, one
from instica_desktop.store.deliveries import note_delivery
from instica_desktop.store.names import Names
from instica_desktop.store.places import Key, moved, objects_in_order, rank
from instica_desktop.store.queues import Queues
from instica_desktop.store.saved_texts import along_with
from instica_desktop.store.seals import SEALED, demand, insert
from instica_desktop.store.settlement import Settlement
from instica_desktop.store.values import from_millis, millis

_encode = msgspec.json.Encoder().encode
_PAST = SEALED["history"]
_HISTORY = ", ".join(_PAST)
UNCONFIRMED = "needs_confirmation"
OWNER = "owner"
Job = Callable[[Connection], None]


class OutboxCounts(msgspec.Struct, frozen=True):
    """How many operations wait to be sent, are being sent, and need the user.

    `damaged` of the last were spoilt on the disk.
    """

    waiting: int = 0
    sending: int = 0
    needs_user: int = 0
    damaged: int = 0


class HistoryEntry(msgspec.Struct, frozen=True):
    """One thing that happened to a field: `reason` tells what (`delivered`, or why a value lost). UTC."""

    at: datetime
    field: str
    before: Any
    value: Any
    reason: str


class Outbox(Queues):
    """The operations of one account, in the order they were made."""

    def __init__(self, writer: Writer, reader: Connection) -> None:
        self._writer = writer
        super().__init__(reader)
        self._real: dict[str, str] = dict(reader.execute("SELECT temporary, real FROM renamings").fetchall())
        for operation in rows.stored(reader):
            self._enter(operation)
        self.needs_confirmation = bool(one(reader, "SELECT 1 FROM meta WHERE key=?", (UNCONFIRMED,)))
        """The file was damaged and a backup stands in its place: nothing is sent until `confirm`."""
        self.aside = int(one(reader, "SELECT count(*) FROM unreadable"))
        """How many operations are kept for another version, which can read them."""
        self.owner: str = one(reader, "SELECT value FROM meta WHERE key=?", (OWNER,)) or ""
        """Whose edits these are, in the words `own` was given; empty until the first connection."""

    # ------------------------------------------------------------ reading, from memory

    def all(self) -> list[Operation]:
        """Return all operations, oldest first, objects that were given a place at that."""
        return sorted(self._all.values(), key=rank)

    def for_object(self, entity: Entity, uid: str) -> list[Operation]:
        """Return an object's operations, oldest first."""
        return list(self._objects.get((entity, uid), ()))

    def objects(self) -> list[tuple[Entity, str]]:
        """Return the objects that have operations."""
        return list(self._objects)

    def real(self, uid: str) -> str:
        """Return the server's uid of what had a temporary one here; any other uid as it is."""
        while uid in self._real:  # what was made anew went by a temporary uid in between
            uid = self._real[uid]
        return uid

    def counts(self) -> OutboxCounts:
        """Return how many operations stand where."""
        sending = len(self._states[OpState.SENDING])
        needs_user = sum(len(self._states[state]) for state in NEEDS_USER)
        damaged = len(self._states[OpState.DAMAGED])
        return OutboxCounts(len(self._all) - sending - needs_user, sending, needs_user, damaged)

    def history(self, entity: Entity, uid: str) -> list[HistoryEntry]:
        """Return what happened to an object's fields, newest first: edits delivered and values that lost."""
        sql = f"SELECT {_HISTORY}, seal FROM history WHERE entity=? AND uid=? ORDER BY id DESC"
        with self._reading():
            return [_entry(row) for row in self._reader.execute(sql, (entity.value, uid)).fetchall()]

    # ------------------------------------------------------------ writing

    async def add(self, operation: Operation) -> Operation:
        """Keep an operation; durable when it returns.

        An update is merged into the object's last one while that cannot have reached the server; the result
        is the merged operation. It has no edits when the user went back to the value there was: nothing is
        left to send. Adding the same uuid twice keeps it once.

        Raises:
            DiskFull: nothing was saved; everything saved before is intact.
        """
        return (await self.add_many([operation]))[0]

    async def add_many(self, operations: Iterable[Operation]) -> list[Operation]:
        """Keep several operations, all or none."""
        wanted = list(operations)
        return await self._change(
            lambda change: [change.add(operation) for operation in wanted], along_with()
        )

    async def set_state(
        self,
        uuid: str,
        state: OpState,
        *,
        attempts: int | None = None,
        retry_at: datetime | None = None,
        message: str | None = None,
        errors: Mapping[str, Sequence[str]] | None = None,
        theirs: Mapping[str, Any] | None = None,
        idle: bool = False,
    ) -> Operation | None:
        """Move an operation to a state; returns it, or None when it is gone.

        `attempts` None keeps the number. What failed before (`message`, `errors`, `theirs`), unless given,
        is kept, and cleared with a fresh start (queued or sending). `retry_at` holds for this state only.
        `idle`: whoever but the sender moves it raises KeyError when it is gone or being sent.
        """
        fresh = state in (OpState.QUEUED, OpState.SENDING)
        changes: dict[str, Any] = {"state": state, "retry_at": retry_at}
        changes |= {"message": "", "errors": {}, "theirs": {}} if fresh else {}
        said = None if errors is None else {name: tuple(texts) for name, texts in errors.items()}
        given = {"attempts": attempts, "message": message, "errors": said, "theirs": theirs}
        changes |= {name: value for name, value in given.items() if value is not None}
        return await self._change(lambda change: change.replace(uuid, idle=idle, **changes))

    async def due_now(self) -> None:
        """Let nothing wait for a time of its own any more."""
        uuids = [operation.uuid for operation in self.timed()]
        await self._change(lambda change: [change.hurry(uuid) for uuid in uuids])

    async def queue_again(self, *states: OpState) -> None:
        """Put everything that is in one of these states back into the queue, at once."""
        uuids = [operation.uuid for operation in self.in_state(*states)]
        fresh: dict[str, Any] = {"retry_at": None, "message": "", "errors": {}, "theirs": {}}
        await self._change(
            lambda change: [change.replace(uuid, state=OpState.QUEUED, **fresh) for uuid in uuids]
        )

    async def move(self, key: Key, past: Key) -> None:
        """Send one object's operations before or after another's, past which they are moved."""
        await self._change(lambda change: change.move(key, past))

    async def done(self, uuid: str, *, replaced: Mapping[str, str] | None = None) -> None:
        """Forget a delivered operation; its edits go into the history.

        `replaced` maps temporary uids to the server's: they change in all other operations and the history.
        """
        sent = self.get(uuid)
        await self._change(lambda change: change.done(uuid, replaced or {}))
        if sent is not None and sent.kind is OpKind.DELETE:
            self._delivered[sent.entity] += 1

    async def discard(self, uuid: str) -> Operation:
        """Drop an operation the user no longer wants; with a create goes all on the thing it would make.

        Raises:
            KeyError: there is no such operation, or it is being sent.
        """
        return await self._change(lambda change: change.discard(uuid))

    async def settle(self, settlement: Settlement, beside: Job | None = None) -> None:
        """Carry out a decision of the user in one transaction, in which `beside` writes first.

        Raises:
            KeyError: an operation it is about has gone or is being sent; nothing was changed.
        """
        await self._change(settlement.carry_out, along_with(beside))

    async def recover(self) -> list[Operation]:
        """At start: what was being sent has an unknown outcome. Returns those operations."""
        return await self._change(lambda change: change.recover())

    async def own(self, owner: str, *, instead: bool = False) -> None:
        """Write down whose edits these are. Once written it stays, unless given `instead`."""
        how = "REPLACE" if instead else "IGNORE"

        def write(connection: Connection) -> None:
            insert(connection, "meta", {"key": OWNER, "value": owner}, f"INSERT OR {how}")

        def know(_: None) -> None:
            self.owner = owner if instead else self.owner or owner

        await self._writer.run(write, know)

    async def confirm(self) -> None:
        """The user has seen that a backup was restored: sending may go on."""

        def forget(connection: Connection) -> None:
            connection.execute("DELETE FROM meta WHERE key=?", (UNCONFIRMED,))

        def allow(_: None) -> None:
            self.needs_confirmation = False

        await self._writer.run(forget, allow)

    @property
    def renamings(self) -> dict[str, str]:
        """What became of temporary uids."""
        return dict(self._real)

    def hold_back(self) -> None:
        """Send nothing until `confirm`: the file is damaged, and another takes its place."""
        self.needs_confirmation = True

    async def restore(self, job: Callable[[Connection], None]) -> None:
        """Let a job put a backup's operations in place of these. Nothing is sent until `confirm`."""
        held, self.needs_confirmation = self.needs_confirmation, True
        try:
            await self._change(lambda change: change.restore(job))
        except StoreError:
            self.needs_confirmation = held
            raise

    def confirmation(self) -> str:
        """Return what `mark_unconfirmed` noted about the backup that stands here; empty for none."""
        with self._reading():
            return one(self._reader, "SELECT value FROM meta WHERE key=?", (UNCONFIRMED,)) or ""

    # ------------------------------------------------------------ the mirror

    async def _change(self, act: Callable[["_Change"], Any], beside: Job | None = None) -> Any:
        def job(connection: Connection) -> tuple[Any, "_Change"]:
            change = _Change(connection)
            if beside is not None:
                beside(connection)
            return act(change), change

        result, _ = await self._writer.run(job, lambda outcome: self._apply(outcome[1]))
        return result

    def _apply(self, change: "_Change") -> None:
        change.names.apply(self._real)
        new = [operation for operation in change.kept.values() if not self._renew(operation)]
        for uuid in (change.gone - change.kept.keys()) | {operation.uuid for operation in new}:
            self._leave(uuid)
        for operation in new:
            self._enter(operation)


class _Change:
    """One transaction's acts on the operations. Reads the file, not the mirror, which may lag behind."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self.kept: dict[str, Operation] = {}
        self.gone: set[str] = set()
        self.names = Names(connection)

    def add(self, operation: Operation) -> Operation:
        operation = self.names.now(operation)
        if (same := self._find(operation.uuid)) is not None:
            return same
        absorbed = absorb(self._of(operation.entity, operation.uid), operation)
        if absorbed is None:
            for other in superseded(self._of(operation.entity, operation.uid), operation):
                self._drop(other)
            return self._gather(self._insert(operation))
        target, result = absorbed
        if result is None:
            self._drop(target)
            return msgspec.structs.replace(target, edits=())
        return self._gather(self._put(target, result))

    def replace(self, uuid: str, *, idle: bool = False, **changes: Any) -> Operation | None:
        operation = self._idle(uuid) if idle else self._find(uuid)
        return operation and self._gather(self._put(operation, msgspec.structs.replace(operation, **changes)))

    def _gather(self, operation: Operation) -> Operation:
        """Let edits in conflict take in what stands on them, then return what an operation is by now."""
        for before, after in gathered(self._of(operation.entity, operation.uid)):
            self._drop(before) if after is None else self._put(before, after)
        return self._find(operation.uuid) or msgspec.structs.replace(operation, edits=())

    def hurry(self, uuid: str) -> None:
        operation = self._find(uuid)
        if operation is not None and operation.state in SENDABLE:
            self._put(operation, msgspec.structs.replace(operation, retry_at=None))

    def _idle(self, uuid: str) -> Operation:
        """Return an operation unless it is gone or being sent, of which the user may not have heard yet."""
        operation = self._find(uuid)
        if operation is None or operation.state is OpState.SENDING:
            raise KeyError(uuid)
        return operation

    def done(self, uuid: str, replaced: Mapping[str, str]) -> None:
        operation = self._find(uuid)
        if operation is not None:
            self._drop(operation)
            uid = replaced.get(operation.uid, operation.uid)
            note_delivery(self._db, operation, uid)
            for edit in operation.edits:
                self.note(operation.entity, uid, edit, "delivered")
            if operation.kind is OpKind.DELETE:
                self._bury(operation)
        if replaced:
            self.rename(replaced)

    def rename(self, replaced: Mapping[str, str]) -> None:
        for other in rows.stored(self._db):
            if (after := renamed(other, replaced)) != other:
                self._put(other, after)
        rename_history(self._db, replaced)
        self.names.give(replaced)

    def made_again(self, uids: Mapping[str, str]) -> None:
        self.names.give(uids)

    def swap(self, uuid: str, after: Operation) -> None:
        before = self._find(uuid) if after.state is OpState.SENDING else self._idle(uuid)
        if before is None:
            raise KeyError(uuid)
        self._put(before, msgspec.structs.replace(after, seq=before.seq))

    def _bury(self, deleted: Operation) -> None:
        """Drop what was still to be done to a record that is gone; its values stay in the history."""
        for other in self._of(deleted.entity, deleted.uid):
            self._drop(other)
            for edit in other.edits:
                self.note(other.entity, other.uid, edit, "deleted with the record")

    def move(self, key: Key, past: Key) -> None:
        operations = rows.stored(self._db)
        rows.number(self._db, moved(list(objects_in_order(operations)), key, past))
        for operation in rows.stored(self._db):
            self._keep(operation)

    def put_back(self, operation: Operation) -> None:
        """Put an operation back where it stood when it was dropped; one that is there becomes as it was."""
        operation = self.names.now(operation)
        there = self._find(operation.uuid)
        self._put(there, operation) if there else self._insert(operation, operation.seq, operation.place)

    def behind(self, operation: Operation) -> None:
        """Let an operation that gives up its place, or just gave it to another, stand behind all others."""
        if operation.uuid not in self.gone:
            self._drop(self._idle(operation.uuid))
        self._insert(operation)

    def discard(self, uuid: str) -> Operation:
        operation = self._idle(uuid)
        later = [one for one in self._of(operation.entity, operation.uid) if one.seq > operation.seq]
        self._drop(operation)
        self.names.dropped(operation)
        if operation.kind is OpKind.CREATE:
            for other in later:
                self._drop(other)
        else:
            for other, after in orphaned(operation, later):
                self._drop(other) if after is None else self._put(other, after)
            before = {one.uuid: one for one in later}
            for after in without(operation, later):
                self._put(before[after.uuid], after)
        return operation

    def recover(self) -> list[Operation]:
        sending = [one for one in rows.stored(self._db) if one.state is OpState.SENDING]
        return [self._put(one, msgspec.structs.replace(one, state=OpState.UNKNOWN)) for one in sending]

    def restore(self, job: Callable[[Connection], None]) -> None:
        self.gone = {one.uuid for one in rows.stored(self._db)}
        job(self._db)
        self.kept = {one.uuid: one for one in rows.stored(self._db)}

    def note(self, entity: Entity, uid: str, edit: Edit, reason: str) -> None:
        values = (_encode(edit.base), _encode(edit.new), reason, millis(datetime.now(UTC)))
        row = dict(zip(_PAST, (entity.value, uid, edit.field, *values), strict=True))
        insert(self._db, "history", row)

    def _find(self, uuid: str) -> Operation | None:
        return rows.find(self._db, uuid)

    def _of(self, entity: Entity, uid: str) -> list[Operation]:
        return rows.of(self._db, entity, uid)

    def _insert(self, operation: Operation, seq: int = 0, place: int = 0) -> Operation:
        """Insert an operation at the end, or at a place among the others that is free."""
        return self._keep(rows.add(self._db, operation, seq, place))

    def _put(self, before: Operation, after: Operation) -> Operation:
        if after.uuid != before.uuid:
            self._forget(before)
        return self._keep(rows.put(self._db, before, after))

    def _drop(self, operation: Operation) -> None:
        rows.drop(self._db, operation.seq)
        self._forget(operation)

    def _keep(self, operation: Operation) -> Operation:
        self.gone.discard(operation.uuid)
        self.kept[operation.uuid] = operation
        return operation

    def _forget(self, operation: Operation) -> None:
        self.kept.pop(operation.uuid, None)
        self.gone.add(operation.uuid)


def rename_history(connection: Connection, replaced: Mapping[str, str]) -> None:
    """Let the past of objects be found under the uids they go by now."""
    for old, new in replaced.items():
        found = connection.execute(f"SELECT id, {_HISTORY}, seal FROM history WHERE uid=?", (old,)).fetchall()
        for id_, *row, sealed in found:
            demand("history", row, sealed)
            after = {"id": id_, **dict(zip(_PAST, row, strict=True)), "uid": new}
            insert(connection, "history", after, "INSERT OR REPLACE")


def _entry(row: Sequence[Any]) -> HistoryEntry:
    *values, sealed = row
    demand("history", values, sealed)
    _, _, field, was, is_, why, at = values
    load = msgspec.json.decode
    return HistoryEntry(from_millis(at), field, load(was), load(is_), why)
