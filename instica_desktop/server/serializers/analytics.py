"""Figures of the inventory on the wire. Source: api contract, Inventory, Analytics."""

from rest_framework import serializers

from instica_desktop.server.serializers.fields import CentsField


class SumsRecord(serializers.Serializer):
    """How many items, and the sums of their prices, costs and expected prices."""

    count = serializers.IntegerField()
    value_usd = CentsField(source="value_cents")
    cost_usd = CentsField(source="cost_cents")
    expected_usd = CentsField(source="expected_cents")


class StatusSums(SumsRecord):
    """The items of one status."""

    status = serializers.CharField()
    status_display = serializers.CharField()


class AgeSums(SumsRecord):
    """The unsold items of one age: `0-30`, `31-90`, `91-180`, `181-365` or `365+` days."""

    days = serializers.CharField()


class MonthRecord(serializers.Serializer):
    """One month: stock at its beginning, what came and was sold, and sold ÷ (stock + added)."""

    month = serializers.CharField()
    stock = serializers.IntegerField()
    added = serializers.IntegerField()
    sold = serializers.IntegerField()
    rate = serializers.DecimalField(max_digits=10, decimal_places=4, allow_null=True)
    sold_value_usd = CentsField(source="sold_value_cents")


class PlatformSums(serializers.Serializer):
    """One platform: live offers and sales."""

    platform = serializers.CharField()
    platform_name = serializers.CharField()
    listed = serializers.IntegerField()
    listed_value_usd = CentsField(source="listed_value_cents")
    sold = serializers.IntegerField()
    revenue_usd = CentsField(source="revenue_cents")


class AnalyticsRecord(serializers.Serializer):
    """Figures of the inventory; `in_stock` and `ageing` count unsold items, `sell_through` the last year."""

    in_stock = SumsRecord()
    by_status = StatusSums(many=True)
    ageing = AgeSums(many=True)
    sell_through = MonthRecord(many=True)
    by_platform = PlatformSums(many=True)
