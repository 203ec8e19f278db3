"""Edits of fields: the values before are written over those the act left, and over no others."""

from instica_desktop.core.acts import Act, Turn
from instica_desktop.sync.desk import Desk


class EditInverse:
    """Writes values back. Where a field holds something else by now, the user decides: it is a conflict."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def undo(self, act: Act) -> Turn:
        """Write what was there before the act, based on what it left."""
        await self._desk.edit(act.entity, act.uid, act.before, shown=act.after)
        return Turn(act)

    async def redo(self, act: Act) -> Turn:
        """Write what the act wrote, based on what was there before it."""
        await self._desk.edit(act.entity, act.uid, act.after, shown=act.before)
        return Turn(act)
