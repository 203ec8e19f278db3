"""The order in which objects are sent. Operations of one object always keep theirs."""

from collections.abc import Iterable, Sequence

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation

Key = tuple[Entity, str]


def rank(operation: Operation) -> tuple[int, int]:
    """Return what orders operations: the place the user gave their object, else the time they were made."""
    return (operation.place or operation.seq, operation.seq)


def objects_in_order(operations: Iterable[Operation]) -> dict[Key, list[Operation]]:
    """Return the operations by object, the objects in the order they are sent in."""
    found: dict[Key, list[Operation]] = {}
    for operation in sorted(operations, key=rank):
        found.setdefault((operation.entity, operation.uid), []).append(operation)
    return found


def moved(keys: Sequence[Key], key: Key, past: Key) -> list[Key]:
    """Return the keys with one taken past another: behind it when it stood before, else before it."""
    if key == past or key not in keys or past not in keys:
        return list(keys)
    others = [other for other in keys if other != key]
    behind = keys.index(key) < keys.index(past)
    others.insert(others.index(past) + behind, key)
    return others
