"""What can be found by search: the words of each kind of record, written in the record's transaction.

The words are folded and split by `domain.text`; `search_index` keeps them in the database under the records'
primary keys. Tags stand among them as words of their own kind, which no typed word can begin.
"""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from instica_desktop.server.domain.tag_words import TAG_STEM, tag_starts, tag_word
from instica_desktop.server.domain.text import search_words, tag_key, words
from instica_desktop.server.models import Item, Order, Product
from instica_desktop.server.search_index import LONGEST_WORD, Term, index_of

_TABLES = {Product: "shop_search_product", Item: "shop_search_item", Order: "shop_search_order"}


def item_words(item: Item, product: Product) -> str:
    """Return an item's search words (name, description, product title, artist, label, codes), tags whole."""
    texts = [item.name, item.manual_description, *_release_texts(product)]
    typed = search_words(texts, [item.manual_sku, item.barcode, product.catalog_number])
    return _with_tags(typed, (tag_word(tag) for tag in item.tags))


def product_words(product: Product, skus: Iterable[str], filenames: Iterable[str]) -> str:
    """Return a product's search words; `skus` are those of its items. Tags can be found by any part."""
    texts = [
        *_release_texts(product),
        *product.tags,
        product.marketplace_description,
        product.license_type,
        product.license_notes,
        *filenames,
    ]
    typed = search_words(texts, [product.catalog_number, product.barcode, *skus])
    return _with_tags(typed, (start for tag in product.tags for start in tag_starts(tag)))


def order_words(order: Order, item_title: str, tracking_numbers: Iterable[str]) -> str:
    """Return an order's search words (order id, tracking numbers, buyer, item title)."""
    return search_words([order.order_id, order.buyer_name, item_title, *tracking_numbers])


def _release_texts(product: Product) -> list[str]:
    names = [named.name for named in (product.artist, product.label) if named is not None]
    return [product.title, *names]


def _with_tags(typed: str, tags: Iterable[str]) -> str:
    return " ".join(filter(None, (typed, *dict.fromkeys(tags))))


def _cut(found: str) -> str:
    """Return the words, none longer than the index takes."""
    if len(found) <= LONGEST_WORD:
        return found
    return " ".join(word[:LONGEST_WORD] for word in found.split(" "))


@contextlib.contextmanager
def filling_index() -> Iterator[None]:
    """Write into empty tables faster: an index that can be made afterwards is. Call inside a transaction."""
    plans = [index_of(connection).load(table) for table in _TABLES.values()]
    with connection.cursor() as cursor:
        for before, _ in plans:
            for statement in before:
                cursor.execute(statement)
        yield
        for _, after in plans:
            for statement in after:
                cursor.execute(statement)


def write_index(model: type, entries: Iterable[tuple[int, str]], *, fresh: bool = False) -> None:
    """Replace the words of records, given as (primary key, words). `fresh` rows are known to be new."""
    rows = [(key, _cut(found)) for key, found in entries]
    with connection.cursor() as cursor:
        index_of(connection).write(cursor, _TABLES[model], rows, fresh=fresh)


def drop_from_index(model: type, key: int) -> None:
    """Remove a record's words."""
    with connection.cursor() as cursor:
        index_of(connection).drop(cursor, _TABLES[model], key)


def _found(model: type, terms: Iterable[Term], *, every: bool) -> RawSQL:
    return RawSQL(*index_of(connection).found(_TABLES[model], terms, every=every))


def matching(queryset: Any, text: str) -> Any:
    """Narrow a queryset to the records in which every word of `text` begins a word.

    No words narrow nothing.
    """
    wanted = dict.fromkeys(word[:LONGEST_WORD] for word in words(text))
    if not wanted:
        return queryset
    return queryset.filter(pk__in=_found(queryset.model, map(Term, wanted), every=True))


def tagged(queryset: Any, tags: Iterable[str]) -> Any:
    """Narrow to the records with any of the tags, whole and without case."""
    terms = [Term(tag_word(tag), whole=True) for tag in tags]
    return queryset.filter(pk__in=_found(queryset.model, terms, every=False))


def partly_tagged(queryset: Any, parts: Iterable[str]) -> Any:
    """Narrow to the products with any of the texts somewhere in a tag.

    The index knows the first characters from every place in a tag; a longer text is compared with what that
    finds.
    """
    wanted: Any = Q()
    for part in parts:
        start = Term(tag_word(part)[: TAG_STEM + 1])
        found = Q(pk__in=_found(queryset.model, [start], every=True))
        long = len(tag_key(part)) > TAG_STEM
        wanted |= found & Q(tag_keys__contains=tag_key(part)) if long else found
    return queryset.filter(wanted)
