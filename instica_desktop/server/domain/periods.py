"""Periods of a subscription. Source: api contract, Subscriptions."""

import calendar
from datetime import datetime

MONTHLY, YEARLY = "monthly", "yearly"
_MONTHS = {MONTHLY: 1, YEARLY: 12}


def period_after(start: datetime, interval: str) -> datetime:
    """Return when a period that starts now ends: the same day of a later month, or that month's last."""
    month = start.month - 1 + _MONTHS.get(interval, 1)
    year, month = start.year + month // 12, month % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return start.replace(year=year, month=month, day=day)


def renewed(end: datetime, interval: str, now: datetime) -> datetime:
    """Return the end of the period `now` lies in, when periods follow each other from `end` on."""
    while end <= now:
        end = period_after(end, interval)
    return end
