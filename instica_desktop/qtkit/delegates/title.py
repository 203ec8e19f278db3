"""The main cell of a row: thumbnail, title, subtitle and the mark of what is not sent yet."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPixmap

from instica_desktop.qtkit.columns import Column, MarkValue, TitleValue
from instica_desktop.qtkit.delegates.base import Cell, Delegate, block
from instica_desktop.qtkit.paint import LEFT, badge, badge_width, elided, rounded, text_width
from instica_desktop.qtkit.theme import fonts, icons
from instica_desktop.qtkit.theme.colors import color

_LEFT = int(LEFT)
WORDLESS_UNDER = 180
"""Under this width the mark keeps its icon and drops its word."""


class TitleDelegate(Delegate):
    """Draws a `TitleValue` on two lines, or on one when the row is low."""

    def paint(self, painter: QPainter, cell: Cell, column: Column) -> None:
        """Draw picture, words and mark."""
        value = column.value(cell.row)
        if not isinstance(value, TitleValue):
            return
        side = _thumbnail(painter, cell, value.image)
        left = cell.x + side
        width = cell.w - side
        if cell.compact:
            _one_line(painter, cell, value, left, width)
        else:
            _two_lines(painter, cell, value, left, width)

    def paint_skeleton(self, painter: QPainter, cell: Cell, column: Column) -> None:
        """Draw a square and lines."""
        size = 20 if cell.compact else 36
        area = QRectF(cell.x, cell.y + (cell.h - size) / 2, size, size)
        rounded(painter, area, 4 if cell.compact else 6, color("raised"))
        left = cell.x + size + (8 if cell.compact else 12)
        middle = cell.y + cell.h // 2
        if cell.compact:
            block(painter, left, middle - 4, min(132, cell.w - size - 12), 8)
            return
        block(painter, left, middle - 12, min(132, cell.w - size - 16), 8)
        block(painter, left, middle + 4, min(84, cell.w - size - 16), 8)


def _thumbnail(painter: QPainter, cell: Cell, key: str) -> int:
    """Draw the picture and return how much width it and its gap take."""
    size, radius, gap = (20, 4, 8) if cell.compact else (36, 6, 12)
    y = cell.y + (cell.h - size) // 2
    pictures = cell.pictures
    picture = pictures.pixmap(key, size, cell.dpr, radius) if pictures is not None and key else None
    if picture is not None:
        painter.drawPixmap(cell.x, y, picture)
    else:
        painter.drawPixmap(cell.x, y, _placeholder(size, radius, cell.dpr))
    return size + gap


def _placeholder(size: int, radius: int, dpr: float) -> QPixmap:
    return icons.tile("disc-3", "text_3", "raised", size, radius, max(12, size // 2), dpr)


def _two_lines(painter: QPainter, cell: Cell, value: TitleValue, left: int, width: int) -> None:
    top = cell.y + (cell.h - 33) // 2
    painter.setPen(cell.inks.primary)
    painter.setFont(fonts.font("medium"))
    if not value.subtitle and value.mark is None:
        painter.drawText(QRect(left, cell.y, width, cell.h), _LEFT, elided(value.title, "medium", width))
        return
    painter.drawText(QRect(left, top, width, 17), _LEFT, elided(value.title, "medium", width))
    room = width
    if value.mark is not None:
        room = _mark(painter, value, left, top + 17, width, cell.w < WORDLESS_UNDER)
    painter.setPen(cell.inks.third)
    painter.setFont(fonts.font("caption"))
    painter.drawText(QRect(left, top + 17, room, 16), _LEFT, elided(value.subtitle, "caption", room))


def _mark(painter: QPainter, value: TitleValue, left: int, top: int, width: int, wordless: bool) -> int:
    """Draw the mark behind the subtitle and return the width left for the subtitle."""
    mark: MarkValue = value.mark  # pyright: ignore[reportAssignmentType]
    word = "" if wordless else mark.text
    mark_width = badge_width(word, True, 6)
    room = max(0, width - mark_width - 8)
    used = min(room, text_width(value.subtitle, "caption"))
    badge(painter, left + used + (8 if used else 0), top, word, mark.tone, icon=mark.icon, height=16, pad=6)
    return room


def _one_line(painter: QPainter, cell: Cell, value: TitleValue, left: int, width: int) -> None:
    if value.mark is not None:
        mark_width = badge_width("", True, 6)
        width -= mark_width + 8
        y = cell.y + (cell.h - 16) // 2
        badge(painter, left + width + 8, y, "", value.mark.tone, icon=value.mark.icon, height=16, pad=6)
    title = elided(value.title, "medium", width)
    painter.setPen(cell.inks.primary)
    painter.setFont(fonts.font("medium"))
    painter.drawText(QRect(left, cell.y, width, cell.h), _LEFT, title)
    used = text_width(title, "medium") + 6
    if value.subtitle and width - used > 24:
        painter.setPen(cell.inks.third)
        painter.setFont(fonts.font("body"))
        shown = elided(value.subtitle, "body", width - used)
        painter.drawText(QRect(left + used, cell.y, width - used, cell.h), _LEFT, shown)
