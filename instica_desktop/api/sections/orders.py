"""Orders, their shipments and figures. Source: api-reference, Orders & sales.

Shipments, figures and reports are assumed.
"""

from collections.abc import AsyncGenerator, Sequence
from datetime import date

from instica_desktop.api.answers import Offer
from instica_desktop.api.pages import data_of, list_of, nothing
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.api.places import segment
from instica_desktop.api.sections.base import Fields, RecordSection, idempotent
from instica_desktop.core.models import Order, OrderStats, SalesSeries, Shipment
from instica_desktop.core.models.common import Entity
from instica_desktop.core.models.order import ShipResult

REPORTS = ("sales", "fees", "shipping", "profit")


class OrdersSection(RecordSection[Order]):
    """`/api/v1/orders/`."""

    def __init__(self, pipeline: Pipeline) -> None:
        super().__init__(pipeline, Entity.ORDER, Order)

    async def list_shipments(self, uid: str) -> tuple[Shipment, ...]:
        """Return an order's parcels."""
        return await self._part("GET", self._path(uid, "shipments"), list_of(Shipment))

    async def add_shipment(self, uid: str, fields: Fields, idempotency_key: str = "") -> Shipment:
        """Make a parcel (`carrier` required); order and item become `shipped`.

        Raises:
            Clash: its number is on orders to other addresses, which `more["also_on"]` names; with `confirm`
                among the fields it is made.
        """
        place, body = self._path(uid, "shipments"), dict(fields)
        return await self._part("POST", place, data_of(Shipment), body=body, idempotency_key=idempotency_key)

    async def update_shipment(
        self, uid: str, shipment: str, fields: Fields, idempotency_key: str = ""
    ) -> Shipment:
        """Change a parcel's fields. Raises as `add_shipment`."""
        place, body = self._path(uid, "shipments", shipment), dict(fields)
        return await self._part("PATCH", place, data_of(Shipment), body=body, idempotency_key=idempotency_key)

    async def delete_shipment(self, uid: str, shipment: str, idempotency_key: str = "") -> None:
        """Take a parcel back; with the last one, order and item are as before.

        Raises:
            NotFound: it is gone already.
        """
        place = self._path(uid, "shipments", shipment)
        await self._part("DELETE", place, nothing, idempotency_key=idempotency_key)

    async def bulk_ship(
        self, shipments: Sequence[Fields], idempotency_key: str = ""
    ) -> tuple[ShipResult, ...]:
        """Ship many orders at once: `order`, `carrier` and `tracking_number` of each, perhaps `confirm`.

        A result per order.
        """
        call = Call(
            "POST",
            f"{self._root}bulk-ship/",
            body={"shipments": [dict(fields) for fields in shipments]},
            offer=Offer.EXTRA,
            headers=idempotent(idempotency_key),
        )
        return await self._pipeline.send(call, list_of(ShipResult))

    async def stats(self) -> OrderStats:
        """Return counts by status, and sums over today, 7, 30 and 365 days.

        Raises:
            NotOffered: this server counts nothing.
        """
        call = Call("GET", f"{self._root}stats/", offer=Offer.EXTRA)
        return await self._pipeline.send(call, data_of(OrderStats))

    async def analytics(
        self,
        first: date | None = None,
        last: date | None = None,
        granularity: str = "day",
        platform: str = "",
    ) -> SalesSeries:
        """Return the sums by `day`, `week` or `month`, on one platform or all. Days are UTC and included.

        Raises:
            ValidationFailed: for a span of too many points.
            PlanLapsed: the plan has no analytics.
        """
        params = [("granularity", granularity), *_span(first, last, platform)]
        call = Call("GET", f"{self._root}analytics/", params, offer=Offer.EXTRA)
        return await self._pipeline.send(call, data_of(SalesSeries))

    def report(
        self, name: str, first: date | None = None, last: date | None = None, platform: str = ""
    ) -> AsyncGenerator[bytes, None]:
        """Yield a report (one of `REPORTS`) as CSV in UTF-8 as it comes; an unknown amount is an empty cell.

        Whoever may stop before its end reads it in `contextlib.aclosing`, which frees the connection.

        Raises:
            NotOffered: this server has no such report.
            ReplyLost: it broke off; what came is not the whole.
        """
        path = f"{self._root}reports/{segment(name)}/"
        call = Call("GET", path, _span(first, last, platform), offer=Offer.EXTRA)
        return self._pipeline.stream(call, "text/csv")


def _span(first: date | None, last: date | None, platform: str) -> list[tuple[str, str]]:
    named = (("from", first and first.isoformat()), ("to", last and last.isoformat()), ("platform", platform))
    return [(name, text) for name, text in named if text]
