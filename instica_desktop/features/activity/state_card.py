"""The connection in a card at the top of Activity: how it stands, what to do, and buttons that do it."""

from functools import partial

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.ages import age_words, utc_now
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.standing import LABELS, Standing, Way, next_try_words, standing
from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.tokens import TONES, Token
from instica_desktop.qtkit.widgets.button import Button

SIDE = 12
LEFT = 50
AGES = ((Entity.ITEM, "items"), (Entity.PRODUCT, "products"), (Entity.ORDER, "orders"))


class StateCard(QWidget):
    """`way_wanted` carries the `Way` of the button that was pressed. Ages move on while it is shown."""

    way_wanted = Signal(object)
    fitted = Signal()
    """Its height may be another one now."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        name_widget(self, "stateCard", "Connection")
        self._context = context
        self._stands: Standing | None = None
        self.title = Label("", self, role="strong")
        self.sentence = Label("", self, role="caption", ink="text_2", wrap=True)
        self.age = Label("", self, role="caption", ink="text_2", wrap=True, tabular=True)
        self.next_try = Label("", self, role="caption", ink="text_2", tabular=True)
        self.next_try.setObjectName("stateNextTry")
        self.buttons: dict[Way, Button] = {}
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 6, 0, 0)
        self._row.setSpacing(8)
        for way, label in LABELS.items():
            button = Button(label, f"way_{way.value}", self, height=28)
            button.clicked.connect(partial(self._pressed, way))
            self.buttons[way] = button
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT + SIDE, 10, 16 + SIDE, 10 + SIDE)
        column.setSpacing(2)
        for part in (self.title, self.sentence, self.age):
            column.addWidget(part)
        column.addLayout(self._row)
        self._tick = QTimer(self)
        self._tick.setInterval(1_000)
        self._tick.timeout.connect(self.show_state)

    # ------------------------------------------------------------ showing

    def show_state(self) -> None:
        """Show how things stand now."""
        shop, account, now = self._context.shop, self._context.account, utc_now()
        stands = standing(shop.state, account, now, held=shop.held, pause=shop.pause, full=shop.full)
        if stands != self._stands:
            self._show(stands)
        self.next_try.setText(next_try_words(shop.state, now))
        ages = [(name, shop.as_of(entity)) for entity, name in AGES]
        read = [f"{name} {age_words(moment, now)}" for name, moment in ages if moment]
        age = f"Age of what is shown: {', '.join(read)}." if read else "Nothing was read yet."
        if age != self.age.text():
            self.age.setText(age)
            self._fit()

    def _show(self, stands: Standing) -> None:
        ways_before = self._stands.ways if self._stands else ()
        self._stands = stands
        self.title.setText(stands.title)
        self.sentence.setText(stands.sentence)
        self.setAccessibleDescription(f"{stands.title}. {stands.sentence}")
        if ways_before != stands.ways or not self._row.count():
            self._show_buttons(stands.ways)
        self._fit()
        self.update()

    def _fit(self) -> None:
        """Be as high as the words need at this width; a layout around would let them be cut."""
        if layout := self.layout():
            layout.activate()
            wraps = layout.hasHeightForWidth()  # not while no words are shown
            height = layout.totalHeightForWidth(self.width()) if wraps else layout.totalSizeHint().height()
            self.setFixedHeight(height)
            self.fitted.emit()

    def _show_buttons(self, ways: tuple[Way, ...]) -> None:
        while self._row.takeAt(0) is not None:
            pass
        for way, button in self.buttons.items():
            button.setVisible(way in ways)
        for number, way in enumerate(ways):
            button = self.buttons[way]
            button.set_variant("plain" if number else "outlined")
            self._row.addWidget(button)
        self._row.addStretch()
        self._row.addWidget(self.next_try)

    def _pressed(self, way: Way, _checked: bool = False) -> None:
        self.way_wanted.emit(way)

    # ------------------------------------------------------------ Qt

    def showEvent(self, event: QShowEvent) -> None:
        """Let ages move on."""
        super().showEvent(event)
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._tick.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap the words anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and sign."""
        if (stands := self._stands) is None:
            return
        painter = QPainter(self)
        ground = QRectF(self.rect()).adjusted(SIDE, 0, -SIDE, -SIDE)
        paint.rounded(painter, ground, 8, color("raised"))
        if stands.dot:
            paint.rounded(painter, QRectF(SIDE + 20, 17, 8, 8), 4, color(stands.dot))
            return
        ink: Token = "text_2"
        if stands.tone:
            tone, ink = TONES[stands.tone]
            paint.rounded(painter, QRectF(SIDE + 10, 10, 28, 28), 8, color(tone))
        icons.paint(painter, SIDE + 16, 16, stands.icon or "loader-circle", ink, 16)
