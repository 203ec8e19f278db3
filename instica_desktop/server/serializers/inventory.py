"""Items, their photos and offers on the wire. Source: api contract, Inventory."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from instica_desktop.server.domain.grades import CONTAINER_GRADES, ITEM_GRADES
from instica_desktop.server.domain.platforms import platform_name
from instica_desktop.server.domain.statuses import ITEM_STATUSES
from instica_desktop.server.models import Asset, Item, Listing, Product
from instica_desktop.server.operations.derived import days_in_inventory, item_title
from instica_desktop.server.operations.shared import copies_of
from instica_desktop.server.serializers import common
from instica_desktop.server.serializers.fields import (
    CentsField,
    ChoiceField,
    CodeField,
    FlagField,
    MomentField,
    NumberField,
    PriceField,
    TagsField,
    TextField,
)
from instica_desktop.server.serializers.records import Record

ASSET_KINDS = [("item", "Item"), ("container", "Container"), ("label", "Label"), ("other", "Other")]


def asset_paths(asset: Asset, product: Product) -> tuple[str, str] | None:
    """Return (full size, thumbnail) paths of a photo, None when there is nothing to show."""
    if asset.stem:
        return common.picture_paths(asset.stem, asset.suffix)
    return common.sleeve_paths(product.sleeve) if product.sleeve else None


def product_picture(product: Product) -> tuple[str, str] | None:
    """Return (full size, thumbnail) paths of a product's picture: the uploaded one, else the drawn sleeve."""
    if product.image:
        stem, _, suffix = product.image.rpartition(".")
        return common.picture_paths(stem, f".{suffix}")
    return common.sleeve_paths(product.sleeve) if product.sleeve else None


class AssetRecord(Record):
    """One photo. A drawn sleeve has no bytes before it is drawn, so its `bytes` and `sha256` are null."""

    uid = serializers.CharField()
    image = serializers.SerializerMethodField()
    thumbnail = serializers.SerializerMethodField()
    kind = serializers.CharField()
    position = serializers.IntegerField()
    is_primary = serializers.BooleanField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    bytes = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField(allow_null=True)
    created = serializers.DateTimeField()

    def _path(self, asset: Asset, index: int) -> str | None:
        paths = asset_paths(asset, asset.item.product)
        return common.media_url(self.context, paths[index]) if paths else None

    def get_image(self, asset: Asset) -> str | None:
        """Return the address of the picture at full size."""
        return self._path(asset, 0)

    def get_thumbnail(self, asset: Asset) -> str | None:
        """Return the address of the small picture."""
        return self._path(asset, 1)


class ListingErrorRecord(serializers.Serializer):
    """Why a marketplace refused an offer."""

    code = serializers.CharField()
    message = serializers.CharField()


class ListingCopyRecord(serializers.Serializer):
    """A copy on offer, as far as an offer tells of it."""

    uid = serializers.CharField()
    manual_sku = serializers.CharField()


class ListingRecord(Record):
    """An offer on one marketplace; `items` are the copies that share it, or the one it is of.

    One that `comes_back` ended because its item was sold or archived by hand: it is offered again, at this
    price and with this title, when the item is moved back to listed.
    """

    uid = serializers.CharField()
    platform = serializers.CharField()
    platform_name = serializers.SerializerMethodField()
    status = serializers.CharField()
    title = serializers.CharField()
    price_usd = CentsField(source="price_cents", allow_null=True)
    external_id = CodeField(allow_null=True)
    url = CodeField(allow_null=True)
    error = serializers.SerializerMethodField()
    items = serializers.SerializerMethodField()
    comes_back = serializers.BooleanField(source="is_out")
    listed_at = serializers.DateTimeField(allow_null=True)
    updated = serializers.DateTimeField()

    def get_platform_name(self, listing: Listing) -> str:
        """Return the marketplace's name."""
        return platform_name(listing.platform)

    @extend_schema_field(ListingErrorRecord(allow_null=True))
    def get_error(self, listing: Listing) -> dict[str, str] | None:
        """Return code and message of the last failure, or null."""
        if not listing.error_code:
            return None
        return {"code": listing.error_code, "message": listing.error_message}

    @extend_schema_field(ListingCopyRecord(many=True))
    def get_items(self, listing: Any) -> list[dict[str, str]]:
        """Return the copies that are on offer by it."""
        known = vars(listing).get("shown_copies")
        copies = copies_of(listing) if known is None else [listing.item, *(copy.item for copy in known)]
        return [{"uid": copy.uid, "manual_sku": copy.manual_sku} for copy in copies]


class ItemProductRecord(Record):
    """The product as nested in an item."""

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
    product_image = serializers.SerializerMethodField()

    def get_product_image(self, product: Product) -> str | None:
        """Return the address of the product's picture."""
        paths = product_picture(product)
        return common.media_url(self.context, paths[0]) if paths else None


class ItemRecord(Record):
    """One item. `price_total_usd`, `title` and `days_in_inventory` are computed."""

    uid = serializers.CharField()
    title = serializers.SerializerMethodField()
    name = serializers.CharField()
    product = ItemProductRecord()
    organization = common.OrganizationRecord()
    condition_item = CodeField(allow_null=True)
    condition_item_display = serializers.SerializerMethodField()
    condition_container = CodeField(allow_null=True)
    condition_container_display = serializers.SerializerMethodField()
    status = serializers.CharField()
    status_display = serializers.SerializerMethodField()
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
    days_in_inventory = serializers.SerializerMethodField()
    assets = AssetRecord(many=True, source="shown_assets")
    listings = ListingRecord(many=True, source="shown_listings")
    created = serializers.DateTimeField()
    updated = serializers.DateTimeField()

    def get_title(self, item: Item) -> str:
        """Return product title - grade."""
        return item_title(item, item.product)

    def get_condition_item_display(self, item: Item) -> str | None:
        """Return the grade's label."""
        return ITEM_GRADES.get(item.condition_item)

    def get_condition_container_display(self, item: Item) -> str | None:
        """Return the sleeve grade's label."""
        return CONTAINER_GRADES.get(item.condition_container)

    def get_status_display(self, item: Item) -> str:
        """Return the status for people."""
        return ITEM_STATUSES.get(item.status, item.status)

    def get_days_in_inventory(self, item: Item) -> int:
        """Return the age in UTC days."""
        return days_in_inventory(item)


class ItemForm(serializers.Serializer):
    """What may be sent to change an item; every field optional."""

    name = TextField(1000, required=False)
    condition_item = ChoiceField(common.ITEM_GRADE_CHOICES, required=False, allow_null=True, allow_blank=True)
    condition_container = ChoiceField(
        common.CONTAINER_GRADE_CHOICES, required=False, allow_null=True, allow_blank=True
    )
    status = ChoiceField(common.ITEM_STATUS_CHOICES, required=False)
    price_item_usd = CentsField(source="price_item_cents", required=False, allow_null=True)
    price_shipping_usd = CentsField(source="price_shipping_cents", required=False, allow_null=True)
    cost_usd = CentsField(source="cost_cents", required=False, allow_null=True)
    expected_sale_price_usd = CentsField(source="expected_cents", required=False, allow_null=True)
    manual_sku = TextField(100, required=False)
    manual_description = TextField(10_000, required=False)
    condition_notes = TextField(5_000, required=False)
    location = TextField(100, required=False)
    barcode = TextField(64, required=False)
    tags = TagsField(required=False)
    weight_grams = NumberField(required=False, allow_null=True, min_value=0, max_value=1_000_000)
    acquired_at = MomentField(required=False, allow_null=True)
    listed_at = MomentField(required=False, allow_null=True)
    sold_at = MomentField(required=False, allow_null=True)


class ItemCreateForm(ItemForm):
    """What may be sent to make an item; the context names the organization whose products count."""

    product = TextField(64)

    def validate_product(self, value: str) -> Any:
        """Return the product. Errors: for one that is absent or another organization's."""
        products = Product.objects.select_related("artist", "label", "organization")
        found = products.filter(organization=self.context["organization"], uid=value).first()
        if found is None:
            raise serializers.ValidationError("There is no product with this uid.")
        return found


class ListingForm(serializers.Serializer):
    """What may be changed on an offer; a title or price that is not sent stays."""

    price_usd = PriceField(source="price_cents", required=False)
    title = TextField(1000, required=False)


class ListingCreateForm(ListingForm):
    """Where to put an item on offer; price and title are the item's unless given."""

    platform = ChoiceField(common.PLATFORM_CHOICES)


class AssetForm(serializers.Serializer):
    """What may be changed on a photo."""

    kind = ChoiceField(ASSET_KINDS, required=False)
    is_primary = FlagField(required=False)


class AssetUploadForm(serializers.Serializer):
    """A photo on its way in (multipart)."""

    image = serializers.FileField(allow_empty_file=True)
    kind = ChoiceField(ASSET_KINDS, required=False, default="item")


class AssetOrderForm(serializers.Serializer):
    """The photos' uids in their new order."""

    order = serializers.ListField(child=TextField(64), max_length=100)
