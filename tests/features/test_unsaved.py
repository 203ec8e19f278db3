"""What was typed, left and cannot be saved is said, marked, listed, and said again at the next start."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.features.activity.view import ActivityPopover
from instica_desktop.features.context import Context
from instica_desktop.features.lists.table_screen import TableScreen
from instica_desktop.features.marks import NOT_SAVED
from instica_desktop.features.notices import NoticeLog
from instica_desktop.features.orders.typed import Typed, TypedParcels
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.features.products.view import ProductsView
from instica_desktop.features.unsaved import DELETED, OF, give_up, say_earlier, take_up, unsaved
from tests.features.conftest import Desk, Window, until
from tests.features.inventory.test_typing import item, shown, type_over
from tests.features.orders.conftest import shown as orders_shown


def heard(context: Context) -> list[str]:
    assert isinstance(context.ui, Window)
    return context.ui.said


def mark_at(view: TableScreen, row: int) -> str:
    model = view.browser.table.table_model
    titles = next(column for column in model.columns if column.kind == "title")
    cell = titles.value(model.row(row))
    assert ("Not saved" in titles.text(model.row(row))) is (cell.mark == NOT_SAVED)
    return cell.mark.text if cell.mark else ""


async def test_a_price_left_in_the_pane_is_said_and_marked_until_it_is_taken_back(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        uid, price = item(view).uid, view.detail.fields.price
        type_over(price, "1,234")
        assert mark_at(view, 0) == ""  # it is being typed
        view.detail.go_on()
        await until(lambda: item(view).uid != uid)
        (said,) = [words for words in heard(context) if "not saved" in words]
        assert "“1,234”" in said
        assert "1,234.00 or 1.23" in said
        await until(lambda: mark_at(view, 0) == "Not saved")
        view.detail.go_back()
        await until(lambda: item(view).uid == uid and price.text() == "1,234")
        view.detail.go_on()
        await until(lambda: item(view).uid != uid)
        assert len([words for words in heard(context) if "not saved" in words]) == 1  # said once
        view.detail.go_back()
        await until(lambda: item(view).uid == uid and price.text() == "1,234")
        price.setFocus()
        QTest.keyClick(price, Qt.Key.Key_Escape)
        assert mark_at(view, 0) == ""
        assert unsaved(context) == []
        view.leave()


async def test_a_price_left_for_another_screen_is_said(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        type_over(view.detail.fields.price, "NaN")
        view.hide()
        (said,) = [words for words in heard(context) if "not saved" in words]
        assert "This is not a price. Write it like 12.50 or 12,50." in said
        view.show()
        view.detail.fields.price.setFocus()
        QTest.keyClick(view.detail.fields.price, Qt.Key.Key_Escape)
        view.leave()


async def test_a_text_that_the_disk_spoilt_is_said_and_not_shown_as_typed(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        type_over(view.detail.fields.price, "12,5,0")
        view.leave()
    path = tmp_path / "account" / "drafts.json"
    path.write_bytes(path.read_bytes().replace(b"12,5,0", b"12,5,8"))
    async with desk() as context:
        say_earlier(context)
        (said,) = heard(context)
        assert said.startswith("1 text that you had typed and not saved was damaged on this computer’s disk.")
        assert context.shop.drafts.aside() == []


async def test_a_text_left_by_a_kill_is_said_at_the_start_and_leads_to_its_record(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        uid = item(view).uid
        type_over(view.detail.fields.price, "12,5,0")
        view.leave()
    async with desk() as context:
        view = await shown(qtbot, context)
        say_earlier(context)
        (said,) = heard(context)
        assert said.startswith("Typed earlier and not saved: Item price “12,5,0” for ")
        home = QWidget()
        qtbot.addWidget(home)
        home.resize(900, 700)
        popover = ActivityPopover(context, NoticeLog(), home)
        home.show()
        popover.open_above(home)
        words = [label.text() for label in popover.findChildren(QLabel) if label.isVisible()]
        assert "1 text was typed and not saved." in words
        assert "Typed and not saved" in words
        assert "Everything is saved on the server." not in words
        assert "Nothing waiting" not in words
        show = popover.findChild(QPushButton, "typedShow")
        assert show is not None
        show.click()
        assert isinstance(context.ui, Window)
        assert context.ui.visited == [("inventory", uid, "")]
        popover.leave()
        context.shop.drafts.drop(Entity.ITEM, uid, "price_item_usd")
        view.leave()


async def test_products_and_parcels_are_marked_as_well(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        for view, entity in ((ProductsView(context), Entity.PRODUCT), (OrdersView(context), Entity.ORDER)):
            qtbot.addWidget(view)
            view.show()
            view.activate()
            model = view.browser.table.table_model
            await until(lambda model=model: model.count and model.row(0), "the first row")
            row = model.row(0)
            assert row is not None
            if entity is Entity.ORDER:
                parcels = TypedParcels(context.shop)
                parcels.keep(row.uid, Typed(tracking="123"), {})
                parcels.put_aside(row.uid)
            else:
                context.shop.drafts.keep(entity, row.uid, "title", "")
                context.shop.drafts.put_aside(entity, row.uid, "title")
            await until(lambda view=view: mark_at(view, 0) == "Not saved")
            assert [one.entity for one in unsaved(context)] == [entity]
            context.shop.drafts.drop(entity, row.uid, "parcel" if entity is Entity.ORDER else "title")
            assert mark_at(view, 0) == ""
            view.leave()


def pressed(popover: ActivityPopover, name: str) -> None:
    button = popover.findChild(QPushButton, name)
    assert button is not None
    button.click()


def activity(qtbot: QtBot, context: Context) -> ActivityPopover:
    home = QWidget()
    qtbot.addWidget(home)
    home.resize(900, 700)
    popover = ActivityPopover(context, NoticeLog(), home)
    home.show()
    popover.open_above(home)
    return popover


async def test_a_text_is_dropped_in_activity_and_undo_puts_it_back(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        price, uid = view.detail.fields.price, item(view).uid
        before = price.text()
        type_over(price, "1,234")
        view.hide()  # for another screen
        popover = activity(qtbot, context)
        pressed(popover, "typedDrop")
        assert unsaved(context) == []
        assert context.shop.drafts.of(Entity.ITEM, uid) == {}
        assert price.text() == before
        assert isinstance(context.ui, Window)
        words, undo = context.ui.undos[-1]
        assert words.startswith("Dropped: Item price “1,234” for ")
        undo()
        assert [one.uid for one in unsaved(context)] == [uid]
        assert price.text() == "1,234"
        await until(lambda: popover.findChild(QPushButton, "typedDrop"), "it stands there again")
        pressed(popover, "typedDrop")
        popover.leave()
        view.leave()


async def test_a_parcel_dropped_in_activity_is_not_in_its_form_either(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = orders_shown(qtbot, context)
        await until(lambda: view.detail.row and not view.detail.shipment.form.isHidden(), "an order")
        form = view.detail.shipment.form
        QTest.keyClicks(form.service, "Half")
        view.hide()
        popover = activity(qtbot, context)
        pressed(popover, "typedDrop")
        assert form.typed().service == ""
        view.show()
        view.hide()
        assert unsaved(context) == []
        assert isinstance(context.ui, Window)
        context.ui.undos[-1][1]()
        assert form.typed().service == "Half"
        await until(lambda: popover.findChild(QPushButton, "typedDrop"), "it stands there again")
        pressed(popover, "typedDrop")
        popover.leave()
        view.leave()


async def test_of_a_new_copy_all_that_was_typed_is_dropped_at_once(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        drafts = context.shop.drafts
        for place, field, text in (
            ("newCopy", "location", "A-1"),
            ("newCopy", OF, "a new product"),
            ("newCopyProduct", "title", "Aja"),
            ("newCopyProduct", OF, "a new product"),
        ):
            drafts.keep(Entity.ITEM, place, field, text)
            drafts.put_aside(Entity.ITEM, place, field)
        (text,) = unsaved(context)
        dropped = give_up(context, text)
        assert drafts.of(Entity.ITEM, "newCopy") == drafts.of(Entity.ITEM, "newCopyProduct") == {}
        take_up(context, dropped)
        assert unsaved(context) == [text]
        assert drafts.of(Entity.ITEM, "newCopyProduct")["title"].text == "Aja"
        give_up(context, text)


async def test_a_text_whose_record_is_not_here_any_more_is_listed_by_its_title(desk: Desk) -> None:
    async with desk(online=False) as context:
        drafts = context.shop.drafts
        drafts.keep(Entity.ITEM, "left", "location", "GG-", None, "Gilberto Gil")
        drafts.keep(Entity.ITEM, "older", "location", "HH-")
        drafts.keep(Entity.ITEM, "offer left", "price_usd", "12")  # typed in a form of its own
        for place, field in (("left", "location"), ("older", "location"), ("offer left", "price_usd")):
            drafts.put_aside(Entity.ITEM, place, field)
        found = unsaved(context)
        assert [(one.title, one.text, one.gone) for one in found] == [
            ("Gilberto Gil", "GG-", True),
            (DELETED, "HH-", True),
        ]
        for one in found:
            give_up(context, one)
        assert unsaved(context) == []
