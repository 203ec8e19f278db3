"""Typing into the table and through the pane by keys alone: nothing goes elsewhere, and nothing is lost."""

from contextlib import suppress
from decimal import Decimal
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.errors import DiskFull
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.qtkit import theme
from instica_desktop.qtkit.widgets.cell_editors import ListEditor
from instica_desktop.qtkit.widgets.cell_error import CellError
from tests.features.conftest import Desk, Window, until
from tests.features.inventory.test_typing import at_the_shop, drop_all, elsewhere, item, shown
from tests.server.fixture import RunningServer


def editor(view: InventoryView) -> QLineEdit:
    found = view.browser.table.findChild(QLineEdit, "cellEditor")
    assert isinstance(found, QLineEdit)
    return found


def stored(context: Context, uid: str) -> InventoryItem:
    row = context.shop.row(Entity.ITEM, uid)
    assert row is not None
    return cast(InventoryItem, row.data)


def press(*keys: Qt.Key | str) -> None:
    """Type on whatever has the keyboard, as a person does: each letter where the focus is by then."""
    for key in (one for part in keys for one in ([part] if isinstance(part, Qt.Key) else part)):
        focused = QApplication.focusWidget()
        assert focused is not None
        if isinstance(key, str):
            QTest.keyClicks(focused, key)
        else:
            QTest.keyClick(focused, key)


def said(view: InventoryView) -> str:
    """Return what is said under a cell."""
    error = view.browser.table.findChild(CellError)
    return error.text() if error is not None and error.isVisible() else ""


async def an_item(qtbot: QtBot, context: Context, **fields: object) -> tuple[InventoryView, str]:
    """Show an item of this test alone, not yet sent, offline."""
    view = await shown(qtbot, context)
    context.shop.work_offline(True)
    made = await context.shop.making.copy({"status": "received", **fields}, new={"title": "Typed In Cells"})
    view.newcomer.show(made.uid)
    await until(lambda: view.detail.row is not None and item(view).uid == made.uid, "the new item")
    view.browser.table.setFocus()
    return view, made.uid


async def test_a_copy_is_graded_and_priced_with_tab_between(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view, uid = await an_item(qtbot, context)
        press(Qt.Key.Key_F4, "5", Qt.Key.Key_Tab, "4", Qt.Key.Key_Tab, "39.5", Qt.Key.Key_Return)
        await until(lambda: stored(context, uid).price_item_usd == Decimal("39.50"), "the price")
        found = stored(context, uid)
        assert (found.condition_item, found.condition_container) == ("vg", "vg_plus")
        await drop_all(context)
        view.leave()


async def test_other_choices_of_the_sleeve_are_reached_by_arrow_and_take_no_numbers(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view, uid = await an_item(qtbot, context, condition_container="p")
        press(Qt.Key.Key_F4, Qt.Key.Key_Tab, Qt.Key.Key_Right)
        more = QApplication.focusWidget()
        assert more is not None
        assert more.objectName() == "sleeveGradeMore"
        press("3")
        assert stored(context, uid).condition_container == "p"
        press(Qt.Key.Key_Left)
        press("3")
        await until(lambda: stored(context, uid).condition_container == "ex")
        await drop_all(context)
        view.leave()


async def test_a_number_on_a_grade_in_the_table_grades_and_goes_to_no_search(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view, uid = await an_item(qtbot, context)
        table = view.browser.table
        for column, grade in (("condition_item", "vg"), ("condition_container", "nm")):
            table.go_to_uid(uid)
            table.go_to(table.currentIndex().row(), column)
            press("5" if grade == "vg" else "2")
            await until(lambda column=column, grade=grade: getattr(stored(context, uid), column) == grade)
        for column in ("title", "platforms", "days_in_inventory", "condition_item"):
            table.go_to(table.currentIndex().row(), column)
            press("k", "0")
            assert table.hasFocus()
        assert view.browser.search.text == ""
        await drop_all(context)
        view.leave()


@pytest.mark.parametrize("typed", ["24", "24,00"])
async def test_the_price_is_edited_in_its_cell_as_it_is_shown_there(
    qtbot: QtBot, desk: Desk, typed: str
) -> None:
    async with desk() as context:
        view, uid = await an_item(qtbot, context, price_item_usd="10.00", price_shipping_usd="4.00")
        table = view.browser.table
        table.go_to(table.currentIndex().row(), "price_total_usd")
        press(Qt.Key.Key_F2)
        assert editor(view).text() == "14.00"
        press(typed, Qt.Key.Key_Return)
        await until(lambda: stored(context, uid).price_total_usd == Decimal("24.00"), "the price")
        assert stored(context, uid).price_item_usd == Decimal("20.00")
        await until(lambda: not table.editing.active() and table.hasFocus())
        press("3")
        press(Qt.Key.Key_Return)
        await until(lambda: "Shipping alone is 4.00" in said(view), "it is less than shipping")
        assert editor(view).text() == "3"
        press(Qt.Key.Key_Escape)
        await drop_all(context)
        view.leave()


async def test_the_status_is_moved_in_its_cell_where_it_may_go(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view, uid = await an_item(qtbot, context)
        table = view.browser.table
        table.go_to(table.currentIndex().row(), "status")
        press(Qt.Key.Key_F2)
        await until(lambda: QApplication.activePopupWidget() is not None, "the list")
        chooser = table.findChild(ListEditor, "cellEditor")
        moves = [chooser.itemText(at) for at in range(chooser.count())]
        assert moves == ["Received", "Ready to sell", "Archived"]
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Return):
            QTest.keyClick(chooser.view(), key)
        await until(lambda: "needs a price" in said(view), "it has no price")
        assert stored(context, uid).status == "received"
        await until(QApplication.focusWidget, "the keyboard is back from the list")
        press(Qt.Key.Key_Escape)
        assert table.hasFocus()
        press("a")  # the list opens at the word that begins so
        await until(lambda: QApplication.activePopupWidget() is not None, "the list again")
        QTest.keyClick(table.findChild(ListEditor, "cellEditor").view(), Qt.Key.Key_Return)
        await until(lambda: stored(context, uid).status == "archived")
        await drop_all(context)
        view.leave()


async def test_a_cell_typed_while_somebody_else_saves_another_value_overwrites_nothing(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        uid, table = item(view).uid, view.browser.table
        elsewhere(seeded, uid, location="S-01")
        await context.shop.refresh(Entity.ITEM, uid)
        await until(lambda: item(view).location == "S-01")
        table.go_to(table.currentIndex().row(), "location")
        press("T")
        elsewhere(seeded, uid, location="S-99")
        await context.shop.refresh(Entity.ITEM, uid)
        await until(lambda: item(view).location == "S-99", "the list was read again")
        press("-05", Qt.Key.Key_Return)
        await until(
            lambda: [one.state for one in context.shop.operations()] == [OpState.CONFLICT], "a conflict"
        )
        assert at_the_shop(seeded, uid)["location"] == "S-99"
        await drop_all(context)
        view.leave()


@pytest.mark.parametrize("way", ["screen", "cell", "click", "leave", "theme"])
async def test_a_shelf_typed_in_its_cell_is_saved_whichever_way_it_is_left(
    qtbot: QtBot, desk: Desk, way: str, qapp: QApplication
) -> None:
    async with desk() as context:
        view, uid = await an_item(qtbot, context)
        table = view.browser.table
        table.go_to(table.currentIndex().row(), "location")
        press(Qt.Key.Key_F2, "V-07")
        match way:
            case "screen":
                view.hide()
            case "cell":
                table.go_to(table.currentIndex().row() + 1, "location")
                table.edit_current()
                table.editing.cancel()
            case "click":
                QTest.mouseClick(view.browser.search.edit, Qt.MouseButton.LeftButton)
                view.browser.search.edit.setFocus()
            case "theme":
                theme.apply(qapp, "dark")
                assert editor(view).text() == "V-07"
                press(Qt.Key.Key_Return)
            case _:
                await view.finish()
        await until(lambda: stored(context, uid).location == "V-07", "saved")
        await drop_all(context)
        view.leave()


async def test_half_a_price_waits_while_the_table_is_scrolled_read_again_and_put_in_order(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view, uid = await an_item(qtbot, context)
        table = view.browser.table
        for away in (table.verticalScrollBar().maximum, table.verticalScrollBar().minimum):
            table.verticalScrollBar().setValue(away())
        table.go_to(table.currentIndex().row(), "price_total_usd")
        press("1")
        table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
        view.refresh()
        press("2")
        view.browser.order_by("price_total_usd")
        await until(lambda: not view.browser.reordering and table.places.row >= 0, "another order")
        press(".5")
        assert editor(view).text() == "12.5"
        assert stored(context, uid).price_item_usd is None
        assert not editor(view).visibleRegion().isEmpty()
        press(Qt.Key.Key_Return)
        await until(lambda: stored(context, uid).price_item_usd == Decimal("12.50"), "the price")
        await until(lambda: not table.editing.active())
        await drop_all(context)
        view.leave()


async def test_a_price_that_cannot_be_read_in_its_cell_is_there_after_the_next_start(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        uid, table = item(view).uid, view.browser.table
        table.go_to(table.currentIndex().row(), "price_total_usd")
        press("12,5,0")
        await view.finish()
        assert isinstance(context.ui, Window)
        assert "12,5,0" in context.ui.said[-1]
        view.leave()
    async with desk() as context:
        view = await shown(qtbot, context, uid)
        table = view.browser.table
        table.go_to(table.currentIndex().row(), "price_total_usd")
        table.setFocus()
        press(Qt.Key.Key_F2)
        assert editor(view).text() == "12,5,0"
        assert "not a price" in said(view)
        press(Qt.Key.Key_Escape)
        assert context.shop.drafts.of(Entity.ITEM, uid) == {}
        assert context.shop.operations() == []
        view.leave()


async def fill_up(context: Context, view: InventoryView) -> None:
    """Let other edits take all the room there is for edits."""
    model = view.browser.table.table_model
    others = [row.uid for row in (model.row(at) for at in range(1, 60)) if row is not None]
    for field, size in (("condition_notes", 900), ("location", 95)):
        with suppress(DiskFull):
            for uid in others:
                await context.shop.edit(Entity.ITEM, uid, {field: "x" * size})


async def test_a_full_disk_keeps_the_editor_and_its_text(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        context.shop.work_offline(True)
        uid, table = item(view).uid, view.browser.table
        table.go_to(table.currentIndex().row(), "location")
        press(Qt.Key.Key_F2, "L" * 96)
        connection = context.shop._store.outbox._writer  # pyright: ignore[reportPrivateUsage]
        await connection.run(lambda base: base.execute("PRAGMA max_page_count=1").fetchall())
        await fill_up(context, view)
        press(Qt.Key.Key_Return)
        await until(lambda: said(view), "the reason")
        assert "room" in said(view)
        assert editor(view).text() == "L" * 96
        assert editor(view).hasFocus()
        await connection.run(lambda base: base.execute("PRAGMA max_page_count=1000000").fetchall())
        press(Qt.Key.Key_Return)
        await until(lambda: stored(context, uid).location == "L" * 96, "saved once there is room")
        await until(lambda: not table.editing.active())
        await drop_all(context)
        view.leave()


async def test_the_title_cell_shows_that_the_keyboard_is_there(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        table = view.browser.table
        table.go_to(0, "title")
        table.setFocus()
        here = table.grab().toImage()
        QWidget.setFocus(view.browser.search.edit)
        assert table.grab().toImage() != here
        view.leave()
