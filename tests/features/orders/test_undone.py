"""An undone shipment: the order is back at once, every number says so, and nothing is said to be unsaved."""

import asyncio

import pytest
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from tests.features.conftest import Desk, until
from tests.features.orders.conftest import order, ready, shown, to_ship_again
from tests.features.orders.parcels import ship
from tests.features.orders.test_leaving import Numbers, uids
from tests.server.fixture import RunningServer


@pytest.mark.parametrize("where", ["on the server", "in the copy", "offline"])
async def test_an_undone_shipment_is_in_the_list_its_foot_and_all_numbers(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer, where: str
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        if where != "on the server":
            context.shop.mirror.start()
            async with asyncio.timeout(60):
                while not context.shop.mirror.fresh(Entity.ORDER):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        context.shop.work_offline(where == "offline")
        view.show_segment("all")
        await until(lambda: view.detail.row and not view.browser.query.values("status"))
        view.show_segment("awaiting_shipment")
        await ready(view)
        numbers = Numbers(qtbot, context, view)
        await until(numbers.agree)
        uid = await ship(view, context, f"UNDONE-{len(where)}")
        if where != "offline":
            await until(lambda: not context.shop.operations(), "sent")
        await until(numbers.agree)
        before = numbers.all()[0]
        assert before is not None
        context.undo_last()
        foot = view.browser._count  # pyright: ignore[reportPrivateUsage]
        await until(lambda: uid in uids(view), "the order is in the list again")
        await until(lambda: numbers.all() == [before + 1] * 3, "all numbers")
        await until(lambda: foot.text() == f"{before + 1} orders", "the foot")
        await until(lambda: not context.shop.operations(), "sent")
        await until(lambda: numbers.all() == [before + 1] * 3, "all numbers, once it is sent")
        assert foot.text() == f"{before + 1} orders"
        numbers.counts.close()
        context.shop.work_offline(False)
        to_ship_again(shipping_desk, uid)
        view.leave()


async def test_what_an_undone_shipment_gives_back_is_not_said_to_be_unsaved(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        uid = await ship(view, context, "BACK-77")
        await until(lambda: not context.shop.operations(), "sent")
        await context.undo.undo()
        await until(lambda: context.shop.drafts.of(Entity.ORDER, uid), "what was typed is given back")
        assert context.shop.drafts.aside() == []
        view.reveal(uid)
        await until(lambda: order(view).uid == uid)
        assert view.detail.shipment.form.typed().tracking == "BACK-77"
        view.detail.go_on()
        await until(lambda: order(view).uid != uid)
        assert context.shop.drafts.aside() == []
        view.detail.go_back()
        await until(lambda: order(view).uid == uid)
        view.detail.shipment.form.service.setText("Signed")
        view.detail.shipment.keep()
        view.detail.go_on()
        await until(lambda: [one.uid for one in context.shop.drafts.aside()] == [uid], "typed by hand")
        to_ship_again(shipping_desk, uid)
        view.leave()
