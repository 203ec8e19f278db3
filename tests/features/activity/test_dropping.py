"""What waits is dropped and brought back, or sent again once it was refused."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.core.query import Query
from instica_desktop.qtkit.dialogs import AskDialog
from instica_desktop.sync import ShipmentDraft
from tests.features.activity.stage import POPUPS, picture, stage
from tests.features.conftest import Desk, until
from tests.server.fixture import RunningServer

pytestmark = POPUPS


async def test_a_waiting_edit_is_dropped_and_made_again(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=4) as on:
        before = on.item().location
        on.context.shop.work_offline(True)
        await on.edit(location="Q-02-01")
        on.open()
        assert on.rows()[0].hasFocus()
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Delete)
        await until(lambda: not on.context.shop.operations())
        assert on.item().location == before
        await until(lambda: on.window.undos)
        words, undo = on.window.undos[0]
        assert words == f"Dropped: Shelf {before} → Q-02-01"
        undo()
        await until(lambda: on.item().location == "Q-02-01")


async def test_what_cannot_be_made_again_is_asked_about(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=12) as on:
        shop = on.context.shop
        shop.work_offline(True)
        (added,) = await shop.add_photos(on.items[0].uid, [picture()])
        assert added.error is None
        on.open()
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Delete)
        await until(lambda: on.home.findChildren(AskDialog))
        ask = on.home.findChild(AskDialog)
        assert ask is not None
        QTest.keyClick(ask, Qt.Key.Key_Escape)
        await until(lambda: not on.home.findChildren(AskDialog))
        assert len(shop.operations()) == 1
        on.open()
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Delete)
        await until(lambda: on.home.findChildren(AskDialog))
        drop = on.home.findChild(QPushButton, "ask_act")
        assert drop is not None
        QTest.mouseClick(drop, Qt.MouseButton.LeftButton)
        await until(lambda: not shop.operations())


async def test_dropping_a_deletion_keeps_the_record(qtbot: QtBot, desk: Desk, seeded: RunningServer) -> None:
    async with stage(qtbot, desk, seeded, first=72) as on:
        on.context.shop.work_offline(True)
        await on.context.shop.removal.delete(Entity.ITEM, [on.items[0].uid])
        on.open()
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Delete)
        await until(lambda: not on.context.shop.operations())
        await until(lambda: on.window.said)
        assert on.window.said[-1].endswith("is kept.")
        await on.edit(0, location="Q-72-00")


async def test_a_refused_edit_says_why_and_goes_out_again(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=16) as on:
        shop = on.context.shop
        await on.elsewhere(status="received", price_item_usd="20.00")
        await shop.refresh(Entity.ITEM, on.items[0].uid)
        shop.work_offline(True)
        await on.edit(status="ready-to-sell")
        await on.elsewhere(price_item_usd=None, price_shipping_usd=None)
        shop.work_offline(False)
        await until(lambda: [one.state for one in shop.operations()] == [OpState.REFUSED])
        on.open()
        (row,) = on.rows()
        assert row.shown.acts == ("retry", "drop")
        assert row.shown.lines[0].startswith("Status Received → Ready to sell")
        assert len(row.shown.lines) > 1
        assert all(row.shown.lines)
        await on.elsewhere(price_item_usd="25.00")
        retry = on.popover.findChild(QPushButton, f"retry_{row.uuid}")
        assert retry is not None
        QTest.mouseClick(retry, Qt.MouseButton.LeftButton)
        await until(lambda: not shop.operations())
        assert (await on.stored()).status == "ready-to-sell"


async def test_a_removal_that_is_dropped_says_that_the_parcel_stays(
    qtbot: QtBot, desk: Desk, seeded: RunningServer
) -> None:
    async with stage(qtbot, desk, seeded, first=0) as on:
        shop = on.context.shop
        results = shop.results(Query(Entity.ORDER).with_filter("status", ["awaiting_shipment"]))
        results.open()
        await until(lambda: results.row(0) and not results.loading)
        row = results.row(0)
        results.close()
        assert row is not None
        await shop.ship(row.uid, ShipmentDraft(carrier="ups", tracking_number="STAYS-7"))
        await until(lambda: not shop.operations(), "sent")
        (parcel,) = await on.other.orders.list_shipments(row.uid)
        await on.other.orders.update_shipment(row.uid, parcel.uid, {"tracking_number": "STAYS-8"})
        await shop.unship(row.uid, parcel.uid)
        await until(lambda: [one.state for one in shop.operations()] == [OpState.CONFLICT])
        on.open()
        QTest.keyClick(on.rows()[0], Qt.Key.Key_Delete)
        await until(lambda: on.home.findChildren(AskDialog))
        drop = on.home.findChild(QPushButton, "ask_act")
        assert drop is not None
        QTest.mouseClick(drop, Qt.MouseButton.LeftButton)
        await until(lambda: [words for words, _ in on.window.undos] == ["The parcel stays."])
        assert shop.operations() == []
        await on.other.orders.delete_shipment(row.uid, parcel.uid)
