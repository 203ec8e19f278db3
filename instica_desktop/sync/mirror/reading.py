"""The requests of the mirror: pages, each with the number it was asked under."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.query import Query
from instica_desktop.store.cache import Cache
from instica_desktop.store.values import EPOCH, micros
from instica_desktop.sync.mirror.gate import Gate

if TYPE_CHECKING:
    from instica_desktop.api import Fetched, Page

OLDEST_FIRST = "created"
"""The order of a full scan: what is made meanwhile comes behind everything else and shifts nothing."""


class Server(Protocol):
    """What the mirror asks of one kind of record. Raises InsticaError; NotFound past the last page."""

    async def page(
        self, query: Query, page: int = 1, page_size: int = 100, *, updated_after: str = ""
    ) -> "Page[Any]": ...
    async def get(self, uid: str) -> "Fetched[Any]": ...


class Read(msgspec.Struct, frozen=True):
    """A page that came. Until it is stored `hold` keeps answers apart that were asked for earlier."""

    number: int
    records: tuple[Record[Any], ...]
    count: int
    has_more: bool
    skipped: int
    asked: int
    hold: ExitStack


class Reader:
    """Asks for pages of one kind of record, and tells the gate how long that took."""

    def __init__(
        self,
        entity: Entity,
        server: Callable[[], Server],
        cache: Cache,
        gate: Gate,
        size: int,
    ) -> None:
        self.entity = entity
        self.size = size
        self.gate = gate
        self.cache = cache
        self._server = server

    async def page(self, ordering: str, number: int, *, after: int = 0, size: int = 0) -> Read:
        """Read one page, of what changed `after` (µs since 2000) if that is given."""
        query = Query(self.entity).with_ordering(ordering)
        with ExitStack() as hold:
            asked = hold.enter_context(self.cache.tickets.asking())
            began = monotonic()
            since = _iso(after) if after else ""
            answer = await self._server().page(query, number, size or self.size, updated_after=since)
            self.gate.answered(monotonic() - began)
            parts = (answer.records, answer.count, answer.has_more, answer.skipped)
            return Read(number, *parts, asked, hold.pop_all())

    async def keep(self, uid: str) -> None:
        """Read one record and store it. Raises NotFound when the server itself says that it is gone."""
        with self.cache.tickets.asking() as asked:
            fetched = await self._server().get(uid)
            await self.cache.upsert(self.entity, [fetched.record], asked=asked)

    async def store(self, read: Read) -> None:
        """Store a page that belongs to no scan."""
        with read.hold:
            await self.cache.upsert(self.entity, read.records, asked=read.asked)

    @property
    def newest_first(self) -> str:
        """The order in which what changed last comes first; orders have none: what was made last."""
        return "-created" if self.entity is Entity.ORDER else "-updated"

    def newest_of(self, first: Read) -> int:
        """Return the time (µs since 2000) after which nothing was made that a first page's count includes."""
        if self.entity is not Entity.ORDER:
            return max(changed(first), default=0)
        moments = (micros(record.data.created) for record in first.records)
        return max((moment for moment in moments if moment is not None), default=0)


def changed(read: Read) -> list[int]:
    """Return when the records of a page last changed, in µs since 2000."""
    moments = (micros(record.data.updated) for record in read.records)
    return [moment for moment in moments if moment is not None]


def _iso(moment: int) -> str:
    return (EPOCH + timedelta(microseconds=moment)).isoformat().replace("+00:00", "Z")
