"""What waits for a record, as the threads that lay it over the copy see it."""

from collections.abc import Iterable, Mapping, Sequence

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import GONE, NEEDS_USER, Operation, OpKind
from instica_desktop.store.places import Key

PRODUCT = "product"
"""Where the delete of an item names its product."""


class Waiting:
    """Answers from memory, in any thread. A delete that needs the user lets its item stay."""

    def __init__(self, objects: Mapping[Key, tuple[Operation, ...]]) -> None:
        """`objects` are the operations by record; whoever changes them tells of each delete."""
        self._objects = objects
        self._leaving: dict[str, frozenset[str]] = {}
        self._unnamed: frozenset[str] = frozenset()
        self._gone: frozenset[Key] = frozenset()

    def __call__(self, entity: Entity, uid: str) -> Sequence[Operation]:
        """Return a record's operations, oldest first."""
        return self._objects.get((entity, uid), ())

    def is_gone(self, entity: Entity, uid: str) -> bool:
        """Tell whether the server did not have a record when it, or an edit of it, was last asked about."""
        return (entity, uid) in self._gone

    def gone(self, entity: Entity) -> list[str]:
        """Return the records of a kind that the server did not have."""
        return sorted(uid for of, uid in self._gone if of is entity)

    def lost(self, entity: Entity, uids: Iterable[str]) -> None:
        """Take note that the server has these records no more."""
        self._gone |= {(entity, uid) for uid in uids}

    def there(self, entity: Entity, uids: Iterable[str]) -> None:
        """Take note that the server has sent these records."""
        if self._gone:
            self._gone -= {(entity, uid) for uid in uids}

    def leaving(self, product: str) -> frozenset[str] | None:
        """Return the items of a product that are to be deleted; None when some do not name their product."""
        return None if self._unnamed else self._leaving.get(product, frozenset())

    def came(self, operation: Operation) -> None:
        """Take note of an operation, or of what it has become."""
        if operation.theirs == GONE:
            self._gone |= {(operation.entity, operation.uid)}
        if operation.kind is not OpKind.DELETE or operation.entity is not Entity.ITEM:
            return
        if operation.state in NEEDS_USER:
            self.went(operation)
        elif product := operation.payload.get(PRODUCT):
            self._leaving[product] = self._leaving.get(product, frozenset()) | {operation.uid}
        else:
            self._unnamed |= {operation.uuid}

    def went(self, operation: Operation) -> None:
        """Take note that an operation is no more."""
        if operation.kind is not OpKind.DELETE or operation.entity is not Entity.ITEM:
            return
        self._unnamed -= {operation.uuid}
        product = str(operation.payload.get(PRODUCT) or "")
        if left := self._leaving.get(product, frozenset()) - {operation.uid}:
            self._leaving[product] = left
        else:
            self._leaving.pop(product, None)
