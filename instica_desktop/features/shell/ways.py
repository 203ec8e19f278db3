"""What the buttons beside the connection's state do, wherever they are."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from instica_desktop.core.accounts import Account
from instica_desktop.features.shell.words import way_out
from instica_desktop.features.standing import Way, page_of
from instica_desktop.qtkit.browser import open_page

if TYPE_CHECKING:
    from instica_desktop.features.shell.window import MainWindow


class Ways(QObject):
    """Carries out a way for the shop that is open in the window."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window

    @Slot()
    def go_likely(self) -> None:
        """Do what the button in the status bar says."""
        context = self._window.context
        if context and (way := way_out(context.shop.state, context.account)):
            self.go(way)

    def go(self, way: Way) -> None:
        """Carry a way out."""
        context = self._window.context
        if context is None:
            return
        match way:
            case Way.TRY_NOW:
                context.shop.try_now()
            case Way.GO_ONLINE | Way.WORK_OFFLINE:
                self.work_offline(way is Way.WORK_OFFLINE)
            case Way.CONNECT_AGAIN:
                self._window.connect_again_requested.emit(context.account)
            case Way.NETWORK_PAGE | Way.PLAN_PAGE:
                open_page(page_of(way, context.account))

    def say_offline(self, account: Account) -> None:
        """Say that another shop was opened while the network is left alone, and offer to use it."""
        name = account.label or "this shop"
        self._window.notifier.toasts.show(
            f"Work offline is on: {name} shows only what is on this computer.",
            tone="warning",
            action="Go online",
            on_action=self.go_online,
        )

    @Slot()
    def go_online(self) -> None:
        """Use the network again."""
        self.work_offline(False)

    def work_offline(self, chosen: bool) -> None:
        """Leave the network alone or use it again, also after the next start."""
        self._window.prefs["work_offline"] = chosen
        if self._window.context:
            self._window.context.shop.work_offline(chosen)
