"""Fetching the pictures of the lists when all else is done, newest records first, as far as there is room.

With `keep_all` every photo comes in full, and nothing makes room for anything.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Protocol

from instica_desktop.core.models import InventoryItem, Order, Product
from instica_desktop.core.models.common import Entity
from instica_desktop.store import unpictured
from instica_desktop.store.cache import Cache

_AT_ONCE = 50
"""Rows read from the cache together."""
_MOST_FAILURES = 20
"""Pictures of a kind that cannot be had just now, after which the rest of it waits for the next time."""


class Pictures(Protocol):
    """Whoever fetches pictures and keeps them."""

    async def get(self, url: str) -> bytes | None: ...
    async def missing(self, urls: Sequence[str]) -> list[str]: ...


class Thumbnails:
    """Sees to the records that are noted as unpictured, once each."""

    def __init__(self, cache: Cache, pictures: Pictures) -> None:
        self.keep_all = False
        self._cache = cache
        self._pictures = pictures

    async def fetch(self, may_go_on: Callable[[], bool]) -> None:
        """Fetch what is missing, until all is here, the room is used or `may_go_on` says no."""
        if not may_go_on():
            return
        lost = await self._cache.images_lost() and await self._has_room()
        how = unpictured.EVERY if self.keep_all else unpictured.FIRST
        await self._cache.run(partial(unpictured.begin, how=how, lost=lost))
        if lost:
            await self._cache.images_sought()
        for entity in unpictured.PICTURED:
            failures_left = _MOST_FAILURES
            last = await self._cache.run(partial(unpictured.last_of, entity=entity))
            following = partial(unpictured.next_of, entity=entity, most=_AT_ONCE, last=last)
            while failures_left and (notes := await self._cache.run(following)):
                seen_to, failures = await self._see_to(entity, notes, failures_left, may_go_on)
                await self._cache.run(partial(unpictured.done, entity=entity, notes=notes[:seen_to]))
                failures_left -= failures
                if failures_left and seen_to < len(notes):
                    return

    async def _see_to(
        self, entity: Entity, notes: Sequence[tuple[int, str]], most: int, may_go_on: Callable[[], bool]
    ) -> tuple[int, int]:
        """Fetch the pictures of some records; return how many were seen to, and how many pictures failed.

        It ends with `most` failures. A record whose pictures cannot be had just now is noted again at once,
        behind all others: should this be broken off, it is not in the way of what comes after it.
        """
        rows = self._cache.by_uids(entity, [uid for _, uid in notes])
        found = [rows.get(uid) for _, uid in notes]
        wanted = [list(pictures(row.data, every=self.keep_all)) if row else [] for row in found]
        missing = set(await self._pictures.missing([url for urls in wanted for url in urls]))
        failures = 0
        for at, urls in enumerate(wanted):
            for url in urls:
                if url not in missing:
                    continue
                if failures >= most or not may_go_on() or not await self._has_room():
                    return at, failures
                if await self._pictures.get(url) is None and await self._pictures.missing([url]):
                    failures += 1
                    await self._cache.run(partial(unpictured.note, entity=entity, uids=[notes[at][1]]))
                missing.discard(url)
        return len(notes), failures

    async def _has_room(self) -> bool:
        return self.keep_all or await self._cache.room_for_images()


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
