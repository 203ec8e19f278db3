"""The numbers beside the screens: how many records there are, and how many orders are to be shipped."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer

from instica_desktop.core.changes import Changes, Origin
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

Show = Callable[[str, int], None]
"""Told a screen's key and its number."""


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
        self._edited = QTimer(self)
        self._edited.setSingleShot(True)
        self._edited.setInterval(SETTLE_MS)
        self._edited.timeout.connect(self._count_orders)
        context.bus.changed.connect(self._follow)

    def _open(self) -> None:
        for key in COUNTED:
            self._count(key)

    def _count(self, key: str) -> None:
        former = self._results.pop(key, None)
        if former is not None:
            former.close()
        results = self._results[key] = self._context.shop.results(COUNTED[key])
        results.listeners.append(partial(self._changed, key))
        results.open()

    def _changed(self, key: str, _event: object) -> None:
        if key in self._results and (count := self._results[key].count) is not None:
            self._show(key, count)

    def _follow(self, changes: Changes) -> None:
        """Count the orders anew once the user has edited one: lists keep it where it was for a while."""
        if changes.entity is Entity.ORDER and changes.origin is not Origin.PULL:
            self._edited.start()

    def _count_orders(self) -> None:
        if self._results:
            self._count("orders")

    def close(self) -> None:
        """Stop counting."""
        self._later.stop()
        self._edited.stop()
        for results in self._results.values():
            results.close()
        self._results.clear()
