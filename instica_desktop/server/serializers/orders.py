"""Orders and shipments on the wire. Source: api contract, Orders & sales.

Unknown amounts are null, never 0.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from instica_desktop.server.domain.grades import CONTAINER_GRADES, ITEM_GRADES
from instica_desktop.server.domain.platforms import platform_name
from instica_desktop.server.domain.tracking import NotANumber, clean_number
from instica_desktop.server.models import Item, Order
from instica_desktop.server.operations.derived import item_title
from instica_desktop.server.serializers import common
from instica_desktop.server.serializers.fields import (
    CentsField,
    ChoiceField,
    CodeField,
    FlagField,
    MomentField,
    NumberField,
    TextField,
)
from instica_desktop.server.serializers.inventory import asset_paths
from instica_desktop.server.serializers.records import Record


class OrderedItemRecord(Record):
    """The item that was sold, as much as packing it needs."""

    uid = serializers.CharField()
    title = serializers.SerializerMethodField()
    artist = serializers.SerializerMethodField()
    manual_sku = serializers.CharField()
    location = serializers.CharField()
    condition_item_display = serializers.SerializerMethodField()
    condition_container_display = serializers.SerializerMethodField()
    thumbnail = serializers.SerializerMethodField()

    def get_title(self, item: Item) -> str:
        """Return product title - grade."""
        return item_title(item, item.product)

    def get_artist(self, item: Item) -> str | None:
        """Return the name of the product's artist."""
        artist = item.product.artist
        return artist.name if artist else None

    def get_condition_item_display(self, item: Item) -> str | None:
        """Return the grade's label."""
        return ITEM_GRADES.get(item.condition_item)

    def get_condition_container_display(self, item: Item) -> str | None:
        """Return the sleeve grade's label."""
        return CONTAINER_GRADES.get(item.condition_container)

    def get_thumbnail(self, item: Any) -> str | None:
        """Return the address of the primary photo, small."""
        primary = next((asset for asset in item.assets.all() if asset.is_primary), None)
        paths = asset_paths(primary, item.product) if primary else None
        return common.media_url(self.context, paths[1]) if paths else None


class OrderListingRecord(Record):
    """The offer through which the order came."""

    uid = serializers.CharField()
    title = serializers.CharField()
    price_usd = CentsField(source="price_cents", allow_null=True)
    inventory_item = OrderedItemRecord(source="item")


class AddressRecord(Record):
    """Where to ship; `country` is ISO 3166-1 alpha-2."""

    full_name = serializers.CharField()
    line1 = serializers.CharField()
    line2 = serializers.CharField()
    city = serializers.CharField()
    state = serializers.CharField()
    postal_code = serializers.CharField()
    country = serializers.CharField()
    phone = serializers.CharField()


class ShipmentRecord(Record):
    """One parcel."""

    uid = serializers.CharField()
    carrier = serializers.CharField()
    service = CodeField(allow_null=True)
    tracking_number = CodeField(allow_null=True)
    status = serializers.CharField()
    weight_grams = serializers.IntegerField(allow_null=True)
    cost_usd = CentsField(source="cost_cents", allow_null=True)
    shipped_at = serializers.DateTimeField(allow_null=True)
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()


def _net_cents(order: Order) -> int | None:
    parts = (order.marketplace_fee_cents, order.platform_fee_cents, order.shipping_cost_cents)
    if order.sale_price_cents is None or None in parts:
        return None
    return order.sale_price_cents - sum(part for part in parts if part is not None)


class OrderRecord(Record):
    """One sale. The shipment fields on top tell of the newest parcel."""

    uid = serializers.CharField()
    order_id = CodeField(allow_null=True)
    status = serializers.CharField()
    platform = serializers.CharField()
    platform_name = serializers.SerializerMethodField()
    buyer_name = CodeField(allow_null=True)
    buyer_note = serializers.CharField()
    sale_price = CentsField(source="sale_price_cents", allow_null=True)
    marketplace_fee = CentsField(source="marketplace_fee_cents", allow_null=True)
    platform_fee = CentsField(source="platform_fee_cents", allow_null=True)
    shipping_cost = CentsField(source="shipping_cost_cents", allow_null=True)
    net_revenue = serializers.SerializerMethodField()
    sold_at = serializers.DateTimeField()
    inventory_item_listing = OrderListingRecord(source="listing", allow_null=True)
    shipment_tracking_number = serializers.SerializerMethodField()
    shipment_carrier = serializers.SerializerMethodField()
    shipment_status = serializers.SerializerMethodField()
    shipment_address = serializers.SerializerMethodField()
    shipments = ShipmentRecord(many=True)
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()

    def get_platform_name(self, order: Order) -> str:
        """Return the marketplace's name."""
        return platform_name(order.platform)

    @extend_schema_field(CentsField(allow_null=True))
    def get_net_revenue(self, order: Order) -> str | None:
        """Return sale price less fees and shipping, null when any part is unknown."""
        net = _net_cents(order)
        return None if net is None else CentsField().to_representation(net)

    def _newest(self, order: Any, name: str) -> str | None:
        parcels = list(order.shipments.all())
        return (getattr(parcels[-1], name) or None) if parcels else None

    def get_shipment_tracking_number(self, order: Order) -> str | None:
        """Return the newest parcel's tracking number."""
        return self._newest(order, "tracking_number")

    def get_shipment_carrier(self, order: Order) -> str | None:
        """Return the newest parcel's carrier."""
        return self._newest(order, "carrier")

    def get_shipment_status(self, order: Order) -> str | None:
        """Return the newest parcel's status."""
        return self._newest(order, "status")

    @extend_schema_field(AddressRecord(allow_null=True))
    def get_shipment_address(self, order: Order) -> dict[str, Any] | None:
        """Return the address, null when the marketplace gave none."""
        return order.address


class OrderForm(serializers.Serializer):
    """What may be changed on an order."""

    buyer_note = TextField(5_000, required=False)


class TrackingNumberField(TextField):
    """A tracking number: what stands around it and between its figures is not kept."""

    _MOST_READ = 2_000

    def to_internal_value(self, data: Any) -> str:
        """Return the number. Errors: what a spreadsheet damaged, and those of any text."""
        if isinstance(data, str) and len(data) <= self._MOST_READ:
            try:
                data = clean_number(data)
            except NotANumber as error:
                raise serializers.ValidationError(str(error)) from None
        return super().to_internal_value(data)


class ShipmentForm(serializers.Serializer):
    """What may be sent to make or change a parcel."""

    carrier = ChoiceField(common.CARRIER_CHOICES)
    service = TextField(100, required=False)
    tracking_number = TrackingNumberField(100, required=False)
    status = ChoiceField(common.SHIPMENT_STATUS_CHOICES, required=False)
    weight_grams = NumberField(required=False, allow_null=True, min_value=0, max_value=1_000_000)
    cost_usd = CentsField(source="cost_cents", required=False, allow_null=True)
    shipped_at = MomentField(required=False, allow_null=True)
    confirm = FlagField(
        required=False, help_text="Take a number that an order to another address has as well."
    )


class AlsoOnRecord(serializers.Serializer):
    """An order that a number is on as well."""

    uid = serializers.CharField()
    order_id = serializers.CharField(allow_null=True)
    buyer_name = serializers.CharField(allow_null=True)
    platform = serializers.CharField()
    platform_name = serializers.CharField()
    address = serializers.CharField(help_text="`other`; `unknown` where one of both is not known.")


class SharedNumberRecord(common.ErrorRecord):
    """A number on orders to other addresses; `confirm` takes it all the same.

    `also_on` is not there in a 409 of another reason.
    """

    also_on = AlsoOnRecord(many=True, required=False)
