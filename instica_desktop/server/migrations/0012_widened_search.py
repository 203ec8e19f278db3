"""Records are found and ordered by the widened rules: search words and folded texts are made anew."""

# pyright: reportArgumentType=false

from collections.abc import Iterator
from typing import Any

from django.db import migrations

from instica_desktop.server.domain.text import READ_AS, fold
from instica_desktop.server.operations.derived import item_title
from instica_desktop.server.search import item_words, order_words, product_words
from instica_desktop.server.search_index import index_of

_CHUNK = 500
_FOLDED = {
    "shop_item": ("sku_key",),
    "shop_product": ("title_key", "catalog_key", "barcode_key"),
}


def _fold_keys(apps: Any, editor: Any) -> None:
    """Read the letters that folding used to leave whole; nothing else changed in it."""
    for table, columns in _FOLDED.items():
        for column in columns:
            read = column
            for letter, letters in READ_AS.items():
                read = f"replace({read}, '{letter}', '{letters}')"
            editor.execute(f"UPDATE {table} SET {column} = {read} WHERE {column} <> {read}")


def _fold_names(apps: Any, editor: Any) -> None:
    """Fold artists and labels anew. Of two that are now one, the later keeps its former key: both stay."""
    for model in (apps.get_model("shop", "Artist"), apps.get_model("shop", "Label")):
        taken = set(model.objects.values_list("organization_id", "folded"))
        for key, owner, name, before in model.objects.order_by("pk").values_list(
            "pk", "organization_id", "name", "folded"
        ):
            folded = fold(name)
            if folded != before and (owner, folded) not in taken:
                model.objects.filter(pk=key).update(folded=folded)
                taken.add((owner, folded))


def _pages(rows: Any) -> Iterator[list[Any]]:
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk")[:_CHUNK]):
        yield page
        last = page[-1].pk


def _texts_of(rows: Any, owner: str, text: str) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, value in rows.order_by("pk").values_list(owner, text):
        found.setdefault(key, []).append(value)
    return found


def _items(apps: Any) -> Iterator[list[tuple[int, str]]]:
    rows = apps.get_model("shop", "Item").objects.select_related("product__artist", "product__label")
    for page in _pages(rows):
        yield [(item.pk, item_words(item, item.product)) for item in page]


def _products(apps: Any) -> Iterator[list[tuple[int, str]]]:
    items, files = apps.get_model("shop", "Item").objects, apps.get_model("shop", "DigitalAsset").objects
    for page in _pages(apps.get_model("shop", "Product").objects.select_related("artist", "label")):
        skus = _texts_of(items.filter(product__in=page).exclude(manual_sku=""), "product", "manual_sku")
        names = _texts_of(files.filter(product__in=page), "product", "filename")
        yield [(one.pk, product_words(one, skus.get(one.pk, ()), names.get(one.pk, ()))) for one in page]


def _orders(apps: Any) -> Iterator[list[tuple[int, str]]]:
    parcels = apps.get_model("shop", "Shipment").objects
    for page in _pages(apps.get_model("shop", "Order").objects.select_related("listing__item__product")):
        numbers = _texts_of(parcels.filter(order__in=page), "order", "tracking_number")
        yield [(one.pk, order_words(one, _sold(one), numbers.get(one.pk, ()))) for one in page]


def _sold(order: Any) -> str:
    item = order.listing.item if order.listing else None
    return item_title(item, item.product) if item else ""


def _index(apps: Any, editor: Any) -> None:
    """Make the search tables anew."""
    index = index_of(editor.connection)
    pages = {"product": _products, "item": _items, "order": _orders}
    for kind, pages_of in pages.items():
        table = f"shop_search_{kind}"
        editor.execute(f"DROP TABLE {table}")
        for statement in index.create(table):
            editor.execute(statement)
        with editor.connection.cursor() as cursor:
            for page in pages_of(apps):
                index.write(cursor, table, page, fresh=True)


class Migration(migrations.Migration):
    """Changes no table; what is kept of the records for searching and ordering is made anew."""

    dependencies = [("shop", "0011_shared_imports")]
    operations = [
        migrations.RunPython(_fold_keys, migrations.RunPython.noop),
        migrations.RunPython(_fold_names, migrations.RunPython.noop),
        migrations.RunPython(_index, migrations.RunPython.noop),
    ]
