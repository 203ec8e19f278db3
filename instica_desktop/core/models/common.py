"""What several sections share: the entities, a record with its raw body, artists, labels, platforms."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Generic, TypeVar

import msgspec

UtcTime = Annotated[datetime, msgspec.Meta(tz=True)]
"""A point in time on the wire: ISO 8601 with its zone, UTC by contract."""


class Entity(StrEnum):
    """The kinds of record that have a table of their own. The value is the API's path segment."""

    PRODUCT = "products"
    ITEM = "inventory"
    ORDER = "orders"


class Wire(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of all wire types: immutable, keyword only, unknown fields ignored.

    Immutable records hold each other in no circle, so the garbage collector need not look at them.
    """


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
