"""One picture that was taken, from its source into the outbox: an item’s photo or a product’s picture."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from instica_desktop.core.acts import Act
from instica_desktop.core.errors import InputError
from instica_desktop.core.intake import Taken, TakenState
from instica_desktop.core.models.common import Entity
from instica_desktop.store.store import Store
from instica_desktop.sync.covers import Covers
from instica_desktop.sync.photos import Photos
from instica_desktop.sync.pictures import PHOTO_DAMAGED

UNREACHABLE = "This picture cannot be fetched. Save it on this computer first, then drop the file."
UNKNOWN = "This record is not on this computer. It is added once the record can be read."
Fetch = Callable[[str], Awaitable[bytes | None]]
"""Address → a picture's bytes; None when it cannot be had."""
Read = Callable[[Entity, str], Awaitable[bool]]
"""Reads a record from the server; False when that is not possible now."""


class NotYet(Exception):
    """It can be kept later: its record cannot be read now."""


class Keeping:
    """Keeps pictures. Each call is one step: whatever cuts it off, it was done whole or is still to do."""

    def __init__(self, store: Store, photos: Photos, covers: Covers, fetch: Fetch, read: Read) -> None:
        self._store = store
        self._photos = photos
        self._covers = covers
        self._fetch = fetch
        self._read = read
        self._asked: set[str] = set()

    async def keep(self, taken: Taken) -> tuple[Taken, Act | None]:
        """Keep a picture; return what became of it, and the change of a product’s picture.

        Raises:
            InputError: in plain words, when it cannot be used.
            KeyError: it is wanted no more.
            NotYet: its record is not here and cannot be read now.
            StoreError: the disk takes nothing; it is to do still.
        """
        await self._have(taken)
        if taken.entity is Entity.ITEM:
            self._photos.check_room(taken.uid)
        ready = await self._photos.prepare(await self._source(taken), taken.name)
        if taken.entity is Entity.PRODUCT:
            return self._kept(taken), await self._covers.take(ready, taken)
        sha256, there = await self._photos.keep(taken.uid, ready, taken.kind, taken)
        if there:
            after = msgspec.structs.replace(taken, state=TakenState.THERE, sha256=sha256)
            await self._store.intake.change([after])
            return after, None
        return self._kept(taken), None

    async def copy_addressed(self) -> None:
        """Copy what has only an address before all else: in a moment it may lead nowhere. Each is asked once.

        Raises:
            StoreError: the disk takes nothing; what is left is fetched when its turn comes.
        """
        for one in self._store.intake.all():
            waits = one.state is TakenState.WAITING and one.address and not one.copy
            if waits and one.uuid not in self._asked:
                self._asked.add(one.uuid)
                content = await self._fetch(one.address)
                if content is not None:
                    await self._copy(one, content)

    async def _copy(self, one: Taken, content: bytes) -> None:
        copy = await self._store.taken.put(content)
        try:
            await self._store.intake.copied({one.uuid: copy})
        finally:
            await self._store.taken.release(copy)

    def _kept(self, taken: Taken) -> Taken:
        return self._store.intake.get(taken.uuid) or taken

    async def _have(self, taken: Taken) -> None:
        """See that the record is on this computer: the copy of the shop may have been emptied meanwhile."""
        uid = self._store.outbox.real(taken.uid)
        if self._store.cache.by_uid(taken.entity, uid) is None and not await self._read(taken.entity, uid):
            raise NotYet(UNKNOWN)

    async def _source(self, taken: Taken) -> Path | bytes:
        if taken.copy:
            path = self._store.taken.path(taken.copy)
            if path.exists() and not await self._store.taken.is_whole(taken.copy):
                raise InputError(PHOTO_DAMAGED, field="image")
            return path
        if not taken.address:
            return Path(taken.path)
        content = await self._fetch(taken.address)
        if content is None:
            raise InputError(UNREACHABLE, field="image")
        return content
