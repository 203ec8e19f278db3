"""A cell of the status bar: dot, icon or spinner and a few words; as a button it opens what explains it."""

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import name_widget
from instica_desktop.qtkit.theme import fonts, icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.fonts import Role
from instica_desktop.qtkit.theme.tokens import Token
from instica_desktop.qtkit.widgets.enter_key import pressed_by
from instica_desktop.qtkit.widgets.focus_ring import attach_ring

Look = Literal["plain", "open", "warning", "error", "link"]
_LOOKS: dict[Look, tuple[Token | None, Token]] = {
    "plain": (None, "text_2"),
    "open": ("tint", "on_tint"),
    "warning": ("warning_bg", "warning_text"),
    "error": ("error_bg", "error_text"),
    "link": (None, "brand"),
}
HEIGHT = 24


class StatusCell(QPushButton):
    """24 px high. A cell that is not `clickable` takes no focus. `working` draws an open circle as its
    icon."""

    def __init__(self, name: str, parent: QWidget | None = None, *, clickable: bool = True) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._words, self._icon, self._working = "", "", False
        self._dot: Token | None = None
        self._look: Look = "plain"
        self._clickable = clickable
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAutoDefault(False)
        if not clickable:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        attach_ring(self, -2, 6)

    def set_cell(
        self,
        words: str,
        *,
        icon: str = "",
        dot: Token | None = None,
        working: bool = False,
        look: Look = "plain",
    ) -> None:
        """Say something. Exactly one of icon, dot and working may stand in front."""
        self._words, self._icon, self._dot, self._working, self._look = words, icon, dot, working, look
        name_widget(self, self.objectName(), words)
        self.updateGeometry()
        self.update()

    @property
    def words(self) -> str:
        """The words shown."""
        return self._words

    @property
    def look(self) -> Look:
        """The look in force."""
        return self._look

    def _role(self) -> Role:
        return "caption" if self._look == "plain" else "caption_strong"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Enter too."""
        if not pressed_by(event, self):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Return sign, words and padding."""
        sign = 20 if self._icon or self._working else 14 if self._dot else 0
        return QSize(16 + sign + paint.text_width(self._words, self._role(), True), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, sign and words."""
        painter = QPainter(self)
        ground, ink = _LOOKS[self._look]
        if ground is None and self._clickable and self.underMouse() and self.isEnabled():
            ground = "raised"
            ink = "text_2" if ink == "brand" else ink
        if ground is not None:
            paint.rounded(painter, QRectF(self.rect()), 6, color(ground))
        left = 8
        if self._working:
            paint.spinner(painter, left, 5, 14, ink)
            left += 20
        elif self._icon:
            icons.paint(painter, left, 5, self._icon, ink, 14)
            left += 20
        elif self._dot is not None:
            paint.rounded(painter, QRectF(left, 8, 8, 8), 4, color(self._dot))
            left += 14
        painter.setPen(color(ink))
        painter.setFont(fonts.font(self._role(), True))
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), int(paint.LEFT), self._words)
