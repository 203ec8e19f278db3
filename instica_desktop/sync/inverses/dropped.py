"""Edits dropped while they waited: made again as they stood, and dropped again."""

from instica_desktop.core.acts import Act, Turn
from instica_desktop.sync.dropping import Dropping
from instica_desktop.sync.inverses.base import Irreversible

SENT = "It has been sent meanwhile, so it cannot be dropped again. Undo the edit itself."


class DroppedInverse:
    """Puts a dropped edit back, and drops it again."""

    def __init__(self, dropping: Dropping) -> None:
        self._dropping = dropping

    async def undo(self, act: Act) -> Turn:
        """Make the edit again; it waits as it did."""
        await self._dropping.put_back(act)
        return Turn(act)

    async def redo(self, act: Act) -> Turn:
        """Drop it again."""
        if not self._dropping.waits(act.part):
            raise Irreversible(SENT)
        again = await self._dropping.drop(act.part)
        return Turn(again or act)
