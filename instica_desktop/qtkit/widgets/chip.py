"""A word that can be taken away again, such as a tag: 28 px high with a cross."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import name_widget
from instica_desktop.qtkit.theme import fonts, icons
from instica_desktop.qtkit.theme.colors import color, scheme
from instica_desktop.qtkit.widgets.focus_ring import attach_ring

HEIGHT = 28
CROSS = 14


class Chip(QPushButton):
    """Shows a word. A click on the cross, Delete or Backspace emits `removed`; a click on the word
    `clicked`."""

    removed = Signal()

    def __init__(
        self, text: str, name: str, parent: QWidget | None = None, *, removable: bool = True
    ) -> None:
        super().__init__(parent)
        name_widget(self, name, text, "Delete removes it." if removable else "")
        self._words, self._removable = text, removable
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAutoDefault(False)
        self.setFixedHeight(HEIGHT)
        attach_ring(self, 0, 14)

    @property
    def words(self) -> str:
        """The word."""
        return self._words

    def sizeHint(self) -> QSize:
        """Return word, cross and padding."""
        width = paint.text_width(self._words, "caption") + 20
        return QSize(width + (CROSS + 2 if self._removable else 0), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw pill, word and cross."""
        painter = QPainter(self)
        lively = self.underMouse() and self.isEnabled()
        fill = color("raised" if lively else "card")
        paint.rounded(
            painter, QRectF(self.rect()), 14, fill, color("edge" if scheme() == "dark" else "border")
        )
        painter.setPen(color("text_2" if self.isEnabled() else "text_3"))
        painter.setFont(fonts.font("caption"))
        painter.drawText(self.rect().adjusted(10, 0, 0, 0), int(paint.LEFT), self._words)
        if self._removable:
            icons.paint(painter, self.width() - CROSS - 7, 7, "x", "text_2", CROSS)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell a click on the cross from one on the word."""
        on_cross = self._removable and event.position().x() >= self.width() - CROSS - 10
        if on_cross and self.rect().contains(event.position().toPoint()):
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Remove by keyboard."""
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return
        super().keyPressEvent(event)
