"""Who is meant: the one owner of the current record, the anchor of Shift and the record whose cell is open.

Records are held by identity (row id and uid), never by number. Numbers are looked up again whenever the rows
may have moved; Qt's current index follows from here and is never asked.

A record that is missing while rows are still on their way, or stand unread, is waited for: it stays current,
nothing else is highlighted. Once it is certain that it went, `heir` tells who follows: the record at the same
height where the user's act, not sent yet, took it away; nobody where it went by itself, so that the next key
reaches no record that was not chosen; itself while it is worked on. Unless it stays, `left` says so first,
and the keyboard's cell goes back to the first column, so that no cell of another record stays framed.
"""

from collections.abc import Callable
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Signal

from instica_desktop.qtkit.entity_table.model import EntityTableModel
from instica_desktop.qtkit.feed import place_of


class Heir(Enum):
    """Who is current after the current record went from the rows."""

    NEXT = "next"
    """The record that stands at its height by now."""
    NOBODY = "nobody"
    """None, until somebody moves: the arrows go on from where it stood."""
    ITSELF = "itself"
    """The record that went: somebody works on it."""


class Mark:
    """One record that is watched. `row` is where it stands, -1 nowhere; `place` where it stood last."""

    __slots__ = ("id", "place", "row", "uid")

    def __init__(self, row: int, row_id: int, uid: str) -> None:
        self.row = self.place = row
        self.id = row_id
        self.uid = uid


class Places(QObject):
    """The marks of one table. `here` is the current record, `key` the column the keyboard is on.

    Signals: `changed(row or None)` another record is current, or it is known only now; `left(row)` the
    current record is no longer among the rows, before `changed` tells which one took its place; `lost(mark)`
    a record watched went; `pointed()` the current record stands elsewhere.
    """

    changed = Signal(object)
    left = Signal(object)
    lost = Signal(object)
    pointed = Signal()

    def __init__(self, model: EntityTableModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self.here: Mark | None = None
        self.anchor: Mark | None = None
        self.key = ""
        self._watched: list[Mark] = []
        self._said: Any = None
        self.heir: Callable[[Any], Heir] = _next
        """Tells of the current record, which went, who is current after it."""
        self.vacant = False
        """The current record went and nobody took its place."""
        self._sought = False  # other rows are shown, and the record is not among them yet
        self.at_head = False
        """Nobody chose: whatever stands first is current until the first answer is there."""

    # ------------------------------------------------------------ asking

    @property
    def row(self) -> int:
        """Where the current record stands, -1 for nowhere."""
        return -1 if self.here is None else self.here.row

    def record(self) -> Any | None:
        """Return the current record as it is now; as it was last while it is waited for or cannot be read."""
        here, said = self.here, self._said
        if here is None or self.vacant:
            return None
        row = self._model.row(here.row) if here.row >= 0 else said
        return said if row is None and said is not None and said.uid == here.uid else row

    def beside(self, by: int) -> int:
        """Return the row so many from the current record, also while that is missing from the rows."""
        if self.here is None:
            return by - 1 if by > 0 else by
        missing = self.here.row < 0 < by
        return self.here.place + by - missing

    def column(self) -> int:
        """Return the column the keyboard is on."""
        return max(0, self._model.column_index(self.key))

    # ------------------------------------------------------------ choosing

    def choose(self, row: int, key: str = "") -> None:
        """Make the record at a row current."""
        self.key = key or self.key
        self.at_head = False
        self._stand_on(row)

    def begin(self) -> None:
        """Stand on the first row, whichever that is when the first answer is there or somebody acts."""
        self._stand_on(0)
        self.at_head = self._model.loading

    def take_hold(self) -> None:
        """Somebody works on the current record: it is chosen."""
        self.at_head = False

    def set_anchor(self, row: int) -> None:
        """Let a selection with Shift begin at a row."""
        self.anchor = self._mark(row)

    def anchor_row(self) -> int:
        """Return where a selection with Shift begins: without an anchor where the current record stands or
        stood last.
        """
        at = self.anchor.row if self.anchor is not None else -1
        if at < 0 and self.here is not None:
            at = self.row if self.row >= 0 else min(self.here.place, self._model.rowCount() - 1)
        return max(0, at)

    def watch(self, row: int) -> Mark:
        """Keep an eye on one more record."""
        self._watched.append(mark := self._mark(row))
        return mark

    def unwatch(self, mark: Mark | None) -> None:
        """Forget it."""
        if mark in self._watched:
            self._watched.remove(mark)

    def clear(self, *, stay: bool) -> None:
        """Other rows are shown. `stay` on the record, which is waited for, or stand nowhere."""
        self.at_head = False
        marks = [mark for mark in (self.here, self.anchor) if mark is not None]
        if stay and all(mark.uid for mark in marks):
            for mark in marks:
                mark.row, mark.place = -1, 0
            self._sought = bool(marks)
            return
        self.here = self.anchor = None
        self.vacant = False
        self._say()

    # ------------------------------------------------------------ following

    def follow(self) -> None:
        """The rows may have moved, come or gone: find every record again."""
        for mark in self._watched[:]:
            if self._find(mark) < 0 and self._is_gone(mark):
                self._watched.remove(mark)
                self.lost.emit(mark)
        if self.anchor is not None and self._find(self.anchor) < 0 and self._is_gone(self.anchor):
            self.anchor = None
        self._follow_current()

    def _follow_current(self) -> None:
        here = self.here
        if here is None:
            return None
        before = here.row
        found = self._find(here)
        if self.at_head:
            if found == 0:
                self._say()
            else:
                self._stand_on(0)
            self.at_head = self.at_head and self._model.loading
            return None
        if found < 0 and self._is_gone(here):
            return self._give_up(here)
        if here.row != before:
            self._sought = self.vacant = False
            self.pointed.emit()
        self._say()
        return None

    def _give_up(self, gone: Mark) -> None:
        if self.vacant:
            return
        heir = Heir.NEXT if self._said is None else self.heir(self._said)
        if heir is not Heir.ITSELF:
            self.key = ""
            self.left.emit(self._said)
        if heir is Heir.NEXT:
            self._stand_on(min(gone.place, self._model.rowCount() - 1))
            return
        self._sought, self.vacant = False, heir is Heir.NOBODY
        self.pointed.emit()
        self._say()

    def _stand_on(self, row: int) -> None:
        self._sought = self.vacant = False
        here = 0 <= row < self._model.rowCount()
        self.here = self._mark(row) if here else None
        self.pointed.emit()
        self._say()

    def _say(self) -> None:
        """Tell who is current, unless that was told already."""
        record = self.record()
        said, self._said = self._said, record
        if (said is None) is not (record is None) or (record is not None and said.uid != record.uid):
            self.changed.emit(record)

    # ------------------------------------------------------------ finding

    def _mark(self, row: int) -> Mark:
        return Mark(row, self._model.id_at(row), self._model.uid_at(row))

    def _find(self, mark: Mark) -> int:
        """Note where a record stands now, and what it is called now."""
        at = self._where(mark)
        mark.row = at if at < self._model.rowCount() else -1
        if mark.row >= 0:
            mark.place = mark.row
            mark.id = self._model.id_at(mark.row)
            mark.uid = self._model.uid_at(mark.row) or mark.uid
        return mark.row

    def _where(self, mark: Mark) -> int:
        feed = self._model.feed
        if feed is None:
            return -1
        ids = feed.ids
        if not mark.id and not mark.uid:
            return mark.row  # it was never known: the place itself is meant
        at = mark.row if 0 <= mark.row < len(ids) and ids[mark.row] == mark.id else -1
        if at < 0:
            at = place_of(ids, mark.id, mark.place)
        if at >= 0 and self._is_named(at, mark.uid):
            return at
        if mark.id in feed.became:
            mark.id = feed.became[mark.id]
            at = place_of(ids, mark.id, mark.place)
            if at >= 0:
                return at
        named = feed.index_of(mark.uid) if mark.uid else None
        return -1 if named is None else named

    def _is_named(self, at: int, uid: str) -> bool:
        """Tell whether the record of an id is still the one: ids are given anew when a copy is read anew."""
        return self._model.uid_at(at) in ("", uid) or not uid

    def _is_gone(self, mark: Mark) -> bool:
        feed = self._model.feed
        if feed is None or mark.id in feed.gone:
            return True
        return not feed.loading and (self._sought or not self._rows_unread())

    def _rows_unread(self) -> bool:
        feed = self._model.feed
        return feed is not None and (len(feed.ids) < self._model.rowCount() or 0 in feed.ids)


def _next(_record: Any) -> Heir:
    """Whoever left made room for the next."""
    return Heir.NEXT
