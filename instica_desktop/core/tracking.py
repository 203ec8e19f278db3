"""Tracking numbers: whose they are, and whether the check digit is right. Only what is certain is said.

Sources: UPU S10 (items of the postal services), UPS 1Z (mod 10 over letters and figures), USPS Intelligent
Mail package barcode (mod 10, weights 3 and 1 from the right), FedEx Express (mod 11) and Ground (mod 10),
DHL Express waybill (mod 7), DHL Paket Identcode (mod 10, weights 4 and 9) and its licence plate (mod 10).
"""

import re
from collections.abc import Callable
from typing import Literal

import msgspec

Check = Literal["right", "wrong", "none"]
"""`none`: the form is certain, but it has no check digit."""


class Recognition(msgspec.Struct, frozen=True):
    """What a number tells of itself: carrier (wire code), its name here, how its check digit is."""

    carrier: str
    name: str
    check: Check

    @property
    def words(self) -> str:
        """What a badge says: “USPS, check digit right”."""
        return {
            "right": f"{self.name}, check digit right",
            "wrong": f"{self.name}, check digit wrong",
            "none": self.name,
        }[self.check]


_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_S10_POSTS: dict[str, tuple[str, str]] = {
    "GB": ("royal_mail", "Royal Mail"),
    "US": ("usps", "USPS"),
    "DE": ("deutsche_post", "Deutsche Post"),
    "FR": ("la_poste", "La Poste"),
    "NL": ("postnl", "PostNL"),
    "CA": ("canada_post", "Canada Post"),
}


def compact_number(text: str) -> str:
    """Return a tracking number as carriers store it: capitals, without spaces, hyphens and dots between."""
    return re.sub(r"[\s.\-–]+", "", text).upper()


def recognise(text: str, carrier: str = "") -> Recognition | None:
    """Return which carrier a tracking number is certainly from, or None.

    A form only one carrier has counts even with a wrong check digit, which is then said. Bare figures that
    several carriers use count only when exactly one check digit fits, or when the user named the `carrier`.
    """
    number = compact_number(text)
    for form, find in _CERTAIN:
        if form.fullmatch(number):
            return find(number)
    candidates = [entry for entry in _FIGURES if entry[0].fullmatch(number)]
    right = [entry for entry in candidates if entry[3](number)]
    if len(right) == 1:
        return Recognition(right[0][1], right[0][2], "right")
    named = [entry for entry in candidates if entry[1] == carrier]
    if named:
        return Recognition(carrier, named[0][2], "right" if named[0] in right else "wrong")
    return None


def named_carriers(text: str) -> tuple[str, ...]:
    """Return which carriers (wire codes) the words around a number name; of a link, its host."""
    words = text.strip()
    if re.match(r"https?://|www\.", words, re.IGNORECASE):
        host = re.match(r"(?:https?://)?([^/?#]*)", words, re.IGNORECASE)
        words = host[1] if host else ""
    return tuple(code for code, _, form in _NAMED if form.search(words))


def told(text: str, number: str, carrier: str = "") -> Recognition | None:
    """Return whose a number is by its form, else by the one carrier that stands around it in a text."""
    found, named = recognise(number, carrier), named_carriers(text)
    if found is None and number and len(named) == 1:
        name = next(name for code, name, _ in _NAMED if code == named[0])
        return Recognition(named[0], name, "none")
    return found


def spaced(text: str) -> str:
    """Return a number in groups for reading: figures by four, postal items as `RR 473 124 829 GB`."""
    number = compact_number(text)
    if _S10.fullmatch(number):
        return f"{number[:2]} {number[2:5]} {number[5:8]} {number[8:11]} {number[11:]}"
    if number.isdecimal() and len(number) > 8:
        return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
    return text.strip()


# ------------------------------------------------------------ check digits


def _mod10(number: str) -> bool:
    """Weights 3 and 1 from the right, as on all GS1 and USPS barcodes."""
    total = sum(int(figure) * (3, 1)[at % 2] for at, figure in enumerate(reversed(number[:-1])))
    return (10 - total % 10) % 10 == int(number[-1])


def _ups(number: str) -> bool:
    values = [int(char) if char.isdecimal() else (ord(char) - 63) % 10 for char in number[2:17]]
    total = sum(value * (1, 2)[at % 2] for at, value in enumerate(values))
    return (10 - total % 10) % 10 == int(number[17])


def _s10(number: str) -> bool:
    total = sum(int(figure) * weight for figure, weight in zip(number[2:10], _S10_WEIGHTS, strict=True))
    digit = 11 - total % 11
    return {10: 0, 11: 5}.get(digit, digit) == int(number[10])


def _fedex_express(number: str) -> bool:
    total = sum(int(figure) * (1, 3, 7)[at % 3] for at, figure in enumerate(reversed(number[:-1])))
    return total % 11 % 10 == int(number[-1])


def _dhl_express(number: str) -> bool:
    return int(number[:9]) % 7 == int(number[9])


def _identcode(number: str) -> bool:
    total = sum(int(figure) * (4, 9)[at % 2] for at, figure in enumerate(number[:-1]))
    return (10 - total % 10) % 10 == int(number[-1])


# ------------------------------------------------------------ forms

_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")


def _find(carrier: str, name: str, check: Callable[[str], bool]) -> Callable[[str], Recognition]:
    def find(number: str) -> Recognition:
        return Recognition(carrier, name, "right" if check(number) else "wrong")

    return find


def _find_s10(number: str) -> Recognition:
    carrier, name = _S10_POSTS.get(number[11:], ("other", f"Post, {number[11:]}"))
    return Recognition(carrier, name, "right" if _s10(number) else "wrong")


def _find_usps(number: str) -> Recognition:
    """The 22 figures at the end count; 420 and the buyer's ZIP code may stand before them."""
    return Recognition("usps", "USPS", "right" if _mod10(number[-22:]) else "wrong")


def _find_plate(number: str) -> Recognition:
    return Recognition("dhl", "DHL", "none")


def _find_postnl(number: str) -> Recognition:
    return Recognition("postnl", "PostNL", "none")


_CERTAIN: tuple[tuple[re.Pattern[str], Callable[[str], Recognition]], ...] = (
    (re.compile(r"1Z[A-Z0-9]{15}\d"), _find("ups", "UPS", _ups)),
    (_S10, _find_s10),
    (re.compile(r"(420\d{5}(\d{4})?)?9[1-5]\d{20}"), _find_usps),
    (re.compile(r"003404\d{14}"), _find("dhl", "DHL", _mod10)),
    (re.compile(r"JJ?D\d{16,20}"), _find_plate),
    (re.compile(r"3S[A-Z0-9]{11,15}"), _find_postnl),
)

_FIGURES: tuple[tuple[re.Pattern[str], str, str, Callable[[str], bool]], ...] = (
    (re.compile(r"\d{12}"), "fedex", "FedEx", _fedex_express),
    (re.compile(r"\d{12}"), "dhl", "DHL", _identcode),
    (re.compile(r"\d{15}"), "fedex", "FedEx", _mod10),
    (re.compile(r"\d{10}"), "dhl", "DHL Express", _dhl_express),
)

_NAMED = tuple(
    (code, name, re.compile(rf"\b(?:{form})\b", re.IGNORECASE | re.ASCII))
    for code, name, form in (
        ("usps", "USPS", "usps"),
        ("ups", "UPS", "ups"),
        ("fedex", "FedEx", r"fed\s?ex"),
        ("dhl", "DHL", "dhl"),
        ("royal_mail", "Royal Mail", r"royal\s?mail"),
        ("deutsche_post", "Deutsche Post", r"deutsche\s?post"),
        ("la_poste", "La Poste", r"la\s?poste|colissimo"),
        ("postnl", "PostNL", "postnl"),
        ("canada_post", "Canada Post", r"canada\s?post"),
    )
)
"""What people and links call carriers, as (wire code, name, form)."""
