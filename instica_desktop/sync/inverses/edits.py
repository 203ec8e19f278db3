"""Edits of fields: the values before are written over those the act left, and over no others."""

from instica_desktop.core.acts import Act, Turn
from instica_desktop.sync.inverses.base import Irreversible
from instica_desktop.sync.turning import Gone, Turning


class EditInverse:
    """Writes values back. Where a field holds something else by now, the user decides: it is a conflict."""

    def __init__(self, turning: Turning) -> None:
        self._turning = turning

    async def undo(self, act: Act) -> Turn:
        """Write what was there before the act, based on what it left; what is unsent or stuck just goes."""
        return Turn(act, await self._write(act, back=True))

    async def redo(self, act: Act) -> Turn:
        """Write what the act wrote, based on what was there before it."""
        return Turn(act, await self._write(act, back=False))

    async def _write(self, act: Act, *, back: bool) -> str:
        wanted, left = (act.before, act.after) if back else (act.after, act.before)
        try:
            return await self._turning.write(act.entity, act.uid, wanted, left)
        except Gone as error:
            raise Irreversible(error.message) from error
