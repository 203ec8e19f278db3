"""The buttons beside the state, pressed in the window, and the page of a network that wants a sign-in."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from instica_desktop.core.errors import NotInstica, SignedOut
from instica_desktop.features.activity.state_card import StateCard
from instica_desktop.features.shell.window import MainWindow
from instica_desktop.features.standing import Way
from instica_desktop.sync import Kind
from tests.features.conftest import until
from tests.features.shell.conftest import ShopWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


class Browser(QObject):
    """Stands in for the browser."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())


@pytest.fixture
def browser() -> Iterator[Browser]:
    stand_in = Browser()
    for scheme in ("http", "https"):
        QDesktopServices.setUrlHandler(scheme, stand_in, "open")  # pyright: ignore[reportArgumentType]
    yield stand_in
    for scheme in ("http", "https"):
        QDesktopServices.unsetUrlHandler(scheme)


async def test_a_network_that_wants_a_sign_in_offers_its_page(
    window: MainWindow, shop_window: ShopWindow, browser: Browser
) -> None:
    async with shop_window() as context:
        await until(lambda: context.shop.state.kind is Kind.ONLINE)
        context.shop._link.report(NotInstica("x"))  # pyright: ignore[reportPrivateUsage]
        window.status.show_state()
        assert window.status.connection.words == "Network asks for sign-in"
        assert window.status.way_out.text() == "Open this network’s page"
        QTest.mouseClick(window.status.way_out, Qt.MouseButton.LeftButton)
        assert browser.opened == ["http://127.0.0.1/"]


async def test_a_refused_key_leads_to_where_a_new_one_is_given(
    qtbot: QtBot, window: MainWindow, shop_window: ShopWindow
) -> None:
    async with shop_window() as context:
        await until(lambda: context.shop.state.kind is Kind.ONLINE)
        context.shop.work_offline(True)
        context.shop._link.report(SignedOut("x"))  # pyright: ignore[reportPrivateUsage]
        assert context.shop.state.manual  # nothing was asked, so nothing can have been refused
        with qtbot.waitSignal(window.connect_again_requested) as asked:
            window.ways.go(Way.CONNECT_AGAIN)
        assert asked.args == [context.account]


async def test_the_card_in_activity_does_what_the_status_bar_does(
    window: MainWindow, shop_window: ShopWindow
) -> None:
    async with shop_window() as context:
        await until(lambda: context.shop.state.kind is Kind.ONLINE)
        window.toggle_activity()
        card = window.findChild(StateCard)
        assert card is not None
        await until(card.isVisible)
        QTest.mouseClick(card.buttons[Way.WORK_OFFLINE], Qt.MouseButton.LeftButton)
        assert context.shop.state.manual
        assert window.prefs["work_offline"]
        await until(lambda: card.title.text() == "Working offline")
        QTest.mouseClick(card.buttons[Way.GO_ONLINE], Qt.MouseButton.LeftButton)
        await until(lambda: context.shop.state.kind is Kind.ONLINE)
        assert not window.prefs["work_offline"]
        window.show_welcome(QLabel("Welcome"))
        assert not card.isVisible()
