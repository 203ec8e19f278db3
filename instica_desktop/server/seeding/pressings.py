"""Pressings: the real ones first, then made-up further pressings of the same releases.

A further pressing keeps artist, title, label and genres and varies year, country, format and catalogue
number. Its barcode begins with 29, which is reserved for use inside shops, so it is nobody's real one.
"""

import random
from collections.abc import Iterator, Sequence

from instica_desktop.server.seeding.facts import Fact

_COUNTRIES = ("US", "UK", "DE", "JP", "FR", "NL", "IT", "CA", "ES", "SE", "BR", "AU")
_COUNTRY_WEIGHTS = (24, 18, 14, 12, 8, 6, 5, 4, 3, 2, 2, 2)
_FORMATS = (
    "LP",
    "LP, Reissue",
    "LP, Remastered",
    "LP, 180 g",
    "2×LP, 45 RPM",
    "CD",
    "CD, Reissue",
    "Cassette",
)
_FORMAT_WEIGHTS = (30, 18, 10, 12, 4, 14, 6, 6)
_SINGLE = ('7"', '12"')
_FIRST_CD = 1983
_FIRST_BARCODE = 1980
_LAST_YEAR = 2024


def _check_digit(digits: str) -> str:
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(digits))
    return str(-total % 10)


def _barcode(rng: random.Random) -> str:
    digits = f"29{rng.randrange(10**10):010d}"
    return digits + _check_digit(digits)


def _catalogue_number(country: str, original: str, rng: random.Random) -> str:
    number = rng.randrange(1000, 99_999)
    patterns = {
        "JP": f"{rng.choice('SPGMKU')}{rng.choice('JRLC')}{rng.choice('PLJ')}-{number:05d}",
        "DE": f"{number // 100:03d} {number % 1000:03d}-{rng.choice('12')}",
        "UK": f"{rng.choice(('ILPS', 'SHVL', 'K', 'CAD', 'CBS', 'POLD'))} {number // 10}",
        "FR": f"{rng.choice((60, 80, 84, 310))}.{number % 1000:03d}",
    }
    return (
        patterns.get(country) or f"{original} {rng.choice(('RE', 'RP', 'X', 'S', 'A'))}{number % 100}".strip()
    )


def _further(fact: Fact, rng: random.Random) -> Fact:
    country = rng.choices(_COUNTRIES, _COUNTRY_WEIGHTS)[0]
    year = rng.randint(min(fact.year or 1970, _LAST_YEAR), _LAST_YEAR)
    kind = fact.format if fact.format in _SINGLE else rng.choices(_FORMATS, _FORMAT_WEIGHTS)[0]
    if kind.startswith("CD") and year < _FIRST_CD:
        kind = "LP, Reissue"
    return fact._replace(
        year=year,
        country=country,
        format=kind,
        catalogue_number=_catalogue_number(country, fact.catalogue_number, rng),
        barcode=_barcode(rng) if year >= _FIRST_BARCODE and rng.random() < 0.7 else "",
        discogs_release_id=None,
    )


def pressings(facts: Sequence[Fact], count: int, rng: random.Random) -> Iterator[Fact]:
    """Yield `count` pressings: the real ones in a drawn order, then further ones of drawn releases."""
    drawn = list(facts)
    rng.shuffle(drawn)
    yield from drawn[:count]
    for _ in range(count - len(drawn)):
        yield _further(rng.choice(drawn), rng)
