"""What an imported row says of its offer on a marketplace, in the words of that marketplace's own export.

Discogs numbers each offer (`listing_id`); Shopify names a product by its handle and tells the variants apart
by their options. Either is how the row's copies are found again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.grades import ITEM_GRADES
from instica_desktop.server.domain.statuses import GONE, ITEM_STATUSES
from instica_desktop.server.domain.text import compact
from instica_desktop.server.tables import cells as cleaning
from instica_desktop.server.tables.columns import Columns
from instica_desktop.server.tables.table import Table
from instica_desktop.server.tables.twice import SKU

LISTED, DRAFT, ENDED = "listed", "draft", "inactive"
LONGEST_NUMBER = 100
_NO_NUMBER = "This is no number of an offer; a spreadsheet may have changed it."
_MEANINGS = {
    "discogs": {
        "forsale": ("listed", LISTED),
        "draft": ("draft", DRAFT),
        "expired": ("ready-to-sell", ENDED),
    },
    "shopify": {
        "active": ("listed", LISTED),
        "unlisted": ("listed", LISTED),  # whoever knows its address can buy it
        "draft": ("draft", DRAFT),
        "archived": ("archived", ENDED),
    },
}
"""What a marketplace calls an offer's state → the status of the item and that of the listing."""
_GRADED = {"grade", "condition", "mediacondition", "mediagrade"}
"""Names of options by which sellers tell copies of one record apart."""
SET_BY_OFFERS = ("status", "condition_item")
"""Fields that an offer may tell though they have no column of their own."""
_ADDRESSES = {"discogs": "https://www.discogs.com/sell/item/{}"}


@dataclass(frozen=True)
class Offer:
    """A row's offer: the marketplace (empty: not known), its number there, and the listing's status.

    The status is empty when the file does not tell it.
    """

    source: str
    number: str
    status: str = ""

    @property
    def url(self) -> str:
        """Where it stands, as far as the number tells."""
        return _ADDRESSES.get(self.source, "").format(self.number)


class LeftOut(Exception):
    """A row that is none of the shop's stock; the message says why, `field` what tells."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


class Offers:
    """Reads the offers of one file's rows.

    `source` is the marketplace whose export it is, empty for none; `named` whether rows have numbers at all.
    """

    def __init__(self, source: str, columns: Columns) -> None:
        self.source = source
        self._status = columns.place("status")
        self._uid, self._listing = columns.place("uid"), columns.place("listing_id")
        self._sku = columns.place("manual_sku")
        self.named = any(place is not None for place in (self._uid, self._listing, self._sku))

    def called(self, cells: Sequence[str]) -> list[str]:
        """Return by what numbers a row calls its record: the uid, else that of its offer and its SKU."""
        if uid := _cell(cells, self._uid):
            return [f"uid {uid}"]
        number, sku = self._named(cells), cleaning.looked_at(_cell(cells, self._sku))
        return [*([number] if number else []), *([] if cleaning.nothing(sku) else [SKU + sku])]

    def _named(self, cells: Sequence[str]) -> str:
        return _cell(cells, self._listing)

    def read(self, cells: Sequence[str], values: dict[str, Any]) -> Offer | None:
        """Return a row's offer, and put what its state means into the row's status.

        Errors: `LeftOut` for an offer that has ended by a sale or by the marketplace, `ValidationError` for a
        number that is none.
        """
        number = self._number(cells, values)
        if not number:
            return None
        state = values.get("listing_status", "")
        meaning = _MEANINGS.get(self.source, {}).get(state)
        if meaning is not None:
            values["status"] = meaning[0]
            return Offer(self.source, number, meaning[1])
        if self.source and state and values.get("status") not in ITEM_STATUSES.keys() - set(GONE):
            called = _cell(cells, self._status)[:100]
            raise LeftOut("status", f"This offer is “{called}” there, so it is none of the stock.")
        return Offer(self.source, number)

    def _number(self, cells: Sequence[str], values: Mapping[str, Any]) -> str:
        number = str(values.get("listing_id", "")).strip()
        if len(number) > LONGEST_NUMBER or (self.source and number and not _is_whole(number)):
            raise ValidationError({"listing_id": [_NO_NUMBER]})
        return number


class ShopifyOffers(Offers):
    """Offers of a Shopify export: the handle, and what tells a variant of the product from the others."""

    def __init__(self, table: Table, columns: Columns) -> None:
        super().__init__("shopify", columns)
        self._handle, self.named = columns.place("handle"), True
        self._options = [
            tuple(table.place(f"Option{at} {part}") for part in ("Name", "Value")) for at in (1, 2, 3)
        ]

    def read(self, cells: Sequence[str], values: dict[str, Any]) -> Offer | None:
        """Return a row's offer; a grade among the options is that of the copy."""
        for name, value in self._named_options(cells):
            grade = cleaning.grade(value)
            if compact(name) in _GRADED and grade in ITEM_GRADES:
                values.setdefault("condition_item", grade)
        return super().read(cells, values)

    def _named_options(self, cells: Sequence[str]) -> Iterator[tuple[str, str]]:
        for name, value in self._options:
            if said := _cell(cells, value):
                yield _cell(cells, name), said

    def _number(self, cells: Sequence[str], values: Mapping[str, Any]) -> str:
        return _fitted(self._named(cells)) if values.get("handle", "").strip() else ""

    def _named(self, cells: Sequence[str]) -> str:
        handle = _cell(cells, self._handle)
        options = [value for _, value in self._named_options(cells) if compact(value) != "defaulttitle"]
        return "/".join([handle, *options]) if handle else ""


def _fitted(number: str) -> str:
    """Return a number no longer than a key may be, and still another one than all others."""
    if len(number) <= LONGEST_NUMBER:
        return number
    rest = sha256(number.encode("utf-8", "replace")).hexdigest()[:32]
    return f"{number[: LONGEST_NUMBER - 33]}#{rest}"


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _is_whole(number: str) -> bool:
    return number.isascii() and number.isdecimal()


def offers_of(table: Table, columns: Columns) -> Offers:
    """Return who reads the offers of a file."""
    if columns.place("handle") is not None and any(
        compact(name).startswith("variant") for name in table.header
    ):
        return ShopifyOffers(table, columns)
    of_discogs = (
        compact(columns.name("discogs_release_id")) == "releaseid"
        or compact(columns.name("listing_id")) == "listingid"
    )
    return Offers("discogs" if of_discogs and not table.own else "", columns)
