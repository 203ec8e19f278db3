"""The picture of a product: the one before an act is shown again, unless somebody else has set another."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from instica_desktop.core.acts import Act, Turn
from instica_desktop.core.errors import InputError
from instica_desktop.core.operations import TEMPORARY, OpState
from instica_desktop.sync.covers import FIELD, OWN_BASE, Covers
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.held import keep
from instica_desktop.sync.inverses.base import Irreversible
from instica_desktop.sync.turning import TO_DECIDE

Wire = dict[str, Any]
GONE = "The picture that was here before is no longer on this computer, so it cannot be brought back."
CHANGED_SINCE = "The picture was changed again since. Take that back first."


class CoverInverse:
    """Turns to the picture before an act, and to the one it set."""

    def __init__(self, desk: Desk, covers: Covers, kept: Callable[[str], Awaitable[bytes | None]]) -> None:
        """`kept` returns a picture that is on this computer."""
        self._desk, self._covers, self._kept = desk, covers, kept

    async def undo(self, act: Act) -> Turn:
        """Show the picture before; a change that waits for a decision is dropped, and theirs stands."""
        waiting = self._covers.waiting(act.uid)
        if waiting and waiting[-1].state is OpState.CONFLICT and await self._desk.dropped(waiting[-1]):
            await self._desk.show(act.entity, self._real(act.uid))
            return Turn(act)
        return Turn(act, await self._turn(act, act.before, act.after))

    async def redo(self, act: Act) -> Turn:
        """Show the picture the act set."""
        return Turn(act, await self._turn(act, act.after, act.before))

    async def _turn(self, act: Act, wanted: Wire, left: Wire) -> str:
        """Show a picture in the place of another. Returns what is to be said of it."""
        stands = await self._stands(act.uid, left)
        words = "" if stands or await self._stands(act.uid, wanted) else TO_DECIDE
        if not stands and self._covers.waiting(act.uid):
            raise InputError(CHANGED_SINCE, field="image")
        base = OWN_BASE if stands else self._real(left[FIELD]) or None
        address = self._real(wanted[FIELD])
        blob = await keep(self._desk.store.blobs, wanted["blob"], address, self._kept)
        if not address and not blob:
            await self._covers.change(act.uid, None, {}, base=base)
        elif blob:
            payload = self._payload(blob)
            new = self._unsent_over(act.uid, address) or f"blob:{blob}"
            await self._covers.change(act.uid, new, payload, base=base, again=address)
        elif self._unsent_over(act.uid, address):
            await self._covers.change(act.uid, address, {}, base=base)
        else:
            raise Irreversible(GONE, field="image")
        return words

    def _payload(self, blob: str) -> Wire:
        size = self._desk.store.blobs.path(blob).stat().st_size
        return {"blob": blob, "name": "picture.jpg", "bytes": size}

    def _real(self, uid: str) -> str:
        return self._desk.store.outbox.real(uid)

    def _unsent_over(self, uid: str, address: str) -> str:
        """Return the address if the last change took the place of that picture, and has not been sent."""
        waiting = self._covers.waiting(uid)
        unsent = bool(waiting) and waiting[-1].state in (OpState.QUEUED, OpState.REFUSED)
        return address if unsent and waiting[-1].edits[0].base == address else ""

    async def _stands(self, uid: str, left: Wire) -> bool:
        """Tell whether a product still shows the picture an act left."""
        waiting, there = self._covers.waiting(uid), self._covers.address(uid)
        address, blob = self._real(left[FIELD]), left["blob"]
        if waiting and TEMPORARY + waiting[-1].uuid == address:
            return True
        if not there or not (address or blob):
            return not there and not address and not blob
        if (blob and there == f"blob:{blob}") or urlsplit(there).path == urlsplit(address).path:
            return True
        content = await self._kept(there)
        return bool(blob) and content is not None and hashlib.sha256(content).hexdigest() == blob
