"""From what people write into cells to what the API's forms take.

What is not understood goes on as it is: the form's own validation then says what is wrong with it.
"""

import csv
import re

from instica_desktop.server.domain.grades import CONTAINER_GRADES
from instica_desktop.server.domain.statuses import ITEM_STATUSES, PRODUCT_TYPES
from instica_desktop.server.domain.text import compact, fold

_LONGEST_TAGS = 20_000
_NOTHING = {"na", "n/a", "#n/a", "nan", "none", "null", "nil", "-", "--", "?"}
_AMOUNT = re.compile(r"[+-]?[\d.,' ]*\d[\d.,]*")
_CURRENCY = re.compile(r"us\$|usd|eur|gbp|cad|aud|[$€£¥]", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})(?:[ T]+(\d{1,2}):(\d\d)(?::(\d\d))?)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d\d)(?::(\d\d))?)?")
_WHOLE = re.compile(r"[+-]?\d+[.,]0*")
_POWER = re.compile(r"(\d)[.,](\d+)E\+?(\d+)", re.IGNORECASE)

_LONG_GRADES = {
    "mint": "m",
    "near mint": "nm",
    "nm or m-": "nm",
    "m-": "nm",
    "excellent": "ex",
    "very good plus": "vg_plus",
    "very good": "vg",
    "good plus": "g_plus",
    "good": "g",
    "fair": "f",
    "poor": "p",
    "generic sleeve": "generic",
    "no sleeve": "no_cover",
    "no cover": "no_cover",
    "not graded": "not_graded",
    "ungraded": "not_graded",
}
_GRADES = (
    {fold(label): code for code, label in CONTAINER_GRADES.items()}
    | {code: code for code in CONTAINER_GRADES}
    | _LONG_GRADES
)
_STATUSES = (
    {compact(label): code for code, label in ITEM_STATUSES.items()}
    | {compact(code): code for code in ITEM_STATUSES}
    | {"forsale": "ready-to-sell", "expired": "ready-to-sell"}  # Discogs
)


def nothing(text: str) -> bool:
    """Tell whether a cell that is not free text says that there is no value."""
    return not text.strip() or text.strip().lower() in _NOTHING


def money(text: str) -> str:
    """Return an amount as digits with a point: `€ 1.234,50` → `1234.50`."""
    bare = _CURRENCY.sub("", text).replace("\u00a0", " ").replace("\u2212", "-").strip()
    if not _AMOUNT.fullmatch(bare):
        return text.strip()
    bare = bare.replace(" ", "").replace("'", "")
    point, comma = bare.rfind("."), bare.rfind(",")
    if point >= 0 and comma >= 0:
        mark = max(point, comma)
        return re.sub("[.,]", "", bare[:mark]) + "." + bare[mark + 1 :]
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", bare):  # money has no third place, so these are thousands
        return bare.replace(",", "")
    return bare.replace(",", ".")


def grade(text: str) -> str:
    """Return a grade's code: `Very Good Plus (VG+)` → `vg_plus`."""
    folded = fold(" ".join(text.split()))
    outside, _, inside = folded.rstrip(")").partition(" (")
    for form in (folded, inside, outside):
        if form in _GRADES:
            return _GRADES[form]
    return text.strip()


def status(text: str) -> str:
    """Return a status's code: `For Sale` → `ready-to-sell`."""
    return _STATUSES.get(compact(text), text.strip())


def product_type(text: str) -> str:
    """Return a product type's code."""
    codes = {compact(label): code for code, label in PRODUCT_TYPES.items()}
    return codes.get(compact(text), text.strip())


def moment(text: str) -> str:
    """Return a time as ISO 8601, in UTC: `31/12/2025 18:05` → `2025-12-31T18:05:00Z`."""
    stripped = text.strip()
    if found := _DAY_FIRST.fullmatch(stripped):
        day, month, year, *clock = found.groups()
    elif found := _ISO.fullmatch(stripped):
        year, month, day, *clock = found.groups()
    else:
        return stripped
    hour, minute, second = (int(part or 0) for part in clock)
    return f"{year}-{int(month):02d}-{int(day):02d}T{hour:02d}:{minute:02d}:{second:02d}Z"


def whole(text: str) -> str:
    """Return a whole number without what spreadsheets and people add: `290.0 g` → `290`."""
    bare = re.sub(r"\s*(g|gr|grams?)\.?$", "", text.strip(), flags=re.IGNORECASE)
    return re.sub(r"[.,]0*$", "", bare) if _WHOLE.fullmatch(bare) else bare


def year(text: str) -> str:
    """Return a year, empty for the 0 that stands for an unknown one: `1999-05-03` → `1999`."""
    found = re.fullmatch(r"(\d{4})-\d\d?(-\d\d?)?", text.strip())
    number = found.group(1) if found else whole(text)
    return "" if number == "0" else number


def barcode(text: str) -> str:
    """Return a barcode; one a spreadsheet shortened is put together again as long as no digit is lost.

    Errors: `ValueError` when digits are lost.
    """
    stripped = text.strip()
    found = _POWER.fullmatch(stripped)
    if found is None:
        return stripped
    first, digits, power = found.group(1), found.group(2), int(found.group(3))
    if len(digits) < power:
        raise ValueError("A spreadsheet shortened this barcode. Format its column as text, then save again.")
    return first + digits[:power] if not digits[power:].strip("0") else stripped


def tags(text: str) -> list[str]:
    """Return the tags of a cell, separated by commas; a tag with a comma stands in quotes.

    Errors: `ValueError` for a cell that is far too long.
    """
    if len(text) > _LONGEST_TAGS:
        raise ValueError("There are too many tags in this cell.")
    parts = next(csv.reader([" ".join(text.splitlines())], skipinitialspace=True), [])
    return [part.strip() for part in parts if part.strip()]


def joined(values: list[str]) -> str:
    """Return tags as one cell, which `tags` reads back exactly."""
    return ", ".join(_quoted(value) for value in values)


def _quoted(value: str) -> str:
    if '"' in value or "," in value:
        return '"' + value.replace('"', '""') + '"'
    return value
