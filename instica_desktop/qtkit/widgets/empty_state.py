"""The card that stands where rows would be: icon, headline, one sentence, one button."""

from typing import Literal

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.tokens import Token
from instica_desktop.qtkit.widgets.button import Button

Gravity = Literal["plain", "warning", "danger"]
_ICON_INK: dict[Gravity, Token] = {"plain": "text_2", "warning": "warning", "danger": "danger"}
WIDTH = 280


class StateSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What an empty or failed view says.

    `action` is the button's word and `act` the name its signal carries; `second` and `second_act` the plain
    button beside it. Gravity warning or danger makes the first button filled.
    """

    icon: str
    headline: str
    sentence: str
    action: str = ""
    act: str = ""
    action_icon: str = ""
    keys: tuple[str, ...] = ()
    second: str = ""
    second_act: str = ""
    gravity: Gravity = "plain"


class _Disc(QWidget):
    """A round ground with an icon in its middle."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(40, 40)
        self.icon, self.ink = "info", "text_2"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), 20, color("raised"))
        icons.paint(painter, 10, 10, self.icon, self.ink, 20)  # pyright: ignore[reportArgumentType]


class EmptyState(QWidget):
    """Shows a `StateSpec`. `chosen` carries the name of the act whose button was pressed."""

    chosen = Signal(str)

    def __init__(self, spec: StateSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("emptyState")
        self.spec = spec
        self._disc = _Disc(self)
        self._headline = Label(parent=self, role="h3", wrap=True)
        self._sentence = Label(parent=self, ink="text_2", wrap=True)
        self._first = Button("", "emptyStateAction", self)
        self._second = Button("", "emptyStateSecond", self, variant="plain")
        self._first.clicked.connect(self._first_chosen)
        self._second.clicked.connect(self._second_chosen)
        self._lay_out()
        self.set_spec(spec)

    def _lay_out(self) -> None:
        self.setFixedWidth(WIDTH)
        for label in (self._headline, self._sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(self._first)
        buttons.addWidget(self._second)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(4)
        column.addWidget(self._disc, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(12)
        column.addWidget(self._headline)
        column.addWidget(self._sentence)
        column.addSpacing(8)
        column.addLayout(buttons)

    def sizeHint(self) -> QSize:
        """Return the room the words need at this width; Qt's own guess leaves gaps between them."""
        layout = self.layout()
        return QSize(WIDTH, layout.totalHeightForWidth(WIDTH) if layout else 0)

    def set_spec(self, spec: StateSpec) -> None:
        """Show another spec."""
        self.spec = spec
        self.setAccessibleName(f"{spec.headline}. {spec.sentence}")
        self._disc.icon, self._disc.ink = spec.icon, _ICON_INK[spec.gravity]
        self._disc.update()
        self._headline.setText(spec.headline)
        self._sentence.setText(spec.sentence)
        self._fill(self._first, spec.action, spec.action_icon, spec.keys)
        self._fill(self._second, spec.second, "", ())
        self._first.set_variant("outlined" if spec.gravity == "plain" else "filled")
        if layout := self.layout():  # a layout around it would first give it the height of one line
            self.setMinimumHeight(layout.totalHeightForWidth(WIDTH))
        self.adjustSize()

    def _fill(self, button: Button, words: str, icon: str, keys: tuple[str, ...]) -> None:
        button.setVisible(bool(words))
        button.setText(words)
        button.setAccessibleName(words)
        button.set_icon_name(icon)
        button.set_keys(keys)

    def _first_chosen(self) -> None:
        self.chosen.emit(self.spec.act)

    def _second_chosen(self) -> None:
        self.chosen.emit(self.spec.second_act)
