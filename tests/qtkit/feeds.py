"""Rows for tables under test: a feed held in memory whose rows can be unknown for a while."""

from array import array
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from instica_desktop.qtkit.columns import BadgeValue, Column, MarkValue, TitleValue
from instica_desktop.qtkit.feed import CountChanged, Reset, RowsChanged, StateChanged


class Disc(msgspec.Struct, frozen=True):
    """One record of the tests."""

    id: int
    uid: str
    title: str
    artist: str
    grade: str = "VG+"
    price: Decimal | None = Decimal("42.00")
    status: str = "Listed"
    mark: MarkValue | None = None
    image: str = ""


def disc(number: int) -> Disc:
    return Disc(id=number, uid=f"u{number}", title=f"Title {number}", artist=f"Artist {number % 97}")


class MemoryFeed:
    """A feed over a list. `hide` makes rows unknown until `reveal`."""

    def __init__(self, discs: list[Disc], count: int | None = -1) -> None:
        self.discs = discs
        self.ids = array("q", [d.id for d in discs])
        self.count: int | None = len(discs) if count == -1 else count
        self.as_of: datetime | None = None
        self.loading = False
        self.error: Exception | None = None
        self.became: dict[int, int] = {}
        self.gone: set[int] = set()
        self.listeners: list[Callable[[Any], None]] = []
        self.looks: list[tuple[int, int]] = []
        self.hidden: set[int] = set()
        self.breaks = False

    def look(self, first: int, last: int) -> None:
        self.looks.append((first, last))

    def row(self, index: int) -> Disc | None:
        if self.breaks:
            raise RuntimeError("the cache is gone")
        return None if index in self.hidden or index >= len(self.discs) else self.discs[index]

    def index_of(self, uid: str) -> int | None:
        return next((at for at, d in enumerate(self.discs) if d.uid == uid), None)

    # what a real feed does by itself

    def replace(self, discs: list[Disc]) -> None:
        self.discs = discs
        self.ids = array("q", [d.id for d in discs])
        self.count = len(discs)
        self.tell(Reset())

    def tell(self, event: Reset | RowsChanged | CountChanged | StateChanged) -> None:
        for listener in list(self.listeners):
            listener(event)


def title_of(row: Disc) -> TitleValue:
    return TitleValue(row.title, row.artist, row.image, row.mark)


TONES = {
    "Listed": "success",
    "Received": "warning",
    "Ready to sell": "info",
    "Sold": "tint",
    "Returned": "error",
}


def badge_of(row: Disc) -> BadgeValue:
    return BadgeValue(row.status, TONES.get(row.status, "neutral"))  # type: ignore[arg-type]


def price_of(row: Disc) -> str:
    return "Unknown" if row.price is None else f"{row.price:.2f}"


def columns(**changes: Any) -> tuple[Column, ...]:
    made = (
        Column(key="title", title="Title", text=lambda r: r.title, value=title_of, kind="title", stretch=True,
               sort="title", sort_desc="-title", min_width=180),
        Column(key="grade", title="Item", text=lambda r: r.grade, kind="grade", width=52),
        Column(key="price", title="Price", text=price_of, kind="money", width=76, sort="price",
               sort_desc="-price"),
        Column(key="status", title="Status", text=lambda r: r.status, value=badge_of, kind="badge", width=104,
               priority=1),
        Column(key="sku", title="SKU", text=lambda r: f"IN-{r.id:06}", kind="muted", width=88, priority=3,
               tooltip=lambda r: f"<b>{r.id}</b>"),
    )  # fmt: skip
    return tuple(msgspec.structs.replace(c, **changes.get(c.key, {})) for c in made)
