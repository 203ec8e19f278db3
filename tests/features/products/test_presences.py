"""Links of a product to marketplaces: pressed, they are handed to the window, which asks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models import Presence, Product
from instica_desktop.features.products.presences import Presences
from instica_desktop.qtkit.widgets.button import IconButton


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def shown(window: QWidget, url: str) -> tuple[Presences, list[IconButton]]:
    presences = Presences(window)
    presence = Presence(uid="m", platform="discogs", platform_name="Discogs", status="listed", url=url)
    presences.show_product(Product(uid="p", marketplace_presences=(presence,)))
    window.show()
    return presences, presences.findChildren(IconButton, "openPresence")


@pytest.mark.parametrize("url", ["https://www.discogs.com/x", "HTTPS://user@evil.example/", "http://127.1/"])
def test_a_link_that_is_pressed_goes_to_the_window_as_it_is(qtbot: QtBot, window: QWidget, url: str) -> None:
    presences, (button,) = shown(window, url)
    with qtbot.waitSignal(presences.link_opened) as asked:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.args == [url]


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "file:///etc/passwd", "www.discogs.com"])
def test_what_is_no_web_address_is_not_offered(window: QWidget, url: str) -> None:
    assert shown(window, url)[1] == []
