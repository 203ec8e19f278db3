"""A few blocks of rows around where the user looks, read from the cache when needed."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import is_temporary
from instica_desktop.store.cache import Cache, CachedRow
from instica_desktop.sync.pages import Tell

BLOCK = 64
BLOCKS = 24
AT_ONCE = 5_000
"""Rows whose uids are looked up at once."""


class Window:
    """Rows by position, in blocks; the blocks unused longest are dropped."""

    def __init__(self, cache: Cache, entity: Entity) -> None:
        self._cache = cache
        self._entity = entity
        self._blocks: OrderedDict[int, list[CachedRow | None]] = OrderedDict()
        self._where: dict[int, int] = {}

    @property
    def seen(self) -> dict[int, int]:
        """Row id → position of the rows held."""
        return self._where

    def row(self, ids: Sequence[int], index: int) -> CachedRow | None:
        """Return the row at a position, None when it is not known."""
        if not 0 <= index < len(ids) or not ids[index]:
            return None
        block = index // BLOCK
        rows = self._blocks.get(block)
        if rows is None:
            rows = self._read(ids, block)
        else:
            self._blocks.move_to_end(block)
        return rows[index % BLOCK] if index % BLOCK < len(rows) else None

    def drop(self, ids: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Forget these rows, and return the ranges of positions in which they stood."""
        positions = sorted(self._where[id_] for id_ in ids if id_ in self._where)
        for block in {position // BLOCK for position in positions}:
            self._forget(block)
        return iter(_ranges(positions))

    def clear(self, first: int = 0, last: int | None = None) -> None:
        """Forget the rows in a range, or all."""
        for block in tuple(self._blocks):
            if block >= first // BLOCK and (last is None or block <= last // BLOCK):
                self._forget(block)

    def newest(self) -> datetime | None:
        """Return when the newest of the rows held was read from the server; what was made here never was."""
        rows = (row for rows in self._blocks.values() for row in rows if row)
        times = [row.fetched_at for row in rows if not is_temporary(row.uid)]
        return max(times, default=None)

    async def uids(self, ids: Sequence[int], tell: Tell) -> list[str]:
        """Return the uids of all these rows; `tell` is called with (read, of) after each part of them."""
        found: list[str] = []
        for start in range(0, len(ids), AT_ONCE):
            found += self._cache.uids(self._entity, ids[start : start + AT_ONCE])
            tell(min(start + AT_ONCE, len(ids)), len(ids))
            await asyncio.sleep(0)
        return found

    def _read(self, ids: Sequence[int], block: int) -> list[CachedRow | None]:
        wanted = ids[block * BLOCK : (block + 1) * BLOCK]
        rows = self._cache.rows(self._entity, wanted)
        self._blocks[block] = rows
        self._where.update({id_: block * BLOCK + at for at, id_ in enumerate(wanted) if id_})
        if len(self._blocks) > BLOCKS:
            self._forget(next(iter(self._blocks)))
        return rows

    def _forget(self, block: int) -> None:
        self._blocks.pop(block, None)
        low, high = block * BLOCK, (block + 1) * BLOCK
        for id_ in [id_ for id_, at in self._where.items() if low <= at < high]:
            del self._where[id_]


def _ranges(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Return sorted positions as ranges, both ends included; small gaps are painted along."""
    found: list[tuple[int, int]] = []
    for position in positions:
        if found and position - found[-1][1] <= 4:
            found[-1] = (found[-1][0], position)
        else:
            found.append((position, position))
    return found
