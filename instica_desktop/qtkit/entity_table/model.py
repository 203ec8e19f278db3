"""Rows of a feed as a Qt table model: ids and a count, rows read when they are painted."""

import logging
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from instica_desktop.qtkit.columns import Column
from instica_desktop.qtkit.feed import RowFeed, event_kind
from instica_desktop.qtkit.text import plain

log = logging.getLogger(__name__)

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
_ALIGN = int(Qt.ItemDataRole.TextAlignmentRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_ANSWERED = frozenset({_DISPLAY, _TOOLTIP, _ALIGN, _SPOKEN})
_HORIZONTAL = Qt.Orientation.Horizontal
_ALIGNMENTS = {
    "left": Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
    "right": Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
    "centre": Qt.AlignmentFlag.AlignCenter,
}
KEPT_ROWS = 512
"""Rows kept as they last were, so that a refresh never turns a painted row into blocks."""

Index = QModelIndex | QPersistentModelIndex


class EntityTableModel(QAbstractTableModel):
    """The rows of one feed. `count_changed` carries the number of rows, or None while it is unknown.

    A feed's reset keeps Qt's rows and adds or drops at the end, so that scrolling survives. `moved` tells,
    before the number or the state is told, that rows read differently (False) or that any of them may have
    come, gone or moved (True). `hearing` is true while Qt is told of it: what Qt then does with its current
    index is no act of a person.
    """

    count_changed = Signal(object)
    state_changed = Signal()
    feed_changed = Signal()
    moved = Signal(bool)

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = tuple(columns)
        self.feed: RowFeed | None = None
        self._rows = 0
        self._last: dict[int, Any] = {}
        self._complained = False
        self.hearing = False

    # ------------------------------------------------------------ feed

    def set_results(self, feed: RowFeed | None) -> None:
        """Show another feed; None shows nothing. The former feed is not closed."""
        self._stop_listening()
        self.hearing = True
        self.beginResetModel()
        self.feed = feed
        self._last.clear()
        self._complained = False
        self._rows = self._wanted_rows()
        self.endResetModel()
        self.hearing = False
        if feed is not None:
            feed.listeners.append(self._heard)
        self.feed_changed.emit()
        self.count_changed.emit(self.count)
        self.state_changed.emit()

    def _stop_listening(self) -> None:
        if self.feed is not None and self._heard in self.feed.listeners:
            self.feed.listeners.remove(self._heard)

    def _heard(self, event: Any) -> None:
        kind = event_kind(event)
        self.hearing = True
        if kind in ("count", "reset"):
            self._resize()
        if kind == "rows":
            self._announce(event.first, event.last)
        elif kind == "reset":
            self._announce(0, self._rows - 1)
        self.hearing = False
        if kind != "state":
            self.moved.emit(kind != "rows" or self.loading)
        if kind in ("count", "reset"):
            self.count_changed.emit(self.count)
        if kind in ("state", "reset"):
            self.state_changed.emit()

    def _wanted_rows(self) -> int:
        feed = self.feed
        if feed is None:
            return 0
        return len(feed.ids) if feed.count is None else feed.count

    def _resize(self) -> None:
        """Add or drop rows at the end until Qt has as many as the feed."""
        wanted = self._wanted_rows()
        if wanted > self._rows:
            self.beginInsertRows(QModelIndex(), self._rows, wanted - 1)
            self._rows = wanted
            self.endInsertRows()
        elif wanted < self._rows:
            self.beginRemoveRows(QModelIndex(), wanted, self._rows - 1)
            self._rows = wanted
            self.endRemoveRows()

    def _announce(self, first: int, last: int) -> None:
        first, last = max(0, first), min(last, self._rows - 1)
        if first <= last and self.columns:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    # ------------------------------------------------------------ rows

    @property
    def loading(self) -> bool:
        """Rows may still be on their way."""
        return self.feed is not None and self.feed.loading

    @property
    def count(self) -> int | None:
        """Rows in all; None while unknown or without a feed."""
        return None if self.feed is None else self.feed.count

    def row(self, index: int) -> Any | None:
        """Return a row as the feed has it, or None while that does not. What acts asks here. Never raises."""
        if self.feed is None or not 0 <= index < self._rows:
            return None
        try:
            row = self.feed.row(index)
        except Exception as error:  # noqa: BLE001 - data() never raises; the first failure is logged
            self._complain("reading", error)
            return None
        if row is None or row.id != (self.id_at(index) or row.id):
            return None  # a row that is another record than its id says is none
        self._keep(row)
        return row

    def painted(self, index: int) -> Any | None:
        """Return a row, or how the record that stands there was last. For the eye only, never for an act."""
        row = self.row(index)
        return self._last.get(self.id_at(index)) if row is None else row

    def _keep(self, row: Any) -> None:
        if len(self._last) >= KEPT_ROWS and row.id not in self._last:
            self._last.pop(next(iter(self._last)))
        self._last[row.id] = row

    def id_at(self, index: int) -> int:
        """Return the id of a row, 0 while unknown."""
        ids = () if self.feed is None else self.feed.ids
        return ids[index] if 0 <= index < len(ids) else 0

    def uid_at(self, index: int) -> str:
        """Return the uid of a row, empty while unknown."""
        row = self.row(index)
        return "" if row is None else str(row.uid)

    def is_known(self, index: int) -> bool:
        """Tell whether the row can be read."""
        return self.row(index) is not None

    def index_of(self, uid: str) -> int | None:
        """Return where a record stands, or None."""
        return self.feed.index_of(uid) if self.feed is not None and uid else None

    def column_index(self, key: str) -> int:
        """Return a column's place by its key, -1 for none."""
        return next((at for at, column in enumerate(self.columns) if column.key == key), -1)

    def _complain(self, doing: str, error: Exception) -> None:
        """Log the first failure of a feed only: a table paints hundreds of cells a frame."""
        if not self._complained:
            self._complained = True
            log.error("%s a row failed", doing, exc_info=error)

    # ------------------------------------------------------------ Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the rows Qt knows of."""
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return the columns, hidden ones too."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """Return words, alignment, tooltip or spoken text. Never raises, never waits."""
        if role not in _ANSWERED or not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == _ALIGN:
            return _ALIGNMENTS[column.alignment]
        row = self.painted(index.row())
        if row is None:
            return "…" if role == _DISPLAY else None
        try:
            return _answer(column, row, role)
        except Exception as error:  # noqa: BLE001 - as above
            self._complain("showing", error)
            return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Return the headings."""
        if role not in _ANSWERED or orientation != _HORIZONTAL or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        return _ALIGNMENTS[column.alignment] if role == _ALIGN else column.title


def _answer(column: Column, row: Any, role: int) -> Any:
    if role == _DISPLAY:
        return column.text(row)
    if role == _TOOLTIP:
        return plain(column.tooltip(row)) if column.tooltip is not None else None
    return column.accessible(row) if column.accessible is not None else column.text(row)
