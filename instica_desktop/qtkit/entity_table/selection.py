"""Which rows are selected: a set of ids, or everything but a set of ids. A million rows cost one flag."""

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QObject, Signal

from instica_desktop.qtkit.entity_table.model import EntityTableModel
from instica_desktop.qtkit.feed import place_of

SCAN_AT_MOST = 8
"""Up to so many ids, looking each one up beats building a set of all."""


class RowSelection(QObject):
    """The selected rows of one table, by id, so that sorting and refreshing do not change them.

    `all_matching` is the logical “everything this query finds”, also what is not loaded; `excluded` are the
    ids taken out of it again. `changed` is emitted once per user action.
    """

    changed = Signal()

    def __init__(self, model: EntityTableModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self.all_matching = False
        self.ids: set[int] = set()
        self.excluded: set[int] = set()
        self._all: Sequence[int] = ()
        self._counted: int | None = None

    def __contains__(self, row_id: int) -> bool:
        if not row_id:
            return self.all_matching
        return row_id not in self.excluded if self.all_matching else row_id in self.ids

    @property
    def count(self) -> int | None:
        """How many rows are selected; None for all of an unknown number."""
        if not self.all_matching:
            return len(self.ids)
        total = self._model.count
        return None if total is None else max(0, total - len(self.excluded))

    @property
    def empty(self) -> bool:
        """Nothing is selected."""
        return self.count == 0

    # ------------------------------------------------------------ changing

    def clear(self) -> None:
        """Select nothing."""
        self._become(False, set())

    def select_all(self) -> None:
        """Select everything the query finds."""
        feed = self._model.feed
        self._all, self._counted = (() if feed is None else feed.ids), self._model.count
        self._become(True, set())

    def select_only(self, first: int, last: int | None = None, *, add: bool = False) -> None:
        """Select the rows first to last, in either order; with `add` besides what is selected."""
        first, last = sorted((first, first if last is None else last))
        wanted = set(self._ids_between(first, last))
        if not add:
            self._become(False, wanted)
        elif self.all_matching:
            self._become(True, self.excluded - wanted)
        else:
            self._become(False, self.ids | wanted)

    def toggle(self, index: int) -> None:
        """Turn one row over."""
        row_id = self._model.id_at(index)
        if row_id:
            chosen = self.excluded if self.all_matching else self.ids
            self._become(self.all_matching, chosen ^ {row_id})

    def select_ids(self, ids: Iterable[int]) -> None:
        """Select exactly these ids."""
        self._become(False, set(ids) - {0})

    def prune(self) -> None:
        """Forget ids the feed no longer holds; what goes by another id now stays selected.

        What is missing while rows are on their way stays too, unless it is certain that it is gone. What
        came since everything was selected is not selected, where it is known what everything was.
        """
        self._leave_out_newcomers()
        feed = self._model.feed
        chosen = self.excluded if self.all_matching else self.ids
        if not chosen or feed is None:
            return
        ids, became = feed.ids, feed.became
        here = {became.get(i, i) for i in chosen} if became else chosen
        if feed.loading:
            kept = here - feed.gone
        elif len(here) <= SCAN_AT_MOST:
            kept = {i for i in here if i in ids}
        else:
            kept = here.intersection(ids)
        if kept != chosen:
            self._become(self.all_matching, kept)

    def _leave_out_newcomers(self) -> None:
        count, counted = self._model.count, self._counted
        grew = counted is not None and count is not None and count > counted
        if self.all_matching and grew and len(self._all) == counted and 0 not in self._all:
            self._become(False, set(self._all) - self.excluded)

    def _become(self, everything: bool, chosen: set[int]) -> None:
        before = (self.all_matching, self.excluded if self.all_matching else self.ids)
        self.all_matching = everything
        self.excluded = chosen if everything else set()
        self.ids = set() if everything else chosen
        if before != (everything, chosen):
            self.changed.emit()

    # ------------------------------------------------------------ reading

    def _ids_between(self, first: int, last: int) -> Iterator[int]:
        ids = () if self._model.feed is None else self._model.feed.ids
        return (row_id for row_id in ids[max(0, first) : last + 1] if row_id)

    def indexes(self, near: int = 0) -> list[int]:
        """Return where the selected rows stand, in order. For all of a million rows this is a long list.

        A few are looked for `near` a row first.
        """
        ids = () if self._model.feed is None else self._model.feed.ids
        if not self.all_matching and len(self.ids) <= SCAN_AT_MOST:
            return sorted(at for at in (place_of(ids, row_id, near) for row_id in self.ids) if at >= 0)
        return [at for at, row_id in enumerate(ids) if row_id and row_id in self]

    def uids(self) -> list[str]:
        """Return the uids of the selected rows that are known, in order.

        For `all_matching` over rows that are not loaded, ask the feed for all uids instead.
        """
        return [uid for uid in (self._model.uid_at(at) for at in self.indexes()) if uid]
