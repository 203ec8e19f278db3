"""Search words, the same on every machine: what is kept of a record, and what a typed text asks for.

The rules, which `server.domain.search_words` holds for itself (a test compares both):
1. A text is read folded. Typographic apostrophes, dashes, points, slashes and quotation marks count as the
   plain ones; signs nobody sees, such as a soft hyphen, do not count.
2. A letter or digit is what `str.isalnum` says of a folded character, or a mark that folding leaves (a vowel
   sign); everything else separates words.
3. A word is a longest run of letters and digits of one kind: those in `_CJK` (Han with its radicals and
   numerals, Kana, Bopomofo, Hangul), or all others. A run of CJK counts as its single characters and its
   overlapping pairs. Words count by their first `LONGEST_WORD` characters.
4. Words that only `_DIVIDERS` divide, or these and spaces beside a single letter or digit, are a group: each
   counts run together with those behind it, at most `LONGEST_GROUP` of them. So do single letters in a row of
   a group, as letters that are spelled out; and a single letter with `+` or `#` behind it, as it is.
5. A text also counts as it is written otherwise: `$` beside a letter as s and `!` between letters as i; ä, ö,
   ø, ü, å as ae, oe, oe, ue, aa; `7"`, `7 inch` and `7in` as `7inch`, unless the sign ends a quotation;
   `2×LP`, `2LP` and `LP x 2` as `2xlp`, and `2 LP` where a field or a part of it begins; `45 RPM` as `45rpm`.
6. A code (catalogue number, SKU, order number, tracking number) is a text, and parts where letters meet
   digits too: each part counts run together with all behind it. A barcode is a code and counts without
   leading zeros and with 12, 13 and 14 digits.
7. A name (title, artist, label, buyer) without any letter or digit counts as one word of its signs.
8. A query asks for its words; or for its groups, each run together; or for all of it run together; or for its
   words or groups as they are written otherwise. Letters that signs join (`r.e.m.`) are spelled out, or one
   whole word. A record matches when each word of one of these is the beginning of one of its words, or is one
   where a space ends it. A query without any letter or digit asks for a name of its signs.
Source: api-reference, common rules, “Search and text order”.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

import msgspec

from instica_desktop.core.folding import fold

LONGEST_WORD = 500
LONGEST_GROUP = 8
_CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3040-\u30ff"
    "\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSEEN = (
    "\u00ad\u034f\u0488\u0489\u061c\u180b-\u180f\u200d-\u200f\u202a-\u202e\u2060-\u206f\u20dd-\u20e0"
    "\u20e2-\u20e4\ua670-\ua672\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
)
"""What nobody sees, and what is drawn around another character."""
_PLAIN = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u02be\u02bf", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u200b\u200c", "-")
    | dict.fromkeys("\u00b7\u2022\u2024\u2027", ".")
    | dict.fromkeys("\u2044\u2215", "/")
    | dict.fromkeys("\u201c\u201d\u201e\u201f", '"')
    | {"\u00d7": "x"}
)
_DIVIDERS = "-'`./*&+!"
_SIGNS = "\ue001"
"""Begins a word of signs, as nothing typed does."""
_SPELLED = "\ue002"
"""Begins letters that are spelled out, or a letter and its signs."""
_KEPT = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum()}
"""The search index would take ASCII's signs for separators: they move to the private use area."""

Words = tuple[str, ...]


class Searchable(msgspec.Struct, frozen=True):
    """What of a record can be searched. `names` are texts that may consist of signs alone."""

    names: tuple[str | None, ...] = ()
    texts: tuple[str | None, ...] = ()
    codes: tuple[str | None, ...] = ()
    barcodes: tuple[str | None, ...] = ()


class _Patterns(NamedTuple):
    """How a text parts: into words, into groups of them, into all that stands between two runs of CJK."""

    words: re.Pattern[str]
    groups: re.Pattern[str]
    whole: re.Pattern[str]


def _patterns(letter: str, no_letter: str, run: str) -> _Patterns:
    single = f"(?<!{letter}{letter})[{_DIVIDERS} ]++|[{_DIVIDERS} ]++(?={letter}(?!{letter}))"
    within = f"(?:[{_DIVIDERS}]++|{single})(?={letter})"
    ways = ("", f"(?:{within}{letter}++)*+", f"(?:{no_letter}++{letter}++)*+")
    return _Patterns(*(re.compile(f"({letter}++{more}){run}") for more in ways))


_ASCII = _patterns("[a-z0-9]", "[^a-z0-9]", "")
WORDS, GROUPS, WHOLE = range(3)


@cache
def _unicode() -> _Patterns:
    """Return the patterns for any text, a run of CJK as their second group; made when needed.

    The blocks of CJK hold signs too, such as the dot between Japanese names, which are no letters.
    """
    return _patterns(f"[^\\W_{_CJK}]", "[\\W_]", f"|((?:(?![\\W_])[{_CJK}])+)")


@cache
def _joined_letters() -> re.Pattern[str]:
    """Return the pattern of two or more single letters that signs join."""
    letter = f"[^\\W\\d_{_CJK}](?![^\\W_{_CJK}])"
    return re.compile(f"(?<![^\\W_{_CJK}]){letter}(?: *[{_DIVIDERS}][{_DIVIDERS} ]*{letter})+")


@cache
def _unseen() -> re.Pattern[str]:
    return re.compile(f"[{_UNSEEN}]+")


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    folded = fold(text.replace("\u00b4", "'"))  # folding takes the acute for a space
    return _unseen().sub("", folded).translate(_PLAIN)


def _is_mark(char: str) -> bool:
    return not char.isalnum() and unicodedata.category(char)[0] == "M"


def _is_letterless(char: str) -> bool:
    """Tell whether a character of a word is no letter."""
    return _is_mark(char) or (char.isalnum() and not char.isalpha())


def _shape(plain: str) -> str:
    """Return a plain text with marks as letters, which is what they are."""
    marks = set(filter(_is_mark, plain))
    return plain.translate(dict.fromkeys(map(ord, marks), "x")) if marks else plain


def _parts(plain: str, way: int) -> Iterator[tuple[list[str], str]]:
    """Yield what a plain text parts into: the words of a group, or a run of CJK."""
    if plain.isascii():  # most texts; the same, several times as fast
        for group in _ASCII[way].findall(plain):
            yield ([group] if group.isalnum() else _ASCII.words.findall(group)), ""
        return
    shape = _shape(plain)
    words = _unicode().words
    for part in _unicode()[way].finditer(shape):
        start, end = part.span()
        if part[2]:
            yield [], plain[start:end]
        else:
            yield [plain[slice(*word.span())] for word in words.finditer(shape, start, end)], ""


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))


def _joined(words: list[str], most: int) -> list[str]:
    """Return each word run together with those behind it."""
    return ["".join(words[at : at + most])[:LONGEST_WORD] for at in range(len(words))]


def _spelled(words: list[str]) -> Iterator[str]:
    """Yield the single letters in a row of a group, run together with those behind them."""
    row = ""
    for word in (*words, ""):
        if len(word) == 1 and word.isalpha():
            row += word
            continue
        yield from (_SPELLED + row[at : at + LONGEST_GROUP] for at in range(len(row) - 1))
        row = ""


_SIGNED = re.compile(r"(?<![^\W_])[^\W\d_][+#]+(?![^\W_])")
"""A letter and its signs, as in C++."""


def _signed(plain: str) -> list[str]:
    if "+" not in plain and "#" not in plain:
        return []
    return [_SPELLED + found.translate(_KEPT)[: LONGEST_WORD - 1] for found in _SIGNED.findall(plain)]


def _grouped(plain: str) -> list[str]:
    found = _signed(plain)
    if plain.isascii():
        for group in _ASCII.groups.findall(plain):
            if group.isalnum():
                found.append(group[:LONGEST_WORD])
            else:
                words = _ASCII.words.findall(group)
                found += _joined(words, LONGEST_GROUP)
                found += _spelled(words)
        return found
    for words, run in _parts(plain, GROUPS):
        found += _joined(words, LONGEST_GROUP)
        found += _spelled(words)
        found += run
        found += _pairs(run)
    return found


# ---------------------------------------------------------------- written otherwise

_ODD = re.compile(
    r"""[$!0-9](?:(?<![0-9])|["']|(?<=x[0-9])|(?<=x [0-9])"""
    r"|[ -]*(?:x|in|rpm|1/3|lp|ep|cd|dvd|mc|sacd|tape|cass|vinyl|single|album|record|disc))"
)
"""What a text of ASCII must hold to be written otherwise; it begins with what is found quickly."""
_SPELLABLE = re.compile("(?<![a-z0-9])[a-z](?:[+#]|[^a-z0-9]+[a-z](?![a-z0-9]))")
_OTHER_LETTERS = re.compile("(?<=[aouAOU])\u0308|(?<=[aA])\u030a|[øØ]")
_LETTERS = {"\u0308": "e", "\u030a": "a", "ø": "oe", "Ø": "oe"}
_LETTER_SIGN = re.compile(r"(?<=[^\W\d_])!(?=[^\W\d_])|(?<=[^\W\d_])\$+|\$+(?=[^\W\d_])")
_TIMES = re.compile(r"(?<![^\W_])[0-9]{1,2}x(?P<medium>[a-z]+|[0-9]{1,2}inch)")
_SIZE = re.compile(
    r"(?P<size>(?<![^\W_])(?<![0-9][.,/])(?P<times>[0-9]{1,2}x)?(?P<inches>[0-9]{1,2})"
    r"(?:(?P<quote>\")|''|[- ]?inch(?:es)?(?![^\W_])|in(?![^\W_])))|[\"\n]"
)
_MEDIUM = "(?:lp|ep|cd|dvd|mc|sacd|tape|cassette|vinyl|single|album|record|disc)s?"
_NUMBER = r"(?<![^\W_])(?<![0-9][.,/])([0-9]{1,2})"
_END = r"(?![^\W_])"
_COUNT = re.compile(
    f"{_NUMBER}(?: *x *({_MEDIUM}|[0-9]{{1,2}}inch)|-?({_MEDIUM})){_END}"
    rf"|(?<![^\W_])({_MEDIUM}|[0-9]{{1,2}}inch) *x *([0-9]{{1,2}}){_END}"
)
_APART = re.compile(f"{_NUMBER} +({_MEDIUM}){_END}")
_APART_IN_FRONT = re.compile(rf"(?:(?<![^\n,;(+])|(?<=[,;+] ))([0-9]{{1,2}}) +({_MEDIUM}){_END}")
_SPEED = re.compile(rf"(?<![^\W_])(?<![0-9][.,/])(16|33|45|78)(?:[ -]?1/3)? ?rpm{_END}")


def _letter(sign: re.Match[str]) -> str:
    return sign[0].replace("$", "s").replace("!", "i")


def _lettered(text: str, plain: str) -> str:
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        plain = _plain(_OTHER_LETTERS.sub(lambda found: _LETTERS[found[0]], decomposed))
    return _LETTER_SIGN.sub(_letter, plain)


def _sized(plain: str) -> str:
    """Return a plain text with each size of a record as one word: `7"` → `7inch`."""
    pieces: list[str] = []
    end, quoted = 0, False
    for found in _SIZE.finditer(plain):
        if not found["size"] or (found["quote"] and quoted):
            quoted = not quoted and found[0] != "\n"
            continue
        pieces += (plain[end : found.start()], found["times"] or "", f" {found['inches']}inch ")
        end = found.end()
    return "".join(pieces) + plain[end:]


def _count(found: re.Match[str]) -> str:
    number, *media = sorted(filter(None, found.groups()), key=lambda part: not part.isdecimal())
    return f" {int(number)}x{media[0].removesuffix('s')} "


def _counted(plain: str) -> str:
    """Return a plain, sized text with each count of media and each speed as one word: `lp x 2` → `2xlp`."""
    return _COUNT.sub(_count, _SPEED.sub(r" \1rpm ", plain))


def _otherwise(text: str, plain: str) -> str:
    """Return what a record's text counts as besides; a medium that is counted remains a word."""
    counted = _APART_IN_FRONT.sub(_count, _counted(_sized(_lettered(text, plain))))
    return _TIMES.sub(r"\g<0> \g<medium>", counted)


_RUNS = re.compile(r"\d+|\D+")
_ASCII_RUNS = re.compile("[a-z]+|[0-9]+")
_BARCODE = re.compile("0*([1-9][0-9]{5,13})")


def _is_odd(text: str, plain: str) -> bool:
    return bool(not text.isascii() or _ODD.search(plain))


# ---------------------------------------------------------------- what is kept of a record


def text_words(text: str) -> list[str]:
    """Return the words of a text, with repeats."""
    plain = _plain(text)
    found = _grouped(plain)
    if _is_odd(text, plain):
        other = _otherwise(text, plain)
        if other != plain:
            found += _grouped(other)
    return found


def code_words(code: str) -> list[str]:
    """Return the words of a code, with repeats."""
    plain = _plain(code)
    if not (_is_odd(code, plain) or _SPELLABLE.search(plain)):  # as a text it begins one of these
        return _joined(_ASCII_RUNS.findall(plain), LONGEST_WORD)
    found = text_words(code)
    for words, _ in _parts(plain, WHOLE):
        parts = [part for word in words for part in _RUNS.findall(word)]
        found += _joined(parts, LONGEST_WORD)
    return found


def barcode_words(barcode: str) -> list[str]:
    """Return the words of a barcode, with repeats."""
    found = code_words(barcode)
    joined = "".join(word for words, run in _parts(_plain(barcode), WORDS) for word in (*words, run))
    if digits := _BARCODE.fullmatch(joined):
        found += [digits[1], *(f"{digits[1]:0>{length}}" for length in (12, 13, 14))]
    return found


def sign_word(text: str) -> str:
    """Return the one word of a text without any letter or digit, empty for any other."""
    plain = _plain(text)
    signs = "".join(plain.split())
    if not signs or any(_parts(plain, WORDS)):
        return ""
    return (_SIGNS + signs.translate(_KEPT))[:LONGEST_WORD]


def search_text(record: Searchable) -> str:
    """Return all distinct search words of a record as one string with a space before each word."""
    plain: list[str] = []
    others: list[str] = []
    for text in filter(None, (*record.names, *record.texts)):
        (plain if text.isascii() else others).append(text)
    words = text_words("\n".join(plain))  # at once, which is faster; a line's end is in no word
    for text in others:
        words += text_words(text)
    words += filter(None, (sign_word(name) for name in record.names if name and not name[0].isalnum()))
    for code in filter(None, record.codes):
        words += code_words(code)
    for barcode in filter(None, record.barcodes):
        words += barcode_words(barcode)
    return f" {' '.join(dict.fromkeys(words))}" if words else ""


# ---------------------------------------------------------------- what a query asks for


def _asked(plain: str, way: int, most: int) -> Words:
    found: dict[str, None] = {}
    for words, run in _parts(plain, way):
        pieces = ("".join(words[at : at + most])[:LONGEST_WORD] for at in range(0, len(words), most))
        found.update(dict.fromkeys(pieces))
        found.update(dict.fromkeys(_pairs(run) if len(run) > 1 else run))
    return tuple(found)


def _without_letters(plain: str) -> tuple[str, list[str]]:
    """Return a query without the letters that signs join, and those: `r.e.m. 2` → `2`, rem."""
    if not set(_DIVIDERS).intersection(plain):
        return plain, []
    shape = "".join(["0" if _is_letterless(char) else char for char in plain])
    rest, rows, end = "", list[str](), 0
    for found in _joined_letters().finditer(shape):
        rest += f"{plain[end : found.start()]} "
        rows.append("".join(filter(str.isalpha, found[0])))
        end = found.end()
    return rest + plain[end:], rows


def _apart(plain: str) -> tuple[Words, ...]:
    """Return the words of a query, letters that signs join as spelled out, or else as one whole word."""
    rest, rows = _without_letters(plain)
    words = (*_asked(_SIGNED.sub(" ", rest), WORDS, 1), *_signed(rest))
    spelled = (_SPELLED + row[:LONGEST_GROUP] for row in rows)
    whole = (f"{row} " for row in rows)
    return tuple(tuple(dict.fromkeys((*words, *joined))) for joined in (spelled, whole))


def _together(plain: str, ways: Iterable[Words]) -> Iterator[Words]:
    """Yield those ways of running a query together that say more than letters which signs join."""
    rest, rows = _without_letters(plain)
    return (way for way in ways if not _signed(rest) and not set(rows).intersection(way))


def alternatives(text: str) -> tuple[Words, ...]:
    """Return what a search asks for: each word of any one of these. Nothing for a blank text.

    A word with a space behind it is a whole one.
    """
    plain = _plain(text)
    sized, lettered = _sized(plain), _sized(_lettered(text, plain))
    typed, other = _counted(sized), _APART.sub(_count, _counted(lettered))
    if not _asked(typed, WORDS, 1):
        signs = sign_word(text)
        return ((signs,),) if signs else ()
    together = (_asked(typed, GROUPS, LONGEST_GROUP), _asked(sized, WHOLE, len(sized)))
    otherwise = (_asked(other, GROUPS, LONGEST_GROUP),)
    ways = (
        *_apart(typed),
        *_together(typed, together),
        *_apart(other),
        *_together(other, otherwise),
    )
    return tuple(dict.fromkeys(ways))
