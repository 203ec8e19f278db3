"""What each family of acts offers, and the error of what can never be turned any more."""

from typing import Protocol

from instica_desktop.core.acts import Act, Turn
from instica_desktop.core.errors import InputError


class Irreversible(InputError):
    """This act can never be taken back, or done again, any more; the message says why."""


class Inverse(Protocol):
    """Takes acts of one family back and does them again. Both raise InsticaError when nothing was changed."""

    async def undo(self, act: Act) -> Turn:
        """Take an act back; it is durable when this returns."""
        ...

    async def redo(self, act: Act) -> Turn:
        """Do an act again; it is durable when this returns."""
        ...
