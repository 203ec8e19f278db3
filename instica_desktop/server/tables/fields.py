"""The fields a column may be mapped to, and what becomes of the text of its cells."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from instica_desktop.server.tables import amounts, cells, dates

Clean = Callable[[str], Any]


def _text(text: str) -> str:
    return text


AMOUNTS: dict[str, Clean] = {
    "price_item_usd": amounts.money,
    "price_shipping_usd": amounts.money,
    "cost_usd": amounts.money,
    "expected_sale_price_usd": amounts.money,
}
MOMENTS: dict[str, Clean] = {
    "acquired_at": dates.moment,
    "listed_at": dates.moment,
    "sold_at": dates.moment,
}

ITEM_FIELDS: dict[str, Clean] = {
    "name": _text,
    "condition_item": cells.grade,
    "condition_container": cells.grade,
    "status": cells.status,
    **AMOUNTS,
    "manual_sku": _text,
    "manual_description": _text,
    "condition_notes": _text,
    "location": _text,
    "barcode": cells.barcode,
    "tags": cells.tags,
    "weight_grams": cells.whole,
    **MOMENTS,
}
"""Fields of an item as the API names them."""

PRODUCT_FIELDS: dict[str, Clean] = {
    "product_title": _text,
    "product_type": cells.product_type,
    "artist": _text,
    "label": _text,
    "catalog_number": _text,
    "product_barcode": cells.barcode,
    "year": cells.year,
    "format": _text,
    "country": _text,
    "genres": cells.tags,
    "discogs_release_id": cells.number_of_release,
}
"""Fields by which a product is found, and with which it is made when there is none."""

OFFER_FIELDS: dict[str, Clean] = {
    "listing_id": cells.number_of_listing,
    "quantity": cells.quantity,
    "handle": _text,
    "currency": _text,
    "listings": _text,
}
"""What other shops and marketplaces say of an offer; `currency` is that of the row's amounts.

`listings` are all offers of the copy, as an export has them.
"""

FIELDS: dict[str, Clean] = {
    "uid": _text,
    "product": _text,
    **PRODUCT_FIELDS,
    **ITEM_FIELDS,
    **OFFER_FIELDS,
}
"""All fields a column may be mapped to; `uid` is the item's, `product` the product's."""

WHOLE = frozenset({"weight_grams", "year", "discogs_release_id"})
"""Fields the API takes as numbers; a table has only text."""

FREE = frozenset(name for name, clean in FIELDS.items() if clean is _text)
"""Fields whose text is taken as it stands: somebody may have called a record `None`."""

SPOKEN = frozenset(
    {
        "name",
        "product_title",
        "artist",
        "label",
        "format",
        "genres",
        "tags",
        "manual_description",
        "condition_notes",
    }
)
"""Fields of words: they may begin with signs that in a number are a spreadsheet's."""

CODES = frozenset({"manual_sku", "barcode", "catalog_number", "product_barcode"})
"""Fields of numbers that name something."""

NUMBERS = frozenset(AMOUNTS) | WHOLE | {"quantity", "listing_id"}
"""Fields that count or measure, or are counted."""

KEYS = ("uid", "manual_sku", "listing_id")
"""Fields by which an item is found again."""
_MATCHED = {"barcode": {"barcode", "product_barcode"}, "release": {"discogs_release_id"}}
"""Fields by which an item is found again where an import asks for that."""


def as_sent(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as a request would send them: numbers as numbers. What is none is left for the form."""
    return {
        name: int(value) if name in WHOLE and re.fullmatch(r"[+-]?\d{1,18}", str(value), re.ASCII) else value
        for name, value in values.items()
    }


def lacking(mapping: Mapping[str, str], mode: str, match: Iterable[str] = ()) -> str:
    """Return which column is missing to import in this mode, empty when there are enough."""
    keys = {*KEYS}.union(*(_MATCHED.get(way, ()) for way in match))
    if mode == "update" and not keys & set(mapping):
        return "Name the column that holds the SKU or the uid of the items."
    if mode == "create" and not {"product", "product_title"} & set(mapping):
        return "Name the column that holds the title or the product."
    if set(mapping) <= {*KEYS, "currency"}:
        return "No column of this file has a name that is known. Name them."
    return ""
