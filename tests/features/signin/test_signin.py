"""The first run as a person does it, against the real server, a web page, and nothing at all."""

from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.errors import InUse, NotInstica, NotOffered, Throttled
from instica_desktop.features.signin import form
from instica_desktop.features.signin.verdict import NOT_INSTICA, WRONG_KEY, clean_key, place_of, words_of
from instica_desktop.features.signin.view import SignInView
from instica_desktop.system.credentials import Credentials
from tests.api.scripted import Scripted, reply
from tests.features.conftest import ITEMS, until
from tests.features.signin.servers import Program, web_page
from tests.server.fixture import RunningServer

LOCAL = Account(id="local", base_url="", label="Local shop", kind=AccountKind.LOCAL)
KNOWN = Account(
    id="known", base_url="https://records.example", label="Northside Records", key_digest="digest"
)


class Keyring:
    """A keyring that works."""

    priority = 5

    def set_password(self, service: str, name: str, key: str) -> None: ...

    def get_password(self, service: str, name: str) -> str | None: ...


def shown(
    qtbot: QtBot,
    program: Program,
    accounts: Sequence[Account] = (),
    *,
    back: bool = False,
    keyring: Any = None,
) -> SignInView:
    view = SignInView(program, accounts, back, Credentials(keyring or Keyring()))
    qtbot.addWidget(view)
    view.resize(1240, 800)
    view.show()
    view.activateWindow()
    view.setFocus()
    return view


def type_over(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text) if text else QTest.keyClick(field, Qt.Key.Key_Delete)


async def leave(field: QLineEdit) -> None:
    field.setFocus()
    await until(field.hasFocus, "the window is not in front")
    QTest.keyClick(field, Qt.Key.Key_Tab)


@pytest.mark.parametrize("local", [False, True])
async def test_nothing_stands_beside_a_small_window(qtbot: QtBot, local: bool) -> None:
    view = shown(qtbot, Program(), [KNOWN, LOCAL], back=True)
    view.local_way.setChecked(local)
    view.connect_way.setChecked(not local)
    view.resize(800, 540)
    scroll = view.findChild(QScrollArea, "signInScroll")
    assert scroll is not None
    await until(lambda: scroll.viewport().width() == 800)
    await until(lambda: scroll.horizontalScrollBar().maximum() == 0)
    panel = view.local if local else view.form
    for part in (*panel.findChildren(QWidget), view.connect_way, view.known):
        assert part is not None
        if part.isVisible():
            assert part.mapTo(view, QPoint(part.width(), 0)).x() <= 800 - 24, part.objectName()
            assert part.width() >= part.minimumSizeHint().width(), part.objectName()


async def test_the_line_under_the_key_says_whose_it_is(qtbot: QtBot, seeded: RunningServer) -> None:
    view = shown(qtbot, Program())
    type_over(view.form.address, seeded.base_url)
    type_over(view.form.key, seeded.api_key)
    await leave(view.form.key)
    await until(lambda: view.form.line.words.startswith("Key accepted: "))
    assert view.form.line.words.endswith(f"{ITEMS} items")
    assert not view.form.key_field.error
    assert not view.form.address_field.error


async def test_a_key_is_asked_about_once_the_field_is_left(qtbot: QtBot, seeded: RunningServer) -> None:
    program = Program()
    view = shown(qtbot, program)
    type_over(view.form.address, seeded.base_url)
    type_over(view.form.key, seeded.api_key)
    await leave(view.form.key)
    await leave(view.form.key)
    await until(lambda: view.form.checked)
    await leave(view.form.key)
    assert program.checks == [(seeded.base_url, seeded.api_key)]


async def test_while_somebody_types_an_address_no_key_is_sent(qtbot: QtBot) -> None:
    async with Scripted(reply(401, {"detail": "No."})) as stranger:
        program = Program()
        view = shown(qtbot, program)
        type_over(view.form.key, "isk_pasted_before")
        type_over(view.form.address, stranger.url)
        assert not any(timer.isActive() for timer in view.form.findChildren(QTimer))  # nothing is put off
        assert (program.checks, stranger.got) == ([], [])
        await leave(view.form.address)
        await stranger.has_got(1)


@pytest.mark.parametrize(
    "beginning", ["https://app", "app", "https://app.", "https://app.instica.", "https://app.i"]
)
async def test_the_beginning_of_an_address_is_asked_only_when_the_button_says_so(
    qtbot: QtBot, beginning: str
) -> None:
    program = Program()
    view = shown(qtbot, program)
    type_over(view.form.key, "isk_any")
    type_over(view.form.address, beginning)
    await leave(view.form.address)
    assert program.checks == []
    assert not view.form.address_field.error
    assert view.form.connect_button.isEnabled()


async def test_another_window_in_front_is_no_leaving(qtbot: QtBot) -> None:
    program = Program()
    view = shown(qtbot, program)
    type_over(view.form.key, "isk_any")
    type_over(view.form.address, "https://records.example")
    await until(view.form.address.hasFocus, "the window is not in front")
    QCoreApplication.sendEvent(
        view.form.address, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
    )
    assert program.checks == []


async def test_enter_connects_and_the_key_is_kept(qtbot: QtBot, seeded: RunningServer) -> None:
    program = Program()
    view = shown(qtbot, program)
    await until(view.form.keep.isChecked)
    type_over(view.form.address, seeded.base_url)
    type_over(view.form.key, seeded.api_key)
    QTest.keyClick(view.form.key, Qt.Key.Key_Return)
    await until(lambda: program.opened)
    assert program.opened == [(seeded.base_url, seeded.api_key, True)]


async def test_without_a_keyring_the_key_is_for_this_session(qtbot: QtBot) -> None:
    class Broken:
        priority = 0

    view = shown(qtbot, Program(), keyring=Broken())
    await until(lambda: not view.form.keep.isEnabled())
    assert not view.form.keep.isChecked()
    assert view.form.keep_note.text() == form.KEEPS_NOT


async def test_a_wrong_key_is_told_under_the_key_and_stays(qtbot: QtBot, seeded: RunningServer) -> None:
    view = shown(qtbot, Program())
    type_over(view.form.address, seeded.base_url)
    type_over(view.form.key, "isk_wrong")
    await leave(view.form.key)
    await until(lambda: view.form.key_field.error)
    assert view.form.key_field.error == WRONG_KEY
    assert not view.form.address_field.error
    assert view.form.key.text() == "isk_wrong"
    type_over(view.form.key, seeded.api_key)
    await leave(view.form.key)
    await until(lambda: view.form.checked)
    assert not view.form.key_field.error


async def test_a_failed_connect_leads_the_keyboard_to_the_field(qtbot: QtBot, seeded: RunningServer) -> None:
    view = shown(qtbot, Program())
    type_over(view.form.address, seeded.base_url)
    type_over(view.form.key, "isk_wrong")
    view.form.connect_button.setFocus()
    QTest.mouseClick(view.form.connect_button, Qt.MouseButton.LeftButton)
    await until(lambda: view.form.key_field.error)
    assert view.form.key.hasFocus()
    assert view.form.connect_button.isEnabled()


async def test_a_web_page_is_told_apart_from_a_server(qtbot: QtBot) -> None:
    with web_page() as address:
        view = shown(qtbot, Program())
        type_over(view.form.address, address)
        type_over(view.form.key, "isk_any")
        await leave(view.form.key)
        await until(lambda: view.form.address_field.error)
        assert view.form.address_field.error == NOT_INSTICA
        assert not view.form.key_field.error


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://records.example", "https"),
        ("ftp://records.example", "https://"),
        ("http://127.0.0.1:9", "Nothing answers"),
    ],
)
async def test_an_address_that_cannot_be_used_is_told_there(qtbot: QtBot, address: str, words: str) -> None:
    view = shown(qtbot, Program())
    type_over(view.form.address, address)
    type_over(view.form.key, "isk_any")
    await leave(view.form.key)
    await until(lambda: view.form.address_field.error)
    assert words in view.form.address_field.error
    assert view.form.address.text() == address


async def test_nothing_can_be_connected_without_a_key(qtbot: QtBot) -> None:
    program = Program()
    view = shown(qtbot, program)
    assert view.form.address.text() == "https://app.instica.com"
    assert not view.form.connect_button.isEnabled()
    QTest.keyClick(view.form.key, Qt.Key.Key_Return)
    assert program.checks == []


@pytest.mark.parametrize(
    "pasted",
    [
        "  isk_12ab \n",
        '"isk_12ab"',
        "X-API-Key: isk_12ab",
        "Authorization: Api-Key isk_12ab\r\n",
        "isk_\n12ab",
    ],
)
async def test_what_was_copied_along_with_a_key_is_cut_off(qtbot: QtBot, pasted: str) -> None:
    assert clean_key(pasted) == "isk_12ab"
    view = shown(qtbot, Program())
    QGuiApplication.clipboard().setText(pasted)
    view.form.key.setFocus()
    QTest.keyClick(view.form.key, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert view.form.key.text() == "isk_12ab"
    type_over(view.form.key, "")


async def test_the_eye_shows_the_key(qtbot: QtBot) -> None:
    view = shown(qtbot, Program())
    assert view.form.key.echoMode() is QLineEdit.EchoMode.Password
    QTest.mouseClick(view.form.key.eye, Qt.MouseButton.LeftButton)
    assert view.form.key.echoMode() is QLineEdit.EchoMode.Normal
    assert view.form.key.eye.accessibleName() == "Hide the key"


@pytest.mark.parametrize(("button", "demo"), [("openSample", True), ("openOwn", False)])
async def test_a_local_shop_is_two_presses_away(qtbot: QtBot, button: str, demo: bool) -> None:
    program = Program()
    view = shown(qtbot, program)
    await until(lambda: view.isActiveWindow())
    QTest.keyClick(view, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    await until(lambda: view.local.isVisible())
    found = view.findChild(QPushButton, button)
    assert found is not None
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)
    await until(lambda: program.opened)
    assert program.opened == [("local", demo)]


async def test_a_local_shop_that_does_not_open_says_why(qtbot: QtBot) -> None:
    program = Program()
    program.fails = InUse("The local shop is open in another window.", details="lock held")
    view = shown(qtbot, program)
    view.local_way.click()
    QTest.mouseClick(view.local.sample, Qt.MouseButton.LeftButton)
    await until(lambda: view.problem.words)
    assert view.problem.words == "The local shop is open in another window."
    assert view.problem.details == ""
    QTest.mouseClick(view.problem.more, Qt.MouseButton.LeftButton)
    assert view.problem.details == "lock held"
    assert view.local.sample.isEnabled()


async def test_known_shops_open_again(qtbot: QtBot) -> None:
    program = Program()
    view = shown(qtbot, program, [LOCAL, KNOWN])
    assert view.form.address.text() == KNOWN.base_url
    assert view.local.own.text() == "Open the local shop"
    row = view.findChild(QPushButton, "knownShop1")
    assert row is not None
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    await until(lambda: program.opened)
    assert program.opened == [("known",)]


async def test_a_shop_signed_out_of_asks_for_its_key_first(qtbot: QtBot) -> None:
    program = Program()
    other = Account(id="other", base_url="https://other.example", label="Southside")
    view = shown(qtbot, program, [KNOWN, other])
    row = view.findChild(QPushButton, "knownShop1")
    assert row is not None
    assert row.accessibleName() == "Southside, other.example, signed out: needs its key"
    view.local_way.click()
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert view.connect_way.isChecked()
    assert view.form.address.text() == "https://other.example"
    await until(lambda: view.window().focusWidget() is view.form.key, "the key has no focus")
    assert program.opened == []


async def test_escape_goes_back_only_where_there_is_a_shop(qtbot: QtBot) -> None:
    behind = shown(qtbot, Program(), [LOCAL], back=True)
    with qtbot.waitSignal(behind.back_requested):
        QTest.keyClick(behind.form.key, Qt.Key.Key_Escape)
    first = shown(qtbot, Program())
    with qtbot.assertNotEmitted(first.back_requested):
        QTest.keyClick(first.form.key, Qt.Key.Key_Escape)
    assert not first.back.isVisible()


@pytest.mark.parametrize("way", ["wayConnect", "wayLocal"])
async def test_tab_leads_all_around_and_is_not_caught_in_the_form(qtbot: QtBot, way: str) -> None:
    window = QMainWindow()  # as in the app: the view is a part of a window
    qtbot.addWidget(window)
    view = SignInView(Program(), [LOCAL], True, Credentials(Keyring()))
    window.setCentralWidget(view)
    window.show()
    window.activateWindow()
    view.setFocus()
    await until(view.form.key.hasFocus)
    (view.connect_way if way == "wayConnect" else view.local_way).click()
    seen: list[str] = []
    while (name := _focused(window).objectName()) not in seen:
        seen.append(name)
        QTest.keyClick(_focused(window), Qt.Key.Key_Tab)
    inside = {"address", "apiKey", "showKey"} if way == "wayConnect" else {"openOwn", "openSample"}
    assert {"back", "knownShop0", *inside} <= set(seen)
    assert {"wayConnect", "wayLocal"} & set(seen)  # the arrow keys lead from one to the other


def _focused(window: QMainWindow) -> QWidget:
    focused = window.focusWidget()
    assert focused is not None
    return focused


def test_a_server_that_wants_a_pause_says_when_to_try_again() -> None:
    busy = Throttled("The app goes on by itself in about 40 seconds.", retry_after=40)
    assert place_of(busy) == "address"
    assert words_of(busy) == "The server asks for a pause. Connect again in about 40 seconds."
    assert words_of(Throttled("", retry_after=600)).endswith("in about 10 minutes.")


async def test_a_problem_said_before_goes_when_something_is_typed(qtbot: QtBot) -> None:
    view = shown(qtbot, Program())
    view.show_problem(InUse("The shop is open in another window."))
    view.form.address.setText("https://records.example")
    assert view.problem.words  # nobody typed
    QTest.keyClicks(view.form.key, "i")
    assert not view.problem.words


async def test_enter_opens_the_shop_that_has_the_keyboard(qtbot: QtBot) -> None:
    program = Program()
    view = shown(qtbot, program, [KNOWN])
    row = view.findChild(QPushButton, "knownShop0")
    assert row is not None
    QTest.keyClick(row, Qt.Key.Key_Return)
    await until(lambda: program.opened == [("known",)])
    view.local_way.setFocus()
    QTest.keyClick(view.local_way, Qt.Key.Key_Return)
    assert view.local_way.isChecked()


async def test_tab_walks_through_the_form_in_order(qtbot: QtBot, seeded: RunningServer) -> None:
    view = shown(qtbot, Program())
    type_over(view.form.key, "isk_1")
    await until(lambda: view.form.keep.isEnabled())
    view.form.address.setFocus()
    seen: list[str] = []
    for _ in range(4):
        focused = view.focusWidget()
        assert focused is not None
        seen.append(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert seen == ["address", "apiKey", "showKey", "keepKey"]
    focused = view.focusWidget()
    assert focused is view.form.connect_button
    type_over(view.form.key, "")


def test_a_server_without_a_list_of_items_is_not_taken_for_a_web_page() -> None:
    lacking = NotOffered("This server does not offer items.")
    assert place_of(lacking) == "address"
    assert words_of(lacking) == lacking.message
    assert words_of(NotInstica("x")) == NOT_INSTICA
