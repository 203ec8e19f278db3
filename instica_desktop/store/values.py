"""From wire values to what an index can order and compare. None sorts last both ways."""

import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)
_MILLI = timedelta(milliseconds=1)


def aware(moment: datetime) -> datetime:
    """Return a moment in UTC; one without a zone is taken as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def micros(moment: datetime | None) -> int | None:
    """Return the microseconds since 2000, negative before."""
    return None if moment is None else (aware(moment) - EPOCH) // _MICRO


def millis(moment: datetime) -> int:
    """Return the milliseconds since 2000."""
    return (aware(moment) - EPOCH) // _MILLI


def from_millis(value: int) -> datetime:
    """Return the moment of `millis`."""
    return EPOCH + value * _MILLI


def day(moment: datetime | None) -> int | None:
    """Return the UTC day as a number (`date.toordinal`)."""
    return None if moment is None else aware(moment).toordinal()


def amount(money: Decimal | None) -> int | None:
    """Return money in hundredths of a cent, exact for what the API sends; None for what is no number."""
    return None if money is None or not money.is_finite() else int(money.scaleb(4))


def tag(value: str) -> str:
    """Return the form in which tags and shelves are compared: composed and without case, accents kept."""
    return value.lower() if value.isascii() else unicodedata.normalize("NFC", value).casefold()
