"""What a column may mean by its name, and which values confirm it."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from instica_desktop.server.domain.grades import CONTAINER_GRADES
from instica_desktop.server.domain.statuses import PRODUCT_TYPES
from instica_desktop.server.domain.text import compact
from instica_desktop.server.tables import cells, dates
from instica_desktop.server.tables.amounts import CODES, amount, without_currency
from instica_desktop.server.tables.fields import AMOUNTS, FIELDS, MOMENTS
from instica_desktop.server.tables.table import Table

Test = Callable[[str], bool]
_LOOKED_AT = 100
"""Rows whose values are looked at when names are not understood."""
_NUMBER = re.compile(r"\[?r?\d{1,18}(?:\.0+)?\]?", re.IGNORECASE | re.ASCII)
_YEAR = re.compile(r"(?:1[89]|20)\d\d", re.ASCII)
_FORMAT = re.compile(
    r"\b(?:\d*x?(?:lp|ep|cd|mc)s?|vinyl|cassette|single|album|tape|dvd)\b|\d\d?(?:\"|''|”| ?inch)",
    re.IGNORECASE,
)


class Guess(NamedTuple):
    """A field that a column may hold. `fits` tells by a cell; None = the name says enough.

    One cell that fits is enough, unless `every` filled one has to. Of a `sure` name cells that do not fit are
    wrong; another column may mean something else.
    """

    field: str
    fits: Test | None = None
    every: bool = False
    sure: bool = False


def _is_amount(text: str) -> bool:
    return amount(text) is not None


def _is_code_of_currency(text: str) -> bool:
    return text.strip() in CODES


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text.strip()) is not None


def _is_year(text: str) -> bool:
    return cells.year(text) == "" or _YEAR.fullmatch(cells.year(text)) is not None


def _is_weight(text: str) -> bool:
    return cells.whole(text).isdecimal()


def _is_type(text: str) -> bool:
    return cells.product_type(text) in PRODUCT_TYPES


def _is_format(text: str) -> bool:
    return _FORMAT.search(text) is not None


def _is_grade(text: str) -> bool:
    return cells.grade(text) in CONTAINER_GRADES


_TESTS: dict[str, Test] = {
    **dict.fromkeys(AMOUNTS, _is_amount),
    **dict.fromkeys(MOMENTS, dates.is_date),
    **dict.fromkeys(("discogs_release_id", "listing_id", "quantity"), _is_number),
    "year": _is_year,
    "weight_grams": _is_weight,
    "product_type": _is_type,
}
_ALIASES = {
    "product_title": "title releasetitle album albumtitle itemtitle",
    "artist": "artistname artists band",
    "label": "labels labelname recordlabel",
    "catalog_number": "catno catnumber catalog catalogno catalogue catalogueno cataloguenumber",
    "year": "released releaseyear yearreleased releasedate",
    "format": "formats formatname mediaformat",
    "country": "releasecountry countryofrelease",
    "genres": "genre",
    "product_barcode": "upc ean gtin upccode eancode barcodeupc variantbarcode",
    "discogs_release_id": "releaseid discogsid discogsrelease",
    "condition_item": "media mediacondition mediagrade mediagrading collectionmediacondition recordgrading"
    " recordgrade recordcondition grade grading condition",
    "condition_container": "sleeve sleevecondition sleevegrade sleevegrading covercondition covergrade"
    " collectionsleevecondition",
    "price_item_usd": "price pricevalue itemprice listprice askingprice saleprice startprice variantprice",
    "price_shipping_usd": "shipping shippingprice shippingcost postage",
    "cost_usd": "cost costperitem purchaseprice buyingprice pricepaid",
    "expected_sale_price_usd": "expectedprice expectedsaleprice",
    "manual_sku": "sku externalid itemsku variantsku customlabel customlabelsku",
    "condition_notes": "comments comment notes collectionnotes conditiondescription",
    "manual_description": "description bodyhtml itemdescription",
    "location": "shelf bin storagelocation",
    "weight_grams": "weight grams variantgrams weightg weightingrams weightvaluegrams",
    "acquired_at": "acquired dateadded dateacquired acquireddate purchased purchasedate datepurchased added",
    "listed_at": "listed listeddate datelisted listingdate",
    "sold_at": "sold datesold solddate saledate",
    "listing_id": "listingid",
    "quantity": "qty variantinventoryqty inventoryquantity availablequantity quantityavailable",
    "handle": "urlhandle",
    "currency": "currencycode pricecurrency",
}
_VAGUE = frozenset(
    ["released", "shipping", "postage", "weight", "acquired", "purchased", "added", "listed", "sold"]
)
"""Names that may mean something else: `Sold: yes`, `Shipping: Media Mail`."""
_WAYS_TO_SELL = {"fixedprice", "auction", "chinese", "storesfixed", "storesfixedprice", "classifiedad"}
"""What eBay calls a format."""
_BY_NAME = {alias: field for field, names in _ALIASES.items() for alias in names.split()}
_EXACT = {compact(name): name for name in FIELDS}
_BY_VALUE = {
    "format": (Guess("format", lambda text: compact(text) not in _WAYS_TO_SELL, every=True),),
    "release": (Guess("year", _is_year, every=True), Guess("discogs_release_id", _is_number, every=True)),
    "type": (Guess("product_type", _is_type, every=True), Guess("format", _is_format)),
    "option1value": (Guess("condition_item", _is_grade, every=True),),
    "listings": (Guess("listings", lambda text: text.lstrip().startswith("[{")),),
}
NAMELESS = (Guess("currency", _is_code_of_currency, every=True),)
"""What a column whose name says nothing may hold all the same."""


_OF_COPY, _OF_RECORD = Guess("barcode"), Guess("product_barcode")


def guesses(name: str) -> tuple[Guess, ...]:
    """Return what a column of this name may hold, the likeliest first."""
    bare = compact(name.strip("* ").removeprefix("C:"))
    if bare in _BY_VALUE:
        return _BY_VALUE[bare]
    if bare in _EXACT:
        return (Guess(_EXACT[bare]),)
    field = _BY_NAME.get(bare)
    if field is None and (found := _BY_NAME.get(compact(without_currency(name)))) in AMOUNTS:
        field = found
    return NAMELESS if field is None else (Guess(field, _TESTS.get(field), sure=bare not in _VAGUE),)


def meanings(header: Sequence[str]) -> list[tuple[Guess, ...]]:
    """Return what each column of a table may hold, nothing for one without a name.

    A `barcode` is that of the record unless another column holds this one, or tells the copy.
    """
    found = [guesses(name) if name else () for name in header]
    if not {option.field for options in found for option in options} & {"uid", "product_barcode"}:
        found = [(_OF_RECORD,) if options[:1] == (_OF_COPY,) else options for options in found]
    return found


def guessed(header: Sequence[str]) -> dict[str, str]:
    """Return {field: column} as far as the names of the columns alone tell; exact names count first."""
    found: dict[str, str] = {}
    options = zip(meanings(header), header, strict=True)
    named = [(held[0].field, name) for held, name in options if held and held != NAMELESS]
    exact = [(field, name) for field, name in named if compact(name) == compact(field)]
    for field, name in (*exact, *named):
        found.setdefault(field, name)
    return found


_LIKELY: tuple[tuple[str, Test], ...] = (
    ("currency", _is_code_of_currency),
    ("condition_item", _is_grade),
    ("acquired_at", dates.is_date),
    ("product_barcode", lambda text: re.fullmatch(r"\d{12,13}", text.strip(), re.ASCII) is not None),
    ("year", lambda text: _YEAR.fullmatch(text.strip()) is not None),
    ("quantity", lambda text: re.fullmatch(r"\d{1,2}", text.strip(), re.ASCII) is not None),
    ("price_item_usd", lambda text: _is_amount(text) and not re.fullmatch(r"\d+([.,]\d)?", text.strip())),
)


def not_understood(table: Table, mapping: Mapping[str, str]) -> list[str]:
    """Return the filled columns that are not mapped, each with the field its values look like."""
    first = [record.cells for record in islice(table.rows(), _LOOKED_AT)]
    taken = {table.place(name) for name in mapping.values()}
    found: list[str] = []
    for place in range(len(table.header)):
        texts = [row[place] for row in first if place < len(row) and not cells.nothing(row[place])]
        if place not in taken and (texts or table.header[place]):
            field = _by_values(texts)
            found.append(f"{table.name(place)} (perhaps {field})" if field else table.name(place))
    return found


def _by_values(texts: list[str]) -> str:
    """Return the field that all filled cells of a column look like, empty for none."""
    return next((field for field, fits in _LIKELY if texts and all(map(fits, texts))), "")
