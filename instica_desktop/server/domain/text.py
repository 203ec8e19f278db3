"""Folding and keys. Source: api contract, Search and text order.

The rules:
1. fold = NFKD, combining marks (those of a combining class above 0) dropped, casefold, and letters that
   NFKD leaves whole as those they are read as (`READ_AS`). What lists sort by is made of
   it (`collation`).
2. A tag or a shelf is compared composed (NFC) and without case; accents count.
What is searched: `search_words`.
"""

import re
import unicodedata
from collections.abc import Iterable

READ_AS = {"æ": "ae", "ø": "o", "ł": "l", "œ": "oe", "þ": "th", "ð": "d", "đ": "d", "ı": "i"}
"""The letters folded so; casefolding reads ß as ss."""
_READ = str.maketrans(READ_AS)
_ASCII_WORDS = re.compile("[a-z0-9]+")


def fold(text: str) -> str:
    """Return text without case and combining marks: `Ágætis` → `agaetis`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.casefold().translate(_READ)


def compact(code: str) -> str:
    """Return a catalogue number, SKU or barcode folded and without separators: `CS 8163` → `cs8163`."""
    if code.isascii():
        return "".join(_ASCII_WORDS.findall(code.lower()))
    return "".join(char for char in fold(code) if char.isalnum())


def sort_key(text: str) -> str | None:
    """Return the folded text by which rows are found again and releases sort, None when empty."""
    return fold(text) or None


def tag_key(tag: str) -> str:
    """Return the form in which tags are compared: composed and without case, accents kept."""
    return unicodedata.normalize("NFC", tag).casefold()


def tag_keys(tags: Iterable[str]) -> str:
    """Return all tags in comparable form, each between line feeds, so that a whole tag can be found in it."""
    keys = [tag_key(tag) for tag in tags]
    return "\n" + "\n".join(keys) + "\n" if keys else ""
