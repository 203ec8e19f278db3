"""Lists go on as a shelf does, numbers sort whatever divides them, and more is found.

The search tables are emptied; `search_filling` fills them by today's rule. SQLite has all in the index that rows
sort by which are equal by artist, label or shelf; PostgreSQL, whose indexes hold no such long rows, reads it.
"""

from collections.abc import Iterator
from typing import Any

from django.db import migrations

from instica_desktop.server.domain.collation import code_key
from instica_desktop.server.search_index import index_of

_CHUNK = 2_000
_SEARCHED = ("shop_search_product", "shop_search_item", "shop_search_order")
_WHOLE = {
    "product": {
        "artist": ("artist", "title", "catalog"),
        "label": ("label", "catalog", "artist", "title"),
        "catalog": ("catalog", "artist", "title"),
    },
    "item": {
        "artist": ("artist", "title", "catalog"),
        "label": ("label", "catalog", "artist", "title"),
        "catalog": ("catalog", "artist", "title"),
        "location": ("location", "artist", "title", "catalog"),
    },
}
"""Indexes, and what stands in them before the uid."""
_CODES = {
    "Product": {"catalog_order": "catalog_number"},
    "Item": {
        "catalog_order": "product__catalog_number",
        "location_order": "location",
        "sku_order": "manual_sku",
    },
}


def _chunks(rows: Any, *columns: str) -> Iterator[list[Any]]:
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", *columns)[:_CHUNK]):
        yield chunk
        last = chunk[-1][0]


def _sort_codes(apps: Any, editor: Any) -> None:
    with editor.connection.cursor() as cursor:
        for model, codes in _CODES.items():
            sets = ", ".join(f"{column} = %s" for column in codes)
            for chunk in _chunks(apps.get_model("shop", model).objects, *codes, *codes.values()):
                rows = (
                    (key, values[: len(codes)], [code_key(code) for code in values[len(codes) :]])
                    for key, *values in chunk
                )
                changed = [(*keys, key) for key, before, keys in rows if keys != before]
                cursor.executemany(f"UPDATE shop_{model.lower()} SET {sets} WHERE id = %s", changed)


def _index_whole(apps: Any, editor: Any) -> None:
    whole = editor.connection.vendor == "sqlite"
    for model, indexes in _WHOLE.items():
        for name, keys in indexes.items():
            columns = ", ".join(f"{key}_order" for key in (keys if whole else keys[:1]))
            editor.execute(f"CREATE INDEX {model}_{name} ON shop_{model} (organization_id, {columns}, uid)")


def _empty_search(apps: Any, editor: Any) -> None:
    index = index_of(editor.connection)
    for table in _SEARCHED:
        editor.execute(f"DROP TABLE {table}")
        for statement in index.create(table):
            editor.execute(statement)


class Migration(migrations.Migration):
    """Changes no column; what rows sort by and are found by is made anew."""

    dependencies = [("shop", "0018_spelled_names")]
    operations = [
        *(
            migrations.RemoveIndex(model_name=model, name=f"{model}_{name}")
            for model, indexes in _WHOLE.items()
            for name in indexes
        ),
        migrations.RunPython(_sort_codes, migrations.RunPython.noop),
        migrations.RunPython(_index_whole, migrations.RunPython.noop),
        migrations.RunPython(_empty_search, migrations.RunPython.noop),
    ]
