"""Items as rows of a table whose columns the import takes. Source: api contract, Inventory, CSV."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from instica_desktop.server.models import Item
from instica_desktop.server.serializers.fields import CentsField
from instica_desktop.server.serializers.offers import offers_cell
from instica_desktop.server.tables.cells import joined

_cents = CentsField()


def _money(cents: int | None) -> str:
    return "" if cents is None else _cents.to_representation(cents)


def _time(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _named(named: Any) -> str:
    return named.name if named else ""


def _plain(name: str) -> Callable[[Item], Any]:
    return lambda item: getattr(item, name)


def _of_product(name: str) -> Callable[[Item], Any]:
    return lambda item: getattr(item.product, name)


COLUMNS: dict[str, Callable[[Item], Any]] = {
    "uid": _plain("uid"),
    "product": _of_product("uid"),
    "product_title": _of_product("title"),
    "product_type": _of_product("type"),
    "artist": lambda item: _named(item.product.artist),
    "label": lambda item: _named(item.product.label),
    "catalog_number": _of_product("catalog_number"),
    "product_barcode": _of_product("barcode"),
    "year": _of_product("year"),
    "format": _of_product("format"),
    "country": _of_product("country"),
    "genres": lambda item: joined(item.product.genres),
    "discogs_release_id": _of_product("discogs_release_id"),
    "name": _plain("name"),
    "condition_item": _plain("condition_item"),
    "condition_container": _plain("condition_container"),
    "status": _plain("status"),
    "price_item_usd": lambda item: _money(item.price_item_cents),
    "price_shipping_usd": lambda item: _money(item.price_shipping_cents),
    "price_total_usd": lambda item: _money(item.price_total_cents),
    "cost_usd": lambda item: _money(item.cost_cents),
    "expected_sale_price_usd": lambda item: _money(item.expected_cents),
    "manual_sku": _plain("manual_sku"),
    "manual_description": _plain("manual_description"),
    "condition_notes": _plain("condition_notes"),
    "location": _plain("location"),
    "barcode": _plain("barcode"),
    "tags": lambda item: joined(item.tags),
    "weight_grams": _plain("weight_grams"),
    "acquired_at": lambda item: _time(item.acquired_at),
    "listed_at": lambda item: _time(item.listed_at),
    "sold_at": lambda item: _time(item.sold_at),
    "listings": lambda item: offers_cell(item.shown_listings),
    "created": lambda item: _time(item.created),
    "updated": lambda item: _time(item.updated),
}
"""Name of the column → what stands in it. Total, created and updated are for reading only."""


def row_of(item: Item) -> list[Any]:
    """Return an item's cells; its product, artist and label should be loaded, its offers have to be."""
    return [value(item) for value in COLUMNS.values()]
