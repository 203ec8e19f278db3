"""Figures about orders, and shipping many at once. Source: api contract, Orders & sales."""

from datetime import UTC, date, datetime
from typing import Any

from rest_framework import serializers

from instica_desktop.server.domain.spans import (
    GRANULARITIES,
    MOST_BUCKETS,
    Span,
    bucket_count,
    default_span,
)
from instica_desktop.server.serializers import common
from instica_desktop.server.serializers.fields import CentsField, ChoiceField, TextField
from instica_desktop.server.serializers.orders import AlsoOnRecord, ShipmentForm, ShipmentRecord

MOST_SHIPPED = 500
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


def with_bounds(fields: dict[str, Any]) -> dict[str, Any]:
    """Return fields with `first` and `last` called `from` and `to`, as no attribute of Python can be."""
    names = {"first": "from", "last": "to"}
    for name in names:
        fields[name].source = name
    return {names.get(name, name): field for name, field in fields.items()}


class SalesSumsRecord(serializers.Serializer):
    """Sums over what is known, and how many orders lack an amount.

    `net_revenue` is null while any part of it is unknown; `net_revenue_known` is that of the other orders.
    """

    orders = serializers.IntegerField()
    revenue = CentsField(source="revenue_cents")
    marketplace_fees = CentsField()
    platform_fees = CentsField()
    fees = CentsField(source="fees_cents")
    shipping = CentsField(source="shipping_cents")
    net_revenue = CentsField(source="net_cents", allow_null=True)
    net_revenue_known = CentsField(source="known_net_cents")
    average_sale_price = CentsField(source="average_cents", allow_null=True)
    orders_with_unknown_price = serializers.IntegerField(source="unknown_prices")
    orders_with_unknown_fees = serializers.IntegerField(source="unknown_fees")
    orders_with_unknown_shipping = serializers.IntegerField(source="unknown_shipping")
    orders_with_unknown_net = serializers.IntegerField(source="unknown_net")


class OrderStatsRecord(serializers.Serializer):
    """Orders by status, and sums over all time and over whole UTC days up to today.

    Cancelled and refunded orders are counted by status only.
    """

    count = serializers.IntegerField()
    by_status = serializers.DictField(child=serializers.IntegerField())
    all_time = SalesSumsRecord()
    today = SalesSumsRecord()
    last_7_days = SalesSumsRecord()
    last_30_days = SalesSumsRecord()
    last_365_days = SalesSumsRecord()


class SalesPointRecord(SalesSumsRecord):
    """The sums of one day, week (`period` is its Monday) or month (its first day)."""

    period = serializers.DateField()


class SalesSeriesRecord(serializers.Serializer):
    """Sums over time; days without a sale are in it with zeros."""

    first = serializers.DateField()
    last = serializers.DateField()
    granularity = serializers.CharField()
    platform = serializers.CharField(allow_null=True)
    series = SalesPointRecord(many=True)
    total = SalesSumsRecord()

    def get_fields(self) -> dict[str, Any]:
        """Return the fields with the bounds under their names on the wire."""
        return with_bounds(super().get_fields())


class DayField(serializers.DateField):
    """A day of the calendar, YYYY-MM-DD, between the years 1900 and 2199."""

    default_error_messages = {"range": "Ensure the year lies between 1900 and 2199."}

    def to_internal_value(self, value: Any) -> date:
        """Return the day. Errors: `invalid`, `range`."""
        day = super().to_internal_value(value)
        if not EARLIEST <= day <= LATEST:
            self.fail("range")
        return day


def today() -> date:
    """Return the present UTC day."""
    return datetime.now(UTC).date()


class SpanForm(serializers.Serializer):
    """From when to when (whole UTC days, both included), and on which platform."""

    first = DayField(required=False)
    last = DayField(required=False)
    platform = ChoiceField(common.PLATFORM_CHOICES, required=False, default="")

    def get_fields(self) -> dict[str, Any]:
        """Return the fields with the bounds under their names on the wire."""
        return with_bounds(super().get_fields())

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Demand that the end is not before the beginning."""
        first, last = attrs.get("first"), attrs.get("last")
        if first and last and first > last:
            raise serializers.ValidationError({"to": ["Ensure this is not before `from`."]})
        return attrs


class SalesSeriesForm(SpanForm):
    """What a series shows."""

    granularity = ChoiceField(list(GRANULARITIES.items()), required=False, default="day")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Fill in the span, and refuse one of too many points."""
        attrs = super().validate(attrs)
        usual = default_span(attrs.get("last") or today(), attrs["granularity"])
        span = Span(attrs.get("first") or usual.first, attrs.get("last") or max(usual.last, usual.first))
        if span.first > span.last:
            raise serializers.ValidationError({"from": ["Ensure this is not in the future."]})
        if bucket_count(span, attrs["granularity"]) > MOST_BUCKETS:
            message = f"Ensure the series has at most {MOST_BUCKETS} points, or choose a coarser granularity."
            raise serializers.ValidationError({"from": [message]})
        return {**attrs, "span": span}


class BulkShipmentForm(ShipmentForm):
    """One parcel of many: the uid of its order, and what any parcel has."""

    order = TextField(64)


class BulkShipList(serializers.Serializer):
    """The parcels, each looked at by itself, so that a bad one does not stop the others.

    Hence the schema asks nothing of an entry; what is wrong with it stands in its result.
    """

    shipments = serializers.ListField(
        allow_empty=False, max_length=MOST_SHIPPED, help_text="`order`, and what a shipment has."
    )


class ShipResultRecord(serializers.Serializer):
    """How one order went: its parcel, or what is wrong, by field.

    `also_on`: where the number is on orders to other addresses; a row with `confirm` is taken.
    `notes`: what is to be looked at of a parcel that was made.
    """

    order = serializers.CharField()
    ok = serializers.BooleanField()
    shipment = ShipmentRecord(allow_null=True)
    errors = serializers.DictField(  # pyright: ignore[reportAssignmentType]
        child=serializers.ListField(child=serializers.CharField()), allow_null=True
    )
    also_on = AlsoOnRecord(many=True, allow_null=True)
    notes = serializers.ListField(child=serializers.CharField())


class ShipResultsRecord(serializers.Serializer):
    """A result for each order, in the order they were sent."""

    results = ShipResultRecord(many=True)
