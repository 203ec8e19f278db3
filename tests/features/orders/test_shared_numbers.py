"""A number that is on an order to another address: the form asks, and the card says what is stuck."""

from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.features.context import Context
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.qtkit.dialogs import AskDialog
from tests.features.conftest import Desk, until
from tests.features.orders.conftest import order, ready, shown
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
    words_of,
)
from tests.server.databases import connect
from tests.server.fixture import RunningServer, start_server


@pytest.fixture(scope="module")
def shipping_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return a server of its own: numbers on its orders are counted here."""
    with start_server(tmp_path_factory.mktemp("shared") / "data", items=1200) as server:
        yield server


def others_to_ship(server: RunningServer, uid: str) -> list[str]:
    """Return orders that wait for shipment, but for one."""
    answer = httpx.get(
        f"{server.base_url}/api/v1/orders/",
        params={"status": "awaiting_shipment"},
        headers={"X-API-Key": server.api_key},
    )
    return [one["uid"] for one in answer.json()["results"] if one["uid"] != uid]


async def shared_with(context: Context, server: RunningServer, view: OrdersView, number: str) -> str:
    """Let a colleague ship another order with a number, which is known here; return the order's uid."""
    other = others_to_ship(server, order(view).uid)[-1]
    shipped_elsewhere(server, other, {"carrier": "usps", "tracking_number": number})
    await context.shop.refresh(Entity.ORDER, other)
    return other


async def test_the_form_asks_before_it_saves_and_keeps_what_is_typed(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        other = await shared_with(context, shipping_desk, view, "FORM-1")
        uid = press(view, "FORM-1")
        dialog = await asked(view)
        assert f"order {kept(context, other).order_id} of {kept(context, other).buyer_name}" in words_of(
            dialog
        )
        assert "another address" in words_of(dialog)
        assert dialog.focusWidget().objectName() == "ask_look"
        QTest.keyClick(dialog, Qt.Key.Key_Return)
        form = view.detail.shipment.form
        await until(lambda: form.fields["tracking_number"].error, "the reason at the number")
        assert not view.findChildren(AskDialog)
        assert (order(view).uid, form.typed().tracking, context.shop.operations()) == (uid, "FORM-1", [])

        view.detail.shipment.submit()
        QTest.keyClick(await asked(view), Qt.Key.Key_Escape)
        await until(lambda: not view.findChildren(AskDialog) and not view.shipping.is_shipping(uid))
        assert context.shop.operations() == []
        view.leave()


async def test_what_is_agreed_to_is_saved_sent_undone_and_done_again_unasked(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        await shared_with(context, shipping_desk, view, "FORM-2")
        uid = press(view, "FORM-2")
        answer(await asked(view), "act")
        await until(lambda: parcels(shipping_desk, uid) == ["FORM-2"], "the parcel")
        await until(lambda: not context.shop.operations())
        await context.undo.undo()
        await until(lambda: parcels(shipping_desk, uid) == [] and not context.shop.operations())
        await context.undo.redo()
        await until(lambda: parcels(shipping_desk, uid) == ["FORM-2"], "the parcel again")
        assert window(context).problems == []
        view.leave()


async def test_a_number_typed_over_another_is_asked_about_too(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        uid = await ship(view, context, "OWN-3")
        await until(lambda: not context.shop.operations(), "sent")
        view.reveal(uid)
        await until(lambda: order(view).uid == uid)
        await shared_with(context, shipping_desk, view, "FORM-3")
        card = view.detail.shipment
        (row,) = card.parcels.rows()
        row.change_button.click()
        card.form.service.setText("Signed")
        card.submit()
        await until(lambda: context.shop.operations() or not card.at_work(), "saved without a question")
        assert not view.findChildren(AskDialog)
        await until(lambda: not context.shop.operations(), "sent")

        (row,) = card.parcels.rows()
        row.change_button.click()
        card.form.tracking.setText("FORM-3")
        card.submit()
        answer(await asked(view), "act")
        await until(lambda: parcels(shipping_desk, uid) == ["FORM-3"], "changed")
        await until(lambda: not context.shop.operations())
        view.leave()


async def test_what_only_the_server_knew_is_said_on_the_card_and_corrected_there(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        context.shop.work_offline(True)
        other = others_to_ship(shipping_desk, order(view).uid)[-1]
        shipped_elsewhere(shipping_desk, other, {"carrier": "usps", "tracking_number": "FORM-4"})
        uid = await ship(view, context, "FORM-4")
        context.shop.work_offline(False)
        await until(lambda: [one.state for one in context.shop.operations()] == [OpState.CONFLICT])
        view.reveal(uid)
        card = view.detail.shipment
        await until(lambda: order(view).uid == uid and card.trouble.isVisible(), "what happened, on the card")
        assert "also on order" in card.trouble.message
        assert "Activity" in card.trouble.message
        await until(lambda: window(context).problems, "it is told")
        assert "also on order" in window(context).problems[0].message

        (row,) = card.parcels.rows()
        row.change_button.click()
        card.form.tracking.setText("OWN-4")
        card.submit()
        await until(lambda: parcels(shipping_desk, uid) == ["OWN-4"], "the other number")
        await until(lambda: not context.shop.operations() and not card.trouble.isVisible())
        view.leave()


async def test_the_form_says_which_order_to_the_same_address_has_the_number(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        uid = order(view).uid
        other = others_to_ship(shipping_desk, uid)[-1]
        with closing(connect(shipping_desk.data_dir)) as database:
            database.execute(
                "UPDATE shop_order SET address = (SELECT address FROM shop_order AS own WHERE own.uid = "
                f"'{uid}') WHERE uid = '{other}'"
            )
        shipped_elsewhere(shipping_desk, other, {"carrier": "usps", "tracking_number": "FORM-55"})
        await context.shop.refresh(Entity.ORDER, other)
        form = view.detail.shipment.form
        said = form.findChild(QWidget, "trackingShared")
        form.tracking.setText("FORM-55")
        await until(lambda: said.text, "it is said")  # type: ignore[attr-defined]
        assert "to the same address" in said.text  # type: ignore[attr-defined]
        form.tracking.setText("FORM-56")
        assert said.text == ""  # type: ignore[attr-defined]
        uid = press(view, "FORM-55")
        await until(lambda: parcels(shipping_desk, uid) == ["FORM-55"], "it is taken, unasked")
        await until(lambda: not context.shop.operations())
        view.leave()


@pytest.mark.parametrize("on_another_too", [False, True])
async def test_a_number_that_a_colleague_put_on_this_order_is_refused_at_its_field(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer, on_another_too: bool
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        number, uid = f"OWN-{1 + on_another_too}", order(view).uid
        if on_another_too:
            await shared_with(context, shipping_desk, view, number)
        shipped_elsewhere(shipping_desk, uid, {"carrier": "usps", "tracking_number": number})
        press(view, number)
        await until(lambda: not view.shipping.is_shipping(uid) or view.findChildren(AskDialog))
        assert not view.findChildren(AskDialog), "there is nothing to ask"
        field = view.detail.shipment.form.fields["tracking_number"]
        await until(lambda: field.error == "This order has a parcel with this number already.")
        assert context.shop.operations() == []
        assert parcels(shipping_desk, uid) == [number]
        view.leave()


async def test_a_number_corrected_to_one_on_this_order_and_another_is_refused_at_its_field(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        uid = await two_parcels(view, context, "OWN-C")
        await shared_with(context, shipping_desk, view, "OWN-C-1")
        card = view.detail.shipment
        one = next(one for one in kept(context, uid).shipments if one.tracking_number == "OWN-C-2")
        card.parcels.change_asked.emit(one.uid)
        assert card.form.tracking.text() == "OWN-C-2"
        card.form.tracking.setText("OWN-C-1")
        card.submit()
        await until(lambda: card.form.fields["tracking_number"].error or view.findChildren(AskDialog))
        assert not view.findChildren(AskDialog)
        assert sorted(parcels(shipping_desk, uid)) == ["OWN-C-1", "OWN-C-2"]
        view.leave()
