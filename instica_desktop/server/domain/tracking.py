"""Tracking numbers as people bring them: from a scanner, a spreadsheet, a mail or a link.

The rules:
1. Characters that cannot be seen go; wide figures and letters become plain ones, any space a plain space.
2. `="…"`, `'…`, quotes around it and a formula's sign go: a spreadsheet put them there.
3. Of a link the number in it stays, if it tells exactly one: a value of its query, else a part of its path,
   of letters and figures, at least eight of them figures.
4. A carrier's name before the number goes, so do “Tracking number:” and the like.
5. Spaces, points and dashes between go where letters and figures with at least eight figures are left.
6. A number in a spreadsheet's exponent form, such as 9.40011E+21, has lost figures: it is refused.
"""

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

DAMAGED = "This number was damaged by a spreadsheet: its last figures are gone. Take it from the label."

_LEAST_FIGURES = 8
_WIDE = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)}
_BETWEEN = re.compile(r"[\s.\-‐‑‒–—−]+")
_PLAIN = re.compile(r"[A-Za-z0-9]+")
_AROUND = " =\"'“”„‘’«»"
_NAMES = (
    *("usps", "ups", "fedex", "fed ex", "dhl", "dhl express", "dhl paket", "royal mail", "deutsche post"),
    *("la poste", "colissimo", "postnl", "canada post", "australia post", "dpd", "gls", "hermes", "evri"),
)
_CARRIER = "|".join(sorted(_NAMES, key=len, reverse=True)).replace(" ", r"\s*")
_END = r"(?![^\W\d_])[\s:#.\-]*"
_BEFORE = re.compile(
    rf"(?:(?:{_CARRIER}){_END})?(?:(?:tracking|track|trk){_END})?(?:(?:number|no|nr){_END})?", re.IGNORECASE
)
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


class DamagedNumber(ValueError):
    """A number that cannot be had back from what was given."""


def clean_number(text: str) -> str:
    """Return a tracking number as the carrier knows it. Errors: `DamagedNumber`."""
    cleaned = _joined(bare_number(text))
    return cleaned if cleaned == text else clean_number(cleaned)


def same_number(one: str, other: str) -> bool:
    """Tell whether two are the same number, however each is written; what is empty is none."""
    return bool(one and other) and _compared(one) == _compared(other)


def _compared(text: str) -> str:
    try:
        return clean_number(text).upper()
    except DamagedNumber:
        return text


def number_key(organization: int, number: str) -> str | None:
    """Return what parcels of an organization (its primary key) with the same number share; None for none."""
    return f"{organization} {_compared(number)}" if number else None


def searched(text: str) -> str:
    """Return what orders are searched by: the number in a link, behind a name or in quotes; else the text."""
    try:
        number = bare_number(text)
    except DamagedNumber:
        return text
    return _number_in(number) if number != " ".join(text.split()) and _number_in(number) else text


def bare_number(text: str) -> str:
    """Return a number without what stands around it, spaces and all. Errors: `DamagedNumber`."""
    number = _without_name(_of_link(_visible(text).strip(_AROUND)))
    if _EXPONENT.fullmatch(number):
        raise DamagedNumber(DAMAGED)
    return number


def _visible(text: str) -> str:
    spaced = re.sub(r"\s+", " ", text.translate(_WIDE))
    return "".join(char for char in spaced if char == "\0" or unicodedata.category(char) not in ("Cf", "Cc"))


def _joined(text: str) -> str:
    """Return the letters and figures of a number; what is none stays as it is."""
    number = _BETWEEN.sub("", text)
    figures = sum(char.isdecimal() for char in number)
    return number if _PLAIN.fullmatch(number) and figures >= _LEAST_FIGURES else text


def _number_in(text: str) -> str:
    """Return the number that a part of a link is; nothing where it is none."""
    if found := _POSTNL.fullmatch(text):
        return found[1]
    number = _BETWEEN.sub("", text.strip(" ,;"))
    figures = sum(char.isdecimal() for char in number)
    return number if _PLAIN.fullmatch(number) and figures >= _LEAST_FIGURES else ""


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
