"""Acts on many items on the wire. Source: api contract, Inventory, Bulk."""

from typing import Any

from rest_framework import serializers

from instica_desktop.server.domain.platforms import PLATFORMS
from instica_desktop.server.serializers import common
from instica_desktop.server.serializers.fields import CentsField, ChoiceField, CodeField, FlagField, TextField
from instica_desktop.server.serializers.inventory import ItemForm, ListingRecord

MOST_ITEMS = 500
ACTION_CHOICES = [
    ("update", "Update"),
    ("set_status", "Set status"),
    ("adjust_price", "Adjust price"),
    ("list", "List"),
    ("delist", "Delist"),
    ("delete", "Delete"),
]
_PLATFORM_CHOICES = [(platform.slug, platform.name) for platform in PLATFORMS]


class StatusChange(serializers.Serializer):
    """What `set_status` takes."""

    status = ChoiceField(common.ITEM_STATUS_CHOICES)


class PriceChange(serializers.Serializer):
    """What `adjust_price` takes: a percentage, or an amount in dollars; either may be below zero."""

    percent = serializers.DecimalField(
        required=False, max_digits=8, decimal_places=3, min_value=-99, max_value=1000
    )
    amount_usd = serializers.DecimalField(
        required=False, max_digits=10, decimal_places=2, min_value=-1_000_000, max_value=1_000_000
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Demand one of the two; turn dollars into cents."""
        if len(attrs) != 1:
            raise serializers.ValidationError("Give either percent or amount_usd.")
        if "amount_usd" in attrs:
            return {"amount_cents": int(attrs["amount_usd"] * 100)}
        return attrs


class ListChange(serializers.Serializer):
    """What `list` takes: the platform, and price and title other than the item's."""

    platform = ChoiceField(_PLATFORM_CHOICES)
    price_usd = CentsField(source="price_cents", required=False, allow_null=True)
    title = TextField(1000, required=False)


class DelistChange(serializers.Serializer):
    """What `delist` takes: one platform, or none for all."""

    platform = ChoiceField(_PLATFORM_CHOICES, required=False)


class NoChange(serializers.Serializer):
    """What `delete` takes: nothing."""


_FORMS: dict[str, Any] = {
    "update": ItemForm,
    "set_status": StatusChange,
    "adjust_price": PriceChange,
    "list": ListChange,
    "delist": DelistChange,
    "delete": NoChange,
}


class BulkForm(serializers.Serializer):
    """One act on many items. `changes` is what the action takes."""

    action = ChoiceField(ACTION_CHOICES)
    uids = serializers.ListField(child=TextField(64), min_length=1, max_length=MOST_ITEMS)
    changes = serializers.DictField(required=False, default=dict)
    dry_run = FlagField(required=False, default=False)

    def validate_uids(self, value: list[str]) -> list[str]:
        """Return each uid once."""
        return list(dict.fromkeys(value))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check the changes by the action's own form."""
        form = _FORMS[attrs["action"]](data=attrs["changes"])
        if not form.is_valid():
            raise serializers.ValidationError({"changes": form.errors})
        if attrs["action"] == "update" and not form.validated_data:
            raise serializers.ValidationError({"changes": ["Name at least one field to change."]})
        return {**attrs, "changes": dict(form.validated_data)}


class ItemState(serializers.Serializer):
    """What an act can change on an item."""

    name = serializers.CharField()
    condition_item = CodeField(allow_null=True)
    condition_container = CodeField(allow_null=True)
    status = serializers.CharField()
    price_total_usd = CentsField(source="price_total_cents", allow_null=True)
    price_item_usd = CentsField(source="price_item_cents", allow_null=True)
    price_shipping_usd = CentsField(source="price_shipping_cents", allow_null=True)
    cost_usd = CentsField(source="cost_cents", allow_null=True)
    expected_sale_price_usd = CentsField(source="expected_cents", allow_null=True)
    manual_sku = serializers.CharField()
    manual_description = serializers.CharField()
    condition_notes = serializers.CharField()
    location = serializers.CharField()
    barcode = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    weight_grams = serializers.IntegerField(allow_null=True)
    acquired_at = serializers.DateTimeField(allow_null=True)
    listed_at = serializers.DateTimeField(allow_null=True)
    sold_at = serializers.DateTimeField(allow_null=True)
    listings = ListingRecord(many=True, source="shown_listings")


class BulkResult(serializers.Serializer):
    """How it went with one item. `after` is null when it was deleted, or nothing changed for an error."""

    uid = serializers.CharField()
    ok = serializers.BooleanField()
    before = ItemState(allow_null=True)
    after = ItemState(allow_null=True)
    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))  # pyright: ignore[reportAssignmentType]


class BulkAnswer(serializers.Serializer):
    """A result for each item, in the order asked for."""

    results = BulkResult(many=True)
