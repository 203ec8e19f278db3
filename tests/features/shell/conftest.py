"""A window with small screens of its own, and a real shop to show in it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.features.activity.view import ActivityPopover
from instica_desktop.features.context import Context, Screen, ScreenWidget
from instica_desktop.features.shell.window import MainWindow
from instica_desktop.system.prefs import Prefs
from tests.features.conftest import Desk


class Page(ScreenWidget):
    """A screen that writes down what the window asked of it."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.asked: list[str] = []
        self.search = QLineEdit(self)
        self.table = QTableView(self)
        row = QHBoxLayout(self)
        row.addWidget(self.search)
        row.addWidget(self.table)

    def activate(self) -> None:
        self.asked.append("activate")
        self.table.setFocus()

    def focus_search(self) -> None:
        self.search.setFocus()

    def reveal(self, uid: str = "", search: str = "") -> None:
        self.asked.append(f"find {uid}{search}")

    def refresh(self) -> None:
        self.asked.append("refresh")

    def make_new(self) -> None:
        self.asked.append("new")

    def density_changed(self) -> None:
        self.asked.append("density")

    def leave(self) -> None:
        self.asked.append("leave")


SCREENS = (
    Screen("inventory", "Inventory", "library", Page),
    Screen("products", "Products", "disc-3", Page),
    Screen("orders", "Orders", "package", Page),
)


@pytest.fixture
def prefs(tmp_path: Path) -> Prefs:
    """Return settings of a new installation."""
    return Prefs(tmp_path / "window.json")


@pytest.fixture
def window(qtbot: QtBot, prefs: Prefs) -> MainWindow:
    """Return the window as the program makes it, without a shop."""
    made = MainWindow(prefs, ActivityPopover)
    qtbot.addWidget(made, before_close_func=MainWindow.close_for_good)
    made.restore()
    made.resize(1440, 900)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


ShopWindow = Callable[[], AbstractAsyncContextManager[Context]]


@pytest.fixture
def shop_window(window: MainWindow, desk: Desk) -> ShopWindow:
    """Return what opens a real shop in the window."""

    @asynccontextmanager
    async def opening() -> AsyncIterator[Context]:
        async with desk(hold=600.0) as context:
            shown = Context(context.account, context.shop, context.bus, window.prefs, window)
            window.show_shop(shown, SCREENS)
            try:
                yield shown
            finally:
                window.leave_shop()
                shown.close()

    return opening


def page(window: MainWindow, key: str) -> Page:
    """Return a screen that has been visited."""
    assert window.screens.current_key == key
    current = window.screens.current()
    assert isinstance(current, Page)
    return current
