"""The search index: one FTS5 table for each kind of record, with prefix indexes for search as one types."""

from django.db import migrations

_TABLES = ("shop_search_product", "shop_search_item", "shop_search_order")


def _create(table: str) -> migrations.RunSQL:
    # Words are folded and split before they get here: the ascii tokenizer only splits at the spaces.
    return migrations.RunSQL(
        f"CREATE VIRTUAL TABLE {table} USING fts5("
        "words, tokenize='ascii', prefix='1 2 3', detail=none, columnsize=0)",
        f"DROP TABLE {table}",
    )


class Migration(migrations.Migration):
    """Adds the three search tables."""

    dependencies = [("shop", "0001_initial")]
    operations = [_create(table) for table in _TABLES]
