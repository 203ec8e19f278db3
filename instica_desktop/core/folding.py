"""Folding, the same on every machine.

The rules, which `server.domain.text` holds for itself (a test compares both at every code point of Unicode):
1. fold = NFKD, combining marks (those of a combining class above 0) dropped, casefold, and letters that
   NFKD leaves whole as those they are read as (`_LETTERS`). What lists sort by is made of
   it (`collation`).
2. A tag or a shelf is compared composed (NFC) and without case; accents count.
What is searched: `search_words`.
Source: api-reference, common rules, “Search and text order”.
"""

import unicodedata

_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "ł": "l", "œ": "oe", "þ": "th", "ð": "d", "đ": "d", "ı": "i"}  # casefold has ß
)


def fold(text: str) -> str:
    """Return text without case and combining marks: `Ágætis` → `agaetis`, `Ｗａｒｐ` → `warp`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.casefold().translate(_LETTERS)
