"""A stack is graded, priced and photographed by the keyboard alone, and Tab goes the way the eye does."""

from decimal import Decimal
from itertools import pairwise
from typing import cast

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context, Screen
from instica_desktop.features.inventory.offer import OfferDialog
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.lists.record_screen import RecordScreen
from instica_desktop.features.making.new_copy import NewCopyDialog
from instica_desktop.features.making.new_product import NewProductDialog
from instica_desktop.features.products.view import ProductsView
from instica_desktop.features.shell.report_dialog import ReportDialog
from instica_desktop.features.shell.shop_rail import ShopRail
from instica_desktop.qtkit.widgets.button import IconButton
from instica_desktop.qtkit.widgets.inputs import MoneyField
from instica_desktop.qtkit.widgets.status_moves import Move, StatusMoves
from tests.features.conftest import Desk, Window, until


async def shown(qtbot: QtBot, view: RecordScreen) -> None:
    """Show a screen of records, its first one in the pane, the keyboard on its rows."""
    qtbot.addWidget(view)
    view.resize(1240, 1400)
    view.show()
    view.activate()
    await until(lambda: view.browser.table.table_model.count, "records are counted")
    await until(lambda: view.browser.table.table_model.row(1), "the first rows")
    view.browser.table.go_to(0)
    await until(lambda: view.pane.row, "a record in the pane")


def tab_stops(root: QWidget) -> list[QWidget]:
    """Return what Tab goes through inside a widget, in its order."""
    found: list[QWidget] = []
    window = root.window()
    widget = cast(QWidget, window.nextInFocusChain())
    while widget is not window:
        stops = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(root)
        if stops and root.isAncestorOf(widget) and widget.isEnabled():
            found.append(widget)
        widget = cast(QWidget, widget.nextInFocusChain())
    return found


def astray(root: QWidget) -> list[str]:
    """Return the steps of Tab that lead to what stands wholly above, or wholly left in the same line."""
    ring = tab_stops(root)
    places = [QRect(widget.mapTo(root, QPoint(0, 0)), widget.size()) for widget in ring]
    line = min(place.bottom() for place in places)
    first = min(range(len(ring)), key=lambda at: (places[at].top() > line, places[at].left()))
    stops, places = ring[first:] + ring[:first], places[first:] + places[:first]
    return [
        f"{stops[at].objectName()} → {stops[at + 1].objectName()}"
        for at, (place, then) in enumerate(pairwise(places))
        if then.bottom() < place.top() or (then.top() <= place.bottom() and then.right() < place.left())
    ]


def price_of(context: Context, uid: str) -> Decimal | None:
    row = context.shop.row(Entity.ITEM, uid)
    assert row is not None
    return cast(InventoryItem, row.data).price_item_usd


async def test_tab_goes_down_the_screen_of_items(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = InventoryView(context)
        await shown(qtbot, view)
        model = view.browser.table.table_model
        rows = [model.row(at) for at in range(20)]  # others change this shop too
        view.browser.table.go_to(next(at for at, row in enumerate(rows) if row and row.data.assets))
        await until(lambda: view.detail.photos.strip.keys, "an item with photos")
        names = [widget.objectName() for widget in tab_stops(view.detail)]
        photos = [name for name in names if name.startswith("photo_")]
        moves = [name for name in names if name.startswith("move_")]
        assert photos
        assert moves
        assert names.index(photos[-1]) < names.index("photoAdd") < names.index("itemPrice")
        assert names.index("itemCost") < names.index(moves[0]) < names.index("itemShelf")
        await until(lambda: astray(view.detail) == [], "the pane is laid out, and Tab goes down it")
        assert astray(view.browser) == []
        view.leave()


async def test_tab_goes_down_the_screen_of_products(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = ProductsView(context)
        await shown(qtbot, view)
        model = view.browser.table.table_model
        await until(lambda: model.row(19) is not None, "products")
        rows = [model.row(at) for at in range(20)]  # others change this shop too
        view.browser.table.go_to(next(at for at, row in enumerate(rows) if row and row.data.inventory_items))
        await until(lambda: any(row.isVisible() for row in view.detail.copies.rows()), "copies")
        assert astray(view.detail) == []
        view.leave()


async def test_tab_goes_through_forms_as_the_eye_does_and_ends_at_their_buttons(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = ProductsView(context)
        await shown(qtbot, view)
        row = view.detail.row
        assert row is not None
        dialog = NewCopyDialog(context, view, row.data)
        dialog.open()
        names = [widget.objectName() for widget in tab_stops(dialog)]
        first = names.index("changeProduct")
        names = names[first:] + names[:first]  # it is a ring
        assert names[:2] == ["changeProduct", "newItemGradeCells_m"]
        assert names[-4:] == ["newCopyTags", "newCopyCancel", "newCopyAnother", "newCopyAdd"]
        report = ReportDialog(view, "Title", "Words", "Report")
        offer = OfferDialog(view, [("ebay", "eBay")], None)
        for form in (dialog, NewProductDialog(context, view), offer, report):
            form.open()
            await until(lambda form=form: astray(form) == [], form.windowTitle())
            form.done(0)
        view.leave()


async def test_prices_of_a_stack_are_typed_one_after_the_other(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = InventoryView(context)
        await shown(qtbot, view)
        uids: list[str] = []
        QTest.keyClick(view.browser.table, Qt.Key.Key_Return)
        view.detail.fields.price.setFocus()
        view.detail.fields.price.selectAll()
        for price in ("31.50", "32.50", "33.50"):
            row = view.detail.row
            assert row is not None
            uids.append(row.uid)
            field = QApplication.focusWidget()
            assert isinstance(field, MoneyField)
            assert field is view.detail.fields.price
            QTest.keyClicks(field, price)
            QTest.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        prices = [Decimal("31.50"), Decimal("32.50"), Decimal("33.50")]
        await until(lambda: [price_of(context, uid) for uid in uids] == prices, "three prices")
        view.leave()


async def test_a_picture_is_pasted_while_grading_and_arrows_stay_among_photos(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = InventoryView(context)
        await shown(qtbot, view)
        context.shop.work_offline(True)
        strip = view.detail.photos.strip
        before = strip.keys
        image = QImage(640, 640, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.darkMagenta)
        QGuiApplication.clipboard().setImage(image)
        QTest.keyClick(view.browser.table, Qt.Key.Key_F4)
        grade = QApplication.focusWidget()
        assert grade is not None
        QTest.keyClick(grade, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: len(strip.keys) == len(before) + 1, "one more photo")
        await until(lambda: context.undo.next_undo, "it can be taken back")
        await context.undo.undo()
        await until(lambda: strip.keys == before, "taken back")
        await context.undo.redo()
        await until(lambda: len(strip.keys) == len(before) + 1, "and added again")
        assert view.detail.row is not None
        await context.shop.remove_photo(
            view.detail.row.uid, next(key for key in strip.keys if key not in before)
        )
        await until(lambda: strip.keys == before, "removed by hand")
        context.undo_last()
        assert isinstance(context.ui, Window)
        await until(lambda: context.ui.said, "what came of it")  # type: ignore[attr-defined]
        assert "not there any more" in context.ui.said[-1]
        await context.undo.redo()
        await until(lambda: len(strip.keys) == len(before) + 1, "there again")
        add = tab_stops(strip)[-1]
        add.setFocus()
        QTest.keyClick(add, Qt.Key.Key_Right)
        assert QApplication.focusWidget() is add
        QTest.keyClick(add, Qt.Key.Key_Left)
        assert strip.current_key() == strip.keys[-1]
        for operation in context.shop.operations():
            await context.shop.discard(operation.uuid)
        view.leave()


async def test_undo_in_a_field_is_for_letters_first_and_then_for_the_last_edit(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = InventoryView(context)
        await shown(qtbot, view)
        shelf = view.detail.fields.shelf
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), view)
        asked: list[int] = []
        undo.activated.connect(lambda: asked.append(1))
        shelf.setFocus()
        before = shelf.text()
        QTest.keyClicks(shelf, "Q")
        QTest.keyClick(shelf, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert (shelf.text(), asked) == (before, [])
        QTest.keyClick(shelf, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert asked == [1]
        view.leave()


def test_the_keyboard_stays_on_the_moves_of_a_status(qtbot: QtBot) -> None:
    moves = StatusMoves("status", "Status")
    qtbot.addWidget(moves)
    with qtbot.waitActive(moves):
        moves.show()
    moves.set_status("Draft", "neutral", [Move("received", "Received"), Move("archived", "Archive")])
    archive = moves.buttons[1]
    archive.setFocus()
    moves.set_status("Draft", "neutral", [Move("received", "Received"), Move("archived", "Archive")])
    assert moves.buttons[1] is archive  # the record was read again: nothing is rebuilt
    moves.set_status("Received", "warning", [Move("ready", "Ready to sell"), Move("archived", "Archive")])
    assert QApplication.focusWidget() is moves.buttons[1]
    moves.set_status("Sold", "tint", [Move("shipped", "Shipped")])
    assert QApplication.focusWidget() is moves.buttons[0]


def test_enter_presses_a_button_of_one_icon(qtbot: QtBot) -> None:
    button = IconButton("x", "close", "Close")
    qtbot.addWidget(button)
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert pressed == [1]


async def test_f6_reaches_the_rail_from_a_screen_it_does_not_list(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        window = QWidget()
        qtbot.addWidget(window)
        rail = ShopRail(window)
        screen = Screen(
            "inventory", "Inventory", "library", lambda context, parent: InventoryView(context, parent)
        )
        rail.open_shop(context, (screen,))
        window.show()
        window.activateWindow()
        await until(window.isActiveWindow, "the window")
        rail.take_focus()
        assert QApplication.focusWidget() is rail.items["inventory"]
        rail.leave_shop()
        rail.take_focus()
        assert QApplication.focusWidget() is rail.shop_button
