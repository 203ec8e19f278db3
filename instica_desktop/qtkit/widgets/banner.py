"""What is said on the spot: in one line, of the data shown; or in several, of what went wrong."""

from typing import Literal

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import ElidedLabel, Label, name_widget
from instica_desktop.qtkit.theme import colors, icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.tokens import TONES
from instica_desktop.qtkit.widgets.button import Button

BannerTone = Literal["warning", "info", "error", "success"]
_ICONS = {"warning": "triangle-alert", "info": "info", "error": "circle-alert", "success": "circle-check"}


class _Word(Button):
    """The action's word, in the banner's own colour."""

    tone: BannerTone = "warning"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.underMouse():
            ground = colors.tone(self.tone)[1]
            faint = ground.toRgb()
            faint.setAlpha(28)
            paint.rounded(painter, QRectF(self.rect()), 6, faint)
        painter.setPen(colors.tone(self.tone)[1])
        painter.setFont(self.font())
        painter.drawText(self.rect(), int(paint.CENTRE), self.text())


class Banner(QWidget):
    """Icon, sentence and perhaps one action, 32 px high on a tone's ground. `acted` is the press of the
    action."""

    acted = Signal()

    def __init__(
        self,
        name: str,
        parent: QWidget | None = None,
        *,
        tone: BannerTone = "warning",
        action: str = "",
        wrap: bool = False,
    ) -> None:
        """`wrap`: a sentence that is too long for one line takes more, instead of being cut."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setMinimumHeight(32)
        if not wrap:
            self.setFixedHeight(32)
        self._tone: BannerTone = tone
        self._label: ElidedLabel | Label = (
            Label("", self, role="caption", ink=tone, wrap=True)
            if wrap
            else ElidedLabel("", self, role="caption", ink=tone)
        )
        self._action = _Word(action, f"{name}Action", self, variant="link", height=24)
        self._action.tone = tone
        self._action.setVisible(bool(action))
        self._action.clicked.connect(self.acted)
        row = QHBoxLayout(self)
        row.setContentsMargins(36, 6 if wrap else 0, 6, 6 if wrap else 0)
        row.setSpacing(8)
        row.addWidget(self._label, 1)
        row.addWidget(self._action)

    def set_message(self, text: str, action: str | None = None) -> None:
        """Change the sentence, and the action's word unless None."""
        self._label.setText(text)
        name_widget(self, self.objectName(), text)
        if action is not None:
            self._action.setText(action)
            self._action.setAccessibleName(action)
            self._action.setVisible(bool(action))

    @property
    def message(self) -> str:
        """The sentence."""
        return self._label.text()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and icon."""
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), 8, color(TONES[self._tone][0]))
        icons.paint(painter, 12, 8, _ICONS[self._tone], TONES[self._tone][1], 16)


class Callout(QWidget):
    """Words below each other on a tone's ground, a sign before them. Buttons go into `row`.

    `wide`: across the window, with a line below, instead of a rounded box.
    """

    def __init__(
        self, name: str, parent: QWidget, *, tone: BannerTone, icon: str = "", wide: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._tone: BannerTone = tone
        self._icon, self._wide = icon or _ICONS[tone], wide
        self._words = QVBoxLayout()
        self._words.setSpacing(2 if wide else 4)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(48 if wide else 40, 10, 16 if wide else 10, 10)
        self.row.setSpacing(8)
        self.row.addLayout(self._words, 1)

    def add_words(self, *labels: QWidget) -> None:
        """Put labels below each other."""
        for label in labels:
            self._words.addWidget(label)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and sign."""
        painter = QPainter(self)
        ground, ink = TONES[self._tone]
        if self._wide:
            painter.fillRect(self.rect(), color(ground))
            painter.fillRect(0, self.height() - 1, self.width(), 1, color("border"))
        else:
            paint.rounded(painter, QRectF(self.rect()), 8, color(ground))
        icons.paint(painter, 18 if self._wide else 14, 12, self._icon, ink, 16)
