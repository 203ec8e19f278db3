"""The forms of parcels: what they say, how they are left, and what of them outlives the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from instica_desktop.core.acts import Act, ActKind, Step
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.features.context import Context
from instica_desktop.features.orders.shipment import ShipmentCard
from instica_desktop.features.orders.typed import TypedParcels
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.features.unsaved import unsaved
from instica_desktop.qtkit.dialogs import AskDialog
from tests.features.conftest import until
from tests.features.orders.conftest import Orders, order, to_ship_again
from tests.features.orders.parcels import (
    answer,
    asked,
    kept,
    parcels,
    press,
    ship,
    shipped_elsewhere,
    two_parcels,
    window,
)
from tests.server.fixture import RunningServer


def said(card: ShipmentCard) -> str:
    return card.form._saved.text()  # pyright: ignore[reportPrivateUsage]


def typed_at_next_start(context: Context, view: OrdersView) -> str:
    """Return the number that would stand in the form of the order in the pane, were the app killed now."""
    return TypedParcels(context.shop).of(order(view))[0].tracking


def leave_form(card: ShipmentCard, way: str) -> None:
    if way == "Cancel":
        card.form.cancel.click()
    else:
        QTest.keyClick(card.form.focusWidget(), Qt.Key.Key_Escape)


@pytest.mark.parametrize("looked_at", [True, False])
async def test_what_an_undone_shipment_puts_back_outlives_a_kill(
    orders: Orders, shipping_desk: RunningServer, looked_at: bool
) -> None:
    async with orders() as (context, view):
        uid = await ship(view, context, "BACK-1")
        await until(lambda: not context.shop.operations(), "sent")
        if looked_at:
            view.reveal(uid)
            await until(lambda: order(view).uid == uid)
        await context.undo.undo()
        await until(lambda: kept(context, uid).status == "awaiting_shipment")
        await until(lambda: context.shop.drafts.of(Entity.ORDER, uid), "it is a draft")
        view.reveal(uid)
        await until(lambda: order(view).uid == uid)
        assert typed_at_next_start(context, view) == "BACK-1"
        form = view.detail.shipment.form
        form.service.setText("Later")
        view.detail.shipment.keep()
        view.detail.go_on()
        await until(lambda: order(view).uid != uid)
        view.detail.go_back()
        await until(lambda: order(view).uid == uid)
        assert form.typed().service == "Later"  # what was typed since counts
        form.service.setText("")
        view.detail.shipment.keep()
        await context.undo.redo()
        await until(lambda: kept(context, uid).status == "shipped")
        await until(lambda: not context.shop.drafts.of(Entity.ORDER, uid), "it is a parcel again")
        await until(lambda: not context.shop.operations(), "sent")


async def test_an_order_left_as_a_colleague_shipped_it_keeps_what_was_typed_and_stays(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid = order(view).uid
        shipped_elsewhere(shipping_desk, uid)
        press(view, "MINE-1")
        answer(await asked(view), "leave")
        await until(lambda: not view.findChildren(AskDialog) and not view.shipping.is_shipping(uid))
        form = view.detail.shipment.form
        assert (order(view).uid, form.typed().tracking, form.isHidden()) == (uid, "MINE-1", False)
        assert typed_at_next_start(context, view) == "MINE-1"
        assert parcels(shipping_desk, uid) == ["THEIRS-7"]


async def test_the_form_of_a_change_says_what_it_is_and_can_be_left(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        view.activateWindow()
        uid, card = await two_parcels(view, context, "LEFT"), view.detail.shipment
        card.another.click()
        QTest.keyClicks(card.form.service, "Third")
        view.detail.go_on()
        await until(lambda: order(view).uid != uid)
        view.detail.go_back()
        await until(lambda: order(view).uid == uid)
        assert "Typed earlier" in said(card)
        card.parcels.rows()[0].change_button.click()
        assert "Typed earlier" not in said(card)
        assert (card.form.ship.text(), card.form.ship.accessibleName()) == ("Save changes", "Save changes")
        assert "Save changes" in card.form.ship.toolTip()

        QTest.keyClick(card.form.service, Qt.Key.Key_Escape)  # nothing was typed over it
        assert card.form.heading.text() == "Another parcel"
        assert card.form.typed().service == "Third"
        assert card.form.ship.accessibleName() == "Mark shipped"
        card.form.cancel.click()
        assert card.form.isHidden()
        assert not card.another.isHidden()
        await context.shop.refresh(Entity.ORDER, uid)
        assert card.form.isHidden()


@pytest.mark.parametrize("way", ["Cancel", "Esc"])
async def test_what_is_typed_of_another_parcel_goes_with_its_form_and_comes_back_by_undo(
    orders: Orders, shipping_desk: RunningServer, way: str
) -> None:
    async with orders() as (context, view):
        view.activateWindow()
        uid, card = await two_parcels(view, context, f"CANCEL-{way}"), view.detail.shipment
        card.another.click()
        press(view, f"CANCEL-{way}-1")  # it is on this order already
        await until(lambda: card.form.fields["tracking_number"].error, "it is refused")
        leave_form(card, way)
        assert card.form.isHidden()
        assert not card.another.isHidden()
        assert context.shop.drafts.of(Entity.ORDER, uid) == {}
        assert unsaved(context) == []
        assert not [words for words in window(context).said if "not saved" in words]
        words, undo = window(context).undos[-1]
        assert words.startswith("What you typed for a parcel of ")
        view.detail.go_on()
        await until(lambda: order(view).uid != uid)
        view.detail.go_back()
        await until(lambda: order(view).uid == uid)
        assert card.form.isHidden()
        undo()
        assert (card.form.isHidden(), card.form.typed().tracking) == (False, f"CANCEL-{way}-1")
        leave_form(card, "Cancel")


async def test_what_undo_brings_back_while_another_order_is_shown_waits_for_its_own(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid, card = await two_parcels(view, context, "ELSEWHERE"), view.detail.shipment
        card.another.click()
        QTest.keyClicks(card.form.service, "Third")
        card.form.cancel.click()
        view.detail.go_on()
        await until(lambda: order(view).uid != uid)
        window(context).undos[-1][1]()
        assert card.form.typed().service == ""
        assert [one.uid for one in unsaved(context)] == [uid]
        view.detail.go_back()
        await until(lambda: order(view).uid == uid)
        assert card.form.typed().service == "Third"
        card.form.cancel.click()


async def test_an_untouched_form_is_left_without_a_word(orders: Orders, shipping_desk: RunningServer) -> None:
    async with orders() as (context, view):
        await two_parcels(view, context, "UNTOUCHED")
        card, told = view.detail.shipment, len(window(context).undos)
        card.another.click()
        card.form.cancel.click()
        card.parcels.rows()[1].change_button.click()
        card.form.cancel.click()
        assert card.form.isHidden()
        assert len(window(context).undos) == told


@pytest.mark.parametrize("way", ["Cancel", "Esc"])
async def test_what_is_typed_over_a_parcel_goes_with_its_form_and_comes_back_by_undo(
    orders: Orders, shipping_desk: RunningServer, way: str
) -> None:
    async with orders() as (context, view):
        view.activateWindow()
        uid, card = await two_parcels(view, context, f"OVER-{way}"), view.detail.shipment
        card.parcels.rows()[1].change_button.click()
        QTest.keyClicks(card.form.service, "Slow")
        card.form.service.setFocus()
        leave_form(card, way)
        assert card.form.isHidden()
        assert context.shop.drafts.of(Entity.ORDER, uid) == {}
        assert unsaved(context) == []
        card.parcels.rows()[1].change_button.click()
        assert card.form.typed().service == ""
        card.form.cancel.click()
        window(context).undos[-1][1]()
        assert card.form.heading.text() == f"Change UPS OVER-{way}-1"
        assert card.form.typed().service == "Slow"
        assert said(card) == "Typed earlier, not saved yet."
        card.form.cancel.click()
        assert context.shop.drafts.of(Entity.ORDER, uid) == {}


async def test_the_only_form_of_an_order_to_ship_has_no_way_out(orders: Orders) -> None:
    async with orders() as (_, view):
        assert not view.detail.shipment.form.isHidden()
        assert view.detail.shipment.form.cancel.isHidden()


async def test_another_parcel_is_said_to_be_another_and_messages_begin_with_a_capital(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid = await ship(view, context, "FIRST-1")
        whose = window(context).undos[-1][0].removesuffix(" is marked shipped")
        await until(lambda: not context.shop.operations(), "sent")
        view.reveal(uid)
        await until(lambda: order(view).uid == uid)
        view.detail.shipment.another.click()
        press(view, "SECOND-1")
        await until(lambda: len(kept(context, uid).shipments) == 2)
        await until(lambda: window(context).undos[-1][0] == f"Another parcel for {whose} is saved")
        assert context.undo.next_undo is not None
        assert context.undo.next_undo.words == f"another parcel for {whose}"
        await until(lambda: not context.shop.operations(), "sent")
        to_ship_again(shipping_desk, uid)
        await context.shop.refresh(Entity.ORDER, uid)
        await until(lambda: not kept(context, uid).shipments)
        shipping = Act(kind=ActKind.SHIPPED, entity=Entity.ORDER, uid="not here")
        context.undo.push(Step(words=f"shipping of {whose}", acts=(shipping,)))
        context.undo_last()
        await until(lambda: window(context).problems)
        assert window(context).problems[-1].said.startswith("Shipping of ")


async def test_a_parcel_dropped_after_a_colleague_shipped_comes_back_by_undo(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        context.shop.work_offline(True)
        uid = order(view).uid
        shipped_elsewhere(shipping_desk, uid)
        await ship(view, context, "DROPPED-1")
        context.shop.work_offline(False)
        await until(lambda: [one.state for one in context.shop.operations()] == [OpState.CONFLICT])
        await context.shop.discard(context.shop.operations()[0].uuid)
        assert context.undo.next_undo is None  # nothing of the shipment is left to take back
