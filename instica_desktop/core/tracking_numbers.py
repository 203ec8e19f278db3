"""A tracking number out of what was scanned, pasted or copied around it.

The rules, which `server.domain.tracking` holds for itself (a test compares both):
1. Characters that cannot be seen go; wide figures and letters become plain ones, any space a plain space.
2. Quotes, apostrophes, `=` and a `#` before it go; so does a spreadsheet's `.0` after eight figures and more.
3. Of a link the number in it stays, if it tells exactly one: a value of its query, else a part of its path,
   of letters and figures, at least eight of them figures.
4. A carrier's name before the number goes, so do “Tracking number:” and the like.
5. A number is letters and figures, 2 to 40 of them, not letters alone nor zeros alone. Spaces, points and
   dashes may stand between; they go where eight figures and more are left. Words are no part of it.
6. Among words, and beside other numbers, the number stays that has a form of a known carrier, if it is the
   only one (figures alone: where FedEx or DHL is named). Of the barcode on a USPS label it is what stands
   behind 420 and the ZIP code.
7. All else is refused: several numbers, formulas, HTML, and a number in a spreadsheet's exponent form, such
   as 9.40011E+21, which has lost figures.
"""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from instica_desktop.core.errors import InputError

DAMAGED = "This number was damaged by a spreadsheet: its last figures are gone. Take it from the label."
NO_NUMBER = "This is not a tracking number."
SEVERAL = "These are several tracking numbers. A parcel has one: enter each with its own parcel."

_UNSEEN = frozenset({"Cc", "Cf"})
"""Unicode's control and format characters; NUL stays, which the server refuses."""
_NUMBER = re.compile(r"(?=(?:\D*\d){8})[A-Z0-9]+", re.IGNORECASE | re.ASCII)
_BETWEEN = " .\\-\u2010-\u2014\u2212"
_DIVIDERS = re.compile(f"[\\s{_BETWEEN}]+")
_WHOLE = re.compile(
    rf"(?=.*[0-9])(?![0{_BETWEEN}]*$)(?:[{_BETWEEN}]*[A-Z0-9]){{2,40}}[{_BETWEEN}]*", re.IGNORECASE | re.ASCII
)
_LINES = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
_EXPONENT = re.compile(r"[0-9]+([.,][0-9]+e\+?|e\+)[0-9]{1,3}", re.IGNORECASE)
_FRACTION = re.compile(r"([0-9]{8,})[.,]0{1,2}")
_FORMULA = re.compile(
    r"[\s'\"]*[=+@-]\s*[A-Z$][A-Z0-9$.]*\(|\s*=\s*\$?[A-Z]{1,3}\$?[0-9]{1,7}\s*$", re.IGNORECASE | re.ASCII
)
_MARKUP = re.compile(r"<[A-Z/!]", re.IGNORECASE)
_DIVIDED = r"(?![^\W\d_])[\s:#.-]*"
_NAME = re.compile(
    r"((dhl\s*(express|paket)|dhl|usps|ups|fed\s*ex|royal\s*mail|deutsche\s*post|la\s*poste|colissimo|postnl"
    rf"|(canada|australia)\s*post|dpd|gls|hermes|evri){_DIVIDED})?"
    rf"((tracking|track|trk){_DIVIDED})?((number|no|nr){_DIVIDED})?",
    re.IGNORECASE,
)
_POSTNL = re.compile(r"(3S[A-Z0-9]{11,15})-[A-Z]{2}-[A-Z0-9_]+", re.IGNORECASE | re.ASCII)
_ASKED = re.compile(
    r"n|nums?|number|(qtc_)?tlabels1?|trknbr|tracknum(bers?)?|tracking([_-]?(number|id))?|inquirynumber1|awb"
    r"|piececode|idc?|(item|bar)?code|parcelnumber|searchfor"
)
"""What carriers call the number in their links."""
_D = f"[\n{_BETWEEN}]?"
_KNOWN = re.compile(
    rf"(?<![A-Z0-9])(?:1{_D}Z(?:{_D}[A-Z0-9]){{15}}{_D}[0-9]|[A-Z]{{2}}(?:{_D}[0-9]){{9}}{_D}[A-Z]{{2}}"
    rf"|(?:4{_D}2{_D}0(?:(?:{_D}[0-9]){{5}}|(?:{_D}[0-9]){{9}}){_D})?9{_D}[1-5](?:{_D}[0-9]){{20}}"
    rf"|0{_D}0{_D}3{_D}4{_D}0{_D}4(?:{_D}[0-9]){{14}}|JJ?D(?:{_D}[0-9]){{16,20}}|3S[A-Z0-9]{{11,15}})(?![A-Z0-9])",
    re.IGNORECASE | re.ASCII,
)
"""Numbers of a form that one carrier has, perhaps in groups."""
_FIGURES = re.compile(r"(?<![A-Z0-9])(?:[0-9]{10}|[0-9]{12}|[0-9]{15})(?![A-Z0-9])", re.IGNORECASE | re.ASCII)
_WHOSE_FIGURES = re.compile(r"\b(fed\s?ex|dhl)\b", re.IGNORECASE | re.ASCII)
_PARTS = re.compile(r"[\s,;|&+/]+")
_ROUTED = re.compile(r"420(?:[0-9]{5}|[0-9]{9})(9[1-5][0-9]{20})")


def clean_number(text: str) -> str:
    """Return a tracking number as the carrier knows it; empty for nothing.

    Raises:
        InputError: for `tracking_number`, for what is no number, or several, or has lost figures.
    """
    before = None
    while before != text:
        before, number = text, bare_number(text)
        joined = _DIVIDERS.sub("", number)
        text = joined if _NUMBER.fullmatch(joined) else number
    return text


def same_number(one: str | None, other: str | None) -> bool:
    """Tell whether two are the same number, however each is written; what is empty is none."""
    return bool(one and other) and compared(one or "") == compared(other or "")


def compared(text: str) -> str:
    """Return the form in which numbers are compared, of what is none as well."""
    try:
        return clean_number(text).upper()
    except InputError:
        return text.upper()


def searched(text: str) -> str:
    """Return what orders are searched by: the number in a link, among words or in quotes; else the text."""
    try:
        number = bare_number(text)
    except InputError:
        return text
    bare = number != " ".join(text.split())
    return (_as_number(number) or text) if bare else text


def bare_number(text: str) -> str:
    """Return a number without what stands around it; its groups stay apart. Raises as `clean_number` does."""
    if _FORMULA.match(text) or _MARKUP.search(text):
        raise _refusal(NO_NUMBER)
    lines = [_spaced(line) for line in _LINES.split(text)]
    seen = "\n".join(filter(None, lines)).strip("= \n,;\"'“”„‘’«»")
    number = _in_link(_without_name(seen.lstrip("# "))) if seen else ""
    if _EXPONENT.fullmatch(number):
        raise _refusal(DAMAGED)
    fraction = _FRACTION.fullmatch(number)
    return _only_one(fraction[1] if fraction else number) if seen else ""


def _refusal(words: str) -> InputError:
    return InputError(words, field="tracking_number")


def _spaced(text: str) -> str:
    """Return a line in plain characters, without those that cannot be seen, in single spaces."""
    return "".join(map(_plain, re.sub(r"\s+", " ", text))).strip(" ")


def _plain(char: str) -> str:
    if "！" <= char <= "～":
        return unicodedata.normalize("NFKC", char)
    return "" if char != "\0" and unicodedata.category(char) in _UNSEEN else char


def _without_name(text: str) -> str:
    name = _NAME.match(text)
    rest = text[name.end() :] if name else text
    return rest if _as_number(rest) or _EXPONENT.fullmatch(rest) else text


def _only_one(text: str) -> str:
    """Return the one number of a text, in its groups where nothing else is there."""
    parts = [part for part in _PARTS.split(text) if part]
    known = set(map(_joined, _KNOWN.findall(text)))
    if _WHOSE_FIGURES.search(text):
        known |= set(_FIGURES.findall(text))
    whole = _WHOLE.fullmatch(text) is not None
    if _KNOWN.fullmatch(text):
        return known.pop() if _ROUTED.fullmatch(_DIVIDERS.sub("", text)) else text
    if len(known) == 1 and not (whole and len(parts) == 1):
        return known.pop()
    if whole and not _is_several(text) and not _has_words(text):
        return text
    several = len(known) > 1 or sum(map(bool, map(_WHOLE.fullmatch, parts))) > 1
    raise _refusal(SEVERAL if several else NO_NUMBER)


def _joined(text: str) -> str:
    """Return the letters and figures of a known number, without what a barcode has before it for the way."""
    joined = _DIVIDERS.sub("", text)
    routed = _ROUTED.fullmatch(joined)
    return routed[1] if routed else joined


def _is_several(text: str) -> bool:
    """Tell whether there are several numbers with a space between."""
    return sum(_NUMBER.fullmatch(_DIVIDERS.sub("", group)) is not None for group in text.split(" ")) > 1


def _has_words(text: str) -> bool:
    """Tell whether a group of letters is a word.

    Two capitals may be part of a number; so may two letters and three capitals before it, and two letters
    after it where letters are before it.
    """
    groups = [group for group in text.split(" ") if group]
    letters = [not any(char.isdecimal() for char in group) for group in groups]
    return any(
        not (
            (len(group) < 3 and (group.isupper() or at == 0 or (letters[0] and at == len(groups) - 1)))
            or (len(group) == 3 and at == 0 and group.isupper())
        )
        for at, group in enumerate(groups)
        if letters[at] and not _DIVIDERS.fullmatch(group)
    )


def _as_number(text: str) -> str | None:
    postnl, fraction = _POSTNL.fullmatch(text), _FRACTION.fullmatch(text)
    if found := postnl or fraction:
        return found[1]
    bare = text.strip(",; ")
    number = _DIVIDERS.sub("", bare)
    apart = not _KNOWN.fullmatch(bare) and ("\n" in bare or _is_several(bare) or _has_words(bare))
    return _joined(number) if _NUMBER.fullmatch(number) and not apart else None


def _in_link(text: str) -> str:
    """Return the one number a link tells of, or the text."""
    if not re.match(r"https?://|www\.", text, re.IGNORECASE):
        return text
    try:
        link = urlsplit(text)
    except ValueError:
        return text
    pairs = [pair.partition("=") for pair in f"{link.query}&{link.fragment}".split("&")]
    values = [(name.lower(), _as_number(unquote(value))) for name, _, value in pairs]
    parts = [*link.path.split("/"), *link.fragment.split("/")]
    for numbers in (
        {number for name, number in values if number and _ASKED.fullmatch(name)},
        {number for _, number in values if number},
        {number for part in parts if (number := _as_number(unquote(part)))},
    ):
        if numbers:
            return numbers.pop() if len(numbers) == 1 else text
    return text
