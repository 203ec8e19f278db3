"""The numbers beside the screens: how many records there are, and how many orders are to be shipped."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.core.statuses import TO_SHIP
from instica_desktop.features.context import Context

SETTLE_MS = 800
COUNTED: dict[str, Query] = {
    "inventory": Query(Entity.ITEM),
    "products": Query(Entity.PRODUCT),
    "orders": Query(Entity.ORDER).with_filter("status", [TO_SHIP]),
}
"""What is counted for each screen. The rows of these queries are the ones the screens begin with."""

Show = Callable[[str, int], None]
"""Told a screen's key and its number."""


class RailCounts(QObject):
    """Follows the number of records of one query per screen, once the screen in front has come."""

    def __init__(self, context: Context, show: Show, parent: QObject) -> None:
        super().__init__(parent)
        self._counts = context.counts
        self._shows = {key: partial(show, key) for key in COUNTED}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SETTLE_MS)
        self._later.timeout.connect(self._open)
        self._later.start()

    def _open(self) -> None:
        for key, query in COUNTED.items():
            self._counts.follow(query, self._shows[key])

    def close(self) -> None:
        """Stop counting."""
        self._later.stop()
        for show in self._shows.values():
            self._counts.leave(show)
