"""Links of records, pressed in the window: the host is asked about once, and some pages never open."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from instica_desktop.core.links import INSIDE, NAMED
from instica_desktop.features.shell.window import MainWindow
from instica_desktop.qtkit.dialogs import AskDialog
from tests.features.conftest import until
from tests.features.shell.conftest import ShopWindow
from tests.features.shell.test_ways import Browser
from tests.features.shell.test_ways import browser as browser

PAGE = "https://www.discogs.com/sell/item/7"


async def asked(window: MainWindow) -> AskDialog:
    found: list[AskDialog] = []

    def there() -> bool:
        found[:] = [one for one in window.findChildren(AskDialog) if one.isVisible()]
        return bool(found)

    await until(there, "nothing was asked")
    return found[0]


def press(dialog: AskDialog, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


async def test_a_page_opens_once_its_host_was_agreed_to(
    window: MainWindow, shop_window: ShopWindow, browser: Browser
) -> None:
    async with shop_window() as context:
        context.ui.open_link(PAGE)
        dialog = await asked(window)
        assert any("www.discogs.com" in label.text() for label in dialog.findChildren(QLabel))
        assert browser.opened == []
        press(dialog, "ask_act")
        await until(lambda: browser.opened == [PAGE])
        context.ui.open_link("HTTPS://WWW.DISCOGS.COM/other")
        assert browser.opened[1:] == ["https://www.discogs.com/other"]
        context.ui.open_link("https://discogs.com.evil.example/")
        press(await asked(window), "ask_keep")
        await until(lambda: not [one for one in window.findChildren(AskDialog) if one.isVisible()])
        assert len(browser.opened) == 2
        assert window.prefs["link_hosts"] == ["www.discogs.com"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://www.discogs.com@evil.example/", NAMED),
        ("http://127.1:631/", INSIDE),
        ("http://[::ffff:127.0.0.1]/", INSIDE),
        ("http://localhost:9/", INSIDE),
    ],
)
async def test_a_page_that_may_not_open_says_why(
    window: MainWindow, shop_window: ShopWindow, browser: Browser, url: str, words: str
) -> None:
    async with shop_window() as context:
        context.ui.open_link(url)
        assert [notice.words for notice in window.notifier.log.problems] == [words]
        assert browser.opened == []
