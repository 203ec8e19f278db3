"""The small cards beside an order: address, money, timeline. And the frame all cards share."""

from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.ages import clock, day, utc_now
from instica_desktop.core.models import Order, ShipmentAddress
from instica_desktop.core.money import format_money
from instica_desktop.features.orders.facts import (
    Moment,
    address_lines,
    missing_parts,
    money_of,
    timeline_of,
)
from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import Label, set_tooltip
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.widgets.badge import Badge
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Rule


class Icon(QWidget):
    """A still icon beside words that say the same."""

    def __init__(self, name: str, parent: QWidget, *, token: str = "text_2", size: int = 16) -> None:
        super().__init__(parent)
        self._name, self._token, self._size = name, token, size
        self.setFixedSize(size, size)

    def set_icon(self, name: str, token: str) -> None:
        """Show another icon."""
        self._name, self._token = name, token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon."""
        icons.paint(QPainter(self), 0, 0, self._name, self._token, self._size)  # pyright: ignore[reportArgumentType]


class Card(QFrame):
    """A white frame with a title row. `head` takes what stands right of the title, `body` the rest."""

    def __init__(self, title: str, name: str, parent: QWidget, *, icon: str = "") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setProperty("card", True)
        self.title = Label(title, self, role="h4")
        self.title.setVisible(bool(title))
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        if icon:
            self.head.addWidget(Icon(icon, self))
        self.head.addWidget(self.title)
        self.head.addStretch()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 12, 16, 14)
        self.body.setSpacing(8)
        if title:
            self.body.addLayout(self.head)


class AddressCard(Card):
    """Where the parcel goes. `copied` after the lines went to the clipboard."""

    copied = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Ship to", "orderAddress", parent)
        self._address: ShipmentAddress | None = None
        self._name = Label("", self, role="strong", wrap=True)
        self._lines = Label("", self, wrap=True)
        for label in (self._name, self._lines):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._state_icon = Icon("circle-check", self, token="success", size=14)
        self._state = Label("", self, role="caption", ink="success", wrap=True)
        self.copy_button = Button("Copy", "copyAddress", self, variant="plain", height=24, icon="copy")
        set_tooltip(self.copy_button, "Copy the address (Ctrl+Shift+C)")
        self.copy_button.clicked.connect(self.copy)
        self.head.addWidget(self.copy_button)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(self._name)
        lines.addWidget(self._lines)
        self.body.addLayout(lines)
        state = QHBoxLayout()
        state.setSpacing(6)
        state.addWidget(self._state_icon, 0, Qt.AlignmentFlag.AlignTop)
        state.addWidget(self._state, 1)
        self.body.addLayout(state)

    def show_order(self, order: Order) -> None:
        """Show the order's address, and what it lacks."""
        self._address = order.shipment_address
        lines = self.lines
        has_name = bool(self._address and self._address.full_name and lines)
        self._name.setText(lines[0] if has_name else "")
        self._name.setVisible(has_name)
        self._lines.setText("\n".join(lines[1:] if has_name else lines))
        self._lines.setVisible(len(lines) > has_name)
        self.copy_button.setEnabled(bool(lines))
        self._say(missing_parts(self._address))

    @property
    def lines(self) -> list[str]:
        """The address as it stands on a parcel."""
        return address_lines(self._address) if self._address else []

    def _say(self, missing: list[str]) -> None:
        self._state_icon.set_icon(
            "triangle-alert" if missing else "circle-check", "warning" if missing else "success"
        )
        self._state.set_ink("warning" if missing else "success")
        if self._address is None:
            self._state.setText("The marketplace has not sent an address yet.")
        else:
            self._state.setText(f"No {' or '.join(missing)} given" if missing else "Address is complete")

    def copy(self) -> None:
        """Put the address on the clipboard, a line for each of its lines."""
        if self.lines:
            QGuiApplication.clipboard().setText("\n".join(self.lines))
            self.copied.emit()


class _Amount(QWidget):
    """The right side of a money row: figures, or “Unknown” as a badge."""

    def __init__(self, parent: QWidget, *, strong: bool = False) -> None:
        super().__init__(parent)
        self.figures = Label("", self, role="strong" if strong else "body", tabular=True)
        self.badge = Badge("Unknown", "warning", self, icon="circle-help")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch()
        row.addWidget(self.figures)
        row.addWidget(self.badge)
        self.setFixedHeight(20)

    def set_amount(self, amount: Decimal | None) -> None:
        """Show an amount; None is unknown."""
        self.figures.setText(format_money(amount, unknown=""))
        self.figures.setVisible(amount is not None)
        self.badge.setVisible(amount is None)


class MoneyCard(Card):
    """Sale, fees, postage and what remains, as one sum."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Money", "orderMoney", parent)
        self._order: Order | None = None
        self._typed: Decimal | None = None
        self._grid = QGridLayout()
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self.sale = self._row("Sale price", strong=True)
        self.marketplace_fee = self._row("Marketplace fee")
        self.platform_fee = self._row("Platform fee")
        self.postage = self._row("Postage")
        self.net = _Amount(self, strong=True)
        self._at_most = Label("", self, ink="text_2")
        self._sentence = Label("", self, role="caption", ink="text_2", wrap=True)
        self.body.addLayout(self._grid)
        self.body.addWidget(Rule(self))
        net = QHBoxLayout()
        net.setSpacing(8)
        net.addWidget(Label("Net", self, role="strong"))
        net.addStretch()
        net.addWidget(self._at_most)
        net.addWidget(self.net)
        self.body.addLayout(net)
        self.body.addWidget(self._sentence)

    def _row(self, words: str, *, strong: bool = False) -> _Amount:
        amount = _Amount(self, strong=strong)
        at = self._grid.rowCount()
        self._grid.addWidget(Label(words, self), at, 0)
        self._grid.addWidget(amount, at, 1)
        return amount

    def show_order(self, order: Order) -> None:
        """Show an order's sums; postage typed for another order is forgotten."""
        if self._order is None or self._order.uid != order.uid:
            self._typed = None
        self._order = order
        self._fill()

    def show_postage(self, typed: Decimal | None) -> None:
        """Count the postage that is being typed, so that the net is seen before the order is shipped."""
        self._typed = typed
        self._fill()

    def _fill(self) -> None:
        if self._order is None:
            return
        money = money_of(self._order, self._typed)
        self.sale.set_amount(money.sale)
        for row, amount in (
            (self.marketplace_fee, money.marketplace_fee),
            (self.platform_fee, money.platform_fee),
            (self.postage, money.postage),
        ):
            row.set_amount(-amount if amount else amount)
        self.net.set_amount(money.net)
        self._at_most.setText("at most" if money.net is not None and not money.exact else "")
        self._sentence.setText(money.sentence)
        self._sentence.setVisible(bool(money.sentence))


class _Dot(QWidget):
    """The mark of one moment; the newest is in brand."""

    def __init__(self, newest: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._newest = newest
        self.setFixedSize(8, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        ink = color("brand" if self._newest else "text_3")
        paint.rounded(QPainter(self), QRectF(1, 7, 6, 6), 3, ink)


class TimelineCard(Card):
    """What happened, newest first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Timeline", "orderTimeline", parent)
        self._moments: list[Moment] | None = None
        self._list = QWidget(self)
        self.body.addWidget(self._list)

    def show_order(self, order: Order) -> None:
        """Show an order's moments."""
        moments = timeline_of(order)
        if moments == self._moments:
            return
        self._moments = moments
        former, self._list = self._list, QWidget(self)
        grid = QGridLayout(self._list)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for at, moment in enumerate(moments):
            role = "caption_medium" if at == 0 else "caption"
            words = Label(moment.words, self._list, role=role, wrap=True)
            grid.addWidget(_Dot(at == 0, self._list), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, at, 1)
            grid.addWidget(_time(moment.at, self._list), at, 2, Qt.AlignmentFlag.AlignRight)
        self.body.replaceWidget(former, self._list)
        former.hide()
        former.deleteLater()


def _time(at: datetime | None, parent: QWidget) -> Label:
    words = "" if at is None else f"{_day_words(at)} {clock(at)}"
    return Label(words, parent, role="caption", ink="text_2", tabular=True)


def _day_words(at: datetime) -> str:
    """Return “Today”, or a date; the year only where it is another."""
    local, now = at.astimezone(), utc_now().astimezone()
    if local.date() == now.date():
        return "Today"
    return f"{local.day} {local:%b}" if local.year == now.year else day(at)
