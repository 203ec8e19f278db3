"""Inventory items: one physical copy (or licence) of a product. Source: api-reference, Inventory."""

from decimal import Decimal

from instica_desktop.core.models.account import Organization
from instica_desktop.core.models.common import Artist, Label, Measured, UtcTime, Whole, Wire


class ProductRef(Wire, frozen=True, kw_only=True):
    """The product as nested in an item.

    Barcode, label, year, format and country come where the server sends them.
    """

    uid: str = ""
    title: str = ""
    type: str = "physical"
    artist: Artist | None = None
    label: Label | None = None
    catalog_number: str | None = None
    barcode: str | None = None
    year: Whole | None = None
    format: str | None = None
    country: str | None = None
    product_image: str | None = None


class Asset(Measured, frozen=True, kw_only=True):
    """One photo. `image` and `thumbnail` are URLs; size in pixels and bytes; `sha256` of the stored file."""

    uid: str
    image: str | None = None
    thumbnail: str | None = None
    kind: str = "item"
    position: Whole = 0
    is_primary: bool = False
    width: Whole | None = None
    height: Whole | None = None
    bytes: Whole | None = None
    sha256: str | None = None
    created: UtcTime | None = None


class ListingError(Wire, frozen=True, kw_only=True):
    """Why a marketplace refused a listing."""

    code: str = ""
    message: str = ""


class ListedCopy(Wire, frozen=True, kw_only=True):
    """A copy in an offer, as far as the offer tells of it."""

    uid: str
    manual_sku: str | None = None


class Listing(Measured, frozen=True, kw_only=True):
    """An item's offer on one marketplace. `items` are the copies that share it, where the server says so.

    One that `comes_back` ended, or is to end, because its item was sold or archived by hand.
    """

    uid: str = ""
    platform: str = ""
    platform_name: str = ""
    status: str = ""
    title: str | None = None
    price_usd: Decimal | None = None
    external_id: str | None = None
    url: str | None = None
    error: ListingError | None = None
    items: tuple[ListedCopy, ...] = ()
    comes_back: bool = False
    listed_at: UtcTime | None = None
    updated: UtcTime | None = None


class InventoryItem(Measured, frozen=True, kw_only=True):
    """One item. `price_total_usd` = item + shipping, by the server; `title` is product title – grade."""

    uid: str
    title: str = ""
    name: str | None = None
    product: ProductRef | None = None
    organization: Organization | None = None
    condition_item: str | None = None
    condition_item_display: str | None = None
    condition_container: str | None = None
    condition_container_display: str | None = None
    status: str = "draft"
    status_display: str | None = None
    price_item_usd: Decimal | None = None
    price_shipping_usd: Decimal | None = None
    price_total_usd: Decimal | None = None
    cost_usd: Decimal | None = None
    expected_sale_price_usd: Decimal | None = None
    manual_sku: str | None = None
    manual_description: str | None = None
    condition_notes: str | None = None
    location: str | None = None
    barcode: str | None = None
    tags: tuple[str, ...] = ()
    weight_grams: Whole | None = None
    acquired_at: UtcTime | None = None
    listed_at: UtcTime | None = None
    sold_at: UtcTime | None = None
    days_in_inventory: Whole | None = None
    assets: tuple[Asset, ...] = ()
    listings: tuple[Listing, ...] = ()
    created: UtcTime | None = None
    updated: UtcTime | None = None
