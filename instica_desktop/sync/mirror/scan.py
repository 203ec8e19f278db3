"""Reading every record of one kind once, in pages, while the list changes under our hands.

The order is that of making, so what is made meanwhile comes last. What is deleted moves everything behind it
up: a record can slip from a page not yet read to one that was. Therefore, wherever the server's count changed
from one page to the next, the page before is read again, and those before it as long as that brings anything
new. And at the end it is proven: every record that was there when the scan began must have been seen.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from instica_desktop.core.circles import Circles
from instica_desktop.core.errors import NotFound
from instica_desktop.store.mirror import ASKS, FRESH, NEVER, SCANNING, MirrorTables, Progress
from instica_desktop.store.values import millis
from instica_desktop.sync.mirror.absence import Absence
from instica_desktop.sync.mirror.reading import OLDEST_FIRST, Read, Reader, changed, made_last
from instica_desktop.sync.mirror.stream import Stream
from instica_desktop.sync.pace import Pace

OVERLAP_MS = 120_000
"""A change may become visible this much later than the time it carries."""
UNKNOWN = -1
"""`begun_with` for a server that does not tell how many records it has."""
_TRIES = 3
_LOOKS = 3
"""How often the newest page is read at most, before a scan begins."""
_STALE_MS = 24 * 3_600_000
"""A scan that was broken off longer ago begins anew."""


class Scan:
    """A full scan of one kind of record: begun, or gone on with where it stopped."""

    def __init__(
        self,
        reader: Reader,
        tables: MirrorTables,
        pace: Pace,
        clock: Callable[[], datetime],
        tell: Callable[[Progress], None],
    ) -> None:
        """`tell` is told of every point that is stored."""
        self._reader = reader
        self._tables = tables
        self._pace = pace
        self._clock = clock
        self._tell = tell
        self._absence = Absence(reader, tables)
        self._circles = Circles()

    async def run(self, progress: Progress) -> Progress:
        """Read on until all is here, or the user has to be asked; return how far it came.

        Raises:
            InsticaError: it did not come to an end; what was stored stays, as does the point to go on from.
        """
        age = millis(self._clock()) - progress.started
        if progress.phase != SCANNING or not 0 <= age < _STALE_MS:
            progress = await self._begin(progress)
        if progress.phase == SCANNING:
            progress = await self._read_all(progress)
            progress = await self._finish(progress)
        await self._save(progress)
        return progress

    async def _begin(self, progress: Progress) -> Progress:
        first = await self._first()
        if first.count == 0 and not progress.empty_accepted and await self._tables.held(self._reader.entity):
            return msgspec.structs.replace(progress, phase=ASKS)
        told = not first.has_more or first.count > len(first.records) + first.skipped
        begun = msgspec.structs.replace(
            progress,
            generation=progress.generation + 1,
            phase=SCANNING,
            pages=0,
            begun_with=first.count if told else UNKNOWN,
            count=first.count,
            skipped=0,
            mark=max(changed(first), default=0),
            at_mark=made_last(first),
            started=millis(self._clock()),
        )
        await self._save(begun)
        return begun

    async def _first(self) -> Read:
        """Return the page of what is newest, once the server says the same of it twice.

        It may count before it reads the rows: what is made between the two would stand for one that slips.
        """
        said = None
        for left in reversed(range(_LOOKS)):
            first = await self._reader.page(self._reader.newest_first, 1)
            first.hold.close()
            says = (first.count, made_last(first))
            if says == said or not left:
                return first
            said = says
        raise AssertionError("the last round returns")

    # ------------------------------------------------------------ reading

    async def _read_all(self, progress: Progress) -> Progress:
        more = not progress.pages
        while True:
            before = progress.pages
            progress = await self._read_on(progress, more=more)
            ended = more and progress.pages == before  # whatever the last page says of a next one
            try:
                end = await self._reader.page(OLDEST_FIRST, max(1, progress.pages))
            except NotFound:
                if progress.pages <= 1:
                    raise
                progress = msgspec.structs.replace(progress, pages=progress.pages - 1)
                continue
            progress = await self._store(progress, [end])
            more = end.has_more
            if ended or not more:
                return progress

    async def _read_on(self, progress: Progress, *, more: bool) -> Progress:
        """Read the pages that are not here; `more`: there is at least one, whatever the count says."""
        first, last = progress.pages + 1, -(-progress.count // self._reader.size)
        if first > last and not more:
            return progress
        stream = Stream(self._reader, first, last, self._pace.mirror_commit)
        try:
            async for batch in stream.batches():
                progress = await self._store(progress, batch)
        finally:
            await stream.close()
        return progress

    async def _store(self, progress: Progress, batch: Sequence[Read]) -> Progress:
        """Store pages with the point behind them, then mend the seams at which the list moved."""
        fresh = [read for read in batch if read.number > progress.pages]
        after = msgspec.structs.replace(
            progress,
            pages=max(progress.pages, batch[-1].number),
            count=batch[-1].count,
            skipped=progress.skipped + sum(read.skipped for read in fresh),
        )
        news = await self._put(batch, after)
        before = progress.count
        for read, new in zip(batch, news, strict=True):
            self._circles.note(new, unread=read.skipped, count=read.count)
            if read.count != before and read.number > 1:
                await self._mend(after, read.number - 1)
            before = read.count
        return after

    async def _mend(self, progress: Progress, number: int) -> None:
        """Read a page again, and the ones before it as long as there is anything new on them."""
        while number >= 1:
            try:
                read = await self._reader.page(OLDEST_FIRST, number)
            except NotFound:
                number -= 1
                continue
            if not (await self._put([read], progress))[0]:
                return
            number -= 1

    async def _put(self, batch: Sequence[Read], progress: Progress) -> list[int]:
        try:
            records = [read.records for read in batch]
            asked = min(read.asked for read in batch)
            new = await self._tables.store(self._reader.entity, records, asked, progress)
        finally:
            for read in batch:
                read.hold.close()
        self._tell(progress)
        return new

    # ------------------------------------------------------------ the end

    async def _finish(self, progress: Progress) -> Progress:
        """Prove that everything was seen; if so, or if it cannot be had better, the copy is complete."""
        entity = self._reader.entity
        tally = await self._tables.tally(entity, progress.generation, progress.mark, progress.at_mark)
        told = progress.begun_with != UNKNOWN
        proven = told and tally.seen_old + progress.skipped >= progress.begun_with
        if told and not proven and progress.tries + 1 < _TRIES:
            phase = FRESH if progress.completed else NEVER
            return msgspec.structs.replace(progress, phase=phase, tries=progress.tries + 1, again=True)
        off = progress.count - tally.seen
        twice = off == progress.off  # what two scans find is no accident
        listed = 0 if twice else tally.seen
        shrank = progress.count < max(progress.begun_with + tally.seen - tally.seen_old, listed)
        whole = proven and not shrank and not progress.skipped
        left, alive = await self._absence.settle(progress, whole=whole)
        again = (whole and left > 0) or (told and shrank and progress.tries + 1 < _TRIES)
        return msgspec.structs.replace(
            progress,
            phase=FRESH,
            tries=progress.tries + 1 if again else 0,
            off=off,
            again=again,
            empty_accepted=False,
            completed=millis(self._clock()),
            checked=progress.started,
            gap=(off - alive if twice else 0) if whole else progress.skipped,
            floor=max(progress.floor, progress.mark - OVERLAP_MS * 1000),
            heads=((progress.mark, progress.started),),
            deltas=0,
            differing=0,
        )

    async def _save(self, progress: Progress) -> None:
        await self._tables.save(self._reader.entity, progress)
        self._tell(progress)
