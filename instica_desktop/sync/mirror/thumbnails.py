"""Fetching the pictures of the lists when all else is done, newest records first, as far as there is room.

With `keep_all` every photo comes in full, and nothing makes room for anything.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from instica_desktop.core.models import InventoryItem, Order, Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.cache import Cache, CachedRow

_AT_ONCE = 50
"""Rows read from the cache together."""


class Pictures(Protocol):
    """Whoever fetches pictures and keeps them."""

    async def get(self, url: str) -> bytes | None: ...
    async def has(self, url: str) -> bool: ...


class Thumbnails:
    """Goes through items, then products, once; then only those that are renewed."""

    def __init__(self, cache: Cache, pictures: Pictures) -> None:
        self.keep_all = False
        self._cache = cache
        self._pictures = pictures
        self._done: set[Entity] = set()
        self._at: dict[Entity, int] = {}
        self._renewed: dict[tuple[Entity, str], None] = {}

    def again(self, entity: Entity) -> None:
        """Begin anew: there may be new pictures."""
        self._done.discard(entity)
        self._at[entity] = 0

    def renewed(self, entity: Entity, uids: Iterable[str]) -> None:
        """Take note of records that may have new pictures."""
        self._renewed |= {(entity, uid): None for uid in uids}

    async def fetch(self, may_go_on: Callable[[], bool]) -> None:
        """Fetch what is missing, until all is here, the room is used or `may_go_on` says no."""
        while self._renewed:
            entity, uid = next(iter(self._renewed))
            if not await self._fetch_of(self._cache.by_uid(entity, uid), may_go_on):
                return
            self._renewed.pop((entity, uid), None)
        for entity in (Entity.ITEM, Entity.PRODUCT):
            if entity not in self._done and not await self._fetch(entity, may_go_on):
                return

    async def _fetch(self, entity: Entity, may_go_on: Callable[[], bool]) -> bool:
        ids = await self._cache.ids(Query(entity))
        while (at := self._at.get(entity, 0)) < len(ids):
            for row in self._cache.rows(entity, ids[at : at + _AT_ONCE]):
                if not await self._fetch_of(row, may_go_on):
                    return False
            self._at[entity] = at + _AT_ONCE
            await asyncio.sleep(0)
        self._done.add(entity)
        return True

    async def _fetch_of(self, row: CachedRow | None, may_go_on: Callable[[], bool]) -> bool:
        for url in pictures(row.data, every=self.keep_all) if row else ():
            if not may_go_on() or not (self.keep_all or await self._cache.room_for_images()):
                return False
            if not await self._pictures.has(url):
                await self._pictures.get(url)
        return True


def pictures(record: Product | InventoryItem | Order, *, every: bool) -> Iterator[str]:
    """Yield the URLs of a record's pictures: the one lists show, or every one."""
    match record:
        case InventoryItem(assets=assets) if assets and not every:
            first = next((asset for asset in assets if asset.is_primary), assets[0])
            yield from filter(None, [first.thumbnail or first.image])
        case InventoryItem(assets=assets) if assets:
            for asset in assets:
                yield from filter(None, [asset.thumbnail, asset.image])
        case Product(product_image=image) if image:
            yield image
        case _:
            return
