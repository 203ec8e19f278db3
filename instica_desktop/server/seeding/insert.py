"""Fast inserts of model rows: one prepared statement for each table, keys given by us."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection, models


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
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[read(row) for read in readers] for row in rows])
