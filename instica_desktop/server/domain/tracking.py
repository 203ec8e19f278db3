"""Tracking numbers as people bring them: from a scanner, a spreadsheet, a mail or a link.

The rules:
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
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

DAMAGED = "This number was damaged by a spreadsheet: its last figures are gone. Take it from the label."
NO_NUMBER = "This is not a tracking number."
SEVERAL = "These are several tracking numbers. A parcel has one: enter each with its own parcel."

_LEAST_FIGURES = 8
_SHORTEST, _LONGEST = 2, 40
_WIDE = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)}
_DASHES = " .-‐‑‒–—−"
_BETWEEN = re.compile(r"[\s.\-‐‑‒–—−]+")
_PLAIN = re.compile(r"[A-Za-z0-9]+")
_BREAK = re.compile("[\t\n\v\f\r\x85\u2028\u2029]")
_AROUND = " \n,;=\"'“”„‘’«»"
_NAMES = (
    *("usps", "ups", "fedex", "fed ex", "dhl", "dhl express", "dhl paket", "royal mail", "deutsche post"),
    *("la poste", "colissimo", "postnl", "canada post", "australia post", "dpd", "gls", "hermes", "evri"),
)
_CARRIER = "|".join(sorted(_NAMES, key=len, reverse=True)).replace(" ", r"\s*")
_END = r"(?![^\W\d_])[\s:#.\-]*"
_BEFORE = re.compile(
    rf"(?:(?:{_CARRIER}){_END})?(?:(?:tracking|track|trk){_END})?(?:(?:number|no|nr){_END})?", re.IGNORECASE
)
_FRACTION = re.compile(r"(\d{8,})[.,]00?", re.ASCII)
_CALL = re.compile(r"[\s'\"]*[=+@-]\s*[A-Z$][A-Z0-9$.]*\(", re.IGNORECASE | re.ASCII)
_CELL = re.compile(r"\s*=\s*\$?[A-Z]{1,3}\$?\d{1,7}\s*", re.IGNORECASE | re.ASCII)
_TAG = re.compile(r"<[A-Za-z/!]")
_EXPONENT = re.compile(r"\d+(?:[.,]\d+E\+?|E\+)\d{1,3}", re.IGNORECASE | re.ASCII)
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_POSTNL = re.compile(r"(3S[A-Z0-9]{11,15})-[A-Z]{2}-\w+", re.IGNORECASE | re.ASCII)
"""The end of PostNL's links: number, country, postal code."""
_PARAMETERS = frozenset(
    (
        *("n", "num", "nums", "number", "tlabels", "qtc_tlabels1", "trknbr", "tracknum", "tracknumber"),
        *("tracknumbers", "tracking", "trackingnumber", "tracking_number", "tracking-id", "trackingid"),
        *("inquirynumber1", "awb", "piececode", "idc", "code", "itemcode", "parcelnumber", "searchfor"),
        *("barcode", "id"),
    )
)
"""What carriers call the number in their links, in small letters."""


def _grouped(*parts: str) -> str:
    """Return a pattern of parts with at most one space, point, dash or line's end between."""
    return r"[\n .\-‐‑‒–—−]?".join(parts)


_FORMS = (
    _grouped("1", "Z", *["[A-Z0-9]"] * 15, r"\d"),  # UPS
    _grouped("[A-Z]{2}", *[r"\d"] * 9, "[A-Z]{2}"),  # postal items, UPU S10
    _grouped("9", "[1-5]", *[r"\d"] * 20),  # USPS
    _grouped(*"420", *[r"\d"] * 5, "9", "[1-5]", *[r"\d"] * 20),
    _grouped(*"420", *[r"\d"] * 9, "9", "[1-5]", *[r"\d"] * 20),
    _grouped(*"003404", *[r"\d"] * 14),  # DHL
    *(_grouped("JJ?D", *[r"\d"] * count) for count in (20, 19, 18, 17, 16)),
    "3S[A-Z0-9]{11,15}",  # PostNL
)
_KNOWN = re.compile(rf"(?<![A-Z0-9])(?:{'|'.join(_FORMS)})(?![A-Z0-9])", re.IGNORECASE | re.ASCII)
_FIGURES = re.compile(r"(?<![A-Z0-9])(?:\d{10}|\d{12}|\d{15})(?![A-Z0-9])", re.IGNORECASE | re.ASCII)
_WITH_FIGURES = re.compile(r"\b(?:fedex|fed\sex|dhl)\b", re.IGNORECASE | re.ASCII)
"""Carriers whose numbers are figures alone, of which it takes a name to tell them."""
_ROUTED = re.compile(r"420(?:\d{5}|\d{9})(9[1-5]\d{20})", re.ASCII)


class NotANumber(ValueError):
    """What was given is no tracking number, or more than one, or has lost figures; the text says which."""


def clean_number(text: str) -> str:
    """Return a tracking number as the carrier knows it; empty for nothing. Errors: `NotANumber`."""
    cleaned = _joined(bare_number(text))
    return cleaned if cleaned == text else clean_number(cleaned)


def same_number(one: str, other: str) -> bool:
    """Tell whether two are the same number, however each is written; what is empty is none."""
    return bool(one and other) and _compared(one) == _compared(other)


def _compared(text: str) -> str:
    try:
        return clean_number(text).upper()
    except NotANumber:
        return text.upper()


def number_key(organization: int, number: str) -> str | None:
    """Return what parcels of an organization (its primary key) with the same number share; None for none."""
    return f"{organization} {_compared(number)}" if number else None


def searched(text: str) -> str:
    """Return what orders are searched by: the number in a link, behind a name or in quotes; else the text."""
    try:
        number = bare_number(text)
    except NotANumber:
        return text
    return _number_in(number) if number != " ".join(text.split()) and _number_in(number) else text


def bare_number(text: str) -> str:
    """Return a number without what stands around it, its groups apart. Errors: `NotANumber`."""
    if _CALL.match(text) or _CELL.fullmatch(text) or _TAG.search(text):
        raise NotANumber(NO_NUMBER)
    visible = "\n".join(filter(None, map(_visible, _BREAK.split(text)))).strip(_AROUND)
    if not visible:
        return ""
    number = _of_link(_without_name(visible.lstrip(" #")))
    if _EXPONENT.fullmatch(number):
        raise NotANumber(DAMAGED)
    return _single(_FRACTION.sub(r"\1", number) if _FRACTION.fullmatch(number) else number)


def _visible(line: str) -> str:
    spaced = re.sub(r"\s+", " ", line.translate(_WIDE))
    seen = (char for char in spaced if char == "\0" or unicodedata.category(char) not in ("Cf", "Cc"))
    return "".join(seen).strip(" ")


def _joined(text: str) -> str:
    """Return the letters and figures of a number; what is none stays as it is."""
    number = _BETWEEN.sub("", text)
    return number if _is_long(number) else text


def _is_long(text: str) -> bool:
    figures = sum(char.isdecimal() for char in text)
    return _PLAIN.fullmatch(text) is not None and figures >= _LEAST_FIGURES


def _is_number(text: str) -> bool:
    """Tell whether a text is a number in its groups."""
    number = "".join(char for char in text if char not in _DASHES)
    right = _SHORTEST <= len(number) <= _LONGEST and _PLAIN.fullmatch(number) is not None
    return right and any(char.isdecimal() for char in number) and number.strip("0") != ""


def _single(text: str) -> str:
    """Return the number in a text of which the rest is no number."""
    if _KNOWN.fullmatch(text):
        own = _of_barcode(text)
        return text if own == _BETWEEN.sub("", text) else own
    known = {_of_barcode(found) for found in _KNOWN.findall(text)}
    if _WITH_FIGURES.search(text):
        known.update(_FIGURES.findall(text))
    parts = list(filter(None, re.split(r"[\s,;|&+/]", text)))
    alone = _is_number(text)
    if len(known) == 1 and (len(parts) > 1 or not alone):
        return known.pop()
    if alone and not _is_spoken(text):
        return text
    raise NotANumber(SEVERAL if len(known) > 1 or len([*filter(_is_number, parts)]) > 1 else NO_NUMBER)


def _of_barcode(text: str) -> str:
    """Return a known number without 420 and the ZIP code before it."""
    number = _BETWEEN.sub("", text)
    routed = _ROUTED.fullmatch(number)
    return routed[1] if routed else number


def _is_spoken(text: str) -> bool:
    """Tell whether spaces in a text are between words or numbers, and not between groups of one number.

    Letters alone are a group where they are two capitals, up to two or three capitals at the beginning, or up
    to two at the end of what begins with letters.
    """
    groups = [group for group in text.split(" ") if group]
    if len([group for group in groups if _is_long(_BETWEEN.sub("", group))]) > 1:
        return True
    lettered = [not any(char.isdecimal() for char in group) for group in groups]
    for at, group in enumerate(groups):
        first, last = at == 0, at == len(groups) - 1
        if not lettered[at] or not _BETWEEN.sub("", group):
            continue
        if len(group) > (3 if first and group.isupper() else 2):
            return True
        if not (group.isupper() or first or (last and lettered[0])):
            return True
    return False


def _number_in(text: str) -> str:
    """Return the number that a part of a link is; nothing where it is none."""
    if found := _POSTNL.fullmatch(text) or _FRACTION.fullmatch(text):
        return found[1]
    bare = text.strip(" ,;")
    number = _BETWEEN.sub("", bare)
    if not _is_long(number):
        return ""
    if _KNOWN.fullmatch(bare):
        return _of_barcode(bare)
    return "" if "\n" in bare or _is_spoken(bare) else number


def _of_link(text: str) -> str:
    if not _LINK.match(text):
        return text
    try:
        parts = urlsplit(text)
    except ValueError:
        return text
    given = [(name.lower(), _number_in(value)) for name, value in _values(parts.query, parts.fragment)]
    asked = {number for name, number in given if number and name in _PARAMETERS}
    others = {number for _, number in given if number}
    places = f"{parts.path}/{parts.fragment}".split("/")
    last = {number for place in places if (number := _number_in(unquote(place)))}
    found = asked or others or last
    return found.pop() if len(found) == 1 else text


def _values(*queries: str) -> Iterator[tuple[str, str]]:
    for query in queries:
        for part in query.split("&"):
            name, _, value = part.partition("=")
            yield name, unquote(value)


def _without_name(text: str) -> str:
    before = _BEFORE.match(text)
    rest = text[before.end() :] if before else text
    return rest if _number_in(rest) or _EXPONENT.fullmatch(rest) else text
