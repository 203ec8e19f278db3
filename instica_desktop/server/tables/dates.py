"""Dates as people and spreadsheets write them, and the order of day, month and year in a file.

What a date can only mean is taken so: with the year first, with the month's name, with dots (day first).
Dates with slashes or dashes have an order, the same in the whole file; a part above 12 anywhere tells it.
"""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import combinations

from instica_desktop.server.tables.questions import Question

ORDERS = ("mdy", "dmy", "ymd")
_LONGEST = 50
_PARTS = {"m": "month", "d": "day", "y": "year"}
_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}

_TIME = r"(?:,?\s+|(?<=\d)T)(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([ap])\.?m\.?)?\s*Z?"
_WITH_TIME = re.compile(rf"(.*?)(?:{_TIME})?", re.IGNORECASE | re.ASCII)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})", re.ASCII)
_DOTS = re.compile(r"(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\. ?(?P<y>\d{4}|\d\d)", re.ASCII)
_SLASHES = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4}|\d\d)", re.ASCII)
_NTH = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = r"(?P<m>[a-z]{3,9})\.?"
_NAMED = (
    re.compile(rf"{_NTH}\.?[ -]*{_MONTH}[ ,-]+(?P<y>\d{{4}}|\d\d)", re.IGNORECASE | re.ASCII),
    re.compile(rf"{_MONTH}[ -]*{_NTH}[ ,-]+(?P<y>\d{{4}})", re.IGNORECASE | re.ASCII),
    re.compile(rf"(?P<y>\d{{4}})[ -]+{_MONTH}[ -]*{_NTH}", re.IGNORECASE | re.ASCII),
)

Readings = dict[str, date]
"""What a date means in each order that it can have; the same in all of them when it has none."""


def moment(text: str, order: str = "") -> str:
    """Return a time as ISO 8601, in UTC: `31/12/2025 18:05` → `2025-12-31T18:05:00Z`.

    What is no date of this kind goes on as it is; so does one with several meanings when no order is given.
    Errors: `ValueError` for a date that has no meaning in the order given.
    """
    stripped = text.strip()
    day, *clock = _split(stripped)
    found, time = readings(day), _time(*clock)
    if not found or time is None:
        return stripped
    if order and order not in found:
        raise ValueError(f"{stripped} is no date in the order {spelled(order)}.")
    meant = {found[order]} if order else set(found.values())
    return f"{meant.pop().isoformat()}T{time}Z" if len(meant) == 1 else stripped


def spelled(order: str) -> str:
    """Return an order in words: `mdy` → `month, day, year`."""
    return ", ".join(_PARTS[part] for part in order)


def is_date(text: str) -> bool:
    """Tell whether a cell holds a date, with or without a time."""
    day, *clock = _split(text.strip())
    return bool(readings(day)) and _time(*clock) is not None


def _split(text: str) -> tuple[str, ...]:
    found = _WITH_TIME.fullmatch(text) if len(text) <= _LONGEST else None
    return ("", "", "", "", "") if found is None else tuple(part or "" for part in found.groups())


def _time(hour: str, minute: str, second: str, half: str) -> str | None:
    """Return a time of day, None for one that does not exist."""
    hours, minutes, seconds = (int(part or 0) for part in (hour, minute, second))
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    fits = hours < 24 and minutes < 60 and seconds < 60
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}" if fits else None


@lru_cache(maxsize=4096)
def readings(day: str) -> Readings:
    """Return what a date without its time means, nothing for what is none."""
    if found := _SLASHES.fullmatch(day):
        return _in_each_order(found.group(1), found.group(3), found.group(4))
    for form in (_YEAR_FIRST, _DOTS, *_NAMED):
        if found := form.fullmatch(day):
            meant = _date(found["y"], found["m"], found["d"])
            return dict.fromkeys(ORDERS, meant) if meant else {}
    return {}


def _in_each_order(*parts: str) -> Readings:
    found: Readings = {}
    for order in ORDERS:
        if order == "ymd" and (len(parts[0]), len(parts[2])) != (2, 2):
            continue  # years stand in front with two digits or, told apart before, with four
        named = dict(zip(order, parts, strict=True))
        meant = _date(named["y"], named["m"], named["d"])
        if meant:
            found[order] = meant
    return found


def _date(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdecimal() else _MONTHS.get(month.lower(), 0)
    try:
        return date(_year(year), number, int(day))
    except ValueError:
        return None


def _year(digits: str) -> int:
    """Return a year; of two digits the latest one that is not in the future."""
    if len(digits) > 2:
        return int(digits)
    now = datetime.now(UTC).year
    year = now - now % 100 + int(digits)
    return year if year <= now + 1 else year - 100


class DateOrder:
    """The order of the dates of a file, found by looking at all of them."""

    def __init__(self) -> None:
        self._left = list(ORDERS)
        self._against: dict[str, str] = {}
        self._differ: dict[tuple[str, str], str] = {}

    def look(self, text: str) -> None:
        """Look at one more cell."""
        day = _split(text.strip())[0]
        found = readings(day)
        if not found or (len(set(found.values())) == 1 and len(found) == len(ORDERS)):
            return
        for order in ORDERS:
            if order not in found:
                self._against.setdefault(order, day)
        self._left = [order for order in self._left if order in found]
        for one, other in combinations(found, 2):
            if found[one] != found[other]:
                self._differ.setdefault((one, other), day)

    def join(self, other: "DateOrder") -> None:
        """Add what another one has seen."""
        self._left = [order for order in self._left if order in other._left]
        self._against = {**other._against, **self._against}
        self._differ = {**other._differ, **self._differ}

    def decide(self) -> str | Question:
        """Return the order, empty when it makes no difference, or what has to be asked."""
        if not self._left:
            message = "No order of day, month and year fits all dates of this file."
            cases = (
                f"{order}: {spelled(order)}; {day} is then no date" for order, day in self._against.items()
            )
            return Question("date_order", message, tuple(cases))
        day = next((day for orders, day in self._differ.items() if set(orders) <= set(self._left)), "")
        if day:
            found = readings(day)
            message = f"The dates of this file have more than one meaning, such as {day}."
            cases = (f"{order}: {day} is {_written(found[order])}" for order in self._left)
            return Question("date_order", message, tuple(cases))
        return self._left[0] if len(self._left) == 1 else ""


def _written(day: date) -> str:
    return f"{day.day} {_NAMES[day.month - 1].capitalize()} {day.year}"
