"""The inventory by days in stock. Source: api contract, Inventory, Ordering.

An item's days end today as long as it is unsold, and at its sale; they are never fewer than none, even when
it is to come in tomorrow. `age_key` holds the order of the unsold and that of the sold.
"""

from datetime import date
from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest

from instica_desktop.server.filters.common import Ordering
from instica_desktop.server.storage.streams import Merged, Stream

_LAST_DAY = date.max.toordinal()
"""Ranges end on both sides: planners take one that is open for too large to be read from its index."""


def _streams(days: Any, today: int, *, oldest_first: bool) -> tuple[Stream, ...]:
    key = F("age_key").asc() if oldest_first else F("age_key").desc()
    return (
        Stream(Q(age_key__range=(-1 - _LAST_DAY, -1)), Value(-1) - F("age_key"), (key,)),
        Stream(Q(age_key__range=(0, today)), Value(today) - F("age_key"), (key,)),
        # Those to come all have 0 days; the value as a term, lest planners seek them along the uids of all.
        Stream(Q(age_key__range=(today + 1, _LAST_DAY)), days, (days.asc(),)),
    )


def by_age(today: date) -> Ordering:
    """Return the ordering by days in stock, and its reverse, as they are today."""
    day = today.toordinal()
    unsold = Greatest(Value(day) - F("age_key"), Value(0))
    days = Case(When(age_key__lt=0, then=Value(-1) - F("age_key")), default=unsold)
    return {
        "days_in_inventory": (Merged(days, _streams(days, day, oldest_first=False)),),
        "-days_in_inventory": (Merged(days, _streams(days, day, oldest_first=True), descending=True),),
    }
