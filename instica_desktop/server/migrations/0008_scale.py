"""Tags become words of the search index; items know their product's type; more lists read an index.

PostgreSQL gets the indexes its descending lists need.
"""

# pyright: reportArgumentType=false

from collections.abc import Callable, Iterable
from typing import Any

from django.db import migrations, models

from instica_desktop.server.domain.tag_words import tag_starts, tag_word
from instica_desktop.server.search_index import index_of

_CHUNK = 500
# SQLite reads an index backwards and still puts null last; PostgreSQL needs one in that very order.
_NULL_LAST = {
    "shop_item": ("title_key", "name_key", "price_total_cents", "grade_rank", "sku_key"),
    "shop_product": ("title_key", "artist_key", "price_min_cents", "price_max_cents"),
    "shop_order": ("sale_price_cents",),
}


def _whole(tags: Iterable[str]) -> list[str]:
    return [tag_word(tag) for tag in tags]


def _parts(tags: Iterable[str]) -> list[str]:
    return [start for tag in tags for start in tag_starts(tag)]


def _add_tags(editor: Any, model: Any, table: str, words_of: Callable[[Iterable[str]], list[str]]) -> None:
    index = index_of(editor.connection)
    tagged = list(model.objects.exclude(tag_keys="").values_list("pk", "tags"))
    with editor.connection.cursor() as cursor:
        for start in range(0, len(tagged), _CHUNK):
            tags = dict(tagged[start : start + _CHUNK])
            keys = ", ".join(str(key) for key in tags)
            known = cursor.execute(f"SELECT rowid, words FROM {table} WHERE rowid IN ({keys})").fetchall()
            rows = [(key, " ".join(dict.fromkeys([words, *words_of(tags[key])]))) for key, words in known]
            index.write(cursor, table, rows, fresh=False)


def _index_tags(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        return  # no PostgreSQL held a shop before this version
    _add_tags(editor, apps.get_model("shop", "Item"), "shop_search_item", _whole)
    _add_tags(editor, apps.get_model("shop", "Product"), "shop_search_product", _parts)


def _copy_types(apps: Any, editor: Any) -> None:
    product, item = apps.get_model("shop", "Product"), apps.get_model("shop", "Item")
    own = product.objects.filter(pk=models.OuterRef("product")).values("type")
    item.objects.update(product_type=models.Subquery(own))


def _index_descending(apps: Any, editor: Any) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for table, columns in _NULL_LAST.items():
        fields = apps.get_model("shop", table.removeprefix("shop_"))._meta.get_fields()
        known = {field.name for field in fields}  # a new database has the columns of today
        for column in (column for column in columns if column in known):
            name = f"{table.removeprefix('shop_')}_{column}_down"
            editor.execute(
                f'CREATE INDEX "{name}" ON "{table}" (organization_id, "{column}" DESC NULLS LAST, uid)'
            )
    # Ordering by age reads all items: with the key in it, from the index alone, as on SQLite.
    editor.execute(
        "CREATE INDEX item_days_whole ON shop_item (organization_id, start_day, end_day, uid) INCLUDE (id)"
    )


class Migration(migrations.Migration):
    """Adds the items' `product_type`, and indexes."""

    dependencies = [("shop", "0007_marketplace")]
    operations = [
        migrations.AddField(
            model_name="item",
            name="product_type",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.RunPython(_copy_types, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "product_type", "-created", "uid"], name="item_type"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                fields=["organization", "-is_listed", "-created", "uid"], name="item_listed_first"
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["organization", "status", "product"], name="item_products_by_status"),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(
                fields=["organization", "-has_listed", "-created", "uid"], name="product_listed_first"
            ),
        ),
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["organization", "-total_count", "uid"], name="product_most"),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["organization", "status", "-sold_at", "uid"], name="order_waiting"),
        ),
        migrations.RunPython(_index_tags, migrations.RunPython.noop),
        migrations.RunPython(_index_descending, migrations.RunPython.noop),
    ]
