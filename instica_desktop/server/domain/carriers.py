"""Which carriers a tracking number and what stands around it tell of. Only what is certain is said."""

import re
from urllib.parse import urlsplit

from instica_desktop.server.domain.statuses import CARRIERS

_POSTS = {
    "GB": "royal_mail",
    "US": "usps",
    "DE": "deutsche_post",
    "FR": "la_poste",
    "NL": "postnl",
    "CA": "canada_post",
}
_FORMS = (
    ("ups", re.compile(r"1Z[A-Z0-9]{15}\d", re.ASCII)),
    ("usps", re.compile(r"9[1-5]\d{20}", re.ASCII)),
    ("dhl", re.compile(r"003404\d{14}|JJ?D\d{16,20}", re.ASCII)),
    ("postnl", re.compile(r"3S[A-Z0-9]{11,15}", re.ASCII)),
)
_POSTAL = re.compile(r"[A-Z]{2}\d{9}([A-Z]{2})", re.ASCII)
_NAMES = (
    ("usps", "usps"),
    ("ups", "ups"),
    ("fedex", r"fed\s?ex"),
    ("dhl", "dhl"),
    ("royal_mail", r"royal\s?mail"),
    ("deutsche_post", r"deutsche\s?post"),
    ("la_poste", r"la\s?poste|colissimo"),
    ("postnl", "postnl"),
    ("canada_post", r"canada\s?post"),
)
_NAMED = tuple((code, re.compile(rf"\b(?:{name})\b", re.IGNORECASE | re.ASCII)) for code, name in _NAMES)


def told_carriers(text: str, number: str) -> set[str]:
    """Return the carriers (wire codes) of the number in a text, and those that its words or its link name."""
    return {*_named(text), *_formed(number.upper())}


def carrier_note(carrier: str, text: str, number: str) -> str:
    """Return what there is to say of the carrier given with a text; empty where nothing contradicts it."""
    told = told_carriers(text, number)
    if not told or carrier in told:
        return ""
    names = " or ".join(CARRIERS[code] for code in sorted(told))
    return f"The number looks like one of {names}; it is noted under {CARRIERS[carrier]}."


def _formed(number: str) -> set[str]:
    if postal := _POSTAL.fullmatch(number):
        return {_POSTS[postal[1]]} if postal[1] in _POSTS else set()
    return {code for code, form in _FORMS if form.fullmatch(number)}


def _named(text: str) -> set[str]:
    """Return which carriers are named: by a link's host, else anywhere."""
    words = text.strip()
    if words[:4].lower() in ("http", "www."):
        try:
            words = urlsplit(words if "//" in words else f"//{words}").netloc
        except ValueError:
            return set()
    return {code for code, name in _NAMED if name.search(words)}
