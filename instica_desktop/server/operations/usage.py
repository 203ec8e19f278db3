"""How much the API is used: counted in memory, added to the database by one atomic statement for each count.

A write for each request would make reading as slow as writing, and each write makes the lists be counted
anew (`storage.counting`). So counts wait here for half a minute; whoever asks for them, and the end of the
process, writes them first.
"""

import logging
import threading
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from instica_desktop.server.models import ApiUse, User

log = logging.getLogger(__name__)

FLUSH_EVERY = 30.0
"""Seconds for which counts may wait in memory."""
_ADD = """
    INSERT INTO shop_apiuse (user_id, day, endpoint, count)
    SELECT id, %s, %s, %s FROM shop_user WHERE id = %s
    ON CONFLICT (user_id, day, endpoint) DO UPDATE SET count = shop_apiuse.count + excluded.count
"""
_Key = tuple[int, date, str]


class UseCounter:
    """The counts of this process that are not yet in the database. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Counter[_Key] = Counter()
        self._flushed = time.monotonic()

    def count(self, user_id: int, endpoint: str) -> None:
        """Count one request, and write what waits when it has waited long enough."""
        with self._lock:
            self._waiting[user_id, datetime.now(UTC).date(), endpoint] += 1
            due = time.monotonic() - self._flushed >= FLUSH_EVERY
        if due:
            self.flush()

    def flush(self) -> None:
        """Write all that waits; what cannot be written now goes on waiting."""
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
            self._flushed = time.monotonic()
        if not taken:
            return
        try:
            _add(taken)
        except DatabaseError:
            log.warning("the use of the API could not be noted; it is tried again", exc_info=True)
            with self._lock:
                self._waiting.update(taken)


def _add(counts: Counter[_Key]) -> None:
    whole: Any = transaction.atomic()  # each statement is whole by itself: no write lock keeps others waiting
    with whole, connection.cursor() as cursor:
        for (user_id, day, endpoint), times in sorted(counts.items()):
            cursor.execute(_ADD, [day.isoformat(), endpoint, times, user_id])


USE = UseCounter()
"""The counter of this process; a server flushes it when it ends."""


def _period(today: date) -> tuple[date, date]:
    """Return the first and last day of the month."""
    first = today.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _sums(rows: Any, name: str) -> list[dict[str, Any]]:
    return list(rows.values(name).annotate(total=Sum("count")).order_by(name))


def usage_of(user: User) -> dict[str, Any]:
    """Return a user's requests of this month, by day and by endpoint (the busiest first)."""
    USE.flush()
    first, last = _period(datetime.now(UTC).date())
    rows = ApiUse.objects.filter(user=user, day__range=(first, last))
    by_day = [{"date": row["day"], "count": row["total"]} for row in _sums(rows, "day")]
    by_endpoint = [{"endpoint": row["endpoint"], "count": row["total"]} for row in _sums(rows, "endpoint")]
    by_endpoint.sort(key=lambda row: -row["count"])
    total = sum(row["count"] for row in by_day)
    return {
        "period_start": first,
        "period_end": last,
        "total_requests": total,
        "by_day": by_day,
        "by_endpoint": by_endpoint,
    }
