"""What a search finds in the other parts of the orders, where the one that is shown has nothing of it."""

from collections import Counter
from collections.abc import Collection
from typing import cast

import msgspec
from PySide6.QtCore import QObject, Signal

from instica_desktop.core.changes import Changes
from instica_desktop.core.models import Order
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.features.context import Context
from instica_desktop.features.lists.browsing import Browser
from instica_desktop.features.lists.trouble import NO_MATCH
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.widgets.empty_state import StateSpec

ACT = "elsewhere"
_MOST_READ = 25
"""How many orders are told apart by their part; of more, only their number is said."""


class Elsewhere(QObject):
    """Says on the card of an empty list what is found elsewhere. `asked(part)` when it is to be shown."""

    asked = Signal(str)

    def __init__(self, context: Context, browser: Browser, parts: dict[str, str], whole: str) -> None:
        """`parts`: statuses that have a part of their own, with its name; `whole` is the part with all."""
        super().__init__(browser)
        self._context = context
        self._browser = browser
        self._parts, self._whole = parts, whole
        self._scope = TaskScope(self)
        self._looked: Query | None = None
        self._found, self._there = browser.nothing_matches, whole
        browser.table.table_model.state_changed.connect(self._look)
        browser.table.table_model.count_changed.connect(self._look)
        browser.table.states.chosen.connect(self._chosen)
        context.bus.changed.connect(self._changed)

    def _look(self, _of: object = None) -> None:
        """Look once for a search whose rows are read and none."""
        shown, query = self._browser.table.states.shown(), self._browser.query
        if shown is None or shown.headline != NO_MATCH or not query.values("status"):
            self._looked = None
            self._scope.cancel_group("look")
        elif query == self._looked:
            self._say()
        else:
            self._looked, self._found = query, self._browser.nothing_matches
            self._scope.spawn(self._find(query), "look elsewhere", group="look", exclusive=True)

    def _changed(self, changes: Changes) -> None:
        if changes.entity is Entity.ORDER and self._looked is not None:
            self._looked = None
            self._look()

    async def _find(self, query: Query) -> None:
        results = self._context.shop.results(query.with_filter("status", ()))
        try:
            results.open()
            await results.settled()
            number = results.number or 0
            rows = [results.row(at) for at in range(min(number, _MOST_READ))]
        finally:
            results.close()
        if self._looked == query:
            statuses = [cast(Order, row.data).status for row in rows if row is not None]
            self._found = self.card(number, statuses, query.values("status"))
            self._say()

    def _say(self) -> None:
        states = self._browser.table.states
        if states.shown() != self._found:
            states.set_empty(self._found)

    def card(self, number: int, statuses: list[str], shown: Collection[str]) -> StateSpec:
        """Return the card; what is in the part `shown` by now is not elsewhere, and its list is to come."""
        there = [status for status in statuses if status not in shown]
        number -= len(statuses) - len(there)
        return self.spec(number, there) if number else self._browser.nothing_matches

    def spec(self, number: int, statuses: list[str]) -> StateSpec:
        """Return the card for a number of orders found, and the statuses of those that could be read."""
        known = Counter(self._parts.get(status, "") for status in statuses)
        if len(statuses) < number or "" in known:
            known = Counter({self._parts[self._whole]: number})
        parts = [part for part in self._parts.values() if part in known]  # as they stand above the list
        words = ", ".join(f"{known[part]:,} in {part}" for part in parts)
        part = next(iter(known)) if len(known) == 1 else self._parts[self._whole]
        self._there = next(key for key, name in self._parts.items() if name == part)
        nothing = self._browser.nothing_matches
        return msgspec.structs.replace(
            nothing,
            sentence=f"{words}.",
            action=f"Show {part}",
            act=ACT,
            second=nothing.action,
            second_act=nothing.act,
        )

    def _chosen(self, act: str) -> None:
        if act == ACT:
            self.asked.emit(self._there)
            self._browser.table.setFocus()
