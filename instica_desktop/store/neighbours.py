"""What a record shows of its neighbours, as those are here: edited and unsent, or read later than itself.

An item shows its product's title, type, artist and label; a product counts its items, and is found by their
statuses and prices; an order names its item. The server brings all of them up to date in one transaction, and
so do we: what was laid over one record is laid over those that show it, before the commit.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from instica_desktop.core.models import InventoryItem, Listing, Order, Product, ProductItem, ProductRef
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind
from instica_desktop.core.overlay_derived import nested, titled
from instica_desktop.core.overlay_listings import by_copies
from instica_desktop.core.statuses import AVAILABLE, UNSOLD
from instica_desktop.store.database import Connection
from instica_desktop.store.projection import effective, hidden
from instica_desktop.store.tables import TABLES
from instica_desktop.store.values import amount
from instica_desktop.store.waiting import Waiting

Pending = Waiting
Uids = frozenset[str]

EMBEDDED = 100
"""The most items a product carries with it (api-reference, Products); of older ones it tells sums only."""


class _Copy(msgspec.Struct, frozen=True):
    """An item as far as its product counts it."""

    uid: str
    status: str | None
    price: int | None
    laid: int
    fetched: int | None


class Neighbours:
    """Answers for one transaction; `pending` gives a record's unsent operations."""

    def __init__(self, connection: Connection, pending: Pending) -> None:
        self._db = connection
        self._pending = pending
        self._hidden: dict[str, Uids] | None = None
        self._copies: dict[str, list[_Copy]] = {}

    def seen(self, entity: Entity, data: Any, fetched: int | None) -> Any:
        """Return a record, read at `fetched`, with its neighbours as they are here."""
        if entity is Entity.ITEM:
            return self._item(data)
        return self._product(data, fetched or 0) if entity is Entity.PRODUCT else self._order(data)

    def items_of(self, products: Iterable[str]) -> list[str]:
        """Return the items of products, as far as they are here."""
        return self._linked(Entity.ITEM, "product", products)

    def orders_of(self, items: Iterable[str]) -> list[str]:
        """Return the orders of items, as far as they are here."""
        return self._linked(Entity.ORDER, "item", items)

    def lacking(self, statuses: Iterable[tuple[str, str]]) -> list[str]:
        """Return the products that are not yet found by a status an item of theirs has."""
        sql = (
            "SELECT DISTINCT t.uid FROM json_each(?) AS j CROSS JOIN products AS t ON t.uid = j.value->>0 "
            "LEFT JOIN terms AS m ON m.entity = 'products' AND m.field = 'status' AND m.value = j.value->>1 "
            "WHERE m.term IS NULL OR NOT instr(t.terms, ',' || m.term || ',')"
        )
        return [row[0] for row in self._db.execute(sql, (msgspec.json.encode(list(statuses)).decode(),))]

    def _linked(self, entity: Entity, field: str, values: Iterable[str]) -> list[str]:
        name = TABLES[entity].name
        sql = (
            f"SELECT l.uid FROM json_each(?) AS j CROSS JOIN terms AS m "
            f"ON m.entity = '{name}' AND m.field = '{field}' AND m.value = j.value "
            f"CROSS JOIN {name}_links AS l ON l.term = m.term"
        )
        return [row[0] for row in self._db.execute(sql, (msgspec.json.encode(list(values)).decode(),))]

    # ------------------------------------------------------------ an item, and the order of it

    def _item(self, item: InventoryItem) -> InventoryItem:
        item = self._with_copies(item)
        edits = _edits(self._pending(Entity.PRODUCT, item.product.uid)) if item.product else {}
        shown = nested(msgspec.to_builtins(item.product), edits) if edits else None
        if shown is None:
            return item
        product = msgspec.convert(shown, ProductRef, strict=False)
        title = titled(product.title, item.condition_item)
        return msgspec.structs.replace(item, product=product, title=title)

    def _with_copies(self, item: InventoryItem) -> InventoryItem:
        """Return an item with what waits to be done, by other copies, to the offers it shares with them."""
        others = [uid for uid in shared_with(item) if self._pending(Entity.ITEM, uid)]
        if not others:
            return item
        wire = {
            "title": item.title,
            "price_total_usd": item.price_total_usd,
            "listings": msgspec.to_builtins(item.listings),
        }
        waiting = [one for uid in others for one in self._pending(Entity.ITEM, uid)]
        shown = by_copies(wire, waiting)
        offers = msgspec.convert(shown["listings"], tuple[Listing, ...], strict=False)
        return msgspec.structs.replace(item, listings=offers)

    def _order(self, order: Order) -> Order:
        listing = order.inventory_item_listing
        sold = listing.inventory_item if listing else None
        row = self._raw(sold.uid) if sold else None
        if listing is None or sold is None or row is None:
            return order
        operations = self._pending(Entity.ITEM, sold.uid)
        before = effective(TABLES[Entity.ITEM], row, operations)
        item = self._item(before)
        if (not operations and item is before) or item.title == sold.title:
            return order
        named = msgspec.structs.replace(sold, title=item.title)
        return msgspec.structs.replace(
            order, inventory_item_listing=msgspec.structs.replace(listing, inventory_item=named)
        )

    def _raw(self, uid: str) -> bytes | None:
        sql = "SELECT r.raw FROM inventory AS t CROSS JOIN inventory_raw AS r ON r.id = t.id WHERE t.uid = ?"
        row = self._db.execute(sql, (uid,)).fetchone()
        return row[0] if row else None

    # ------------------------------------------------------------ a product and its items

    def look(self, entity: Entity, uids: Iterable[str]) -> None:
        """Read what is needed for many records of a kind at once."""
        if entity is not Entity.PRODUCT:
            return
        self._copies = {uid: [] for uid in uids}
        sql = (
            "SELECT m.value, t.uid, t.k_status, t.k_price, t.laid, t.fetched FROM json_each(?) AS j "
            "CROSS JOIN terms AS m ON m.entity = 'inventory' AND m.field = 'product' AND m.value = j.value "
            "CROSS JOIN inventory_links AS l ON l.term = m.term CROSS JOIN inventory AS t ON t.id = l.id"
        )
        for product, *copy in self._db.execute(sql, (msgspec.json.encode(list(self._copies)).decode(),)):
            self._copies[product].append(_Copy(*copy))

    def _product(self, product: Product, fetched: int) -> Product:
        if product.uid not in self._copies:
            self.look(Entity.PRODUCT, [product.uid])
        copies, leaving = self._copies[product.uid], self._leaving(product.uid)
        if not copies and not leaving:
            return product
        carried = {item.uid: item for item in product.inventory_items}
        beyond = len(carried) >= EMBEDDED or (not carried and product.total_inventory_count > 0)
        there = dict(carried)
        for copy in copies:
            if copy.laid or (beyond and copy.uid not in carried) or (copy.fetched or 0) > fetched:
                self._bring(there, copy)
        for uid in leaving:
            there.pop(uid, None)
        if there == carried and not leaving:
            return product
        others = {uid: self._before(uid) for uid in (there.keys() | leaving) - carried.keys()}
        was = carried | {uid: item for uid, item in others.items() if item is not None}
        return _recounted(product, carried, was, there)

    def _bring(self, there: dict[str, ProductItem], copy: "_Copy") -> None:
        """Put an item as it is here among those of its product, unless it is there like that."""
        known = there.get(copy.uid)
        same = known is not None and (known.status, amount(known.price_total_usd)) == (
            copy.status,
            copy.price,
        )
        raw = None if same and not copy.laid else self._raw(copy.uid)
        if raw is not None:
            operations = self._pending(Entity.ITEM, copy.uid)
            if operations or raw != b"{}":  # else an unsent create that was sent or dropped just now
                there[copy.uid] = _brief(effective(TABLES[Entity.ITEM], raw, operations))

    def _leaving(self, product: str) -> Uids:
        """Return the items of a product that are to be deleted."""
        named = self._pending.leaving(product)
        if named is not None:
            return named
        if self._hidden is None:
            sql = (
                "SELECT t.uid, r.raw FROM inventory AS t CROSS JOIN inventory_raw AS r ON r.id = t.id "
                "WHERE t.id < 0"
            )
            found: dict[str, Uids] = {}
            for uid, raw in self._db.execute(sql):
                operations = self._pending(Entity.ITEM, uid)
                item = effective(TABLES[Entity.ITEM], raw, operations) if hidden(operations) else None
                if item and item.product:
                    found[item.product.uid] = found.get(item.product.uid, frozenset()) | {uid}
            self._hidden = found
        return self._hidden.get(product, frozenset())

    def _before(self, uid: str) -> ProductItem | None:
        """Return an item as the server had it, None for one that it never had."""
        raw = self._raw(uid)
        return None if raw is None or raw == b"{}" else _brief(effective(TABLES[Entity.ITEM], raw, ()))


def shared_with(item: InventoryItem) -> list[str]:
    """Return the uids of the other copies that an item shares offers with."""
    offers = (offer.items for offer in item.listings if len(offer.items) > 1)
    return list(dict.fromkeys(copy.uid for copies in offers for copy in copies if copy.uid != item.uid))


def _edits(operations: Sequence[Operation]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for operation in operations:
        found |= operation.payload.get("fields", {}) if operation.kind is OpKind.CREATE else {}
        found |= {edit.field: edit.new for edit in operation.edits}
    return found


def _brief(item: InventoryItem) -> ProductItem:
    return ProductItem(
        uid=item.uid,
        status=item.status,
        status_display=item.status_display,
        condition_item=item.condition_item,
        condition_item_display=item.condition_item_display,
        condition_container=item.condition_container,
        price_total_usd=item.price_total_usd,
        manual_sku=item.manual_sku,
    )


def _recounted(
    product: Product,
    carried: dict[str, ProductItem],
    was: dict[str, ProductItem],
    there: dict[str, ProductItem],
) -> Product:
    """Return a product with the items that are `there` now, its counts and prices corrected by what changed.

    `carried` came with it. Where they are all it counted, any other is new to it; else the others count as
    they were.
    """
    whole = sum(item.status in UNSOLD for item in carried.values()) == product.total_inventory_count
    was = carried if whole else was

    def corrected(number: int, statuses: frozenset[str]) -> int:
        then, now = (sum(one.status in statuses for one in some.values()) for some in (was, there))
        return max(0, number + now - then)

    low, high = _bounds(there.values())
    if not whole:
        low, high = _widened((low, high), (product.price_min_usd, product.price_max_usd))
    return msgspec.structs.replace(
        product,
        inventory_items=tuple(there.values()),
        total_inventory_count=corrected(product.total_inventory_count, UNSOLD),
        listed_inventory_count=corrected(product.listed_inventory_count, frozenset({"listed"})),
        available_inventory_count=corrected(product.available_inventory_count, AVAILABLE),
        price_min_usd=low,
        price_max_usd=high,
    )


Bounds = tuple[Decimal | None, Decimal | None]


def _bounds(items: Iterable[ProductItem]) -> Bounds:
    unsold = (item.price_total_usd for item in items if item.status in UNSOLD)
    prices = [price for price in unsold if price is not None]
    return min(prices, default=None), max(prices, default=None)


def _widened(some: Bounds, others: Bounds) -> Bounds:
    lows, highs = ([price for price in pair if price is not None] for pair in zip(some, others, strict=True))
    return min(lows, default=None), max(highs, default=None)
