"""How many records a query finds: one count for each query, shared by all who show it, so that they agree."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import is_temporary
from instica_desktop.core.query import Query
from instica_desktop.qtkit.bus import Bus
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.sync import Results, Shop

SETTLE_MS = 400

Show = Callable[[int], None]
"""Told the number, at first and whenever it is another."""


def certain(shop: Shop, results: Results) -> bool:
    """Tell whether the number of these rows is the shop's, and not that of the part copied here so far."""
    return results.from_server or shop.mirror.complete(results.query.entity)


class _Counted:
    """The rows of one query, and who is told of their number."""

    def __init__(self, shop: Shop, told: Callable[[], None]) -> None:
        """`told` hears last that the number is another."""
        self._shop, self._told = shop, told
        self.number: int | None = None
        self.shows: list[Show] = []
        self._results: Results | None = None

    def take(self, results: Results) -> None:
        """Count these rows from now on."""
        self.close()
        self._results = results
        results.listeners.append(self._moved)
        self._moved()

    def knows_more_than(self, results: Results) -> bool:
        """Tell whether the number of the rows at hand is certain, and that of these is not."""
        own = self._results
        return own is not None and certain(self._shop, own) and not certain(self._shop, results)

    def close(self) -> None:
        """Let go of the rows."""
        results, self._results = self._results, None
        if results is not None:
            results.close()

    def _moved(self, _event: object = None) -> None:
        results = self._results
        number = results.number if results is not None and certain(self._shop, results) else None
        if number is not None and number != self.number:
            self.number = number
            for show in tuple(self.shows):
                show(number)
            self._told()


class Counts(QObject):
    """Counts with unsent acts laid over, from the server or, without it, from the copy.

    They follow what is made, deleted or moved here within a moment, and the rest with every quiet look.
    `counted(Entity)` whenever the number of a query about it is another: who names numbers of others says
    them anew.
    """

    counted = Signal(object)

    def __init__(self, shop: Shop, bus: Bus) -> None:
        super().__init__(bus)
        self._shop = shop
        self._counted: dict[Query, _Counted] = {}
        self._scope = TaskScope(self)
        self._due: set[Entity] = set()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(SETTLE_MS)
        self._later.timeout.connect(self._count_due)
        bus.changed.connect(self._changed)

    def follow(self, query: Query, show: Show) -> None:
        """Tell the number of a query, and every other it becomes."""
        new = query not in self._counted
        if new:
            self._counted[query] = _Counted(self._shop, partial(self.counted.emit, query.entity))
        counted = self._counted[query]
        counted.shows.append(show)
        if new:
            self._renew(query)
        elif counted.number is not None:
            show(counted.number)

    def number(self, query: Query) -> int | None:
        """Return the number of a query somebody follows; None while it is not known."""
        counted = self._counted.get(query)
        return counted.number if counted is not None else None

    def leave(self, show: Show) -> None:
        """Tell it no more; what nobody follows is not counted."""
        for query, counted in list(self._counted.items()):
            if show in counted.shows:
                counted.shows.remove(show)
            if not counted.shows:
                counted.close()
                del self._counted[query]

    def renew(self, entity: Entity) -> None:
        """Count the queries of one kind of record anew."""
        for query in self._counted:
            if query.entity is entity:
                self._renew(query)

    def close(self) -> None:
        """Count no more."""
        self._later.stop()
        self._scope.cancel()
        for counted in self._counted.values():
            counted.close()
        self._counted.clear()

    # ------------------------------------------------------------ inside

    def _changed(self, changes: Changes) -> None:
        """Count anew once records came, went or, of orders, moved by what was done here."""
        came_or_went = bool(changes.gone) or any(map(is_temporary, changes.uids))
        if changes.origin is not Origin.PULL and (came_or_went or changes.entity is Entity.ORDER):
            self._due.add(changes.entity)
            self._later.start()

    def _count_due(self) -> None:
        due, self._due = self._due, set()
        for entity in due:
            self.renew(entity)

    def _renew(self, query: Query) -> None:
        self._scope.spawn(self._count(query), "count", group=repr(query), exclusive=True)

    async def _count(self, query: Query) -> None:
        """Take the new rows once all is known of them: what is known at first may be a part.

        Rows that were opened as the connection went may never know all: those at hand stay then.
        """
        results = self._shop.results(query)
        results.hands_off = False  # nobody works on these rows
        taken = False
        try:
            results.open()
            await results.settled()
            counted = self._counted.get(query)
            if counted is not None and not counted.knows_more_than(results):
                counted.take(results)
                taken = True
        finally:
            if not taken:
                results.close()
