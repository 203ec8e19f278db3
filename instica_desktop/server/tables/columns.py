"""Which column of a table means which field, and what becomes of its cells."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from instica_desktop.server.domain.text import compact
from instica_desktop.server.tables import cells
from instica_desktop.server.tables.table import Table

Clean = Callable[[str], Any]


def _text(text: str) -> str:
    return text


ITEM_FIELDS: dict[str, Clean] = {
    "name": _text,
    "condition_item": cells.grade,
    "condition_container": cells.grade,
    "status": cells.status,
    "price_item_usd": cells.money,
    "price_shipping_usd": cells.money,
    "cost_usd": cells.money,
    "expected_sale_price_usd": cells.money,
    "manual_sku": _text,
    "manual_description": _text,
    "condition_notes": _text,
    "location": _text,
    "barcode": cells.barcode,
    "tags": cells.tags,
    "weight_grams": cells.whole,
    "acquired_at": cells.moment,
    "listed_at": cells.moment,
    "sold_at": cells.moment,
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
    "discogs_release_id": cells.whole,
}
"""Fields by which a product is found, and with which it is made when there is none."""

FIELDS: dict[str, Clean] = {"uid": _text, "product": _text, **PRODUCT_FIELDS, **ITEM_FIELDS}
"""All fields a column may be mapped to; `uid` is the item's, `product` the product's."""

WHOLE = frozenset({"weight_grams", "year", "discogs_release_id"})
"""Fields the API takes as numbers; a table has only text."""

KEYS = ("uid", "manual_sku")
"""Fields by which an item is found again."""


def as_sent(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as a request would send them: numbers as numbers. What is none is left for the form."""
    return {
        name: int(value) if name in WHOLE and re.fullmatch(r"[+-]?\d{1,18}", str(value), re.ASCII) else value
        for name, value in values.items()
    }


_FREE = frozenset(name for name, clean in FIELDS.items() if clean is _text)
"""Fields whose text is taken as it stands: somebody may have called a record `None`."""

_ALIASES = {
    "title": "product_title",
    "releasetitle": "product_title",
    "album": "product_title",
    "catno": "catalog_number",
    "catalog": "catalog_number",
    "catalogue": "catalog_number",
    "cataloguenumber": "catalog_number",
    "recordlabel": "label",
    "released": "year",
    "releaseid": "discogs_release_id",
    "mediacondition": "condition_item",
    "collectionmediacondition": "condition_item",
    "recordgrading": "condition_item",
    "grade": "condition_item",
    "condition": "condition_item",
    "sleevecondition": "condition_container",
    "collectionsleevecondition": "condition_container",
    "sleevegrading": "condition_container",
    "price": "price_item_usd",
    "shipping": "price_shipping_usd",
    "cost": "cost_usd",
    "sku": "manual_sku",
    "externalid": "manual_sku",
    "customlabel": "manual_sku",
    "comments": "condition_notes",
    "notes": "condition_notes",
    "collectionnotes": "condition_notes",
    "description": "manual_description",
    "shelf": "location",
    "weight": "weight_grams",
    "dateadded": "acquired_at",
    "upc": "product_barcode",
    "ean": "product_barcode",
    "genre": "genres",
}
_GUESSES = {compact(name): name for name in FIELDS} | _ALIASES


def guessed(table: Table) -> dict[str, str]:
    """Return {field: column} as far as the names of the columns tell; the first column of a kind counts."""
    found: dict[str, str] = {}
    for name in table.header:
        field = _GUESSES.get(compact(name.removeprefix("C:")))
        if field is not None and name:
            found.setdefault(field, name)
    return found


class Columns:
    """The columns of one table that mean something. `mapping` is {field: column}."""

    def __init__(self, table: Table, mapping: Mapping[str, str]) -> None:
        self._places = {field: table.place(column) for field, column in mapping.items()}

    def missing(self) -> list[str]:
        """Return the fields whose column the table does not have."""
        return [field for field, place in self._places.items() if place is None]

    def read(self, row: list[str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return the fields a row gives a value, and (field, message) of what cannot be read at all."""
        errors: list[tuple[str, str]] = []
        values: dict[str, Any] = {}
        for field, place in self._places.items():
            text = row[place] if place is not None and place < len(row) else ""
            if not text.strip() or (field not in _FREE and cells.nothing(text)):
                continue
            try:
                value = FIELDS[field](text)
            except ValueError as error:
                errors.append((field, str(error)))
                continue
            if value not in ("", []):
                values[field] = value
        return values, errors
