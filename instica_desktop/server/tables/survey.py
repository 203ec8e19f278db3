"""Looking at a whole file before anything of it is written: what its columns, dates and amounts mean."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from instica_desktop.server.domain.text import compact
from instica_desktop.server.tables import cells
from instica_desktop.server.tables.amounts import (
    DOLLARS,
    amount,
    currency_code,
    currency_of_file,
    currency_of_heading,
)
from instica_desktop.server.tables.dates import DateOrder
from instica_desktop.server.tables.fields import AMOUNTS, MOMENTS, lacking
from instica_desktop.server.tables.guesses import NAMELESS, Guess, meanings
from instica_desktop.server.tables.questions import Question, Undecided
from instica_desktop.server.tables.table import Table

_CURRENCY, _SKU = "currency", "manual_sku"
_MOST_KINDS = 100
"""Combinations of currencies in the rows of a file that are told apart."""
_SKU_MAYBE = "externalid"
"""The name of a column that holds SKUs with some sellers, and anything else with others."""

_LONGEST_EXAMPLE = 50
_CALLED = {
    **dict.fromkeys(AMOUNTS, "amount"),
    **dict.fromkeys(MOMENTS, "date"),
    **dict.fromkeys(("year", "weight_grams"), "number"),
}
"""What the cells of a field are, where the name of a column alone does not say that it is this field."""
_LEFT_OUT = "{} holds no {}, but {}; the column is left out."

Codes = tuple[tuple[int, str], ...]
"""The currencies that one row names: (column, currency)."""


@dataclass(frozen=True)
class Given:
    """What somebody said of a file, empty for nothing; a `guessed` mapping goes by names of columns only."""

    mapping: Mapping[str, str]
    guessed: bool = False
    mode: str = ""
    date_order: str = ""
    currency: str = ""
    rate: Decimal | None = None
    match: Sequence[str] = ()


@dataclass(frozen=True)
class Decisions:
    """What holds for the whole of a file.

    `currency` is that of its amounts, empty for none or several; `unnamed` that of amounts that name none;
    `rate_of` the one that is converted; `marks` stand before the fractions of its amounts, empty for not
    known; `notes` are (field, column, message).
    """

    mapping: dict[str, str]
    ignored_columns: list[str]
    date_order: str
    currency: str
    unnamed: str
    rate_of: str
    marks: str
    notes: list[tuple[str, str, str]]


class _Column:
    """What one column holds, as far as it was read."""

    def __init__(self, place: int, name: str, options: tuple[Guess, ...]) -> None:
        self.place, self.name, self.options = place, name, options
        self.filled, self.example = False, ""
        self.dates = DateOrder()
        self.named: dict[str, str] = {}
        self.unnamed: dict[Codes, str] = {}
        self.marks: set[str] = set()
        self._fits = {guess.field: guess.every or guess.fits is None for guess in options}
        self._watched = [guess for guess in options if guess.fits is not None]
        self._settle()

    @property
    def busy(self) -> bool:
        """Whether there is more to be learned from its cells."""
        return not self.filled or bool(self._watched) or self._is_amount or self._is_date or self.is_currency

    def _settle(self) -> None:
        fitting = {field for field, fits in self._fits.items() if fits}
        self.is_currency = _CURRENCY in fitting
        self._is_amount = not fitting.isdisjoint(AMOUNTS)
        self._is_date = not fitting.isdisjoint(MOMENTS)

    def look(self, text: str, codes: Codes) -> None:
        """Look at one more filled cell, in a row that names currencies."""
        self.filled, self.example = True, self.example or text.strip()[:_LONGEST_EXAMPLE]
        for guess in self._watched:
            assert guess.fits is not None
            if guess.fits(text) is not guess.every:  # one that fits, or one of all that does not, settles it
                self._fits[guess.field] = not guess.every
                self._watched = [other for other in self._watched if other is not guess]
                self._settle()
        if self._is_amount:
            self._look_at_amount(text, codes)
        if self._is_date:
            self.dates.look(text)

    def _look_at_amount(self, text: str, codes: Codes) -> None:
        found = amount(text)
        if found is None:
            return
        self.marks.add(found.mark)
        if found.is_nothing:
            return
        if found.currency:
            self.named.setdefault(found.currency, text.strip())
        elif len(self.unnamed) < _MOST_KINDS:
            self.unnamed.setdefault(codes, text.strip())

    def holds(self) -> str:
        """Return the field its cells are, empty for none and as long as they are empty."""
        fitting = (guess.field for guess in self.options if self._fits[guess.field])
        return next(fitting, "") if self.filled else ""

    def is_for(self) -> str:
        """Return the field its name means although its cells do not show it, empty for none."""
        named = () if self.options == NAMELESS else self.options
        return next((guess.field for guess in named if guess.sure or not self.filled), "")

    def unfit(self) -> str:
        """Return the field its name means and none of its cells is, empty for none."""
        named = () if not self.filled or self.holds() else self.options
        return next((guess.field for guess in named if guess.field in _CALLED), "")


class Survey:
    """Looks at the rows of a table, one after the other; then it decides."""

    def __init__(self, table: Table, given: Given) -> None:
        self._table, self._given = table, given
        self._meanings = meanings(table.header)
        self._columns = [
            _Column(place, table.name(place), self._options(place)) for place in range(len(table.header))
        ]
        self._busy, self._rows = self._columns, 0
        self._unsure = {column.place: _Skus() for column in self._columns if self._is_unsure(column)}

    def _options(self, place: int) -> tuple[Guess, ...]:
        """Return what a column may hold: of a mapping that was given all but the currency is certain."""
        found = self._meanings[place]
        if self._given.guessed:
            return found
        mapped = (
            field for field, column in self._given.mapping.items() if self._table.place(column) == place
        )
        return tuple(map(Guess, mapped)) or tuple(guess for guess in found if guess.field == _CURRENCY)

    def _is_unsure(self, column: _Column) -> bool:
        return self._given.guessed and compact(column.name) == _SKU_MAYBE

    def look(self, row: list[str]) -> None:
        """Look at one more row."""
        self._rows += 1
        if not self._rows & (self._rows - 1):  # after 1, 2, 4, 8 … rows
            self._busy = [column for column in self._columns if column.busy]
        width = len(row)
        filled = [
            (column, cells.looked_at(text) if text[0] in cells.ODD else text)
            for column in self._busy
            if column.place < width and (text := row[column.place]) and not cells.nothing(text)
        ]
        codes = tuple(
            (column.place, currency_code(text) or text.strip()[:20])
            for column, text in filled
            if column.is_currency
        )
        for column, text in filled:
            column.look(text, codes)
        for place, skus in self._unsure.items():
            if place < width:
                skus.look(row[place].strip())

    def decide(self) -> Decisions:
        """Return what holds for the file. Errors: `Undecided`."""
        mapping = self._mapping()
        places = {self._table.place(name) for name in mapping.values()}
        ignored = [column for column in self._columns if column.place not in places]
        used = {
            field: self._columns[place]
            for field, name in mapping.items()
            if (place := self._table.place(name)) is not None
        }
        order, amounts = self._date_order(used), self._amounts(used)
        asked = [
            *self._about_mapping(mapping, ignored),
            *([order] if isinstance(order, Question) else []),
            *self._about_amounts(amounts),
        ]
        if asked:
            raise Undecided(*asked)
        assert isinstance(order, str)
        unnamed, rate_of = self._given.currency or DOLLARS, self._rate_of(amounts)
        known = {code or unnamed for code in amounts}
        return Decisions(
            mapping,
            [column.name for column in ignored if self._table.header[column.place] or column.filled],
            order,
            known.pop() if len(known) == 1 else "",
            unnamed,
            rate_of,
            _marks(used),
            [
                (field, column.name, _LEFT_OUT.format(column.name, _CALLED[field], column.example))
                for column in ignored
                if (field := column.unfit())
            ],
        )

    def _mapping(self) -> dict[str, str]:
        """Return {field: column}; a column with the field's very name comes before others."""
        given = {} if self._given.guessed else self._given.mapping
        places = {field: self._table.place(name) for field, name in given.items()}
        found = {field: self._table.name(place) for field, place in places.items() if place is not None}
        taken = set(places.values())
        free = [column for column in self._columns if column.place not in taken]
        held = [(column.holds(), column.name) for column in free]
        exact = [(field, name) for field, name in held if compact(name) == compact(field)]
        for field, name in (*exact, *held, *((column.is_for(), column.name) for column in free)):
            if field:
                found.setdefault(field, name)
        return found

    def _about_mapping(self, mapping: Mapping[str, str], ignored: list[_Column]) -> Iterator[Question]:
        given = self._given
        for place, skus in self._unsure.items():
            name = self._table.name(place)
            if skus.against and mapping.get(_SKU) == name:
                message = f"{name} holds {skus.against[:50]}, twice or with a space. Are these SKUs?"
                readings = (f"{_SKU}: {name} holds the SKUs", f"none: {name} is left out")
                yield Question("mapping", message, readings)
        if given.guessed and (message := lacking(mapping, given.mode, given.match)):
            names = [column.name for column in ignored if column.filled]
            yield Question("mapping", message, tuple(names[:20]))

    def _date_order(self, used: Mapping[str, _Column]) -> str | Question:
        if self._given.date_order:
            return self._given.date_order
        order = DateOrder()
        for field in MOMENTS.keys() & used.keys():
            order.join(used[field].dates)
        return order.decide()

    def _amounts(self, used: Mapping[str, _Column]) -> dict[str, str]:
        """Return {currency: an amount in it}; empty is the currency of those that name none."""
        found: dict[str, str] = {}
        place = used[_CURRENCY].place if _CURRENCY in used else -1
        everywhere = currency_of_file(self._table.header)
        for field in AMOUNTS.keys() & used.keys():
            column = used[field]
            heading = currency_of_heading(column.name) or everywhere
            found = {**column.named, **found}
            for codes, text in column.unnamed.items():
                found.setdefault(dict(codes).get(place) or heading, text)
        return found

    def _named(self, amounts: Mapping[str, str]) -> dict[str, str]:
        """Return {currency: an amount in it}, those that name none counted as what somebody said."""
        return {
            code or self._given.currency: text
            for code, text in amounts.items()
            if code or self._given.currency
        }

    def _rate_of(self, amounts: Mapping[str, str]) -> str:
        """Return the currency the rate is the price of, empty for none or when it could be several."""
        foreign = self._named(amounts).keys() - {DOLLARS}
        if self._given.currency in foreign:
            return self._given.currency
        return foreign.pop() if len(foreign) == 1 else ""

    def _about_amounts(self, amounts: Mapping[str, str]) -> Iterator[Question]:
        said, rate = self._given.currency, self._given.rate
        if "" in amounts and not said:
            named = next((text for code, text in amounts.items() if code), "")
            message = (
                f"{'Some' if named else 'The'} amounts of this file name no currency, such as {amounts['']}"
            )
            message += f"; others do, such as {named}." if named else "."
            yield Question("currency", message, _readings(amounts[""]))
            return
        named = self._named(amounts)
        foreign = sorted(named.keys() - {DOLLARS})
        cases = tuple(f"{named[code]} is an amount in {code}" for code in foreign)
        if rate is None and foreign and (DOLLARS not in named or ("" in amounts and said in foreign)):
            yield Question(
                "rate", f"This file has no amounts in dollars: give the rate of {foreign[0]}.", cases
            )
        elif rate is not None and len(foreign) > 1 and said not in foreign:
            cases = tuple(f"{code}: {named[code]} is converted" for code in foreign)
            yield Question(
                "currency", "This file has amounts in several currencies, and the rate is of one.", cases
            )


def _marks(used: Mapping[str, _Column]) -> str:
    """Return the marks before the fractions of a file's amounts, empty when they tell none."""
    return "".join(set[str]().union(*(used[field].marks for field in AMOUNTS.keys() & used.keys())))


def _readings(text: str) -> tuple[str, ...]:
    return (
        f"USD: {text} is in dollars",
        f"EUR: {text} is in euros and is converted by `rate`; likewise GBP and every other currency",
    )


class _Skus:
    """The values of a column that are SKUs if there is no value twice and none with a space."""

    def __init__(self) -> None:
        self.against = ""
        self._seen: set[int] = set()

    def look(self, text: str) -> None:
        """Look at one more cell."""
        if not text or self.against:
            return
        if len(text.split()) > 1 or hash(text) in self._seen:
            self.against = text
            self._seen.clear()
        self._seen.add(hash(text))
