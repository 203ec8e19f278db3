"""What can be found by search: the words of each kind of record, written in the record's transaction.

The words are made by `domain.search_words`; `search_index` keeps them in the database under the records'
primary keys. Tags stand among them as words of their own kind, which no typed word can begin.
"""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from instica_desktop.server.domain.search_words import alternatives, index_words
from instica_desktop.server.domain.tag_words import TAG_STEM, tag_starts, tag_word
from instica_desktop.server.domain.text import tag_key
from instica_desktop.server.models import Artist, Item, Label, Order, Product
from instica_desktop.server.search_index import Term, Terms, index_of

_TABLES = {Product: "shop_search_product", Item: "shop_search_item", Order: "shop_search_order"}


def item_words(item: Item, product: Product) -> str:
    """Return an item's search words, those of its product among them, with its tags whole."""
    typed = index_words(
        names=[item.name, product.title, _name(product.artist), _name(product.label)],
        texts=[item.manual_description, product.format],
        codes=[item.manual_sku, product.catalog_number],
        barcodes=[item.barcode, product.barcode],
    )
    return _with_tags(typed, (tag_word(tag) for tag in item.tags))


def product_words(product: Product, skus: Iterable[str], filenames: Iterable[str]) -> str:
    """Return a product's search words; `skus` are those of its items. Tags can be found by any part."""
    typed = index_words(
        names=[product.title, _name(product.artist), _name(product.label)],
        texts=[
            product.format,
            *product.tags,
            product.marketplace_description,
            product.license_type,
            product.license_notes,
            *filenames,
        ],
        codes=[product.catalog_number, *skus],
        barcodes=[product.barcode],
    )
    return _with_tags(typed, (start for tag in product.tags for start in tag_starts(tag)))


def order_words(order: Order, item_title: str, tracking_numbers: Iterable[str]) -> str:
    """Return an order's search words: its numbers, and what lists show of its buyer, offer and item."""
    names, codes = [item_title, order.buyer_name], [order.order_id, *tracking_numbers]
    if order.address:
        names.append(order.address.get("full_name") or "")
    if order.listing:
        item = order.listing.item
        names += (order.listing.title, _name(item.product.artist))
        codes.append(item.manual_sku)
    return index_words(names=names, codes=codes)


def _name(named: Artist | Label | None) -> str:
    return named.name if named is not None else ""


def _with_tags(typed: str, tags: Iterable[str]) -> str:
    return " ".join(filter(None, (typed, *dict.fromkeys(tags))))


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
    with connection.cursor() as cursor:
        index_of(connection).write(cursor, _TABLES[model], list(entries), fresh=fresh)


def has_words(model: type) -> bool:
    """Tell whether any record of a kind has search words."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {_TABLES[model]} LIMIT 1")
        return cursor.fetchone() is not None


def drop_from_index(model: type, key: int) -> None:
    """Remove a record's words."""
    with connection.cursor() as cursor:
        index_of(connection).drop(cursor, _TABLES[model], key)


def _found(model: type, wanted: Iterable[Terms]) -> RawSQL:
    return RawSQL(*index_of(connection).found(_TABLES[model], wanted))


def _term(word: str) -> Term:
    return Term(word[:-1], whole=True) if word.endswith(" ") else Term(word)


def matching(queryset: Any, text: str) -> Any:
    """Narrow a queryset to the records with all that one of the readings of `text` asks for.

    A blank text narrows nothing.
    """
    wanted = [[_term(word) for word in words] for words in alternatives(text)]
    return queryset.filter(pk__in=_found(queryset.model, wanted)) if wanted else queryset


def tagged(queryset: Any, tags: Iterable[str]) -> Any:
    """Narrow to the records with any of the tags, whole and without case."""
    wanted = [[Term(tag_word(tag), whole=True)] for tag in tags]
    return queryset.filter(pk__in=_found(queryset.model, wanted))


def partly_tagged(queryset: Any, parts: Iterable[str]) -> Any:
    """Narrow to the products with any of the texts somewhere in a tag.

    The index knows the first characters from every place in a tag; a longer text is compared with what that
    finds.
    """
    wanted: Any = Q()
    for part in parts:
        start = Term(tag_word(part)[: TAG_STEM + 1])
        found = Q(pk__in=_found(queryset.model, [[start]]))
        long = len(tag_key(part)) > TAG_STEM
        wanted |= found & Q(tag_keys__contains=tag_key(part)) if long else found
    return queryset.filter(wanted)
