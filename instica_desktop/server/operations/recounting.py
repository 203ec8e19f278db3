"""Recounting products: the counts and price bounds they keep of their items, and their search words."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from instica_desktop.server.domain.statuses import AVAILABLE, UNSOLD
from instica_desktop.server.models import DigitalAsset, Item, Product
from instica_desktop.server.search import product_words, write_index

_TOGETHER = 100
"""Products recounted by one statement."""
_SUMS: dict[str, Any] = {
    "total_count": Count("pk", filter=Q(status__in=UNSOLD)),
    "listed_count": Count("pk", filter=Q(status="listed")),
    "available_count": Count("pk", filter=Q(status__in=AVAILABLE)),
    "price_min_cents": Min("price_total_cents", filter=Q(status__in=UNSOLD)),
    "price_max_cents": Max("price_total_cents", filter=Q(status__in=UNSOLD)),
}


def sum_up(product: Product, items: Iterable[Item]) -> None:
    """Set the counts and price bounds of a product all of whose items these are."""
    unsold = [item for item in items if item.status in UNSOLD]
    prices = [item.price_total_cents for item in unsold if item.price_total_cents is not None]
    product.total_count = len(unsold)
    product.listed_count = sum(item.status == "listed" for item in unsold)
    product.available_count = sum(item.status in AVAILABLE for item in unsold)
    product.price_min_cents, product.price_max_cents = min(prices, default=None), max(prices, default=None)
    product.has_listed = product.listed_count > 0


def _texts_of(rows: Any, product: str, text: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, value in rows.order_by("pk").values_list(product, text):
        found.setdefault(key, []).append(value)
    return found


def _recount_all(products: list[Product], now: datetime) -> None:
    rows = Item.objects.filter(product__in=products).order_by().values("product").annotate(**_SUMS)
    sums = {row.pop("product"): row for row in rows}
    nothing = dict.fromkeys(_SUMS) | dict.fromkeys(("total_count", "listed_count", "available_count"), 0)
    for product in products:
        for name, value in sums.get(product.pk, nothing).items():
            setattr(product, name, value)
        product.has_listed = product.listed_count > 0
        product.updated = now
    Product.objects.bulk_update(products, [*_SUMS, "has_listed", "updated"])


def _index_all(products: list[Product]) -> None:
    items = Item.objects.filter(product__in=products).exclude(manual_sku="")
    skus = _texts_of(items, "product", "manual_sku")
    filenames = _texts_of(DigitalAsset.objects.filter(product__in=products), "product", "filename")
    words = [
        (product.pk, product_words(product, skus.get(product.pk, ()), filenames.get(product.pk, ())))
        for product in products
    ]
    write_index(Product, words)


def refresh_products(products: list[Product], now: datetime) -> None:
    """Recount saved products from their items, index them and touch their `updated`."""
    for start in range(0, len(products), _TOGETHER):
        some = products[start : start + _TOGETHER]
        _recount_all(some, now)
        _index_all(some)


_waiting: ContextVar[set[int] | None] = ContextVar("products to recount", default=None)


@contextmanager
def recounting_once() -> Iterator[None]:
    """Recount each product only once for all its items changed inside, at the end of it.

    For many changes in one transaction; until the end the products' counts and words are old. Inside another
    it is a part of that.
    """
    if _waiting.get() is not None:
        yield
        return
    waiting: set[int] = set()
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    now = timezone.now()
    refresh_products(list(Product.objects.select_related("artist", "label").filter(pk__in=waiting)), now)


def recount(product: Product, now: datetime) -> None:
    """Bring a product up to date after a change of its items, now or at the end of `recounting_once`."""
    waiting = _waiting.get()
    if waiting is None:
        refresh_products([product], now)
    else:
        waiting.add(product.pk)
