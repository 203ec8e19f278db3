"""The rows of one query: the cache's at once, the server's where the user looks, each written through.

The server's answer replaces the cache's guess. While rows are only partly known, their ids are 0.
What was made here and the server does not have yet is laid into its rows (see `laid`).
A row does not move by itself under the user's hands: an edit repaints it, the next query reorders it.

Once the whole of an entity is on this computer and followed there (see `mirror`), the cache's answer is as
good as the server's: then it stands, and the server is asked only when the user wants it (F5).
"""

import asyncio
from array import array
from collections.abc import Callable, Mapping, Set
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.errors import InsticaError, NotFound
from instica_desktop.core.query import Query
from instica_desktop.store.cache import Cache, CachedRow
from instica_desktop.sync.connection import Connection, Link
from instica_desktop.sync.events import CountChanged, Reset, ResultsEvent, RowsChanged, StateChanged
from instica_desktop.sync.laid import Laid
from instica_desktop.sync.listing import Listing
from instica_desktop.sync.pace import Pace
from instica_desktop.sync.pages import FEW, Pages, PageSource, Tell, go_on
from instica_desktop.sync.readings import Readings
from instica_desktop.sync.tally import Tally
from instica_desktop.sync.window import Window

if TYPE_CHECKING:
    from instica_desktop.api import Page

FIRST = 64
"""Rows that are read before anything is painted."""


class Results(Listing):
    """The rows of one query for one table. `open` once, `close` when the query changes or the table goes."""

    def __init__(
        self,
        query: Query,
        cache: Cache,
        source: PageSource,
        link: Link,
        pace: Pace,
        tally: Tally,
        fresh: Callable[[], bool] = lambda: False,
    ) -> None:
        """Use `Shop.results`. `fresh`: the whole of this kind of record is here as the server has it."""
        super().__init__(query)
        self._tally = tally
        self._theirs: array[int] = array("q")  # what the server has, or the cache while that stands for it
        self._total: int | None = None
        self._gone: set[int] = set()
        self._laid = Laid(query, cache)
        self._cache = cache
        self._link = link
        self._pace = pace
        self._window = Window(cache, query.entity)
        self._pages = Pages(self._fetch, pace, self._say_state)
        self._readings = Readings(f"rows of {query.entity.value}", self._read)
        self._source = source
        self._fresh = fresh
        self._moved = False  # the copy has changed since its ids were read
        self._touched = float("-inf")
        self._closed = False

    # ------------------------------------------------------------ what a table asks

    @property
    def loading(self) -> bool:
        """Whether rows or their number are still on their way."""
        return self._readings.busy or self._pages.busy

    @property
    def as_of(self) -> datetime | None:
        """When the newest of the rows shown was read from the server; None when nothing is shown."""
        return self._window.newest()

    @property
    def gone(self) -> Set[int]:
        """Rows of records that belong here no longer; others that are missing may be on their way."""
        return self._gone | self._laid.moved_out if self._laid.moved_out else self._gone

    @property
    def became(self) -> Mapping[int, int]:
        """Rows of what was made here → the rows the server made of them, which stand in their places."""
        return self._laid.became

    @property
    def guesses(self) -> bool:
        """Whether the rows are those of a part of the records only, until the server has answered."""
        return self._asks and not self.from_server

    @property
    def number(self) -> int | None:
        """How many the query finds, as every list of it says; None while that is not certain."""
        known = self.from_server or self.from_copy or self._tally.on_copy
        return self._tally.number if known else self.count

    def number_changed(self) -> None:
        """Tell that there are more or fewer than was said."""
        self._say_state()

    def ask_number(self) -> bool:
        """Ask the server anew how many there are; return whether it can be asked."""
        if self._asks:
            self._pages.doubt(under_way=True)
        return self._asks

    def open(self) -> None:
        """Read the first window from the cache, at once; then fetch what is missing in the background."""
        self.ids = self._theirs = self._laid.once(self._cache.first_ids(self.query, FIRST))
        self._tally.join(self)
        self._readings.begin(self._read_rest())
        self.from_copy = self._fresh() and bool(self.ids or not self.query.sought)  # what is new comes late
        if self._asks:
            self._pages.look(0, FIRST - 1)

    def look(self, first: int, last: int) -> None:
        """Fetch the server's pages for these rows, once the view has stood still for a moment."""
        if not self._closed:
            first, last = self._theirs_at(first), self._theirs_at(max(first, last))
            self._pages.view = (first, last)
            if self._asks:
                self._pages.look(first, last)

    def row(self, index: int) -> CachedRow | None:
        """Return a row, or None while it is not known."""
        return self._window.row(self.ids, index)

    def index_of(self, uid: str) -> int | None:
        """Return where a record stands, or None."""
        row_id = self._cache.row_id(self.query.entity, self._cache.unsent.sent(uid))
        if row_id is None:
            return None
        try:
            return self.ids.index(row_id)
        except ValueError:
            return None

    async def all_ids(self, tell: Tell = go_on) -> "array[int]":
        """Return the ids of all matching rows, fetching what is not known yet.

        `tell` is called now and then with (read, of), and may raise to end it. Once the copy stands for the
        server, nothing more is fetched.

        Raises:
            InsticaError: when the rest cannot be fetched.
        """
        fetch = partial(self._pages.fetch_all, tell=tell, enough=self._fresh)
        if not self._asks or not await fetch(lambda: self._total if self._total and self.from_server else 1):
            return self._laid.once(await self._cache.ids(self.query))
        return array("q", (id_ for id_ in self.ids if id_))

    async def uids(self, tell: Tell = go_on) -> list[str]:
        """Return the uids of all matching rows. `tell` is called as by `all_ids`."""
        return await self._window.uids(await self.all_ids(tell), tell)

    def emptied(self) -> None:
        """All that matches was deleted here, also what is not known by its row."""
        self._theirs, self._total = array("q"), 0
        self._lay_in(Reset())

    def show_again(self) -> None:
        """Records came back: show them now, whoever has his hands on the list."""
        if self._fresh() and not self._closed:
            self.from_copy = True
            self._readings.begin(self._read_copy())
        else:
            self.refresh()

    def refresh(self, *, quietly: bool = False) -> None:
        """Ask again. `quietly`: not while the user has just edited one of these rows."""
        if self._closed or (quietly and self._in_hand):
            return
        self.from_copy, was_copy = quietly and self._fresh(), self.from_copy
        if self.from_copy:
            if self._moved or not was_copy:
                self._readings.begin(self._read_copy())
        elif self._link.state.can_read:
            self._pages.forget()
            self._pages.look(*self._pages.view, at_once=True)
        else:
            self._readings.begin(self._read_ids())

    def begin_anew(self) -> None:
        """The copy was emptied: show what it has now, and ask the server for the rest."""
        if not self._closed:
            self._touched = float("-inf")
            self.from_copy = False
            self._laid.anew()
            self._window.clear()
            self._readings.begin(self._read_anew())

    def close(self) -> None:
        """Stop fetching and telling."""
        self._closed = True
        self._tally.leave(self)
        self.listeners.clear()
        self._pages.close()
        self._readings.stop()
        self.on_close(self)

    async def settled(self) -> None:
        """Wait until nothing more is on its way."""
        while self.loading:
            await self._readings.ended()
            await self._pages.settled()
            await asyncio.sleep(0)  # what ended is told of in the next turn of the loop

    # ------------------------------------------------------------ what the shop tells

    def on_changes(self, changes: Changes) -> None:
        """Repaint the rows that changed; rows that are gone leave."""
        if self._closed or changes.entity is not self.query.entity:
            return
        if changes.origin is not Origin.PULL:
            self._touched = asyncio.get_running_loop().time()
        before = frozenset(self._laid.moved_out)
        others = self._laid.learn(changes)
        if changes.origin is Origin.PULL and self.from_server:
            left = changes.gone | (self._laid.moved_out - before)
            self._tally.left(id_ for id_ in self._theirs if id_ in left)
        self._gone.difference_update(changes.ids)
        self._gone |= changes.gone
        if changes.gone:
            self._remove_gone(changes)
        if others:
            self._lay_in()
        for first, last in self._window.drop(changes.ids):
            self._tell(RowsChanged(first, last))
        if changes.order and self.from_copy and not self._moved:
            self._moved = True
            self._readings.begin(self._follow_copy())

    def on_link(self, before: Connection, now: Connection) -> None:
        """Ask the server as soon as it can be asked; fall back to the cache when it cannot."""
        if now.can_read and not before.can_read:
            self.error = None
            self.from_copy, self.was_away = False, True  # what happened meanwhile is not in the copy yet
            self._pages.forget()
            self._pages.look(*self._pages.view, at_once=True)
        elif before.can_read and not now.can_read:
            self._pages.stop()
            if 0 in self.ids:
                self._readings.begin(self._read_ids(replace=True))
        self._tell(StateChanged())

    # ------------------------------------------------------------ from the cache

    async def _read_rest(self) -> None:
        """Count and read all ids once the first window is painted: a letter typed must not wait for them."""
        await asyncio.sleep(self._pace.settle)
        await self._read_count()
        await self._read_ids()

    async def _follow_copy(self) -> None:
        """Show what moved in the copy, once it is quiet and unless the user has just edited these rows."""
        await asyncio.sleep(10 * self._pace.settle)
        if self.from_copy and not self._in_hand:
            await self._read_copy()

    async def _read_copy(self) -> None:
        self._moved = False
        self._pages.stop()
        self._pages.forget()
        await self._read_ids(replace=True)

    async def _read_anew(self) -> None:
        await self._read_copy()
        if self._asks:
            self._pages.look(*self._pages.view, at_once=True)

    async def _read_count(self) -> None:
        count = await self._cache.count(self.query)
        if not self.from_server and self.count != count:
            self.count = self._total = count
            self._say_read()
            self._tell(CountChanged(self.count or 0))

    async def _read_ids(self, *, replace: bool = False) -> None:
        ids = self._laid.once(await self._cache.ids(self.query))
        if self.from_server and not replace:
            return self._guess(ids)
        known = len(self.ids)
        same_start = ids[:known] == self.ids
        grew = len(ids) != self.count
        self.from_server = False
        self._laid.at = self._laid.out = ()
        self.ids = self._theirs = ids
        self.count = self._total = len(ids)
        self._say_read()
        if not same_start:
            self._window.clear()
            self._tell(Reset())
            return None
        self._tell(CountChanged(self.count or 0) if grew else StateChanged())
        if len(ids) > known:  # a table that knew of their number only has painted them as unknown
            self._window.clear(known, len(ids) - 1)
            self._tell(RowsChanged(known, len(ids) - 1))
        return None

    def _say_read(self) -> None:
        """These rows say how many there are, unless the server is about to."""
        if not self._asks:
            self._tally.read(self)

    def _guess(self, ids: "array[int]") -> None:
        """Show the cache's rows where the server has not answered yet, if the cache can be right at all."""
        ids = self._laid.without(ids)
        if len(ids) != self._total or len(self._theirs) != self._total:
            return
        for page in self._pages.known:
            rows = slice(page * self._pace.page, (page + 1) * self._pace.page)
            ids[rows] = self._theirs[rows]
        self._theirs = ids
        self._lay_in(Reset())

    # ------------------------------------------------------------ from the server

    async def _fetch(self, page: int) -> None:
        """Fetch one page (from 0) and put it in its place."""
        try:
            with self._cache.tickets.asking() as asked:
                answer = await self._source(self.query, page + 1, self._pace.page)
                await self._cache.upsert(self.query.entity, answer.records, asked=asked)
        except NotFound:
            if page:
                self._shrunk(page)
            return
        except InsticaError as error:
            self.error = error
            self._link.report(error)
            raise
        self.error = None
        if not self._closed:
            self._laid.answered(asked)
            self._tally.answered(answer.count, asked)
            self._take(page, answer)

    def _take(self, page: int, answer: "Page[Any]") -> None:
        uids = [record.data.uid for record in answer.records]
        found = self._cache.row_ids(self.query.entity, uids)
        fresh = array("q", (row or 0 for row in found))
        event = self._resize(answer.count, page)
        start = page * self._pace.page
        self._laid.aside = self._laid.aside or min(fresh, default=0) < 0
        moved = self._theirs[start : start + len(fresh)] != fresh
        self._theirs[start : start + len(fresh)] = fresh
        self._lay_in(event, range(start, start + len(fresh)) if moved else range(0))
        if moved:
            self._pages.misplaced(page, fresh)

    def _resize(self, count: int, page: int) -> ResultsEvent | None:
        """Make room for so many of the server's rows; return what that means for the table.

        Another number than before makes what was fetched before doubtful.
        """
        first_answer, self.from_server = not self.from_server, True
        if first_answer:
            theirs = self._laid.without(self._theirs)
            if self._total is not None:
                self._total -= len(self._theirs) - len(theirs)
            self._theirs = theirs
        before, size = len(self._theirs), self._pace.page
        if count == self._total == before:
            return None
        if not first_answer and count != self._total:
            self._pages.doubt(page)
        if first_answer and count != before:
            self._theirs = self._theirs[:size]  # the cache knows too little to guess what stands further down
        self._theirs = self._theirs[:count] + array("q", bytes(8 * max(0, count - len(self._theirs))))
        self._total = count
        reset = count < before or (first_answer and before > size)
        return Reset() if reset else CountChanged(count)

    def _shrunk(self, page: int) -> None:
        """The list ends before this page now."""
        self._lay_in(self._resize(min(self._total or 0, page * self._pace.page), page))

    def _lay_in(self, event: ResultsEvent | None = None, changed: range = range(0)) -> None:
        """Show the server's rows with ours among them; tell of `event` and of the rows that `changed`."""
        before = self._ours()
        self.ids = self._laid.lay(self._theirs, from_server=self.from_server)
        if self._total is not None:
            self.count = self._total + len(self._laid.at) - len(self._laid.out)
            self._tally.moved(self)
        if isinstance(event, Reset) or self._ours() != before:
            self._window.clear()
            self._tell(Reset())
            return
        first, last = (self._laid.shown(changed[at]) for at in (0, -1)) if changed else (0, -1)
        if changed:
            self._window.clear(first, last)  # before anything is told: who hears of the number reads rows too
        if event is not None:
            self._tell(CountChanged(self.count or 0))
        if changed:
            self._tell(RowsChanged(first, last))

    def _ours(self) -> tuple[list[tuple[int, int]], tuple[int, ...]]:
        return [(place, self.ids[place]) for place in self._laid.at], self._laid.out

    # ------------------------------------------------------------ inside

    @property
    def _in_hand(self) -> bool:
        """Whether the user has just edited one of these rows."""
        return self.hands_off and asyncio.get_running_loop().time() - self._touched < self._pace.hands_off

    @property
    def _asks(self) -> bool:
        """Whether the server can and has to be asked."""
        return self._link.state.can_read and not self.from_copy

    def _theirs_at(self, index: int) -> int:
        return self._laid.theirs(max(0, index))

    def _remove_gone(self, changes: Changes) -> None:
        """Take rows out that the cache no longer has; what took their place shows with the next answer.

        What was sent goes by another row now, in the place of the one it had. Rows that are about to be
        deleted lie aside, under ids below zero; the server's pages have them still. Once such a row is gone,
        so is the record. In both cases no page is right that was asked for before.
        """
        gone, sent = changes.gone, any(id_ in self.became for id_ in changes.gone)
        shown = any(id_ > 0 for id_ in gone) and any(id_ in gone for id_ in self._theirs)
        if shown:
            before = self._theirs
            heirs = {} if self.from_server else self._laid.heirs(gone, before)
            left = (heirs.get(id_, id_) for id_ in before if id_ not in gone or id_ in heirs)
            self._theirs = array("q", left)
            self._total = max(0, (self._total or len(before)) - (len(before) - len(self._theirs)))
            self._lay_in(Reset())
        deleted, aside = any(id_ < 0 for id_ in gone), any(id_ < 0 for id_ in changes.ids - gone)
        many = self._cache.unsent.leaving(self.query.entity) > FEW  # the last of them are answer enough
        if self._asks and not (aside or many) and (shown or deleted or sent):
            self._pages.doubt(under_way=deleted or sent)

    def _read(self, error: BaseException | None) -> None:
        """Take note of how a reading ended."""
        if isinstance(error, InsticaError):
            self.error = error
        elif error is not None:
            raise error
        self._say_state()
