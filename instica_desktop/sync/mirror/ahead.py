"""How much there is of what is not copied yet, asked before the copy begins: a share is one of all."""

import logging
from collections.abc import Mapping

from instica_desktop.core.errors import Forbidden, InsticaError, NotOffered
from instica_desktop.core.models.common import Entity
from instica_desktop.store.mirror import NEVER, Progress
from instica_desktop.sync.mirror.reading import Reader

log = logging.getLogger(__name__)


class Ahead:
    """Counts what nobody has begun to read."""

    def __init__(self, readers: Mapping[Entity, Reader]) -> None:
        self._readers = readers
        self._counts: dict[Entity, int] = {}

    def count_of(self, entity: Entity) -> int:
        """Return how many there were when they were counted; 0 before that."""
        return self._counts.get(entity, 0)

    def uncounted(self, progress: Mapping[Entity, Progress]) -> list[Entity]:
        """Return what was neither begun nor counted."""
        never = (entity for entity, at in progress.items() if at.phase == NEVER and not at.completed)
        return [entity for entity in never if entity not in self._counts]

    async def count(self, progress: Mapping[Entity, Progress]) -> None:
        """Ask for what is missing. What may not be read, or cannot be read by us, counts for nothing.

        Raises:
            InsticaError: the server could not be asked.
        """
        for entity in self.uncounted(progress):
            reader = self._readers[entity]
            try:
                first = await reader.page(reader.newest_first, 1, size=1)
            except (Forbidden, NotOffered):
                self._counts[entity] = 0
                continue
            except InsticaError:
                raise
            except Exception:
                log.exception("The records of one kind could not be counted: %s", entity.value)
                self._counts[entity] = 0
                continue
            first.hold.close()
            self._counts[entity] = first.count

    def clear(self) -> None:
        """Forget the counts."""
        self._counts.clear()
