"""What a table asks of whoever has its rows. `sync.results.Results` satisfies it without knowing Qt."""

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec


class Row(Protocol):
    """One row. `id` is never 0 and stays the same while the record exists, as does `uid`."""

    @property
    def id(self) -> int:
        """The number the feed's `ids` hold."""
        ...

    @property
    def uid(self) -> str:
        """The record's own name, known to features."""
        ...


class Reset(msgspec.Struct, frozen=True):
    """Rows appeared, went or moved: everything may be different."""


class RowsChanged(msgspec.Struct, frozen=True):
    """The rows `first` to `last`, both included, read differently now."""

    first: int
    last: int


class CountChanged(msgspec.Struct, frozen=True):
    """The number of rows became known or changed at the end."""

    count: int


class StateChanged(msgspec.Struct, frozen=True):
    """Loading, error or age changed; the rows did not."""


EventKind = Literal["rows", "count", "state", "reset"]


def event_kind(event: object) -> EventKind:
    """Tell events apart by what they carry, since the feed may live in a room that knows no Qt.

    Whatever is not understood counts as a reset, which is always right and only slower.
    """
    if hasattr(event, "first"):
        return "rows"
    if hasattr(event, "count"):
        return "count"
    return "state" if type(event).__name__.startswith("State") else "reset"


Listener = Callable[[Any], None]


@runtime_checkable
class RowFeed(Protocol):
    """The rows of one query: ids in order (0 = not known yet), a count (None = not known), rows read on
    demand.

    Everything is called and answered on the GUI thread, at once; fetching happens behind `look`.
    """

    @property
    def ids(self) -> Sequence[int]:
        """Ids in order; may be shorter than `count` while it is being read."""
        ...

    @property
    def count(self) -> int | None:
        """Rows in all; None while unknown."""
        ...

    @property
    def became(self) -> Mapping[int, int]:
        """Ids that are gone → those that stand for the same records now."""
        ...

    @property
    def gone(self) -> Set[int]:
        """Ids of records that are certainly gone, while others that are missing may be on their way."""
        ...

    @property
    def as_of(self) -> datetime | None:
        """When the data was true; None when it is fresh or unknown."""
        ...

    @property
    def loading(self) -> bool:
        """Something is being fetched."""
        ...

    @property
    def error(self) -> Exception | None:
        """Why rows are missing."""
        ...

    @property
    def listeners(self) -> list[Listener]:
        """Who is told of each event."""
        ...

    def look(self, first: int, last: int) -> None:
        """Tell which rows are in view, both included."""
        ...

    def row(self, index: int) -> Any | None:
        """Return a row, or None while it is not known."""
        ...

    def index_of(self, uid: str) -> int | None:
        """Return where a record stands, or None."""
        ...


NEAR = 256
"""A row is looked for so many rows around where it was before everywhere: a million rows take long."""


def place_of(ids: Sequence[int], row_id: int, near: int = 0) -> int:
    """Return where an id stands, -1 for nowhere."""
    if row_id:
        for low, high in ((max(0, near - NEAR), near + NEAR), (0, len(ids))):
            try:
                return ids.index(row_id, low, high)
            except ValueError:
                continue
    return -1
