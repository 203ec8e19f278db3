"""Draws the rows of a table: grounds, rules, cells, the bar of a selected row, the frame of the current cell.

The view draws all cells itself instead of letting Qt call a delegate per cell: one call a frame instead of
hundreds, and no question about flags, selection and style options for each of them.
"""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QRegion

from instica_desktop.qtkit.columns import Column
from instica_desktop.qtkit.delegates import Cell, Delegate, delegate_for
from instica_desktop.qtkit.delegates.base import Inks
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.tokens import TABLE_EDGE, TABLE_PAD

if TYPE_CHECKING:
    from instica_desktop.qtkit.entity_table.view import EntityTableView

log = logging.getLogger(__name__)

Slot = tuple[Column, Delegate, int, int]
"""A visible column: what it is, who paints it, left edge and width of its contents."""


class RowPainter:
    """Paints one table. Owned by its view."""

    def __init__(self, view: "EntityTableView") -> None:
        self._view = view
        self._failed: set[str] = set()

    def paint(self, painter: QPainter, region: QRegion) -> None:
        """Draw what a region of the viewport needs, and nothing else."""
        view = self._view
        height = view.row_height
        top = view.verticalHeader().offset()
        rows = view.table_model.rowCount()
        self._begin(painter)
        done: set[tuple[int, int]] = set()
        rects: Iterable[QRect] = region  # pyright: ignore[reportAssignmentType] - iterable at run time
        for rect in rects:
            slots = list(self.slots(rect))
            first = max(0, (top + rect.top()) // height)
            last = min(rows - 1, (top + rect.bottom()) // height)
            for index in range(first, last + 1):
                key = (index, rect.left())
                if key not in done:
                    done.add(key)
                    self._row(painter, index, index * height - top, slots)
        view.skeletons.trim()

    def _begin(self, painter: QPainter) -> None:
        view = self._view
        cell = Cell()
        cell.dpr = painter.device().devicePixelRatio()
        cell.pictures = view.pictures
        cell.compact = view.row_height < 36
        self._cell = cell
        self._plain, self._lifted, self._off = Inks.plain(), Inks.lifted(), Inks.off()
        self._active = view.acted_on() or not view.dims_when_inactive
        self._border = color("border")
        self._current = (view.places.row, view.places.column())

    def slots(self, rect: QRect) -> Iterable[Slot]:
        """Yield the columns that touch `rect`, with the room inside their padding."""
        view = self._view
        header = view.horizontalHeader()
        shown = view.columns_layout.shown()
        for place, logical in enumerate(shown):
            x, width = header.sectionViewportPosition(logical), header.sectionSize(logical)
            if x > rect.right() or x + width <= rect.left():
                continue
            left = TABLE_EDGE if place == 0 else TABLE_PAD
            right = TABLE_EDGE if place == len(shown) - 1 else TABLE_PAD
            column = view.table_model.columns[logical]
            if column.kind == "check":
                left = right = 0
            yield column, delegate_for(column.kind), x + left, max(0, width - left - right)

    def _row(self, painter: QPainter, index: int, y: int, slots: list[Slot]) -> None:
        view, cell = self._view, self._cell
        height = view.row_height
        row = view.table_model.painted(index)
        selected = view.table_model.id_at(index) in view.selection
        current = index == self._current[0]
        hovered = index == view.hovered_row or (current and view.marks_current)
        self._ground(painter, y, selected, hovered)
        cell.y, cell.h, cell.row, cell.selected = y, height - 1, row, selected
        cell.inks = self._lifted if selected or hovered else self._plain
        if row is not None and view.is_dimmed is not None and view.is_dimmed(row):
            cell.inks = self._off
        if row is None:
            self._skeleton(painter, index, slots)
        else:
            view.skeletons.known(index)
            self._cells(painter, row, slots)
        if current and view.marks_current:
            self._bar(painter, y)
        if current:
            self._frame(painter, y)

    def _ground(self, painter: QPainter, y: int, selected: bool, hovered: bool) -> None:
        view = self._view
        width, height = view.viewport().width(), view.row_height
        if selected and self._active:
            painter.fillRect(0, y, width, height - 1, color("tint"))
        elif selected or hovered:
            painter.fillRect(0, y, width, height - 1, color("raised"))
        painter.fillRect(0, y + height - 1, width, 1, self._border)
        if selected:
            self._bar(painter, y)

    def _bar(self, painter: QPainter, y: int) -> None:
        """Mark a selected row, and the current one: the pane shows it, selected or not."""
        painter.fillRect(0, y, 3, self._view.row_height - 1, color("brand" if self._active else "control"))

    def _cells(self, painter: QPainter, row: Any, slots: list[Slot]) -> None:
        cell = self._cell
        for column, delegate, x, width in slots:
            cell.x, cell.w, cell.column = x, width, column
            try:
                delegate.paint(painter, cell, column)
            except Exception as error:  # noqa: BLE001 - one column must not spoil the others
                self._complain(column, error)

    def _complain(self, column: Column, error: Exception) -> None:
        if column.key not in self._failed:
            self._failed.add(column.key)
            log.error("painting the column %s failed", column.key, exc_info=error)

    def _skeleton(self, painter: QPainter, index: int, slots: list[Slot]) -> None:
        if not self._view.skeletons.visible(index):
            return
        for column, delegate, x, width in slots:
            self._cell.x, self._cell.w, self._cell.column = x, width, column
            delegate.paint_skeleton(painter, self._cell, column)

    def _frame(self, painter: QPainter, y: int) -> None:
        """Draw the current cell's frame while keys reach the table; an editor over the cell has its own."""
        view = self._view
        logical = self._current[1]
        header = view.horizontalHeader()
        framed = view.frames_current and view.keyboard_here() and not view.editing.active()
        if not framed or header.isSectionHidden(logical):
            return
        x, width, height = (
            header.sectionViewportPosition(logical),
            header.sectionSize(logical),
            view.row_height,
        )
        ink = color("brand")
        for area in ((x, y, width, 2), (x, y + height - 3, width, 2), (x, y, 2, height - 1)):
            painter.fillRect(*area, ink)
        painter.fillRect(x + width - 2, y, 2, height - 1, ink)
