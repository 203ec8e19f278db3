"""Lists in an order that changes every day, read from an index that does not.

Where a value depends on today, no index holds it. But its rows may fall into a few streams, each of which an
index does have in the value's order; then a page is cut from the beginnings of all streams, sorted together.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import OrderBy, Q
from django.db.models.expressions import RawSQL

DEEPEST = 100_000
"""A page that ends beyond this many rows is cut from all rows: the beginnings are hardly shorter."""


@dataclass(frozen=True)
class Stream:
    """Some of the rows, their value, and terms (the uid follows) that order them as the value would."""

    rows: Q
    value: Any
    terms: tuple[Any, ...]


class Merged(OrderBy):
    """An ordering by a computed value; every row is in just one of its `streams`."""

    def __init__(self, expression: Any, streams: tuple[Stream, ...] = (), **options: Any) -> None:
        super().__init__(expression, **options)
        self.streams = streams


def merged_ordering(queryset: Any) -> Merged | None:
    """Return the ordering of a queryset that can be read from streams; None for any other."""
    first, *others = queryset.query.order_by
    return first if isinstance(first, Merged) and others == ["uid"] else None


def read_streams(queryset: Any, ordering: Merged, start: int, stop: int) -> list[int]:
    """Return the primary keys from `start` to `stop`, by one statement."""
    sql, values = _merged(queryset, ordering, stop)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT %s OFFSET %s", [*values, stop - start, start])
        return [key for key, _, _ in cursor.fetchall()]


def first_keys(queryset: Any, ordering: Merged, most: int) -> RawSQL:
    """Return a subquery for the primary keys of the first rows."""
    sql, values = _merged(queryset, ordering, most)
    return RawSQL(f"SELECT pk FROM ({sql} LIMIT %s) AS first", [*values, most])


def _merged(queryset: Any, ordering: Merged, stop: int) -> tuple[str, list[Any]]:
    """Return SQL, with its parameters, for the beginnings of all streams in the value's order."""
    parts = [_beginning(queryset, stream, stop) for stream in ordering.streams]
    every = " UNION ALL ".join(f"SELECT * FROM ({sql}) AS part" for sql, _ in parts)
    way = "DESC" if ordering.descending else "ASC"
    return f"{every} ORDER BY 2 {way}, 3", [value for _, values in parts for value in values]


def _beginning(queryset: Any, stream: Stream, stop: int) -> tuple[str, tuple[Any, ...]]:
    """Return SQL with its parameters: Django itself cuts no parts of a union on SQLite."""
    rows = queryset.filter(stream.rows).order_by(*stream.terms, "uid")
    return rows.values_list("pk", stream.value, "uid")[:stop].query.sql_with_params()
