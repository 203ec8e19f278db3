"""The waiting operations in memory, as the sender and the list of changes ask for them."""

from collections import Counter
from collections.abc import Callable, Container, Generator, Iterable
from contextlib import contextmanager
from datetime import datetime

import msgspec

from instica_desktop.core.errors import Damaged
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import NEEDS_USER, TEMPORARY, Operation, OpKind, OpState
from instica_desktop.store.database import Connection, speaking
from instica_desktop.store.deliveries import Delivery, delivered_since, newest_deliveries
from instica_desktop.store.line import Line
from instica_desktop.store.places import Key
from instica_desktop.store.saved_texts import SavedText, saved_texts
from instica_desktop.store.waiting import Waiting


class UnderWay(msgspec.Struct, frozen=True):
    """How far sending is: what is being sent, how many that need no user are left, and how many `passed`.

    Passed has what waits no longer since the file was opened: delivered, dropped, or in need of the user.
    """

    sending: tuple[str, ...] = ()
    left: int = 0
    passed: int = 0


class Leaving(msgspec.Struct, frozen=True):
    """Deletes of records of one kind: `left` are on their way, `stuck` need the user.

    `held` are those of `left` that are not sent yet, `deleted` those delivered since the file was opened.
    """

    left: int = 0
    held: int = 0
    stuck: int = 0
    deleted: int = 0


class Queues:
    """What an outbox holds, by uuid, by object, by state. Changed by `_enter` and `_leave` alone."""

    needs_confirmation = False

    def __init__(self, reader: Connection) -> None:
        self.on_damage: Callable[[], None] = _nobody
        """Called when the file turns out to be damaged while it is read."""
        self._reader = reader
        self._all: dict[str, Operation] = {}
        self._objects: dict[Key, tuple[Operation, ...]] = {}
        self.pending = Waiting(self._objects)
        """A record's operations without a copy; safe to call from any thread."""
        self._passed = 0
        self._delivered: Counter[Entity] = Counter()
        self._states: dict[OpState, dict[str, Operation]] = {state: {} for state in OpState}
        self._unmade: Counter[str] = Counter()
        self._timed: dict[str, Operation] = {}
        self._order = Line(self._objects, bool)
        self._going = Line(self._objects, self._may_go)
        self._deletes: dict[str, Operation] = {}
        self._leaving: Counter[tuple[Entity, bool]] = Counter()
        self._creates: dict[str, Operation] = {}
        self.held: set[str] = set()
        """Operations, by uuid, that this run does not send yet; changed by `hold` and `let_go` alone."""

    def read_by(self, reader: Connection) -> None:
        """Read by another connection: another file is in the place of this one's."""
        self._reader = reader

    def get(self, uuid: str) -> Operation | None:
        """Return one operation, or None."""
        return self._all.get(uuid)

    def deleting(self, entity: Entity) -> list[str]:
        """Return the uids of the records that will be deleted: they are on no list any more."""
        deletes = self._deletes.values()
        return [one.uid for one in deletes if one.entity is entity and one.state not in NEEDS_USER]

    def leaving(self, entity: Entity) -> Leaving:
        """Return how the deletes of records of a kind stand. Held are only deletes, mostly of one kind."""
        left, stuck = (self._leaving[entity, needs_user] for needs_user in (False, True))
        return Leaving(left, min(left, len(self.held)), stuck, self._delivered[entity])

    def deletes(self, entity: Entity) -> list[str]:
        """Return the uuids of the operations that delete records of a kind."""
        return [one.uuid for one in self._deletes.values() if one.entity is entity]

    def creates(self, entity: Entity) -> list[Operation]:
        """Return the operations that make records of a kind and are not known to have done so."""
        return [one for one in self._creates.values() if one.entity is entity]

    @property
    def unmade(self) -> Container[str]:
        """The temporary uids whose creates are unsent, and the names (`tmp-` and uuid) of unsent deletes."""
        return self._unmade

    def queues(self) -> list[tuple[Operation, ...]]:
        """Return each object's operations, the objects in the order they are sent in."""
        return list(self._order)

    def going(self) -> Iterable[tuple[Operation, ...]]:
        """Return the objects of which something need neither be decided nor is held, without a copy."""
        return self._going

    def hold(self, uuids: Iterable[str]) -> None:
        """Let operations wait, those that are not kept yet included."""
        some = frozenset(uuids)
        self.held |= some
        self._look_at(some)

    def let_go(self, uuids: Iterable[str]) -> None:
        """Let operations wait no longer."""
        some = frozenset(uuids)
        self.held -= some
        self._look_at(some)

    def timed(self) -> list[Operation]:
        """Return the operations that wait for a time of their own."""
        return list(self._timed.values())

    def in_state(self, *states: OpState) -> list[Operation]:
        """Return the operations in one of these states; quick when there are none."""
        found = (one for state in states for one in self._states[state].values())
        return sorted(found, key=lambda one: one.seq)

    def under_way(self) -> UnderWay:
        """Return how far the sending is."""
        left = len(self._all) - sum(len(self._states[state]) for state in NEEDS_USER)
        return UnderWay(tuple(self._states[OpState.SENDING]), left, self._passed)

    def sent_since(self, moment: datetime) -> int:
        """Return how many operations were delivered since a moment within the last thirty days."""
        with self._reading():
            return delivered_since(self._reader, moment)

    def deliveries(self, limit: int = 100) -> list[Delivery]:
        """Return what was delivered last, newest first."""
        with self._reading():
            return newest_deliveries(self._reader, limit)

    def saved_texts(self) -> tuple[SavedText, ...]:
        """Return the typed texts that were saved last, by the acts that were kept."""
        with self._reading():
            return saved_texts(self._reader)

    @contextmanager
    def _reading(self) -> Generator[None]:
        try:
            with speaking():
                yield
        except Damaged:
            self.on_damage()
            raise

    # ------------------------------------------------------------ changing

    def _enter(self, operation: Operation) -> None:
        key = (operation.entity, operation.uid)
        others = self._objects.get(key, ())
        self._all[operation.uuid] = operation
        self._objects[key] = tuple(sorted((*others, operation), key=lambda one: one.seq))
        self._states[operation.state][operation.uuid] = operation
        self.pending.came(operation)
        if operation.retry_at is not None:
            self._timed[operation.uuid] = operation
        if operation.kind is OpKind.DELETE:
            self._deletes[operation.uuid] = operation
            self._leaving[_stand(operation)] += 1
            self._unmade[TEMPORARY + operation.uuid] += 1
        if operation.kind is OpKind.CREATE:
            self._creates[operation.uuid] = operation
            self._unmade[operation.uid] += 1
        self._look(key)

    def _leave(self, uuid: str) -> None:
        operation = self._all.pop(uuid, None)
        if operation is None:
            return
        self.pending.went(operation)
        self._timed.pop(uuid, None)
        self._deletes.pop(uuid, None)
        self._creates.pop(uuid, None)
        key = (operation.entity, operation.uid)
        others = tuple(one for one in self._objects[key] if one.uuid != uuid)
        if others:
            self._objects[key] = others
        else:
            del self._objects[key]
        del self._states[operation.state][uuid]
        self._passed += operation.state not in NEEDS_USER
        if operation.kind is OpKind.CREATE:
            self._made(operation.uid)
        if operation.kind is OpKind.DELETE:
            self._leaving[_stand(operation)] -= 1
            self._made(TEMPORARY + operation.uuid)
            self.held.discard(operation.uuid)
        self._look(key)

    def _made(self, name: str) -> None:
        self._unmade[name] -= 1
        if self._unmade[name] <= 0:
            del self._unmade[name]

    def _renew(self, operation: Operation) -> bool:
        """Take in an operation of which only the state has changed, without touching any order."""
        before = self._all.get(operation.uuid)
        if before is None or (before.uid, before.seq, before.place, before.kind) != (
            operation.uid,
            operation.seq,
            operation.place,
            operation.kind,
        ):
            return False
        key = (operation.entity, operation.uid)
        self._all[operation.uuid] = operation
        self._objects[key] = tuple(
            operation if one.uuid == operation.uuid else one for one in self._objects[key]
        )
        del self._states[before.state][before.uuid]
        self._states[operation.state][operation.uuid] = operation
        self._passed += operation.state in NEEDS_USER and before.state not in NEEDS_USER
        self.pending.went(before)
        self.pending.came(operation)
        if operation.kind is OpKind.DELETE:
            self._deletes[operation.uuid] = operation
            self._leaving[_stand(before)] -= 1
            self._leaving[_stand(operation)] += 1
        if operation.kind is OpKind.CREATE:
            self._creates[operation.uuid] = operation
        self._timed.pop(operation.uuid, None)
        if operation.retry_at is not None:
            self._timed[operation.uuid] = operation
        self._look(key)
        return True

    def _look(self, key: Key) -> None:
        self._order.look(key)
        self._going.look(key)

    def _look_at(self, uuids: Iterable[str]) -> None:
        here = (one for uuid in uuids if (one := self._all.get(uuid)) is not None)
        for operation in sorted(here, key=lambda one: one.seq):
            self._look((operation.entity, operation.uid))

    def _may_go(self, own: tuple[Operation, ...]) -> bool:
        return any(one.state not in NEEDS_USER and one.uuid not in self.held for one in own)


def _stand(delete: Operation) -> tuple[Entity, bool]:
    return delete.entity, delete.state in NEEDS_USER


def _nobody() -> None:
    """Nobody listens yet; the next start mends it."""
