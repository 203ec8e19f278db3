"""The picture of a product: set, replaced, taken away; kept durably, shown at once, sent like every edit."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.core.errors import InputError
from instica_desktop.core.intake import Taken, TakenState
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import TEMPORARY, Edit, Operation, OpKind, OpState, is_temporary
from instica_desktop.core.steps import reached
from instica_desktop.store.cache import CachedRow
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.uploads import Prepared, prepare
from instica_desktop.sync.wirework import shown

FIELD = "product_image"
_GONE = "The picture that was here before is no longer on this computer, so it cannot be brought back."

Kept = Callable[[str], Awaitable[bytes | None]]
"""Picture's address → its bytes if they are on this computer: an edit waits for no network."""


class Cover(msgspec.Struct, frozen=True):
    """A product's picture at one time, to be put back by Undo: its address, and its bytes where known."""

    address: str = ""
    content: bytes | None = None


class Covers:
    """Takes pictures of products. Each change returns what was there before it."""

    def __init__(self, desk: Desk, kept: Kept) -> None:
        self._desk = desk
        self._kept = kept

    async def set(self, uid: str, source: Path | bytes) -> Cover:
        """Give a product a picture; the source is left alone.

        Raises:
            InputError: it is no picture that can be sent; nothing was saved.
            DiskFull: there is no room; nothing was saved.
        """
        ready = await asyncio.to_thread(prepare, source)
        before = await self.current(uid)
        await self._keep(uid, ready)
        return before

    async def take(self, ready: Prepared, taken: Taken) -> Cover:
        """Give a product a picture that was written down before; both in one step. Returns what was there.

        Raises:
            InputError: the product is not here.
            KeyError: the picture is wanted no more; nothing was kept.
        """
        before = await self.current(taken.uid)
        await self._keep(taken.uid, ready, taken=taken)
        return before

    async def remove(self, uid: str) -> Cover:
        """Take a product's picture away."""
        before = await self.current(uid)
        await self._change(uid, None, {})
        return before

    async def put_back(self, uid: str, cover: Cover) -> Cover:
        """Show the picture that was there before. Where nothing was sent since, nothing is sent at all.

        Raises:
            InputError: it has to be sent again, and is no longer on this computer.
        """
        before = await self.current(uid)
        if not cover.address:
            await self._change(uid, None, {})
        elif cover.content is not None:
            await self._keep(uid, Prepared(cover.content, "picture.jpg", 0, 0), cover.address)
        elif self._unsent_over(uid, cover.address):
            await self._change(uid, cover.address, {})
        else:
            raise InputError(_GONE, field="image")
        return before

    async def current(self, uid: str) -> Cover:
        """Return the picture a product shows now."""
        address = str(self._desk.shown(Entity.PRODUCT, uid).get(FIELD) or "")
        return Cover(address, await self._kept(address) if address else None)

    # ------------------------------------------------------------ inside

    async def _keep(self, uid: str, ready: Prepared, address: str = "", taken: Taken | None = None) -> None:
        """Keep a picture durably and its change after it; `address` is where it is shown from, if known."""
        sha256 = await self._desk.store.blobs.put(ready.content)
        reached("photo kept")
        payload = {"blob": sha256, "name": ready.name, "bytes": len(ready.content)}
        after = taken and msgspec.structs.replace(taken, state=TakenState.KEPT, sha256=sha256)
        try:
            await self._change(uid, address or f"blob:{sha256}", payload, after)
        finally:
            await self._desk.store.blobs.release(sha256)

    def _unsent_over(self, uid: str, address: str) -> bool:
        """Tell whether the last change is of a picture's address, and has certainly not been sent."""
        waiting = self._waiting(self._desk.store.outbox.real(uid))
        return bool(waiting) and waiting[-1].state is OpState.QUEUED and waiting[-1].edits[0].base == address

    async def _change(
        self, uid: str, new: str | None, payload: dict[str, Any], after: Taken | None = None
    ) -> None:
        """Keep a change of the picture; `after` is written of one that was taken, in the same step."""
        async with self._desk.lock:
            row = self._desk.row(Entity.PRODUCT, uid)
            waiting = self._waiting(row.uid)
            if not waiting and not new and not shown(row.raw, ()).get(FIELD):
                return
            edits = (Edit(FIELD, self._base(row, waiting), new),)
            made = self._desk.made(row, Entity.PRODUCT, OpKind.PRODUCT_IMAGE, edits=edits, payload=payload)
            clashed = tuple(one.uuid for one in waiting if one.state is OpState.CONFLICT)
            book = self._desk.store.intake
            try:
                settlement = Settlement(drop=clashed, add=(made,))
                await self._desk.store.outbox.settle(settlement, after and book.settling(after))
            except KeyError:
                if after is not None:
                    raise
                raise InputError("The picture was decided about meanwhile. Choose it again.") from None
            if after is not None:
                book.settled(after)
            reached("operation kept")
            await self._desk.show(Entity.PRODUCT, row.uid)

    def _waiting(self, uid: str) -> list[Operation]:
        own = self._desk.store.outbox.for_object(Entity.PRODUCT, uid)
        return [one for one in own if one.kind is OpKind.PRODUCT_IMAGE]

    def _base(self, row: CachedRow, waiting: list[Operation]) -> str | None:
        """Return what the change is based on: the server's picture, or what an earlier change makes of it.

        A product that was made here has whatever the server gives a new one: it is named by the uid.
        """
        if waiting and waiting[-1].state is OpState.CONFLICT:
            return waiting[-1].theirs.get(FIELD)
        if waiting:
            return TEMPORARY + waiting[-1].uuid
        if is_temporary(row.uid):
            return row.uid
        return shown(row.raw, ()).get(FIELD) or None
