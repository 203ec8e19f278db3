"""Somebody else was at the same order: shipping asks first, and nothing typed is lost."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.features.context import Context
from instica_desktop.features.orders.shipment import STAYS
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.features.outcomes import CHANGED_ELSEWHERE
from instica_desktop.qtkit.dialogs import AskDialog
from instica_desktop.qtkit.text import Label
from instica_desktop.sync import ShipmentDraft
from tests.features.conftest import until
from tests.features.orders.conftest import Orders, order
from tests.features.orders.parcels import (
    answer,
    asked,
    corrected_elsewhere,
    kept,
    parcels,
    press,
    ship,
    shipped_elsewhere,
    window,
    words_of,
)
from tests.features.orders.test_leaving import Numbers, uids
from tests.server.fixture import RunningServer


async def test_an_order_a_colleague_shipped_meanwhile_is_asked_about_first(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid = order(view).uid
        view.detail.shipment.form.tracking.setText("MINE-7")
        shipped_elsewhere(shipping_desk, uid)
        press(view, "MINE-7")
        dialog = await asked(view)
        assert "DHL THEIRS-7" in words_of(dialog)
        assert dialog.focusWidget().objectName() == "ask_leave"
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await until(lambda: not view.findChildren(AskDialog))
        assert context.shop.operations() == []
        assert (order(view).uid, view.detail.shipment.form.typed().tracking) == (uid, "MINE-7")
        assert "DHL THEIRS-7" in view.detail.shipment.news.findChild(Label).text()  # pyright: ignore[reportOptionalMemberAccess]
        assert not view.detail.shipment.news.isHidden()

        view.detail.shipment.submit()  # what was told is asked about again: it was not agreed to
        answer(await asked(view), "leave")
        await until(lambda: not view.findChildren(AskDialog))
        assert order(view).uid == uid
        assert parcels(shipping_desk, uid) == ["THEIRS-7"]
        assert window(context).undos == []


async def test_another_parcel_is_added_when_it_is_wanted(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid = order(view).uid
        shipped_elsewhere(shipping_desk, uid)
        press(view, "MINE-8")
        answer(await asked(view), "act")
        await until(lambda: len(parcels(shipping_desk, uid)) == 2, "both parcels")
        await until(lambda: not context.shop.operations())


async def test_news_that_come_while_it_is_asked_are_asked_about_too(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid = order(view).uid
        shipped_elsewhere(shipping_desk, uid)
        press(view, "MINE-9")
        dialog = await asked(view)
        shipped_elsewhere(shipping_desk, uid, {"carrier": "ups", "tracking_number": "THEIRS-9"})
        await context.shop.refresh(Entity.ORDER, uid)
        answer(dialog, "act")
        await until(lambda: any("THEIRS-9" in words_of(one) for one in view.findChildren(AskDialog)))
        second = next(one for one in view.findChildren(AskDialog) if "THEIRS-9" in words_of(one))
        assert "THEIRS-7" not in words_of(second)
        answer(second, "leave")
        await until(lambda: not view.shipping.is_shipping(uid))
        assert order(view).uid == uid
        assert "MINE-9" not in parcels(shipping_desk, uid)


async def test_offline_nobody_waits_and_the_sender_asks(orders: Orders, shipping_desk: RunningServer) -> None:
    async with orders() as (context, view):
        context.shop.work_offline(True)
        uid = order(view).uid
        shipped_elsewhere(shipping_desk, uid)
        await ship(view, context, "MINE-10")
        context.shop.work_offline(False)
        await until(lambda: [one.state for one in context.shop.operations()] == [OpState.CONFLICT])
        view.reveal(uid)
        trouble = view.detail.shipment.trouble
        await until(lambda: order(view).uid == uid and trouble.isVisible(), "what happened, on the card")
        assert "Activity" in trouble.message
        assert view.detail.mark.text == "Conflict"
        assert parcels(shipping_desk, uid) == ["THEIRS-7"]
        said = window(context)
        await until(lambda: said.unsaid == [said.undos[-1][0]])
        whose = said.undos[-1][0].removesuffix(" is marked shipped")
        words = CHANGED_ELSEWHERE.format(words=f"shipping of {whose}")
        assert [one.message for one in said.problems] == [words]
        await context.shop.discard(context.shop.operations()[0].uuid)


async def test_what_is_said_to_be_undone_is_withdrawn_where_it_was_not_sent(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid, parcel = await _parcel_of_both(view, context, shipping_desk, "UNDONE-1")
        words = context.undo.next_undo.words  # pyright: ignore[reportOptionalMemberAccess]
        context.shop.work_offline(True)
        corrected_elsewhere(shipping_desk, uid, parcel, {"tracking_number": "COLLEAGUE-4"})
        context.undo_last()
        said = window(context)
        await until(lambda: said.said, "it is undone here")
        assert (said.said[-1], said.unsaid, said.problems) == (f"Undone: {words}", [], [])
        context.shop.work_offline(False)
        await until(lambda: said.problems, "it is told")
        assert said.unsaid == [f"Undone: {words}"]
        assert said.problems[0].message == CHANGED_ELSEWHERE.format(words=f"taking back {words}")
        await context.shop.discard(context.shop.operations()[0].uuid)


async def test_an_order_whose_parcel_is_not_removed_after_all_stays_shipped(
    orders: Orders, shipping_desk: RunningServer, qtbot: QtBot
) -> None:
    async with orders() as (context, view):
        numbers = Numbers(qtbot, context, view)
        await until(numbers.agree)
        before = numbers.all()[0] or 0
        uid = await ship(view, context, "STAYS-1")
        await until(lambda: not context.shop.operations(), "sent")
        (parcel,) = kept(context, uid).shipments
        corrected_elsewhere(shipping_desk, uid, parcel.uid, {"tracking_number": "STAYS-2"})
        context.undo_last()
        await until(lambda: [one.state for one in context.shop.operations()] == [OpState.CONFLICT])
        shown = kept(context, uid)
        assert shown.status == "shipped"
        assert [one.tracking_number for one in shown.shipments] == ["STAYS-2"]
        await until(lambda: numbers.all() == [before - 1] * 3 and uid not in uids(view), "it is shipped")
        view.show_segment("shipped")
        view.reveal(uid)
        card = view.detail.shipment
        await until(lambda: order(view).uid == uid and card.trouble.message == STAYS, "why, on the card")
        assert card.form.isHidden()
        await context.shop.unship(uid, parcel.uid)  # anew, and as it is shown now
        await until(lambda: not context.shop.operations(), "removed")
        assert parcels(shipping_desk, uid) == []
        numbers.counts.close()


async def test_what_is_said_of_a_parcel_the_server_refuses_is_withdrawn_and_what_it_takes_stays(
    orders: Orders,
) -> None:
    async with orders() as (context, view):
        await ship(view, context, "TAKEN-1")
        await until(lambda: not context.shop.operations(), "sent")
        assert (window(context).unsaid, window(context).problems) == ([], [])
        context.shop.work_offline(True)
        uid = await ship(view, context, "REFUSED-1")
        store = context.shop._store  # pyright: ignore[reportPrivateUsage]
        operation = context.shop.operations()[0]
        await store.outbox.set_state(operation.uuid, OpState.REFUSED, message="No.")
        context.shop._changed()  # pyright: ignore[reportPrivateUsage]
        said = window(context)
        await until(lambda: said.unsaid == [said.undos[-1][0]])
        assert "The server did not take it" in said.problems[0].message
        await context.shop.discard(operation.uuid)
        await until(lambda: kept(context, uid).status == "awaiting_shipment")


async def test_what_was_typed_is_back_after_the_shipment_is_undone(orders: Orders) -> None:
    async with orders() as (context, view):
        view.detail.shipment.form.service.setText("Media Mail")
        uid = await ship(view, context, "1Z 999 AA1 01 2345 6784")
        await until(lambda: not context.shop.operations(), "it is sent")
        await context.undo.undo()
        await until(lambda: kept(context, uid).status == "awaiting_shipment")
        view.reveal(uid)
        await until(lambda: order(view).uid == uid)
        form = view.detail.shipment.form
        await until(lambda: not form.isHidden())
        typed = form.typed()
        assert (typed.tracking, typed.carrier, typed.service) == (
            "1Z 999 AA1 01 2345 6784",
            "ups",
            "Media Mail",
        )
        await context.undo.redo()
        await until(lambda: kept(context, uid).status == "shipped")
        await until(lambda: form.typed().tracking == "", "the form is empty again")
        view.reveal(uid)
        await until(lambda: order(view).uid == uid and form.isHidden())


async def test_a_parcel_taken_off_on_purpose_leaves_nothing_in_the_form(orders: Orders) -> None:
    async with orders() as (context, view):
        uid = await ship(view, context, "MINE-11")
        view.reveal(uid)
        await until(lambda: order(view).uid == uid and view.detail.shipment.parcels.rows())
        view.detail.shipment.parcels.rows()[0].remove_button.click()
        answer(await asked(view), "act")
        await until(lambda: kept(context, uid).status == "awaiting_shipment")
        await until(lambda: not view.detail.shipment.form.isHidden())
        assert view.detail.shipment.form.typed().tracking == ""
        await until(lambda: not context.shop.operations())


async def test_of_two_parcels_it_is_said_which_is_changed(orders: Orders) -> None:
    async with orders() as (context, view):
        uid = order(view).uid
        for carrier, number in (("dhl", "TWO-1"), ("ups", "TWO-2")):
            draft = ShipmentDraft(carrier=carrier, tracking_number=number)
            await context.shop.ship(uid, draft)
        view.reveal(uid)
        await until(lambda: order(view).uid == uid and len(view.detail.shipment.parcels.rows()) == 2)
        newest, oldest = view.detail.shipment.parcels.rows()
        assert newest.change_button.accessibleName() == "Change: UPS TWO-2"
        assert oldest.remove_button.accessibleName() == "Remove: DHL TWO-1"
        oldest.change_button.click()
        form = view.detail.shipment.form
        assert form.heading.text() == "Change DHL TWO-1"
        assert not form.heading.isHidden()
        assert form.accessibleName() == "Change DHL TWO-1"
        await until(lambda: not context.shop.operations())


async def _parcel_of_both(
    view: OrdersView, context: Context, server: RunningServer, number: str
) -> tuple[str, str]:
    """Ship an order, go back to it, and return it and its parcel."""
    uid = await ship(view, context, number)
    await until(lambda: not context.shop.operations(), "sent")
    view.reveal(uid)
    await until(lambda: order(view).uid == uid and view.detail.shipment.parcels.rows())
    return uid, order(view).shipments[0].uid


async def test_a_change_sends_what_was_typed_and_no_field_a_colleague_corrected(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid, parcel = await _parcel_of_both(view, context, shipping_desk, "BOTH-1")
        form = view.detail.shipment.form
        view.detail.shipment.parcels.rows()[0].change_button.click()
        form.service.setText("Media Mail")
        corrected_elsewhere(shipping_desk, uid, parcel, {"tracking_number": "COLLEAGUE-1"})
        await context.shop.refresh(Entity.ORDER, uid)
        await until(lambda: kept(context, uid).shipments[0].tracking_number == "COLLEAGUE-1")
        assert (form.tracking.text(), form.isHidden()) == ("BOTH-1", False)
        view.detail.shipment.submit()
        await until(lambda: kept(context, uid).shipments[0].service == "Media Mail", "it is noted")
        await until(lambda: not context.shop.operations(), "sent")
        assert parcels(shipping_desk, uid) == ["COLLEAGUE-1"]
        assert kept(context, uid).shipments[0].tracking_number == "COLLEAGUE-1"


async def test_a_number_a_colleague_corrected_too_is_for_the_user_to_decide(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid, parcel = await _parcel_of_both(view, context, shipping_desk, "BOTH-2")
        form = view.detail.shipment.form
        view.detail.shipment.parcels.rows()[0].change_button.click()
        form.tracking.setText("MINE-2")
        corrected_elsewhere(shipping_desk, uid, parcel, {"tracking_number": "COLLEAGUE-2"})
        await context.shop.refresh(Entity.ORDER, uid)
        view.detail.shipment.submit()
        await until(lambda: [one.state for one in context.shop.operations()] == [OpState.CONFLICT])
        assert parcels(shipping_desk, uid) == ["COLLEAGUE-2"]
        await context.shop.discard(context.shop.operations()[0].uuid)


async def test_a_removal_is_asked_about_again_where_the_parcel_changed_meanwhile(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid, parcel = await _parcel_of_both(view, context, shipping_desk, "BOTH-3")
        view.detail.shipment.parcels.rows()[0].remove_button.click()
        dialog = await asked(view)
        assert "BOTH-3" in words_of(dialog)
        corrected_elsewhere(shipping_desk, uid, parcel, {"tracking_number": "COLLEAGUE-3"})
        await context.shop.refresh(Entity.ORDER, uid)
        answer(dialog, "act")
        await until(lambda: any("COLLEAGUE-3" in words_of(one) for one in view.findChildren(AskDialog)))
        second = next(one for one in view.findChildren(AskDialog) if "COLLEAGUE-3" in words_of(one))
        answer(second, "keep")
        await until(lambda: not view.findChildren(AskDialog))
        assert context.shop.operations() == []
        assert parcels(shipping_desk, uid) == ["COLLEAGUE-3"]

        view.detail.shipment.parcels.rows()[0].remove_button.click()
        dialog = await asked(view)
        shipped_elsewhere(shipping_desk, uid)
        await context.shop.refresh(Entity.ORDER, uid)
        assert "waits for shipment again" in words_of(dialog)
        answer(dialog, "act")
        await until(lambda: any("It was changed" in words_of(one) for one in view.findChildren(AskDialog)))
        second = next(one for one in view.findChildren(AskDialog) if "It was changed" in words_of(one))
        assert "waits for shipment again" not in words_of(second)
        answer(second, "act")
        await until(lambda: parcels(shipping_desk, uid) == ["THEIRS-7"], "the one agreed to is gone")
        await until(lambda: not context.shop.operations())
