"""Following what changed on the server since the last look, and now and then comparing the counts.

The list is read from the newest change backwards: a record that changes while we read moves to the front and
can only be seen twice. How far back is decided by a floor, up to which every change is known to be here: the
newest change seen two minutes ago or earlier, as a change may become visible later than its time says.
Where the list can be read so without a filter, its first page also tells how many records there are in all:
when that is fewer than are here, the missing ones are looked for at once. Changes of orders cannot be had
without the filter; every fifth look asks once more without it.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from instica_desktop.core.circles import Circles
from instica_desktop.core.errors import NotFound
from instica_desktop.core.models.common import Entity
from instica_desktop.store.mirror import MirrorTables, Progress
from instica_desktop.store.values import millis
from instica_desktop.sync.mirror.missing import Missing
from instica_desktop.sync.mirror.reading import Read, Reader, changed
from instica_desktop.sync.mirror.scan import OVERLAP_MS, UNKNOWN

AUDIT_EVERY = 5
"""Of so many looks at orders one compares the counts."""
GLANCE = 20
"""Records of the first page: as a rule it shows that nothing changed, and how many there are."""
_ROUNDS = 3


class Delta:
    """One look at what changed among one kind of record."""

    def __init__(self, reader: Reader, tables: MirrorTables, clock: Callable[[], datetime]) -> None:
        self._reader = reader
        self._tables = tables
        self._clock = clock
        self._missing = Missing(reader, tables)

    async def run(self, progress: Progress) -> Progress:
        """Bring the changes here and return how things stand then.

        Raises:
            InsticaError: not all came; those that did are stored, and the next look begins as this one did.
        """
        began, asked = millis(self._clock()), millis(datetime.now(UTC))
        orders = self._reader.entity is Entity.ORDER
        due = bool(progress.differing) or progress.deltas % AUDIT_EVERY == AUDIT_EVERY - 1
        head = await self._changes(progress) if orders else 0
        if due or not orders:
            glance = await self._page(progress, 1, audit=True, size=min(GLANCE, self._reader.size))
            if not orders:
                head = await self._follow(progress, glance)
            progress = await self._audited(progress, glance, asked)
        progress = _moved(progress, head, began)
        progress = msgspec.structs.replace(progress, deltas=progress.deltas + 1)
        await self._tables.save(self._reader.entity, progress)
        return progress

    async def _follow(self, progress: Progress, glance: Read) -> int:
        """Read what the glance did not show of what is new; return the time of the newest change."""
        if self._goes_on(glance, progress):
            await self._changes(progress)
        return max(changed(glance), default=0)

    async def _changes(self, progress: Progress) -> int:
        """Read all pages of what changed since the floor; return the time of the newest change."""
        first = read = await self._page(progress, 1, audit=False)
        for left in reversed(range(_ROUNDS)):
            count, number, circles, seen = read.count, 1, Circles(), set[str]()
            while self._goes_on(read, progress):
                before = len(seen)
                seen.update(record.data.uid for record in read.records)
                circles.note(len(seen) - before, unread=read.skipped, count=read.count)
                number += 1
                try:
                    read = await self._page(progress, number, audit=False)
                except NotFound:
                    break  # the list grew shorter while we read it
            if read.count == count or not left:
                break
            read = await self._page(progress, 1, audit=False)
        return max(changed(first), default=0)

    @staticmethod
    def _goes_on(read: Read, progress: Progress) -> bool:
        return read.has_more and min(changed(read), default=0) > progress.floor

    async def _page(self, progress: Progress, number: int, *, audit: bool, size: int = 0) -> Read:
        after = 0 if audit else progress.floor
        read = await self._reader.page(self._reader.newest_first, number, after=after, size=size)
        await self._reader.store(read)
        return read

    async def _audited(self, progress: Progress, read: Read, asked: int) -> Progress:
        if progress.begun_with == UNKNOWN:
            return progress
        there, held = read.count - progress.gap, await self._held(progress, read, asked)
        if not progress.differing and read.count and there < held:
            await self._missing.remove(held - there, progress)
            held = await self._held(progress, read, asked)
        same = there == held
        return msgspec.structs.replace(progress, differing=0 if same else progress.differing + 1)

    async def _held(self, progress: Progress, read: Read, asked: int) -> int:
        """Return how many records are here of those the server counts.

        What was made since it did is not counted, nor what it has no more and unsent edits keep here.
        """
        entity = self._reader.entity
        held, newest = await self._tables.held(entity), self._reader.newest_of(read)
        held -= len(await self._tables.kept(entity, progress.generation, progress.started))
        return held - await self._tables.came(entity, newest, asked) if newest else held


def _moved(progress: Progress, head: int, began: int) -> Progress:
    """Raise the floor to what was seen long enough before this look, and remember what it saw itself."""
    heads = [(moment, min(at, began)) for moment, at in progress.heads]
    if head > max((moment for moment, _ in heads), default=progress.floor):
        heads.append((head, began))
    settled = [moment for moment, at in heads if at + OVERLAP_MS <= began]
    floor = max(progress.floor, *settled) if settled else progress.floor
    kept = tuple((moment, at) for moment, at in heads if moment > floor)
    return msgspec.structs.replace(progress, floor=floor, heads=kept, checked=began)
