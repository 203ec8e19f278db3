"""Cells of one line of text: words, money, numbers, grades, ages."""

from typing import Literal

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from instica_desktop.qtkit.columns import Column
from instica_desktop.qtkit.delegates.base import Cell, Delegate
from instica_desktop.qtkit.paint import ALIGN, elided, text_width
from instica_desktop.qtkit.theme import fonts
from instica_desktop.qtkit.theme.fonts import Role

Level = Literal["primary", "second", "third"]
TITLE_LINE, SECOND_LINE = 17, 16
"""Heights of the two lines a high row has."""
TWO_LINES = 48
_FLAGS = {name: int(flags) for name, flags in ALIGN.items()}


class PlainDelegate(Delegate):
    """One line in one font; the column says where it stands and when it is said quietly."""

    def __init__(self, role: Role, level: Level, tabular: bool = False) -> None:
        self._role: Role = role
        self._level: Level = level
        self._tabular = tabular

    def paint(self, painter: QPainter, cell: Cell, column: Column) -> None:
        """Draw the column's text."""
        text = column.text(cell.row)
        if not text:
            return
        inks = cell.inks
        quiet = column.muted is not None and column.muted(cell.row)
        painter.setPen(inks.third if quiet else getattr(inks, self._level))
        role: Role = "caption" if quiet else self._role
        painter.setFont(fonts.font(role, self._tabular))
        width = cell.w
        if column.shorter is not None and text_width(text, role, self._tabular) > width:
            text = column.shorter(cell.row)
        shown = elided(text, role, width, self._tabular)
        area = QRect(cell.x, cell.y, width, cell.h)
        if column.second is not None and cell.h >= TWO_LINES:
            area = self._second(painter, cell, column.second(cell.row), area, _FLAGS[column.alignment])
            painter.setPen(inks.third if quiet else getattr(inks, self._level))
            painter.setFont(fonts.font(role, self._tabular))
        painter.drawText(area, _FLAGS[column.alignment], shown)

    @staticmethod
    def _second(painter: QPainter, cell: Cell, text: str, area: QRect, flags: int) -> QRect:
        """Draw the line below and return where the first one stands."""
        top = cell.y + (cell.h - TITLE_LINE - SECOND_LINE) // 2
        painter.setPen(cell.inks.third)
        painter.setFont(fonts.font("caption"))
        below = QRect(cell.x, top + TITLE_LINE, cell.w, SECOND_LINE)
        painter.drawText(below, flags, elided(text, "caption", cell.w))
        return QRect(cell.x, top, cell.w, TITLE_LINE)

    def needs(self, text: str) -> int:
        """Return the width of the line; a pixel more, since letters end between two."""
        return text_width(text, self._role, self._tabular) + 1
