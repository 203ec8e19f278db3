"""The search index: one table for each kind of record, FTS5 on SQLite and `tsvector` with GIN on PostgreSQL."""

from typing import Any

from django.db import migrations

from instica_desktop.server.search_index import index_of

_TABLES = ("shop_search_product", "shop_search_item", "shop_search_order")


def _create(apps: Any, editor: Any) -> None:
    for table in _TABLES:
        for statement in index_of(editor.connection).create(table):
            editor.execute(statement)


def _drop(apps: Any, editor: Any) -> None:
    for table in _TABLES:
        editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):
    """Adds the three search tables."""

    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunPython(_create, _drop)]
