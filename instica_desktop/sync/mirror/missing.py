"""Finding what was deleted elsewhere by a few looks, when the server counts fewer records than are here.

Both lists are in the order of making: up to the first record that is missing there, their pages are the same,
and from there on they differ. So halving finds the page. Then the server is asked for each record it no
longer shows: only one it says to be gone (404) leaves. What is not found so is left to the full scan.
"""

from array import array

from instica_desktop.core.errors import NotFound, NotOffered
from instica_desktop.core.operations import is_temporary
from instica_desktop.core.query import Query
from instica_desktop.store.mirror import MirrorTables, Progress
from instica_desktop.sync.mirror.reading import OLDEST_FIRST, Reader

MOST = 10
"""More than so many missing records are left to a full scan: something else has happened there."""


class Missing:
    """Looks for the missing records of one kind."""

    def __init__(self, reader: Reader, tables: MirrorTables) -> None:
        self._reader = reader
        self._tables = tables

    async def remove(self, number: int, progress: Progress) -> None:
        """Remove so many records if they can be found and are gone; returns when no more is found.

        `progress` names the last full scan: what it did not see either stays here for its unsent edits.
        """
        kept = set(await self._tables.kept(self._reader.entity, progress.generation, progress.started))
        while 0 < number <= MOST:
            gone = await self._next(kept)
            if not gone:
                return
            await self._tables.forget(self._reader.entity, gone)
            number -= len(gone)
            kept.update(gone)  # one of them may stay: it is needed

    async def _next(self, kept: set[str]) -> list[str]:
        """Return what is gone of the first page that differs."""
        ids = await self._reader.cache.ids(Query(self._reader.entity).with_ordering(OLDEST_FIRST))
        apart = set(self._reader.cache.row_ids(self._reader.entity, list(kept)))
        ids = array("q", (id_ for id_ in ids if id_ not in apart))
        low, high = 0, max(0, -(-len(ids) // self._reader.size) - 1)
        while low < high:
            middle = (low + high) // 2
            if await self._there(middle) == self._here(ids, middle):
                low = middle + 1
            else:
                high = middle
        there = set(await self._there(low))
        return [uid for uid in self._here(ids, low) if uid not in there and await self._is_gone(uid)]

    def _here(self, ids: "array[int]", page: int) -> list[str]:
        size = self._reader.size
        rows = self._reader.cache.rows(self._reader.entity, ids[page * size : (page + 1) * size])
        return [row.uid for row in rows if row and not is_temporary(row.uid)]

    async def _there(self, page: int) -> list[str]:
        try:
            read = await self._reader.page(OLDEST_FIRST, page + 1)
        except NotFound:
            return []
        await self._reader.store(read)
        return [record.data.uid for record in read.records]

    async def _is_gone(self, uid: str) -> bool:
        if self._reader.cache.has_edits(self._reader.entity, uid):
            return False  # it stays until the user has decided
        try:
            await self._reader.keep(uid)
        except NotFound:
            return True
        except NotOffered:
            return False  # left to the full scan
        return False
