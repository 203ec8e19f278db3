"""What a delegate is given and must do."""

from typing import Any, Protocol

from PySide6.QtGui import QColor, QPainter, QPixmap

from instica_desktop.qtkit.columns import Column
from instica_desktop.qtkit.theme.colors import color


class Pictures(Protocol):
    """Where delegates get thumbnails; asking starts the loading of what is missing."""

    def pixmap(self, key: str, size: int, dpr: float, radius: int = 0) -> QPixmap | None:
        """Return a picture of `size` px if it is at hand."""
        ...


class Inks:
    """The three levels of text in one state of a row: `plain`, `lifted` (hovered or selected), `off` (not
    usable)."""

    __slots__ = ("primary", "second", "third")

    def __init__(self, primary: QColor, second: QColor, third: QColor) -> None:
        self.primary, self.second, self.third = primary, second, third

    @classmethod
    def plain(cls) -> "Inks":
        """On card: three levels."""
        return cls(color("text"), color("text_2"), color("text_3"))

    @classmethod
    def lifted(cls) -> "Inks":
        """On raised or tint the third level would fall under 4.5:1, so it takes the second's colour."""
        return cls(color("text"), color("text_2"), color("text_2"))

    @classmethod
    def off(cls) -> "Inks":
        """Everything quiet."""
        return cls(color("text_3"), color("text_3"), color("text_3"))


class Cell:
    """One cell while it is painted. Reused for the next one: keep nothing of it."""

    __slots__ = ("column", "compact", "dpr", "h", "inks", "pictures", "row", "selected", "w", "x", "y")

    def __init__(self) -> None:
        self.x = self.y = self.w = self.h = 0
        self.row: Any = None
        self.column: Column | None = None
        self.inks: Inks = Inks.plain()
        self.selected = False
        self.compact = False
        self.dpr = 1.0
        self.pictures: Pictures | None = None


class Delegate:
    """Paints one kind of cell inside (x, y, w, h), which already leaves out the cell's padding."""

    def paint(self, painter: QPainter, cell: Cell, column: Column) -> None:
        """Draw the cell. Must not raise for any row."""
        raise NotImplementedError

    def needs(self, text: str) -> int:
        """Return the room in px in which a text is not cut."""
        return 0

    def paint_skeleton(self, painter: QPainter, cell: Cell, column: Column) -> None:
        """Draw a still block where the value will be."""
        width = min(cell.w, 56)
        offset = {"left": 0, "centre": (cell.w - 24) // 2, "right": cell.w - min(36, cell.w)}[
            column.alignment
        ]
        width = {"left": width, "centre": 24, "right": min(36, cell.w)}[column.alignment]
        block(painter, cell.x + offset, cell.y + cell.h // 2 - 4, width, 8)


def block(painter: QPainter, x: int, y: int, w: int, h: int) -> None:
    """Draw one line of a skeleton."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(color("border"))
    painter.setBrush(color("border"))
    painter.drawRoundedRect(x, y, w, h - 1, 4, 4)
