"""What all ways of delivery share: the client, looking twice, reading back what was changed."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from instica_desktop.core.errors import InsticaError, NotFound
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.operations import Edit, Operation
from instica_desktop.core.query import Query
from instica_desktop.core.steps import reached
from instica_desktop.store.store import Store
from instica_desktop.store.unsent import CLOCKS_DIFFER
from instica_desktop.sync.attempts import Attempt, Clashed, Delivered, Verdict
from instica_desktop.sync.pace import Pace

if TYPE_CHECKING:
    from instica_desktop.api import InsticaClient
    from instica_desktop.api.sections.base import RecordSection

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""(uuid of the operation, bytes sent, bytes in all)."""
Way = Callable[[Attempt], Awaitable[Verdict]]

NOTHING: Mapping[str, Any] = {}
CHANGED = "This was changed on the server as well. Choose which value to keep."


class Delivery:
    """Base of the classes that deliver one kind of thing."""

    def __init__(self, client: "InsticaClient", store: Store, pace: Pace, progress: Progress) -> None:
        self._client = client
        self._store = store
        self._pace = pace
        self._progress = progress

    def section(self, entity: Entity) -> "RecordSection[Any]":
        """Return the part of the client that has this kind of record."""
        sections: dict[Entity, RecordSection[Any]] = {
            Entity.PRODUCT: self._client.products,
            Entity.ITEM: self._client.inventory,
            Entity.ORDER: self._client.orders,
        }
        return sections[entity]

    def reading(self, attempt: Attempt) -> None:
        """Number what is read next, so that a newer answer that overtakes it is not written over."""
        attempt.asked = attempt.hold.enter_context(self._store.cache.tickets.asking())

    async def look_twice(self, look: Callable[[], Awaitable[list[T]]]) -> list[T]:
        """Look for something that may have been made; a server may be slow to show it."""
        found = await look()
        if not found:
            await asyncio.sleep(self._pace.readback_gap)
            found = await look()
        return found

    async def seen_again(self, attempt: Attempt, replaced: dict[str, str] | None = None) -> Delivered:
        """Read the changed record, and the item of an order. Failing at that undoes no delivery."""
        operation = attempt.operation
        self.reading(attempt)
        try:
            record = (await self.section(operation.entity).get(operation.uid)).record
        except NotFound:
            if attempt.wrote:
                return Delivered(replaced=replaced or {}, stale=True)
            raise
        except InsticaError:
            return Delivered(replaced=replaced or {}, stale=True)
        records = [(operation.entity, record), *await self._sold_item(record)]
        return Delivered(tuple(records), replaced=replaced or {})

    async def copies(
        self, item: InventoryItem, uids: Collection[str]
    ) -> tuple[tuple[Entity, Record[InventoryItem]], ...]:
        """Read the other copies that share an offer with an item. Failing at that undoes no delivery."""
        wanted = set(uids) - {item.uid}
        if not wanted or item.product is None:
            return ()
        found: dict[str, Record[InventoryItem]] = {}
        same = Query(Entity.ITEM).with_filter("product", [item.product.uid])
        with suppress(InsticaError):
            async for record in self._client.inventory.all(same):
                found[record.data.uid] = record
                if wanted <= found.keys():
                    break
        return tuple((Entity.ITEM, found[uid]) for uid in sorted(wanted & found.keys()))

    async def clashed(self, attempt: Attempt, message: str, theirs: Mapping[str, Any] = NOTHING) -> Clashed:
        """Return that the user has to decide, with the record as it stands: whoever decides sees it so."""
        return Clashed(message, theirs, (await self.seen_again(attempt)).records)

    async def _sold_item(self, record: Record[Any]) -> list[tuple[Entity, Record[InventoryItem]]]:
        listing = getattr(record.data, "inventory_item_listing", None)
        item = listing.inventory_item if listing else None
        if item is None or not item.uid:
            return []
        try:
            return [(Entity.ITEM, (await self._client.inventory.get(item.uid)).record)]
        except InsticaError:
            return []


async def writing(attempt: Attempt, call: Awaitable[T]) -> T:
    """Await a write; from here on, only a definite answer tells whether it was done."""
    attempt.wrote = True
    reached("about to write")
    answer = await call
    attempt.asked = None
    return answer


def wire_fields(part: Any, edits: tuple[Edit, ...]) -> dict[str, Any]:
    """Return the fields of a parcel or an offer that are edited, as they stand on the wire."""
    return {edit.field: msgspec.to_builtins(getattr(part, edit.field, None)) for edit in edits}


def made_after(moment: datetime | None, since: str) -> bool:
    """Tell whether something can have been made after a moment (ISO 8601; empty: any); clocks may differ."""
    return moment is None or not since or moment > datetime.fromisoformat(since) - CLOCKS_DIFFER


def made_since(moment: datetime | None, operation: Operation) -> bool:
    """Tell whether something can have been made by an operation; clocks may differ. An unknown time may."""
    return moment is None or moment > operation.created - CLOCKS_DIFFER
