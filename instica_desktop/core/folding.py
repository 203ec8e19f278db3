"""Search words, the same on every machine.

The rules, which `server.domain.text` holds for itself (a test compares both at every code point of Unicode):
1. fold = NFKD, combining marks (those of a combining class above 0) dropped, casefold. What lists sort by is
   made of it (`collation`).
2. A letter or digit is what `str.isalnum` says of a folded character; everything else separates words.
3. A word is a longest run of letters and digits of one kind: those in `_CJK` (Han with its radicals and
   numerals, Kana, Bopomofo, Hangul), or all others. A run of CJK counts as its single characters and its
   overlapping pairs. Words count by their first `LONGEST_WORD` characters.
4. A code (catalogue number, SKU, barcode) also counts as one word of all its letters and digits.
5. A record matches when every word of the query is the beginning of one of its words.
6. A tag or a shelf is compared composed (NFC) and without case; accents count.
Source: api-reference, common rules, “Search and text order”.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

LONGEST_WORD = 500
_CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3040-\u30ff"
    "\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_SEPARATORS = re.compile(r"[\W_]+")
_ASCII_WORDS = re.compile("[a-z0-9]+")


@cache
def _runs() -> re.Pattern[str]:
    """Return the pattern of a run of CJK (second group) or of other letters and digits; made when needed.

    Its blocks hold signs too, such as the dot between Japanese names, which are no letters.
    """
    return re.compile(f"([^\\W_{_CJK}]+)|((?:(?![\\W_])[{_CJK}])+)")


def fold(text: str) -> str:
    """Return text without case and combining marks: `Ágætis` → `agætis`, `Ｗａｒｐ` → `warp`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def words(text: str) -> Iterator[str]:
    """Yield the folded search words of a text, in order, with repeats."""
    if text.isascii():  # most texts; the same, several times as fast
        yield from (word[:LONGEST_WORD] for word in _ASCII_WORDS.findall(text.lower()))
        return
    for word, run in _runs().findall(fold(text)):
        if word:
            yield word[:LONGEST_WORD]
        else:
            yield from run
            yield from (run[at : at + 2] for at in range(len(run) - 1))


def query_words(text: str) -> tuple[str, ...]:
    """Return the distinct words a search asks for: CJK runs of two or more by their pairs, one by itself."""
    if text.isascii():
        return tuple(dict.fromkeys(words(text)))
    found: dict[str, None] = {}
    for word, run in _runs().findall(fold(text)):
        if len(run) > 1:
            found.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
        else:
            found[word[:LONGEST_WORD] or run] = None
    return tuple(found)


def compact(code: str) -> str:
    """Return a catalogue number, SKU or barcode folded and without separators: `CS 8163` → `cs8163`."""
    return _SEPARATORS.sub("", fold(code))[:LONGEST_WORD]


def search_text(texts: Iterable[str | None], codes: Iterable[str | None] = ()) -> str:
    """Return all distinct search words of a record as one string with a space before each word.

    `texts` are split into words; `codes` are too, and also count as one word with separators removed.
    """
    plain: list[str] = []
    others: list[str] = []
    for text in filter(None, texts):
        (plain if text.isascii() else others).append(text)
    found = dict.fromkeys(words("\n".join(plain)))  # at once, which is faster; a line's end is in no word
    for text in others:
        found.update(dict.fromkeys(words(text)))
    for code in filter(None, codes):
        found.update(dict.fromkeys(words(code)))
        if joined := compact(code):
            found[joined] = None
    return "".join(f" {word}" for word in found)
