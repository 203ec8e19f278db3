"""What stands around the data: toasts, rail, status cells, banners, popovers, menus."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMainWindow, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.badge import Badge, RowMark
from instica_desktop.qtkit.widgets.banner import Banner
from instica_desktop.qtkit.widgets.button import Button, IconButton
from instica_desktop.qtkit.widgets.empty_state import EmptyState, StateSpec
from instica_desktop.qtkit.widgets.filter_chip import FilterChip
from instica_desktop.qtkit.widgets.indicators import Avatar, Meter
from instica_desktop.qtkit.widgets.menu import add_action, make_menu
from instica_desktop.qtkit.widgets.popover import Popover
from instica_desktop.qtkit.widgets.rail import Rail, RailHeading, RailItem
from instica_desktop.qtkit.widgets.status_cell import StatusCell
from instica_desktop.qtkit.widgets.toast import SHADOW, ToastHost

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen


@pytest.fixture
def window(qtbot: Any) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    return made


def test_a_toast_undoes_and_goes(qtbot: Any, window: QMainWindow) -> None:
    undone: list[bool] = []
    host = ToastHost(window)
    toast = host.show("Shelf set", "Saved.", action="Undo", on_action=lambda: undone.append(True))
    assert toast.geometry().right() <= window.width()
    toast.action.click()
    assert undone == [True]
    assert host.toasts == ()


def test_a_click_on_a_toast_leaves_the_keyboard_where_it_is(qtbot: Any, window: QMainWindow) -> None:
    first, worked = QPushButton("First", window), QPushButton("Here", window)
    for at, button in enumerate((first, worked)):
        button.move(0, 40 * at)
        button.show()
    worked.setFocus()
    toast = ToastHost(window).show("Deleting", action="Stop")
    QTest.mouseClick(toast.action, Qt.MouseButton.LeftButton)
    assert window.focusWidget() is worked


def test_a_toast_goes_by_itself_but_not_while_it_has_the_keyboard(qtbot: Any, window: QMainWindow) -> None:
    with qtbot.waitActive(window):
        window.activateWindow()
    host = ToastHost(window)
    toast = host.show("Saved", action="Undo", stays_ms=20)
    assert host.focus()
    assert toast.action.hasFocus()
    qtbot.wait(60)
    assert host.toasts == (toast,)
    toast.action.clearFocus()
    qtbot.waitUntil(lambda: host.toasts == (), timeout=5_000)


def test_an_error_stays_until_it_is_closed(qtbot: Any, window: QMainWindow) -> None:
    host = ToastHost(window)
    toast = host.show("Not sent", tone="danger", action="Retry", stays_ms=0)
    qtbot.wait(30)
    assert host.toasts == (toast,)
    qtbot.keyClick(toast, Qt.Key.Key_Escape)
    assert host.toasts == ()


def test_long_work_counts_and_can_be_stopped(qtbot: Any, window: QMainWindow) -> None:
    host = ToastHost(window)
    toast = host.progress("Changing price", 214)
    toast.set_progress(138)
    words = [label.text() for label in toast.findChildren(Label)]
    assert "138 of 214" in words
    with qtbot.waitSignal(toast.acted):
        toast.action.click()


def test_long_work_shows_its_words_whole_however_far_it_is(qtbot: Any, window: QMainWindow) -> None:
    host = ToastHost(window)
    toast = host.progress("Deleting items on the server", 1_999)
    (headline,) = [label for label in toast.findChildren(Label) if label.text() == toast.headline]
    for done, total in ((24, 1_999), (182, 1_999), (99_182, 100_000)):
        toast.set_progress(done, total)
        qtbot.wait(10)
        assert headline.height() >= headline.heightForWidth(headline.width()), done
    toast.set_headline("Stopped. Putting back the records that were to be deleted")
    qtbot.wait(10)
    assert headline.height() >= headline.heightForWidth(headline.width())


def test_toasts_stand_below_each_other_and_are_few(window: QMainWindow) -> None:
    host = ToastHost(window)
    for number in range(7):
        host.show(f"Saved {number}", stays_ms=0)
    assert [toast.headline for toast in host.toasts] == ["Saved 4", "Saved 5", "Saved 6"]
    tops = [toast.y() for toast in host.toasts]
    assert tops == sorted(tops)
    window.resize(700, 700)
    assert all(toast.geometry().right() <= window.width() for toast in host.toasts)


def test_a_toast_is_as_high_as_its_words_need(window: QMainWindow) -> None:
    host = ToastHost(window)
    short = host.show("Saved", action="Undo", stays_ms=0)
    words = "The disk is full, so this edit was not saved. Free some room on the disk and save it again."
    long = host.show(words, "Nothing else is lost.", action="Details", stays_ms=0)
    last = host.show("Saved", stays_ms=0)
    assert long.height() > short.height()
    for label in long.findChildren(Label):
        assert label.height() >= label.heightForWidth(label.width())
    assert last.y() >= long.y() + long.height() - 2 * 16


def test_toasts_keep_to_the_room_they_are_given(window: QMainWindow) -> None:
    room = QRect(200, 120, 420, 500)
    host = ToastHost(window, lambda: room)
    for number in range(3):
        host.show(f"Saved {number}", "And this is said about it.", action="Undo", stays_ms=0)
    cards = [toast.geometry().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW) for toast in host.toasts]
    assert all(room.contains(card) for card in cards)
    assert all(not one.intersects(other) for one in cards for other in cards if one is not other)
    room.setWidth(380)
    host.place()
    assert all(
        room.contains(toast.geometry().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)) for toast in host.toasts
    )


@pytest.mark.parametrize(
    "make",
    [
        partial(Button, "Press", "press"),
        partial(IconButton, "x", "press", "Press"),
        partial(StatusCell, "press"),
        partial(RailItem, "press", "Press", icon="x"),
        partial(FilterChip, "press", "Press"),
    ],
)
def test_enter_presses_what_has_the_keyboard(qtbot: Any, make: Callable[[], QAbstractButton]) -> None:
    button = make()
    qtbot.addWidget(button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    button.show()
    QTest.keyClick(button, Qt.Key.Key_Return)
    QTest.keyClick(button, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert len(pressed) == 2
    plain, ctrl = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, plain, autorep=True)
    button.keyPressEvent(held)  # a key that is held down presses once
    other = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, ctrl)
    button.keyPressEvent(other)  # Ctrl+Enter means something else: it is left to others
    assert not other.isAccepted()
    assert len(pressed) == 2


def test_a_rail_shows_words_or_icons(qtbot: Any) -> None:
    rail = Rail("rail", "Places")
    qtbot.addWidget(rail)
    item = rail.add_item(RailItem("orders", "Orders", icon="shopping-bag"))
    view = rail.add_item(RailItem("late", "Late", view=True))
    heading = RailHeading("Saved views")
    rail.contents.addWidget(heading)
    item.set_count(14, dot=True)
    rail.show()
    assert (rail.width(), item.accessibleName(), item.toolTip()) == (200, "Orders, 14", "")
    rail.set_narrow(True)
    assert (rail.width(), item.toolTip(), view.isVisible(), heading.isVisible()) == (
        52,
        "Orders",
        False,
        False,
    )
    rail.set_narrow(False)
    assert view.isVisible()


def test_a_rail_says_where_to_go_and_shows_where_one_is(qtbot: Any) -> None:
    rail = Rail("rail", "Places")
    qtbot.addWidget(rail)
    one, two = (rail.add_item(RailItem(key, key, icon="library")) for key in ("one", "two"))
    with qtbot.waitSignal(rail.chosen) as caught:
        two.click()
    assert caught.args == ["two"]
    rail.set_current("one")
    assert (one.isChecked(), two.isChecked()) == (True, False)
    rail.remove_item("two")
    with pytest.raises(KeyError):
        rail.item("two")


def test_a_status_cell_speaks_its_words(qtbot: Any) -> None:
    cell = StatusCell("connection")
    qtbot.addWidget(cell)
    cell.set_cell("Offline since 14:02", icon="cloud-off", look="warning")
    assert (cell.accessibleName(), cell.look) == ("Offline since 14:02", "warning")
    with qtbot.waitSignal(cell.clicked):
        qtbot.keyClick(cell, Qt.Key.Key_Space)


def test_a_banner_that_wraps_shows_all_of_a_long_sentence(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    banner = Banner("long", holder, tone="error", wrap=True)
    column = QVBoxLayout(holder)
    column.addWidget(banner)
    column.addStretch()
    holder.setFixedSize(300, 200)
    banner.set_message("Not sent: the parcel was removed elsewhere. Open Activity (F8) to choose what to do.")
    holder.show()
    label = banner.findChild(Label)
    assert isinstance(label, Label)
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()) > 20)


def test_a_banner_names_what_is_missing(qtbot: Any) -> None:
    banner = Banner("fees", action="Show")
    qtbot.addWidget(banner)
    banner.set_message("3 orders have an unknown fee.")
    assert banner.message == banner.accessibleName() == "3 orders have an unknown fee."
    with qtbot.waitSignal(banner.acted):
        banner.findChild(QPushButton, "feesAction").click()


def test_a_popover_opens_at_its_widget_and_closes_on_escape(qtbot: Any, window: QMainWindow) -> None:
    button = QPushButton("Activity", window)
    button.show()
    popover = Popover("activity", "Activity", button, width=300)
    popover.body.addWidget(Label("Nothing waits"))
    popover.open_below(button)
    assert popover.isVisible()
    with qtbot.waitSignal(popover.closed):
        qtbot.keyClick(popover, Qt.Key.Key_Escape)
    assert not popover.isVisible()
    popover.open_above(button)
    assert popover.isVisible()
    popover.close()


def test_menus_show_data_as_typed_and_say_why_not(qtbot: Any, window: QMainWindow) -> None:
    menu = make_menu(window, "menu")
    pressed: list[bool] = []
    first = add_action(menu, "Simon & Garfunkel", lambda: pressed.append(True), icon="disc", shortcut="F2")
    second = add_action(menu, "Delist", menu.close, enabled=False, reason="Needs a connection")
    assert first.text() == "Simon && Garfunkel"
    assert second.text() == "Delist (Needs a connection)"
    first.trigger()
    assert pressed == [True]
    menu.deleteLater()


def test_signs_speak(qtbot: Any) -> None:
    meter, avatar = Meter("Mirror"), Avatar("Anna van Lindqvist")
    badge, mark = Badge("Listed", "success"), RowMark("clock", "Pending")
    for widget in (meter, avatar, badge, mark):
        qtbot.addWidget(widget)
    meter.set_value(0.48)
    assert (meter.accessibleName(), avatar.initials) == ("Mirror: 48 %", "AL")
    assert (badge.accessibleName(), badge.height(), mark.height()) == ("Listed", 20, 18)
    meter.set_value(7)
    assert meter.value == 1


@pytest.mark.parametrize(
    "sentence", ["Few words.", "Items appear here as soon as the shop has some.", "Words " * 40]
)
def test_headline_and_sentence_of_an_empty_state_stand_close_together(qtbot: Any, sentence: str) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    card = EmptyState(
        StateSpec(icon="library", headline="No items yet", sentence=sentence, action="New"), home
    )
    home.show()
    card.resize(card.sizeHint())
    for label in card.findChildren(Label):
        qtbot.waitUntil(
            lambda label=label: label.height() == label.heightForWidth(label.width())
        )  # none is higher than its lines


def test_a_state_has_two_acts_at_most(qtbot: Any) -> None:
    spec = StateSpec(
        icon="wifi-off",
        headline="Not reached",
        sentence="Try.",
        action="Try again",
        act="retry",
        second="Details",
        second_act="details",
        gravity="warning",
    )
    card = EmptyState(spec)
    qtbot.addWidget(card)
    heard: list[str] = []
    card.chosen.connect(heard.append)
    card.findChild(QPushButton, "emptyStateAction").click()
    card.findChild(QPushButton, "emptyStateSecond").click()
    assert heard == ["retry", "details"]
