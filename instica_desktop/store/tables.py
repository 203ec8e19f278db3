"""What the cache knows of each entity, declared: sort keys, orderings, filters, search fields.

`schema` makes the SQL from it, `projection` the rows, `search` the answers. Source: api contract, Products,
Inventory and Orders (query and ordering); order of text: `core.collation`; search words:
`core.search_words`.
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal

import msgspec

from instica_desktop.core.ages import days_held
from instica_desktop.core.collation import code_key, name_key
from instica_desktop.core.grading import ITEM_GRADES, grade_for
from instica_desktop.core.models import InventoryItem, Order, Product, ProductRef
from instica_desktop.core.models.common import Artist, Entity, Label
from instica_desktop.core.search_words import Searchable
from instica_desktop.core.statuses import ITEM_STATUSES, ORDER_STATUSES, PRODUCT_TYPES
from instica_desktop.core.tracking_numbers import searched
from instica_desktop.store.values import amount, day, micros

Value = int | str | None
Of = Callable[[Any], Any]


class Key(msgspec.Struct, frozen=True):
    """A sort key: column `k_NAME`, indexed with `ties` behind it (uid, or newest first and then uid).

    `newest` orders the index descending, as the default ordering wants it. `since` is the version of the
    cache's schema that brought it; the columns stand in that order. `then` stand in the index behind it.
    `within` names a key whose filter goes against this one, as no draft has a price: a second index lies by
    that key first, so that a query with the filter meets no row in vain.
    """

    name: str
    of: Callable[[Any], Value]
    newest: bool = False
    ties_by_age: bool = False
    since: int = 1
    then: tuple[str, ...] = ()
    within: str = ""
    spans: bool = True


class Ordering(msgspec.Struct, frozen=True):
    """An ordering: by the first of `keys` that a row has, downwards or not.

    `days` marks the ordering by days in inventory, whose second key moves with today. `then` are the keys by
    which it goes on where it is the last one.
    """

    keys: tuple[str, ...]
    descending: bool = False
    days: bool = False
    then: tuple[str, ...] = ()


class Filter(msgspec.Struct, frozen=True):
    """A filter: the values a record has, and how a wanted value is compared with them.

    `codes` are those the contract knows; any other must occur in the cache to be asked for. `single`: one
    value at a time. `spans`: see `Key`; not where there are many values, of few records each.
    """

    of: Callable[[Any], Iterable[str]]
    how: Literal["exact", "folded", "within"] = "exact"
    codes: frozenset[str] = frozenset()
    single: bool = False
    spans: bool = True


class Table(msgspec.Struct, frozen=True):
    """One entity: its record type, the key of its default ordering, and everything it can be asked for."""

    name: str
    type: type
    newest: str
    keys: tuple[Key, ...]
    orderings: dict[str, Ordering]
    filters: dict[str, Filter]
    searched: Callable[[Any], Searchable]
    sought: Callable[[str], str] = str
    """What it is searched by, for what was typed."""

    def key(self, name: str) -> Key:
        """Return a sort key by name."""
        return next(key for key in self.keys if key.name == name)


def _name(named: Artist | Label | None) -> str | None:
    return named and named.name


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _bool(value: bool | None) -> tuple[str, ...]:
    return ("true" if value else "false",)


_SHELF = {
    "artist": ("title", "catalog"),
    "label": ("catalog", "artist", "title"),
    "catalog": ("artist", "title"),
    "shelf": ("artist", "title", "catalog"),
}
"""How records stand in a shop: by what those go on that are equal by a key."""


def _both_ways(*pairs: tuple[str, str]) -> dict[str, Ordering]:
    return {
        sign + name: Ordering((key,), descending=bool(sign), then=_SHELF.get(key, ()))
        for sign in ("", "-")
        for name, key in pairs
    }


def _shelved(name: str, of: Callable[[Any], Value], since: int = 1) -> Key:
    return Key(name, of, since=since, then=_SHELF[name], spans=name == "shelf")


_STATUSES = frozenset(status.code for status in ITEM_STATUSES)
_ORDER_STATUSES = frozenset(status.code for status in ORDER_STATUSES)
_TYPES = frozenset(code for code, _ in PRODUCT_TYPES)
_GRADES = frozenset(grade.code for grade in ITEM_GRADES)
_LISTED = {"listed_first": Ordering(("listed",), descending=True), "unlisted_first": Ordering(("listed",))}


def _ages(*, newest: str) -> tuple[Key, ...]:
    return tuple(Key(name, _moment(name), newest=name == newest) for name in ("created", "updated"))


def _flag(of: Callable[[Any], bool | None]) -> Filter:
    return Filter(lambda record: _bool(of(record)), single=True)


def _moment(field: str) -> Callable[[Any], Value]:
    return lambda record: micros(getattr(record, field))


# ---------------------------------------------------------------- products


def _searched_product(product: Product) -> Searchable:
    return Searchable(
        names=(product.title, _name(product.artist), _name(product.label)),
        texts=(
            product.format,
            *product.tags,
            product.marketplace_description,
            product.license_type,
            product.license_notes,
            *(asset.filename for asset in product.digital_assets),
        ),
        codes=(product.catalog_number,),
        barcodes=(product.barcode,),
    )


_PRODUCTS = Table(
    name="products",
    type=Product,
    newest="created",
    keys=(
        *_ages(newest="created"),
        Key("title", lambda product: name_key(product.title), spans=False),
        _shelved("artist", lambda product: name_key(product.artist and product.artist.name)),
        Key("low", lambda product: amount(product.price_min_usd)),
        Key("high", lambda product: amount(product.price_max_usd)),
        Key("total", lambda product: product.total_inventory_count),
        Key("listed", lambda product: int(product.listed_inventory_count > 0), ties_by_age=True),
        _shelved("label", lambda product: name_key(product.label and product.label.name), since=3),
        _shelved("catalog", lambda product: code_key(product.catalog_number), since=3),
    ),
    orderings={
        **_both_ways(
            ("title", "title"),
            ("created", "created"),
            ("updated", "updated"),
            ("artist__name", "artist"),
            ("label__name", "label"),
            ("catalog_number", "catalog"),
            ("price_total_usd", "low"),
        ),
        **_LISTED,
        "price_high_low": Ordering(("high",), descending=True),
        "price_low_high": Ordering(("low",)),
        "most_inventory": Ordering(("total",), descending=True),
        "least_inventory": Ordering(("total",)),
    },
    filters={
        "has_inventory": _flag(lambda product: product.total_inventory_count > 0),
        "has_available_inventory": _flag(lambda product: product.available_inventory_count > 0),
        "status": Filter(lambda product: (item.status for item in product.inventory_items), codes=_STATUSES),
        "type": Filter(lambda product: _one(product.type), codes=_TYPES),
        "tags": Filter(lambda product: product.tags, "within"),
        "uploadable_to_redbubble": _flag(lambda product: product.uploadable_to_redbubble),
    },
    searched=_searched_product,
)

# ---------------------------------------------------------------- inventory


def _searched_item(item: InventoryItem) -> Searchable:
    product = item.product or ProductRef()
    return Searchable(
        names=(item.name, product.title, _name(product.artist), _name(product.label)),
        texts=(item.manual_description, product.format),
        codes=(item.manual_sku, product.catalog_number),
        barcodes=(item.barcode, product.barcode),
    )


def _artist(item: InventoryItem) -> str | None:
    return name_key(item.product.artist.name) if item.product and item.product.artist else None


def _label(item: InventoryItem) -> str | None:
    return name_key(item.product.label.name) if item.product and item.product.label else None


def _rank(item: InventoryItem) -> int | None:
    grade = grade_for(item.condition_item)
    return grade.rank if grade else None


def _start(item: InventoryItem) -> int | None:
    return day(item.acquired_at or item.created)


def _sold_days(item: InventoryItem) -> int | None:
    return days_held(item.acquired_at or item.created, item.sold_at) if item.sold_at else None


_ITEMS = Table(
    name="inventory",
    type=InventoryItem,
    newest="created",
    keys=(
        *_ages(newest="created"),
        Key("title", lambda item: name_key(item.title), spans=False),
        Key("name", lambda item: name_key(item.name), spans=False),
        Key("price", lambda item: amount(item.price_total_usd), within="status"),
        Key("status", lambda item: item.status or None),
        Key("grade", _rank),
        Key("sku", lambda item: code_key(item.manual_sku)),
        Key("sold_days", _sold_days, within="status"),
        Key("start_day", lambda item: None if item.sold_at else _start(item), within="status"),
        Key("listed", lambda item: int(item.status == "listed"), ties_by_age=True),
        _shelved("artist", _artist, since=3),
        _shelved("label", _label, since=3),
        _shelved("catalog", lambda item: code_key(item.product and item.product.catalog_number), since=3),
        _shelved("shelf", lambda item: code_key(item.location), since=3),
    ),
    orderings={
        **_both_ways(
            ("created", "created"),
            ("updated", "updated"),
            ("name", "name"),
            ("title", "title"),
            ("artist__name", "artist"),
            ("label__name", "label"),
            ("catalog_number", "catalog"),
            ("location", "shelf"),
            ("price_total_usd", "price"),
            ("status", "status"),
            ("condition_item", "grade"),
            ("manual_sku", "sku"),
        ),
        "days_in_inventory": Ordering(("sold_days", "start_day"), days=True),
        "-days_in_inventory": Ordering(("sold_days", "start_day"), descending=True, days=True),
        **_LISTED,
        "price_high_low": Ordering(("price",), descending=True),
        "price_low_high": Ordering(("price",)),
    },
    filters={
        "status": Filter(lambda item: _one(item.status), codes=_STATUSES),
        "product": Filter(lambda item: _one(item.product and item.product.uid), single=True, spans=False),
        "type": Filter(lambda item: _one(item.product and item.product.type), codes=_TYPES),
        "platform": Filter(lambda item: (listing.platform for listing in item.listings)),
        "tags": Filter(lambda item: item.tags, "folded"),
        "condition_item": Filter(lambda item: _one(item.condition_item), codes=_GRADES),
        "location": Filter(lambda item: _one(item.location), "folded", spans=False),
    },
    searched=_searched_item,
)

# ---------------------------------------------------------------- orders


def _searched_order(order: Order) -> Searchable:
    listing = order.inventory_item_listing
    sold = listing and listing.inventory_item
    address = order.shipment_address
    numbers = (order.shipment_tracking_number, *(one.tracking_number for one in order.shipments))
    buyer = order.buyer_name, address and address.full_name
    shown = listing and listing.title, sold and sold.title, sold and sold.artist
    return Searchable(names=(*buyer, *shown), codes=(order.order_id, *numbers, sold and sold.manual_sku))


def _sold(order: Order) -> str | None:
    listing = order.inventory_item_listing
    return listing.inventory_item.uid if listing and listing.inventory_item else None


_ORDERS = Table(
    name="orders",
    type=Order,
    newest="sold",
    keys=(
        Key("sold", _moment("sold_at"), newest=True),
        Key("created", _moment("created")),
        Key("status", lambda order: order.status or None),
        Key("platform", lambda order: order.platform or None),
        Key("price", lambda order: amount(order.sale_price)),
    ),
    orderings=_both_ways(
        ("created", "created"),
        ("sold_at", "sold"),
        ("status", "status"),
        ("platform", "platform"),
        ("sale_price", "price"),
    ),
    filters={
        "status": Filter(lambda order: _one(order.status), codes=_ORDER_STATUSES),
        "platform": Filter(lambda order: _one(order.platform)),
        # Our own: which orders show an item.
        "item": Filter(lambda order: _one(_sold(order)), single=True, spans=False),
    },
    searched=_searched_order,
    sought=searched,
)

TABLES: dict[Entity, Table] = {Entity.PRODUCT: _PRODUCTS, Entity.ITEM: _ITEMS, Entity.ORDER: _ORDERS}
