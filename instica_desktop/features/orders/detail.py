"""The order at the right: heading, what to pick, how it ships; address, money, note and timeline."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from instica_desktop.core.models import Order
from instica_desktop.core.models.common import Entity
from instica_desktop.core.statuses import order_status
from instica_desktop.features.context import Context
from instica_desktop.features.forms import RecordForm, TextBinding
from instica_desktop.features.history import HistoryList
from instica_desktop.features.marks import RecordRow, mark_of
from instica_desktop.features.orders.cards import AddressCard, Card, MoneyCard, TimelineCard
from instica_desktop.features.orders.facts import buyer_of, heading_of
from instica_desktop.features.orders.items import ItemsCard
from instica_desktop.features.orders.shipment import ShipmentCard
from instica_desktop.features.panes import add_steps
from instica_desktop.qtkit.text import ElidedLabel, Label
from instica_desktop.qtkit.theme import fonts
from instica_desktop.qtkit.widgets.badge import Badge, RowMark
from instica_desktop.qtkit.widgets.empty_state import EmptyState, StateSpec
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.qtkit.widgets.inputs import TextArea
from instica_desktop.qtkit.widgets.scrolled import Scrolled, centred

TWO_COLUMNS_FROM = 640
WIDE_FROM = 800
NOTHING_CHOSEN = StateSpec(
    icon="package", headline="No order chosen", sentence="Choose one to pick, pack and ship."
)
_NO_LIMIT = 16_777_215


class OrderDetail(QWidget):
    """Shows the current order. `step_requested(±1)` asks for the next or former one."""

    step_requested = Signal(int)

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("orderDetail")
        self.setProperty("surface", "base")
        self.row: RecordRow | None = None
        self.form = RecordForm(context, Entity.ORDER, buyer_of, self)
        self.buyer = ElidedLabel("", self, role="h2")
        self.status = Badge("", "neutral", self)
        self.mark = RowMark("clock", "", parent=self)
        self.heading = ElidedLabel("", self, ink="text_2")
        self.items = ItemsCard(context, self)
        self.shipment = ShipmentCard(context, self)
        self.address = AddressCard(self)
        self.money = MoneyCard(self)
        self.note = TextArea("buyerNote", "Buyer’s note", self, placeholder="No note", lines=3)
        self.timeline = TimelineCard(self)
        self.history = HistoryList(context, Entity.ORDER, "orderHistory", self)
        self._edits = Card("Edits on this computer", "orderEdits", self)
        self._flow = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._side = QWidget(self)
        self._stack = QStackedWidget(self)
        self._lay_out()
        self.shipment.form.postage_typed.connect(self.money.show_postage)
        self.show_row(None)

    # ------------------------------------------------------------ building

    def _lay_out(self) -> None:
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self._body(), 1)
        self._stack.addWidget(whole)
        self._stack.addWidget(centred(EmptyState(NOTHING_CHOSEN, self), self, "base"))
        self._stack.addWidget(QWidget(self))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _head(self) -> QWidget:
        head = QWidget(self)
        head.setObjectName("orderHead")
        head.setProperty("surface", "base")
        head.setProperty("edge", "bottom")
        head.setFixedHeight(68)
        first = QHBoxLayout()
        first.setSpacing(12)
        first.addWidget(self.buyer, 1)
        first.addWidget(self.status)
        first.addWidget(self.mark)
        first.addStretch()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(first)
        words.addWidget(self.heading)
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(2)
        row.addLayout(words, 1)
        add_steps(row, "order", self.go_back, self.go_on)
        return head

    def _body(self) -> QWidget:
        main = QWidget(self)
        _stacked(main, (self.items, self.shipment))
        _stacked(self._side, (self.address, self.money, self._note_card(), self.timeline, self._edits_card()))
        inner = QWidget(self)
        inner.setProperty("surface", "base")
        inner.setLayout(self._flow)
        self._flow.setContentsMargins(16, 16, 16, 16)
        self._flow.setSpacing(16)
        self._flow.addWidget(main, 1, Qt.AlignmentFlag.AlignTop)
        self._flow.addWidget(self._side, 0, Qt.AlignmentFlag.AlignTop)
        return Scrolled(inner, "orderScroll", self)

    def _note_card(self) -> Card:
        card = Card("", "orderNote", self)
        field = FormField("Buyer’s note", self.note, card)
        label = field.findChild(Label)
        if label is not None:  # the field's own label is the card's title, with the mark of an unsent edit
            label.setFont(fonts.font("h4"))
            label.set_ink("text")
        self.form.bind(TextBinding("buyer_note", field))
        card.body.addWidget(field)
        return card

    def _edits_card(self) -> Card:
        self._edits.body.addWidget(self.history)
        return self._edits

    # ------------------------------------------------------------ showing

    def show_row(self, row: RecordRow | None) -> None:
        """Show an order, or that none is chosen. What is typed for the one before is saved or kept."""
        self.form.show(row)
        self._stack.setCurrentIndex(1 if row is None else 0)
        if row is None:
            self.shipment.keep()
            self.row = None
            return
        self.row = row
        order: Order = row.data
        self._show_heading(row, order)
        self.items.show_order(order)
        self.address.show_order(order)
        self.money.show_order(order)
        self.shipment.show_row(row)
        self.timeline.show_order(order)
        self.history.show_row(row)
        self._edits.setVisible(self.history.fill() > 0)

    def show_reading(self) -> None:
        """Show nothing for a moment: an order is chosen that cannot be read yet."""
        self._stack.setCurrentIndex(2)

    def _show_heading(self, row: RecordRow, order: Order) -> None:
        name = buyer_of(order)
        self.buyer.setText(name)
        self.buyer.setMaximumWidth(self.buyer.fontMetrics().horizontalAdvance(name) + 4)
        status = order_status(order.status)
        self.status.set_badge(status.label, status.tone)  # pyright: ignore[reportArgumentType]
        mark = mark_of(row)
        self.mark.setVisible(mark is not None)
        if mark is not None:
            self.mark.set_badge(mark.text, mark.tone, mark.icon)
        self.heading.setText(heading_of(order))

    # ------------------------------------------------------------ acting

    def go_on(self) -> None:
        """Ask for the next order."""
        self.step_requested.emit(1)

    def go_back(self) -> None:
        """Ask for the former order."""
        self.step_requested.emit(-1)

    def focus_first(self) -> None:
        """Put the focus where work on the order begins."""
        if not self.shipment.focus_first():
            self.address.copy_button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # ------------------------------------------------------------ size

    def hideEvent(self, event: QHideEvent) -> None:
        """Another screen takes the place of this one: what is typed of a parcel is left."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.shipment.leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the small cards beside the shipment where there is room, else below it."""
        super().resizeEvent(event)
        beside = self.width() >= TWO_COLUMNS_FROM
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._flow.setDirection(direction)
        self._flow.setStretch(0, 1 if beside else 0)
        width = (288 if self.width() >= WIDE_FROM else 240) if beside else 0
        self._side.setMinimumWidth(width)
        self._side.setMaximumWidth(width or _NO_LIMIT)


def _stacked(holder: QWidget, cards: tuple[QWidget, ...]) -> None:
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    for card in cards:
        column.addWidget(card)
    column.addStretch()  # a card as high as its words need, which is more than its size hint for long ones
