"""What is done to an order: shipped, a parcel corrected or removed. Saved, then sent; each can be undone."""

import asyncio
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from instica_desktop.core.acts import Act, Step
from instica_desktop.core.errors import InputError, InsticaError
from instica_desktop.core.meanwhile import news_words, told
from instica_desktop.core.models import Order, Shipment
from instica_desktop.core.models.common import Entity
from instica_desktop.core.sharing import Agreed, agreement, is_agreed, sharing_words, together, with_agreed
from instica_desktop.core.statuses import SHIPPABLE, TO_SHIP
from instica_desktop.features.context import Context
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.orders.facts import buyer_of, parcel_name
from instica_desktop.features.orders.typed import Seen, places, seen_of_parcel
from instica_desktop.qtkit import dialogs
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.sync import ShipmentDraft

SHIPPED_CHOICES = (
    dialogs.Choice("act", "Add another parcel"),
    dialogs.Choice("leave", "Leave it as it is", "main"),
)
SHARED = "This number is on another order too"
SHARED_CHOICES = (
    dialogs.Choice("act", "Save it all the same"),
    dialogs.Choice("look", "Look at the number", "main"),
)
CHANGED_WHILE_ASKED = "It was changed while you were asked. "
NOT_SHIPPED_CHOICES = (dialogs.Choice("ok", "OK", "main"),)


class Shipping(QObject):
    """`shipped(order uid)` once it is on the disk; `refused(order uid, InputError)` when it is not.

    `corrected(order uid, parcel uid)` once a change of a parcel is on the disk, `removing(order uid)` right
    before one is taken off.
    """

    shipped = Signal(str)
    corrected = Signal(str, str)
    removing = Signal(str)
    refused = Signal(str, object)

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._window = parent
        self._scope = TaskScope(self)
        self._writing: set[str] = set()
        self._questions: set[dialogs.AskDialog] = set()

    def ship(self, row: RecordRow, draft: ShipmentDraft, seen: Seen) -> None:
        """Note that an order was sent, `seen` as it was when the form was begun.

        A second press while the first is written does nothing.
        """
        if row.uid not in self._writing:
            self._writing.add(row.uid)
            self._scope.spawn(self._ship(row, draft, seen), "ship", group="ship")

    def is_shipping(self, uid: str) -> bool:
        """Tell whether the shipment of an order is being written."""
        return uid in self._writing

    def remove(self, row: RecordRow, parcel: str) -> None:
        """Ask, then take a parcel back."""
        self._scope.spawn(self._remove(row, parcel), "remove parcel", group="remove", exclusive=True)

    def correct(self, row: RecordRow, parcel: str, draft: ShipmentDraft, shown: Seen) -> None:
        """Save what was changed about a parcel; `shown` is what those fields, and no others, held."""
        self._scope.spawn(self._correct(row, parcel, draft, shown), "correct parcel", group="ship")

    async def _correct(self, row: RecordRow, parcel: str, draft: ShipmentDraft, shown: Seen) -> None:
        try:
            agreed: Agreed | None = {}
            if "tracking_number" in shown:
                self._context.shop.parts.check_own(row.uid, draft.tracking_number, but=parcel)
                agreed = await self._agreed_to_share(row.uid, draft.tracking_number)
            if agreed is None:
                return
            shop = self._context.shop
            with shop.drafts.saving(places(shop, row.uid, parcel)):
                act = await shop.parts.edit_parcel(row.uid, parcel, draft, shown, agreed)
        except InputError as error:
            self.refused.emit(row.uid, error)
            return
        self.corrected.emit(row.uid, parcel)
        if act is not None:
            self._did(row, "correction of a parcel of {}", "A parcel of {} is corrected", act)

    async def finish(self) -> None:
        """Wait until what was asked for is on the disk; a question still open counts as no."""
        self._scope.cancel_group("remove")
        for question in tuple(self._questions):
            question.reject()
        while self._scope.busy("ship"):  # noqa: ASYNC110  tasks tell nobody
            await asyncio.sleep(0.01)

    async def _ship(self, row: RecordRow, draft: ShipmentDraft, seen: Seen) -> None:
        try:
            now = await self._agreed(row, seen, draft.tracking_number)
            agreed = None if now is None else await self._agreed_to_share(row.uid, draft.tracking_number)
            if now is None or agreed is None:
                return
            shop = self._context.shop
            with shop.drafts.saving(places(shop, row.uid)):
                act = await shop.ship(row.uid, draft, with_agreed(now, agreed))
        except InputError as error:
            self.refused.emit(row.uid, error)
            return
        finally:
            self._writing.discard(row.uid)
        if act.before["parcels"]:
            self._did(row, "another parcel for {}", "Another parcel for {} is saved", act)
        else:
            self._did(row, "shipping of {}", "{} is marked shipped", act)
        self.shipped.emit(row.uid)

    def _did(self, row: RecordRow, words: str, said: str, act: Act) -> None:
        """Remember an act on an order and offer to take it back; both texts name the order."""
        whose = f"{buyer_of(row.data)}’s order"
        self._context.did(Step(words=words.format(whose), acts=(act,)), said.format(whose))

    async def _asked(self, title: str, text: str, choices: tuple[dialogs.Choice, ...]) -> str:
        """Ask; leaving the shop answers with no."""
        dialog = dialogs.AskDialog(self._window, title, text, choices)
        self._questions.add(dialog)
        try:
            await dialogs.show(dialog)
        finally:
            self._questions.discard(dialog)
        return dialog.answer

    async def _agreed(self, row: RecordRow, seen: Seen, number: str) -> Seen | None:
        """Look once more, and ask about what somebody else did to the order since.

        Returns the order as the user knows it by now; None when it is not to be shipped.

        Raises:
            InputError: the order has the number by now, so there is nothing to ask.
        """
        shop = self._context.shop
        await shop.look(Entity.ORDER, row.uid)
        while found := shop.news(Entity.ORDER, row.uid, seen):
            shop.parts.check_own(row.uid, number)
            if not await self._ships_all_the_same(row, found):
                return None
            seen = told(seen, found)
        shop.parts.check_own(row.uid, number)
        return shop.seen(Entity.ORDER, row.uid)

    async def _ships_all_the_same(self, row: RecordRow, found: Seen) -> bool:
        """Ask; where the order takes no parcel any more, say so."""
        words = news_words(Entity.ORDER, found)
        if found.get("status", TO_SHIP) not in SHIPPABLE:
            await self._asked("This order is not to be shipped any more", words, NOT_SHIPPED_CHOICES)
            return False
        title = f"{buyer_of(row.data)}’s order is shipped already"
        text = f"{words}\nThis was not there when you began. Yours would be another parcel."
        return await self._asked(title, text, SHIPPED_CHOICES) == "act"

    async def _agreed_to_share(self, uid: str, number: str) -> Agreed | None:
        """Ask about a number that is on orders to other addresses, as far as they are known here.

        Returns what was agreed to; None when it is not to be saved.

        Raises:
            InputError: the number is to be looked at.
        """
        agreed: Agreed = {}
        while orders := await self._context.shop.parts.also_on(uid, number):
            if is_agreed(with_agreed({}, agreed), number, orders):
                break
            words = sharing_words(orders)
            answer = await self._asked(SHARED, words, SHARED_CHOICES)
            if answer == "look":
                raise InputError(words, field="tracking_number")
            if answer != "act":
                return None
            agreed = together(agreed, agreement(number, orders))
        return agreed

    async def _remove(self, row: RecordRow, uid: str) -> None:
        shop = self._context.shop
        try:
            await shop.look(Entity.ORDER, row.uid)
            seen = await self._agreed_to_remove(row.uid, uid)
            if seen is None:
                return
            self.removing.emit(row.uid)
            act = await shop.unship(row.uid, uid, seen)
        except InsticaError as error:
            self._context.tell(error, about=f"{buyer_of(row.data)}’s order")
            return
        self._did(row, "removal of a parcel of {}", "A parcel of {} is removed", act)

    async def _agreed_to_remove(self, order: str, uid: str) -> Seen | None:
        """Ask, and anew where it became another question meanwhile. Returns the parcel agreed to.

        Raises:
            InputError: it is not there any more.
        """
        asked, since = self._parcel_of(order, uid), ""
        while await dialogs.confirm(
            self._window, "Remove this parcel?", since + _removal_words(*asked), "Remove", danger=True
        ):
            now = self._parcel_of(order, uid)
            if _same_question(asked, now):
                return seen_of_parcel(now[1])
            asked, since = now, CHANGED_WHILE_ASKED
        return None

    def _parcel_of(self, order: str, uid: str) -> tuple[Order, Shipment]:
        """Return an order and one of its parcels as they are shown now."""
        from instica_desktop.sync.parts import PARCEL_GONE

        row, real = self._context.shop.row(Entity.ORDER, order), self._context.shop.real(uid)
        shown = cast("Order | None", row.data if row is not None else None)
        for parcel in shown.shipments if shown is not None else ():
            if shown is not None and parcel.uid == real:
                return shown, parcel
        raise InputError(PARCEL_GONE)


def _removal_words(order: Order, parcel: Shipment) -> str:
    last = len(order.shipments) == 1
    text = f"{parcel_name(parcel)} is taken off this order." + (
        " The order waits for shipment again." if last else ""
    )
    if parcel.status not in (None, "label_created"):
        text += " Undo notes it anew, without what the carrier has said of it."
    return text


def _same_question(asked: tuple[Order, Shipment], now: tuple[Order, Shipment]) -> bool:
    """Tell whether what was agreed to is what would be done: the parcel, and what becomes of the order."""
    from instica_desktop.sync.conflicts import same

    was, is_ = seen_of_parcel(asked[1]), seen_of_parcel(now[1])
    return _removal_words(*asked) == _removal_words(*now) and all(
        same(name, was[name], is_[name]) for name in was
    )
