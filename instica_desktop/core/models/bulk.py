"""One act on many items. Source: api-reference, Inventory, Bulk (assumed)."""

from decimal import Decimal

from instica_desktop.core.models.common import Measured, UtcTime, Whole, Wire
from instica_desktop.core.models.inventory import Listing


class ItemState(Measured, frozen=True, kw_only=True):
    """What an act can change on an item; sent back with `update`, it undoes the act."""

    name: str | None = None
    condition_item: str | None = None
    condition_container: str | None = None
    status: str = ""
    price_total_usd: Decimal | None = None
    price_item_usd: Decimal | None = None
    price_shipping_usd: Decimal | None = None
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
    listings: tuple[Listing, ...] = ()


class BulkResult(Wire, frozen=True, kw_only=True):
    """How an act went with one item. `after` is None when it is deleted or kept as it was."""

    uid: str
    ok: bool = False
    before: ItemState | None = None
    after: ItemState | None = None
    errors: dict[str, tuple[str, ...]] | None = None
