"""The box in front of a row that shows whether it is selected."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from instica_desktop.qtkit.columns import Column
from instica_desktop.qtkit.delegates.base import Cell, Delegate
from instica_desktop.qtkit.paint import checkbox


class CheckDelegate(Delegate):
    """Draws the selection as a check box; the table changes it on a click."""

    def paint(self, painter: QPainter, cell: Cell, column: Column) -> None:
        """Draw the box in the middle."""
        state = Qt.CheckState.Checked if cell.selected else Qt.CheckState.Unchecked
        checkbox(painter, cell.x + (cell.w - 16) // 2, cell.y + (cell.h - 16) // 2, state)

    def paint_skeleton(self, painter: QPainter, cell: Cell, column: Column) -> None:
        """Draw nothing: a row that is not known cannot be chosen."""
