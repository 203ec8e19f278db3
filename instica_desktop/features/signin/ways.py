"""The ways to open a shop, as cards to choose from; the local shop's panel; the shops this computer knows."""

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.fonts import font
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.enter_key import pressed_by
from instica_desktop.qtkit.widgets.focus_ring import attach_ring
from instica_desktop.qtkit.widgets.indicators import Rule

WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
TEXT_LEFT = 60


class WayCard(QPushButton):
    """One way: icon, title, a sentence, and the key that chooses it."""

    def __init__(self, name: str, title: str, sentence: str, icon: str, keys: str, parent: QWidget) -> None:
        super().__init__(parent)
        name_widget(self, name, title, sentence)
        self._title, self._sentence, self._icon, self._keys = title, sentence, icon, keys
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAutoDefault(False)
        self.setShortcut(keys.replace(" ", "+"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        attach_ring(self, -2, 12)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Enter too."""
        if not pressed_by(event, self):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Return room for two lines of the sentence."""
        return QSize(392, 120)

    def minimumSizeHint(self) -> QSize:
        """Return what title and sentence need."""
        return QSize(260, 88)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw card, icon, words and key."""
        painter = QPainter(self)
        on = self.isChecked()
        fill = "tint" if on else "raised" if self.underMouse() else "card"
        paint.rounded(painter, QRectF(self.rect()), 12, color(fill), color("brand" if on else "edge"))
        middle = self.height() // 2
        icons.paint(painter, 20, middle - 12, self._icon, "on_tint" if on else "text_2", 24)
        room = self.width() - TEXT_LEFT - 20
        painter.setFont(font("body"))
        area = QRect(0, 0, room - 20, 200)
        needed = painter.fontMetrics().boundingRect(area, int(WRAPPED), self._sentence)
        top = middle - (22 + needed.height()) // 2
        painter.setPen(color("text_2"))
        painter.drawText(area.translated(TEXT_LEFT, top + 22), int(WRAPPED), self._sentence)
        painter.setPen(color("text"))
        painter.setFont(font("large_strong"))
        painter.drawText(QRect(TEXT_LEFT, top, room, 20), int(paint.LEFT), self._title)
        paint.keycap(painter, self.width() - 20 - paint.keycap_width(self._keys), top + 1, self._keys)


class LocalPanel(QFrame):
    """What the local shop offers. `chosen` carries whether sample records are wanted."""

    chosen = Signal(bool)

    def __init__(self, known: bool, parent: QWidget) -> None:
        """`known`: there is a local shop on this computer already."""
        super().__init__(parent)
        self.setObjectName("localPanel")
        self.setProperty("card", True)
        self.sample = Button("Open the sample shop", "openSample", self, height=40)
        self.own = Button("Open the local shop" if known else "Start my own shop", "openOwn", self, height=40)
        self.sample.clicked.connect(partial(self._choose, True))
        self.own.clicked.connect(partial(self._choose, False))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(0)
        column.addWidget(Label("Open a local shop", self, role="h3"))
        column.addSpacing(2)
        column.addWidget(
            Label("Everything stays on this computer; no account is needed.", self, ink="text_2", wrap=True)
        )
        column.addSpacing(20)
        offers = self._offers(known)
        for number, (title, sentence, button) in enumerate(offers):
            if number:
                column.addSpacing(16)
                column.addWidget(Rule(self))
                column.addSpacing(16)
            column.addWidget(Label(title, self, role="strong"))
            column.addSpacing(2)
            column.addWidget(Label(sentence, self, ink="text_2", wrap=True))
            column.addSpacing(10)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch()
        self._first, second = (button for _, _, button in offers)
        self.setTabOrder(self._first, second)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Put the keyboard on the first button. A focus proxy would keep Tab from the second one."""
        self._first.setFocus(reason)

    def _offers(self, known: bool) -> list[tuple[str, str, Button]]:
        if known:
            return [
                ("Your local shop", "Go on where you left off.", self.own),
                ("Sample records", "2,000 records are added if the shop is still empty.", self.sample),
            ]
        return [
            (
                "Try it out",
                "2,000 sample records with grades, photos, prices and orders. Change whatever you like.",
                self.sample,
            ),
            ("Your own records", "An empty shop, ready for your first record.", self.own),
        ]

    def set_busy(self, busy: bool) -> None:
        """Take no clicks while a shop is being opened."""
        self.sample.setEnabled(not busy)
        self.own.setEnabled(not busy)

    def _choose(self, demo: bool, _checked: bool = False) -> None:
        self.chosen.emit(demo)


class _ShopRow(QPushButton):
    """One known shop."""

    def __init__(self, account: Account, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._local = account.kind is AccountKind.LOCAL
        self._title = account.label or account.base_url
        where = "On this computer" if self._local else urlsplit(account.base_url).netloc
        self._where = f"{where}, signed out: needs its key" if account.signed_out else where
        name_widget(self, f"knownShop{number}", f"{self._title}, {self._where}")
        self.setToolTip(self._where)
        self.setAutoDefault(False)
        self.setFixedHeight(44)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        attach_ring(self, -2, 8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Enter too."""
        if not pressed_by(event, self):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw icon, name, place and arrow."""
        painter = QPainter(self)
        if self.underMouse() and self.isEnabled():
            paint.rounded(painter, QRectF(self.rect()), 8, color("raised"))
        ink = "text_2" if self.isEnabled() else "text_3"
        icons.paint(painter, 12, 13, "hard-drive" if self._local else "store", ink, 18)
        room = self.width() - 42 - 36
        painter.setPen(color("text" if self.isEnabled() else "text_3"))
        painter.setFont(font("medium"))
        title = paint.elided(self._title, "medium", room)
        painter.drawText(QRect(42, 4, room, 19), int(paint.LEFT), title)
        painter.setPen(color("text_2"))
        painter.setFont(font("caption"))
        where = paint.elided(self._where, "caption", room)
        painter.drawText(QRect(42, 22, room, 17), int(paint.LEFT), where)
        icons.paint(painter, self.width() - 28, 14, "arrow-right", ink, 16)


class KnownShops(QFrame):
    """Shops that were open before. `chosen` carries the account."""

    chosen = Signal(object)

    def __init__(self, accounts: Sequence[Account], parent: QWidget) -> None:
        super().__init__(parent)
        name_widget(self, "knownShops", "Shops on this computer")
        self.setProperty("card", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 12, 8, 8)
        column.setSpacing(2)
        heading = QHBoxLayout()
        heading.setContentsMargins(12, 0, 12, 4)
        heading.addWidget(Label("Open again", self, role="caption_strong", ink="text_3"))
        column.addLayout(heading)
        for number, account in enumerate(accounts):
            row = _ShopRow(account, number, self)
            row.clicked.connect(partial(self._choose, account))
            column.addWidget(row)

    def _choose(self, account: Account, _checked: bool = False) -> None:
        self.chosen.emit(account)
