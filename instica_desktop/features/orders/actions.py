"""What is done to an order: shipped, a parcel corrected or removed. Saved, then sent; each can be undone."""

import asyncio

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from instica_desktop.core.acts import Act, Step
from instica_desktop.core.errors import InputError, InsticaError
from instica_desktop.core.models import Order
from instica_desktop.core.statuses import carrier_name
from instica_desktop.core.tracking import spaced
from instica_desktop.features.context import Context
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.orders.facts import buyer_of
from instica_desktop.qtkit import dialogs
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.sync import ShipmentDraft


class Shipping(QObject):
    """`shipped(order uid)` once it is on the disk; `refused(order uid, InputError)` when it is not.

    `corrected(order uid)` once a change of a parcel is on the disk.
    """

    shipped = Signal(str)
    corrected = Signal(str)
    refused = Signal(str, object)

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._window = parent
        self._scope = TaskScope(self)
        self._writing: set[str] = set()

    def ship(self, row: RecordRow, draft: ShipmentDraft) -> None:
        """Note that an order was sent. A second press while the first is written does nothing."""
        if row.uid not in self._writing:
            self._writing.add(row.uid)
            self._scope.spawn(self._ship(row, draft), "ship", group="ship")

    def remove(self, row: RecordRow, parcel: str) -> None:
        """Ask, then take a parcel back."""
        self._scope.spawn(self._remove(row, parcel), "remove parcel", group="remove", exclusive=True)

    def correct(self, row: RecordRow, parcel: str, draft: ShipmentDraft) -> None:
        """Save what was changed about a parcel."""
        self._scope.spawn(self._correct(row, parcel, draft), "correct parcel", group="ship")

    async def _correct(self, row: RecordRow, parcel: str, draft: ShipmentDraft) -> None:
        try:
            act = await self._context.shop.parts.edit_parcel(row.uid, parcel, draft)
        except InputError as error:
            self.refused.emit(row.uid, error)
            return
        self.corrected.emit(row.uid)
        if act is not None:
            self._did(row, "correction of a parcel of {}", "A parcel of {} is corrected", act)

    async def finish(self) -> None:
        """Wait until what was asked for is on the disk; a question still open counts as no."""
        self._scope.cancel_group("remove")
        while self._scope.busy("ship"):  # noqa: ASYNC110  tasks tell nobody
            await asyncio.sleep(0.01)

    async def _ship(self, row: RecordRow, draft: ShipmentDraft) -> None:
        try:
            act = await self._context.shop.ship(row.uid, draft)
        except InputError as error:
            self.refused.emit(row.uid, error)
            return
        finally:
            self._writing.discard(row.uid)
        self._did(row, "shipping of {}", "{} is marked shipped", act)
        self.shipped.emit(row.uid)

    def _did(self, row: RecordRow, words: str, said: str, act: Act) -> None:
        """Remember an act on an order and offer to take it back; both texts name the order."""
        whose = f"{buyer_of(row.data)}’s order"
        self._context.did(Step(words=words.format(whose), acts=(act,)), said.format(whose))

    async def _remove(self, row: RecordRow, uid: str) -> None:
        order: Order = row.data
        parcel = next((parcel for parcel in order.shipments if parcel.uid == uid), None)
        if parcel is None:
            return
        name = " ".join(p for p in (carrier_name(parcel.carrier), spaced(parcel.tracking_number or "")) if p)
        last = len(order.shipments) == 1
        text = f"{name} is taken off this order." + (" The order waits for shipment again." if last else "")
        if parcel.status not in (None, "label_created"):
            text += " Undo notes it anew, without what the carrier has said of it."
        if not await dialogs.confirm(self._window, "Remove this parcel?", text, "Remove", danger=True):
            return
        try:
            act = await self._context.shop.unship(row.uid, uid)
        except InsticaError as error:
            self._context.ui.show_problem(error)
            return
        self._did(row, "removal of a parcel of {}", "A parcel of {} is removed", act)
