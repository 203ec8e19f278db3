"""What every screen is given, and what a screen is."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import msgspec
from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QTableView, QWidget

from instica_desktop.core.accounts import Account
from instica_desktop.core.errors import InsticaError
from instica_desktop.features.undo import AnyStep, UndoHistory
from instica_desktop.qtkit.bus import Bus
from instica_desktop.qtkit.images import ImageLoader
from instica_desktop.qtkit.tasks import TaskScope, report
from instica_desktop.sync import Shop
from instica_desktop.system.prefs import Prefs


class UiServices(Protocol):
    """What the window does for its screens, whatever window it is."""

    def say(self, words: str) -> None:
        """Show a short notice that goes by itself."""
        ...

    def show_problem(self, error: InsticaError) -> None:
        """Show what went wrong, why, and what to do next; technical details only on demand."""
        ...

    def offer_undo(self, words: str, undo: Callable[[], None]) -> None:
        """Show what was done, with Undo."""
        ...

    def show_screen(self, key: str, uid: str = "", search: str = "") -> None:
        """Go to another screen, to one record of it, or to what matches a search."""
        ...


class Context:
    """One open shop as its screens see it."""

    def __init__(self, account: Account, shop: Shop, bus: Bus, prefs: Prefs, ui: UiServices) -> None:
        self.account = account
        self.shop = shop
        self.bus = bus
        self.prefs = prefs
        self.ui = ui
        self.undo = UndoHistory(lambda: shop.inverses, bus)
        self.images = ImageLoader(shop.image, bus)
        """Pictures of this shop, for tables and panes."""
        self._scope = TaskScope(bus)

    def did(self, step: AnyStep, said: str = "") -> None:
        """Remember what was done, so that it can be taken back; say it with an offer to, given words."""
        self.undo.push(step)
        if said:
            self.ui.offer_undo(said, partial(self.take_back, step))

    def take_back(self, step: AnyStep) -> None:
        """Take back one step; what stands in its way is said."""
        self._scope.spawn(self.undo.undo(step), "take back", on_error=self.tell)

    def tell(self, error: BaseException) -> None:
        """Show what ended a task, in words; a fault of ours goes to the reporter of tasks."""
        if isinstance(error, InsticaError):
            self.ui.show_problem(error)
        else:
            report(error, "screen")

    def close(self) -> None:
        """Stop fetching pictures: the shop closes."""
        self.images.close()


class ScreenWidget(QWidget):
    """Base of a screen's widget: what the window may ask of it."""

    rearranged = Signal()
    """What stands where has changed; see `room_for_messages`."""

    def activate(self) -> None:
        """The screen has come to the front: put the focus where work begins."""

    def focus_search(self) -> None:
        """Put the focus into the search field (Ctrl+F)."""

    def reveal(self, uid: str = "", search: str = "") -> None:
        """Show one record, or what matches a search."""

    def refresh(self) -> None:
        """Ask the server again (F5)."""

    def make_new(self) -> None:
        """Ask for a new record of the kind this screen lists (Ctrl+N)."""

    def density_changed(self) -> None:
        """Rows should now be as high as `prefs["density"]` says."""

    def room_for_messages(self) -> QRect:
        """Return where messages may stand, where nothing is read or pressed first."""
        return self.rect()

    def regions(self) -> Sequence[QWidget]:
        """Return the parts F6 walks through, such as table and detail, from left to right."""
        return self.findChildren(QTableView)

    async def finish(self) -> None:
        """The shop is about to close: return once everything typed is on the disk."""

    def leave(self) -> None:
        """The shop is closing: stop, and let go of the rows."""


class Screen(msgspec.Struct, frozen=True):
    """One entry of the rail: key, title, Lucide icon, and what makes its widget.

    Without `in_rail` it is reached from a menu alone.
    """

    key: str
    title: str
    icon: str
    make: Callable[[Context, QWidget], ScreenWidget]
    in_rail: bool = True
