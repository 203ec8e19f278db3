"""Shipping as a seller does it: at once, undone, removed, without a network."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.features.context import Context
from instica_desktop.features.orders.typed import NOTHING
from instica_desktop.qtkit.dialogs import AskDialog
from tests.features.conftest import until
from tests.features.orders.conftest import USPS, Orders, on_server, order
from tests.features.orders.parcels import answer, asked, kept, press, ship, window
from tests.server.fixture import RunningServer

POST = "RR 473 124 829 GB"


async def test_ctrl_enter_ships_and_goes_on_to_the_next_order(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        view.activateWindow()
        view.detail.focus_first()
        form = view.detail.shipment.form
        QTest.keyClicks(form.tracking, USPS)
        uid = order(view).uid
        QTest.keyClick(form.tracking, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: order(view).uid != uid, "the next order")
        assert kept(context, uid).status == "shipped"
        assert order(view).status == "awaiting_shipment"
        assert form.typed().tracking == ""
        assert view.focusWidget() is form.tracking
        assert not form.tracking.isUndoAvailable()  # Ctrl+Z takes the shipment back
        await until(lambda: on_server(shipping_desk, uid)["status"] == "shipped", "the server knows")
        assert on_server(shipping_desk, uid)["shipment_tracking_number"] == USPS.replace(" ", "")


async def test_undo_takes_the_parcel_back(orders: Orders, shipping_desk: RunningServer) -> None:
    async with orders() as (context, view):
        uid = await ship(view, context, "TEST-UNDO-1")
        await until(lambda: not context.shop.operations(), "everything is sent")
        words, undo = window(context).undos[-1]
        assert "shipped" in words
        undo()
        await until(lambda: kept(context, uid).status == "awaiting_shipment")
        await until(lambda: on_server(shipping_desk, uid)["status"] == "awaiting_shipment")


async def test_ctrl_z_takes_the_parcel_back_and_redo_ships_again(orders: Orders) -> None:
    async with orders() as (context, view):
        uid = await ship(view, context, "TEST-UNDO-2")
        step = context.undo.next_undo
        assert step is not None
        assert step.words.startswith("shipping of ")
        assert await context.undo.undo() is not None
        assert kept(context, uid).status == "awaiting_shipment"
        await context.undo.redo()
        assert kept(context, uid).status == "shipped"
        _, toast_undo = window(context).undos[-1]
        toast_undo()  # the notice's button and Ctrl+Z are one and the same step
        await until(lambda: kept(context, uid).status == "awaiting_shipment")
        await until(lambda: context.undo.next_undo is None)
        await until(lambda: not context.shop.operations(), "everything is sent")


async def test_offline_the_status_changes_at_once_and_waits(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        context.shop.work_offline(True)
        uid = await ship(view, context, "TEST-OFFLINE-1")
        assert on_server(shipping_desk, uid)["status"] == "awaiting_shipment"
        view.reveal(uid)
        await until(lambda: order(view).uid == uid)
        assert view.detail.mark.text == "Pending"
        assert view.detail.status.text == "Shipped"
        parcel = view.detail.shipment.parcels.rows()[0]
        assert parcel.badge.text == "Label created"
        context.shop.work_offline(False)
        await until(lambda: on_server(shipping_desk, uid)["status"] == "shipped", "sent once online")
        await until(lambda: view.detail.mark.isHidden(), "the mark goes")


async def test_undo_of_what_was_never_sent_leaves_no_trace(orders: Orders) -> None:
    async with orders() as (context, view):
        context.shop.work_offline(True)
        uid = await ship(view, context, "TEST-NEVER-1")
        window(context).undos[-1][1]()
        await until(lambda: kept(context, uid).status == "awaiting_shipment")
        assert context.shop.operations() == []


async def test_removing_a_parcel_asks_first(orders: Orders) -> None:
    async with orders() as (context, view):
        uid = await ship(view, context, "TEST-REMOVED-1")
        await until(lambda: not context.shop.operations(), "everything is sent")
        view.reveal(uid)
        await until(lambda: order(view).uid == uid and view.detail.shipment.parcels.rows())
        for choice, status in (("keep", "shipped"), ("act", "awaiting_shipment")):
            row = view.detail.shipment.parcels.rows()[0]
            row.remove_button.click()
            answer(await asked(view), choice)
            await until(lambda: not view.findChildren(AskDialog))
            await until(lambda status=status: kept(context, uid).status == status)
        await until(lambda: not view.detail.shipment.form.isHidden(), "the form is back")


async def test_the_same_number_twice_is_refused_at_its_field(orders: Orders) -> None:
    async with orders() as (context, view):
        uid = await ship(view, context, POST)
        view.reveal(uid)
        await until(lambda: order(view).uid == uid and view.detail.shipment.parcels.rows())
        assert view.detail.shipment.form.isHidden()
        view.detail.shipment.another.click()
        assert not view.detail.shipment.form.isHidden()
        press(view, POST)
        field = view.detail.shipment.form.fields["tracking_number"]
        await until(lambda: field.error, "the reason at the field")
        assert view.detail.shipment.form.tracking.text() == POST
        assert len(kept(context, uid).shipments) == 1


async def test_a_damaged_number_is_refused_at_its_field_and_a_link_is_read(orders: Orders) -> None:
    async with orders() as (context, view):
        uid, form = order(view).uid, view.detail.shipment.form
        press(view, "9.40011E+21")
        assert "damaged by a spreadsheet" in form.fields["tracking_number"].error
        assert form.tracking.text() == "9.40011E+21"
        form.tracking.setText("https://example.com/track?n=9400111899560000000045")
        assert form.tracking.found is not None
        press(view, form.tracking.text())
        await until(lambda: kept(context, uid).shipments, "the parcel")
        assert kept(context, uid).shipments[0].tracking_number == "9400111899560000000045"


async def test_a_parcels_number_is_copied_without_spaces(orders: Orders) -> None:
    async with orders() as (_, view):
        view.show_segment("shipped")
        await until(lambda: view.detail.row and order(view).shipment_tracking_number)
        view.detail.shipment.parcels.rows()[0].copy_button.click()
        assert QApplication.clipboard().text() == order(view).shipment_tracking_number


async def test_a_parcel_the_server_refused_is_explained_on_its_card(orders: Orders) -> None:
    async with orders() as (context, view):
        context.shop.work_offline(True)
        uid = await ship(view, context, "TEST-REFUSED-1")
        operation = context.shop.operations()[0]
        store = context.shop._store  # pyright: ignore[reportPrivateUsage]
        await store.outbox.set_state(
            operation.uuid, OpState.REFUSED, errors={"non_field_errors": ("This order is cancelled.",)}
        )
        await store.cache.reproject(Entity.ORDER, [uid])
        view.reveal(uid)
        trouble = view.detail.shipment.trouble
        await until(lambda: order(view).uid == uid and trouble.isVisible(), "the reason on the card")
        assert "This order is cancelled." in trouble.message
        assert view.detail.mark.text == "Refused"
        await context.shop.discard(operation.uuid)
        await until(lambda: kept(context, uid).status == "awaiting_shipment" and not trouble.isVisible())


async def test_a_parcel_is_corrected_in_the_form_it_came_from(orders: Orders) -> None:
    async with orders() as (context, view):
        context.shop.work_offline(True)
        uid = await ship(view, context, "TEST-WRONG-1")
        view.reveal(uid)
        await until(lambda: order(view).uid == uid)
        await until(lambda: view.detail.shipment.parcels.rows())
        form = view.detail.shipment.form
        assert form.isHidden()
        view.detail.shipment.parcels.rows()[0].change_button.click()
        assert not form.isHidden()
        assert (form.tracking.text(), form.ship.text()) == ("TEST-WRONG-1", "Save changes")
        form.tracking.setText("TEST-RIGHT-1")
        view.detail.shipment.submit()
        await until(lambda: kept(context, uid).shipments[0].tracking_number == "TEST-RIGHT-1")
        assert len(kept(context, uid).shipments) == 1
        await until(form.isHidden, "the form goes")
        assert form.typed().tracking == ""
        for operation in context.shop.operations():
            await context.shop.discard(operation.uuid)


async def test_undo_takes_back_a_correction_alone_and_never_a_colleagues_parcel(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid = await ship(view, context, "TEST-MINE-1")
        await until(lambda: not context.shop.operations(), "sent")
        other = context.shop._client.orders  # pyright: ignore[reportPrivateUsage]
        await other.add_shipment(uid, {"carrier": "dhl", "tracking_number": "TEST-COLLEAGUE-1"})
        assert await context.shop.refresh(Entity.ORDER, uid)
        view.reveal(uid)
        await until(lambda: order(view).uid == uid)
        await until(lambda: len(view.detail.shipment.parcels.rows()) == 2)
        view.detail.shipment.parcels.rows()[1].change_button.click()
        view.detail.shipment.form.tracking.setText("TEST-MINE-2")
        view.detail.shipment.submit()
        await until(lambda: _numbers(context, uid) == ["TEST-MINE-2", "TEST-COLLEAGUE-1"], "corrected")
        await until(lambda: not context.shop.operations(), "sent")
        await context.undo.undo()
        assert _numbers(context, uid) == ["TEST-MINE-1", "TEST-COLLEAGUE-1"]
        await context.undo.undo()
        assert _numbers(context, uid) == ["TEST-COLLEAGUE-1"]
        assert kept(context, uid).status == "shipped"
        await until(lambda: not context.shop.operations(), "sent")
        assert on_server(shipping_desk, uid)["status"] == "shipped"


def _numbers(context: Context, uid: str) -> list[str | None]:
    return [parcel.tracking_number for parcel in kept(context, uid).shipments]


async def test_what_was_typed_of_a_parcel_is_there_again_after_a_quit(orders: Orders) -> None:
    async with orders() as (context, view):
        view.activateWindow()
        uid = order(view).uid
        view.detail.focus_first()
        QTest.keyClicks(view.detail.shipment.form.tracking, "94001118")
        QTest.keyClicks(view.detail.shipment.form.weight, "half a kilo")
    async with orders() as (context, view):
        await until(lambda: view.browser.table.go_to_uid(uid) and order(view).uid == uid, "the order")
        form = view.detail.shipment.form
        assert (form.tracking.text(), form.weight.text()) == ("94001118", "half a kilo")
        assert "Typed earlier" in form._saved.text()  # pyright: ignore[reportPrivateUsage]
        form.put(NOTHING)
        view.detail.shipment.keep()
        assert context.shop.drafts.of(Entity.ORDER, uid) == {}
