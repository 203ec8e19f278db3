"""Ways between screens and their parts: Esc leaves a page of a menu, F4 goes to the pane from anywhere."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from instica_desktop.app.container import SCREENS as REAL
from instica_desktop.features.context import Context
from instica_desktop.features.lists.table_screen import TableScreen
from instica_desktop.features.settings.view import SettingsView
from instica_desktop.features.shell.window import MainWindow
from instica_desktop.features.storage.view import StorageView
from tests.features.conftest import Desk, focused, until
from tests.features.shell.conftest import SCREENS, Page

PAGES = tuple(screen for screen in REAL if not screen.in_rail)


def escape() -> None:
    QTest.keyClick(focused(), Qt.Key.Key_Escape)


async def test_esc_leaves_settings_and_storage_one_by_one(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        window = MainWindow(context.prefs)
        qtbot.addWidget(window, before_close_func=MainWindow.close_for_good)
        shop = Context(context.account, context.shop, context.bus, context.prefs, window)
        window.resize(1280, 800)
        window.show()
        window.activateWindow()
        await until(window.isActiveWindow)
        window.show_shop(shop, (*SCREENS, *PAGES))
        window.go("products")
        page = window.screens.current()
        assert isinstance(page, Page)
        page.search.setFocus()
        escape()
        assert window.screens.current_key == "products"  # a screen of the rail is not left by Esc

        window.go("settings")
        settings = window.screens.current()
        assert isinstance(settings, SettingsView)
        settings.storage.setFocus()
        settings.storage.click()
        assert isinstance(window.screens.current(), StorageView)
        escape()
        assert window.screens.current() is settings
        assert settings.storage.hasFocus()
        escape()
        assert window.screens.current() is page
        assert page.search.hasFocus()

        window.go("settings")
        window.rail.take_focus()  # from wherever the keyboard is
        escape()
        assert window.screens.current() is page
        escape()
        assert window.screens.current() is page
        window.leave_shop()
        shop.close()


async def test_going_round_in_circles_leads_out(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        window = MainWindow(context.prefs)
        qtbot.addWidget(window, before_close_func=MainWindow.close_for_good)
        shop = Context(context.account, context.shop, context.bus, context.prefs, window)
        window.show()
        window.show_shop(shop, (*SCREENS, *PAGES))
        for key in ("orders", "settings", "storage", "settings", "settings", "storage"):
            window.go(key)
        ways: list[str] = []
        while window.go_back():
            ways.append(window.screens.current_key)
        assert ways == ["settings", "orders"]
        window.leave_shop()
        shop.close()


async def test_f4_goes_to_the_pane_also_from_the_rail_and_the_status_bar(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        window = MainWindow(context.prefs)
        qtbot.addWidget(window, before_close_func=MainWindow.close_for_good)
        shop = Context(context.account, context.shop, context.bus, context.prefs, window)
        window.resize(1280, 800)
        window.show()
        window.activateWindow()
        await until(window.isActiveWindow)
        window.show_shop(shop, REAL)
        for key in ("products", "orders", "inventory"):
            window.go(key)
            screen = window.screens.current()
            assert isinstance(screen, TableScreen)
            await until(screen.browser.table.current_row, "a row")
            for start in (window.rail, window.status.pending):
                if start is window.rail:
                    window.rail.take_focus()
                else:
                    window.status.pending.setFocus()
                assert not screen.isAncestorOf(focused())
                QTest.keyClick(focused(), Qt.Key.Key_F4)
                await until(lambda screen=screen: screen.isAncestorOf(focused()), key)
                assert not screen.browser.isAncestorOf(focused())
        window.leave_shop()
        shop.close()
