"""How many records a query finds: one number for all lists of it, whatever their order and their pages.

It is the server's count as of a moment, and what our own edits have changed since. A count that was asked for
while such an edit was on its way may hold it or not: it is left aside, and asked for again once that is sure.
While the copy stands for the server, or there is none, the number is that of the rows read last.
"""

from collections.abc import Callable, Generator, Hashable, Iterable
from contextlib import contextmanager
from typing import Protocol

import msgspec

from instica_desktop.core.changes import Changes
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import is_temporary
from instica_desktop.core.query import Query
from instica_desktop.core.wire import read
from instica_desktop.store.cache import Cache


class _Status(msgspec.Struct):
    status: str = ""


class _Move(msgspec.Struct):
    """By how much a record changes the server's count, until one asked for after `sent` (0: not sent yet)."""

    by: int
    sent: int = 0


class Member(Protocol):
    """A list that shows the number."""

    def number_changed(self) -> None:
        """Tell that it is another."""

    def ask_number(self) -> bool:
        """Ask the server for it; return whether that is possible."""
        ...

    @property
    def count(self) -> int | None:
        """How many rows this list has."""
        ...


class Tally:
    """The number of one query."""

    def __init__(self, query: Query, cache: Cache, complete: Callable[[Entity], bool]) -> None:
        """`complete`: all records of a kind were here once; what is read from a part is no number."""
        self._query = query
        self._complete = complete
        self._statuses = query.wanted("status") if query.entity is Entity.ORDER else ()
        self._whole = query.with_filter("status", ()) if self._statuses else query
        self._cache = cache
        self._unsent = cache.unsent
        self._members: list[Member] = []
        self._last_read: Member | None = None
        """Whose rows were read last from this computer; None while the server's count stands."""
        self._total: int | None = None
        self._asked = 0
        self._doubted = False  # a count was left aside
        self._moves: dict[Hashable, _Move] = {}
        self._by = 0  # all moves together, kept along: there may be very many
        self._judge(self._unsent.moving(query.entity))

    # ------------------------------------------------------------ who shows it

    def join(self, member: Member) -> None:
        """A list shows it."""
        self._members.append(member)

    def leave(self, member: Member) -> None:
        """A list shows it no longer."""
        if member in self._members:
            self._members.remove(member)
        if self._last_read is member:
            self._last_read = next(iter(self._members), None)
            self._tell()

    # ------------------------------------------------------------ the number

    @property
    def number(self) -> int | None:
        """How many there are; None while that is not certain."""
        if self._last_read is not None:
            return self._last_read.count
        if self._total is None:
            return None
        return max(0, self._total + self._by)

    # ------------------------------------------------------------ what is heard

    @property
    def on_copy(self) -> bool:
        """Whether it is that of rows on this computer."""
        return self._last_read is not None

    def answered(self, count: int, asked: int) -> None:
        """The server said how many there are, asked under this ticket."""
        with self._telling():
            if asked < self._asked and self._last_read is None:
                return
            if self._unclear(asked):
                self._doubted = True
                return
            self._doubted = False
            self._total, self._asked, self._last_read = count, asked, None
            for key in [key for key, move in self._moves.items() if move.sent]:
                self._forget(key)

    def read(self, member: Member) -> None:
        """The rows of a list were read from this computer; they hold every edit."""
        if member is self._last_read:
            self._tell()  # its rows are others already
        elif self._complete(self._query.entity):
            with self._telling():
                self._last_read = member

    def moved(self, member: Member) -> None:
        """Rows of a list came or went."""
        if member is self._last_read:
            self._tell()

    def learn(self, changes: Changes) -> None:
        """Records changed."""
        with self._telling():
            self._judge(changes.uids)
        if self._doubted and not self._on_its_way():
            self._doubted = False
            any(member.ask_number() for member in self._members)

    def left(self, rows: Iterable[int]) -> None:
        """Rows that the server's pages had are known to have moved on; our own edits count already."""
        now, gone, entity = self._cache.tickets.now(), list(rows), self._query.entity
        ours = [uid for uid in self._cache.uids(entity, gone) if uid in self._moves] if gone else []
        counted = set(self._cache.row_ids(entity, ours)) if ours else set[int | None]()
        with self._telling():
            for row in gone:
                if row not in counted:
                    self._move(row, _Move(-1, now))

    # ------------------------------------------------------------ our own edits

    def _judge(self, uids: Iterable[str]) -> None:
        wanted = list(uids)
        moving = (self._unsent.moves(self._query.entity, uid) for uid in wanted)
        if not wanted or not (self._statuses or self._moves or any(moving)):
            return
        here = set(self._unsent.matching(self._query, wanted))
        rows = self._cache.row_ids(self._query.entity, wanted)
        for uid, row in zip(wanted, rows, strict=True):
            self._note(uid, row, belongs=row in here)

    def _note(self, uid: str, row: int | None, *, belongs: bool) -> None:
        before = self._moves.get(uid)
        if self._unsent.moves(self._query.entity, uid):
            by = int(belongs) - int(self._on_server(uid, row, belongs=belongs))
            if by:
                if before is not None and before.sent and before.by != by:
                    self._move(
                        (uid, before.sent), before
                    )  # what is sent is in no answer yet, and still counts
                self._move(uid, _Move(by))
                return
        elif before is not None and not before.sent and is_temporary(uid):
            real = self._unsent.sent(uid)
            if real != uid:
                self._move(real, _Move(before.by, self._cache.tickets.now()))
            self._forget(uid)
            return
        elif before is not None and not before.sent and belongs == (before.by > 0):
            before.sent = self._cache.tickets.now()
        if before is not None and belongs != (before.by > 0):
            self._forget(uid)  # taken back

    def _move(self, key: Hashable, move: _Move) -> None:
        self._forget(key)
        self._moves[key] = move
        self._by += move.by

    def _forget(self, key: Hashable) -> None:
        if former := self._moves.pop(key, None):
            self._by -= former.by

    def _on_server(self, uid: str, row: int | None, *, belongs: bool) -> bool:
        """Tell whether the server counts a record that has unsent edits."""
        if row is None or is_temporary(uid):
            return False
        if row < 0:  # about to be deleted; what finds it is not kept, so only lists of all are certain
            return self._query == Query(self._query.entity)
        if not self._statuses:
            return belongs
        found = self._cache.by_uid(self._query.entity, uid)
        there = found and read(_Status, found.raw).status in self._statuses
        return bool(there and self._unsent.matching(self._whole, [uid]))

    def _unclear(self, asked: int) -> bool:
        """Tell whether a count asked for then may hold edits of ours or not."""
        return self._on_its_way() or any(move.sent > asked for move in self._moves.values())

    def _on_its_way(self) -> bool:
        """Tell whether an edit that changes the number may or may not be on the server."""
        entity = self._query.entity
        unsent = (key for key, move in self._moves.items() if not move.sent)
        return any(isinstance(uid, str) and self._unsent.may_be_there(entity, uid) for uid in unsent)

    # ------------------------------------------------------------ telling

    @contextmanager
    def _telling(self) -> Generator[None]:
        """Tell all lists when the number is another afterwards."""
        before = self.number
        yield
        if self.number != before:
            self._tell()

    def _tell(self) -> None:
        for member in tuple(self._members):
            member.number_changed()
