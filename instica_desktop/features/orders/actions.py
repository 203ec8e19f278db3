"""What is done to an order: shipped, taken back, a parcel removed. Saved first, then sent."""

import asyncio
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from instica_desktop.core.errors import InputError, InsticaError
from instica_desktop.core.meanwhile import news_words, told
from instica_desktop.core.models import Order
from instica_desktop.core.models.common import Entity
from instica_desktop.core.statuses import SHIPPABLE, TO_SHIP
from instica_desktop.features.context import Context
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.orders.facts import buyer_of, parcel_name
from instica_desktop.features.orders.typed import Seen
from instica_desktop.features.undo import AnyStep, Closures
from instica_desktop.qtkit import dialogs
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.sync import ShipmentDraft

SHIPPED_CHOICES = (
    dialogs.Choice("act", "Add another parcel"),
    dialogs.Choice("leave", "Leave it as it is", "main"),
)
NOT_SHIPPED_CHOICES = (dialogs.Choice("ok", "OK", "main"),)


class Shipping(QObject):
    """`shipped(order uid)` once it is on the disk; `refused(order uid, InputError)` when it is not.

    `left(order uid)` when the user leaves it as somebody else has shipped it. `corrected(order uid)` once a
    change of a parcel is on the disk, `removing(order uid)` right before one is taken off.
    """

    shipped = Signal(str)
    left = Signal(str)
    corrected = Signal(str)
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

    def correct(self, row: RecordRow, parcel: str, draft: ShipmentDraft) -> None:
        """Save what was changed about a parcel."""
        self._scope.spawn(self._correct(row, parcel, draft), "correct parcel", group="ship")

    async def _correct(self, row: RecordRow, parcel: str, draft: ShipmentDraft) -> None:
        try:
            await self._context.shop.parts.edit_parcel(row.uid, parcel, draft)
        except InputError as error:
            self.refused.emit(row.uid, error)
            return
        self.corrected.emit(row.uid)
        self._context.ui.say("The parcel is changed here, and at the server as soon as this is sent.")

    async def finish(self) -> None:
        """Wait until what was asked for is on the disk; a question still open counts as no."""
        self._scope.cancel_group("remove")
        for question in tuple(self._questions):
            question.reject()
        while self._scope.busy("ship") or self._scope.busy("undo"):  # noqa: ASYNC110  tasks tell nobody
            await asyncio.sleep(0.01)

    async def _ship(self, row: RecordRow, draft: ShipmentDraft, seen: Seen) -> None:
        order: Order = row.data
        try:
            now = await self._agreed(row, seen)
            if now is None:
                return
            await self._context.shop.ship(row.uid, draft, now)
        except InputError as error:
            self.refused.emit(row.uid, error)
            return
        finally:
            self._writing.discard(row.uid)
        before = frozenset(now["shipments"])
        whose = f"{buyer_of(order)}’s order"
        step = Closures(
            Entity.ORDER,
            row.uid,
            f"shipping of {whose}",
            partial(self._take_back, row.uid, before),
            partial(self._context.shop.ship, row.uid, draft),
        )
        self._context.undo.push(step)
        self._context.ui.offer_undo(f"{whose} is marked shipped", partial(self._undo, step))
        self.shipped.emit(row.uid)

    async def _asked(self, title: str, text: str, choices: tuple[dialogs.Choice, ...]) -> str:
        """Ask; leaving the shop answers with no."""
        dialog = dialogs.AskDialog(self._window, title, text, choices)
        self._questions.add(dialog)
        try:
            await dialogs.show(dialog)
        finally:
            self._questions.discard(dialog)
        return dialog.answer

    async def _agreed(self, row: RecordRow, seen: Seen) -> Seen | None:
        """Look once more, and ask about what somebody else did to the order since.

        Returns the order as the user knows it by now; None when it is not to be shipped.
        """
        shop = self._context.shop
        await shop.look(Entity.ORDER, row.uid)
        while found := shop.news(Entity.ORDER, row.uid, seen):
            if not await self._ships_all_the_same(row, found):
                return None
            seen = told(seen, found)
        return shop.seen(Entity.ORDER, row.uid)

    async def _ships_all_the_same(self, row: RecordRow, found: Seen) -> bool:
        """Ask; where the order takes no parcel any more, say so."""
        words = news_words(Entity.ORDER, found)
        if found.get("status", TO_SHIP) not in SHIPPABLE:
            await self._asked("This order is not to be shipped any more", words, NOT_SHIPPED_CHOICES)
            return False
        title = f"{buyer_of(row.data)}’s order is shipped already"
        text = f"{words}\nThis was not there when you began. Yours would be another parcel."
        answer = await self._asked(title, text, SHIPPED_CHOICES)
        if answer == "leave":
            self._writing.discard(row.uid)
            self.left.emit(row.uid)
        return answer == "act"

    def _undo(self, step: AnyStep) -> None:
        work = self._context.undo.undo(step)
        self._scope.spawn(work, "take parcel back", group="undo", on_error=self._context.tell)

    async def _take_back(self, uid: str, before: frozenset[str]) -> None:
        """Remove the parcels made since; by now they may have been sent and carry other uids."""
        row = self._context.shop.row(Entity.ORDER, uid)
        parcels = row.data.shipments if row and isinstance(row.data, Order) else ()
        for parcel in parcels:
            if parcel.uid not in before:
                await self._context.shop.unship(uid, parcel.uid)

    async def _remove(self, row: RecordRow, uid: str) -> None:
        order: Order = row.data
        parcel = next((parcel for parcel in order.shipments if parcel.uid == uid), None)
        if parcel is None:
            return
        last = len(order.shipments) == 1
        text = f"{parcel_name(parcel)} is taken off this order." + (
            " The order waits for shipment again." if last else ""
        )
        if not await dialogs.confirm(self._window, "Remove this parcel?", text, "Remove", danger=True):
            return
        self.removing.emit(row.uid)
        try:
            await self._context.shop.unship(row.uid, uid)
        except InsticaError as error:
            self._context.tell(error, about=f"{buyer_of(row.data)}’s order")
