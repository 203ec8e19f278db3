"""Small parts of the page: a still icon, and the bar that shows what takes the room."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.tokens import Token

BAR = 12
GAP = 2


class Icon(QWidget):
    """A still icon beside words that say the same."""

    def __init__(self, name: str, parent: QWidget, *, token: Token = "text_2", size: int = 16) -> None:
        super().__init__(parent)
        self._name, self._size = name, size
        self._token: Token = token
        self.setFixedSize(size, size)

    def set_icon(self, name: str, token: Token) -> None:
        """Show another icon."""
        self._name, self._token = name, token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        icons.paint(QPainter(self), 0, 0, self._name, self._token, self._size)


class Swatch(QWidget):
    """A square in the colour a part has in the bar."""

    def __init__(self, token: Token, parent: QWidget) -> None:
        super().__init__(parent)
        self._token: Token = token
        self.setFixedSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._token))
        painter.drawRoundedRect(self.rect(), 3, 3)


class ShareBar(QWidget):
    """One bar, cut into the parts that take the room."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("storageBar")
        self._parts: Sequence[tuple[Token, int]] = ()
        self.setFixedHeight(BAR)

    def set_parts(self, parts: Sequence[tuple[Token, int]], words: str) -> None:
        """Show parts by colour and size; `words` say the same."""
        self._parts = parts
        self.setAccessibleName(words)
        self.update()

    def spans(self) -> list[tuple[Token, float, float]]:
        """Return colour, left edge and width of each part that is there, wide enough to be seen."""
        parts: list[tuple[Token, int]] = [part for part in self._parts if part[1] > 0]
        room = self.width() - GAP * max(0, len(parts) - 1)
        widths = [max(4.0, room * size / sum(size for _, size in parts)) for _, size in parts]
        over, found, left = sum(widths) - room, list[tuple[Token, float, float]](), 0.0
        for (token, _), width in zip(parts, widths, strict=True):
            width -= over if width == max(widths) else 0
            found.append((token, left, width))
            left += width + GAP
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the track and the parts in it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(self.rect()), BAR / 2, BAR / 2)
        painter.setClipPath(shape)
        painter.fillRect(self.rect(), color("raised" if not self.spans() else "card"))
        for token, left, width in self.spans():
            painter.fillRect(QRectF(left, 0, width, BAR), color(token))
