"""Products on the wire. Source: api contract, Products."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from instica_desktop.server.domain.grades import ITEM_GRADES
from instica_desktop.server.domain.platforms import platform_name
from instica_desktop.server.domain.statuses import ITEM_STATUSES
from instica_desktop.server.models import Item, Product
from instica_desktop.server.serializers import common
from instica_desktop.server.serializers.fields import (
    CentsField,
    ChoiceField,
    CodeField,
    FlagField,
    NumberField,
    TagsField,
    TextField,
)
from instica_desktop.server.serializers.inventory import product_picture
from instica_desktop.server.serializers.records import Record


class ProductItemRecord(Record):
    """An item as nested in its product."""

    uid = serializers.CharField()
    status = serializers.CharField()
    status_display = serializers.SerializerMethodField()
    condition_item = CodeField(allow_null=True)
    condition_item_display = serializers.SerializerMethodField()
    condition_container = CodeField(allow_null=True)
    price_total_usd = CentsField(source="price_total_cents", allow_null=True)
    manual_sku = serializers.CharField()

    def get_status_display(self, item: Item) -> str:
        """Return the status for people."""
        return ITEM_STATUSES.get(item.status, item.status)

    def get_condition_item_display(self, item: Item) -> str | None:
        """Return the grade's label."""
        return ITEM_GRADES.get(item.condition_item)


class DigitalAssetRecord(Record):
    """A file sold with a digital product."""

    uid = serializers.CharField()
    filename = serializers.CharField()


class PresenceRecord(Record):
    """Where a product is on offer."""

    uid = serializers.CharField()
    platform = serializers.CharField()
    platform_name = serializers.CharField()
    external_id = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    status = serializers.CharField()


def presences(product: Any) -> list[dict[str, Any]]:
    """Return one presence a platform: the live offer of the newest of the product's items (prefetched)."""
    found: dict[str, dict[str, Any]] = {}
    for item in product.offered_items:
        for listing in item.listings.all():
            if listing.status == "listed" and listing.platform not in found:
                found[listing.platform] = {
                    "uid": listing.uid,
                    "platform": listing.platform,
                    "platform_name": platform_name(listing.platform),
                    "external_id": listing.external_id or None,
                    "url": listing.url or None,
                    "status": listing.status,
                }
    return [found[platform] for platform in sorted(found)]


class ProductRecord(Record):
    """One product; counts: total = unsold items, available = received or ready to sell."""

    uid = serializers.CharField()
    title = serializers.CharField()
    type = serializers.CharField()
    artist = common.NamedRecord(allow_null=True)
    label = common.NamedRecord(allow_null=True)
    catalog_number = serializers.CharField()
    barcode = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    format = serializers.CharField()
    country = serializers.CharField()
    genres = serializers.ListField(child=serializers.CharField())
    tags = serializers.ListField(child=serializers.CharField())
    total_inventory_count = serializers.IntegerField(source="total_count")
    listed_inventory_count = serializers.IntegerField(source="listed_count")
    available_inventory_count = serializers.IntegerField(source="available_count")
    price_min_usd = CentsField(source="price_min_cents", allow_null=True)
    price_max_usd = CentsField(source="price_max_cents", allow_null=True)
    product_image = serializers.SerializerMethodField()
    product_image_thumbnail = serializers.SerializerMethodField()
    marketplace_description = serializers.CharField()
    license_type = serializers.CharField()
    license_notes = serializers.CharField()
    discogs_release_id = serializers.IntegerField(allow_null=True)
    uploadable_to_redbubble = serializers.BooleanField()
    digital_assets = DigitalAssetRecord(many=True)
    inventory_items = ProductItemRecord(many=True, source="newest_items")
    marketplace_presences = serializers.SerializerMethodField()
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()

    def _picture(self, product: Product, index: int) -> str | None:
        paths = product_picture(product)
        return common.media_url(self.context, paths[index]) if paths else None

    def get_product_image(self, product: Product) -> str | None:
        """Return the address of the picture at full size."""
        return self._picture(product, 0)

    def get_product_image_thumbnail(self, product: Product) -> str | None:
        """Return the address of the small picture."""
        return self._picture(product, 1)

    @extend_schema_field(PresenceRecord(many=True))
    def get_marketplace_presences(self, product: Product) -> list[dict[str, Any]]:
        """Return where the product is on offer."""
        return presences(product)


class NamedForm(serializers.Serializer):
    """An artist or label by uid, or by name (found or made)."""

    uid = TextField(64, required=False, allow_null=False, allow_blank=False)
    name = TextField(500, required=False, allow_null=False, allow_blank=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Demand one of the two; the uid wins."""
        if not attrs:
            raise serializers.ValidationError("Give a uid or a name.")
        return attrs


class ProductForm(serializers.Serializer):
    """What may be sent to make or change a product."""

    title = TextField(1000)
    type = ChoiceField(common.PRODUCT_TYPE_CHOICES, required=False)
    artist = NamedForm(required=False, allow_null=True)
    label = NamedForm(required=False, allow_null=True)
    catalog_number = TextField(200, required=False)
    barcode = TextField(64, required=False)
    year = NumberField(required=False, allow_null=True, min_value=1850, max_value=2200)
    format = TextField(200, required=False)
    country = TextField(100, required=False)
    genres = TagsField(required=False)
    tags = TagsField(required=False)
    marketplace_description = TextField(20_000, required=False)
    license_type = TextField(100, required=False)
    license_notes = TextField(10_000, required=False)
    discogs_release_id = NumberField(required=False, allow_null=True, min_value=1, max_value=2_000_000_000)
    uploadable_to_redbubble = FlagField(required=False)


class ImageUploadForm(serializers.Serializer):
    """A product's picture on its way in (multipart)."""

    image = serializers.FileField(allow_empty_file=True)
