"""Which of the server's pages are here, which are wanted, and in which order they are fetched."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from instica_desktop.core.errors import InsticaError
from instica_desktop.core.query import Query
from instica_desktop.sync.pace import Pace
from instica_desktop.sync.readings import all_ended

if TYPE_CHECKING:
    from instica_desktop.api import Page

FEW = 50
"""While more deletes than this are on their way, the server is not asked anew after each."""
Tell = Callable[[int, int], None]
"""Called with how many rows are here, and how many there are; raises to end the looking up."""


def go_on(_done: int, _of: int) -> None:
    """Nobody looks how far it is, or wants it to end before its end."""


class PageSource(Protocol):
    """Whoever gives the server's pages of a query."""

    async def __call__(self, query: Query, page: int, page_size: int) -> "Page[Any]":
        """Return one page, counted from 1. Raises InsticaError; NotFound past the end."""
        ...


class Pages:
    """Fetches the pages in view: the latest view first, few at once, each once."""

    def __init__(
        self, fetch: Callable[[int], Coroutine[Any, Any, None]], pace: Pace, tell: Callable[[], None]
    ) -> None:
        """`fetch` gets one page (from 0), raising InsticaError; `tell`: `busy` may have changed."""
        self._fetch = fetch
        self._pace = pace
        self._tell = tell
        self._known: set[int] = set()
        self._places: dict[int, int] = {}
        self._wanted: list[int] = []
        self._running: dict[int, asyncio.Task[None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self.view = (0, 0)

    @property
    def known(self) -> frozenset[int]:
        """The pages that are here, or are just being fetched."""
        return frozenset(self._known)

    @property
    def busy(self) -> bool:
        """Whether something is being fetched or about to be."""
        return bool(self._running or self._wanted or self._timer)

    def look(self, first: int, last: int, *, at_once: bool = False) -> None:
        """Fetch what these rows need, when the view has stood still, or at once."""
        self.view = (max(0, first), max(0, last))
        if self._timer:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = None if at_once else loop.call_later(self._pace.settle, self._settle)
        if at_once:
            self._settle()

    def forget(self) -> None:
        """Take nothing for fetched any more."""
        self._known.clear()
        self._places.clear()

    def doubt(self, page: int | None = None, *, under_way: bool = False) -> None:
        """The list changed on the server: all but `page` is fetched again, in view soon, the rest later.

        `under_way`: also what is just being fetched; it was asked for before the change.
        """
        self._known &= {page} if under_way else {page, *self._running}
        self._want_later()

    def misplaced(self, page: int, ids: Iterable[int]) -> None:
        """Note where rows stand now; a page that held one of them before is out of date."""
        stale = {self._places[id_] for id_ in ids if id_ in self._places} - {page}
        self._places.update(dict.fromkeys(ids, page))
        self._known -= stale
        if stale:
            self._want_later()

    def stop(self) -> None:
        """Break everything off."""
        if self._timer:
            self._timer.cancel()
        self._timer = None
        self._wanted.clear()
        for task in self._running.values():
            task.cancel()
        self._running = {}

    close = stop

    async def settled(self) -> None:
        """Wait for what is wanted now."""
        if self._timer:
            self._timer.cancel()
            self._settle()
        await all_ended(self._running.values())

    async def fetch_all(self, count: Callable[[], int], tell: Tell, enough: Callable[[], bool]) -> bool:
        """Fetch every page that is not here; `count` tells of how many rows, which may change meanwhile.

        `tell` is called with (rows that are here, in all) between pages, and may raise to end it; so does
        `enough`, once the rows can be had otherwise. Returns whether all pages are here.

        Raises:
            InsticaError: the first failure; pages that came stay.
        """
        while True:
            await asyncio.gather(*self._running.values(), return_exceptions=True)
            pages = range(-(-count() // self._pace.page))
            missing = [page for page in pages if page not in self._known]
            tell(max(0, count() - len(missing) * self._pace.page), count())
            if not missing or enough():
                return not missing
            await asyncio.gather(*map(self._one, missing[: self._pace.pages_at_once]))

    def _settle(self) -> None:
        self._timer = None
        self._want_view()
        self._tell()

    def _want_later(self) -> None:
        """Fetch what is in view after a while: a list that always changes must not be asked for always."""
        if not self._timer:
            self._timer = asyncio.get_running_loop().call_later(10 * self._pace.settle, self._settle)

    def _want_view(self) -> None:
        first, last = (row // self._pace.page for row in self.view)
        self._wanted = [page for page in range(last, first - 1, -1) if page not in self._known]
        self._start()

    def _start(self) -> None:
        waiting: list[int] = []
        while self._wanted and len(self._running) < self._pace.pages_at_once:
            page = self._wanted.pop()
            if page in self._running:
                waiting.append(page)  # asked for before the list changed: once more when that has come
                continue
            task = self._running[page] = asyncio.create_task(self._one(page), name=f"page {page}")
            task.add_done_callback(partial(self._ended, page))
        self._wanted += reversed(waiting)

    def _ended(self, page: int, task: asyncio.Task[None]) -> None:
        """Go on with what is wanted; after a failure not before the view moves or the server is back."""
        if self._running.get(page) is task:
            del self._running[page]
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._wanted.clear()
        self._start()
        self._tell()
        if error is not None and not isinstance(error, InsticaError):
            raise error

    async def _one(self, page: int) -> None:
        self._known.add(page)
        try:
            await self._fetch(page)
        except BaseException:
            self._known.discard(page)
            raise
