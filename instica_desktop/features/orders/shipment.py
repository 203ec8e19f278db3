"""The card of an order's parcels: the form while it waits, the parcels once it is shipped."""

from contextlib import suppress

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from instica_desktop.core.models import Order
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.core.statuses import order_status
from instica_desktop.features.context import Context
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.orders.cards import Card
from instica_desktop.features.orders.facts import SHIPPABLE, item_of
from instica_desktop.features.orders.form import NOTHING, ShipmentForm, Typed, typed_of
from instica_desktop.features.orders.parcels import Parcels
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.banner import Banner
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Rule
from instica_desktop.sync import ShipmentDraft

DRAFT = "parcel"
"""What a parcel that is being typed is kept under."""


class ShipmentCard(Card):
    """What is typed for one order waits here while another is looked at.

    `submitted(ShipmentDraft)`, `corrected(parcel uid, ShipmentDraft)` and `removal_asked(parcel uid)` are
    about the order shown; `form_closed()` when the form goes while the keyboard is in it.
    """

    submitted = Signal(object)
    corrected = Signal(str, object)
    removal_asked = Signal(str)
    form_closed = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__("Shipment", "orderShipment", parent)
        self._context = context
        self._row: RecordRow | None = None
        self._adding = False
        self._correcting = ""
        self._note = Label("", self, role="caption", ink="text_2")
        self.trouble = Banner("shipmentTrouble", self, tone="error")
        self.parcels = Parcels(self)
        self._rule = Rule(self)
        self.another = Button("Add another parcel", "anotherParcel", self, height=28, icon="plus")
        self.form = ShipmentForm(self)
        self._closed = Label("", self, ink="text_2", wrap=True)
        self.head.addWidget(self._note)
        for widget in (self.trouble, self.parcels, self._rule, self.another, self.form, self._closed):
            self.body.addWidget(widget)
        self.body.setAlignment(self.another, Qt.AlignmentFlag.AlignLeft)
        self.form.submitted.connect(self._submitted)
        self.form.edited.connect(self.keep)
        self.parcels.change_asked.connect(self._correct)
        self.parcels.removal_asked.connect(self.removal_asked)
        self.another.clicked.connect(self._add_another)

    # ------------------------------------------------------------ showing

    def show_row(self, row: RecordRow) -> None:
        """Show an order. What was typed for the one before is kept for it."""
        if self._row is None or self._row.uid != row.uid:
            self.keep()
            self._correcting = ""
            draft = self._draft(row.uid)
            self._adding = draft != NOTHING
            self._row = row
            self.form.put(draft)
            self.form.say_typed_earlier(draft != NOTHING)
        self._row = row
        self._show_parts(row)

    def keep(self) -> None:
        """Keep what is typed until this order is shown again."""
        if self._row is not None and not self._correcting:
            typed, drafts = self.form.typed(), self._context.shop.drafts
            if typed == NOTHING:
                drafts.drop(Entity.ORDER, self._row.uid, DRAFT)
            else:
                drafts.keep(Entity.ORDER, self._row.uid, DRAFT, msgspec.json.encode(typed).decode())

    def _draft(self, uid: str) -> Typed:
        """Return what was typed for an order and not shipped, in this run or before."""
        draft = self._context.shop.drafts.of(Entity.ORDER, uid).get(DRAFT)
        with suppress(msgspec.DecodeError):
            return msgspec.json.decode(draft.text, type=Typed) if draft is not None else NOTHING
        return NOTHING

    def forget(self, uid: str) -> None:
        """Forget what was typed for an order: it is a parcel now."""
        self._context.shop.drafts.drop(Entity.ORDER, uid, DRAFT)
        if self._row is not None and self._row.uid == uid:
            self._adding, self._correcting = False, ""
            self.form.put(NOTHING)
            self._show_parts(self._row)

    def _show_parts(self, row: RecordRow) -> None:
        order: Order = row.data
        takes_parcels = order.status in SHIPPABLE
        if self._correcting not in {parcel.uid for parcel in order.shipments}:
            self._correcting = ""
        form = takes_parcels and (not order.shipments or self._adding or bool(self._correcting))
        self.form.ship.setText("Save changes" if self._correcting else "Mark shipped")
        self.title.setText("Shipments" if len(order.shipments) > 1 else "Shipment")
        self.parcels.show_parcels(order.shipments)
        self.another.setVisible(takes_parcels and bool(order.shipments) and not form)
        self._rule.setVisible(form and bool(order.shipments))
        if not form and self.form.has_keyboard():
            self.form_closed.emit()
        self.form.setVisible(form)
        self._note.setText(self._weight_words(order) if form else "")
        status = order_status(order.status).label
        self._closed.setText(f"This order is “{status}” on its marketplace and takes no parcel.")
        self._closed.setVisible(not takes_parcels and not order.shipments)
        self._show_trouble(row)

    def _weight_words(self, order: Order) -> str:
        sold = item_of(order)
        known = self._context.shop.row(Entity.ITEM, sold.uid) if sold else None
        grams = getattr(known.data, "weight_grams", None) if known else None
        return f"The record weighs {grams:,} g" if grams else ""

    def _show_trouble(self, row: RecordRow) -> None:
        """Say why the server did not take a parcel."""
        words = ""
        for operation in self._context.shop.operations():
            ours = (operation.entity, operation.uid) == (Entity.ORDER, row.uid)
            if ours and operation.state is OpState.REFUSED and operation.kind is not OpKind.UPDATE:
                reasons = [text for texts in operation.errors.values() for text in texts]
                words = " ".join(reasons) or operation.message
        self.trouble.setVisible(bool(words))
        if words:
            self.trouble.set_message(f"Not taken: {words}")

    def _correct(self, uid: str) -> None:
        """Put a parcel into the form, to be changed there."""
        order: Order | None = self._row.data if self._row is not None else None
        parcel = next((one for one in order.shipments if one.uid == uid), None) if order else None
        if parcel is None or self._row is None:
            return
        self.keep()
        self._correcting = uid
        self.form.put(typed_of(parcel))
        self._show_parts(self._row)
        self.focus_first()

    def _submitted(self, draft: ShipmentDraft) -> None:
        if self._correcting:
            self.corrected.emit(self._correcting, draft)
        else:
            self.submitted.emit(draft)

    def _add_another(self) -> None:
        self._adding = True
        if self._row is not None:
            self._show_parts(self._row)
        self.focus_first()

    # ------------------------------------------------------------ acting

    def focus_first(self) -> bool:
        """Put the focus where shipping begins; False when the order needs no parcel."""
        if self.form.isHidden():
            return False
        self.form.tracking.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def submit(self) -> None:
        """Act as the filled button does, if it is there."""
        if not self.form.isHidden():
            self.form.submit()
