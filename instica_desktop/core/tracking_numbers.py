"""A tracking number out of what was scanned, pasted or copied around it.

The rules, which `server.domain.tracking` holds for itself (a test compares both):
1. Characters that cannot be seen go; wide figures and letters become plain ones, any space a plain space.
2. Quotes, apostrophes and `=` around it go: a spreadsheet put them there.
3. Of a link the number in it stays, if it tells exactly one: a value of its query, else a part of its path,
   of letters and figures, at least eight of them figures.
4. A carrier's name before the number goes, so do “Tracking number:” and the like.
5. Spaces, points and dashes between go where letters and figures with at least eight figures are left.
6. A number in a spreadsheet's exponent form, such as 9.40011E+21, has lost figures: it is refused.
"""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from instica_desktop.core.errors import InputError

DAMAGED = "This number was damaged by a spreadsheet: its last figures are gone. Take it from the label."

_UNSEEN = frozenset({"Cc", "Cf"})
"""Unicode's control and format characters; NUL stays, which the server refuses."""
_NUMBER = re.compile(r"(?=(?:\D*\d){8})[A-Z0-9]+", re.IGNORECASE | re.ASCII)
_DIVIDERS = re.compile("[\\s.\\-\u2010-\u2014\u2212]+")
_EXPONENT = re.compile(r"[0-9]+([.,][0-9]+e\+?|e\+)[0-9]{1,3}", re.IGNORECASE)
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


def clean_number(text: str) -> str:
    """Return a tracking number as the carrier knows it.

    Raises:
        InputError: for `tracking_number`, when figures of it are lost.
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
    """Return the form in which numbers are compared; what a spreadsheet damaged stays as it is."""
    try:
        return clean_number(text).upper()
    except InputError:
        return text


def searched(text: str) -> str:
    """Return what orders are searched by: the number in a link, behind a name or in quotes; else the text."""
    try:
        number = bare_number(text)
    except InputError:
        return text
    bare = number != " ".join(text.split())
    return (_as_number(number) or text) if bare else text


def bare_number(text: str) -> str:
    """Return a number without what stands around it; its groups stay apart. Raises as `clean_number` does."""
    seen = map(_plain, re.sub(r"\s+", " ", text))
    number = _in_link("".join(seen).strip("= \"'“”„‘’«»"))
    name = _NAME.match(number)
    rest = number[name.end() :] if name else number
    number = rest if _as_number(rest) or _EXPONENT.fullmatch(rest) else number
    if _EXPONENT.fullmatch(number):
        raise InputError(DAMAGED, field="tracking_number")
    return number


def _plain(char: str) -> str:
    if "！" <= char <= "～":
        return unicodedata.normalize("NFKC", char)
    return "" if char != "\0" and unicodedata.category(char) in _UNSEEN else char


def _as_number(text: str) -> str | None:
    postnl = _POSTNL.fullmatch(text)
    number = postnl[1] if postnl else _DIVIDERS.sub("", text.strip(",; "))
    return number if _NUMBER.fullmatch(number) else None


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
