"""Lists sort without articles and by numbers, by artist, label, catalogue number and shelf too.

What rows sort by gets columns of its own; products stay found by their folded title, items by their SKU.
"""

# pyright: reportArgumentType=false

from collections.abc import Iterator
from typing import Any

from django.db import migrations, models

from instica_desktop.server.domain.collation import code_key, name_key
from instica_desktop.server.domain.grades import ITEM_GRADES

_CHUNK = 1_000
_OF_BOTH = ("artist", "label", "catalog")
_ORDERS = {
    "product": ("title", *_OF_BOTH),
    "item": ("title", "name", "sku", "location", *_OF_BOTH),
}
# PostgreSQL reads a descending list with null last from an index in that very order; these had one.
_WERE = {"product": ("title_key", "artist_key"), "item": ("title_key", "name_key", "sku_key")}


def _chunks(rows: Any, *columns: str) -> Iterator[list[Any]]:
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", *columns)[:_CHUNK]):
        yield chunk
        last = chunk[-1][0]


def _of_product(artist: str | None, label: str | None, number: str) -> tuple[str | None, ...]:
    return name_key(artist or ""), name_key(label or ""), code_key(number)


def _titled(title: str, grade: str) -> str:
    label = ITEM_GRADES.get(grade)
    return f"{title} - {label}" if label else title


def _product_keys(row: Any) -> tuple[Any, ...]:
    key, title, *product = row
    return name_key(title), *_of_product(*product), key


def _item_keys(row: Any) -> tuple[Any, ...]:
    key, title, grade, name, sku, location, *product = row
    own = name_key(_titled(title, grade)), name_key(name), code_key(sku), code_key(location)
    return *own, *_of_product(*product), key


def _fill(apps: Any, editor: Any) -> None:
    product, item = apps.get_model("shop", "Product").objects, apps.get_model("shop", "Item").objects
    shown = ("artist__name", "label__name", "catalog_number")
    own = ("condition_item", "name", "manual_sku", "location")
    sources = {
        "product": (_chunks(product, "title", *shown), _product_keys),
        "item": (
            _chunks(item, "product__title", *own, *(f"product__{column}" for column in shown)),
            _item_keys,
        ),
    }
    with editor.connection.cursor() as cursor:
        for model, (chunks, keys) in sources.items():
            sets = ", ".join(f"{name}_order = %s" for name in _ORDERS[model])
            for chunk in chunks:
                cursor.executemany(f"UPDATE shop_{model} SET {sets} WHERE id = %s", map(keys, chunk))


def _drop_descending(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        for model, columns in _WERE.items():
            for column in columns:
                editor.execute(f'DROP INDEX IF EXISTS "{model}_{column}_down"')


def _index_descending(apps: Any, editor: Any) -> None:
    if editor.connection.vendor != "postgresql":
        return
    for model, names in _ORDERS.items():
        for name in names:
            editor.execute(
                f'CREATE INDEX "{model}_{name}_order_down" ON "shop_{model}" '
                f'(organization_id, "{name}_order" DESC NULLS LAST, uid)'
            )


def _column(model: str, name: str) -> Any:
    field = models.TextField(default=None, editable=False, null=True)
    return migrations.AddField(model_name=model, name=f"{name}_order", field=field)


def _index(model: str, name: str, *fields: str) -> Any:
    index = models.Index(fields=["organization", *fields], name=f"{model}_{name}")
    return migrations.AddIndex(model_name=model, index=index)


class Migration(migrations.Migration):
    """Adds the columns by which lists of products and items sort, and their indexes."""

    dependencies = [("shop", "0012_widened_search")]
    operations = [
        *(
            migrations.RemoveIndex(model_name="item", name=f"item_{name}")
            for name in ("title", "name", "sku")
        ),
        *(
            migrations.RemoveIndex(model_name="product", name=f"product_{name}")
            for name in ("title", "artist")
        ),
        migrations.RunPython(_drop_descending, migrations.RunPython.noop),
        migrations.RenameField(model_name="item", old_name="title_key", new_name="title_order"),
        migrations.RenameField(model_name="item", old_name="name_key", new_name="name_order"),
        migrations.RenameField(model_name="product", old_name="artist_key", new_name="artist_order"),
        *(_column("item", name) for name in ("sku", "location", *_OF_BOTH)),
        *(_column("product", name) for name in ("title", "label", "catalog")),
        migrations.RunPython(_fill, migrations.RunPython.noop),
        *(_index(model, name, f"{name}_order", "uid") for model, names in _ORDERS.items() for name in names),
        _index("product", "same_title", "title_key"),
        _index("item", "same_sku", "sku_key"),
        migrations.RunPython(_index_descending, migrations.RunPython.noop),
    ]
