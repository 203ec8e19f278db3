"""Orders and their shipments. Source: api-reference, Orders & sales; shipment paths are assumed."""

from collections.abc import Sequence

from instica_desktop.api.answers import Offer
from instica_desktop.api.pages import data_of, list_of, nothing
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.api.sections.base import Fields, RecordSection, idempotent
from instica_desktop.core.models import Order, Shipment
from instica_desktop.core.models.common import Entity
from instica_desktop.core.models.order import ShipResult


class OrdersSection(RecordSection[Order]):
    """`/api/v1/orders/`."""

    def __init__(self, pipeline: Pipeline) -> None:
        super().__init__(pipeline, Entity.ORDER, Order)

    async def list_shipments(self, uid: str) -> tuple[Shipment, ...]:
        """Return an order's parcels."""
        return await self._pipeline.send(Call("GET", self._path(uid, "shipments")), list_of(Shipment))

    async def add_shipment(self, uid: str, fields: Fields, idempotency_key: str = "") -> Shipment:
        """Make a parcel (`carrier` required); order and item become `shipped`."""
        call = Call(
            "POST", self._path(uid, "shipments"), body=dict(fields), headers=idempotent(idempotency_key)
        )
        return await self._pipeline.send(call, data_of(Shipment))

    async def update_shipment(self, uid: str, shipment: str, fields: Fields) -> Shipment:
        """Change a parcel's fields."""
        call = Call("PATCH", self._path(uid, "shipments", shipment), body=dict(fields))
        return await self._pipeline.send(call, data_of(Shipment))

    async def delete_shipment(self, uid: str, shipment: str) -> None:
        """Take a parcel back; with the last one, order and item are as before.

        Raises:
            NotFound: it is gone already.
        """
        await self._pipeline.send(Call("DELETE", self._path(uid, "shipments", shipment)), nothing)

    async def bulk_ship(
        self, shipments: Sequence[Fields], idempotency_key: str = ""
    ) -> tuple[ShipResult, ...]:
        """Ship many orders at once: `order`, `carrier` and `tracking_number` of each. A result per order."""
        call = Call(
            "POST",
            f"{self._root}bulk-ship/",
            body={"shipments": [dict(fields) for fields in shipments]},
            offer=Offer.EXTRA,
            headers=idempotent(idempotency_key),
        )
        return await self._pipeline.send(call, list_of(ShipResult))
