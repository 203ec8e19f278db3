"""Rows of a screen under the hand of a test: real records, in the order and with the gaps the test wants."""

from array import array
from collections.abc import Callable
from typing import Any, cast

from instica_desktop.core.query import Query
from instica_desktop.features.context import Context
from instica_desktop.features.lists.browsing import Browser
from instica_desktop.sync import Results, events


class Rows:
    """A stand-in for `Results` over records this computer has. `show` and its kind tell the table."""

    def __init__(self, context: Context, query: Query, uids: list[str], *, loading: bool = False) -> None:
        self._context = context
        self.query = query
        self.listeners: list[Callable[[Any], None]] = []
        self.became: dict[int, int] = {}
        self.gone: set[int] = set()
        self.unread: set[str] = set()
        self.loading = loading
        self.guesses = self.from_server = False
        self.error = self.as_of = None
        self.looks: list[tuple[int, int]] = []
        self._become(uids)

    def _become(self, uids: list[str]) -> None:
        self.order = list(uids)
        self.ids = array("q", (0 if uid in self.unread else self._row(uid).id for uid in uids))
        self.count = len(uids)

    @property
    def number(self) -> int:
        """How many the query finds: as many as there are rows."""
        return self.count

    def _row(self, uid: str) -> Any:
        return self._context.shop.row(self.query.entity, uid)

    def show(self, uids: list[str]) -> None:
        """Rows came, went or moved."""
        self._become(uids)
        self.tell(events.Reset())

    def read(self, uid: str) -> None:
        """A row that could not be read is there."""
        self.unread.discard(uid)
        self._become(self.order)
        at = self.order.index(uid)
        self.tell(events.RowsChanged(at, at))

    def settle(self) -> None:
        """Nothing more is on its way."""
        self.loading = False
        self.tell(events.StateChanged())

    def tell(self, event: Any) -> None:
        for listener in tuple(self.listeners):
            listener(event)

    # what a table asks

    def open(self) -> None: ...
    def close(self) -> None: ...
    def refresh(self, *, quietly: bool = False) -> None: ...

    def look(self, first: int, last: int) -> None:
        self.looks.append((first, last))

    def row(self, index: int) -> Any:
        known = index < len(self.order) and self.order[index] not in self.unread
        return self._row(self.order[index]) if known else None

    def index_of(self, uid: str) -> int | None:
        return self.order.index(uid) if uid in self.order and uid not in self.unread else None


def put(browser: Browser, rows: Rows) -> None:
    """Let a screen show these rows."""
    browser._place(cast(Results, rows), stay=False)  # pyright: ignore[reportPrivateUsage]
