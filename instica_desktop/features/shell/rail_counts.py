"""The numbers beside the screens: how many records there are, and how many orders are to be shipped."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.features.context import Context
from instica_desktop.sync import Results

SETTLE_MS = 800
COUNTED: dict[str, Query] = {
    "inventory": Query(Entity.ITEM),
    "products": Query(Entity.PRODUCT),
    "orders": Query(Entity.ORDER).with_filter("status", ["awaiting_shipment"]),
}
"""What is counted for each screen. The rows of these queries are the ones the screens begin with."""

Show = Callable[[str, int | None], None]
"""Told a screen's key and its number, None while nobody knows it."""


class RailCounts(QObject):
    """Follows the number of rows of one query per screen, from the server or, without it, from the copy."""

    def __init__(self, context: Context, show: Show, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._show = show
        self._results: dict[str, Results] = {}
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SETTLE_MS)  # the screen in front comes first
        self._later.timeout.connect(self._open)
        self._later.start()

    def _open(self) -> None:
        for key, query in COUNTED.items():
            results = self._context.shop.results(query)
            results.listeners.append(partial(self._changed, key))
            results.open()
            self._results[key] = results

    def _changed(self, key: str, _event: object) -> None:
        self._show(key, self._results[key].count if key in self._results else None)

    def close(self) -> None:
        """Stop counting."""
        self._later.stop()
        for results in self._results.values():
            results.close()
        self._results.clear()
