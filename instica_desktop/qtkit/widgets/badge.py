"""Pills with a word: status badges and row marks."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.theme.tokens import Tone


class Badge(QWidget):
    """A status pill, 20 px high. The tone repeats what the word says."""

    _height, _pad = 20, 8

    def __init__(
        self, text: str = "", tone: Tone = "neutral", parent: QWidget | None = None, *, icon: str = ""
    ) -> None:
        super().__init__(parent)
        self._text, self._icon = text, icon
        self._tone: Tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_badge(text, tone, icon)

    @property
    def text(self) -> str:
        """The word."""
        return self._text

    @property
    def tone(self) -> Tone:
        """The tone."""
        return self._tone

    def set_badge(self, text: str, tone: Tone, icon: str = "") -> None:
        """Change word, tone and icon."""
        self._text, self._tone, self._icon = text, tone, icon
        self.setAccessibleName(text)
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of word and padding."""
        return QSize(paint.badge_width(self._text, bool(self._icon), self._pad), self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pill."""
        paint.badge(
            QPainter(self), 0, 0, self._text, self._tone, icon=self._icon, height=self._height, pad=self._pad
        )


class RowMark(Badge):
    """What is not sent yet, 18 px high with an icon: Pending, Sending, Conflict, Unknown."""

    _height, _pad = 18, 6

    def __init__(self, icon: str, text: str, tone: Tone = "warning", parent: QWidget | None = None) -> None:
        super().__init__(text, tone, parent, icon=icon)
