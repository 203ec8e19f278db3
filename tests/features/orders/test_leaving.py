"""Orders leave the list of those to ship at once, all numbers agree, and no cursor is in another order."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.features.shell.rail_counts import RailCounts
from instica_desktop.sync import Kind
from instica_desktop.sync.mirror import Mirror
from tests.features.conftest import Desk, until
from tests.features.orders.conftest import Orders, order
from tests.features.orders.parcels import answer, asked, kept, ship, shipped_elsewhere
from tests.server.fixture import RunningServer


class Numbers:
    """The three numbers of orders to ship: beside the rail, on the switch, at the foot of the list."""

    def __init__(self, qtbot: QtBot, context: Context, view: OrdersView) -> None:
        self._owner = QWidget()
        qtbot.addWidget(self._owner)
        self.rail: dict[str, int] = {}
        self.segments: dict[str, int] = {}
        self._view = view
        view.counts.counted.connect(self.segments.__setitem__)
        view.counts.stop()
        view.counts.renew()
        self.counts = RailCounts(context, self.rail.__setitem__, self._owner)

    def all(self) -> list[int | None]:
        foot = self._view.browser.table.table_model.count
        return [self.rail.get("orders"), self.segments.get("awaiting_shipment"), foot]

    def agree(self) -> bool:
        return None not in self.all() and len(set(self.all())) == 1


def uids(view: OrdersView) -> list[str]:
    model = view.browser.table.table_model
    return [model.uid_at(at) for at in range(model.rowCount())]


def marked(view: OrdersView) -> bool:
    """Tell whether the current row looks different from the one below it."""
    table = view.browser.table
    image, at = table.viewport().grab().toImage(), table.places.row
    bars = [image.pixelColor(1, table.row_rect(row).center().y()) for row in (at, at + 1)]
    return bars[0] != bars[1]


async def test_a_shipped_order_leaves_and_all_numbers_agree_at_all_times(
    orders: Orders, qtbot: QtBot
) -> None:
    async with orders() as (context, view):
        numbers = Numbers(qtbot, context, view)
        await until(numbers.agree)
        for number in ("LEAVES-1", "LEAVES-2"):
            before = numbers.all()[0]
            assert before is not None
            uid = await ship(view, context, number)
            assert uid not in uids(view)
            assert numbers.all() == [before - 1] * 3, "not at once"
            await until(lambda: not context.shop.operations(), "it is sent")
            assert numbers.all() == [before - 1] * 3
        view.refresh()
        await until(lambda: not view.browser.table.table_model.feed.loading)  # pyright: ignore[reportOptionalMemberAccess]
        assert numbers.agree()
        context.shop.work_offline(True)
        await ship(view, context, "LEAVES-3")
        assert numbers.agree(), numbers.all()
        await context.undo.undo()
        await until(numbers.agree)
        context.shop.work_offline(False)
        await until(lambda: not context.shop.operations() and numbers.agree())
        numbers.counts.close()


async def test_numbers_counted_anew_as_the_connection_goes_go_on_following(
    orders: Orders, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Mirror, "complete", lambda _mirror, _entity: False)  # a shop not copied yet
    async with orders() as (context, view):
        numbers = Numbers(qtbot, context, view)
        await until(numbers.agree)
        context.shop.work_offline(True)
        context.counts.renew(Entity.ORDER)
        for _ in range(50):
            await asyncio.sleep(0)
        await ship(view, context, "LEAVES-4")
        await until(numbers.agree)
        context.shop.work_offline(False)
        await until(lambda: not context.shop.operations() and numbers.agree())
        numbers.counts.close()


async def test_an_order_known_to_be_shipped_leaves_and_the_next_is_shown(
    orders: Orders, qtbot: QtBot, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        view.browser.table.setFocus()
        numbers = Numbers(qtbot, context, view)
        await until(numbers.agree)
        uid, following = order(view).uid, uids(view)[1]
        shipped_elsewhere(shipping_desk, uid)
        await context.shop.refresh(Entity.ORDER, uid)
        assert uid not in uids(view)
        assert numbers.agree()
        assert order(view).uid == following
        numbers.counts.close()


async def test_an_order_that_leaves_while_one_types_stays_in_the_pane_and_says_why(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (context, view):
        view.activateWindow()
        view.detail.focus_first()
        form, uid, following = view.detail.shipment.form, order(view).uid, uids(view)[1]
        QTest.keyClicks(form.tracking, "HALF-TY")
        shipped_elsewhere(shipping_desk, uid)
        await context.shop.refresh(Entity.ORDER, uid)
        assert uid not in uids(view)
        QTest.keyClicks(form.tracking, "PED")
        assert (order(view).uid, form.tracking.text()) == (uid, "HALF-TYPED")
        assert not view.detail.shipment.news.isHidden()
        assert view.browser.table.selection.empty
        QTest.keyClick(view.detail, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        await until(lambda: order(view).uid == following, "the one that took its place")
        assert form.tracking.text() == ""
        view.reveal(uid)
        await until(lambda: order(view).uid == uid)
        assert form.tracking.text() == "HALF-TYPED"


async def test_what_takes_the_place_can_be_clicked(orders: Orders, shipping_desk: RunningServer) -> None:
    async with orders() as (context, view):
        uid, following = order(view).uid, uids(view)[1]
        view.detail.shipment.form.tracking.setText("TYPED")
        shipped_elsewhere(shipping_desk, uid)
        await context.shop.refresh(Entity.ORDER, uid)
        assert order(view).uid == uid
        where = view.browser.table.row_rect(0).center()
        QTest.mouseClick(view.browser.table.viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert order(view).uid == following


async def test_a_query_of_ones_own_shows_its_first_order_whatever_is_typed(orders: Orders) -> None:
    async with orders() as (_, view):
        uid = order(view).uid
        view.detail.shipment.form.tracking.setText("TYPED")
        view.show_segment("shipped")
        await until(lambda: view.detail.row and order(view).status == "shipped")
        assert order(view).uid != uid


async def test_the_order_shipped_is_followed_by_the_next_below(orders: Orders) -> None:
    async with orders() as (context, view):
        view.browser.table.go_to(1)
        below = uids(view)[2]
        uid = await ship(view, context, "NEXT-1")
        assert order(view).uid == below
        assert kept(context, uid).status == "shipped"
        await until(lambda: not context.shop.operations())


async def test_the_rails_numbers_follow_what_is_made_and_deleted(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        await until(lambda: context.shop.state.kind is Kind.ONLINE)
        context.shop.mirror.start()
        await until(lambda: context.shop.mirror.fresh(Entity.PRODUCT), "the whole copy")
        owner, numbers = QWidget(), dict[str, int]()
        qtbot.addWidget(owner)
        counts = RailCounts(context, numbers.__setitem__, owner)
        await until(lambda: "products" in numbers)
        before = numbers["products"]
        made = await context.shop.making.product({"title": "Counted"})
        await until(lambda: numbers["products"] == before + 1, "one more")
        await until(lambda: not context.shop.operations())
        assert numbers["products"] == before + 1
        await context.shop.removal.delete(Entity.PRODUCT, [made.uid])
        await until(lambda: numbers["products"] == before, "one less")
        await until(lambda: not context.shop.operations())
        assert numbers["products"] == before
        counts.close()


async def test_an_order_that_is_found_gone_by_asking_again_says_why_and_no_other_is_highlighted(
    orders: Orders, shipping_desk: RunningServer
) -> None:
    async with orders() as (_, view):
        view.activateWindow()
        view.detail.focus_first()
        form, uid = view.detail.shipment.form, order(view).uid
        QTest.keyClicks(form.tracking, "HALF")
        shipped_elsewhere(shipping_desk, uid)
        view.refresh()
        await until(lambda: uid not in uids(view), "it left the list")
        await until(lambda: view.browser.table.selection.empty, "nothing is highlighted")
        assert not marked(view)
        await until(lambda: not view.detail.shipment.news.isHidden(), "the pane says why")
        QTest.keyClicks(form.tracking, "-TYPED")
        await until(lambda: not view.browser.table.table_model.feed.loading)  # pyright: ignore[reportOptionalMemberAccess]
        view.refresh()
        await until(lambda: not view.browser.table.table_model.feed.loading)  # pyright: ignore[reportOptionalMemberAccess]
        assert (order(view).uid, form.tracking.text()) == (uid, "HALF-TYPED")
        assert view.browser.table.selection.empty
        assert not marked(view)
        QTest.keyClick(view.detail, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        await until(lambda: order(view).uid != uid)
        assert marked(view)


async def test_after_the_last_parcel_of_a_list_is_removed_the_keyboard_is_on_the_list(orders: Orders) -> None:
    async with orders() as (context, view):
        view.activateWindow()
        uid = await ship(view, context, "ONLY-ONE-1")
        await until(lambda: not context.shop.operations(), "sent")
        view.show_segment("shipped")
        view.browser.search.edit.setText("ONLY-ONE-1")
        await until(lambda: uids(view) == [uid] and view.detail.shipment.parcels.rows(), "it alone")
        button = view.detail.shipment.parcels.rows()[0].remove_button
        button.setFocus()
        button.click()
        answer(await asked(view), "act")
        await until(lambda: uids(view) == [] and not context.shop.operations(), "the list is empty")
        await until(lambda: view.focusWidget() is view.browser.table, "the keyboard is on the list")
