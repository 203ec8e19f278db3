"""The number of orders beside their screen goes down with each that is shipped, online and off."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.features.shell.rail_counts import COUNTED, RailCounts
from instica_desktop.sync.shipping import ShipmentDraft
from tests.features.conftest import Desk, until
from tests.server.fixture import RunningServer


async def test_an_order_that_is_shipped_no_longer_counts(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        owner, shown = QWidget(), dict[str, int]()
        qtbot.addWidget(owner)
        counts = RailCounts(context, shown.__setitem__, owner)
        await until(lambda: shown.get("orders"))
        before = shown["orders"]
        results = context.shop.results(COUNTED["orders"])
        results.open()
        await results.settled()
        first, second = (await results.uids())[:2]
        results.close()

        await context.shop.ship(first, ShipmentDraft(tracking_number="TEST-COUNT-1", carrier="other"))
        await until(lambda: shown["orders"] == before - 1)
        await until(lambda: not context.shop.operations())
        context.shop.work_offline(True)
        await context.shop.ship(second, ShipmentDraft(tracking_number="TEST-COUNT-2", carrier="other"))
        await until(lambda: shown["orders"] == before - 2)
        counts.close()
