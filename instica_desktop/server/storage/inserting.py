"""Fast inserts of model rows, keys given by us: one prepared statement for each table, COPY on PostgreSQL."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from django.db import connection, models

from instica_desktop.server.models.columns import JSONText


def next_key(model: Any) -> int:
    """Return the first free primary key of a table."""
    return (model.objects.aggregate(models.Max("pk"))["pk__max"] or 0) + 1


def give_keys(model: Any, rows: list[Any]) -> None:
    """Give unsaved rows their primary keys, in order. On SQLite inside the transaction that inserts them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, len(rows)],
            )
            keys = [key for (key,) in cursor.fetchall()]
        else:
            last = cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table]).fetchone()
            first = (last[0] if last else 0) + 1
            keys = range(first, first + len(rows))
    for row, key in zip(rows, keys, strict=True):
        row.pk = key


def _reader(field: Any) -> Callable[[Any], Any]:
    name = field.attname
    times = connection.vendor != "postgresql" and isinstance(field, models.DateTimeField)
    if times or isinstance(field, JSONText):  # the ones a driver cannot take as they are
        return lambda row: field.get_db_prep_save(getattr(row, name), connection)
    return attrgetter(name)


def insert(model: Any, rows: Iterable[Any]) -> None:
    """Insert unsaved rows whose primary keys, and those they refer to, are set. Sends no signals."""
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
