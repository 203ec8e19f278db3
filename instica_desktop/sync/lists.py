"""The rows that are open: each hears of changes, of the connection, and of what the copy has seen."""

from collections.abc import Callable

from instica_desktop.core.changes import Changes
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.cache import Cache
from instica_desktop.sync.connection import Connection, Link
from instica_desktop.sync.pace import Pace
from instica_desktop.sync.results import PageSource, Results


class OpenLists:
    """Makes the rows of queries, and knows those that are in use."""

    def __init__(
        self, cache: Cache, source: PageSource, link: Link, pace: Pace, fresh: Callable[[Entity], bool]
    ) -> None:
        """`fresh`: the copy of a kind stands for the server."""
        self._cache = cache
        self._source = source
        self._link = link
        self._pace = pace
        self._fresh = fresh
        self._open: set[Results] = set()

    def made(self, query: Query) -> Results:
        """Return the rows of a query, which are in use until they are closed."""
        results = Results(
            query, self._cache, self._source, self._link, self._pace, lambda: self._fresh(query.entity)
        )
        results.on_close = self._open.discard
        self._open.add(results)
        return results

    @property
    def loading(self) -> bool:
        """Whether any rows are on their way."""
        return any(results.loading for results in self._open)

    def close(self) -> None:
        """Let go of all rows."""
        for results in tuple(self._open):
            results.close()

    def on_changes(self, changes: Changes) -> None:
        """Records changed."""
        for results in tuple(self._open):
            results.on_changes(changes)

    def on_link(self, before: Connection, now: Connection) -> None:
        """The connection changed."""
        for results in tuple(self._open):
            results.on_link(before, now)

    def on_copied(self) -> None:
        """The copy has looked: rows that could not stand on it since the connection was gone do again."""
        for results in tuple(self._open):
            if results.was_away and self._fresh(results.query.entity):
                results.was_away = False
                results.refresh(quietly=True)

    def shown_again(self, entity: Entity) -> None:
        """Ask again for the rows of a kind."""
        for results in tuple(self._open):
            if results.query.entity is entity:
                results.refresh()

    def refresh_quietly(self) -> None:
        """Ask again, except for rows in somebody's hands."""
        for results in tuple(self._open):
            results.refresh(quietly=True)

    def begin_anew(self) -> None:
        """The copy was emptied: read again what is shown."""
        for results in tuple(self._open):
            results.begin_anew()
