"""How many rows a list has, asked of the database once as long as nothing is written.

Counting is most of what a page of a large list costs, and paging, sorting and refreshing count the same rows
again. An answer is kept while the database says that it holds what it held: a mark that every committed write
of any process changes. So a kept count is never an old one.
"""

from collections import OrderedDict
from threading import local
from typing import Any

from django.db import connection

_MOST = 200


class _Kept(local):
    """The counts one thread knows; a connection belongs to one thread, and so does what its mark means."""

    def __init__(self) -> None:
        self.mark: tuple[Any, ...] = ()
        self.counts: OrderedDict[Any, int] = OrderedDict()


_kept = _Kept()


def _mark() -> tuple[Any, ...]:
    """Return what changes with every committed write.

    SQLite: `data_version` for other connections' writes, `total_changes` for our own. PostgreSQL: the
    snapshot, which names the writing transactions that are finished.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_current_snapshot()::text")
            return (id(connection.connection), cursor.fetchone()[0])
        version = cursor.execute("PRAGMA data_version").fetchone()[0]
        own: Any = connection.connection
        return (id(own), version, own.total_changes)


def count_rows(queryset: Any) -> int:
    """Return the number of a queryset's rows."""
    mark = _mark()
    if mark != _kept.mark:
        _kept.mark, _kept.counts = mark, OrderedDict()
    key = queryset.order_by().query.sql_with_params()
    if key not in _kept.counts:
        _kept.counts[key] = queryset.count()
        if len(_kept.counts) > _MOST:
            _kept.counts.popitem(last=False)
    return _kept.counts[key]
