"""Kinds of record that this key may not read or this server does not offer: asked for rarely, not in vain."""

import asyncio

from instica_desktop.core.errors import ASK_AGAIN, Forbidden, NotOffered
from instica_desktop.core.models.common import Entity


class Bars:
    """What stays shut, and until when by the loop's clock."""

    def __init__(self) -> None:
        self._until: dict[Entity, float] = {}

    def put(self, entity: Entity, error: Forbidden | NotOffered) -> None:
        """Leave a kind alone for a while."""
        again = error.again if isinstance(error, NotOffered) else ASK_AGAIN
        self._until[entity] = asyncio.get_running_loop().time() + again

    def until(self, entity: Entity) -> float:
        """Return when a kind may be asked for again by itself; a time that has passed for one that may be."""
        return self._until.get(entity, 0.0)

    def lift(self, entity: Entity) -> None:
        """Take note that a kind can be read."""
        self._until.pop(entity, None)

    def clear(self) -> None:
        """Let everything be asked for."""
        self._until.clear()

    def __contains__(self, entity: object) -> bool:
        """Tell whether a kind could not be read when it was asked for last."""
        return entity in self._until
