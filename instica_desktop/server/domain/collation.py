"""What names and codes sort by. Source: api contract, Additions, Orderings.

The rules:
1. Text sorts by its folded form (`text.fold`) without the spaces around it, code point by code point; empty
   text stands last both ways.
2. Decimal digits in a row, of whatever script, compare as one number; zeros before it do not count.
3. A name (title, artist, label) leaves out one leading article, unless nothing stands behind it.
4. In a code (catalogue number, SKU, shelf) all that divides its parts counts as one space, and nothing at its
   ends; a code of nothing else sorts as it is.
5. A key has at most 600 characters, which an index of PostgreSQL can hold.
"""

import unicodedata
from functools import lru_cache
from itertools import groupby

from instica_desktop.server.domain.text import fold

_LONGEST = 600
_ARTICLES = frozenset(
    (
        *(
            "the",
            "a",
            "an",
            "der",
            "die",
            "das",
            "le",
            "la",
            "les",
            "el",
            "los",
            "las",
            "il",
            "lo",
            "i",
            "gli",
        ),
        *("de", "het", "den", "det", "os", "as", "o"),
    )
)
_APOSTROPHES = "'\u2018\u2019\u201b`\u02bc\u2032"
_ACUTE = "\u00b4"
"""An accent that stands alone, typed for an apostrophe; folded it would be a space."""
_DIVIDERS = str.maketrans(dict.fromkeys("-./_,:\u2010\u2011\u2012\u2013\u2014\u2015\u2212", " "))
_KEPT = 4096
"""Keys that are remembered: an artist, a label and a title come again with every copy."""


def _without_article(name: str) -> str:
    first, *others = name.split(maxsplit=1)
    if others and first in _ARTICLES:
        return others[0]
    if name[0] == "l" and name[1:2] in tuple(_APOSTROPHES):
        return name[2:].lstrip() or name
    return name


def _sortable(run: str) -> str:
    """Return digits with their number before them; ten and more are told by nines, which sort behind 8."""
    digits = "".join(str(unicodedata.decimal(char)) for char in run).lstrip("0")
    return "9" * (len(digits) // 9) + str(len(digits) % 9) + digits


def _natural(text: str) -> str | None:
    parts = (
        _sortable("".join(chars)) if digits else "".join(chars)
        for digits, chars in groupby(text, str.isdecimal)
    )
    return "".join(parts)[:_LONGEST] or None


@lru_cache(_KEPT)
def name_key(name: str) -> str | None:
    """Return what a title, an artist or a label sorts by; None when empty (None sorts last both ways)."""
    folded = fold(name.replace(_ACUTE, "'")).strip()
    return _natural(_without_article(folded)) if folded else None


@lru_cache(_KEPT)
def code_key(code: str) -> str | None:
    """Return what a catalogue number, a SKU or a shelf sorts by; None when empty."""
    folded = fold(code)
    return _natural(" ".join(folded.translate(_DIVIDERS).split()) or folded.strip())
