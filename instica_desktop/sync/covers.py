"""The picture of a product: set, replaced, taken away; kept durably, shown at once, sent like every edit."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.core.acts import Act, ActKind
from instica_desktop.core.errors import InputError
from instica_desktop.core.intake import Taken, TakenState
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import TEMPORARY, Edit, Operation, OpKind, OpState, is_temporary
from instica_desktop.core.steps import reached
from instica_desktop.store.cache import CachedRow
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.held import keep
from instica_desktop.sync.uploads import Prepared, prepare
from instica_desktop.sync.wirework import shown

FIELD = "product_image"
_DECIDED = "The picture was decided about meanwhile. Choose it again."

Wire = dict[str, Any]
OWN_BASE = object()
"""A change is based on what is there, or on the change that waits before it."""


class Covers:
    """Takes pictures of products. Each change returns what it did, so that it can be taken back."""

    def __init__(self, desk: Desk, picture: Callable[[str], Awaitable[bytes | None]]) -> None:
        """`picture` returns what an address shows, from this computer or the network, or None."""
        self._desk = desk
        self._picture = picture

    async def keep(self, uid: str) -> bool:
        """Keep the picture there is, so that it can come back; False when its file cannot be had now."""
        there = await self._there(uid)
        return bool(there["blob"]) or not there[FIELD]

    async def set(self, uid: str, source: Path | bytes) -> Act:
        """Give a product a picture; the source is left alone.

        Raises:
            InputError: it is no picture that can be sent; nothing was saved.
            DiskFull: there is no room; nothing was saved.
        """
        return await self._set(uid, await asyncio.to_thread(prepare, source))

    async def take(self, ready: Prepared, taken: Taken) -> Act:
        """Give a product a picture that was written down before; both in one step.

        Raises:
            InputError: the product is not here.
            KeyError: the picture is wanted no more; nothing was kept.
        """
        return await self._set(taken.uid, ready, taken)

    async def remove(self, uid: str) -> Act | None:
        """Take a product's picture away; None when there is none."""
        before = await self._there(uid)
        if not before[FIELD]:
            return None
        await self.change(uid, None, {})
        return _act(uid, before, {FIELD: "", "blob": ""})

    # ------------------------------------------------------------ for taking it back

    def address(self, uid: str) -> str:
        """Return where the picture lies that a product shows now."""
        return str(self._desk.shown(Entity.PRODUCT, uid).get(FIELD) or "")

    def waiting(self, uid: str) -> list[Operation]:
        """Return the changes of a product's picture that wait."""
        own = self._desk.store.outbox.for_object(Entity.PRODUCT, self._desk.store.outbox.real(uid))
        return [one for one in own if one.kind is OpKind.PRODUCT_IMAGE]

    async def change(
        self,
        uid: str,
        new: str | None,
        payload: Wire,
        *,
        base: Any = OWN_BASE,
        again: str = "",
        taken: Taken | None = None,
    ) -> str:
        """Keep a change durably. Returns what the picture goes by from now on.

        `new` is where the picture is shown from. `base` is the picture the change is meant for, where that
        may be another than the one there is. `again` is what the picture went by when it was here before.
        `taken` is written of one that was taken, in the same step.
        """
        async with self._desk.lock:
            row = self._desk.row(Entity.PRODUCT, uid)
            waiting = self.waiting(row.uid)
            if not waiting and not new and not shown(row.raw, ()).get(FIELD):
                return ""
            edits = (Edit(FIELD, self._base(row, waiting) if base is OWN_BASE else base, new),)
            made = self._desk.made(row, Entity.PRODUCT, OpKind.PRODUCT_IMAGE, edits=edits, payload=payload)
            clashed = tuple(one.uuid for one in waiting if one.state is OpState.CONFLICT)
            await self._settle(Settlement(drop=clashed, add=(made,)), taken)
            reached("operation kept")
            address = self._named(row.uid)
            if again and is_temporary(address):
                await self._desk.store.outbox.settle(Settlement(again={again: address}))
            await self._desk.show(Entity.PRODUCT, row.uid)
        return address

    # ------------------------------------------------------------ inside

    async def _set(self, uid: str, ready: Prepared, taken: Taken | None = None) -> Act:
        before = await self._there(uid)
        sha256 = await self._desk.store.blobs.put(ready.content)  # held: what is undone can be redone
        reached("photo kept")
        payload = {"blob": sha256, "name": ready.name, "bytes": len(ready.content)}
        after = taken and msgspec.structs.replace(taken, state=TakenState.KEPT, sha256=sha256)
        try:
            address = await self.change(uid, f"blob:{sha256}", payload, taken=after)
        except (InputError, KeyError):
            await self._desk.store.blobs.release(sha256)
            raise
        return _act(uid, before, {FIELD: address, "blob": sha256})

    async def _settle(self, settlement: Settlement, taken: Taken | None) -> None:
        """Keep a change; a picture that was taken is looked at again when what it builds on was decided."""
        book = self._desk.store.intake
        try:
            await self._desk.store.outbox.settle(settlement, taken and book.settling(taken))
        except KeyError:
            if taken is not None:
                raise
            raise InputError(_DECIDED) from None
        if taken is not None:
            book.settled(taken)

    async def _there(self, uid: str) -> Wire:
        """Return what the picture there is goes by, and keep its file where that can be had."""
        address = self.address(uid)
        if not address:
            return {FIELD: "", "blob": ""}
        named = self._named(self._desk.store.outbox.real(uid))
        return {FIELD: named, "blob": await keep(self._desk.store.blobs, None, address, self._picture)}

    def _named(self, uid: str) -> str:
        """Return what a product's picture goes by: the operation that sets it, or its address."""
        waiting = self.waiting(uid)
        return TEMPORARY + waiting[-1].uuid if waiting else self.address(uid)

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


def _act(uid: str, before: Wire, after: Wire) -> Act:
    photos = tuple(side["blob"] for side in (before, after) if side["blob"])
    return Act(kind=ActKind.COVER, entity=Entity.PRODUCT, uid=uid, before=before, after=after, photos=photos)
