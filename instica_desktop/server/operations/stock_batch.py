"""Many new and changed items in one transaction, with the products they need: written at once, at its end.

One by one, an item costs some ten statements; together, a few for all. Nothing here can be refused: what a
batch is given has been checked (`items.draft_item`, `items.change_item`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from instica_desktop.server.models import (
    Artist,
    Item,
    Label,
    Listing,
    Order,
    Organization,
    Product,
    SourceKey,
)
from instica_desktop.server.operations.derived import derive_item, derive_product, product_changed
from instica_desktop.server.operations.moved import follow
from instica_desktop.server.operations.recounting import refresh_products, sum_up
from instica_desktop.server.operations.shared import share
from instica_desktop.server.search import item_words, product_words, write_index
from instica_desktop.server.storage.inserting import give_keys, insert


class StockBatch:
    """What is to be written. Within it a product is one object, however many items have it."""

    def __init__(self, organization: Organization) -> None:
        self._organization = organization
        self._new: list[Item] = []
        self._changed: dict[int, Item] = {}
        self._products: dict[int, Product] = {}
        self._offers: list[tuple[Listing, list[Item]]] = []
        self._changed_offers: dict[int, Listing] = {}
        self._keys: list[SourceKey] = []
        self._told: dict[tuple[str, str], int] = {}

    def add(self, item: Item) -> None:
        """Add an item that is not saved; its product, and that one's artist and label, may be new too."""
        self._new.append(item)

    def change(self, item: Item) -> None:
        """Note a change of a saved item, or of one that was added."""
        if item.pk is not None:
            self._changed[item.pk] = item

    def change_product(self, product: Product) -> None:
        """Note a change of a saved product, or of one that was added; its artist and label may be new."""
        if product.pk is not None:
            self._products[product.pk] = product

    def offer(self, listing: Listing, items: list[Item]) -> None:
        """Let items share an offer that stands on its marketplace already; it may be new, and so may they."""
        if items:
            self._offers.append((listing, items))

    def change_offer(self, listing: Listing) -> None:
        """Note a change of an offer that is saved, or of one that was added."""
        if listing.pk is not None:
            self._changed_offers[listing.pk] = listing

    def key(self, key: SourceKey) -> None:
        """Add what a file calls an item or a product; either may be new."""
        key.organization = self._organization
        self._keys.append(key)

    def tell(self, source: str, number: str, quantity: int) -> None:
        """Note how many copies of an offer a file tells of now."""
        self._told[source, number] = quantity

    def save(self) -> None:
        """Write everything, inside the caller's transaction."""
        now = timezone.now()
        for item in (*self._new, *self._changed.values()):
            item.updated = now
            derive_item(item, item.product)
        fresh = _fresh_products(self._new)
        _make_names((*(product for product, _ in fresh), *self._products.values()))
        _make_products(fresh)
        for item in self._new:
            item.product = item.product  # takes over the key it has now
        _insert(Item, self._new)
        _index_items(self._new, fresh=True)
        self._save_offers(now)
        self._save_keys()
        self._save_changes(now)
        made = {product.pk for product, _ in fresh}
        products = {item.product.pk: item.product for item in (*self._new, *self._changed.values())}
        others = [product for key, product in products.items() if key not in made | self._products.keys()]
        refresh_products(others, now)
        for product in self._products.values():
            product.artist, product.label = product.artist, product.label
            product_changed(product)

    def _save_changes(self, now: datetime) -> None:
        for item in self._changed.values():
            item.save()
        _index_items(self._changed.values(), fresh=False)
        if self._changed:
            Order.objects.filter(listing__item__in=list(self._changed)).update(updated=now)
            follow(self._changed.values())

    def _save_offers(self, now: datetime) -> None:
        fresh = [(listing, items) for listing, items in self._offers if listing.pk is None]
        first: dict[int, tuple[Listing, list[Item]]] = {}
        for listing, items in fresh:
            first.setdefault(id(listing), (listing, []))[1].extend(items)
        for listing, items in first.values():
            listing.item = items.pop(0)
        _insert(Listing, [listing for listing, _ in first.values()])
        saved = [(listing, items) for listing, items in self._offers if id(listing) not in first]
        for listing, items in (*first.values(), *saved):
            if items:
                share(listing, items)
        for listing in self._changed_offers.values():
            listing.updated = now
            listing.save()

    def _save_keys(self) -> None:
        for key in self._keys:
            key.item, key.product = key.item, key.product  # take over the keys they have now
        _insert(SourceKey, self._keys)
        for (source, number), quantity in self._told.items():
            told = SourceKey.objects.filter(organization=self._organization, source=source, number=number)
            told.update(quantity=quantity)


def _fresh_products(items: Iterable[Item]) -> list[tuple[Product, list[Item]]]:
    """Return the products that are not saved, each with its items; those are all it has."""
    found: dict[int, tuple[Product, list[Item]]] = {}
    for item in items:
        if item.product.pk is None:
            found.setdefault(id(item.product), (item.product, []))[1].append(item)
    return list(found.values())


def _make_products(fresh: list[tuple[Product, list[Item]]]) -> None:
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
