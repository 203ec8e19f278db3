"""Filling empty search tables: after an update whose migrations emptied them, because the rule changed.

They are filled by today's rule and from today's models, once the schema is of this version. A migration that
did that itself would do it by a rule, and with models, that have changed since.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.db import transaction

from instica_desktop.server.models import DigitalAsset, Item, Order, Product, Shipment
from instica_desktop.server.operations.derived import item_title
from instica_desktop.server.search import (
    filling_index,
    has_words,
    item_words,
    order_words,
    product_words,
    write_index,
)
from instica_desktop.server.storage.database import Tell

Page = list[tuple[int, str]]
_CHUNK = 1_000


class _Named(NamedTuple):
    name: str


class _Release(NamedTuple):
    """A product as far as it is in the words of its copies; an item's row is read without its models."""

    title: str
    artist: _Named
    label: _Named
    format: str
    catalog_number: str
    barcode: str


class _Copy(NamedTuple):
    name: str
    manual_description: str
    manual_sku: str
    barcode: str
    tags: list[str]


_OF_RELEASE = ("title", "artist__name", "label__name", "format", "catalog_number", "barcode")
_OF_ITEM = ("pk", *_Copy._fields, *(f"product__{name}" for name in _OF_RELEASE))


def _pages(rows: Any, key: Callable[[Any], int]) -> Iterator[list[Any]]:
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk")[:_CHUNK]):
        yield page
        last = key(page[-1])


def _models(rows: Any) -> Iterator[list[Any]]:
    return _pages(rows, lambda row: row.pk)


def _texts_of(rows: Any, owner: str, text: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, value in rows.order_by("pk").values_list(owner, text):
        found.setdefault(key, []).append(value)
    return found


def _words_of_item(row: Any) -> tuple[int, str]:
    key, *values = row
    own, (title, artist, label, *others) = values[: len(_Copy._fields)], values[len(_Copy._fields) :]
    release: Any = _Release(title, _Named(artist or ""), _Named(label or ""), *others)
    copy: Any = _Copy(*own)
    return key, item_words(copy, release)


def _items() -> Iterator[Page]:
    for page in _pages(Item.objects.values_list(*_OF_ITEM), lambda row: row[0]):
        yield [_words_of_item(row) for row in page]


def _products() -> Iterator[Page]:
    for page in _models(Product.objects.select_related("artist", "label")):
        skus = _texts_of(
            Item.objects.filter(product__in=page).exclude(manual_sku=""), "product", "manual_sku"
        )
        files = _texts_of(DigitalAsset.objects.filter(product__in=page), "product", "filename")
        yield [(one.pk, product_words(one, skus.get(one.pk, ()), files.get(one.pk, ()))) for one in page]


def _orders() -> Iterator[Page]:
    for page in _models(Order.objects.select_related("listing__item__product__artist")):
        numbers = _texts_of(Shipment.objects.filter(order__in=page), "order", "tracking_number")
        yield [(one.pk, order_words(one, _sold(one), numbers.get(one.pk, ()))) for one in page]


def _sold(order: Order) -> str:
    item = order.listing.item if order.listing else None
    return item_title(item, item.product) if item else ""


_PAGES: dict[Any, Callable[[], Iterator[Page]]] = {Product: _products, Item: _items, Order: _orders}


def fill_search(tell: Tell) -> None:
    """Fill the search tables that are empty though there are records; all of them or, cut off, none."""
    sizes = {model: model.objects.count() for model in _PAGES if not has_words(model)}
    total, done = sum(sizes.values()), 0
    if not total:
        return
    whole: Any = transaction.atomic()
    with whole, filling_index():
        for model in sizes:
            for page in _PAGES[model]():
                write_index(model, page, fresh=True)
                done += len(page)
                tell(done, total)
