"""Cells with a status pill."""

from PySide6.QtGui import QPainter

from instica_desktop.qtkit.columns import BadgeValue, Column
from instica_desktop.qtkit.delegates.base import Cell, Delegate
from instica_desktop.qtkit.paint import badge, badge_width, elided

HEIGHT = 20


class BadgeDelegate(Delegate):
    """Draws a `BadgeValue`; nothing for None."""

    def paint(self, painter: QPainter, cell: Cell, column: Column) -> None:
        """Draw the pill at the cell's left, centre or right."""
        value = column.value(cell.row)
        if not isinstance(value, BadgeValue):
            return
        text = value.text
        width = badge_width(text)
        if width > cell.w:
            text = elided(text, "micro", max(8, cell.w - 16))
            width = badge_width(text)
        left = {"left": 0, "centre": (cell.w - width) // 2, "right": cell.w - width}[column.alignment]
        height = HEIGHT if cell.h >= HEIGHT + 4 else cell.h
        badge(painter, cell.x + left, cell.y + (cell.h - height) // 2, text, value.tone, height=height)

    def needs(self, text: str) -> int:
        """Return the width of the pill, and a pixel more, since letters end between two."""
        return badge_width(text) + 1
