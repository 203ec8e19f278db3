"""The columns of the inventory table."""

from decimal import Decimal
from typing import Any

from instica_desktop.core.errors import InputError
from instica_desktop.core.grading import ITEM_GRADES, SLEEVE_GRADES, grade_label
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.money import format_money, plain_money, wire_money
from instica_desktop.core.statuses import ITEM_STATUSES, item_status, next_statuses
from instica_desktop.features.grades import GRADES
from instica_desktop.features.inventory.facts import days_of
from instica_desktop.features.lists.columns import (
    LARGEST_PRICE,
    LONGEST_CATALOGUE_NUMBER,
    PRICES,
    day_column,
    title_column,
)
from instica_desktop.features.marks import RecordRow, mark_of
from instica_desktop.qtkit.columns import BadgeValue, Column, TitleValue
from instica_desktop.qtkit.widgets.cell_editors import choice_editor, list_editor, money_editor, text_editor

DAYS_OF_A_YEAR = 365.25


def item_of(row: RecordRow) -> InventoryItem:
    """Return the row's item."""
    item: InventoryItem = row.data
    return item


def title_of(item: InventoryItem) -> str:
    """Return what the item is, without its grade: its own name, or its product's title."""
    return item.name or (item.product.title if item.product else "") or item.title


def artist_of(item: InventoryItem) -> str:
    """Return the artist's name, or nothing."""
    return item.product.artist.name if item.product and item.product.artist else ""


def picture_of(item: InventoryItem) -> str:
    """Return the URL of the small first picture: the primary photo's, else the product's."""
    for asset in item.assets:
        if asset.is_primary:
            return asset.thumbnail or asset.image or ""
    if item.assets:
        return item.assets[0].thumbnail or item.assets[0].image or ""
    return (item.product.product_image or "") if item.product else ""


def platforms_of(item: InventoryItem) -> str:
    """Return the names of the marketplaces the item is listed on, or “Not listed”."""
    names = [
        listing.platform_name or listing.platform for listing in item.listings if listing.status == "listed"
    ]
    return ", ".join(names) or "Not listed"


def _title(row: RecordRow) -> TitleValue:
    item = item_of(row)
    return TitleValue(title_of(item), artist_of(item), picture_of(item), mark_of(row))


def _item_grade(row: RecordRow) -> str:
    item = item_of(row)
    return grade_label(item.condition_item, item.condition_item_display)


def _sleeve_grade(row: RecordRow) -> str:
    item = item_of(row)
    return grade_label(item.condition_container, item.condition_container_display)


def _item_code(row: RecordRow) -> str:
    return item_of(row).condition_item or ""


def _sleeve_code(row: RecordRow) -> str:
    return item_of(row).condition_container or ""


def _price(row: RecordRow) -> str:
    return format_money(item_of(row).price_total_usd, unknown="")


def _cost(row: RecordRow) -> str:
    return format_money(item_of(row).cost_usd, unknown="")


def _typed_price(row: RecordRow) -> str:
    return plain_money(item_of(row).price_total_usd)


def _typed_cost(row: RecordRow) -> str:
    return plain_money(item_of(row).cost_usd)


def _status_code(row: RecordRow) -> str:
    return item_of(row).status


def _moves(row: RecordRow) -> list[tuple[str, str]]:
    now = item_of(row).status
    return [(code, item_status(code).label) for code in (now, *next_statuses(now))]


CELL_FIELDS = {"price_total_usd": "price_item_usd"}
"""The wire field a cell edits, where that is not its column's."""


def cell_change(row: RecordRow, key: str, value: Any) -> Any:
    """Return the wire value of what was typed into a cell; the price shown is that with shipping.

    Raises:
        InputError: a price that does not even cover the shipping.
    """
    if key == "price_total_usd" and value is not None:
        value = _without_shipping(value, item_of(row).price_shipping_usd or Decimal(0))
    return wire_money(value) if isinstance(value, Decimal) else value or None


def _without_shipping(total: Decimal, shipping: Decimal) -> Decimal:
    if total < shipping:
        raise InputError(f"Shipping alone is {format_money(shipping)}. This is the price with shipping.")
    return total - shipping


def _status(row: RecordRow) -> BadgeValue:
    item = item_of(row)
    status = item_status(item.status, item.status_display)
    return BadgeValue(status.label, status.tone)  # pyright: ignore[reportArgumentType]


def _status_text(row: RecordRow) -> str:
    return _status(row).text


def _platforms(row: RecordRow) -> str:
    return platforms_of(item_of(row))


def _platforms_in_short(row: RecordRow, most: int = 2) -> str:
    """Return two names at most; the tooltip and screen readers name all."""
    names = _platforms(row).split(", ")
    return ", ".join(names[:most]) + (f" +{len(names) - most}" if len(names) > most else "")


def _first_platform(row: RecordRow) -> str:
    return _platforms_in_short(row, 1)


def _not_listed(row: RecordRow) -> bool:
    return _platforms(row) == "Not listed"


def _shelf(row: RecordRow) -> str:
    return item_of(row).location or ""


def _age(row: RecordRow) -> str:
    days = days_of(item_of(row))
    return "" if days is None else f"{days:,} d"


def _age_in_years(row: RecordRow) -> str:
    return f"{(days_of(item_of(row)) or 0) / DAYS_OF_A_YEAR:.1f} y"


def _sku(row: RecordRow) -> str:
    return item_of(row).manual_sku or ""


def _catalogue_number(row: RecordRow) -> str:
    product = item_of(row).product
    return (product.catalog_number or "") if product else ""


COLUMNS: tuple[Column, ...] = (
    title_column(_title, wanted=236, least=180),
    Column(
        key="condition_item",
        title="Item",
        kind="grade",
        value=_item_grade,
        text=_item_grade,
        width=44,
        min_width=44,
        sort="condition_item",
        sort_desc="-condition_item",
        editor=choice_editor(GRADES, _item_code, "Item grade"),
        widest=tuple(grade.label for grade in ITEM_GRADES),
    ),
    Column(
        key="condition_container",
        title="Sleeve",
        kind="grade",
        value=_sleeve_grade,
        text=_sleeve_grade,
        editor=choice_editor(GRADES, _sleeve_code, "Sleeve grade"),
        widest=tuple(grade.label for grade in SLEEVE_GRADES),
    ),
    Column(
        key="price_total_usd",
        title="Price",
        kind="money",
        value=_price,
        text=_price,
        sort="price_total_usd",
        sort_desc="-price_total_usd",
        editor=money_editor(_typed_price),
        widest=(LARGEST_PRICE,),
    ),
    Column(
        key="status",
        title="Status",
        kind="badge",
        value=_status,
        text=_status_text,
        sort="status",
        sort_desc="-status",
        editor=list_editor(_moves, _status_code, "Status"),
        widest=tuple(status.label for status in ITEM_STATUSES),
    ),
    Column(
        key="platforms",
        title="Platforms",
        kind="caption",
        value=_platforms,
        text=_platforms_in_short,
        muted=_not_listed,
        tooltip=_platforms,
        accessible=_platforms,
        shorter=_first_platform,
        widest=("Discogs, eBay", "Discogs +3", "Not listed"),
        whole=("Discogs, Shopify", "Discogs, eBay +2"),
        priority=2,
    ),
    Column(
        key="location",
        title="Shelf",
        kind="caption",
        value=_shelf,
        text=_shelf,
        sort="location",
        sort_desc="-location",
        editor=text_editor(_shelf),
        widest=("W-88-88",),
        priority=0,
    ),
    Column(
        key="days_in_inventory",
        title="Age",
        kind="age",
        value=_age,
        text=_age,
        sort="days_in_inventory",
        sort_desc="-days_in_inventory",
        tooltip=_age,
        shorter=_age_in_years,
        widest=("888 d", "88.8 y"),
        whole=("8,888 d",),
        priority=1,
    ),
    Column(
        key="manual_sku",
        title="SKU",
        kind="muted",
        value=_sku,
        text=_sku,
        sort="manual_sku",
        sort_desc="-manual_sku",
        editor=text_editor(_sku),
        widest=("ID-DDDD4444",),
        priority=3,
    ),
    Column(
        key="catalog_number",
        title="Catalogue no.",
        kind="caption",
        value=_catalogue_number,
        text=_catalogue_number,
        sort="catalog_number",
        sort_desc="-catalog_number",
        widest=(LONGEST_CATALOGUE_NUMBER,),
        priority=4,
        hidden=True,
    ),
    Column(
        key="cost_usd",
        title="Cost",
        kind="money",
        value=_cost,
        text=_cost,
        editor=money_editor(_typed_cost),
        widest=(LARGEST_PRICE,),
        priority=4,
        hidden=True,
    ),
    day_column("created", "Added"),
    day_column("updated", "Changed"),
)

ORDERINGS: tuple[tuple[str, str], ...] = (
    ("-created", "Newest first"),
    ("created", "Oldest first"),
    ("-updated", "Changed last"),
    ("title", "Title, A to Z"),
    *PRICES,
    ("condition_item", "Best grade first"),
    ("-days_in_inventory", "Longest on the shelf"),
)
"""The orderings offered by name, beside those of the headings."""
