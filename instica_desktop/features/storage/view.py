"""The page of storage and backups: how much room the shop takes here, its backups, whether all is well."""

from collections.abc import Coroutine, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.ages import utc_now
from instica_desktop.core.models.common import Entity
from instica_desktop.core.sizes import size_words
from instica_desktop.features.context import Context, ScreenWidget
from instica_desktop.features.storage.backups import BackupsCard
from instica_desktop.features.storage.check import CheckCard
from instica_desktop.features.storage.room import RoomCard
from instica_desktop.features.storage.words import counted, reset_question, restore_question
from instica_desktop.qtkit import dialogs
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.widgets.page import Page
from instica_desktop.sync.care import Backup

WIDE = 940
"""From this width on the cards stand in two columns."""
EMPTY_NOW = "The copy is empty and fills again from the server."
EMPTY_LATER = "The copy cannot be emptied while it is open. It is begun anew at the next start."

MEND_LATER = "The waiting edits are mended at the next start. Quit and start again."


class StorageView(ScreenWidget):
    """Measures when it is shown, on F5, and after each act."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("storageView")
        self._context = context
        self._care = context.shop.care
        self._scope = TaskScope(self)
        self._two: bool | None = None
        name = context.account.label or "this shop"
        words = f"What this computer keeps of {name}, and the care of it."
        self._page = Page("Storage and backups", words, "storageScroll", self)
        self.room = RoomCard(self._page.content)
        self.check = CheckCard(self._page.content)
        self.backups = BackupsCard(self._page.content)
        self._lay_out()
        self.room.reset_requested.connect(self.reset)
        self.room.clear_requested.connect(self.clear_pictures)
        self.backups.back_up_requested.connect(self.back_up)
        self.backups.restore_requested.connect(self.restore)
        self.check.check_requested.connect(self.run_check)
        self.check.reset_requested.connect(self.reset)
        self.check.mend_requested.connect(self.mend_later)

    def _lay_out(self) -> None:
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "base")
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for column in (self._left, self._right):
            column.setSpacing(16)
            column.addStretch()
        self._left.insertWidget(0, self.room)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(16)
        self._columns.addLayout(self._left, 1)
        self._columns.addLayout(self._right, 1)
        self._page.rows.addLayout(self._columns)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._page)
        self._place(two=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards side by side where there is room, else one below the other."""
        super().resizeEvent(event)
        self._place(two=event.size().width() >= WIDE)

    def _place(self, *, two: bool) -> None:
        if two == self._two:
            return
        self._two = two
        for at, card in enumerate((self.check, self.backups)):
            (self._left if two else self._right).removeWidget(card)
            (self._right if two else self._left).insertWidget(at if two else at + 1, card)
        self._columns.setStretch(1, 1 if two else 0)
        self._columns.setSpacing(16 if two else 0)

    # ------------------------------------------------------------ as a screen

    def activate(self) -> None:
        """Measure, and put the keyboard on the first thing to do."""
        self.refresh()
        self.backups.back_up.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Measure again."""
        self._spawn(self.measure(), "measure storage", act=False)

    def regions(self) -> Sequence[QWidget]:
        """F6 walks through the cards."""
        return (self.room, self.check, self.backups)

    def leave(self) -> None:
        """Ask nothing more: the shop closes."""
        self._scope.cancel()

    async def measure(self) -> None:
        """Show sizes and backups as they are now."""
        sizes, backups = await self._care.sizes(), await self._care.backups()
        shop = self._context.shop
        known = ", ".join(
            counted(shop.known(entity), word)
            for entity, word in ((Entity.ITEM, "item"), (Entity.PRODUCT, "product"), (Entity.ORDER, "order"))
        )
        waiting = counted(len(shop.operations()), "edit")
        self.room.show_sizes(sizes, _sentence(known), _sentence(f"{waiting} waiting to be sent"))
        self.backups.show_backups(backups, utc_now())

    # ------------------------------------------------------------ acts

    def back_up(self) -> None:
        """Copy the waiting edits now."""
        self._spawn(self._back_up(), "back up")

    async def _back_up(self) -> None:
        self.backups.back_up.set_busy(True)
        try:
            backup = await self._care.back_up()
        finally:
            self.backups.back_up.set_busy(False)
        self._context.ui.say(f"Backed up: {counted(backup.edits or 0, 'unsent edit')}.")
        await self.measure()

    def restore(self, backup: Backup) -> None:
        """Ask, then put a backup's edits in place of those waiting."""
        self._spawn(self._restore(backup), "restore")

    async def _restore(self, backup: Backup) -> None:
        title, text = restore_question(backup, len(self._context.shop.operations()))
        if await dialogs.confirm(self.window(), title, text, "Restore"):
            restored = await self._care.restore(backup.path)
            self._context.ui.say(f"Restored: {counted(restored.edits, 'unsent edit')}. Nothing is sent yet.")
            await self.measure()

    def reset(self) -> None:
        """Ask, then empty the copy of the shop."""
        self._spawn(self._reset(), "reset copy")

    async def _reset(self) -> None:
        shop = self._context.shop
        records = sum(shop.known(entity) for entity in Entity)
        online = shop.state.can_read
        name = self._context.account.label or "this shop"
        title, text = reset_question(name, records, len(shop.operations()), online=online)
        if await dialogs.confirm(self.window(), title, text, "Reset copy", danger=True):
            self._context.ui.say(EMPTY_NOW if await self._care.reset() else EMPTY_LATER)
            await self.measure()

    def mend_later(self) -> None:
        """Have the next start mend the file of the waiting edits."""
        self._spawn(self._mend_later(), "mend")

    async def _mend_later(self) -> None:
        await self._care.restore_at_next_start()
        self._context.ui.say(MEND_LATER)

    def clear_pictures(self) -> None:
        """Drop the pictures that were fetched."""
        self._spawn(self._clear_pictures(), "clear pictures")

    async def _clear_pictures(self) -> None:
        freed = await self._care.clear_pictures()
        self._context.ui.say(f"Freed {size_words(freed)}. Pictures are fetched again when they are shown.")
        await self.measure()

    def run_check(self) -> None:
        """Check every file."""
        self._spawn(self._run_check(), "check", act=False)

    async def _run_check(self) -> None:
        self.check.set_busy(True)
        try:
            found = await self._care.check()
        finally:
            self.check.set_busy(False)
        self.check.show_report(found, utc_now())

    def _spawn(self, work: Coroutine[Any, Any, Any], name: str, *, act: bool = True) -> None:
        tell = self._context.tell
        self._scope.spawn(work, name, group=name, exclusive=not act, on_error=tell, act=act)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
