"""The search index.

One FTS5 table per kind of record, holding folded words, written in the record's transaction.

The words are folded and split by us (`domain.text`); FTS5's `ascii` tokenizer then splits at the spaces only,
for it takes every character beyond ASCII as part of a word. Row ids are the records' primary keys.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from instica_desktop.server.domain.text import search_words, words
from instica_desktop.server.models import Item, Order, Product

_TABLES = {Product: "shop_search_product", Item: "shop_search_item", Order: "shop_search_order"}


def item_words(item: Item, product: Product) -> str:
    """Return an item's search words (name, description, product title, artist, label, codes)."""
    texts = [item.name, item.manual_description, *_release_texts(product)]
    return search_words(texts, [item.manual_sku, item.barcode, product.catalog_number])


def product_words(product: Product, skus: Iterable[str], filenames: Iterable[str]) -> str:
    """Return a product's search words; `skus` are those of its items."""
    texts = [
        *_release_texts(product),
        *product.tags,
        product.marketplace_description,
        product.license_type,
        product.license_notes,
        *filenames,
    ]
    return search_words(texts, [product.catalog_number, product.barcode, *skus])


def order_words(order: Order, item_title: str, tracking_numbers: Iterable[str]) -> str:
    """Return an order's search words (order id, tracking numbers, buyer, item title)."""
    return search_words([order.order_id, order.buyer_name, item_title, *tracking_numbers])


def _release_texts(product: Product) -> list[str]:
    names = [named.name for named in (product.artist, product.label) if named is not None]
    return [product.title, *names]


def write_index(model: type, entries: Iterable[tuple[int, str]], *, fresh: bool = False) -> None:
    """Replace the words of records, given as (primary key, words). `fresh` rows are known to be new."""
    table = _TABLES[model]
    rows = list(entries)
    with connection.cursor() as cursor:
        if not fresh:
            cursor.executemany(f"DELETE FROM {table} WHERE rowid = %s", [(key,) for key, _ in rows])
        cursor.executemany(f"INSERT INTO {table}(rowid, words) VALUES (%s, %s)", rows)


def drop_from_index(model: type, key: int) -> None:
    """Remove a record's words."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_TABLES[model]} WHERE rowid = %s", [key])


def matching(queryset: Any, text: str) -> Any:
    """Narrow a queryset to the records in which every word of `text` begins a word.

    No words narrow nothing.
    """
    wanted = dict.fromkeys(words(text))
    if not wanted:
        return queryset
    # Words consist of letters and digits only, so quoting them is enough to make them data.
    expression = " AND ".join(f'"{word}"*' for word in wanted)
    table = _TABLES[queryset.model]
    return queryset.filter(pk__in=RawSQL(f"SELECT rowid FROM {table} WHERE {table} MATCH %s", [expression]))
