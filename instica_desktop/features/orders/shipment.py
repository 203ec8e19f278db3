"""The card of an order's parcels: the form while it waits, the parcels once it is shipped."""

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from instica_desktop.core.acts import Step
from instica_desktop.core.meanwhile import news_words
from instica_desktop.core.models import Order, Shipment
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState, is_temporary, other_parcel
from instica_desktop.core.sharing import asked, sharing_words
from instica_desktop.core.statuses import SHIPPABLE, order_status
from instica_desktop.features.context import Context
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.orders.cards import Card
from instica_desktop.features.orders.facts import buyer_of, item_of, parcel_name
from instica_desktop.features.orders.form import ShipmentForm
from instica_desktop.features.orders.parcels import Parcels
from instica_desktop.features.orders.typed import (
    NOTHING,
    Seen,
    Typed,
    TypedParcels,
    seen_of,
    shown_of,
    typed_of,
)
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.banner import Banner, Callout
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Rule
from instica_desktop.sync import ShipmentDraft

GONE = "This parcel was removed meanwhile. What you typed for it is not saved."
NOT_SHIPPED = "A parcel is not saved for {}’s order: what you typed waits in its form."
SHARED = "Your parcel was not sent. {} Change it here, or open Activity (F8) to choose."
DROPPED = "What you typed for a parcel of {}’s order is dropped."
CHANGED_GONE = "Your change was not sent: its parcel was removed elsewhere. Open Activity (F8) to choose."
OVERTAKEN = "Your parcel was not sent: the order was changed elsewhere. Open Activity (F8) to choose."
STAYS = "The parcel was not removed: it was changed elsewhere. Open Activity (F8) to choose."
LOOKED_UP = 6
"""From how many signs on a number that is typed is looked for on other orders."""


class ShipmentCard(Card):
    """What is typed for one order waits here while another is looked at.

    `submitted(ShipmentDraft)`, `corrected(parcel uid, ShipmentDraft, what its changed fields held)` and
    `removal_asked(parcel uid)` are about the order shown; `form_closed()` when the form goes while the
    keyboard is in it.
    """

    submitted = Signal(object)
    corrected = Signal(str, object, object)
    removal_asked = Signal(str)
    form_closed = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__("Shipment", "orderShipment", parent)
        self._context = context
        self._row: RecordRow | None = None
        self._kept = TypedParcels(context.shop)
        self.seen: Seen = {}
        """What was seen of the order when typing began."""
        self._adding = False
        self._correcting = ""
        self._before: Shipment | None = None
        """The parcel that is changed, as it was when its form was opened."""
        self._scope = TaskScope(self)
        self._note = Label("", self, role="caption", ink="text_2")
        self.trouble = Banner("shipmentTrouble", self, tone="error", wrap=True)
        self.news = Callout("shipmentNews", self, tone="warning")
        self._news_words = Label("", self.news, role="caption", ink="warning", wrap=True)
        self.news.add_words(self._news_words)
        self.gone = Callout("parcelGone", self, tone="warning")
        self.gone.add_words(Label(GONE, self.gone, role="caption", ink="warning", wrap=True))
        self.gone_another = Button("Make it another parcel", "parcelGoneAnother", self.gone, height=28)
        self.gone_drop = Button("Drop what I typed", "parcelGoneDrop", self.gone, height=28)
        self.parcels = Parcels(self)
        self._rule = Rule(self)
        self.another = Button("Add another parcel", "anotherParcel", self, height=28, icon="plus")
        self.form = ShipmentForm(self)
        self._closed = Label("", self, ink="text_2", wrap=True)
        self.head.addWidget(self._note)
        for widget in (
            self.trouble,
            self.parcels,
            self._rule,
            self.another,
            self.news,
            self.gone,
            self.form,
            self._closed,
        ):
            self.body.addWidget(widget)
        self.body.setAlignment(self.another, Qt.AlignmentFlag.AlignLeft)
        context.undo.taken_back.connect(self.taken_back)
        self.form.submitted.connect(self._submitted)
        self.form.edited.connect(self.keep)
        self.form.cancelled.connect(self.cancel)
        self.form.number_told.connect(self._look_for_number)
        self.parcels.change_asked.connect(self._correct)
        self.parcels.removal_asked.connect(self.removal_asked)
        self.another.clicked.connect(self._add_another)
        for button, act in ((self.gone_another, self._make_another), (self.gone_drop, self._end_change)):
            self.gone.row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            button.clicked.connect(act)

    # ------------------------------------------------------------ showing

    def show_row(self, row: RecordRow) -> None:
        """Show an order. What was typed for the one before is kept for it."""
        other = self._row is None or self._row.uid != row.uid
        if other:
            self.leave()
            self._correcting = ""
        self._row = row
        self._take_up(row.data, other=other)
        self._show_parts(row)

    def _take_up(self, order: Order, *, other: bool) -> None:
        """Put into the form what belongs there: what was typed, also before a shipment that was undone."""
        again = self._kept.follow(order)
        if self._correcting:
            return
        change = self._kept.change_of(order.uid) if other else None
        if change is not None:
            self._change(*change, earlier=True)
            return
        typed = self.form.typed()
        if other or typed == NOTHING or again:
            self._put_new(order, earlier=other)

    def _put_new(self, order: Order, *, earlier: bool = True) -> None:
        """Put into the form what was typed of a new parcel."""
        typed, self.seen = self._kept.of(order)
        self._adding = typed != NOTHING
        if typed != self.form.typed():
            self.form.put(typed)
        if earlier:
            self.form.say_typed_earlier(typed != NOTHING)

    def keep(self) -> None:
        """Keep what is typed until this order is shown again."""
        if self._row is None:
            return
        if self._correcting and self._before is not None:
            self._kept.keep_change(self._row.uid, self._before, self.form.typed())
        else:
            self._kept.keep(self._row.uid, self.form.typed(), self.seen)

    def leave(self) -> None:
        """Keep what is typed, and say once that it is not saved: another order or screen is shown."""
        self.keep()
        if self._row is not None and self._kept.put_aside(self._row.uid):
            self._context.ui.say(NOT_SHIPPED.format(buyer_of(self._row.data)))

    def follow(self, uids: Collection[str]) -> None:
        """Follow what became of other orders: what was typed for one that is not shipped after all waits."""
        self._kept.follow_others(uids, self._row.uid if self._row is not None else "")

    def cancel(self) -> None:
        """Leave the form and drop what is typed in it; Undo puts it back."""
        if self._row is None:
            return
        uid, typed, before = self._row.uid, self.form.typed(), self._before if self._correcting else None
        dropped, again = self._is_typed(), partial(self._type_again, uid, typed, self.seen, before)
        if before is not None:
            self._end_change()
        else:
            self._kept.drop(uid)
            self._close()
        if dropped:
            self._context.ui.offer_undo(DROPPED.format(buyer_of(self._row.data)), again)

    def escape(self) -> bool:
        """Leave the form as Cancel does; False where there is no Cancel, or somebody is at work elsewhere."""
        if self.form.isHidden() or self.form.cancel.isHidden():
            return False
        if self._is_typed() and not self.form.has_keyboard():
            return False
        self.cancel()
        return True

    def _is_typed(self) -> bool:
        """Tell whether the form holds anything but what it was opened with."""
        untouched = typed_of(self._before) if self._correcting and self._before is not None else NOTHING
        return self.form.typed() != untouched

    def _type_again(self, uid: str, typed: Typed, seen: Seen, before: Shipment | None) -> None:
        """Put back what was dropped; where another order is shown by now, it waits for its own."""
        self.keep()
        if before is not None:
            self._kept.keep_change(uid, before, typed)
        else:
            self._kept.keep(uid, typed, seen)
        if self._row is None or self._row.uid != uid:
            self._kept.put_aside(uid)
        else:
            self.show_typed()

    def show_typed(self) -> None:
        """Show what is kept for this order by now, whatever stands in the form."""
        if self._row is None:
            return
        self._correcting, self._before = "", None
        change = self._kept.change_of(self._row.uid)
        if change is not None:
            self._change(*change, earlier=True)
        else:
            self._put_new(self._row.data)
        self._show_parts(self._row)

    def became_parcel(self, uid: str) -> None:
        """What was typed for an order is a parcel now; the form comes back with it should that be undone."""
        shown = self._row is not None and self._row.uid == uid
        if shown:
            self.keep()
        self._kept.became_parcel(uid)
        if shown:
            self._close()

    def parcel_removed(self, uid: str) -> None:
        """A parcel is taken off on purpose."""
        self._kept.parcel_removed(uid)

    def change_saved(self, uid: str, parcel: str) -> None:
        """The change of a parcel is saved: what was typed for a new one before is in the form again."""
        self._kept.change_saved(uid, parcel)
        same = self._context.shop.real(parcel) == self._context.shop.real(self._correcting)
        if self._row is not None and self._row.uid == uid and same:
            self._end_change()

    def taken_back(self, step: Step) -> None:
        """A step was undone: what was typed for a parcel that is not there any more is in the form again."""
        given = [act.uid for act in step.acts if self._kept.taken_back(act)]
        shown = self._row is not None and self._context.shop.real(self._row.uid) in given
        if self._row is not None and shown and not self.at_work():
            self._put_new(self._row.data)
            self._show_parts(self._row)

    def _close(self) -> None:
        self._adding, self._correcting = False, ""
        self.form.put(NOTHING)
        if self._row is not None:
            self._show_parts(self._row)

    def _show_parts(self, row: RecordRow) -> None:
        order: Order = row.data
        takes_parcels = order.status in SHIPPABLE
        self._correcting = self._context.shop.real(self._correcting)  # it may have been sent meanwhile
        gone = bool(self._correcting) and self._correcting not in {one.uid for one in order.shipments}
        if gone and self._before is not None and self.form.typed() == typed_of(self._before):
            self._end_change()  # nothing was typed over it
            return
        typing = self._adding or bool(self._correcting) or self.form.typed() != NOTHING
        form = takes_parcels and (not order.shipments or typing)
        act = "Save changes" if self._correcting else "Mark shipped"
        self.form.set_act(act, can_be_left=bool(order.shipments) or bool(self._correcting))
        self.form.set_heading(self._form_words(order))
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
        self.gone.setVisible(form and gone)
        self._show_trouble(row)
        self._show_news(order)

    def at_work(self) -> bool:
        """Tell whether somebody has typed about a parcel and not saved it."""
        return bool(self._correcting) or self.form.typed() != NOTHING

    def _form_words(self, order: Order) -> str:
        """Say which parcel the form is about, where the order has one already."""
        changed = next((one for one in order.shipments if one.uid == self._correcting), self._before)
        if self._correcting and changed is not None:
            return f"Change {parcel_name(changed)}"
        return "Another parcel" if order.shipments else ""

    def _show_news(self, order: Order) -> None:
        """Say what somebody else did to the order since its form was begun."""
        words = ""
        ours = any(is_temporary(parcel.uid) for parcel in order.shipments)  # what was typed just now
        if self.form.typed() != NOTHING and not self._correcting and not ours:
            words = news_words(Entity.ORDER, self._context.shop.news(Entity.ORDER, order.uid, self.seen))
        self._news_words.setText(f"Changed since you began:\n{words}")
        self.news.setVisible(bool(words))

    def _look_for_number(self, number: str) -> None:
        self._scope.cancel_group("number")
        if len(number) >= LOOKED_UP and self._row is not None:
            found = self._say_together(self._row.uid, number)
            self._scope.spawn(found, "look for a number", group="number", exclusive=True)

    async def _say_together(self, uid: str, number: str) -> None:
        """Say which orders to the same address have a number: a parcel may be meant for all, or for one."""
        if orders := await self._context.shop.parts.sent_together(uid, number):
            self.form.say_shared(number, sharing_words(orders))

    def _weight_words(self, order: Order) -> str:
        sold = item_of(order)
        known = self._context.shop.row(Entity.ITEM, sold.uid) if sold else None
        grams = getattr(known.data, "weight_grams", None) if known else None
        return f"The record weighs {grams:,} g" if grams else ""

    def _show_trouble(self, row: RecordRow) -> None:
        """Say why a parcel is not on the server."""
        words = ""
        for operation in self._context.shop.operations():
            ours = (operation.entity, operation.uid) == (Entity.ORDER, row.uid)
            if ours and operation.state is OpState.REFUSED and operation.kind is not OpKind.UPDATE:
                reasons = [text for texts in operation.errors.values() for text in texts]
                words = f"Not taken: {' '.join(reasons) or operation.message}"
            elif ours and operation.state is OpState.CONFLICT and (orders := asked(operation.theirs)):
                words = SHARED.format(sharing_words(orders))
            elif ours and operation.state is OpState.CONFLICT and operation.kind is OpKind.ADD_SHIPMENT:
                words = OVERTAKEN
            elif ours and other_parcel(operation):
                words = CHANGED_GONE
            elif ours and operation.state is OpState.CONFLICT and operation.kind is OpKind.REMOVE_SHIPMENT:
                words = STAYS
        self.trouble.setVisible(bool(words))
        if words:
            self.trouble.set_message(words)

    def _correct(self, uid: str) -> None:
        """Put a parcel into the form, to be changed there."""
        order: Order | None = self._row.data if self._row is not None else None
        parcel = next((one for one in order.shipments if one.uid == uid), None) if order else None
        if parcel is None or self._row is None:
            return
        self.keep()
        began = self._kept.change_of(self._row.uid, uid)
        self._change(*(began or (parcel, typed_of(parcel))), earlier=began is not None)
        self._show_parts(self._row)
        self.focus_first()

    def _change(self, parcel: Shipment, typed: Typed, *, earlier: bool) -> None:
        """Let the form be about a parcel that is there; `parcel` is as it was when that was begun."""
        self._correcting, self._before = parcel.uid, parcel
        self.form.put(typed, as_is=parcel.tracking_number or "")
        self.form.say_typed_earlier(earlier, "saved")

    def _end_change(self) -> None:
        """Let the form be about a new parcel again, with what was typed of it before."""
        if self._row is None:
            return
        self._kept.drop_change(self._row.uid, self._correcting)
        self._correcting, self._before = "", None
        self._put_new(self._row.data)
        self._show_parts(self._row)

    def _make_another(self) -> None:
        """Make a new parcel of what was typed over one that is not there any more."""
        if self._row is None:
            return
        self._kept.drop_change(self._row.uid, self._correcting)
        self._correcting, self._before, self._adding = "", None, True
        self.seen = seen_of(self._row.data)
        self.keep()
        self._show_parts(self._row)
        self.focus_first()

    def _submitted(self, draft: ShipmentDraft) -> None:
        if self._correcting and not self.gone.isHidden():  # it is asked first what is to become of it
            self.gone_another.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._correcting and self._before is not None:
            self.corrected.emit(self._correcting, draft, shown_of(self._before, self.form.typed()))
        else:
            self.submitted.emit(draft)

    def _add_another(self) -> None:
        if self._row is not None:
            self._put_new(self._row.data)
            self._adding = True
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
