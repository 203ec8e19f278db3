"""From what people write into cells to what the API's forms take.

What is not understood goes on as it is: the form's own validation then says what is wrong with it.
"""

import csv
import re
from functools import lru_cache
from html import unescape

from instica_desktop.server.domain.grades import CONTAINER_GRADES
from instica_desktop.server.domain.statuses import ITEM_STATUSES, PRODUCT_TYPES
from instica_desktop.server.domain.text import compact, fold

_LONGEST_TAGS = 20_000
_NOTHING = {"na", "n/a", "#n/a", "nan", "none", "null", "nil", "-", "--", "?", "default title"}
_NOT_THERE = {"#n/a", "#nv", "#n/d"}
_DAMAGED = {"#ref!", "#value!", "#name?", "#div/0!", "#num!", "#null!", "#bezug!", "#wert!", "#zahl!"}
"""What spreadsheets show in place of what they cannot work out."""
ODD = "#=' "
"""How texts begin that a spreadsheet may have put there."""
_NARROW = 4
"""Number signs in a row from which a name is a column too narrow to show it."""
_WHOLE = re.compile(r"[+-]?(?:\d+[.,](?!000$)0*|(?:0|\d{4,})[.,]000)", re.ASCII)
_EITHER = re.compile(r"(\d{1,3})[.,](\d{3})", re.ASCII)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+", re.ASCII)
_FRACTION_OF_NOTHING = re.compile(r"(\d{4,})[.,]0+", re.ASCII)
_POWER = re.compile(r"(\d)(?:[.,](\d+)E\+?|E\+)(\d{1,4})", re.IGNORECASE | re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.]\d\d?){1,2}(?:[ T].*)?", re.ASCII)
_YEAR_LAST = re.compile(r"(?:\d\d?[-/.]){1,2}(\d{4})(?: .*)?", re.ASCII)
_QUOTED = re.compile(r'="([^"]*)"')
_FORMULA = re.compile(
    r"=(?:\w+!)?\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?|=[A-Z][A-Z.]+\(.*\)", re.ASCII
)
"""What no name is, though a name may begin with `=`."""
_MADE_A_DATE = re.compile(r"\d{4}-\d\d-\d\d[ T]00:00:00", re.ASCII)
_NO_NUMBER = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:p|br|div|span|ul|ol|li|h[1-6]|b|i|u|em|strong|a|table|tr|td|th|img|font)\b[^<>]*>", re.IGNORECASE
)
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_BREAKS = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^<>]*>", re.IGNORECASE)
_SHORTENED = "A spreadsheet shortened this number. Format its column as text, then save again."

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
    | {"active": "ready-to-sell", "unlisted": "ready-to-sell"}  # Shopify
)


def nothing(text: str) -> bool:
    """Tell whether a cell that is not free text says that there is no value."""
    return not text.strip() or text.strip().lower() in _NOTHING


def repaired(text: str, *, spoken: bool = False) -> str:
    """Return a cell without what a spreadsheet put there: `="0123"` and `'0123` → `0123`, `#N/A` → nothing.

    A `spoken` text, such as a title, may begin with a quote mark or `=` by itself: `'Round Midnight`.
    Errors: `ValueError` for what stands in place of a lost value.
    """
    bare = text.strip()
    if bare.startswith("#"):
        narrow = len(bare) >= (_NARROW if spoken else 2) and not bare.strip("#")
        if narrow or bare.lower() in _DAMAGED:
            raise ValueError(f"A spreadsheet has {bare} here; the value itself is lost.")
        return "" if bare.lower() in _NOT_THERE else text
    if quoted := _QUOTED.fullmatch(bare):
        return quoted.group(1)
    if bare.startswith("=") and (not spoken or _FORMULA.fullmatch(bare)):
        raise ValueError(f"{bare} is a formula. Save the table with its values.")
    return bare[1:] if bare.startswith("'") and not spoken else text


def looked_at(text: str) -> str:
    """Return a cell as far as it can be repaired."""
    try:
        return repaired(text)
    except ValueError:
        return text


def code(text: str) -> str:
    """Return a number that is no amount as it stands. Errors: `ValueError` for one that became a date."""
    if _MADE_A_DATE.fullmatch(text.strip()):
        raise ValueError(f"A spreadsheet made {text.strip()} of this; the value itself is lost.")
    return text


def is_no_number(text: str) -> bool:
    """Tell whether a cell says that a calculation had no result: `NaN`, `inf`."""
    return _NO_NUMBER.fullmatch(text.strip()) is not None


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


@lru_cache(maxsize=256)
def listing_status(text: str) -> str:
    """Return the status a marketplace gave an offer, without case and separators: `For Sale` → `forsale`."""
    return compact(text)


def whole(text: str) -> str:
    """Return a whole number without what spreadsheets and people add: `290.0 g` → `290`, `9,000` → `9000`.

    `9.000` is nine to some and nine thousand to others, and stays as it is.
    """
    bare = re.sub(r"\s*(g|gr|grams?)\.?$", "", text.strip(), flags=re.IGNORECASE)
    if _THOUSANDS.fullmatch(bare):
        return bare.replace(",", "")
    return re.split("[.,]", bare)[0] if _WHOLE.fullmatch(bare) else bare


def no_whole_number(text: str) -> str:
    """Return why a cell is no whole number."""
    bare = text.strip()
    if found := _EITHER.fullmatch(bare):
        return f"{bare} may be {found.group(1)} or {''.join(found.groups())}. Write it without a mark."
    return f"{bare} is no whole number."


def quantity(text: str) -> str:
    """Return how many there are, below 0 for more sold than there were. Errors: `ValueError`."""
    number = whole(text)
    if not re.fullmatch(r"-?\d{1,9}", number, re.ASCII):
        raise ValueError(no_whole_number(text))
    return number


def number_of_release(text: str) -> str:
    """Return the number of a release at Discogs: `[r4711]` → `4711`. Errors: `ValueError`, shortened."""
    found = re.fullmatch(r"\[?r(\d+)\]?", text.strip(), re.IGNORECASE | re.ASCII)
    return found.group(1) if found else _unshortened(whole(text))


def number_of_listing(text: str) -> str:
    """Return the number of an offer on its marketplace. Errors: `ValueError` for what is none."""
    number = _unshortened(whole(text))
    if not re.fullmatch(r"\d{1,30}", number, re.ASCII):
        raise ValueError("The number of a listing has digits only.")
    return number


def year(text: str) -> str:
    """Return a year, empty for the 0 that stands for an unknown one: `1999-05-03` → `1999`."""
    bare = text.strip()
    found = _YEAR_FIRST.fullmatch(bare) or _YEAR_LAST.fullmatch(bare)
    number = found.group(1) if found else whole(bare)
    return "" if number == "0" else number


def barcode(text: str) -> str:
    """Return a barcode; one a spreadsheet shortened is put together again as long as no digit is lost.

    Errors: `ValueError` when digits are lost.
    """
    stripped = text.strip()
    found = _FRACTION_OF_NOTHING.fullmatch(stripped)
    return found.group(1) if found else _unshortened(stripped)


def _unshortened(text: str) -> str:
    """Return a number that may be written in powers of ten. Errors: `ValueError` when digits are lost."""
    found = _POWER.fullmatch(text)
    if found is None:
        return text
    first, digits, power = found.group(1), found.group(2) or "", int(found.group(3))
    if len(digits) < power or digits[power:].strip("0"):
        raise ValueError(_SHORTENED)
    return first + digits[:power]


def plain_text(text: str) -> str:
    """Return a description without the marks of HTML; one that has none as it is."""
    if not _TAG.search(text):
        return text
    broken = _BREAKS.sub("\n", re.sub(r"\s+", " ", _HIDDEN.sub("", text)))
    lines = (" ".join(line.split()) for line in unescape(re.sub(r"<[^<>]*>", "", broken)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


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
