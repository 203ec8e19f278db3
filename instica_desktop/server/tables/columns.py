"""Which column of a table means which field, and what becomes of its cells."""

from collections.abc import Mapping
from typing import Any

from instica_desktop.server.domain.text import compact
from instica_desktop.server.tables import cells
from instica_desktop.server.tables.fields import FIELDS, FREE
from instica_desktop.server.tables.table import Table

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
            if not text.strip() or (field not in FREE and cells.nothing(text)):
                continue
            try:
                value = FIELDS[field](text)
            except ValueError as error:
                errors.append((field, str(error)))
                continue
            if value not in ("", []):
                values[field] = value
        return values, errors
