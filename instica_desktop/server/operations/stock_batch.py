"""Many new and changed items in one transaction, with the products they need: written at once, at its end.

One by one, an item costs some ten statements; together, a few for all. Nothing here can be refused: what a
batch is given has been checked (`items.draft_item`, `items.change_item`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from instica_desktop.server.models import Artist, Item, Label, Order, Product
from instica_desktop.server.operations.derived import derive_item, derive_product
from instica_desktop.server.operations.recounting import refresh_products, sum_up
from instica_desktop.server.operations.shared import follow
from instica_desktop.server.search import item_words, product_words, write_index
from instica_desktop.server.storage.inserting import give_keys, insert


class StockBatch:
    """What is to be written. Within it a product is one object, however many items have it."""

    def __init__(self) -> None:
        self._new: list[Item] = []
        self._changed: dict[int, Item] = {}

    def add(self, item: Item) -> None:
        """Add an item that is not saved; its product, and that one's artist and label, may be new too."""
        self._new.append(item)

    def change(self, item: Item) -> None:
        """Note a change of a saved item, or of one that was added."""
        if item.pk is not None:
            self._changed[item.pk] = item

    def save(self) -> None:
        """Write everything, inside the caller's transaction."""
        now = timezone.now()
        for item in (*self._new, *self._changed.values()):
            item.updated = now
            derive_item(item, item.product)
        fresh = _fresh_products(self._new)
        _make_products(fresh)
        for item in self._new:
            item.product = item.product  # takes over the key it has now
        _insert(Item, self._new)
        _index_items(self._new, fresh=True)
        self._save_changes(now)
        made = {product.pk for product, _ in fresh}
        products = {item.product.pk: item.product for item in (*self._new, *self._changed.values())}
        refresh_products([product for key, product in products.items() if key not in made], now)

    def _save_changes(self, now: datetime) -> None:
        for item in self._changed.values():
            item.save()
        _index_items(self._changed.values(), fresh=False)
        if self._changed:
            Order.objects.filter(listing__item__in=list(self._changed)).update(updated=now)
            follow(self._changed.values())


def _fresh_products(items: Iterable[Item]) -> list[tuple[Product, list[Item]]]:
    """Return the products that are not saved, each with its items; those are all it has."""
    found: dict[int, tuple[Product, list[Item]]] = {}
    for item in items:
        if item.product.pk is None:
            found.setdefault(id(item.product), (item.product, []))[1].append(item)
    return list(found.values())


def _make_products(fresh: list[tuple[Product, list[Item]]]) -> None:
    _make_names(product for product, _ in fresh)
    for product, items in fresh:
        derive_product(product)
        product.updated = product.created
        product.artist, product.label = product.artist, product.label  # take over the keys they have now
        sum_up(product, items)
    _insert(Product, [product for product, _ in fresh])
    words = [
        (product.pk, product_words(product, (item.manual_sku for item in items), ()))
        for product, items in fresh
    ]
    write_index(Product, words, fresh=True)


def _make_names(products: Iterable[Product]) -> None:
    fresh: dict[int, Any] = {}
    for product in products:
        for named in (product.artist, product.label):
            if named is not None and named.pk is None:
                fresh[id(named)] = named
    for model in (Artist, Label):
        _insert(model, [row for row in fresh.values() if type(row) is model])


def _insert(model: Any, rows: list[Any]) -> None:
    if rows:
        give_keys(model, rows)
        insert(model, rows)


def _index_items(items: Iterable[Item], *, fresh: bool) -> None:
    write_index(Item, [(item.pk, item_words(item, item.product)) for item in items], fresh=fresh)
