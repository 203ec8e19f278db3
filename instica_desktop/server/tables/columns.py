"""What the rows of a table say: the cells of columns that mean something, as the API's forms take them."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from instica_desktop.server.tables import cells, dates
from instica_desktop.server.tables.amounts import (
    DOLLARS,
    amount,
    converted,
    currency_code,
    currency_of_file,
    currency_of_heading,
)
from instica_desktop.server.tables.fields import (
    AMOUNTS,
    CODES,
    FIELDS,
    FREE,
    MOMENTS,
    NUMBERS,
    SPOKEN,
    WHOLE,
)
from instica_desktop.server.tables.table import Table

_ALIKE = frozenset(AMOUNTS) | {
    "condition_item",
    "condition_container",
    "status",
    "product_type",
    "year",
    "weight_grams",
}
"""Fields whose cells say the same again and again: what they mean is worked out once."""
_MOST_KNOWN = 1_000
_LONG = 60
_EITHER = "{} may be {} or {}. Write it with two places."
_THOUSANDS = "{} is read as {}: its mark divides thousands in this file."
_NO_DATE = "{} is no date. Write it as 2023-12-31."
_NO_AMOUNT = "{} is no amount. Write it as 12.50."
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_SEVERAL_SKUS = re.compile(r"[^\s,;]+(?: *[,;] *[^\s,;]+)+")


@dataclass(frozen=True)
class Rules:
    """What holds for the whole of a file.

    `currency` is that of amounts that name none; `rate` is the price of one unit of `rate_of` in dollars;
    `marks` stand before the fractions of amounts, empty for not known.
    """

    date_order: str = ""
    currency: str = DOLLARS
    rate: Decimal | None = None
    rate_of: str = ""
    marks: str = ""


_RULES = Rules()


class Columns:
    """The columns of one table that mean something. `mapping` is {field: column}.

    `added` are fields that rows may be given beside those of the table (`mended`). `notes` are what was done
    to the cells of the row read last, as (field, message).
    """

    def __init__(
        self, table: Table, mapping: Mapping[str, str], rules: Rules = _RULES, added: Iterable[str] = ()
    ) -> None:
        self.notes: list[tuple[str, str]] = []
        self.width = len(table.header)
        self._named = table.width.named
        self._rules, self._own = rules, table.own
        self._free = FREE if table.own else FREE - {"catalog_number", "manual_sku"}
        self._places = {field: table.place(column) for field, column in mapping.items()}
        self._names = {field: table.name(place) for field, place in self._places.items() if place is not None}
        beyond = sorted(set(added) - set(mapping))
        self._places.update({field: place for place, field in enumerate(beyond, len(table.header))})
        self._currency = self._places.get("currency")
        self._alike = (
            _ALIKE if self._currency is None and self._rules.rate is None else _ALIKE - AMOUNTS.keys()
        )
        self._readers: list[tuple[str, int, bool, dict[str, str]]] = [
            (field, place, self._is_plain(field), {})
            for field, place in self._places.items()
            if place is not None and field != "currency"
        ]
        everywhere = currency_of_file(table.header)
        self._headings = {
            field: currency_of_heading(name) or everywhere
            for field, name in self._names.items()
            if field in AMOUNTS
        }

    def missing(self) -> list[str]:
        """Return the fields whose column the table does not have."""
        return [field for field, place in self._places.items() if place is None]

    def fields(self) -> tuple[str, ...]:
        """Return the fields that rows can be given a value of."""
        return tuple(self._places)

    def place(self, field: str) -> int | None:
        """Return the position of the cell a field is read from, None when there is none."""
        return self._places.get(field)

    def places(self) -> set[int]:
        """Return the positions of all cells that are read."""
        return {place for place in self._places.values() if place is not None}

    def name(self, field: str) -> str:
        """Return the name of the column a field is read from, empty for none."""
        return self._names.get(field, "")

    def lacks(self, row: list[str]) -> bool:
        """Tell whether a row ends before the last column that has a name."""
        return len(row) < self._named

    def mended(self, row: list[str], fixes: Mapping[str, str]) -> list[str]:
        """Return a row in which some fields are what somebody typed; amounts typed are in dollars."""
        most = max(self.places(), default=0) + 1
        mended = row + [""] * (most - len(row))
        for field, text in fixes.items():
            place = self._places[field]
            assert place is not None
            found = amount(text) if field in AMOUNTS else None
            mended[place] = f"{DOLLARS} {text}" if found and not found.currency else text
        return mended

    def without(self, row: list[str], fields: Collection[str]) -> list[str]:
        """Return a row in which the cells of some fields are empty."""
        if not fields:
            return row
        places = {self._places.get(field) for field in fields}
        return ["" if place in places else cell for place, cell in enumerate(row)]

    def read(self, row: list[str]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """Return the fields a row gives a value, and (field, message) of what cannot be read at all."""
        self.notes = []
        errors: list[tuple[str, str]] = []
        values: dict[str, Any] = {}
        width = len(row)
        for field, place, plain, known in self._readers:
            text = row[place] if place < width else ""
            if not text or text.isspace():
                continue
            if plain and text[0] not in cells.ODD:
                values[field] = text
                continue
            value = known.get(text)
            if value is None:
                try:
                    value = self._value(field, text, row)
                except ValueError as error:
                    errors.append((field, str(error)))
                    continue
                if field in self._alike and not self.notes and len(text) < _LONG and len(known) < _MOST_KNOWN:
                    known[text] = value
            if value not in ("", []):
                values[field] = value
        if "status" in values:
            values["listing_status"] = cells.listing_status(row[self._places["status"] or 0])
        return values, errors

    def _is_plain(self, field: str) -> bool:
        """Tell whether most texts of a field are its value as they stand."""
        return field in self._free and (self._own or field != "manual_description")

    def _value(self, field: str, text: str, row: list[str]) -> Any:
        """Return what a cell says. Errors: `ValueError`."""
        if not self._own:
            text = self._foreign(field, text)
        if field in NUMBERS and cells.is_no_number(text):
            raise ValueError(f"{text.strip()} is no number.")
        if not text.strip() or (field not in self._free and cells.nothing(text)):
            return ""
        if field in AMOUNTS:
            return self._dollars(field, text, row)
        if field in MOMENTS:
            return self._moment(text)
        value = FIELDS[field](text)
        if field in WHOLE and value and not _INTEGER.fullmatch(value):
            raise ValueError(cells.no_whole_number(text))
        return value

    def _moment(self, text: str) -> str:
        """Return a time. Errors: `ValueError`."""
        meant = dates.moment(text, self._rules.date_order)
        if not _TIME.match(meant):
            raise ValueError(_NO_DATE.format(meant))
        return meant

    def _foreign(self, field: str, text: str) -> str:
        """Return a cell another program wrote without what it put there. Errors: `ValueError`."""
        text = cells.repaired(text, spoken=field in SPOKEN)
        if field in CODES:
            return self._code(field, text)
        if field == "manual_description":
            return cells.plain_text(text)
        return text

    def _code(self, field: str, text: str) -> str:
        """Return a number that names something. Errors: `ValueError`."""
        named_so = self._names.get(field) == field
        if field == "manual_sku" and not named_so and _SEVERAL_SKUS.fullmatch(text.strip()):
            raise ValueError("This cell holds several SKUs; an item has one.")
        return cells.code(text)

    def _dollars(self, field: str, text: str, row: list[str]) -> str:
        """Return an amount in dollars. Errors: `ValueError` for one in another currency without a rate."""
        found = amount(text)
        if found is None:
            raise ValueError(_NO_AMOUNT.format(text.strip()))
        number = found.read(self._rules.marks)
        if number is None:
            raise ValueError(_EITHER.format(text.strip(), found.with_fraction, found.number))
        if found.divider == ".":
            self.notes.append((field, _THOUSANDS.format(text.strip(), number)))
        currency = found.currency or self._currency_of(field, row)
        if currency == DOLLARS or found.is_nothing:
            return number
        named = text.strip() if found.currency else f"{text.strip()} {currency}"
        if self._rules.rate is None or currency != self._rules.rate_of:
            raise ValueError(f"{named} is an amount in {currency}, not in dollars. Give its `rate`.")
        dollars = converted(number, self._rules.rate)
        self.notes.append((field, f"{named} at {self._rules.rate} is {dollars} {DOLLARS}."))
        return dollars

    def _currency_of(self, field: str, row: list[str]) -> str:
        """Return the currency of an amount that names none: that of its row, its column or the file."""
        place = self._currency
        text = row[place].strip() if place is not None and place < len(row) else ""
        if text and not cells.nothing(text):
            return currency_code(text) or text[:20]
        return self._headings.get(field) or self._rules.currency
