"""What is typed about a parcel: said when it is left, back with its order, and never taken for another."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.orders.typed import NOTHING
from tests.features.conftest import Window, until
from tests.features.orders.conftest import Orders, order
from tests.features.orders.parcels import kept, parcels, taken_off_elsewhere, two_parcels
from tests.server.fixture import RunningServer


def left_words(context: Context) -> list[str]:
    assert isinstance(context.ui, Window)
    return [words for words in context.ui.said if "not saved" in words]


async def test_a_parcel_left_half_typed_is_said_once_and_is_back(orders: Orders) -> None:
    async with orders() as (context, view):
        uid, form = order(view).uid, view.detail.shipment.form
        QTest.keyClicks(form.service, "Half")
        for _ in range(2):
            view.detail.go_on()
            await until(lambda: order(view).uid != uid)
            assert form.typed().service == ""
            view.detail.go_back()
            await until(lambda: order(view).uid == uid)
            assert form.typed().service == "Half"
        (said,) = left_words(context)
        assert said.startswith("A parcel is not saved for ")
        view.hide()  # for another screen
        assert len(left_words(context)) == 1
        view.show()
        QTest.keyClicks(form.service, " way")
        view.hide()
        assert len(left_words(context)) == 2
        view.detail.shipment.form.put(NOTHING)
        view.detail.shipment.keep()


async def test_a_change_of_a_parcel_left_half_typed_is_back_as_that_change(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid, form = await two_parcels(view, context, "CHANGE"), view.detail.shipment.form
        view.detail.shipment.parcels.rows()[1].change_button.click()
        QTest.keyClicks(form.service, "Slow")
        view.detail.go_on()
        await until(lambda: order(view).uid != uid)
        assert form.typed().service == ""
        assert len(left_words(context)) == 1
    async with orders() as (context, view):
        view.reveal(uid)
        await until(lambda: order(view).uid == uid)
        form = view.detail.shipment.form
        assert form.heading.text() == "Change UPS CHANGE-1"
        assert form.typed().service == "Slow"
        view.detail.shipment.submit()
        await until(lambda: "Slow" in [one.service for one in kept(context, uid).shipments], "it is noted")
        await until(lambda: not context.shop.operations(), "sent")
        assert sorted(parcels(shipping_desk, uid)) == ["CHANGE-1", "CHANGE-2"]
        assert context.shop.drafts.of(Entity.ORDER, uid) == {}


async def test_a_new_parcel_half_typed_outlives_the_change_of_another(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid, form = await two_parcels(view, context, "OUTLIVES"), view.detail.shipment.form
        view.detail.shipment.another.click()
        QTest.keyClicks(form.service, "Third")
        view.detail.shipment.parcels.rows()[0].change_button.click()
        form.service.setText("Fast")
        view.detail.shipment.submit()
        await until(lambda: "Fast" in [one.service for one in kept(context, uid).shipments], "it is noted")
        await until(lambda: form.typed().service == "Third", "the new one is back")
        assert form.heading.text() == "Another parcel"
        await until(lambda: not context.shop.operations(), "sent")
        view.detail.shipment.form.put(NOTHING)
        view.detail.shipment.keep()


@pytest.mark.parametrize("choice", ["another", "drop"])
async def test_of_a_parcel_removed_elsewhere_while_it_is_changed_it_is_asked_what_becomes_of_the_text(
    orders: Orders, shipping_desk: RunningServer, choice: str
) -> None:
    async with orders() as (context, view):
        uid, card = await two_parcels(view, context, f"GONE-{choice}"), view.detail.shipment
        parcel = order(view).shipments[0]
        card.parcels.rows()[1].change_button.click()
        QTest.keyClicks(card.form.service, "Mine")
        assert card.gone.isHidden()
        taken_off_elsewhere(shipping_desk, uid, parcel.uid)
        await context.shop.refresh(Entity.ORDER, uid)
        await until(lambda: len(kept(context, uid).shipments) == 1)
        assert not card.gone.isHidden()
        assert card.form.typed().service == "Mine"
        assert card.form.heading.text() == f"Change UPS GONE-{choice}-1"
        card.submit()
        assert view.window().focusWidget() is card.gone_another  # what is to become of it is asked first
        assert context.shop.operations() == []
        if choice == "another":
            QTest.mouseClick(card.gone_another, Qt.MouseButton.LeftButton)
            assert card.form.heading.text() == "Another parcel"
            card.submit()
            await until(lambda: len(kept(context, uid).shipments) == 2, "it is another parcel")
            await until(lambda: not context.shop.operations(), "sent")
            assert sorted(parcels(shipping_desk, uid)) == ["GONE-another-1", "GONE-another-2"]
        else:
            QTest.mouseClick(card.gone_drop, Qt.MouseButton.LeftButton)
            assert card.form.isHidden()
            assert context.shop.drafts.of(Entity.ORDER, uid) == {}
        assert card.gone.isHidden()


async def test_a_parcel_removed_elsewhere_of_which_nothing_was_typed_closes_its_form(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        uid, card = await two_parcels(view, context, "CLOSES"), view.detail.shipment
        card.parcels.rows()[1].change_button.click()
        taken_off_elsewhere(shipping_desk, uid, order(view).shipments[0].uid)
        await context.shop.refresh(Entity.ORDER, uid)
        await until(lambda: card.form.isHidden())
        assert card.gone.isHidden()
        assert card.form.typed().tracking == ""
