"""The objects that have operations, in the order they are sent in; kept in order without sorting again."""

from collections.abc import Callable, Iterator, Mapping

from instica_desktop.core.operations import Operation
from instica_desktop.store.places import Key, rank

Own = tuple[Operation, ...]


class Line:
    """Those objects, among all, whose operations belong into it. `look` at each that changes.

    Whoever comes goes to the end, which is where new operations belong. Only where somebody belongs before
    others is it sorted, and not before it is asked for: thousands that come or go together cost no more.
    """

    def __init__(self, objects: Mapping[Key, Own], belongs: Callable[[Own], bool]) -> None:
        self._objects = objects
        self._belongs = belongs
        self._keys: dict[Key, None] | None = {}
        self._last = (0, 0)

    def __iter__(self) -> Iterator[Own]:
        """Yield the operations of each object; nothing may change meanwhile."""
        if self._keys is None:
            self._keys = self._sorted()
        return (self._objects[key] for key in self._keys)

    def look(self, key: Key) -> None:
        """An object's operations have changed."""
        if self._keys is None:
            return
        own = self._objects.get(key, ())
        if not own or not self._belongs(own):
            self._keys.pop(key, None)
        elif key not in self._keys:
            place = _place(own)
            if place < self._last:
                self._keys = None
            else:
                self._keys[key], self._last = None, place

    def _sorted(self) -> dict[Key, None]:
        here = sorted((own for own in self._objects.values() if self._belongs(own)), key=_place)
        self._last = _place(here[-1]) if here else (0, 0)
        return {(own[0].entity, own[0].uid): None for own in here}


def _place(own: Own) -> tuple[int, int]:
    return min(rank(one) for one in own)
