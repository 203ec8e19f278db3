"""The Listings tab: where the item is offered, at what price, what went wrong, and what can be done."""

from collections.abc import Coroutine
from functools import partial
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from instica_desktop.core.ages import day
from instica_desktop.core.errors import InputError
from instica_desktop.core.models import InventoryItem, Listing
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import format_money
from instica_desktop.core.operations import OpKind
from instica_desktop.core.overlay_listings import ENDING, WAITING
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.filters import PLATFORMS
from instica_desktop.features.inventory.offer import OfferDialog
from instica_desktop.features.inventory.offer_acts import OfferActs, for_all, number_of_copies
from instica_desktop.features.marks import RecordRow
from instica_desktop.qtkit import dialogs
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.text import ElidedLabel, Label
from instica_desktop.qtkit.theme.tokens import Tone
from instica_desktop.qtkit.widgets.badge import Badge
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.empty_state import EmptyState, StateSpec
from instica_desktop.sync import OFFERABLE, OfferDraft

STATUS: dict[str, tuple[str, Tone]] = {
    "draft": ("Draft", "neutral"),
    "listed": ("Listed", "success"),
    "inactive": ("Inactive", "neutral"),
    "failed": ("Failed", "error"),
    "sold": ("Sold", "tint"),
    WAITING: ("Waits to be sent", "warning"),
    ENDING: ("Ends when sent", "warning"),
}
ENDED = {
    "sold": "It was sold on {} meanwhile, so there is no offer left.",
    "inactive": "This offer on {} was ended meanwhile, so there is nothing left to do.",
}
"""How an offer can have ended → what is said to who would change it."""
SHARED = "{:,} copies share this offer. A change, or its end, is for all of them."
STILL_SEEN = "Buyers see this offer until its end is sent."
CHANGES = "Buyers see this price and title once the change is sent."
LEAVES = "This copy leaves the offer once that is sent. The other copies stay in it."
NOT_LISTED = StateSpec(
    icon="store", headline="Not listed", sentence="This item is not offered on any marketplace."
)


class ListingsTab(QWidget):
    """The listings of one item, one block each. What is done to them waits in the queue like every edit."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("itemListings")
        self._context = context
        self._scope = TaskScope(self)
        self._doing = OfferActs(context)
        self._row: RecordRow | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._shown: object = None
        self._changing: frozenset[str] = frozenset()

    def show_row(self, row: RecordRow) -> None:
        """Show an item's listings; nothing is rebuilt when they are the same."""
        self._row = row
        item: InventoryItem = row.data
        self._changing = self._changed_here() if item.listings else frozenset()
        seen = (item.uid, item.listings, item.status, self._changing)
        if seen == self._shown:
            return
        self._shown = seen
        at, pressed = self._focused()
        if at >= 0:
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # else it jumps to what comes next in the window
        while (entry := self._column.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for listing in item.listings:
            self._column.addWidget(self._block(listing))
        if not item.listings:
            self._column.addWidget(EmptyState(NOT_LISTED, self), 0, Qt.AlignmentFlag.AlignHCenter)
        self._add_offer(item)
        if at >= 0:
            self._focus(at, pressed)

    def _changed_here(self) -> frozenset[str]:
        """Return the offers a change of which is not sent yet, by hand or along with a price."""
        waiting = self._context.shop.operations()
        return frozenset(str(one.payload["listing"]) for one in waiting if one.kind is OpKind.REVISE_LISTING)

    def _focused(self) -> tuple[int, str]:
        """Return which block has the keyboard, and the button in it; -1 when it is elsewhere."""
        focused = cast("QWidget | None", self.window().focusWidget())
        for at, block in enumerate(self._blocks()):
            if focused is not None and (block is focused or block.isAncestorOf(focused)):
                return at, focused.objectName()
        return (0, "") if focused is self else (-1, "")

    def _focus(self, at: int, pressed: str) -> None:
        """Put the keyboard on the button pressed before or, if that is gone, on what is nearest to it."""
        blocks = self._blocks()
        for block in blocks:
            block.show()
        found = [button for block in (*blocks[at:], *reversed(blocks[:at])) for button in _buttons(block)]
        same = (button for block in blocks[at : at + 1] for button in _buttons(block))
        again = next((button for button in same if button.objectName() == pressed), None)
        near = again or next(iter(found), None)
        if near is not None:
            near.setFocus(Qt.FocusReason.OtherFocusReason)

    def _blocks(self) -> list[QWidget]:
        entries = (self._column.itemAt(at) for at in range(self._column.count()))
        return [widget for entry in entries if entry is not None and (widget := entry.widget()) is not None]

    def _add_offer(self, item: InventoryItem) -> None:
        """Add the button for another offer, or the reason why there can be none now."""
        if not _free(item):
            return
        if item.status not in OFFERABLE:
            why = "Once the item is ready to sell, it can be put on offer here."
            label = Label(why, self, role="caption", ink="text_3", wrap=True)
            label.setAlignment(_beside(item))
            self._column.addWidget(label)
            return
        button = Button("Put on offer…", "putOnOffer", self, height=28, icon="plus")
        button.clicked.connect(self.offer)
        self._column.addWidget(button, 0, _beside(item))

    def _block(self, listing: Listing) -> QWidget:
        block = QFrame(self)
        block.setProperty("card", True)
        column = QVBoxLayout(block)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(4)
        top = QHBoxLayout()
        top.addWidget(Label(listing.platform_name or listing.platform, block, role="strong"))
        ends = listing.status == ENDING
        leaves = ends and listing.comes_back and number_of_copies(listing) > 1
        word, tone = STATUS.get(listing.status, (listing.status, "neutral"))
        word = "Leaves when sent" if leaves else word
        badge = Badge(parent=block)
        badge.set_badge(word, tone)
        top.addWidget(badge)
        top.addStretch()
        top.addWidget(Label(f"$ {format_money(listing.price_usd)}", block, role="medium", tabular=True))
        column.addLayout(top)
        column.addWidget(ElidedLabel(listing.title or "", block, role="caption", ink="text_2"))
        since = f"Since {day(listing.listed_at)}" if listing.listed_at else "Not yet offered"
        number = f" · no. {listing.external_id}" if listing.external_id else ""
        column.addWidget(Label(since + number, block, role="caption", ink="text_3", tabular=True))
        if number_of_copies(listing) > 1 and not leaves:
            words = SHARED.format(number_of_copies(listing))
            column.addWidget(Label(words, block, role="caption", ink="text_2", wrap=True))
        if listing.error:
            column.addWidget(Label(listing.error.message, block, role="caption", ink="error", wrap=True))
        if listing.uid in self._changing and not ends:
            column.addWidget(Label(CHANGES, block, role="caption", ink="warning", wrap=True))
        if ends:
            words = LEAVES if leaves else STILL_SEEN
            column.addWidget(Label(words, block, role="caption", ink="warning", wrap=True))
        column.addLayout(self._acts(listing, block))
        return block

    def _acts(self, listing: Listing, block: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(-8, 0, 0, 0)  # the words of plain buttons stand under the others
        row.setSpacing(8)
        live = listing.status == "listed" or (listing.status == "failed" and listing.listed_at is not None)
        acts = [("changeOffer", "Change…", self.change)] if live or listing.status == WAITING else []
        acts += [("takeOff", "Take off", self.take_off)] if live else []
        acts += [("takeBack", "Take back", self.take_off)] if listing.status == WAITING else []
        to_keep = listing.status == ENDING and not listing.comes_back  # else the item is to be kept
        acts += [("keepOffer", "Keep it", self.keep)] if to_keep else []
        for name, words, act in acts:
            said = f"{words} {listing.platform_name or listing.platform}{for_all(listing)}"
            button = Button(words, name, block, variant="plain", height=24, accessible=said)
            button.clicked.connect(partial(self._pressed, act, listing))
            row.addWidget(button)
        row.addStretch()
        return row

    def _pressed(self, act: Any, listing: Listing, _checked: bool = False) -> None:
        act(listing)

    # ------------------------------------------------------------ acting

    def offer(self) -> None:
        """Ask for a new offer and keep it."""
        if self._row is not None:
            item: InventoryItem = self._row.data
            dialog = OfferDialog(self.window(), _free(item), item.price_total_usd)
            dialog.keep_in(self._context.shop, item.uid)
            self._ask(dialog)

    def change(self, listing: Listing) -> None:
        """Ask for the changes of an offer and keep them."""
        if self._row is not None:
            self._spawn(self._change(self._row.uid, listing), "change offer")

    async def _change(self, uid: str, listing: Listing) -> None:
        listing = await self._check_live(uid, listing)
        if self._row is not None and self._row.uid == uid:
            platforms = ((listing.platform, listing.platform_name or listing.platform),)
            self._ask(OfferDialog(self.window(), platforms, listing.price_usd, listing), listing)

    def take_off(self, listing: Listing) -> None:
        """End an offer; one that was never sent just goes."""
        if self._row is not None:
            self._spawn(self._take_off(self._row, listing), "take off")

    async def _take_off(self, row: RecordRow, listing: Listing) -> None:
        await self._check_live(row.uid, listing)
        await self._doing.take_off(row, listing)

    async def _check_live(self, uid: str, listing: Listing) -> Listing:
        """Look once more: an offer that ended meanwhile is neither changed nor taken off. Returns it.

        Raises:
            InputError: it has ended, and how.
        """
        await self._context.shop.look(Entity.ITEM, uid)
        row = self._context.shop.row(Entity.ITEM, uid)
        item = cast("InventoryItem | None", row.data if row is not None else None)
        now = next((one for one in item.listings if one.uid == listing.uid), None) if item else None
        if now is not None and now.status in ENDED and listing.status not in ENDED:
            name = now.platform_name or now.platform
            raise InputError(ENDED[now.status].format(name))
        return now or listing

    def keep(self, listing: Listing) -> None:
        """Take back that an offer is to end."""
        if self._row is not None:
            self._spawn(self._doing.keep(self._row, listing), "keep offer")

    def _ask(self, dialog: OfferDialog, listing: Listing | None = None) -> None:
        if self._row is not None:
            dialog.submitted.connect(partial(self._submitted, dialog, self._row, listing))
            self._spawn(self._opened(dialog), "offer dialog")

    async def _opened(self, dialog: OfferDialog) -> None:
        await dialogs.show(dialog)
        dialog.deleteLater()

    def _submitted(
        self, dialog: OfferDialog, row: RecordRow, listing: Listing | None, draft: OfferDraft
    ) -> None:
        self._spawn(self._save(dialog, row, listing, draft), "save offer")

    async def _save(
        self, dialog: OfferDialog, row: RecordRow, listing: Listing | None, draft: OfferDraft
    ) -> None:
        try:
            with self._context.shop.drafts.saving(dialog.places):
                await self._doing.save(row, listing, draft, dialog.changed)
        except InputError as error:
            if not isValid(dialog):  # it was closed meanwhile
                raise
            dialog.show_error(error.field, error.message)
            return
        if isValid(dialog):
            dialog.accept()

    def _spawn(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        self._scope.spawn(work, name, on_error=self._context.tell, act=True)


def _buttons(block: QWidget) -> list[QPushButton]:
    return [block] if isinstance(block, QPushButton) else block.findChildren(QPushButton)


def _beside(item: InventoryItem) -> Qt.AlignmentFlag:
    """Return where what follows the offers stands: under their left edge, or under the middle of none."""
    return Qt.AlignmentFlag.AlignLeft if item.listings else Qt.AlignmentFlag.AlignHCenter


def _free(item: InventoryItem) -> list[tuple[str, str]]:
    """Return the marketplaces an item is not on offer at."""
    taken = {listing.platform for listing in item.listings if listing.status in ("listed", WAITING, ENDING)}
    return [(code, name) for code, name in PLATFORMS if code not in taken]
