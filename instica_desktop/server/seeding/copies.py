"""Single copies: grades, notes, prices, places and the days of their life in the shop."""

import random
from datetime import datetime, timedelta
from typing import NamedTuple

_GRADES = ("m", "nm", "ex", "vg_plus", "vg", "g_plus", "g", "f", "p")
_GRADE_WEIGHTS = (3, 17, 13, 34, 20, 6, 4, 2, 1)
_WORTH = {
    "m": 1.5,
    "nm": 1.2,
    "ex": 1.0,
    "vg_plus": 0.82,
    "vg": 0.6,
    "g_plus": 0.42,
    "g": 0.3,
    "f": 0.18,
    "p": 0.1,
}
"""What a grade does to a price."""
_NO_SLEEVE_GRADE = ("generic", "no_cover", "not_graded")

_STATUSES = ("draft", "received", "ready-to-sell", "listed", "sold", "shipped", "returned", "archived")
_STATUS_WEIGHTS = (30, 75, 150, 545, 14, 140, 10, 36)

_NOTES = {
    "m": ("Sealed.", "Unplayed, opened to inspect.", "Sealed, shrink intact with hype sticker."),
    "nm": (
        "Plays without a sound between tracks.",
        "Glossy, one tiny sleeve scuff.",
        "Inner sleeve like new.",
    ),
    "ex": ("Faint paper scuffs, no effect on play.", "Light spindle marks, glossy.", "Very clean copy."),
    "vg_plus": (
        "Light hairlines on side A, plays clean.",
        "A few surface marks, no skips.",
        "Light crackle in the lead-in, then quiet.",
        "Small tick on the first track of side B.",
    ),
    "vg": (
        "Visible scuffs, some surface noise in quiet passages.",
        "Light crackle throughout, no skips.",
        "A scratch on side A ticks five times.",
    ),
    "g_plus": ("Constant light crackle, plays through.", "Several scratches, one audible for a minute."),
    "g": ("Heavy wear, plays through with noise.", "Party copy, noisy but no skips."),
    "f": ("Skips once on side B.", "Deep scratch, heavy noise."),
    "p": ("For the sleeve only.", "Cracked at the edge, will not play."),
}
_SLEEVE_NOTES = (
    "Small split at the foot of the spine.",
    "Ring wear on the back.",
    "Name in pen on the label.",
    "Corner bump top right.",
    "Price sticker residue.",
    "Spine clean and readable.",
    "Seam split taped inside.",
    "Slight foxing inside the gatefold.",
)
_TAGS = (
    "first pressing",
    "stereo",
    "mono",
    "promo",
    "gatefold",
    "six-eye",
    "insert",
    "obi",
    "hype sticker",
    "staff pick",
    "box lot",
    "cut-out",
    "audiophile",
    "white label",
)
_SHIPPING = (400, 450, 500, 600)
_GRAMS = {"CD": 120, "Cassette": 90, '7"': 110, '12"': 260}


class Life(NamedTuple):
    """The times of a copy; those that have not come are None. `updated` is the latest."""

    acquired: datetime
    created: datetime
    listed: datetime | None
    sold: datetime | None
    updated: datetime


class Copy(NamedTuple):
    """One copy: grades, status, cents, texts, times."""

    grade: str
    sleeve_grade: str
    status: str
    price: int | None
    shipping: int | None
    cost: int | None
    expected: int | None
    notes: str
    location: str
    tags: list[str]
    grams: int
    life: Life


def base_price(rng: random.Random) -> float:
    """Return what a pressing is worth in very good condition, in US dollars.

    Mostly 10–40, rarely hundreds.
    """
    return min(950.0, 6 + rng.lognormvariate(2.75, 0.75))


def age_days(rng: random.Random) -> int:
    """Return how many days ago a copy came in: many this season, a tail of three years."""
    return min(1_100, 1 + int(rng.expovariate(1 / 210)))


def shelf(rng: random.Random) -> str:
    """Return a place such as A-01-09: rack, shelf, slot."""
    return f"{rng.choice('ABCDEF')}-{rng.randint(1, 12):02d}-{rng.randint(1, 30):02d}"


def _sleeve_grade(grade: str, rng: random.Random) -> str:
    if rng.random() < 0.05:
        return rng.choice(_NO_SLEEVE_GRADE)
    step = rng.choices((-1, 0, 1, 2), (12, 48, 30, 10))[0]
    return _GRADES[max(0, min(len(_GRADES) - 1, _GRADES.index(grade) + step))]


def _status(age: int, rng: random.Random) -> str:
    status = rng.choices(_STATUSES, _STATUS_WEIGHTS)[0]
    if age > 60 and status in ("draft", "received"):
        return "listed"  # nothing waits unsorted for months
    if age < 20 and status in ("shipped", "returned"):
        return "ready-to-sell"  # too young to have been sold and sent
    if age < 5 and status == "sold":
        return "received"
    return status


def _life(status: str, age: int, today: datetime, rng: random.Random) -> Life:
    acquired = today - timedelta(days=age, seconds=rng.randrange(3600, 36_000))
    created = acquired + timedelta(seconds=rng.randrange(60, 3000))
    listed = sold = None
    if status in ("listed", "sold", "shipped", "returned"):
        listed = created + timedelta(days=age * rng.uniform(0.0, 0.3), seconds=rng.randrange(600))
    if status == "sold":
        sold = today - timedelta(seconds=rng.randrange(3600, 4 * 86_400))
    elif status in ("shipped", "returned") and listed is not None:
        latest = today - timedelta(days=2)
        sold = listed + (latest - listed) * rng.uniform(0.15, 1.0)
    touched = sold or listed or created
    updated = touched + (today - touched) * rng.random() * 0.5
    times = (moment and moment.replace(microsecond=0) for moment in (listed, sold, updated))
    return Life(acquired, created, *times)  # pyright: ignore[reportArgumentType]


def _price(status: str, worth: float, grade: str, rng: random.Random) -> int | None:
    if status == "draft" or (status == "received" and rng.random() < 0.7):
        return None
    dollars = max(1.0, worth * _WORTH[grade] * rng.uniform(0.85, 1.15))
    whole = int(dollars) if dollars < 60 else int(dollars / 5) * 5
    return whole * 100 + rng.choice((0, 0, 50, 99 if dollars < 60 else 0))


def _notes(grade: str, rng: random.Random) -> str:
    parts = [rng.choice(_NOTES[grade])] if rng.random() < 0.8 else []
    if rng.random() < 0.4:
        parts.append(rng.choice(_SLEEVE_NOTES))
    return " ".join(parts)


def draw_copy(worth: float, kind: str, age: int, today: datetime, rng: random.Random) -> Copy:
    """Return a copy of a pressing worth `worth` dollars, of format `kind`, which came in `age` days ago."""
    grade = rng.choices(_GRADES, _GRADE_WEIGHTS)[0]
    status = _status(age, rng)
    price = _price(status, worth, grade, rng)
    graded = status != "draft" or rng.random() < 0.4
    value = worth * _WORTH[grade] * 100
    discs = int(kind[0]) if kind[:1].isdecimal() and "×" in kind else 1
    grams = _GRAMS.get(kind.split(",")[0].split("×")[-1], 290) * discs + rng.randrange(0, 60, 5)
    return Copy(
        grade=grade if graded else "",
        sleeve_grade=_sleeve_grade(grade, rng) if graded else "",
        status=status,
        price=price,
        shipping=None if price is None else rng.choice(_SHIPPING),
        cost=int(value * rng.uniform(0.15, 0.55)) if rng.random() < 0.92 else None,
        expected=int(value) if rng.random() < 0.3 else None,
        notes=_notes(grade, rng) if graded else "",
        location=shelf(rng) if status != "draft" else "",
        tags=rng.sample(_TAGS, rng.choices((0, 1, 2, 3), (45, 30, 18, 7))[0]),
        grams=grams,
        life=_life(status, age, today, rng),
    )
