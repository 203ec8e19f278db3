"""The number of orders beside their screen goes down with each that is shipped, online and off."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.statuses import TO_SHIP
from instica_desktop.features import counting
from instica_desktop.features.context import Context
from instica_desktop.features.orders.facts import SHIPPED
from instica_desktop.features.shell import rail_counts
from instica_desktop.features.shell.rail_counts import COUNTED, RailCounts
from instica_desktop.sync.shipping import ShipmentDraft
from tests.features.conftest import Desk, until
from tests.features.orders.conftest import order, ready, shown
from tests.server.fixture import RunningServer


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count soon after a change."""
    monkeypatch.setattr(counting, "SETTLE_MS", 50)
    monkeypatch.setattr(rail_counts, "SETTLE_MS", 50)


async def counted_anew(context: Context) -> None:
    """Wait until all is counted that was to be counted after the last change."""
    later, scope = context.counts._later, context.counts._scope  # pyright: ignore[reportPrivateUsage]
    await until(lambda: not later.isActive() and not scope.busy(), "counted anew")


async def test_an_order_that_is_shipped_no_longer_counts(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        owner, told = QWidget(), dict[str, int]()
        qtbot.addWidget(owner)
        counts = RailCounts(context, told.__setitem__, owner)
        await until(lambda: told.get("orders"))
        before = told["orders"]
        results = context.shop.results(COUNTED["orders"])
        results.open()
        await results.settled()
        first, second = (await results.uids())[:2]
        results.close()

        await context.shop.ship(first, ShipmentDraft(tracking_number="TEST-COUNT-1", carrier="other"))
        await until(lambda: told["orders"] == before - 1)
        await until(lambda: not context.shop.operations())
        context.shop.work_offline(True)
        await context.shop.ship(second, ShipmentDraft(tracking_number="TEST-COUNT-2", carrier="other"))
        await until(lambda: told["orders"] == before - 2)
        counts.close()


async def test_all_numbers_of_orders_to_ship_go_down_in_the_same_turn(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        rail, owner = dict[str, int](), QWidget()
        qtbot.addWidget(owner)
        counts = RailCounts(context, rail.__setitem__, owner)
        view = shown(qtbot, context)
        segments = dict[str, int]()
        view.counts.counted.connect(segments.__setitem__)
        await ready(view)
        model = view.browser.table.table_model
        await until(
            lambda: rail.get("orders") == segments.get(TO_SHIP) == model.count and SHIPPED in segments
        )
        before, shipped = rail["orders"], segments[SHIPPED]
        seen: list[tuple[int, int, int, int]] = []

        def look() -> None:
            seen.append((rail["orders"], segments[TO_SHIP], model.count or 0, segments[SHIPPED]))

        watch = QTimer(owner)
        watch.timeout.connect(look)
        watch.start(0)
        for number in (1, 2):
            await context.shop.ship(
                order(view).uid, ShipmentDraft(tracking_number=f"TURN-{number}", carrier="other")
            )
            await until(lambda number=number: model.count == before - number)
        await until(lambda: not context.shop.operations())
        await counted_anew(context)
        watch.stop()
        wanted = [(before - done, before - done, before - done, shipped + done) for done in (0, 1, 2)]
        assert list(dict.fromkeys(seen)) == wanted
        counts.close()
        view.leave()
