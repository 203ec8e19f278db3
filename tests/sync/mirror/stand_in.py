"""A server of one kind of record in memory, at which others make and delete records between its answers.

Its lists are what a server's are, with the ways of those we have no influence on: times in whole seconds, a
count that is asked for before the rows are, one that is never right.
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import msgspec

from instica_desktop.api import Fetched, Page
from instica_desktop.core.ages import utc_now
from instica_desktop.core.errors import NotFound
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.query import Query
from instica_desktop.core.wire import read
from instica_desktop.store.mirror import FRESH, Progress
from instica_desktop.store.store import Store
from instica_desktop.sync.mirror.delta import Delta
from instica_desktop.sync.mirror.gate import Gate
from instica_desktop.sync.mirror.keeper import TWICE
from instica_desktop.sync.mirror.reading import Reader
from instica_desktop.sync.mirror.scan import Scan
from instica_desktop.sync.pace import Pace

ITEM = Entity.ITEM


class StandIn:
    """`between` is called after the count was taken and before the rows are, `behind` after each answer.

    Its records were made some seconds `apart`: most of them before what a look for changes reads again.
    """

    def __init__(
        self, records: int, *, apart: float = 60.0, whole_seconds: bool = False, miscounts: int = 0
    ) -> None:
        self.now = datetime(2026, 7, 6, 12, tzinfo=UTC)
        self.whole_seconds, self.miscounts = whole_seconds, miscounts
        self.records: dict[str, dict[str, Any]] = {}
        self.pages = 0
        self.between: Callable[[], None] = lambda: None
        self.behind: Callable[[int], None] = lambda number: None
        self._made = 0
        for _ in range(records):
            self.now += timedelta(seconds=apart)
            self.make()

    def make(self, *, ago: float = 0.0) -> str:
        """Make a record, of a time so many seconds `ago`; return its uid."""
        self._made += 1
        uid, moment = f"u{self._made:04}", self.now - timedelta(seconds=ago)
        moment = moment.replace(microsecond=0) if self.whole_seconds else moment
        self.records[uid] = {"uid": uid, "title": uid, "created": moment, "updated": moment}
        return uid

    def delete(self, uid: str) -> None:
        """Delete a record."""
        del self.records[uid]

    @property
    def uids(self) -> set[str]:
        """The uids of all records there are."""
        return set(self.records)

    async def page(
        self, query: Query, page: int = 1, page_size: int = 100, *, updated_after: str = ""
    ) -> Page[InventoryItem]:
        """Return one page as the API's client does."""
        self.pages += 1
        field = query.ordering.removeprefix("-")
        count = len(self._found(field, updated_after))
        self.between()
        rows = self._found(field, updated_after)
        rows = rows[::-1] if query.ordering.startswith("-") else rows
        start = (page - 1) * page_size
        if page > 1 and start >= count:
            raise NotFound("Invalid page.", status=404)
        found = tuple(_record(row) for row in rows[start : start + page_size])
        self.behind(page)
        return Page(found, max(0, count + self.miscounts), start + page_size < count)

    async def get(self, uid: str) -> Fetched[InventoryItem]:
        """Return one record. Raises NotFound."""
        if uid not in self.records:
            raise NotFound("Gone.", status=404)
        return Fetched(_record(self.records[uid]))

    def _found(self, field: str, updated_after: str) -> list[dict[str, Any]]:
        since = datetime.fromisoformat(updated_after) if updated_after else None
        rows = [row for row in self.records.values() if since is None or row["updated"] > since]
        return sorted(rows, key=lambda row: (row[field], row["uid"]))


def _record(row: dict[str, Any]) -> Record[InventoryItem]:
    raw = msgspec.json.encode(row)
    return Record(read(InventoryItem, raw), raw)


class Copy:
    """The copy of a stand-in on this computer, brought up as the keeper of the mirror does it."""

    def __init__(self, folder: Path, server: StandIn, size: int) -> None:
        self.store = Store.open(folder)
        self.server = server
        self.scanning = False
        self.pace = Pace(page=size, mirror_commit=2)
        self._reader = Reader(
            ITEM, lambda: server, self.store.cache, Gate(1, lambda: True, lambda: False), size
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self.store.close()

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self.store.cache.mirror.progress(ITEM)

    async def scan(self) -> Progress:
        """Read everything once."""
        begun = msgspec.structs.replace(self.progress, again=False)
        scan = Scan(self._reader, self.store.cache.mirror, self.pace, utc_now, lambda progress: None)
        self.scanning = True
        try:
            return await scan.run(begun)
        finally:
            self.scanning = False

    async def look(self) -> Progress:
        """Read everything as often as that is due, then look for changes."""
        progress = self.progress
        while progress.phase != FRESH or progress.again or progress.differing >= TWICE:
            progress = await self.scan()
        return await Delta(self._reader, self.store.cache.mirror, utc_now).run(progress)

    async def uids(self) -> set[str]:
        """Return the uids of all records that are here."""
        ids = await self.store.cache.ids(Query(ITEM))
        return set(self.store.cache.uids(ITEM, ids))


class Others:
    """People who make and delete records at random, so many times."""

    def __init__(self, server: StandIn, chance: random.Random, acts: int) -> None:
        self._server, self._chance, self.acts = server, chance, acts

    def work(self, _number: int = 0) -> None:
        """Let some time pass, and do what there is to do in it."""
        self._server.now += timedelta(seconds=self._chance.random() * 0.4)
        while self.acts and self._chance.random() < 0.5:
            self.acts -= 1
            if self._chance.random() < 0.5 or len(self._server.records) == 1:
                self._server.make()  # a server that has none left asks first
            else:
                self._server.delete(self._chance.choice(sorted(self._server.records)))
