"""Stored columns that follow from others: counts, price bounds, sort keys, totals, search words, `updated`.

Every change of an item goes through `item_changed`, of a product through `product_changed`, of an order
through `order_changed`; they bring the neighbours up to date in the same transaction.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.utils import timezone

from instica_desktop.server.domain.collation import code_key, name_key
from instica_desktop.server.domain.grades import ITEM_GRADES, grade_rank
from instica_desktop.server.domain.text import compact, sort_key, tag_key, tag_keys
from instica_desktop.server.models import Item, Order, Product, Shipment
from instica_desktop.server.operations.recounting import recount, refresh_products
from instica_desktop.server.search import item_words, order_words, write_index

_OF_PRODUCT = ("product_type", "title_order", "artist_order", "label_order", "catalog_order")
"""Columns of an item that follow from its product."""


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
    """Set an item's derived columns from its own fields and what it shows of its product."""
    item.product_type = product.type
    item.price_total_cents = total_cents(item)
    item.grade_rank = grade_rank(item.condition_item)
    item.is_listed = item.status == "listed"
    item.start_day = _day(item.acquired_at or item.created) or 0
    item.end_day = _day(item.sold_at)
    item.age_key = item.start_day if item.end_day is None else -1 - max(0, item.end_day - item.start_day)
    item.sku_key = sort_key(item.manual_sku)
    item.location_key = tag_key(item.location) or None
    item.tag_keys = tag_keys(item.tags)
    item.title_order = name_key(item_title(item, product))
    item.name_order = name_key(item.name)
    item.sku_order = code_key(item.manual_sku)
    item.location_order = code_key(item.location)
    item.artist_order, item.label_order, item.catalog_order = _orders(product)


def _orders(product: Product) -> tuple[str | None, str | None, str | None]:
    """Return what a product and its items sort by: artist, label, catalogue number."""
    artist, label = product.artist, product.label
    return (
        name_key(artist.name) if artist else None,
        name_key(label.name) if label else None,
        code_key(product.catalog_number),
    )


def catalog_key(number: str) -> str | None:
    """Return the form in which catalogue numbers are compared, None for none: `CS 8163` → `cs8163`."""
    return compact(number) or None


def barcode_key(barcode: str) -> str | None:
    """Return the form in which barcodes are compared, None for none: a UPC is an EAN that begins with 0."""
    return compact(barcode).lstrip("0") or None


def derive_product(product: Product) -> None:
    """Set what a product sorts by, from its own fields, artist and label, and the keys it is found by."""
    product.title_order = name_key(product.title)
    product.artist_order, product.label_order, product.catalog_order = _orders(product)
    product.tag_keys = tag_keys(product.tags)
    product.title_key = sort_key(product.title)
    product.catalog_key = catalog_key(product.catalog_number)
    product.barcode_key = barcode_key(product.barcode)


def item_changed(item: Item) -> None:
    """Save an item with its derived columns; recount and touch its product, and its orders, which name it."""
    now = timezone.now()
    item.updated = now
    derive_item(item, item.product)
    item.save()
    write_index(Item, [(item.pk, item_words(item, item.product))])
    recount(item.product, now)
    _reindex_orders(Order.objects.filter(listing__item=item), now)


def touch_item(item: Item) -> None:
    """Note that an item's photos or offers changed."""
    touch_items([item])


def touch_items(items: Iterable[Item]) -> None:
    """Note that the photos or offers of items changed."""
    now, touched = timezone.now(), list(items)
    for item in touched:
        item.updated = item.product.updated = now
    keys = [item.pk for item in touched]
    Item.objects.filter(pk__in=keys).update(updated=now)
    Product.objects.filter(pk__in={item.product.pk for item in touched}).update(updated=now)
    _reindex_orders(Order.objects.filter(listing__item__in=keys), now)


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
    Item.objects.bulk_update(items, ["updated", *_OF_PRODUCT], batch_size=200)
    write_index(Item, [(item.pk, item_words(item, product)) for item in items])
    refresh_products([product], now)
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
