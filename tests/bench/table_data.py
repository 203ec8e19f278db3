"""A SQLite file of a million rows, and the two ways to show it: Qt's own SQL model, and our table over a
feed."""

import sqlite3
from array import array
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.qtkit.columns import BadgeValue, Column, TitleValue

TONES = ("success", "warning", "info", "tint", "error")
STATUSES = ("Listed", "Received", "Ready to sell", "Sold", "Returned")
GRADES = ("M", "NM", "EX", "VG+", "VG", "G+", "G", "F", "P")
FIELDS = "id, title, artist, grade, sleeve, price, status, platforms, shelf, age, sku, created, notes"
PAGE = 128
KEPT_PAGES = 24


class Item(msgspec.Struct, frozen=True):
    """One row as read from the file."""

    id: int
    title: str
    artist: str
    grade: str
    sleeve: str
    price: Decimal
    status: str
    platforms: str
    shelf: str
    age: int
    sku: str
    created: str
    notes: str

    @property
    def uid(self) -> str:
        return f"u{self.id}"


def make_file(path: Path, rows: int) -> None:
    """Write the file, once."""
    base = sqlite3.connect(path)
    base.execute(
        "CREATE TABLE item (id INTEGER PRIMARY KEY, title, artist, grade, sleeve, price, status, platforms,"
        " shelf, age, sku, created, notes)"
    )
    base.executemany(
        f"INSERT INTO item ({FIELDS}) VALUES ({','.join('?' * 13)})", map(_values, range(1, rows + 1))
    )
    base.commit()
    base.close()


def _values(n: int) -> tuple[Any, ...]:
    return (
        n,
        f"A record with a title number {n * 7919 % 999_983}",
        f"Artist {n % 40_009} and the Band",
        GRADES[n % 9],
        GRADES[n % 7],
        f"{n % 240 + 1}.50",
        STATUSES[n % 5],
        "Discogs, eBay",
        f"A-{n % 99:02}-{n % 40:02}",
        n % 900,
        f"IN-{n:07}",
        "2026-03-01",
        "Light hairlines, plays clean",
    )


class SqliteFeed:
    """A `RowFeed` straight over the file: ids in order, rows read by page, pages kept like the real cache
    does."""

    def __init__(self, path: Path) -> None:
        self.base = sqlite3.connect(path)
        self.ids: array[int] = array(
            "q", (row[0] for row in self.base.execute("SELECT id FROM item ORDER BY id"))
        )
        self.count: int | None = len(self.ids)
        self.as_of: datetime | None = None
        self.loading = False
        self.error: Exception | None = None
        self.became: dict[int, int] = {}
        self.gone: set[int] = set()
        self.listeners: list[Callable[[Any], None]] = []
        self._pages: dict[int, list[Item]] = {}

    def look(self, first: int, last: int) -> None:
        """Nothing is fetched ahead."""

    def row(self, index: int) -> Item | None:
        number, at = divmod(index, PAGE)
        page = self._pages.get(number)
        if page is None:
            page = self._read(number)
        return page[at] if at < len(page) else None

    def _read(self, number: int) -> list[Item]:
        ids = self.ids[number * PAGE : (number + 1) * PAGE]
        marks = ",".join("?" * len(ids))
        found = {
            row[0]: _item(row)
            for row in self.base.execute(f"SELECT {FIELDS} FROM item WHERE id IN ({marks})", list(ids))
        }
        if len(self._pages) >= KEPT_PAGES:
            del self._pages[next(iter(self._pages))]
        page = [found[i] for i in ids]
        self._pages[number] = page
        return page

    def index_of(self, uid: str) -> int | None:
        return self.ids.index(int(uid[1:])) if uid else None


def _item(row: tuple[Any, ...]) -> Item:
    values = list(row)
    values[5] = Decimal(values[5])
    return Item(*values)


def _badge(row: Item) -> BadgeValue:
    return BadgeValue(row.status, TONES[STATUSES.index(row.status)])  # type: ignore[arg-type]


def columns(styled: bool) -> tuple[Column, ...]:
    """Return the same twelve columns: as plain text like Qt's, or as the product shows them."""
    plain = [
        ("title", 240),
        ("artist", 160),
        ("grade", 52),
        ("sleeve", 52),
        ("price", 76),
        ("status", 104),
        ("platforms", 110),
        ("shelf", 80),
        ("age", 60),
        ("sku", 96),
        ("created", 90),
        ("notes", 160),
    ]
    made = [Column(key=k, title=k, text=_getter(k), width=w, kind="text") for k, w in plain]
    if not styled:
        return tuple(made)
    dress = {
        "title": {"kind": "title", "value": lambda r: TitleValue(r.title, r.artist)},
        "status": {"kind": "badge", "value": _badge},
        "grade": {"kind": "grade"},
        "sleeve": {"kind": "grade"},
        "price": {"kind": "money"},
        "age": {"kind": "age"},
        "sku": {"kind": "muted"},
        "platforms": {"kind": "caption"},
        "shelf": {"kind": "caption"},
    }
    return tuple(msgspec.structs.replace(c, **dress.get(c.key, {})) for c in made)


def _getter(key: str) -> Callable[[Any], str]:
    def get(row: Any) -> str:
        return str(getattr(row, key))

    return get
