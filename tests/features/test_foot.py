"""The foot of a table tells how many were found, and of how many."""

import pytest
from pytestqt.qtbot import QtBot

from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.lists.browsing import Browser
from instica_desktop.features.orders.view import OrdersView
from tests.features.conftest import Desk, until


def said(browser: Browser) -> str:
    return browser._count.text()  # pyright: ignore[reportPrivateUsage]


async def test_a_search_and_a_filter_say_of_how_many(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = InventoryView(context)
        qtbot.addWidget(view)
        view.resize(1240, 820)
        view.show()
        view.activate()
        browser, model = view.browser, view.browser.table.table_model
        await until(lambda: model.count and model.count > 100, "all items are counted")
        whole = f"{model.count:,}"
        await until(lambda: said(browser) == f"{whole} items", said(browser))
        browser.filter_by("status", ("listed",))
        await until(
            lambda: model.count and said(browser) == f"{model.count:,} of {whole} items", said(browser)
        )
        browser.order_by("title")
        await until(lambda: said(browser).endswith(f" of {whole} items"), said(browser))
        browser.clear()
        await until(lambda: said(browser) == f"{whole} items", said(browser))
        browser.search.set_text("zzzz nothing")
        browser.reveal(search="zzzz nothing")
        await until(lambda: said(browser) == f"0 of {whole} items", said(browser))
        view.leave()


@pytest.mark.parametrize("segment", ["awaiting_shipment", "all"])
async def test_a_part_of_the_orders_is_a_whole_of_its_own(qtbot: QtBot, desk: Desk, segment: str) -> None:
    async with desk() as context:
        view = OrdersView(context)
        qtbot.addWidget(view)
        view.resize(1240, 820)
        view.show()
        view.activate()
        view.show_segment(segment)
        browser, model = view.browser, view.browser.table.table_model
        await until(lambda: model.count is not None and "of" not in said(browser), said(browser))
        await until(lambda: said(browser).startswith(f"{model.count:,} order"), said(browser))
        view.leave()
