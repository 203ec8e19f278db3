"""How many orders wait and how many are under way, for the switch above the list."""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.core.statuses import TO_SHIP
from instica_desktop.features.context import Context
from instica_desktop.features.orders.facts import SHIPPED
from instica_desktop.qtkit.tasks import TaskScope

COUNTED = (TO_SHIP, SHIPPED)
"""Those that ask for work. The others only grow, and counting them helps nobody."""
SETTLE_MS = 400


class StatusCounts(QObject):
    """`counted(status, number)` after `renew`, and after orders were edited or sent."""

    counted = Signal(str, int)

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._scope = TaskScope(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self.renew)
        self._could_read = context.shop.state.can_read
        context.bus.changed.connect(self._changed)
        context.shop.on_state.append(self._connection_changed)

    def renew(self) -> None:
        """Count now; a count under way is given up for this one."""
        self._timer.stop()
        self._scope.spawn(self._count(), "count orders", group="count", exclusive=True)

    def stop(self) -> None:
        """Count no more."""
        if self._connection_changed in self._context.shop.on_state:
            self._context.shop.on_state.remove(self._connection_changed)
        self._timer.stop()
        self._scope.cancel()

    def _connection_changed(self) -> None:
        """Count again once the server can be asked: until then this computer may know too few."""
        can_read = self._context.shop.state.can_read
        if can_read and not self._could_read:
            self._timer.start()
        self._could_read = can_read

    def _changed(self, changes: Changes) -> None:
        if changes.entity is Entity.ORDER and changes.origin is not Origin.PULL:
            self._timer.start()

    async def _count(self) -> None:
        for status in COUNTED:
            results = self._context.shop.results(Query(Entity.ORDER).with_filter("status", (status,)))
            try:
                results.open()
                await results.settled()
                if results.count is not None:
                    self.counted.emit(status, results.count)
            finally:
                results.close()
