"""Orders that moved from one status to another since a list's rows were read.

A shipped order is done with: it leaves those to ship at once and stands among the shipped ones, whatever the
server's pages still say. Items stay where they are until the next query: one is still at work on them.
"""

from collections.abc import Iterable

import msgspec

from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.core.wire import read
from instica_desktop.store.cache import Cache

MOST = 20
"""So many orders read at once are looked at one by one; a whole page comes with the list's own answer."""


class _Status(msgspec.Struct):
    status: str = ""


class Moved:
    """What one list has to leave out, and to lay in. Does nothing for lists that are not of one status."""

    def __init__(self, query: Query, cache: Cache) -> None:
        self.out: set[int] = set()
        """Rows of orders that do not belong into the list any more."""
        self.into: dict[str, int] = {}
        """Orders that belong into it and that the server has elsewhere → when that was sent, 0 for unsent."""
        self._query = msgspec.structs.replace(query, search="")
        self._wanted = query.wanted("status") if query.entity is Entity.ORDER else ()
        self._cache = cache
        if self._wanted:
            self._judge(cache.unsent.shipped(), sent=0)

    def learn(self, changes: Changes) -> bool:
        """Take note of changed orders; return whether the list looks different for it."""
        many = changes.origin is Origin.PULL and len(changes.uids) > MOST
        if not self._wanted or many or changes.entity is not Entity.ORDER:
            return False
        before = (set(self.out), set(self.into))
        self._judge(changes.uids, sent=self._cache.tickets.now())
        return before != (self.out, set(self.into))

    def answered(self, asked: int) -> None:
        """A page came: it tells itself of what was sent before it was asked for."""
        self.into = {uid: sent for uid, sent in self.into.items() if not sent or sent > asked}

    def _judge(self, uids: Iterable[str], sent: int) -> None:
        wanted = list(uids)
        belong = set(self._cache.unsent.matching(self._query, wanted))
        for uid, row in zip(wanted, self._cache.row_ids(Entity.ORDER, wanted), strict=True):
            if row is None:
                continue
            if row in belong:
                self.out.discard(row)
                self._lay_in(uid, sent)
            else:
                self.out.add(row)
                self.into.pop(uid, None)

    def _lay_in(self, uid: str, sent: int) -> None:
        """Note an order that our own unsent act has brought here, until a page can know of it."""
        if not self._cache.has_edits(Entity.ORDER, uid):
            if uid in self.into:
                self.into[uid] = self.into[uid] or sent
            return
        if self._on_server(uid) is False:
            self.into[uid] = 0

    def _on_server(self, uid: str) -> bool | None:
        """Tell whether the server has an order in this list; None for one that is not known."""
        row = self._cache.by_uid(Entity.ORDER, uid)
        return row and read(_Status, row.raw).status in self._wanted
