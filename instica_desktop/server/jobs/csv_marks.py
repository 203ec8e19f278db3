"""What identifies a release, and whether two descriptions of one contradict each other.

A mark that is missing on either side contradicts nothing. Labels and catalogue numbers are compared as the
lists they may be, formats as sets of words: one may say more than the other (`LP` and `LP, Album`), but
nothing else (`CD, Album`). Names and titles count with their accents, unless a barcode or a release at
Discogs says that both mean one: `Mo` is another artist than `Mø`, yet a sloppy way to write the artist of
that very record.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from instica_desktop.server.domain.names import name_key
from instica_desktop.server.domain.text import compact, fold, sort_key
from instica_desktop.server.models import Product
from instica_desktop.server.operations.derived import barcode_key, catalog_key
from instica_desktop.server.tables.cells import nothing

Mark = str | frozenset[str]
Marks = dict[str, Mark]
"""By the name of the row's field, in the form in which it is compared; empty = not said."""

IDENTIFYING = frozenset({"product_title", "catalog_number", "product_barcode", "discogs_release_id"})
"""At least one of these has to agree: an artist or a label alone is no release."""

_SURE = ("product_barcode", "discogs_release_id")
"""Marks that are given to one release only."""
_NAMES = ("product_title", "artist", "label")

_LIST = re.compile(r"[,;]| / ")
_DISCS = re.compile(r"\b(\d{1,2}) ?[x×] ?(?=[a-z0-9])")
_INCHES = re.compile(r"(\d) ?(?:[\"″”]|''|-?inch\b|in\b)")
_WORDS = re.compile(r"[^\s,;/()]+")
_VINYL = frozenset({"vinyl"})
_RECORDS = frozenset({"lp", "ep", "7in", "10in", "12in"})
"""Formats of vinyl, whether or not they say so."""
_COUNTRIES = {
    "usa": "us",
    "unitedstates": "us",
    "unitedstatesofamerica": "us",
    "gb": "uk",
    "greatbritain": "uk",
    "unitedkingdom": "uk",
}


def contradict(one: Mark, other: Mark) -> bool:
    """Tell whether two marks, both said, cannot be of the same release."""
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        if (one | other) & _RECORDS:
            one, other = one - _VINYL, other - _VINYL
        return not (one <= other or other <= one)
    return one != other


def contradictions(one: Marks, other: Marks, *, sloppy: bool = False) -> list[str]:
    """Return the names of the marks in which two descriptions contradict each other.

    With `sloppy`, or where a sure mark agrees, names that differ in accents only do not.
    """
    both = (name for name, mark in one.items() if mark and other[name])
    against = [name for name in both if contradict(one[name], other[name])]
    if against and (sloppy or any(one[name] and one[name] == other[name] for name in _SURE)):
        return [name for name in against if name not in _NAMES or not _sloppily_same(one[name], other[name])]
    return against


def _sloppily_same(one: Mark, other: Mark) -> bool:
    return not contradict(_folded(one), _folded(other))


def _folded(mark: Mark) -> Mark:
    return fold(mark) if isinstance(mark, str) else frozenset(map(fold, mark))


def agreement(wanted: Marks, found: Marks) -> int:
    """Return in how many marks two agree; 0 when they contradict each other, or no mark identifies."""
    if contradictions(wanted, found):
        return 0
    both = {name for name, mark in wanted.items() if mark and found[name]}
    return len(both) if both & IDENTIFYING else 0


def marks_of_row(values: Mapping[str, Any]) -> Marks:
    """Return what a row says of its release. A catalogue number `none` identifies nothing."""
    number = values.get("catalog_number", "")
    return {
        "product_title": _title(values.get("product_title", "")),
        "artist": name_key(values.get("artist", "").strip()),
        "catalog_number": frozenset() if nothing(number) else _numbers(number),
        "product_barcode": barcode_key(values.get("product_barcode", "")) or "",
        "discogs_release_id": str(values.get("discogs_release_id", "")),
        "label": frozenset(name_key(part.strip()) for part in _LIST.split(values.get("label", ""))) - {""},
        "year": str(values.get("year", "")),
        "format": _format_words(values.get("format", "")),
        "country": _country(values.get("country", "")),
        "product_type": values.get("product_type", ""),
    }


def keys_of_row(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row says of its release as products are looked up by it: column → key, None for none."""
    number = values.get("catalog_number", "")
    return {
        "title_key": sort_key(values.get("product_title", "").strip()),
        "catalog_key": None if nothing(number) else catalog_key(number),
        "barcode_key": barcode_key(values.get("product_barcode", "")),
        "discogs_release_id": _release_id(str(values.get("discogs_release_id", ""))),
    }


def keys_of(product: Product) -> dict[str, Any]:
    """Return by what a product is looked up."""
    return keys_of_row(_as_row(product))


def marks_of(product: Product) -> Marks:
    """Return what identifies a product."""
    return marks_of_row(_as_row(product))


def _as_row(product: Product) -> dict[str, Any]:
    return {
        "product_title": product.title,
        "artist": product.artist.name if product.artist else "",
        "catalog_number": product.catalog_number,
        "product_barcode": product.barcode,
        "discogs_release_id": product.discogs_release_id or "",
        "label": product.label.name if product.label else "",
        "year": product.year or "",
        "format": product.format,
        "country": product.country,
        "product_type": product.type,
    }


def _title(text: str) -> str:
    """Return a title without case, however its letters are composed: `²` is another one than `2`."""
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def _release_id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _numbers(text: str) -> frozenset[str]:
    return frozenset(compact(part) for part in _LIST.split(text)) - {""}


def _format_words(text: str) -> frozenset[str]:
    """Return the words of a format: `2xLP, 7"` → 2x, lp, 7in."""
    return frozenset(_WORDS.findall(_INCHES.sub(r"\1in ", _DISCS.sub(r"\1x ", fold(text)))))


def _country(text: str) -> str:
    code = compact(text)
    return _COUNTRIES.get(code, code)
