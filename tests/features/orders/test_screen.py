"""The orders screen around the shipping: which orders, finding one, drafts, note, address, room."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.features.orders.columns import COLUMNS
from instica_desktop.features.orders.facts import address_lines, platform_of
from instica_desktop.features.orders.view import LIST_WIDTH, ROOMY
from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.empty_state import EmptyState
from tests.features.conftest import Desk, Window, oldest_on, until
from tests.features.orders.conftest import USPS, on_server, order, ready, shown
from tests.server.fixture import RunningServer


async def test_orders_to_ship_stand_first_and_longest_waiting_on_top(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        model = view.browser.table.table_model
        rows = [model.row(at) for at in range(model.rowCount())]
        sold = [row.data.sold_at for row in rows if row]
        assert sold == sorted(sold)
        assert {row.data.status for row in rows if row} == {"awaiting_shipment"}
        counts = {cell.segment.key: cell.segment for cell in view.segments.cells}
        await until(
            lambda: view.segments.cells[0].segment.count == str(model.count), "the number behind To ship"
        )
        assert counts["completed"].count == ""
        view.leave()


async def test_each_segment_shows_its_orders(qtbot: QtBot, desk: Desk, shipping_desk: RunningServer) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        to_ship = view.browser.table.table_model.count or 0
        cell = next(cell for cell in view.segments.cells if cell.segment.key == "completed")
        cell.click()
        await until(lambda: view.detail.row and order(view).status == "completed")
        assert view.detail.shipment.parcels.rows()
        assert view.detail.shipment.form.isHidden()
        view.show_segment("all")
        await until(lambda: (view.browser.table.table_model.count or 0) > 5 * to_ship)
        view.leave()


async def test_a_platform_without_orders_offers_to_clear(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        before = view.browser.table.table_model.count
        view.focus_search()
        QTest.keyClicks(view.browser.search.edit, "zzqqxx")
        states = view.browser.table.states
        await until(states.shown, "the empty state")
        spec = states.shown()
        assert spec is not None
        assert spec.act == "clear"
        await until(lambda: view.detail.row is None, "no order in the pane")
        states.chosen.emit("clear")
        await until(lambda: view.browser.table.table_model.count == before, "all to ship again")
        view.leave()


@pytest.mark.parametrize("offline", [False, True])
async def test_what_another_part_of_the_orders_has_is_said_and_a_key_away(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer, monkeypatch: pytest.MonkeyPatch, offline: bool
) -> None:
    async with desk(server=shipping_desk) as context:
        if offline:
            monkeypatch.setattr(context.shop.mirror, "complete", lambda entity: True)
        view = shown(qtbot, context)
        await ready(view)
        view.show_segment("shipped")
        await until(lambda: view.detail.row and order(view).status == "shipped")
        found = order(view)
        view.show_segment("awaiting_shipment")
        await until(lambda: view.detail.row and order(view).status == "awaiting_shipment")
        context.shop.work_offline(offline)
        view.focus_search()
        QTest.keyClicks(view.browser.search.edit, found.shipment_tracking_number or "")
        states = view.browser.table.states
        await until(
            lambda: (spec := states.shown()) and spec.sentence.endswith(" in Shipped."), "where it is"
        )
        card = view.browser.table.findChild(EmptyState)
        assert card is not None
        button = card.findChild(Button, "emptyStateAction")
        assert button is not None
        assert (button.text(), button.focusPolicy() & Qt.FocusPolicy.TabFocus) == (
            "Show Shipped",
            Qt.FocusPolicy.TabFocus,
        )
        QTest.keyClick(button, Qt.Key.Key_Return)
        await until(lambda: view.detail.row and order(view).uid == found.uid, "the order")
        assert view.segments.value == "shipped"
        assert view.browser.search.edit.text() == found.shipment_tracking_number
        view.leave()


async def test_orders_in_several_parts_are_shown_together(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        elsewhere, states = view.elsewhere, view.browser.table.states
        spec = elsewhere.spec(3, ["completed", "shipped", "shipped"])
        assert (spec.sentence, spec.action) == ("2 in Shipped, 1 in Completed.", "Show All")
        assert elsewhere.spec(40, ["shipped"] * 25).sentence == "40 in All."
        nothing = view.browser.nothing_matches
        assert elsewhere.card(1, ["shipped"], ("shipped",)) == nothing
        assert elsewhere.card(2, ["shipped", "completed"], ("shipped",)) == elsewhere.spec(1, ["completed"])
        assert elsewhere.spec(1, ["refunded"]).sentence == "1 in All."
        assert states.shown() is None
        view.leave()


async def test_nothing_to_ship_is_said_only_when_all_orders_are_here(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(online=False) as context:
        view = shown(qtbot, context)
        states = view.browser.table.states
        await until(lambda: (spec := states.shown()) and spec.headline == "No orders on this computer yet")
        await until(lambda: (spec := states.shown()) and spec.action == "Try again")
        monkeypatch.setattr(context.shop.mirror, "complete", lambda entity: True)
        context.shop.work_offline(True)
        await until(lambda: (spec := states.shown()) and spec.headline == "Nothing to ship")
        view.leave()


async def test_an_order_is_found_whatever_its_status(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        view.show_segment("completed")
        await until(lambda: view.detail.row and order(view).status == "completed")
        wanted = order(view)
        view.show_segment("awaiting_shipment")
        await until(lambda: view.detail.row and order(view).status == "awaiting_shipment")
        assert wanted.shipment_tracking_number
        view.reveal(search=wanted.shipment_tracking_number)
        await until(lambda: view.detail.row and order(view).uid == wanted.uid, "found by its number")
        view.leave()


async def test_what_is_typed_waits_while_another_order_is_looked_at(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        form = view.detail.shipment.form
        form.tracking.setText(USPS)
        form.weight.setText("not a weight")
        view.detail.go_on()
        await until(lambda: form.typed().tracking == "", "an empty form for the next order")
        view.detail.go_back()
        await until(lambda: form.tracking.text() == USPS, "the draft is back")
        assert form.weight.text() == "not a weight"
        assert form.carrier.value == "usps"
        view.leave()


async def test_typed_postage_shows_in_the_net_and_unknown_parts_are_said(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        money = view.detail.money
        assert money.postage.badge.isVisible()
        assert not money.postage.figures.isVisible()
        before = money.net.figures.text()
        view.detail.shipment.form.postage.setText("3.00")
        assert money.postage.figures.text() == "−3.00"
        assert money.net.figures.text() != before
        view.detail.go_on()
        await until(lambda: money.postage.badge.isVisible(), "unknown again for the next order")
        view.leave()


async def test_the_buyers_note_is_saved_and_can_be_taken_back(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        uid, before = order(view).uid, order(view).buyer_note or ""
        view.detail.note.setPlainText("Put the discs outside the sleeves.")
        view.detail.go_on()
        await until(lambda: on_server(shipping_desk, uid)["buyer_note"].startswith("Put"))  # type: ignore[attr-defined]
        step = context.undo.next_undo
        assert step is not None
        await context.undo.undo(step)
        await until(lambda: on_server(shipping_desk, uid)["buyer_note"] == before)
        view.leave()


async def test_the_address_is_copied_as_plain_lines(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        view.activateWindow()
        mods = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(view.browser.table, Qt.Key.Key_C, mods)
        address = order(view).shipment_address
        assert address is not None
        assert QApplication.clipboard().text() == "\n".join(address_lines(address))
        assert isinstance(context.ui, Window)
        assert context.ui.said == ["Address copied"]
        view.leave()


async def test_the_sold_item_opens_in_the_inventory(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        view.detail.items.open_button.click()
        listing = order(view).inventory_item_listing
        assert listing is not None
        assert listing.inventory_item is not None
        assert isinstance(context.ui, Window)
        assert context.ui.visited == [("inventory", listing.inventory_item.uid, "")]
        assert view.detail.items.shelf.text() == listing.inventory_item.location
        await until(lambda: view.detail.items.artist.text(), "the artist, read from the item")
        view.leave()


@pytest.mark.parametrize(("width", "beside"), [(1240, True), (1010, False)])
async def test_the_small_cards_go_below_where_room_is_scarce(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer, width: int, beside: bool
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context, width)
        await ready(view)
        await until(
            lambda: (view.detail.address.mapTo(view, view.rect().topLeft()).x()
                     > view.detail.shipment.mapTo(view, view.rect().topLeft()).x()) is beside
        )  # fmt: skip
        assert (
            view.detail.shipment.form.ship.mapTo(view.detail, view.rect().topLeft()).x() < view.detail.width()
        )
        view.leave()


async def test_everything_to_act_on_has_a_name(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        focusable = [
            widget
            for widget in view.findChildren(type(view).__mro__[1])
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        assert all(widget.objectName() and widget.accessibleName() for widget in focusable)
        view.leave()


async def test_an_order_far_down_is_brought_up(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        oldest = oldest_on(shipping_desk, "orders", "sold_at")
        await context.shop.refresh(Entity.ORDER, oldest)
        view.reveal(oldest)
        await until(lambda: view.detail.row and order(view).uid == oldest)
        view.leave()


LONG = "Rechtsanwaltskanzlei Freiherr von und zu Achenbach & Söhne, Lagerhalle 17b, zweiter Hinterhof links"


async def test_a_long_address_is_shown_to_its_last_line(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context, 1080)  # the narrow card beside the shipment
        await ready(view)
        card, found = view.detail.address, order(view)
        low, address = card.height(), found.shipment_address
        assert address is not None
        long = msgspec.structs.replace(address, full_name=LONG, line1=LONG, city=LONG)
        card.show_order(msgspec.structs.replace(found, shipment_address=long))
        labels = [label for label in card.findChildren(Label) if label.wordWrap()]
        assert len(labels) == 3
        await until(
            lambda: (
                card.height() > low + 40
                and all(label.height() >= label.heightForWidth(label.width()) for label in labels)
            ),
            "room for the long address",
        )
        await until(lambda: view.detail.money.y() - card.geometry().bottom() <= 13, "no empty room below it")
        view.leave()


async def test_a_large_window_gives_the_list_its_part_until_the_user_does(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = shown(qtbot, context, 1440)
        table = view.browser.table
        assert view.browser.width() == LIST_WIDTH
        assert titles(table) == ["Buyer", "Price"]
        view.resize(1920, 1000)
        assert view.browser.width() == LIST_WIDTH + (1920 - ROOMY) // 2
        assert titles(table) == ["Buyer", "Status", "Sold", "Price"]
        view._splitter.moveSplitter(450, 1)  # pyright: ignore[reportPrivateUsage]
        view.resize(1800, 1000)
        assert view.browser.width() == pytest.approx(450, abs=1)
        view.leave()


def titles(table: EntityTableView) -> list[str]:
    return [table.table_model.columns[at].title for at in table.columns_layout.shown()]


async def test_the_list_says_where_an_order_came_from_below_its_price(
    qtbot: QtBot, desk: Desk, shipping_desk: RunningServer
) -> None:
    async with desk(server=shipping_desk) as context:
        view = shown(qtbot, context)
        await ready(view)
        price = next(column for column in COLUMNS if column.key == "sale_price")
        row = view.browser.table.current_row()
        assert price.second is not None
        assert price.accessible is not None
        assert price.second(row) == platform_of(order(view))
        assert price.accessible(row) == f"{price.text(row)}, {platform_of(order(view))}"
        view.leave()
