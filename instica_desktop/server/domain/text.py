"""Folding, search words and keys. Source: api contract, Search and text order.

The rules:
1. fold = NFKD, combining marks (those of a combining class above 0) dropped, casefold. What lists sort by is
   made of it (`collation`).
2. A letter or digit is what `str.isalnum` says of a folded character; everything else separates words.
3. A word is a longest run of letters and digits of one kind: those in `_CJK_RANGES` (Han with its radicals
   and numerals, Kana, Bopomofo, Hangul), or all others. A run of CJK counts as its single characters and its
   overlapping pairs. Words count by their first 500 characters (`search_index`).
4. A code (catalogue number, SKU, barcode) also counts as one word of all its letters and digits.
5. A record matches when every word of the query is the beginning of one of its words (`search`).
6. A tag or a shelf is compared composed (NFC) and without case; accents count.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

_CJK_RANGES = (
    (0x1100, 0x11FF),  # Hangul jamo: what folding makes of Hangul syllables
    (0x2E80, 0x2FDF),
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3031, 0x3035),
    (0x3038, 0x303C),
    (0x3040, 0x30FF),
    (0x3105, 0x318F),
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA960, 0xA97F),
    (0xAC00, 0xD7FF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
_ASCII_WORDS = re.compile("[a-z0-9]+")


def fold(text: str) -> str:
    """Return text without case and combining marks: `Ágætis` → `agætis`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def _is_cjk(char: str) -> bool:
    point = ord(char)
    return point >= 0x1100 and any(low <= point <= high for low, high in _CJK_RANGES)


def _script(char: str) -> str:
    if not char.isalnum():
        return ""
    return "cjk" if _is_cjk(char) else "word"


def words(text: str) -> Iterator[str]:
    """Yield the folded search words of a text, with repeats."""
    if text.isascii():  # most texts; the same, several times as fast
        yield from _ASCII_WORDS.findall(text.lower())
        return
    for script, chars in groupby(fold(text), _script):
        if not script:
            continue
        run = "".join(chars)
        if script == "word":
            yield run
        else:
            yield from run
            yield from map("".join, pairwise(run))


def compact(code: str) -> str:
    """Return a catalogue number, SKU or barcode folded and without separators: `CS 8163` → `cs8163`."""
    if code.isascii():
        return "".join(_ASCII_WORDS.findall(code.lower()))
    return "".join(char for char in fold(code) if char.isalnum())


def search_words(texts: Iterable[str], codes: Iterable[str] = ()) -> str:
    """Return the distinct search words of a record, separated by spaces.

    `codes` (catalogue number, SKU, barcode) count by their words and as one word with separators removed.
    """
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(words(text)))
    for code in codes:
        found.update(dict.fromkeys(words(code)))
        if joined := compact(code):
            found[joined] = None
    return " ".join(found)


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
