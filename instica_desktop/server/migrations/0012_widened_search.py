"""Records are found by a wider rule: folded texts are made anew, and the search tables are emptied."""

# pyright: reportArgumentType=false

import unicodedata
from typing import Any

from django.db import migrations

from instica_desktop.server.search_index import index_of

_SEARCHED = ("shop_search_product", "shop_search_item", "shop_search_order")
_READ_AS = {"æ": "ae", "ø": "o", "ł": "l", "œ": "oe", "þ": "th", "ð": "d", "đ": "d", "ı": "i"}
_FOLDED = {
    "shop_item": ("sku_key",),
    "shop_product": ("title_key", "catalog_key", "barcode_key"),
}


def _fold(text: str) -> str:
    """Fold as this version does; later ones may do otherwise."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.casefold().translate(str.maketrans(_READ_AS))


def _fold_keys(apps: Any, editor: Any) -> None:
    """Read the letters that folding used to leave whole; nothing else changed in it."""
    for table, columns in _FOLDED.items():
        for column in columns:
            read = column
            for letter, letters in _READ_AS.items():
                read = f"replace({read}, '{letter}', '{letters}')"
            editor.execute(f"UPDATE {table} SET {column} = {read} WHERE {column} <> {read}")


def _fold_names(apps: Any, editor: Any) -> None:
    """Fold artists and labels anew. Of two that are now one, the later keeps its former key: both stay."""
    for model in (apps.get_model("shop", "Artist"), apps.get_model("shop", "Label")):
        taken = set(model.objects.values_list("organization_id", "folded"))
        for key, owner, name, before in model.objects.order_by("pk").values_list(
            "pk", "organization_id", "name", "folded"
        ):
            folded = _fold(name)
            if folded != before and (owner, folded) not in taken:
                model.objects.filter(pk=key).update(folded=folded)
                taken.add((owner, folded))


def _empty_index(apps: Any, editor: Any) -> None:
    """Make the search tables anew; `search_filling` fills them once the schema is up to date."""
    index = index_of(editor.connection)
    for table in _SEARCHED:
        editor.execute(f"DROP TABLE {table}")
        for statement in index.create(table):
            editor.execute(statement)


class Migration(migrations.Migration):
    """Changes no table but what is kept of the records for searching."""

    dependencies = [("shop", "0011_shared_imports")]
    operations = [
        migrations.RunPython(_fold_keys, migrations.RunPython.noop),
        migrations.RunPython(_fold_names, migrations.RunPython.noop),
        migrations.RunPython(_empty_index, migrations.RunPython.noop),
    ]
