"""The order of names and codes in a list, the same on every machine.

The rules, which `server.domain.collation` holds for itself (a test compares both):
1. Text sorts by its folded form (`folding.fold`) without the spaces around it, code point by code point; what
   is empty stands last both ways.
2. Digits of any script that stand together are one number: `Vol 2` stands before `Vol 10`. Zeros before a
   number do not count.
3. A name (title, artist, label) sorts without its leading article, once: `The The` by its second word. An
   article with nothing behind it is the name itself.
4. What divides the parts of a code (catalogue number, SKU, shelf) counts as one space, and not at its ends:
   `ABC-9` stands before `ABC 10`. A code that consists of nothing else sorts as it is.
5. The first 600 characters of a key count: more than fits no index.
Source: api-reference, Additions, Orderings.
"""

import re
import unicodedata
from functools import lru_cache

from instica_desktop.core.folding import fold

LONGEST_KEY = 600
_ARTICLE = re.compile(
    "(?:(?:the|an?|der|die|das|l[aeo]s?|el|il|i|gli|de[nt]?|het|os|as|o)\\s+|l['‘’‛`ʼ′]\\s*)(?=\\S)"
)
_DIVIDERS = re.compile("[\\s\\-./_,:\u2010-\u2015\u2212]+")
_NUMBER = re.compile(r"\d+")
_KEPT = 4096
"""Keys that are remembered: artists, labels and shelves come again with every copy."""


@lru_cache(_KEPT)
def name_key(text: str | None) -> str | None:
    """Return what a title or a name sorts by, None when empty: `The Beatles` by `beatles`."""
    given = text or ""
    folded = (given.lower() if given.isascii() else fold(given.replace("´", "'"))).strip()
    article = _ARTICLE.match(folded)
    return _key(folded[article.end() :] if article else folded)


@lru_cache(_KEPT)
def code_key(text: str | None) -> str | None:
    """Return what a catalogue number, a SKU or a shelf sorts by, None when empty."""
    folded = fold(text or "").strip()
    return _key(_DIVIDERS.sub(" ", folded).strip() or folded)


def _key(folded: str) -> str | None:
    key = _NUMBER.sub(_number, folded) if _NUMBER.search(folded) else folded
    return key[:LONGEST_KEY] or None


def _number(found: re.Match[str]) -> str:
    """Return a number as text that sorts by its value, among letters as a digit: how many digits, then they.

    How many is written so that none of these is the beginning of another: 8, 90 (nine), 91, …, 98, 990.
    """
    run = found[0]
    digits = run if run.isascii() else "".join(str(unicodedata.decimal(char)) for char in run)
    digits = digits.lstrip("0")
    if len(digits) < 9:
        return f"{len(digits)}{digits}"
    nines, rest = divmod(len(digits), 9)
    return f"{'9' * nines}{rest}{digits}"
