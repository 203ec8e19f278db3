"""The waiting operations in memory, as the sender and the list of changes ask for them."""

from collections import Counter
from collections.abc import Callable, Container, Generator
from contextlib import contextmanager
from datetime import datetime

from instica_desktop.core.errors import Damaged
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import NEEDS_USER, TEMPORARY, Operation, OpKind, OpState
from instica_desktop.store.database import Connection, speaking
from instica_desktop.store.deliveries import Delivery, delivered_since, newest_deliveries
from instica_desktop.store.places import Key, rank
from instica_desktop.store.waiting import Waiting


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
        self._states: Counter[OpState] = Counter()
        self._unmade: Counter[str] = Counter()
        self._timed: dict[str, Operation] = {}
        self._order: dict[Key, None] | None = None
        self._deletes: dict[str, Operation] = {}
        self._creates: dict[str, Operation] = {}
        self.held: set[str] = set()
        """Operations, by uuid, that this run does not send yet; see `sync.holding`."""

    def read_by(self, reader: Connection) -> None:
        """Read by another connection: another file is in the place of this one's."""
        self._reader = reader

    def deleting(self, entity: Entity) -> list[str]:
        """Return the uids of the records that will be deleted: they are on no list any more."""
        deletes = self._deletes.values()
        return [one.uid for one in deletes if one.entity is entity and one.state not in NEEDS_USER]

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
        if self._order is None:
            first = sorted(self._objects.values(), key=lambda own: min(rank(one) for one in own))
            self._order = {(own[0].entity, own[0].uid): None for own in first}
        return [self._objects[key] for key in self._order]

    def timed(self) -> list[Operation]:
        """Return the operations that wait for a time of their own."""
        return list(self._timed.values())

    def in_state(self, *states: OpState) -> list[Operation]:
        """Return the operations in one of these states; quick when there are none."""
        if not any(self._states[state] for state in states):
            return []
        return [one for one in self._all.values() if one.state in states]

    def sent_since(self, moment: datetime) -> int:
        """Return how many operations were delivered since a moment within the last thirty days."""
        with self._reading():
            return delivered_since(self._reader, moment)

    def deliveries(self, limit: int = 100) -> list[Delivery]:
        """Return what was delivered last, newest first."""
        with self._reading():
            return newest_deliveries(self._reader, limit)

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
        if not others or operation.place != others[0].place:
            self._order = None
        self._all[operation.uuid] = operation
        self._objects[key] = tuple(sorted((*others, operation), key=lambda one: one.seq))
        self._states[operation.state] += 1
        self.pending.came(operation)
        if operation.retry_at is not None:
            self._timed[operation.uuid] = operation
        if operation.kind is OpKind.DELETE:
            self._deletes[operation.uuid] = operation
            self._unmade[TEMPORARY + operation.uuid] += 1
        if operation.kind is OpKind.CREATE:
            self._creates[operation.uuid] = operation
            self._unmade[operation.uid] += 1

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
            if self._order is not None:
                self._order.pop(key, None)
        self._states[operation.state] -= 1
        if operation.kind is OpKind.CREATE:
            self._made(operation.uid)
        if operation.kind is OpKind.DELETE:
            self._made(TEMPORARY + operation.uuid)
            self.held.discard(operation.uuid)

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
        self._states[before.state] -= 1
        self._states[operation.state] += 1
        self.pending.went(before)
        self.pending.came(operation)
        if operation.kind is OpKind.DELETE:
            self._deletes[operation.uuid] = operation
        if operation.kind is OpKind.CREATE:
            self._creates[operation.uuid] = operation
        self._timed.pop(operation.uuid, None)
        if operation.retry_at is not None:
            self._timed[operation.uuid] = operation
        return True


def _nobody() -> None:
    """Nobody listens yet; the next start mends it."""
