"""The question before a shop is left: what it offers when, and that it goes when nothing is left."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.accounts import Account
from instica_desktop.core.ages import utc_now
from instica_desktop.features.shell.leave_dialog import LeaveDialog, Purpose
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.focus_ring import FocusRing
from instica_desktop.store.outbox import OutboxCounts
from instica_desktop.sync import Connection, Kind
from tests.features.conftest import until

ONLINE = Connection(Kind.ONLINE, utc_now())
OFFLINE = Connection(Kind.OFFLINE, utc_now())


class Shop:
    """A shop with so many edits left."""

    def __init__(self, counts: OutboxCounts, state: Connection) -> None:
        self.left, self.state = counts, state
        self.on_state: list[object] = []
        self.sent = 0
        self.held_back = False

    def counts(self) -> OutboxCounts:
        return self.left

    async def send_now(self) -> None:
        self.sent += 1

    def become(self, **counts: int) -> None:
        self.left = OutboxCounts(**counts)
        for observer in tuple(self.on_state):
            observer()  # pyright: ignore[reportCallIssue]


class Context(msgspec.Struct):
    """What the dialog looks at."""

    shop: Shop
    account: Account = Account(id="a", base_url="https://a.test", label="Northside Records")


@pytest.fixture
def home(qtbot: QtBot) -> QWidget:
    """Return a window to ask over."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def opened(home: QWidget, shop: Shop, purpose: Purpose = "switch") -> LeaveDialog:
    dialog = LeaveDialog(home, Context(shop), purpose)  # pyright: ignore[reportArgumentType]
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.open()
    return dialog


def offers(dialog: LeaveDialog) -> list[str]:
    return [button.objectName() for button in dialog.findChildren(Button) if button.isVisible()]


@pytest.mark.parametrize(
    ("purpose", "state", "counts", "expected"),
    [
        ("switch", ONLINE, OutboxCounts(2), ["leaveStay", "leaveKeep", "leaveExport", "leaveSend"]),
        ("sign_out", OFFLINE, OutboxCounts(2), ["leaveStay", "leaveKeep", "leaveExport"]),
        ("remove", ONLINE, OutboxCounts(2), ["leaveStay", "leaveExport", "leaveSend"]),
        ("switch", ONLINE, OutboxCounts(0, 0, 1), ["leaveStay", "leaveKeep", "leaveExport"]),
    ],
)
async def test_it_offers_what_can_be_done(
    home: QWidget, purpose: Purpose, state: Connection, counts: OutboxCounts, expected: list[str]
) -> None:
    dialog = opened(home, Shop(counts, state), purpose)
    assert offers(dialog) == expected
    dialog.reject()
    assert dialog.answer == "stay"


async def test_it_says_how_many_whose_and_why_they_cannot_be_sent(home: QWidget) -> None:
    dialog = opened(home, Shop(OutboxCounts(2, 0, 1), OFFLINE))
    assert dialog.title.text() == "3 edits of Northside Records have not been sent"
    assert "1 edit needs your decision first" in dialog.sentence.text()
    assert "They cannot be sent now: Offline since" in dialog.sentence.text()
    dialog.reject()


async def test_what_was_restored_is_looked_at_before_it_is_sent(home: QWidget) -> None:
    shop = Shop(OutboxCounts(2), ONLINE)
    shop.held_back = True
    dialog = opened(home, shop)
    assert "look through them in Activity" in dialog.sentence.text()
    assert "leaveSend" not in offers(dialog)
    dialog.reject()


async def test_sending_is_shown_and_closes_it_when_nothing_is_left(home: QWidget) -> None:
    shop = Shop(OutboxCounts(3), ONLINE)
    dialog = opened(home, shop)
    QTest.mouseClick(dialog.send, Qt.MouseButton.LeftButton)
    await until(lambda: shop.sent == 1)
    shop.become(waiting=1)
    await until(lambda: dialog.title.text() == "Sending, 1 left")
    assert dialog.meter.isVisible()
    shop.become()
    await until(lambda: not dialog.isVisible())
    assert dialog.answer == "sent"
    assert shop.on_state == []


async def test_a_connection_lost_while_sending_asks_again(home: QWidget) -> None:
    shop = Shop(OutboxCounts(3), ONLINE)
    dialog = opened(home, shop)
    dialog.send_now()
    shop.state = OFFLINE
    shop.become(waiting=2)
    await until(lambda: dialog.title.text() == "2 edits of Northside Records have not been sent")
    assert not dialog.meter.isVisible()
    assert "leaveKeep" in offers(dialog)
    dialog.reject()


async def test_what_is_left_needs_the_user_after_all_else_was_sent(home: QWidget) -> None:
    shop = Shop(OutboxCounts(2, 0, 0), ONLINE)
    dialog = opened(home, shop)
    dialog.send_now()
    shop.become(needs_user=1)
    await until(lambda: "needs your decision" in dialog.sentence.text())
    assert "leaveSend" not in offers(dialog)
    QTest.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    assert dialog.answer == "keep"


@pytest.mark.parametrize(
    ("purpose", "state", "counts", "name"),
    [
        ("switch", ONLINE, OutboxCounts(2), "leaveSend"),
        ("switch", OFFLINE, OutboxCounts(2), "leaveKeep"),
        ("remove", OFFLINE, OutboxCounts(2), "leaveStay"),
    ],
)
async def test_enter_presses_the_button_that_shows_the_focus(
    qtbot: QtBot, home: QWidget, purpose: Purpose, state: Connection, counts: OutboxCounts, name: str
) -> None:
    dialog = opened(home, Shop(counts, state), purpose)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    focused = dialog.focusWidget()
    assert isinstance(focused, Button)
    assert focused.objectName() == name
    ring = dialog.findChild(FocusRing)
    assert ring is not None
    assert ring.isVisible()
    assert ring.geometry().contains(focused.geometry())
    with qtbot.waitSignal(focused.clicked):
        QTest.keyClick(focused, Qt.Key.Key_Return)
    dialog.reject()


async def test_while_sending_enter_is_on_cancel_and_nowhere_else(qtbot: QtBot, home: QWidget) -> None:
    dialog = opened(home, Shop(OutboxCounts(3), ONLINE))
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    assert dialog.title.text() == "Sending, 3 left"
    assert dialog.focusWidget() is dialog.stay
    dialog.stay.clearFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()  # without a focus Enter does nothing
    dialog.reject()
