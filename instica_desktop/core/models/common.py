"""What several sections share: the entities, a record with its raw body, artists, labels, platforms."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Generic, TypeVar, get_args, get_type_hints

import msgspec

UtcTime = Annotated[datetime, msgspec.Meta(tz=True)]
"""A point in time on the wire: ISO 8601 with its zone, UTC by contract."""
Whole = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]
"""A whole number on the wire, as far as every reader of JSON counts exactly."""
ABSURD = "absurd"
"""Begins the complaint about a value that is of its field's type, and that nobody can mean."""
_EARLIEST, _LATEST = 1900, 2199
"""The years a time can lie in."""
_MOST_DIGITS = 14
"""Before the point, of an amount: a sum over ten million items has no more."""


class Entity(StrEnum):
    """The kinds of record that have a table of their own. The value is the API's path segment."""

    PRODUCT = "products"
    ITEM = "inventory"
    ORDER = "orders"


class Wire(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of all wire types: immutable, keyword only, unknown fields ignored.

    Immutable records hold each other in no circle, so the garbage collector need not look at them.
    """


class Measured(Wire, frozen=True, kw_only=True):
    """Base of the wire types that hold amounts or times: what nobody can mean is no value of theirs."""

    def __post_init__(self) -> None:
        """Raise ValueError, which names the field, for an amount or a time that cannot be meant."""
        amounts, times = _measures(type(self))
        for name in amounts:
            amount = getattr(self, name)
            if amount is not None and not (amount.is_finite() and amount.adjusted() < _MOST_DIGITS):
                raise ValueError(f"{ABSURD} `{name}`")
        for name in times:
            moment = getattr(self, name)
            if moment is not None and not _EARLIEST <= moment.year <= _LATEST:
                raise ValueError(f"{ABSURD} `{name}`")


@cache
def _measures(kind: type[Measured]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fields of a type that hold amounts, and those that hold times."""
    hints = get_type_hints(kind)
    amounts, times = (
        tuple(name for name in kind.__struct_fields__ if of in (hints[name], *get_args(hints[name])))
        for of in (Decimal, datetime)
    )
    return amounts, times


class Artist(Wire, frozen=True, kw_only=True):
    """An artist as nested in a product."""

    uid: str = ""
    name: str = ""


class Label(Wire, frozen=True, kw_only=True):
    """A record label as nested in a product."""

    uid: str = ""
    name: str = ""


class Platform(Wire, frozen=True, kw_only=True):
    """A marketplace we may sell on. Source: api-reference, Marketplace, `GET /api/v1/platforms/`."""

    uid: str = ""
    name: str = ""
    slug: str = ""
    url: str | None = None
    is_selling_active: bool = False
    connection_url: str | None = None


T = TypeVar("T", covariant=True)


class Record(msgspec.Struct, Generic[T], frozen=True, gc=False):
    """One decoded record (`data`) with the exact JSON it came as (`raw`), so that unknown fields are kept."""

    data: T
    raw: bytes
