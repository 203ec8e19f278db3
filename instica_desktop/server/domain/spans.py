"""Days, weeks (from Monday) and months, in UTC, by which figures are counted."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

GRANULARITIES: dict[str, str] = {"day": "Day", "week": "Week", "month": "Month"}
_DEFAULT_DAYS = {"day": 30, "week": 182, "month": 365}
MOST_BUCKETS = 1_100
"""Points of one series: three years of days."""


class Span(NamedTuple):
    """Whole days from `first` to `last`, both included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The moment it begins."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        """The moment it is over, which is no longer part of it."""
        return datetime.combine(self.last, time(), UTC) + timedelta(days=1)


def last_days(today: date, days: int) -> Span:
    """Return the last `days` days, today included."""
    return Span(today - timedelta(days=days - 1), today)


def default_span(today: date, granularity: str) -> Span:
    """Return what is shown when nobody says from when to when."""
    return last_days(today, _DEFAULT_DAYS[granularity])


def bucket_of(day: date, granularity: str) -> date:
    """Return the first day of the day's week or month, or the day itself."""
    if granularity == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if granularity == "month" else day


def _following(bucket: date, granularity: str) -> date:
    if granularity == "month":
        return (bucket + timedelta(days=31)).replace(day=1)
    return bucket + timedelta(days=7 if granularity == "week" else 1)


def buckets(span: Span, granularity: str) -> Iterator[date]:
    """Yield the first days of all days, weeks or months that a span touches."""
    bucket = bucket_of(span.first, granularity)
    while bucket <= span.last:
        yield bucket
        bucket = _following(bucket, granularity)


def bucket_count(span: Span, granularity: str) -> int:
    """Return about how many points a span has, without counting them one by one."""
    return (span.last - span.first).days // {"day": 1, "week": 7, "month": 28}[granularity] + 1
