"""Stored columns that follow from others: counts, price bounds, sort keys, totals, search words, `updated`.

Every change of an item goes through `item_changed`, of a product through `product_changed`, of an order
through `order_changed`; they bring the neighbours up to date in the same transaction.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from instica_desktop.server.domain.grades import ITEM_GRADES, grade_rank
from instica_desktop.server.domain.statuses import AVAILABLE, UNSOLD
from instica_desktop.server.domain.text import sort_key, tag_key, tag_keys
from instica_desktop.server.models import Item, Order, Product, Shipment
from instica_desktop.server.search import item_words, order_words, product_words, write_index


def item_title(item: Item, product: Product) -> str:
    """Return the title of an item: the product's, with the grade when there is one (`Kind of Blue - VG+`)."""
    label = ITEM_GRADES.get(item.condition_item)
    return f"{product.title} - {label}" if label else product.title


def _day(moment: datetime | None) -> int | None:
    return None if moment is None else moment.astimezone(UTC).date().toordinal()


def days_in_inventory(item: Item) -> int:
    """Return the UTC days from acquisition (else creation) to the sale (else today), never below zero."""
    end = item.end_day if item.end_day is not None else timezone.now().astimezone(UTC).date().toordinal()
    return max(0, end - item.start_day)


def total_cents(item: Item) -> int | None:
    """Return item price + shipping; null while the item price is. Unset shipping counts as nothing."""
    return None if item.price_item_cents is None else item.price_item_cents + (item.price_shipping_cents or 0)


def derive_item(item: Item, product: Product) -> None:
    """Set an item's derived columns from its own fields and its product's title and type."""
    item.product_type = product.type
    item.price_total_cents = total_cents(item)
    item.grade_rank = grade_rank(item.condition_item)
    item.is_listed = item.status == "listed"
    item.start_day = _day(item.acquired_at or item.created) or 0
    item.end_day = _day(item.sold_at)
    item.age_key = item.start_day if item.end_day is None else -1 - max(0, item.end_day - item.start_day)
    item.title_key = sort_key(item_title(item, product))
    item.name_key = sort_key(item.name)
    item.sku_key = sort_key(item.manual_sku)
    item.location_key = tag_key(item.location) or None
    item.tag_keys = tag_keys(item.tags)


def derive_product(product: Product) -> None:
    """Set a product's sort keys from its own fields and its artist's name."""
    product.title_key = sort_key(product.title)
    product.artist_key = sort_key(product.artist.name) if product.artist else None
    product.tag_keys = tag_keys(product.tags)


def _item_sums(product: Product) -> dict[str, Any]:
    unsold = Q(status__in=UNSOLD)
    return Item.objects.filter(product=product).aggregate(
        total_count=Count("pk", filter=unsold),
        listed_count=Count("pk", filter=Q(status="listed")),
        available_count=Count("pk", filter=Q(status__in=AVAILABLE)),
        price_min_cents=Min("price_total_cents", filter=unsold),
        price_max_cents=Max("price_total_cents", filter=unsold),
    )


def _index_product(product: Product) -> None:
    skus = Item.objects.filter(product=product).exclude(manual_sku="").values_list("manual_sku", flat=True)
    filenames = product.digital_assets.values_list("filename", flat=True)  # pyright: ignore[reportAttributeAccessIssue]
    write_index(Product, [(product.pk, product_words(product, skus, filenames))])


def refresh_product(product: Product, now: datetime) -> None:
    """Recount a product from its items, index it and touch its `updated`."""
    for name, value in _item_sums(product).items():
        setattr(product, name, value)
    product.has_listed = product.listed_count > 0
    product.updated = now
    product.save()
    _index_product(product)


_waiting: ContextVar[set[int] | None] = ContextVar("products to recount", default=None)


@contextmanager
def recounting_once() -> Iterator[None]:
    """Recount each product only once for all its items changed inside, at the end of it.

    For many changes in one transaction; until the end the products' counts and words are old.
    """
    waiting: set[int] = set()
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    now = timezone.now()
    for product in Product.objects.select_related("artist", "label").filter(pk__in=waiting):
        refresh_product(product, now)


def recount(product: Product, now: datetime) -> None:
    """Bring a product up to date after a change of its items, now or at the end of `recounting_once`."""
    waiting = _waiting.get()
    if waiting is None:
        refresh_product(product, now)
    else:
        waiting.add(product.pk)


def item_changed(item: Item) -> None:
    """Save an item with its derived columns; recount and touch its product and touch its orders."""
    now = timezone.now()
    item.updated = now
    derive_item(item, item.product)
    item.save()
    write_index(Item, [(item.pk, item_words(item, item.product))])
    recount(item.product, now)
    Order.objects.filter(listing__item=item).update(updated=now)


def touch_item(item: Item) -> None:
    """Note that an item's photos or offers changed."""
    now = timezone.now()
    item.updated = item.product.updated = now
    Item.objects.filter(pk=item.pk).update(updated=now)
    Product.objects.filter(pk=item.product.pk).update(updated=now)
    Order.objects.filter(listing__item=item).update(updated=now)


def product_changed(product: Product) -> None:
    """Save a product.

    Bring its items' titles, words and `updated` along, and the orders that show those titles.
    """
    now = timezone.now()
    derive_product(product)
    product.save()
    items = list(Item.objects.filter(product=product))
    for item in items:
        item.updated = now
        derive_item(item, product)
    Item.objects.bulk_update(items, ["updated", "title_key", "product_type"], batch_size=200)
    write_index(Item, [(item.pk, item_words(item, product)) for item in items])
    refresh_product(product, now)
    _reindex_orders(Order.objects.filter(listing__item__product=product), now)


def _reindex_orders(orders: Iterable[Order], now: datetime) -> None:
    for order in orders:
        order_changed(order, now)


def order_changed(order: Order, now: datetime | None = None) -> None:
    """Save an order and its search words."""
    order.updated = now or timezone.now()
    order.save()
    item = order.listing.item if order.listing else None
    title = item_title(item, item.product) if item else ""
    numbers = Shipment.objects.filter(order=order).values_list("tracking_number", flat=True)
    write_index(Order, [(order.pk, order_words(order, title, numbers))])
