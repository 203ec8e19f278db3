"""`/api/v1/orders/stats/`, `analytics/`, `reports/`, `bulk-ship/`. Source: api contract, Orders & sales."""

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response

from instica_desktop.server.domain.carriers import carrier_note
from instica_desktop.server.domain.roles import Action
from instica_desktop.server.domain.spans import GRANULARITIES, Span
from instica_desktop.server.models import Order, Shipment
from instica_desktop.server.operations import entitlements
from instica_desktop.server.operations.orders import create_shipment
from instica_desktop.server.operations.parcel_numbers import SharedNumber, home_note
from instica_desktop.server.reports.sales import orders_in, series, stats, summed
from instica_desktop.server.reports.tables import REPORTS, table
from instica_desktop.server.serializers.common import ErrorRecord
from instica_desktop.server.serializers.fields import quoted
from instica_desktop.server.serializers.sales import (
    EARLIEST,
    LATEST,
    BulkShipList,
    BulkShipmentForm,
    OrderStatsRecord,
    SalesSeriesForm,
    SalesSeriesRecord,
    ShipResultsRecord,
    SpanForm,
    today,
)
from instica_desktop.server.storage.transactions import writing
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, ShopViewSet, write
from instica_desktop.server.views.orders import order_rows
from instica_desktop.server.web.csv_stream import csv_answer
from instica_desktop.server.web.errors import by_field

_SPAN = [
    OpenApiParameter("from", OpenApiTypes.DATE, description="First UTC day."),
    OpenApiParameter("to", OpenApiTypes.DATE, description="Last UTC day, included."),
    OpenApiParameter("platform", OpenApiTypes.STR),
]
_GRANULARITY = OpenApiParameter("granularity", OpenApiTypes.STR, enum=list(GRANULARITIES), default="day")
_TWICE = "This order is named more than once."


def _notes(entry: dict[str, Any], shipment: Shipment) -> list[str]:
    """Return what the sender is told of a parcel that is made."""
    brought = str(entry.get("tracking_number") or "")
    carrier = carrier_note(shipment.carrier, brought, shipment.tracking_number)
    return [note for note in (carrier, home_note(shipment)) if note]


class SalesViewSet(ShopViewSet):
    """Figures about the orders, and what is done to many of them at once."""

    needs = {"bulk_ship": Action.SELL}
    queryset = Order.objects.none()

    def _asked(self, form: Any, request: Any) -> Any:
        bound = form(data={name: request.query_params[name] for name in request.query_params})
        bound.is_valid(raise_exception=True)
        return bound.validated_data

    @extend_schema(responses=OrderStatsRecord)
    def stats(self, request: Any) -> Response:
        """Return counts by status, revenue, fees, net and average over several periods."""
        return Response(OrderStatsRecord(stats(self.organization, today())).data)

    @extend_schema(parameters=[*_SPAN, _GRANULARITY], responses={200: SalesSeriesRecord, 402: ErrorRecord})
    def analytics(self, request: Any) -> Response:
        """Return the sums by day, week or month."""
        entitlements.require(self.organization, entitlements.ANALYTICS)
        asked = self._asked(SalesSeriesForm, request)
        span, granularity = asked["span"], asked["granularity"]
        orders = orders_in(self.organization, span, asked["platform"])
        record = {
            "first": span.first,
            "last": span.last,
            "granularity": granularity,
            "platform": asked["platform"] or None,
            "series": series(orders, span, granularity),
            "total": summed(orders),
        }
        return Response(SalesSeriesRecord(record).data)

    @extend_schema(
        parameters=_SPAN,
        responses={(200, "text/csv"): OpenApiTypes.STR, (404, "application/json"): ErrorRecord},
    )
    def report(self, request: Any, report: str) -> StreamingHttpResponse:
        """Return a report (sales, fees, shipping or profit) as CSV, a row for each order, oldest first."""
        if report not in REPORTS:
            raise NotFound("Not found.")
        asked = self._asked(SpanForm, request)
        first, last = asked.get("first"), asked.get("last")
        span = Span(first or EARLIEST, last or LATEST) if first or last else None
        name = "-".join([report, *(str(day) for day in (first, last) if day)])
        return csv_answer(table(report, orders_in(self.organization, span, asked["platform"])), f"{name}.csv")

    @extend_schema(request=BulkShipList, responses=ShipResultsRecord, parameters=[IDEMPOTENCY_KEY])
    @write
    def bulk_ship(self, request: Any) -> Response:
        """Ship many orders; a bad one has errors in its result and does not stop the others."""
        results, seen = list[dict[str, Any]](), set[str]()
        for entry in self.checked(BulkShipList, request)["shipments"]:
            results.append(self._ship(entry, seen))
        return Response(ShipResultsRecord({"results": results}, context={"request": request}).data)

    def _ship(self, entry: Any, seen: set[str]) -> dict[str, Any]:
        named = entry.get("order") if isinstance(entry, dict) else None
        result: dict[str, Any] = {"order": quoted(named) if isinstance(named, str) else ""}
        result |= {"shipment": None, "errors": None, "also_on": None, "notes": []}
        try:
            with writing():  # what a refused parcel has changed goes with it
                shipment = self._shipped(entry, seen)
                return {**result, "ok": True, "shipment": shipment, "notes": _notes(entry, shipment)}
        except ValidationError as error:
            return {**result, "ok": False, "errors": by_field(error.detail)}
        except SharedNumber as error:
            errors = by_field({"tracking_number": error.detail})
            return {**result, "ok": False, "errors": errors, "also_on": error.also_on}

    def _shipped(self, entry: Any, seen: set[str]) -> Shipment:
        form = BulkShipmentForm(data=entry)
        form.is_valid(raise_exception=True)
        values: Any = form.validated_data
        uid = values.pop("order")
        order = order_rows().filter(organization=self.organization, uid=uid).first()
        if order is None or uid in seen:
            raise ValidationError({"order": [_TWICE if order else "Not found."]})
        seen.add(uid)
        return create_shipment(order, values)
