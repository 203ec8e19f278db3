"""Cataloguing a record with the keyboard alone: found or from nothing, with and without a network."""

from decimal import Decimal
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models import InventoryItem, Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, is_temporary
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.making.new_copy import NewCopyDialog
from instica_desktop.features.unsaved import OF, Unsaved, unsaved
from instica_desktop.qtkit.dialogs import AskDialog
from instica_desktop.qtkit.widgets.form_field import FormField
from tests.features.conftest import Desk, Window, until
from tests.features.test_accessible import unnamed

CTRL = Qt.KeyboardModifier.ControlModifier


def shown(qtbot: QtBot, context: Context) -> InventoryView:
    view = InventoryView(context)
    qtbot.addWidget(view)
    view.resize(1240, 800)
    view.show()
    view.activate()
    return view


def opened(view: InventoryView) -> NewCopyDialog:
    view.make_new()
    dialog = view.findChild(NewCopyDialog)
    assert isinstance(dialog, NewCopyDialog)
    return dialog


def press(
    dialog: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(dialog.focusWidget() or dialog, key, modifier)


def write(dialog: QWidget, text: str) -> None:
    focused = dialog.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, text)


def current(view: InventoryView) -> InventoryItem:
    row = view.browser.table.current_row()
    assert row is not None
    found: InventoryItem = row.data
    return found


def from_nothing(dialog: NewCopyDialog, title: str) -> None:
    """Type a record that nobody has heard of."""
    write(dialog, title)
    press(dialog, Qt.Key.Key_Up)  # round to the last row: what was typed, as a new product
    press(dialog, Qt.Key.Key_Return)
    assert dialog.new.fields.title.text() == title
    write(dialog, "Nobody Yet")
    for _ in range(9):  # label, number, barcode, year, format, country, type, genres, and the grade
        press(dialog, Qt.Key.Key_Tab)
    press(dialog, Qt.Key.Key_4)


async def test_a_record_is_catalogued_from_nothing_offline_and_another_after_it(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        dialog = opened(view)
        assert not dialog.add.isEnabled()
        from_nothing(dialog, "Unheard")
        assert unnamed(dialog) == []
        press(dialog, Qt.Key.Key_Tab)
        press(dialog, Qt.Key.Key_5)  # the sleeve
        press(dialog, Qt.Key.Key_Tab)  # the price
        write(dialog, "18")
        dialog.fields.shelf.setText("B-02")
        dialog.fields.notes.setPlainText("Plays clean.")
        press(dialog, Qt.Key.Key_Return, CTRL)
        await until(lambda: len(context.shop.operations()) == 2, "a product and its copy")
        await until(lambda: dialog.chosen.isVisible(), "the form for another copy")
        made = current(view)
        assert (made.title, made.price_total_usd) == ("Unheard - VG+", Decimal("18.00"))
        assert made.condition_container == "vg"
        assert is_temporary(made.uid)
        row = view.browser.table.current_row()
        assert row is not None
        assert row.mark.pending == 1

        assert dialog.chosen.title.text() == "Unheard"
        assert (dialog.fields.shelf.text(), dialog.fields.price.text(), dialog.fields.notes.text()) == (
            "B-02",
            "",
            "",
        )
        press(dialog, Qt.Key.Key_2)
        press(dialog, Qt.Key.Key_Return)
        await until(lambda: len(context.shop.operations()) == 3, "another copy of it")
        await until(lambda: current(view).title == "Unheard - NM")
        assert current(view).location == "B-02"
        await until(lambda: not view.findChildren(NewCopyDialog), "the form is closed")

        for left in (1, 0):  # both copies; with the first, its product
            await context.undo.undo()
            await until(lambda left=left: len(context.shop.operations()) == 2 * left)
        assert context.undo.next_undo is None
        await context.undo.redo()
        assert [one.kind for one in context.shop.operations()] == [OpKind.CREATE, OpKind.CREATE]
        view.leave()


async def test_a_product_is_found_while_typing_and_its_copy_stands_in_the_list_when_sent(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        await until(lambda: view.browser.table.current_row(), "items")
        wanted = current(view).product
        assert wanted is not None
        before = view.browser.table.table_model.count or 0
        view.browser.search.set_text("nothing has this")
        view.browser.clear()
        dialog = opened(view)
        write(dialog, wanted.title)
        await until(lambda: wanted.title in [one.title for one in dialog.picker.products()], "found")
        while dialog.picker.products()[dialog.picker.list.currentRow()].title != wanted.title:
            press(dialog, Qt.Key.Key_Down)
        press(dialog, Qt.Key.Key_Return)
        assert dialog.chosen.title.text() == wanted.title
        press(dialog, Qt.Key.Key_1)
        press(dialog, Qt.Key.Key_Return)
        await until(lambda: not view.findChildren(NewCopyDialog), "the form is closed")
        await until(lambda: not context.shop.operations(), "it is sent")
        mine = f"{wanted.title} - M"
        await until(lambda: current(view).title == mine and not is_temporary(current(view).uid), "it is sent")
        await until(lambda: (view.browser.table.table_model.count or 0) == before + 1)
        assert isinstance(context.ui, Window)
        words, undo = context.ui.undos[-1]
        assert words == f"New copy of {wanted.title}"
        uid = current(view).uid
        undo()
        await until(lambda: not context.shop.operations() and not context.shop.row(Entity.ITEM, uid), "gone")
        view.leave()


async def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(qtbot: QtBot, desk: Desk) -> None:
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        dialog = opened(view)
        from_nothing(dialog, "Wrong")
        dialog.new.fields.title.clear()
        dialog.fields.price.setText("12,5,0")
        press(dialog, Qt.Key.Key_Return)
        await until(lambda: dialog.fields.price.parentWidget().error)  # type: ignore[union-attr]
        assert dialog.new.fields.title.parentWidget().error == "A product needs a title."  # type: ignore[union-attr]
        dialog.new.fields.title.setText("Right")
        dialog.fields.price.clear()
        dialog.fields.status.set_value("ready-to-sell")
        dialog.submit()
        await until(lambda: "needs a price" in dialog.fields.price.parentWidget().error)  # type: ignore[union-attr]
        assert dialog.new.fields.artist.text() == "Nobody Yet"
        assert context.shop.operations() == []

        press(dialog, Qt.Key.Key_Escape)
        await until(lambda: dialog.findChild(AskDialog), "asks before what is typed goes")
        ask = dialog.findChild(AskDialog)
        assert isinstance(ask, AskDialog)
        QTest.keyClick(ask, Qt.Key.Key_Escape)
        await until(lambda: not dialog.findChildren(AskDialog))
        assert dialog.isVisible()
        assert dialog.new.fields.artist.text() == "Nobody Yet"
        view.leave()


async def test_escape_closes_at_once_when_nothing_was_typed(qtbot: QtBot, desk: Desk) -> None:
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        dialog = opened(view)
        press(dialog, Qt.Key.Key_Escape)
        await until(lambda: not view.findChildren(NewCopyDialog))
        assert context.shop.operations() == []
        view.leave()


@pytest.mark.parametrize("online", [False, True])
async def test_a_new_copy_stands_where_the_order_puts_it(qtbot: QtBot, desk: Desk, online: bool) -> None:
    """The order, what is selected besides, and the search stay; only what hides the copy is put away."""
    async with desk() as context:
        view = shown(qtbot, context)
        await until(lambda: view.browser.table.current_row(), "items")
        wanted = current(view).product
        assert wanted is not None
        await context.shop.refresh(Entity.PRODUCT, wanted.uid)
        if not online:
            context.shop.work_offline(True)
        table = view.browser.table
        view.browser.order_by("-price_total_usd")
        await until(lambda: not view.browser.reordering and not table.table_model.loading)
        made = await context.shop.making.copy({"price_item_usd": "0.50"}, of=wanted.uid)
        view.newcomer.show(made.uid)
        await until(lambda: current(view).price_total_usd == Decimal("0.50"), "it is stood on")
        await until(lambda: not online or not context.shop.operations(), "it is sent")
        await until(lambda: not table.table_model.loading)
        assert view.browser.query.ordering == "-price_total_usd"
        assert table.header.ordering() == "-price_total_usd"
        assert current(view).price_total_usd == Decimal("0.50")
        uid = current(view).uid
        await context.shop.removal.delete(Entity.ITEM, [uid])  # other tests count the shop's items
        await until(lambda: not context.shop.operations() and not context.shop.row(Entity.ITEM, uid), "gone")
        view.leave()


async def test_what_was_typed_of_a_new_copy_is_there_again_after_a_quit(qtbot: QtBot, desk: Desk) -> None:
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        dialog = opened(view)
        from_nothing(dialog, "Half Done")
        dialog.fields.price.setText("12,5,0")
        dialog.fields.notes.setPlainText("Sleeve split")
        dialog.fields.price.setFocus()
        view.leave()
    dialog.deleteLater()
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        dialog = opened(view)
        assert dialog.new.isVisible()
        assert (dialog.new.fields.title.text(), dialog.new.fields.artist.text()) == (
            "Half Done",
            "Nobody Yet",
        )
        assert (dialog.fields.item_grade.value, dialog.fields.price.text()) == ("vg_plus", "12,5,0")
        assert dialog.fields.notes.text() == "Sleeve split"
        assert "typed earlier" in dialog._said.text()  # pyright: ignore[reportPrivateUsage]
        dialog.fields.price.setText("12,50")
        dialog.submit()
        await until(lambda: len(context.shop.operations()) == 2, "a product and its copy")
        await until(lambda: not view.findChildren(NewCopyDialog), "the form is closed")
        again = opened(view)
        assert not again.typed
        again.reject()
        view.leave()


async def test_an_amount_that_can_mean_two_is_asked_in_the_form(qtbot: QtBot, desk: Desk) -> None:
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        dialog = opened(view)
        from_nothing(dialog, "Two Ways")
        dialog.fields.price.setText("1.234")
        dialog.submit()
        form = dialog.fields.price.parentWidget()
        assert isinstance(form, FormField)
        await until(lambda: form.choices, "both readings")
        press(dialog, Qt.Key.Key_Tab)
        press(dialog, Qt.Key.Key_Space)
        assert (dialog.fields.price.text(), form.error) == ("1,234.00", "")
        dialog.submit()
        await until(lambda: len(context.shop.operations()) == 2, "made")
        made = context.shop.operations()[1].payload["fields"]
        assert made["price_item_usd"] == "1234.00"
        await until(lambda: not view.findChildren(NewCopyDialog), "the form is closed")
        view.leave()


async def two_products(view: InventoryView, context: Context) -> list[Product]:
    """Return two products of which items are listed, known to this computer."""
    table = view.browser.table
    await until(lambda: table.current_row(), "items")
    found: dict[str, Product] = {}
    for at in range(40):
        row = table.table_model.row(at)
        if row is None or len(found) == 2:
            continue
        uid = row.data.product.uid
        await context.shop.refresh(Entity.PRODUCT, uid)
        known = context.shop.row(Entity.PRODUCT, uid)
        assert known is not None
        found.setdefault(uid, cast(Product, known.data))
    return list(found.values())


def foot_of(dialog: NewCopyDialog) -> str:
    return dialog._said.text()  # pyright: ignore[reportPrivateUsage]


async def test_what_was_typed_for_a_product_comes_back_with_it_and_never_onto_another(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        first, second = await two_products(view, context)
        dialog = NewCopyDialog(context, view)
        dialog.picker.chosen.emit(first)
        dialog.fields.item_grade.choose("vg")
        dialog.fields.price.setText("12.50")
        view.leave()
    dialog.deleteLater()
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        other = NewCopyDialog(context, view, second)
        assert not other.typed
        assert foot_of(other) == f"What you typed for {first.title} waits under New copy."
        other.fields.notes.setPlainText("Of the second")
        again = NewCopyDialog(context, view, first)
        assert (again.fields.price.text(), again.fields.notes.text()) == ("12.50", "")
        again.fields.price.setText("13.00")  # typed last
        back = NewCopyDialog(context, view)
        assert back.chosen.title.text() == first.title
        assert (back.fields.item_grade.value, back.fields.price.text()) == ("vg", "13.00")
        assert foot_of(back) == f"What you typed earlier for {first.title} and did not add is here again."
        back.submit()
        await until(lambda: back.last, "made")
        assert context.shop.operations()[0].payload["fields"]["product"]["uid"] == first.uid
        last = NewCopyDialog(context, view)
        assert last.chosen.title.text() == second.title
        assert (last.fields.price.text(), last.fields.notes.text()) == ("", "Of the second")
        for one in (other, again, last):
            one.done(0)
        view.leave()


async def test_what_is_typed_goes_along_to_the_product_chosen_instead(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context)
        first, second = await two_products(view, context)
        dialog = NewCopyDialog(context, view, first)
        dialog.fields.price.setText("12.50")
        dialog.search()
        dialog.picker.chosen.emit(second)
        assert dialog.fields.price.text() == "12.50"
        for product, price in ((first, ""), (second, "12.50")):
            again = NewCopyDialog(context, view, product)
            assert again.fields.price.text() == price
            again.done(0)
        dialog.search()
        dialog.picker.new_asked.emit("Unheard")
        dialog.done(0)
        back = NewCopyDialog(context, view)
        assert back.new.fields.title.text() == "Unheard"
        assert back.fields.price.text() == "12.50"
        assert foot_of(back) == "What you typed earlier for Unheard and did not add is here again."
        back.forget()
        back.done(0)
        view.leave()


async def test_a_new_copy_left_half_typed_is_listed_among_what_is_not_saved(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        context.shop.work_offline(True)
        view = shown(qtbot, context)
        dialog = opened(view)
        from_nothing(dialog, "Half Typed")
        assert unsaved(context) == []
        dialog.done(0)
        copy = Unsaved(Entity.ITEM, "", "a new product", "A new copy", OF)
        assert unsaved(context) == [copy]
        view.leave()
    async with desk() as context:
        context.shop.work_offline(True)
        assert unsaved(context) == [copy]
        view = shown(qtbot, context)
        dialog = opened(view)
        dialog.forget()
        assert unsaved(context) == []
        dialog.done(0)
        view.leave()
