"""How many orders wait and how many are under way, for the switch above the list."""

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.core.statuses import TO_SHIP
from instica_desktop.features.context import Context
from instica_desktop.features.orders.facts import SHIPPED

COUNTED = (TO_SHIP, SHIPPED)
"""Those that ask for work. The others only grow, and counting them helps nobody."""


class StatusCounts(QObject):
    """`counted(status, number)` once `renew` was called, and whenever a number is another."""

    counted = Signal(str, int)

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._counts = context.counts
        self._shows = {status: partial(self.counted.emit, status) for status in COUNTED}
        self._follows = False

    def renew(self) -> None:
        """Begin to count, or count anew."""
        if self._follows:
            self._counts.renew(Entity.ORDER)
            return
        self._follows = True
        for status, show in self._shows.items():
            self._counts.follow(Query(Entity.ORDER).with_filter("status", (status,)), show)

    def stop(self) -> None:
        """Count no more."""
        self._follows = False
        for show in self._shows.values():
            self._counts.leave(show)
