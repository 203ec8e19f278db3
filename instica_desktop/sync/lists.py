"""The rows that are open: each hears of changes, of the connection, and of what the copy has seen."""

import asyncio
from collections.abc import Callable
from functools import partial

from instica_desktop.core.changes import Changes
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.cache import Cache
from instica_desktop.sync.connection import Connection, Link
from instica_desktop.sync.pace import Pace
from instica_desktop.sync.pages import PageSource
from instica_desktop.sync.results import Results
from instica_desktop.sync.tally import Tally


class OpenLists:
    """Makes the rows of queries, and knows those that are in use."""

    def __init__(
        self,
        cache: Cache,
        source: PageSource,
        link: Link,
        pace: Pace,
        *,
        fresh: Callable[[Entity], bool],
        complete: Callable[[Entity], bool],
    ) -> None:
        """`fresh`: the copy of a kind stands for the server. `complete`: all of it was here once."""
        self._cache = cache
        self._source = source
        self._link = link
        self._pace = pace
        self._fresh = fresh
        self._complete = complete
        self._open: set[Results] = set()
        self._tallies: dict[Query, Tally] = {}

    def made(self, query: Query) -> Results:
        """Return the rows of a query, which are in use until they are closed."""
        fresh = partial(self._fresh, query.entity)
        tally = self._tally(query)
        results = Results(query, self._cache, self._source, self._link, self._pace, tally, fresh)
        results.on_close = self._closed
        self._open.add(results)
        return results

    def _tally(self, query: Query) -> Tally:
        """Return the number of a query, which is the same in every order."""
        query = query.with_ordering("")
        if query not in self._tallies:
            self._tallies[query] = Tally(query, self._cache, self._complete)
        return self._tallies[query]

    def _closed(self, results: Results) -> None:
        self._open.discard(results)
        query = results.query.with_ordering("")
        if not any(one.query.with_ordering("") == query for one in self._open):
            self._tallies.pop(query, None)

    @property
    def loading(self) -> bool:
        """Whether any rows are on their way."""
        return any(results.loading for results in self._open)

    async def settled(self) -> None:
        """Wait until nothing more is on its way to the rows that are open."""
        await asyncio.gather(*(results.settled() for results in self._open))

    def close(self) -> None:
        """Let go of all rows."""
        for results in tuple(self._open):
            results.close()

    def on_changes(self, changes: Changes) -> None:
        """Records changed. What one list reads of them is what all of them and their numbers read."""
        if not self._open:
            return  # nor is there a file to read when the store is closing
        with self._cache.at_one_moment():
            for query, tally in tuple(self._tallies.items()):
                if query.entity is changes.entity:
                    tally.learn(changes)
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
        """Records of a kind came back."""
        for results in tuple(self._open):
            if results.query.entity is entity:
                results.show_again()

    def refresh_quietly(self) -> None:
        """Ask again, except for rows in somebody's hands."""
        for results in tuple(self._open):
            results.refresh(quietly=True)

    def begin_anew(self) -> None:
        """The copy was emptied: read again what is shown."""
        for results in tuple(self._open):
            results.begin_anew()
