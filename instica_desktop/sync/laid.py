"""Records made here, laid into the server's rows until its pages have them.

The server knows nothing of a record that was not sent, and a page that was asked for before it arrived does
not either. Such a record stands where the ordering puts it between rows that are known; where those around
its place are not known yet it stands at the head.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence, Set

from instica_desktop.core.changes import Changes
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import is_temporary
from instica_desktop.core.query import Query
from instica_desktop.store.cache import Cache
from instica_desktop.sync.moved import Moved

PROBES = 64
"""Rows that new ones are compared with at once; between two of them it goes on in the same way."""

InOrder = Callable[[Sequence[int]], list[int]]
"""Returns rows in the order of the query."""


class Laid:
    """What is laid into the rows of one query. `at` are the places it has, `became` what its rows became.

    `out` are the places, among the server's rows, of those that are left out: orders that moved on,
    and what is about to be deleted.
    """

    def __init__(self, query: Query, cache: Cache) -> None:
        self.at: tuple[int, ...] = ()
        self.out: tuple[int, ...] = ()
        self.became: dict[int, int] = {}
        self.aside = False
        """Whether the server's pages have, or had, rows that lie aside here: they are about to be deleted."""
        self._query = query
        self._cache = cache
        self._unsent = cache.unsent
        self._rows = self._unsent.rows(query.entity)
        self._sent: dict[str, int] = {}
        self._moved = Moved(query, cache)

    # ------------------------------------------------------------ what happens

    def learn(self, changes: Changes) -> bool:
        """Take note of what was made here, sent or dropped; return whether other records than before are."""
        touched = set(filter(is_temporary, changes.uids))
        before = {uid: self._rows.pop(uid) for uid in touched if uid in self._rows}
        now = self._unsent.rows(self._query.entity, touched) if touched else {}
        self._rows |= now
        for uid in before.keys() - now.keys():
            real = self._unsent.sent(uid)
            heir = self._cache.row_id(self._query.entity, real) if real != uid else None
            if heir:
                self.became[before[uid]] = heir
                self._sent[real] = self._cache.tickets.now()
        moved = self._moved.learn(changes)
        return moved or now != before

    def anew(self) -> None:
        """The copy was emptied: what was made here has other rows."""
        self._rows = self._unsent.rows(self._query.entity)
        self._sent.clear()
        self._moved = Moved(self._query, self._cache)

    @property
    def moved_out(self) -> Set[int]:
        """Rows of orders that have another status by now."""
        return self._moved.out

    def answered(self, asked: int) -> None:
        """A page came: it tells itself of what was sent before it was asked for."""
        self._sent = {uid: sent for uid, sent in self._sent.items() if sent > asked}
        self._moved.answered(asked)

    def heirs(self, gone: Set[int], among: "array[int]") -> dict[int, int]:
        """Return rows of ours that went → those that stand for them now and are not among these rows."""
        found = {id_: self.became[id_] for id_ in gone if id_ in self.became}
        return {id_: heir for id_, heir in found.items() if heir not in among}

    # ------------------------------------------------------------ rows

    def once(self, ids: "array[int]") -> "array[int]":
        """Return the cache's rows without those of ours that are there under the server's uid as well."""
        pairs = self._unsent.twins(self._query.entity).items()
        double = {ours for ours, other in pairs if other in ids}
        return array("q", (id_ for id_ in ids if id_ not in double)) if double else ids

    def without(self, ids: "array[int]") -> "array[int]":
        """Return the cache's rows without those that are to be laid in."""
        own = {*self._rows.values(), *self._cache.row_ids(self._query.entity, list(self._sent))}
        return array("q", (id_ for id_ in ids if id_ not in own)) if own else ids

    def lay(self, theirs: "array[int]", *, from_server: bool) -> "array[int]":
        """Return the server's rows, or those read from the copy, as they are to be shown.

        The copy has what was made here. What came into one part of the orders since it was read it has not.
        """
        return self.over(theirs) if from_server or self._query.entity is Entity.ORDER else self.kept(theirs)

    def kept(self, theirs: "array[int]") -> "array[int]":
        """Return rows without those that moved on, or are about to be deleted."""
        gone = self._moved.out
        some = gone or self.aside
        self.out = tuple(at for at, id_ in enumerate(theirs) if id_ < 0 or id_ in gone) if some else ()
        return array("q", (id_ for id_ in theirs if id_ >= 0 and id_ not in gone)) if self.out else theirs

    def over(self, theirs: "array[int]") -> "array[int]":
        """Return the server's rows with ours laid in, and without those that moved on."""
        theirs = self.kept(theirs)
        places = self._places(theirs)
        if not places:
            self.at = ()
            return theirs
        rows, at, done = array("q"), list[int](), 0
        for place, row in places:
            rows.extend(theirs[done:place])
            done = place
            at.append(len(rows))
            rows.append(row)
        self.at = tuple(at)
        return rows + theirs[done:]

    def theirs(self, index: int) -> int:
        """Return how many of the server's rows stand before a place."""
        index -= bisect_left(self.at, index)
        for out in self.out:
            index += out <= index
        return index

    def shown(self, index: int) -> int:
        """Return the place at which a row of the server's is shown."""
        index -= bisect_left(self.out, index)
        for at in self.at:
            index += at <= index
        return index

    def _places(self, theirs: "array[int]") -> list[tuple[int, int]]:
        """Return what is laid in: before which of the server's rows, and the row."""
        if not (self._rows or self._sent or self._moved.into):
            return []
        pairs = self._unsent.twins(self._query.entity).items()
        twins = {ours: other for ours, other in pairs if other in theirs}
        self.became |= twins
        found = self._unsent.matching(self._query, [*self._rows, *self._sent, *self._moved.into])
        new = [row for row in found if row not in twins and row not in theirs]
        places = places_of(new, theirs, lambda ids: self._unsent.in_order(self._query, ids)) if new else {}
        still = (row for row in new if row in places)  # others have gone between two looks into the file
        return sorted(((places[row], row) for row in still), key=lambda pair: pair[0])


def places_of(new: Sequence[int], rows: Sequence[int], in_order: InOrder) -> dict[int, int]:
    """Return before which of the rows (0: not known) each new one belongs; 0 where that cannot be told."""
    known = [at for at, row in enumerate(rows) if row]
    ranks = _ranks(new, [rows[at] for at in known], in_order)
    return {row: _between(known, rank, len(rows)) for row, rank in ranks.items()}


def _between(known: Sequence[int], rank: int, end: int) -> int:
    before = known[rank - 1] if rank else -1
    behind = known[rank] if rank < len(known) else end
    return behind if behind == before + 1 else 0


def _ranks(new: Sequence[int], rows: Sequence[int], in_order: InOrder) -> dict[int, int]:
    """Return how many of the rows, which are in order, stand before each new one."""
    step = -(-len(rows) // PROBES) or 1
    probes = rows[::step]
    between: dict[int, list[int]] = {}
    passed, probing = 0, set(probes)
    for row in in_order([*probes, *new]):
        if row in probing:
            passed += 1
        else:
            between.setdefault(passed, []).append(row)
    ranks: dict[int, int] = {}
    for passed, some in between.items():
        first = (passed - 1) * step + 1 if passed else 0
        rest = rows[first : passed * step] if passed else ()
        ranks |= {row: first + rank for row, rank in _further(some, rest, in_order).items()}
    return ranks


def _further(new: Sequence[int], rows: Sequence[int], in_order: InOrder) -> dict[int, int]:
    return _ranks(new, rows, in_order) if rows else dict.fromkeys(new, 0)
