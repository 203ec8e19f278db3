"""Fast inserts of model rows, keys given by us: one prepared statement for each table, COPY on PostgreSQL."""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from instica_desktop.server.storage.database import count_for_planner


def next_key(model: Any) -> int:
    """Return the first free primary key of a table."""
    return (model.objects.aggregate(models.Max("pk"))["pk__max"] or 0) + 1


def _reader(field: Any) -> Callable[[Any], Any]:
    name = field.attname
    if isinstance(
        field, (models.DateTimeField, models.TextField)
    ):  # the ones SQLite's driver cannot take as they are
        return lambda row: field.get_db_prep_save(getattr(row, name), connection)
    return lambda row: getattr(row, name)


def insert(model: Any, rows: Iterable[Any]) -> None:
    """Insert unsaved rows whose primary keys are set. Sends no signals."""
    fields = model._meta.concrete_fields
    readers = [_reader(field) for field in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})'
    values = ([read(row) for read in readers] for row in rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
                for row in values:
                    copy.write_row(row)
        else:
            cursor.executemany(sql, list(values))


def tidy() -> None:
    """After many inserts: let the planner count, and let the next key follow the ones we gave."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            count_for_planner(cursor)
            return
        tables = apps.get_app_config("shop").get_models()
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")
