"""Records that are gone from the server and stay here while somebody still needs them.

Whoever types for a record, or left a text that is not saved, needs it: from here it is made again with that.
The copy lets go of it at the next look after nobody needs it any more.
"""

from collections.abc import Callable, Iterable

from instica_desktop.core.models.common import Entity
from instica_desktop.store.waiting import Waiting

Needs = Callable[[Entity, str], bool]
"""Tells of a record, in the event loop's thread, whether it is needed although it is gone."""


class Needed:
    """Asks those who may need a record, and remembers which records are here for their sake."""

    def __init__(self, pending: Waiting) -> None:
        self._pending = pending
        self.by: list[Needs] = []

    def keep(self, entity: Entity, gone: Iterable[str]) -> list[str]:
        """Return which of the records that are gone stay here; they are known to be gone from now on."""
        kept = [uid for uid in gone if self._is_needed(entity, uid)]
        self._pending.lost(entity, kept)
        return kept

    def kept(self, entity: Entity) -> list[str]:
        """Return the records that are known to be gone and are needed still."""
        return [uid for uid in self._pending.gone(entity) if self._is_needed(entity, uid)]

    def _is_needed(self, entity: Entity, uid: str) -> bool:
        return any(needs(entity, uid) for needs in self.by)
