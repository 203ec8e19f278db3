"""A number corrected while its parcel is removed elsewhere: what was typed is not lost, and is to choose."""

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.features.activity.row import OperationRow
from instica_desktop.features.activity.view import ActivityPopover
from instica_desktop.features.context import Context
from instica_desktop.features.notices import NoticeLog
from instica_desktop.features.orders.view import OrdersView
from tests.features.activity.stage import POPUPS
from tests.features.conftest import until
from tests.features.orders.conftest import Orders, order
from tests.features.orders.parcels import kept, parcels, ship, taken_off_elsewhere
from tests.server.fixture import RunningServer

pytestmark = POPUPS


async def corrected_too_late(view: OrdersView, context: Context, server: RunningServer, name: str) -> str:
    """Correct the number of the only parcel of an order, which a colleague takes off before that is sent."""
    uid, card = await ship(view, context, f"{name}-WRONG"), view.detail.shipment
    await until(lambda: not context.shop.operations(), "sent")
    view.reveal(uid)
    await until(lambda: order(view).uid == uid and card.parcels.rows())
    parcel = order(view).shipments[0].uid
    context.shop.work_offline(True)
    card.parcels.rows()[0].change_button.click()
    card.form.tracking.setText(f"{name}-RIGHT")
    taken_off_elsewhere(server, uid, parcel)
    card.submit()
    await until(lambda: context.shop.operations(), "kept")
    context.shop.work_offline(False)
    await until(lambda: [one.state for one in context.shop.operations()] == [OpState.CONFLICT])
    await until(lambda: not kept(context, uid).shipments, "it is shown without its parcel")
    return uid


def activity(qtbot: QtBot, context: Context) -> tuple[ActivityPopover, OperationRow]:
    home = QWidget()
    qtbot.addWidget(home)
    home.resize(900, 700)
    popover = ActivityPopover(context, NoticeLog(), home)
    home.show()
    popover.open_above(home)
    row = popover.findChild(OperationRow)
    assert row is not None
    return popover, row


def press(row: OperationRow, act: str) -> None:
    button = row.findChild(QPushButton, f"{act}_{row.uuid}")
    assert button is not None
    button.click()


async def test_it_is_added_as_another_parcel_and_undo_gives_the_number_back(
    qtbot: QtBot, orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid = await corrected_too_late(view, context, shipping_desk, "LATE-1")
        card = view.detail.shipment
        assert "removed elsewhere" in card.trouble.message
        popover, row = activity(qtbot, context)
        assert row.shown.acts == ("another", "gone")
        assert "Add it as another parcel" in row.shown.lines[1]
        press(row, "another")
        await until(lambda: parcels(shipping_desk, uid) == ["LATE-1-RIGHT"], "it is a parcel")
        await until(lambda: not context.shop.operations(), "sent")
        assert context.undo.next_undo is not None
        assert context.undo.next_undo.words.startswith("another parcel for ")
        await context.undo.undo()
        await until(lambda: parcels(shipping_desk, uid) == [] and not context.shop.operations())
        await until(lambda: card.form.typed().tracking == "LATE-1-RIGHT", "the form has it")
        await context.undo.redo()
        await until(lambda: parcels(shipping_desk, uid) == ["LATE-1-RIGHT"] and not context.shop.operations())
        await until(lambda: card.form.isHidden() and card.form.typed().tracking == "", "it is a parcel again")
        assert context.shop.drafts.of(Entity.ORDER, uid) == {}
        popover.leave()


@pytest.mark.parametrize("shown", [True, False])
async def test_an_undone_correction_leaves_its_number_in_the_form(
    orders: Orders, shipping_desk: RunningServer, shown: bool
) -> None:
    async with orders() as (context, view):
        uid = await corrected_too_late(view, context, shipping_desk, f"LATE-2{shown}")
        card = view.detail.shipment
        if not shown:
            view.detail.go_on()
            await until(lambda: order(view).uid != uid)
        await context.undo.undo()
        await until(lambda: not context.shop.operations())
        if not shown:
            assert card.form.typed().tracking == ""
            view.reveal(uid)
            await until(lambda: order(view).uid == uid)
        assert (card.form.isHidden(), card.form.typed().tracking) == (False, f"LATE-2{shown}-RIGHT")
        card.submit()
        await until(lambda: parcels(shipping_desk, uid) == [f"LATE-2{shown}-RIGHT"], "it goes out")


async def test_what_is_dropped_is_not_in_the_form(
    qtbot: QtBot, orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid = await corrected_too_late(view, context, shipping_desk, "LATE-3")
        popover, row = activity(qtbot, context)
        press(row, "gone")
        await until(lambda: popover.window().findChildren(QPushButton, "ask_act"), "it is asked")
        popover.window().findChildren(QPushButton, "ask_act")[-1].click()
        await until(lambda: not context.shop.operations(), "dropped")
        assert parcels(shipping_desk, uid) == []
        assert view.detail.shipment.form.typed().tracking == ""
        popover.leave()
