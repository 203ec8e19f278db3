"""The window as a person uses it: keys, menus, rail, theme, welcome, the end."""

from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.api.offered import NOT_ASKED
from instica_desktop.core.acts import Step
from instica_desktop.core.errors import DiskFull, InputError, NotOffered
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.features.context import Context
from instica_desktop.features.shell.help import GROUPS, ShortcutsDialog
from instica_desktop.features.shell.report_dialog import ReportDialog
from instica_desktop.features.shell.window import MainWindow
from instica_desktop.features.undo import edit_step
from instica_desktop.qtkit.theme import colors
from instica_desktop.qtkit.widgets.inputs import TextArea, TextField
from instica_desktop.sync import Edited, Kind
from tests.features.conftest import until
from tests.features.shell.conftest import ShopWindow, page

CTRL = Qt.KeyboardModifier.ControlModifier


def shelf_of(context: Context, uid: str) -> str | None:
    row = context.shop.row(Entity.ITEM, uid)
    assert row is not None
    return cast(InventoryItem, row.data).location


def find(parent: QWidget, name: str) -> QPushButton:
    button = parent.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    return button


def test_closing_asks_to_quit_and_closes_only_when_told(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.quit_requested):
        window.close()
    assert window.isVisible()
    window.close_for_good()
    assert not window.isVisible()


def test_ctrl_q_asks_to_quit(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.quit_requested):
        QTest.keyClick(window, Qt.Key.Key_Q, CTRL)


def test_without_a_shop_only_what_works_can_be_chosen(window: MainWindow) -> None:
    menus = window.commands.menus
    for name in ("find", "refresh", "activity", "work_offline", "other_shop", "undo", "redo"):
        assert not menus[name].isEnabled(), name
    for name in ("quit", "shortcuts", "about", "diagnostics"):
        assert menus[name].isEnabled(), name
    assert window.status.connection.words == "Not connected"


def test_a_theme_is_put_on_at_once_and_kept(window: MainWindow) -> None:
    window.commands.menus["theme_dark"].trigger()
    assert colors.scheme() == "dark"
    assert window.prefs["theme"] == "dark"
    window.commands.menus["theme_light"].trigger()
    assert colors.scheme() == "light"


def test_every_key_of_the_menus_is_listed_in_the_help(qtbot: QtBot, window: MainWindow) -> None:
    listed = {"+".join(keys) for _, rows in GROUPS for keys, _ in rows}
    shown = {
        action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)
        for action in window.findChildren(QAction)
        if not action.shortcut().isEmpty()
    }
    assert shown
    assert shown <= listed
    beside_the_menus = {"Delete", "Alt+↑", "Alt+↓", "F2", "F4", "Ctrl+Enter", "Ctrl+Shift+C"}
    assert beside_the_menus <= listed
    window.commands.menus["shortcuts"].trigger()
    dialog = window.findChild(ShortcutsDialog)
    assert dialog is not None
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.findChildren(ShortcutsDialog))


async def test_screens_are_made_when_first_visited(window: MainWindow, shop_window: ShopWindow) -> None:
    async with shop_window():
        assert window.screens.current_key == "inventory"
        assert len(window.screens.made()) == 1
        QTest.keyClick(window, Qt.Key.Key_3, CTRL)
        assert window.screens.current_key == "orders"
        assert len(window.screens.made()) == 2
        assert window.rail.items["orders"].isChecked()
        QTest.mouseClick(window.rail.items["products"], Qt.MouseButton.LeftButton)
        assert page(window, "products").asked == ["activate"]


async def test_the_last_screen_opens_again(window: MainWindow, shop_window: ShopWindow) -> None:
    async with shop_window():
        window.go("orders")
    assert window.prefs["last_screen"] == "orders"
    async with shop_window():
        assert window.screens.current_key == "orders"


async def test_a_screen_is_shown_with_one_record(window: MainWindow, shop_window: ShopWindow) -> None:
    async with shop_window() as context:
        context.ui.show_screen("products", uid="abc")
        assert page(window, "products").asked == ["activate", "find abc"]


async def test_f5_asks_again_for_what_the_server_did_not_offer(
    window: MainWindow, shop_window: ShopWindow
) -> None:
    async with shop_window() as context:
        orders = context.shop._client.orders  # pyright: ignore[reportPrivateUsage]
        asked: list[bool] = []
        for press in (False, False, True):
            if press:
                QTest.keyClick(window, Qt.Key.Key_F5)
            with pytest.raises(NotOffered) as caught:
                await orders.delete("an-order")
            asked.append(caught.value.details != NOT_ASKED)
        assert asked == [True, False, True]


async def test_keys_reach_the_screen(window: MainWindow, shop_window: ShopWindow) -> None:
    async with shop_window():
        shown = page(window, "inventory")
        QTest.keyClick(window, Qt.Key.Key_F5)
        window.commands.menus["density_compact"].trigger()
        assert shown.asked == ["activate", "refresh", "density"]
        assert window.prefs["density"] == "compact"
        QTest.keyClick(window, Qt.Key.Key_F, CTRL)
        assert shown.search.hasFocus()


async def test_f6_walks_through_the_parts_and_back(window: MainWindow, shop_window: ShopWindow) -> None:
    async with shop_window():
        shown = page(window, "inventory")
        assert shown.table.hasFocus()
        QTest.keyClick(window, Qt.Key.Key_F6)
        assert window.status.pending.hasFocus()
        QTest.keyClick(window, Qt.Key.Key_F6)
        assert window.rail.items["inventory"].hasFocus()
        QTest.keyClick(window.rail.items["inventory"], Qt.Key.Key_Down)
        assert window.rail.items["products"].hasFocus()
        QTest.keyClick(window, Qt.Key.Key_F6)
        assert shown.table.hasFocus()
        QTest.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        assert window.rail.items["inventory"].hasFocus()
        window.restored.show()  # what stands above the screens is a part as well
        QTest.keyClick(window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        assert window.restored.look.hasFocus()


async def test_what_a_notice_offers_is_reached_without_the_mouse(
    window: MainWindow, shop_window: ShopWindow
) -> None:
    async with shop_window():
        undone: list[bool] = []
        window.say("An older notice")
        window.offer_undo("Shelf set", lambda: undone.append(True))
        assert page(window, "inventory").table.hasFocus()
        QTest.keyClick(window, Qt.Key.Key_F6)
        assert window.status.pending.hasFocus()
        QTest.keyClick(window, Qt.Key.Key_F6)
        newest = window.notifier.toasts.toasts[-1]
        assert newest.action.hasFocus()
        QTest.keyClick(newest.action, Qt.Key.Key_Space)
        assert undone == [True]
        assert window.status.pending.hasFocus()  # where the keyboard came from


async def new_items(context: Context, number: int) -> list[str]:
    """Return the uids of items that only this test knows, on the server."""
    shop = context.shop
    await until(lambda: shop.state.can_send)
    made = [await shop.making.copy({}, new={"title": f"Held {at}"}) for at in range(number)]
    await until(lambda: not shop.operations(), "they are made")
    return [shop.real(one.uid) for one in made]


async def gone(context: Context, uid: str) -> None:
    """Leave the server as other tests expect it."""
    deleted = await context.shop.removal.delete(Entity.ITEM, [uid])
    context.shop.inverses.let_go(Step(words="", acts=deleted.acts))
    await until(lambda: not context.shop.operations(), "it is gone")


async def test_a_message_of_what_was_undone_loses_its_offer(
    window: MainWindow, shop_window: ShopWindow
) -> None:
    async with shop_window() as context:
        (uid,) = await new_items(context, 1)
        edited = await context.shop.edit(Entity.ITEM, uid, {"location": "OFFER"})
        context.did(edit_step(Entity.ITEM, uid, "it", edited), "Shelf set")
        (toast,) = [one for one in window.notifier.toasts.toasts if one.headline == "Shelf set"]
        window.commands.undo()
        await until(lambda: toast not in window.notifier.toasts.toasts, "it has nothing to offer any more")
        assert [one.headline for one in window.notifier.toasts.toasts] == ["Undone: shelf of it"]
        await gone(context, uid)


async def test_a_deletion_is_held_as_long_as_its_message_is_there(
    window: MainWindow, shop_window: ShopWindow
) -> None:
    async with shop_window() as context:
        uids = await new_items(context, 2)
        for uid in uids:
            deleted = await context.shop.removal.delete(Entity.ITEM, [uid])
            context.did(Step(words="deleting 1 item", acts=deleted.acts), "1 item deleted")
        first, second = [one for one in window.notifier.toasts.toasts if one.headline == "1 item deleted"]
        first.dismiss()
        await until(lambda: len(context.shop.operations()) == 1, "the first one goes with its message")
        QTest.mouseClick(second.action, Qt.MouseButton.LeftButton)
        await until(lambda: not context.shop.operations(), "the second one is dropped")
        assert context.shop.real(uids[1]) == uids[1]
        assert context.shop.row(Entity.ITEM, uids[1]) is not None
        await gone(context, uids[1])


async def test_the_rail_gives_way_in_a_narrow_window(window: MainWindow, shop_window: ShopWindow) -> None:
    async with shop_window():
        window.resize(1440, 900)
        await until(lambda: window.rail.width() == 200)
        window.resize(1000, 700)
        await until(lambda: window.rail.width() == 52)
        assert "Inventory" in window.rail.items["inventory"].toolTip()
        window.resize(1440, 900)
        await until(lambda: window.rail.width() == 200)


@pytest.mark.parametrize("make", [TextField, TextArea])
async def test_a_field_in_which_nothing_was_typed_leaves_ctrl_z_to_the_window(
    window: MainWindow, shop_window: ShopWindow, make: type[TextField | TextArea]
) -> None:
    async with shop_window() as context:
        uid, shelf = await first_item(context)
        context.shop.work_offline(True)
        edited = await context.shop.edit(Entity.ITEM, uid, {"location": "Z-99-02"})
        context.undo.push(edit_step(Entity.ITEM, uid, "Aja", edited))
        typed, field = (make(name, name, page(window, "inventory")) for name in ("typed", "field"))
        for one in (typed, field):
            one.show()
            one.setFocus()
        QTest.keyClicks(typed, "x")
        QTest.keyClick(typed, Qt.Key.Key_Z, CTRL)
        assert (typed.text(), shelf_of(context, uid)) == ("", "Z-99-02")  # first what was typed
        QTest.keyClick(field, Qt.Key.Key_Z, CTRL)
        await until(lambda: shelf_of(context, uid) == shelf and context.undo.next_redo)
        QTest.keyClick(field, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
        await until(lambda: shelf_of(context, uid) == "Z-99-02")
        await context.undo.undo()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
async def test_the_rail_counts_records_and_names_the_shop(
    window: MainWindow, shop_window: ShopWindow
) -> None:
    async with shop_window() as context:
        items = window.rail.items["inventory"]
        await until(lambda: items.accessibleName() == "Inventory, 260")
        await until(lambda: context.shop.user)
        await until(lambda: window.rail.shop_button.initials)
        window.rail.shop_button.click()
        await until(window.rail.menu.isVisible)
        names = [action.objectName() for action in window.rail.menu.actions()]
        assert names == ["other_shop", "sign_out", "remove_shop", "settings", "diagnostics"]
        window.rail.menu.close()


async def test_work_offline_is_a_switch(window: MainWindow, shop_window: ShopWindow) -> None:
    async with shop_window() as context:
        await until(lambda: window.status.connection.words == "Online")
        window.commands.menus["work_offline"].trigger()
        await until(lambda: window.status.connection.words == "Working offline")
        assert window.commands.menus["work_offline"].isChecked()
        assert window.status.way_out.text() == "Go online"
        assert window.prefs["work_offline"]
        QTest.mouseClick(window.status.way_out, Qt.MouseButton.LeftButton)
        await until(lambda: context.shop.state.kind is Kind.ONLINE)
        await until(lambda: not window.commands.menus["work_offline"].isChecked())
        assert not window.prefs["work_offline"]


async def test_an_edit_waits_in_the_status_bar_and_undo_is_named(
    window: MainWindow, shop_window: ShopWindow
) -> None:
    async with shop_window() as context:
        uid, shelf = await first_item(context)
        context.shop.work_offline(True)
        edited = await context.shop.edit(Entity.ITEM, uid, {"location": "Z-99-01"})
        context.undo.push(edit_step(Entity.ITEM, uid, "Rock & Roll", edited))
        await until(lambda: window.status.pending.words == "1 edit waiting")
        undo = window.commands.menus["undo"]
        assert undo.text() == "&Undo shelf of Rock && Roll"
        QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
        await until(lambda: window.status.pending.words == "Nothing waiting")
        row = context.shop.row(Entity.ITEM, uid)
        assert row is not None
        assert getattr(row.data, "location", None) == shelf
        assert undo.text() == "&Undo"
        QTest.keyClick(window, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
        await until(lambda: window.status.pending.words == "1 edit waiting")
        await context.shop.discard(context.shop.operations()[0].uuid)


async def test_who_has_nothing_to_undo_or_redo_is_told(window: MainWindow, shop_window: ShopWindow) -> None:
    undo, redo = (window.commands.menus[name] for name in ("undo", "redo"))

    def said() -> str:
        return next((one.headline for one in reversed(window.notifier.toasts.toasts)), "")

    assert not undo.isEnabled(), "no shop is open"
    async with shop_window():
        QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
        await until(lambda: said() == "Nothing to undo.")
        QTest.keyClick(window, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
        await until(lambda: said() == "Nothing to redo.")
    assert not redo.isEnabled()


async def test_a_text_that_was_left_unsaved_is_counted_in_the_status_bar(
    window: MainWindow, shop_window: ShopWindow
) -> None:
    async with shop_window() as context:
        uid, _ = await first_item(context)
        drafts, pending = context.shop.drafts, window.status.pending
        await until(lambda: pending.words == "Nothing waiting")
        drafts.keep(Entity.ITEM, uid, "location", "Z-99", "")
        drafts.put_aside(Entity.ITEM, uid, "location")
        await until(lambda: pending.words == "1 text not saved")
        drafts.drop(Entity.ITEM, uid, "location")
        await until(lambda: pending.words == "Nothing waiting")
        listening = len(drafts.on_aside)
        window.status.leave()
        assert len(drafts.on_aside) == listening - 1


async def first_item(context: Context) -> tuple[str, str | None]:
    results = context.shop.results(Query(Entity.ITEM))
    results.open()
    await until(lambda: results.row(0))
    row = results.row(0)
    assert row is not None
    results.close()
    return row.uid, getattr(row.data, "location", None)


async def test_the_welcome_covers_the_shop_and_gives_it_back(
    window: MainWindow, shop_window: ShopWindow
) -> None:
    async with shop_window():
        welcome = QLabel("Welcome")
        window.show_welcome(welcome)
        assert welcome.isVisible()
        assert not window.commands.menus["find"].isEnabled()
        window.toggle_activity()
        assert not window.findChildren(QWidget, "activity")
        assert not window.status.pending.isEnabled()  # it would open nothing
        window.hide_welcome()
        assert window.status.pending.isEnabled()
        assert page(window, "inventory").isVisible()
        assert window.commands.menus["find"].isEnabled()


async def test_leaving_a_shop_tells_every_visited_screen(window: MainWindow, shop_window: ShopWindow) -> None:
    async with shop_window():
        window.go("products")
        pages = window.screens.made()
        assert len(pages) == 2
        window.leave_shop()
        assert all("leave" in getattr(made, "asked", []) for made in pages)
        assert window.rail.items == {}
        assert window.status.connection.words == "Not connected"


def test_a_problem_keeps_its_details_for_those_who_ask(qtbot: QtBot, window: MainWindow) -> None:
    window.show_problem(DiskFull("There is no room left.", details="ENOSPC on /data"))
    window.show_problem(DiskFull("There is no room left.", details="ENOSPC on /data"))
    (toast,) = window.notifier.toasts.toasts
    assert toast.headline == "There is no room left."
    assert len(window.notifier.log.problems) == 2
    QTest.mouseClick(toast.action, Qt.MouseButton.LeftButton)
    dialog = window.findChild(ReportDialog)
    assert dialog is not None
    assert dialog.text.toPlainText() == "ENOSPC on /data"
    dialog.close()


def test_undo_is_offered_and_taken(window: MainWindow) -> None:
    taken: list[bool] = []

    def undo() -> None:
        taken.append(True)

    window.offer_undo("Shelf set to C-04", undo)
    (toast,) = window.notifier.toasts.toasts
    QTest.mouseClick(toast.action, Qt.MouseButton.LeftButton)
    assert taken == [True]


def test_a_crash_is_shown_before_it_is_copied(window: MainWindow) -> None:
    window.show_crash("first report")
    window.show_crash("second report")
    (toast,) = window.notifier.toasts.toasts
    QTest.mouseClick(toast.action, Qt.MouseButton.LeftButton)
    dialog = window.findChild(ReportDialog)
    assert dialog is not None
    shown = dialog.findChild(QPlainTextEdit, "reportText")
    assert shown is not None
    assert shown.toPlainText() == "first report\n\nsecond report"
    QTest.mouseClick(find(dialog, "reportCopy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "first report\n\nsecond report"
    dialog.close()


async def test_diagnostics_hold_no_key(window: MainWindow, shop_window: ShopWindow, seeded: object) -> None:
    async with shop_window():
        await until(lambda: window.status.connection.words == "Online")
        window.commands.menus["diagnostics"].trigger()
        dialog = window.findChild(ReportDialog)
        assert dialog is not None
        text = dialog.text.toPlainText()
        assert "Instica Desktop: " in text
        assert "Connection: online" in text
        assert getattr(seeded, "api_key", "?") not in text
        dialog.close()


async def test_data_in_menus_and_titles_is_plain_text(window: MainWindow, shop_window: ShopWindow) -> None:
    async with shop_window() as context:
        edited = Edited({"location": "a"}, {"location": "b"})
        context.undo.push(edit_step(Entity.ITEM, "u", "<b>A</b> & B", edited))
        assert window.commands.menus["undo"].text() == "&Undo shelf of <b>A</b> && B"
        window.say("<b>bold</b>")
        (toast,) = window.notifier.toasts.toasts
        labels = [label for label in toast.findChildren(QLabel) if label.text() == "<b>bold</b>"]
        assert labels
        assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


async def test_ctrl_n_makes_what_the_screen_lists(window: MainWindow, shop_window: ShopWindow) -> None:
    async with shop_window():
        for key, made_in in (("orders", "inventory"), ("products", "products"), ("inventory", "inventory")):
            window.go(key)
            QTest.keyClick(window, Qt.Key.Key_N, CTRL)
            assert page(window, made_in).asked[-1] == "new"
        window.commands.menus["new_product"].trigger()
        assert page(window, "products").asked[-1] == "new"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen
async def test_a_problem_names_what_it_is_about(window: MainWindow, shop_window: ShopWindow) -> None:
    async with shop_window() as context:
        context.tell(InputError("This record is being deleted."), about="Kind of Blue")
        (problem,) = window.notifier.log.problems
        assert problem.words == "Kind of Blue: This record is being deleted."
        window.toggle_activity()
        rows = [one for one in window.findChildren(QWidget, "noticeRow") if one.isVisible()]
        assert [row.accessibleName() for row in rows] == [problem.words]
