"""What the search index holds of a record, and what a typed text asks of it. Source: api contract, Search.

The rules:
1. A text is read folded. Typographic apostrophes, dashes, points, slashes and quotation marks count as the
   plain ones; signs nobody sees, such as a soft hyphen, do not count.
2. A letter or digit is what `str.isalnum` says of a folded character, or a mark that folding leaves (a vowel
   sign); everything else separates words.
3. A word is a longest run of letters and digits of one kind: those in `_CJK_RANGES` (Han with its radicals
   and numerals, Kana, Bopomofo, Hangul), or all others. A run of CJK counts as its single characters and its
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
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain, groupby, pairwise

from instica_desktop.server.domain.text import fold

LONGEST_WORD = 500
"""A lexeme of PostgreSQL holds 2,046 bytes."""
LONGEST_GROUP = 8
_BARCODE = range(6, 15)
"""How many digits a barcode has, leading zeros apart."""

Words = tuple[str, ...]
_Divides = Callable[[str, str, str], bool]
"""Tells whether what stands between two words keeps them apart, given as (between, left, right)."""

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
_UNSEEN_RANGES = (
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x488, 0x489),
    (0x61C, 0x61C),
    (0x180B, 0x180F),
    (0x200D, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x20DD, 0x20E0),  # rings and boxes around a character
    (0x20E2, 0x20E4),
    (0xA670, 0xA672),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xE0100, 0xE01EF),
)
_ALIKE = {
    "'": "\u2018\u2019\u201b\u2032\u02b9\u02bb\u02bc\u02bd\u02be\u02bf",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u200b\u200c",
    ".": "\u00b7\u2022\u2024\u2027",
    "/": "\u2044\u2215",
    '"': "\u201c\u201d\u201e\u201f",
}
_PLAIN: dict[int, str | None] = {
    0xD7: "x",
    **{ord(sign): plain for plain, signs in _ALIKE.items() for sign in signs},
    **{point: None for low, high in _UNSEEN_RANGES for point in range(low, high + 1)},
}
_DIVIDERS = frozenset("'`-./*&+!")
_SPACED = _DIVIDERS | {" "}

_SIGNS_MARK = "\ue001"
"""Begins a word of signs, as no typed word and no tag does."""
_SPELLED_MARK = "\ue002"
"""Begins letters that are spelled out, and a letter with its signs."""
_SHIFTED = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum()}
"""The index would split or parse the signs of ASCII: they move to the private use area."""

_LETTER = "[a-z0-9]"
_ASCII_WORDS = re.compile(f"{_LETTER}+")
_ASCII_PARTS = re.compile("[a-z]+|[0-9]+")
_ASCII_GROUPS = re.compile(
    f"{_LETTER}++(?:(?:['`./*&+!-]++"
    f"|(?<!{_LETTER}{_LETTER})['`./*&+! -]++|['`./*&+! -]++(?={_LETTER}(?!{_LETTER})))"  # beside a single one
    f"(?={_LETTER}){_LETTER}++)*+"
)
_PARTS = re.compile(r"\d+|\D+")
_WRITTEN_OTHERWISE = re.compile(
    r"""[$!0-9](?:(?<![0-9])|["']|(?<=x[0-9])|(?<=x [0-9])"""
    r"|[ -]*(?:1/3|album|cass|cd|disc|dvd|ep|in|lp|mc|record|rpm|sacd|single|tape|vinyl|x))"
)
"""What a text of ASCII must hold to be written otherwise."""
_LETTER_BESIDE_SIGNS = re.compile("(?<![a-z0-9])[a-z](?:[+#]|[^a-z0-9]+[a-z](?![a-z0-9]))")
_UMLAUTS = re.compile("([AOUaou])\u0308|([Aa])\u030a|([Øø])")
_LETTER_SIGNS = re.compile(r"(?<=[^\W\d_])\$+|\$+(?=[^\W\d_])|(?<=[^\W\d_])!(?=[^\W\d_])")
_SIZES = re.compile(
    r"(?<![^\W_])(?<![0-9][.,/])([0-9]{1,2}x)?([0-9]{1,2})"
    r"""(?:("|'')|[- ]?inch(?:es)?(?![^\W_])|in(?![^\W_]))|["\n]"""
)
_MEDIUM = "(album|cassette|cd|disc|dvd|ep|lp|mc|record|sacd|single|tape|vinyl)s?"
_SPEEDS = re.compile(r"(?<![^\W_])(?<![0-9][.,/])(16|33|45|78)(?:[ -]?1/3)? ?rpm(?![^\W_])")
_COUNTED = re.compile(
    r"(?<![^\W_])(?<![0-9][.,/])([0-9]{1,2})"
    rf"(?: *x *(?:{_MEDIUM}|([0-9]{{1,2}}inch))|-?{_MEDIUM})(?![^\W_])"
    rf"|(?<![^\W_])(?:{_MEDIUM}|([0-9]{{1,2}}inch)) *x *([0-9]{{1,2}})(?![^\W_])"
)
_COUNTED_APART = re.compile(rf"(?<![^\W_])(?<![0-9][.,/])([0-9]{{1,2}}) +{_MEDIUM}(?![^\W_])")
_COUNTED_IN_FRONT = re.compile(rf"(^|[\n,;(+]|[,;+] )([0-9]{{1,2}}) +{_MEDIUM}(?![^\W_])")
_TIMES = re.compile(r"(?<![^\W_])([0-9]{1,2}x)([a-z]+|[0-9]{1,2}inch)")
_SIGNED_LETTERS = re.compile(r"(?<![^\W_])[^\W\d_][+#]+(?![^\W_])")


def _is_cjk(char: str) -> bool:
    point = ord(char)
    return point >= 0x1100 and any(low <= point <= high for low, high in _CJK_RANGES)


def _plain(text: str) -> str:
    if text.isascii():
        return text.lower()
    return fold(text.replace("\u00b4", "'")).translate(_PLAIN)  # folding takes the acute for a space


# ---------------------------------------------------------------- from a text to its words in groups


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    """Return what a folded character belongs to: a run of CJK, a word of other letters, or neither."""
    if char.isalnum():
        return "cjk" if _is_cjk(char) else "word"
    return "word" if unicodedata.category(char).startswith("M") else ""


def _runs(plain: str) -> Iterator[tuple[str, str]]:
    """Yield the runs of letters and digits of one kind, each behind what stands before it."""
    before = ""
    for kind, chars in groupby(plain, _kind):
        run = "".join(chars)
        if kind:
            yield before, run
        before = "" if kind else run


def _always(between: str, left: str, right: str) -> bool:
    return True


def _never(between: str, left: str, right: str) -> bool:
    return False


def _by_rule(between: str, left: str, right: str) -> bool:
    beside_a_single_one = len(left) == 1 or len(right) == 1
    return not (_SPACED if beside_a_single_one else _DIVIDERS).issuperset(between)


def _groups(plain: str, divides: _Divides) -> Iterator[list[str]]:
    """Yield the words of a plain text in groups; a run of CJK is one by itself."""
    group: list[str] = []
    for between, run in _runs(plain):
        if group and ("cjk" in (_kind(run[0]), _kind(group[0][0])) or divides(between, group[-1], run)):
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def _run_together(words: list[str], most: int) -> list[str]:
    """Return each word of a group run together with those behind it."""
    return ["".join(words[at : at + most])[:LONGEST_WORD] for at in range(len(words))]


def _spelled_out(words: Iterable[str]) -> Iterator[str]:
    """Yield each row of single letters among the words of a group, and what follows in it, but the last."""
    for single, row in groupby(words, lambda word: len(word) == 1 and word.isalpha()):
        letters = "".join(row) if single else ""
        for at in range(len(letters) - 1):
            yield _SPELLED_MARK + letters[at : at + LONGEST_GROUP]


def _signed_letters(plain: str) -> list[str]:
    """Return the letters with signs behind them as words: C++."""
    if not {"+", "#"}.intersection(plain):
        return []
    found = _SIGNED_LETTERS.findall(plain)
    return [(_SPELLED_MARK + signed.translate(_SHIFTED))[:LONGEST_WORD] for signed in found]


def _grouped(plain: str) -> list[str]:
    """Return the words of a plain text, each run together with its group, and letters spelled out."""
    words = _signed_letters(plain)
    if plain.isascii():  # most texts; the same, several times as fast
        for part in _ASCII_GROUPS.findall(plain):
            if part.isalnum():
                words.append(part[:LONGEST_WORD])
                continue
            group = _ASCII_WORDS.findall(part)
            words += _run_together(group, LONGEST_GROUP)
            words += _spelled_out(group)
        return words
    for group in _groups(plain, _by_rule):
        if _kind(group[0][0]) == "cjk":
            words += (*group[0], *map("".join, pairwise(group[0])))
        else:
            words += _run_together(group, LONGEST_GROUP)
            words += _spelled_out(group)
    return words


# ---------------------------------------------------------------- the same, written otherwise


def _lettered_out(found: re.Match[str]) -> str:
    umlaut, ring, _ = found.groups()
    return f"{umlaut}e" if umlaut else f"{ring}a" if ring else "oe"


def _lettered(text: str, plain: str) -> str:
    """Return a text, given as it is and plain, with signs as the letters they stand for, and ä as ae."""
    if not text.isascii():
        plain = _plain(_UMLAUTS.sub(_lettered_out, unicodedata.normalize("NFKD", text)))
    return _LETTER_SIGNS.sub(lambda sign: "i" if sign[0] == "!" else "s" * len(sign[0]), plain)


def _sized(plain: str) -> str:
    """Return a plain text with each size of a record as one word: `7"` → `7inch`."""
    quoted = False

    def written(found: re.Match[str]) -> str:
        nonlocal quoted
        times, size, sign = found.groups()
        if size is None or (sign == '"' and quoted):  # a quotation begins or ends, or the line does
            quoted = not quoted and found[0] != "\n"
            return found[0]
        return f"{times or ''} {size}inch "

    return _SIZES.sub(written, plain)


def _as_count(*parts: str | None) -> str:
    found = sorted(filter(None, parts), key=lambda part: not part.isdecimal())
    return f" {int(found[0])}x{found[1]} "


def _counted(plain: str) -> str:
    """Return a plain text whose sizes are words with each count of media and each speed as one too.

    `lp x 2`, `2lp` → `2xlp`; `45 rpm` → `45rpm`.
    """
    spun = _SPEEDS.sub(r" \1rpm ", plain)
    return _COUNTED.sub(lambda found: _as_count(*found.groups()), spun)


def _written_otherwise(text: str, plain: str) -> str:
    """Return what a record's text, given as it is and plain, counts as besides."""
    counted = _counted(_sized(_lettered(text, plain)))
    begun = _COUNTED_IN_FRONT.sub(lambda found: found[1] + _as_count(found[2], found[3]), counted)
    return _TIMES.sub(r"\1\2 \2", begun)


def _may_differ(text: str, plain: str) -> bool:
    return not text.isascii() or _WRITTEN_OTHERWISE.search(plain) is not None


# ---------------------------------------------------------------- what the index holds


def text_words(text: str) -> list[str]:
    """Return the words of a text, with repeats."""
    plain = _plain(text)
    words = _grouped(plain)
    if _may_differ(text, plain):
        other = _written_otherwise(text, plain)
        if other != plain:
            words += _grouped(other)
    return words


def code_words(code: str) -> list[str]:
    """Return the words of a catalogue number, SKU, order number or tracking number, with repeats."""
    plain = _plain(code)
    if not (_may_differ(code, plain) or _LETTER_BESIDE_SIGNS.search(plain)):  # its words begin these
        return _run_together(_ASCII_PARTS.findall(plain), LONGEST_WORD)
    words = text_words(code)
    for group in _groups(plain, _never):
        if _kind(group[0][0]) == "word":
            parts = [part for word in group for part in _PARTS.findall(word)]
            words += _run_together(parts, LONGEST_WORD)
    return words


def barcode_words(barcode: str) -> list[str]:
    """Return the words of a barcode, with repeats."""
    words = code_words(barcode)
    digits = "".join(run for _, run in _runs(_plain(barcode)))
    bare = digits.lstrip("0")
    if digits.isascii() and digits.isdecimal() and len(bare) in _BARCODE:
        words += [bare, *(bare.zfill(length) for length in (12, 13, 14))]
    return words


def sign_words(name: str) -> Words:
    """Return the one word of a name without any letter or digit, or nothing."""
    plain = _plain(name)
    signs = "".join(plain.split())
    if not signs or any(map(_kind, signs)):
        return ()
    return ((_SIGNS_MARK + signs.translate(_SHIFTED))[:LONGEST_WORD],)


def index_words(
    *,
    names: Iterable[str] = (),
    texts: Iterable[str] = (),
    codes: Iterable[str] = (),
    barcodes: Iterable[str] = (),
) -> str:
    """Return the distinct search words of a record, separated by spaces.

    `names` (title, artist, label) are texts that may consist of signs alone.
    """
    called = list(filter(None, names))
    given = [*called, *texts]
    plain = "\n".join(text for text in given if text.isascii())  # at once, which is faster
    words = text_words(plain)
    others = (text_words(text) for text in given if not text.isascii())
    signs = (sign_words(name) for name in called if not name[0].isalnum())
    coded = (code_words(code) for code in codes if code)
    barred = (barcode_words(barcode) for barcode in barcodes if barcode)
    return " ".join(dict.fromkeys(chain(words, *others, *signs, *coded, *barred)))


# ---------------------------------------------------------------- what a query asks for


def _asked(plain: str, divides: _Divides, most: int) -> Words:
    """Return the distinct words of a plain text, up to `most` run together, and its pairs of CJK."""
    found: dict[str, None] = {}
    for words in _groups(plain, divides):
        run = words[0]
        if _kind(run[0]) == "word":
            pieces = ("".join(words[at : at + most]) for at in range(0, len(words), most))
            found.update(dict.fromkeys(piece[:LONGEST_WORD] for piece in pieces))
        else:
            found.update(dict.fromkeys(map("".join, pairwise(run)) if len(run) > 1 else run))
    return tuple(found)


def _without_letters(plain: str) -> tuple[str, list[str]]:
    """Return a query without the letters that signs join, and each row of those: `r.e.m. 2` → `2`, rem."""
    kept, rows = "", list[str]()
    row, within = "", ""
    runs = list(_runs(plain))
    tail = plain[sum(len(before) + len(run) for before, run in runs) :]
    for before, run in (*runs, (tail, "")):
        single = len(run) == 1 and run.isalpha() and not _is_cjk(run)
        signs = before.strip(" ")
        if row and single and signs and _SPACED.issuperset(before):
            row, within = row + run, within + before + run
            continue
        if len(row) > 1:
            rows.append(row)
        kept += (" " if len(row) > 1 else within) + before
        row, within = (run, run) if single else ("", "")
        kept += "" if single else run
    return kept, rows


def _apart(plain: str) -> Iterator[Words]:
    """Yield the words of a query, with letters that signs join as spelled out, then as one whole word."""
    rest, rows = _without_letters(plain)
    words = (*_asked(_SIGNED_LETTERS.sub(" ", rest), _always, 1), *_signed_letters(rest))
    for joined in ([_SPELLED_MARK + row[:LONGEST_GROUP] for row in rows], [f"{row} " for row in rows]):
        yield tuple(dict.fromkeys((*words, *joined)))


def _together(plain: str, *ways: Words) -> Iterator[Words]:
    """Yield the ways of running a query together, but those that only begin with its joined letters."""
    rest, rows = _without_letters(plain)
    return (way for way in ways if not _signed_letters(rest) and not set(rows).intersection(way))


def alternatives(query: str) -> tuple[Words, ...]:
    """Return what a query asks for: the words of any one of these. Nothing for a query that is blank.

    A word that ends with a space is a whole one; others are beginnings.
    """
    plain = _plain(query)
    sized, lettered = _sized(plain), _counted(_sized(_lettered(query, plain)))
    typed = _counted(sized)
    other = _COUNTED_APART.sub(lambda found: _as_count(*found.groups()), lettered)
    if not _asked(typed, _always, 1):
        signs = sign_words(query)
        return (signs,) if signs else ()
    groups, whole = _asked(typed, _by_rule, LONGEST_GROUP), _asked(sized, _never, len(sized))
    ways = (
        *_apart(typed),
        *_together(typed, groups, whole),
        *_apart(other),
        *_together(other, _asked(other, _by_rule, LONGEST_GROUP)),
    )
    return tuple(dict.fromkeys(ways))
