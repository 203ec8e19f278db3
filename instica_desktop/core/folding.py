"""Search words and text order, the same on every machine.

fold = NFKD, combining marks dropped, casefold. Words are runs of letters or digits; CJK runs become
overlapping pairs plus single characters. A record matches when every query word is a prefix of one of
its words.
Source: api-reference, common rules, “Search and text order”.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

_CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005\u3007\u3040-\u30ff\u3130-\u318f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_SEPARATORS = re.compile(r"[\W_]+")


@cache
def _runs() -> re.Pattern[str]:
    """Return the pattern of a run of CJK signs or of letters and digits; compiled when first needed."""
    return re.compile(f"[{_CJK}]+|[^\\W_{_CJK}]+")


@cache
def _cjk() -> re.Pattern[str]:
    return re.compile(f"[{_CJK}]")


def fold(text: str) -> str:
    """Return text without case and combining marks: `Ágætis` → `agætis`, `Ｗａｒｐ` → `warp`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def words(text: str) -> Iterator[str]:
    """Yield the folded search words of a text, in order, with repeats."""
    for run in _runs().findall(fold(text)):
        if _cjk().match(run):
            yield from run
            yield from (run[at : at + 2] for at in range(len(run) - 1))
        else:
            yield run


def query_words(text: str) -> tuple[str, ...]:
    """Return the distinct words a search asks for: CJK runs of two or more by their pairs, one by itself."""
    found: dict[str, None] = {}
    if not text:
        return ()
    for run in _runs().findall(fold(text)):
        if _cjk().match(run) and len(run) > 1:
            found.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
        else:
            found[run] = None
    return tuple(found)


def compact(code: str) -> str:
    """Return a catalogue number, SKU or barcode folded and without separators: `CS 8163` → `cs8163`."""
    return _SEPARATORS.sub("", fold(code))


def search_text(texts: Iterable[str | None], codes: Iterable[str | None] = ()) -> str:
    """Return all distinct search words of a record as one string with a space before each word.

    `texts` are split into words; `codes` are too, and also count as one word with separators removed.
    """
    found: dict[str, None] = {}
    for text in texts:
        found.update(dict.fromkeys(words(text or "")))
    for code in codes:
        found.update(dict.fromkeys(words(code or "")))
        if code and (joined := compact(code)):
            found[joined] = None
    return "".join(f" {word}" for word in found)
