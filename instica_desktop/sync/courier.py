"""Delivers one operation and says how it went. Reads before it writes wherever that can prevent harm.

Creates, parcels, offers and photos of uncertain outcome are looked for by what identifies them (SKU, tracking
number, marketplace, SHA-256), twice with a pause between, before they are sent again under the same
Idempotency-Key. How each kind goes stands in `delivery`.
"""

from typing import TYPE_CHECKING, Any

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind
from instica_desktop.store.store import Store
from instica_desktop.sync.attempts import Attempt, Verdict
from instica_desktop.sync.delivery.base import Progress, Way
from instica_desktop.sync.delivery.covers import CoverDelivery
from instica_desktop.sync.delivery.listings import ListingDelivery
from instica_desktop.sync.delivery.parcels import ParcelDelivery
from instica_desktop.sync.delivery.photos import PhotoDelivery
from instica_desktop.sync.delivery.records import RecordDelivery
from instica_desktop.sync.pace import Pace

if TYPE_CHECKING:
    from instica_desktop.api import InsticaClient
    from instica_desktop.api.sections.base import RecordSection


class Courier:
    """Knows how each kind of operation reaches the server."""

    def __init__(self, client: "InsticaClient", store: Store, pace: Pace, progress: Progress) -> None:
        self._records = RecordDelivery(client, store, pace, progress)
        others = (kind(client, store, pace, progress) for kind in _OTHERS)
        self._ways: dict[OpKind, Way] = self._records.ways()
        for other in others:
            self._ways |= other.ways()

    async def deliver(self, attempt: Attempt) -> Verdict:
        """Deliver one operation.

        Raises:
            InsticaError: it did not arrive, or nobody can tell (`attempt.wrote`).
        """
        return await self._ways[attempt.operation.kind](attempt)

    def section(self, entity: Entity) -> "RecordSection[Any]":
        """Return the part of the client that has this kind of record."""
        return self._records.section(entity)


_OTHERS = (PhotoDelivery, ParcelDelivery, ListingDelivery, CoverDelivery)
