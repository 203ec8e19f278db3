"""In a small window the pane stands over the table, and comes and goes by keys and button."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.lists.record_screen import RecordScreen
from instica_desktop.features.lists.table_screen import TableScreen
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.features.products.view import ProductsView
from tests.features.conftest import Desk, focused, until

Make = Callable[[Context], TableScreen]
SCREENS = (InventoryView, ProductsView, OrdersView)


def pane_of(screen: TableScreen) -> QWidget:
    if isinstance(screen, OrdersView):
        return screen.detail
    assert isinstance(screen, RecordScreen)
    return screen.pane


async def opened(qtbot: QtBot, screen: TableScreen, width: int, height: int = 540) -> None:
    qtbot.addWidget(screen)
    screen.resize(width, height)
    screen.show()
    screen.activateWindow()
    await until(screen.isActiveWindow)
    screen.activate()
    if isinstance(screen, OrdersView):
        screen.show_segment("all")
    table = screen.browser.table
    await until(lambda: table.current_row(), "the first row")
    await until(lambda: pane_of(screen) and table.hasFocus(), "the pane")


def inside(pane: QWidget) -> bool:
    here = QApplication.focusWidget()
    return here is not None and pane.isAncestorOf(here)


def press(key: Qt.Key) -> None:
    QTest.keyClick(focused(), key)


@pytest.mark.parametrize("make", SCREENS)
async def test_keys_open_it_over_the_table_and_esc_closes_it(qtbot: QtBot, desk: Desk, make: Make) -> None:
    async with desk() as context:
        screen = make(context)
        await opened(qtbot, screen, 748)
        table, pane, button = screen.browser.table, pane_of(screen), screen.place.button
        assert pane.isHidden()
        assert button.isVisible()
        whole = table.width()
        assert whole >= 740
        for key in (Qt.Key.Key_Return, Qt.Key.Key_F4):
            press(key)
            await until(lambda: inside(pane), f"{key} goes into the pane")
            assert pane.isVisible()
            assert button.isChecked()
            assert table.width() == whole  # it moves nothing
            place = QRect(pane.mapTo(screen, QPoint()), pane.size())
            assert screen.rect().contains(place)
            assert place.left() >= 100
            assert not place.intersects(QRect(button.mapTo(screen, QPoint()), button.size()))
            assert not place.intersects(screen.room_for_messages())
            press(Qt.Key.Key_Escape)
            await until(table.hasFocus, "the keyboard is on the table again")
            assert pane.isHidden()
            assert not button.isChecked()
        screen.leave()


@pytest.mark.parametrize("make", SCREENS)
async def test_the_button_shows_and_hides_it(qtbot: QtBot, desk: Desk, make: Make) -> None:
    async with desk() as context:
        screen = make(context)
        await opened(qtbot, screen, 948)
        pane, button = pane_of(screen), screen.place.button
        button.click()
        assert pane.isVisible()
        assert button.accessibleName() == "Hide details"
        button.click()
        assert pane.isHidden()
        assert button.accessibleName() == "Show details"
        screen.leave()


@pytest.mark.parametrize("make", SCREENS)
async def test_a_wider_window_has_it_beside_the_table_again(qtbot: QtBot, desk: Desk, make: Make) -> None:
    async with desk() as context:
        screen = make(context)
        await opened(qtbot, screen, 1240, 800)
        table, pane, button = screen.browser.table, pane_of(screen), screen.place.button
        beside = pane.width()
        press(Qt.Key.Key_F4)
        await until(lambda: inside(pane))
        field = QApplication.focusWidget()
        screen.resize(900, 600)
        assert pane.isVisible()  # somebody works in it
        assert QApplication.focusWidget() is field
        press(Qt.Key.Key_Escape)
        assert pane.isHidden()
        screen.resize(1240, 800)
        await until(lambda: pane.isVisible() and not button.isVisible())
        await until(lambda: pane.width() == beside, f"{pane.width()} is not {beside}")
        assert table.mapTo(screen, QPoint(table.width(), 0)).x() <= pane.mapTo(screen, QPoint()).x()
        screen.leave()


@pytest.mark.parametrize("make", SCREENS)
async def test_f4_goes_to_the_pane_from_anywhere_on_the_screen(qtbot: QtBot, desk: Desk, make: Make) -> None:
    async with desk() as context:
        screen = make(context)
        await opened(qtbot, screen, 1240, 800)
        pane = pane_of(screen)
        press(Qt.Key.Key_F4)
        await until(lambda: inside(pane))
        first = QApplication.focusWidget()
        starts: list[QWidget] = [screen.browser.search.edit, screen.browser.table]
        starts += [
            part
            for part in screen.findChildren(QWidget)
            if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible() and part.isEnabled()
        ]
        assert len(starts) > 12
        for start in starts:
            start.setFocus()
            press(Qt.Key.Key_F4)
            await until(lambda: QApplication.focusWidget() is first, f"from {start.objectName()}")
        screen.leave()
