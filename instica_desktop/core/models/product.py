"""Products: a release or other thing a shop sells, of which it has items. Source: api-reference, Products."""

from decimal import Decimal

from instica_desktop.core.models.common import Artist, Label, Measured, UtcTime, Whole, Wire


class ProductItem(Measured, frozen=True, kw_only=True):
    """The short form of an item inside a product."""

    uid: str
    status: str = ""
    status_display: str | None = None
    condition_item: str | None = None
    condition_item_display: str | None = None
    condition_container: str | None = None
    condition_container_display: str | None = None
    price_total_usd: Decimal | None = None
    manual_sku: str | None = None


class DigitalAsset(Wire, frozen=True, kw_only=True):
    """A file sold with a digital product."""

    uid: str = ""
    filename: str = ""


class Presence(Wire, frozen=True, kw_only=True):
    """Where a product stands on a marketplace."""

    uid: str = ""
    platform: str = ""
    platform_name: str = ""
    external_id: str | None = None
    url: str | None = None
    status: str = ""


class Product(Measured, frozen=True, kw_only=True):
    """One product. Counts: total = unsold items, available = received or ready to sell."""

    uid: str
    title: str = ""
    type: str = "physical"
    artist: Artist | None = None
    label: Label | None = None
    catalog_number: str | None = None
    barcode: str | None = None
    year: Whole | None = None
    format: str | None = None
    country: str | None = None
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    marketplace_description: str | None = None
    license_type: str | None = None
    license_notes: str | None = None
    discogs_release_id: Whole | str | None = None
    digital_assets: tuple[DigitalAsset, ...] = ()
    uploadable_to_redbubble: bool | None = None
    total_inventory_count: Whole = 0
    listed_inventory_count: Whole = 0
    available_inventory_count: Whole = 0
    product_image: str | None = None
    product_image_thumbnail: str | None = None
    inventory_items: tuple[ProductItem, ...] = ()
    price_min_usd: Decimal | None = None
    price_max_usd: Decimal | None = None
    marketplace_presences: tuple[Presence, ...] = ()
    created: UtcTime | None = None
    updated: UtcTime | None = None


class Release(Wire, frozen=True, kw_only=True):
    """A release as the catalogue knows it. Source: api-reference, Products, catalogue look-up (assumed)."""

    release_id: Whole | str | None = None
    title: str = ""
    artist: str | None = None
    label: str | None = None
    catalog_number: str | None = None
    barcode: str | None = None
    year: Whole | None = None
    format: str | None = None
    country: str | None = None
    thumb: str | None = None
