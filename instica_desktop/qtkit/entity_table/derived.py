"""What Qt, and assistive technology through it, is told of a table: derived from `places` and selection."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QObject

from instica_desktop.qtkit.entity_table.selection import SCAN_AT_MOST

if TYPE_CHECKING:
    from instica_desktop.qtkit.entity_table.view import EntityTableView


class Derived(QObject):
    """Qt's current index and selection of one table. Not the truth, unless somebody moves through Qt."""

    def __init__(self, view: "EntityTableView") -> None:
        super().__init__(view)
        self._view = view
        self._deaf = False
        view.places.pointed.connect(self.point)
        view.selectionModel().currentChanged.connect(self._moved)

    def index(self) -> QModelIndex:
        """Return the cell the keyboard is on."""
        model, places = self._view.table_model, self._view.places
        return model.index(places.row, places.column()) if places.row >= 0 else QModelIndex()

    @contextmanager
    def unheard(self) -> Generator[None]:
        """Let Qt do what it does by itself: no person moves meanwhile."""
        before, self._deaf = self._deaf, True  # one such move may lead to another
        try:
            yield
        finally:
            self._deaf = before

    def point(self) -> None:
        """Tell Qt where the current cell is."""
        view = self._view
        former, here = view.currentIndex(), self.index()
        with self.unheard():
            view.selectionModel().setCurrentIndex(here, QItemSelectionModel.SelectionFlag.NoUpdate)
        for row in {former.row(), here.row()} - {-1}:
            view.viewport().update(view.row_rect(row))

    def select(self) -> None:
        """Repeat a small selection to Qt, whose accessibility asks its own selection model."""
        view, chosen = self._view, QItemSelection()
        if not view.selection.all_matching and len(view.selection.ids) <= SCAN_AT_MOST:
            last = len(view.table_model.columns) - 1
            for at in view.selection.indexes(max(0, view.places.row)):
                chosen.select(view.table_model.index(at, 0), view.table_model.index(at, last))
        view.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _moved(self, current: QModelIndex, _previous: QModelIndex) -> None:
        """Take over a move that came through Qt, as from a screen reader; not what Qt does by itself."""
        view = self._view
        if not self._deaf and not view.table_model.hearing and current.isValid():
            view.go_to(current.row(), view.table_model.columns[current.column()].key)
