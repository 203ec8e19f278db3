"""What is typed into the pane: against what it is saved, what becomes of it, and when it is asked about."""

import asyncio
import os
import signal
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.store.drafts import FILE
from instica_desktop.store.drafts import _read as read_drafts  # pyright: ignore[reportPrivateUsage]
from tests.features.conftest import Desk, until
from tests.server.fixture import RunningServer


async def shown(qtbot: QtBot, context: Context, uid: str = "") -> InventoryView:
    """Show the screen of items, one of them in the pane."""
    view = InventoryView(context)
    qtbot.addWidget(view)
    view.resize(1240, 1400)
    view.show()
    view.activateWindow()
    view.activate()
    table = view.browser.table
    await until(lambda: table.table_model.count and table.table_model.row(0), "the first row")
    if uid:
        await until(lambda: table.go_to_uid(uid), "the item")
    else:
        table.go_to(0)
    await until(lambda: view.detail.row is not None and view.detail.row.uid == (uid or view.detail.row.uid))
    return view


def item(view: InventoryView) -> InventoryItem:
    assert view.detail.row is not None
    return view.detail.row.data


def form_of(field: QLineEdit) -> FormField:
    form = field.parentWidget()
    assert isinstance(form, FormField)
    return form


def type_over(field: QLineEdit, text: str) -> None:
    """Do as a person does who comes to a field and types another value."""
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def elsewhere(server: RunningServer, uid: str, **fields: object) -> dict[str, Any]:
    """Change an item as a colleague does, with another client; return it."""
    answer = httpx.patch(
        f"{server.base_url}/api/v1/inventory/{uid}/", json=fields, headers={"X-API-Key": server.api_key}
    )
    answer.raise_for_status()
    return answer.json()


def at_the_shop(server: RunningServer, uid: str) -> dict[str, Any]:
    answer = httpx.get(f"{server.base_url}/api/v1/inventory/{uid}/", headers={"X-API-Key": server.api_key})
    return answer.json()


async def drop_all(context: Context) -> None:
    for operation in context.shop.operations():
        await context.shop.discard(operation.uuid)


async def test_a_price_typed_while_somebody_else_saves_another_overwrites_nothing(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        uid, price = item(view).uid, view.detail.fields.price
        elsewhere(seeded, uid, price_item_usd="50.00")
        await context.shop.refresh(Entity.ITEM, uid)
        await until(lambda: price.text() == "50.00")
        type_over(price, "3")
        elsewhere(seeded, uid, price_item_usd="61.00")
        await context.shop.refresh(Entity.ITEM, uid)
        await until(lambda: item(view).price_item_usd == Decimal("61.00"), "the list was read again")
        QTest.keyClicks(price, "9.5")
        assert price.text() == "39.5"
        QTest.keyClick(price, Qt.Key.Key_Return)
        await until(
            lambda: [one.state for one in context.shop.operations()] == [OpState.CONFLICT], "a conflict"
        )
        assert at_the_shop(seeded, uid)["price_item_usd"] == "61.00"
        await drop_all(context)
        view.leave()


async def test_what_is_typed_on_after_saving_is_against_what_was_saved(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        uid, shelf = item(view).uid, view.detail.fields.shelf
        type_over(shelf, "T-01")
        QTest.keyClick(shelf, Qt.Key.Key_Return)
        QTest.keyClicks(shelf, "-02")
        QTest.keyClick(shelf, Qt.Key.Key_Return)
        assert shelf.text() == "T-01-02"
        await until(lambda: item(view).location == "T-01-02" and not context.shop.operations(), "delivered")
        assert at_the_shop(seeded, uid)["location"] == "T-01-02"
        view.leave()


async def test_letters_typed_while_the_former_ones_are_saved_stay(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        context.shop.work_offline(True)
        shelf = view.detail.fields.shelf
        type_over(shelf, "K-1")
        QTest.keyClick(shelf, Qt.Key.Key_Return)
        QTest.keyClicks(shelf, "2")
        await until(lambda: item(view).location == "K-1", "saved")
        assert shelf.text() == "K-12"
        await view.finish()
        await drop_all(context)
        view.leave()


@pytest.mark.parametrize(("typed", "says"), [("12,5,0", "not a price"), ("1,234", "1,234.00 or 1.23")])
async def test_what_cannot_be_saved_is_there_after_a_quit_and_says_why(
    qtbot: QtBot, desk: Desk, typed: str, says: str
) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        uid = item(view).uid
        before = view.detail.fields.price.text()
        type_over(view.detail.fields.price, typed)
        await view.finish()
        view.leave()
    async with desk() as context:
        view = await shown(qtbot, context, uid)
        back = view.detail.fields.price
        assert back.text() == typed
        assert says in form_of(back).error
        other = item(view).uid
        view.detail.go_on()
        await until(lambda: item(view).uid != other)
        assert context.shop.operations() == []  # nothing is saved unasked
        assert back.text() != typed
        view.detail.go_back()
        await until(lambda: item(view).uid == uid and back.text() == typed)
        back.setFocus()
        QTest.keyClick(back, Qt.Key.Key_Escape)
        assert back.text() == before
        assert not form_of(back).error
        view.leave()
    async with desk() as context:
        view = await shown(qtbot, context, uid)
        assert view.detail.fields.price.text() == before
        view.leave()


async def test_what_came_back_is_saved_by_its_button(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        uid = item(view).uid
        context.shop.drafts.keep(Entity.ITEM, uid, "location", "W-07", item(view).location)
        view.browser.close_rows()
    async with desk() as context:
        view = await shown(qtbot, context, uid)
        context.shop.work_offline(True)
        form = form_of(view.detail.fields.shelf)
        assert [button.text() for button in form.choices] == ["Save it", "Take it back"]
        view.detail.fields.shelf.setFocus()
        QTest.keyClick(view.detail.fields.shelf, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is form.choices[0]
        QTest.keyClick(form.choices[0], Qt.Key.Key_Space)
        await until(lambda: item(view).location == "W-07", "saved")
        assert (form.error, list(form.choices)) == ("", [])
        await until(lambda: context.shop.drafts.of(Entity.ITEM, uid) == {}, "nothing is left to save")
        await drop_all(context)
        view.leave()


TYPIST = """
import asyncio, sys
from pathlib import Path
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from instica_desktop.api import InsticaClient
from instica_desktop.core.accounts import Account
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.qtkit import theme
from instica_desktop.qtkit.bus import Bus
from instica_desktop.qtkit.loop import loop_factory
from instica_desktop.store.store import Store
from instica_desktop.sync import Shop
from instica_desktop.system.prefs import Prefs
from tests.features.conftest import Window

async def work(folder, uid):
    bus = Bus()
    store = Store.open(folder / "account", bus.publish)
    shop = Shop(Account(id="test", base_url="http://127.0.0.1:9"), InsticaClient("http://127.0.0.1:9", "k"),
                store, bus.publish)
    await shop.start()
    context = Context(shop.account, shop, bus, Prefs(folder / "settings.json"), Window())
    view = InventoryView(context)
    view.resize(1240, 1400)
    view.show()
    view.activate()
    while not view.browser.table.go_to_uid(uid):
        await asyncio.sleep(0.02)
    while view.detail.row is None or view.detail.row.uid != uid:
        await asyncio.sleep(0.02)
    for field, text in ((view.detail.fields.price, "12,5,0"), (view.detail.fields.shelf, "Z-9")):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
    print("typed", flush=True)
    await asyncio.sleep(600)

app = QApplication([])
theme.apply(app, "light")
with asyncio.Runner(loop_factory=loop_factory(app)) as runner:
    runner.run(work(Path(sys.argv[1]), sys.argv[2]))
"""


def texts_in(drafts: Path) -> set[str]:
    """Return the texts that would be there after a kill just now."""
    kept, spoilt = read_drafts(drafts)
    assert not spoilt
    return {one.text for one in kept}


async def test_what_is_typed_is_there_after_the_program_was_killed(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        uid = item(view).uid
        view.leave()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", TYPIST, str(tmp_path), uid),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 60) == b"typed\n"
    await until(lambda: texts_in(tmp_path / "account" / FILE) == {"12,5,0", "Z-9"}, "both are on the disk")
    process.send_signal(signal.SIGKILL)
    await process.wait()
    async with desk(online=False) as context:
        view = await shown(qtbot, context, uid)
        fields = view.detail.fields
        assert (fields.price.text(), fields.shelf.text()) == ("12,5,0", "Z-9")
        assert "not a price" in form_of(fields.price).error
        assert "not saved" in form_of(fields.shelf).error
        view.leave()


async def test_an_amount_that_can_mean_two_is_asked_at_the_field(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        context.shop.work_offline(True)
        price = view.detail.fields.price
        form = form_of(price)
        type_over(price, "1.234")
        QTest.keyClick(price, Qt.Key.Key_Return)
        assert [button.text() for button in form.choices] == ["1,234.00", "1.23"]
        assert "1,234.00 or 1.23" in form.error
        assert context.shop.operations() == []
        QTest.keyClick(price, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is form.choices[0]
        QTest.keyClick(form.choices[0], Qt.Key.Key_Return)
        await until(lambda: item(view).price_item_usd == Decimal("1234.00"), "saved")
        await until(lambda: price.text() == "1234.00", "as it is written in a field")
        assert (form.error, list(form.choices)) == ("", [])
        assert QApplication.focusWidget() is price
        await drop_all(context)
        view.leave()


async def test_the_reason_goes_as_soon_as_the_value_is_right_again(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        price = view.detail.fields.price
        before = price.text()

        def wrong() -> FormField:
            type_over(price, "12,5,0")
            QTest.keyClick(price, Qt.Key.Key_Return)
            assert form_of(price).error
            return form_of(price)

        form = wrong()
        QTest.keyClick(price, Qt.Key.Key_Backspace)
        assert form.error  # "12,5," is no better
        QTest.keyClick(price, Qt.Key.Key_Backspace)
        assert not form.error
        form = wrong()
        while price.text() != before:
            QTest.keyClick(price, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert not form.error
        assert context.shop.operations() == []
        view.leave()


async def test_the_reason_at_another_field_goes_once_the_value_is_right_again(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        context.shop.work_offline(True)
        made = await context.shop.making.copy({"status": "received"}, new={"title": "Half Typed"})
        view.newcomer.show(made.uid)
        await until(lambda: view.detail.row is not None and item(view).uid == made.uid)
        fields = view.detail.fields
        ready = next(one for one in fields.status.buttons if one.text() == "Ready to sell")
        QTest.mouseClick(ready, Qt.MouseButton.LeftButton)
        form = form_of(fields.price)
        await until(lambda: "needs a price" in form.error, "the reason")
        archive = next(one for one in fields.status.buttons if one.text() == "Archive")
        QTest.mouseClick(archive, Qt.MouseButton.LeftButton)  # and then no price is needed
        await until(lambda: item(view).status == "archived")
        assert not form.error
        await drop_all(context)
        view.leave()


async def taken_away(context: Context, made: InventoryItem) -> None:
    """Delete a copy and its product at the server too: other tests count what the shop has."""
    shop = context.shop
    await shop.removal.delete(Entity.ITEM, [made.uid])
    await until(lambda: not shop.operations() and not shop.row(Entity.ITEM, made.uid), "the copy is gone")
    if made.product is not None:
        await shop.removal.delete(Entity.PRODUCT, [made.product.uid])
        await until(lambda: not shop.operations(), "its product is gone")


async def test_a_half_typed_price_is_not_saved_when_its_new_copy_gets_its_own_uid(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        view = await shown(qtbot, context)
        context.shop.work_offline(True)
        made = await context.shop.making.copy({"status": "received"}, new={"title": "Half Typed"})
        view.newcomer.show(made.uid)
        await until(lambda: view.detail.row is not None and item(view).uid == made.uid)
        price = view.detail.fields.price
        type_over(price, "3")
        context.shop.work_offline(False)
        await until(lambda: item(view).uid != made.uid and not context.shop.operations(), "its own uid")
        assert price.text() == "3"
        assert item(view).price_item_usd is None
        QTest.keyClicks(price, "9.5")
        QTest.keyClick(price, Qt.Key.Key_Return)
        await until(lambda: item(view).price_item_usd == Decimal("39.50"), "saved")
        await until(lambda: context.shop.drafts.of(Entity.ITEM, made.uid) == {}, "nothing is left to save")
        await until(lambda: not context.shop.operations(), "sent")
        await taken_away(context, item(view))
        view.leave()
