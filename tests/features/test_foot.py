"""The foot of a table tells how many were found, and of how many."""

import asyncio
from unittest.mock import MagicMock

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.features.context import Screen
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.lists.browsing import Browser
from instica_desktop.features.lists.found import Found
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.features.shell.shop_rail import ShopRail
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


FOUND_NOTHING: tuple[tuple[str, dict[str, tuple[str, ...]], str], ...] = (
    ("zzqq", {}, "Nothing here has this word."),
    ("zzqq xxqq", {}, "Nothing here has all of these words."),
    ("zzqq", {"location": ("Q-99",)}, "Nothing here has this word and fits the filter too."),
    ("", {"location": ("Q-99",)}, "Nothing here has what this filter asks for."),
    ("", {"location": ("Q-99",), "status": ("sold",)}, "Nothing here has all that these filters ask for."),
)


async def test_what_finds_nothing_is_named(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = InventoryView(context)
        qtbot.addWidget(view)
        view.show()
        view.activate()
        browser = view.browser
        card = browser.table.states.shown
        for search, filters, words in FOUND_NOTHING:
            for field, values in filters.items():
                browser.filter_by(field, values)
            browser.search.edit.setText(search)
            await until(lambda words=words: (spec := card()) and spec.sentence == words, words)
            spec = card()
            assert spec is not None
            assert spec.action == ("Clear the search" if search else "Clear the filters")
            browser.clear()
            await until(lambda: browser.table.model().rowCount(), "all of them")
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


def test_a_total_is_the_one_of_the_rail_and_a_part_of_the_copy_is_no_total() -> None:
    whole, found = Query(Entity.ITEM), Query(Entity.ITEM, search="aja")
    shop, counts, results = MagicMock(), MagicMock(), MagicMock()
    foot = Found(MagicMock(shop=shop, counts=counts), "item", "items")
    shop.mirror.complete.return_value = False
    shop.leaving.return_value.left = 0
    counts.number.return_value = 100_122
    results.query, results.from_server, results.guesses, results.error = whole, True, False, None
    assert foot.words(results, whole, 100_107) == "100,107 items"  # nothing is left out: no “of”
    results.query = found
    assert foot.words(results, whole, 12) == "12 of 100,122 items"
    results.from_server, results.guesses = False, True
    assert foot.words(results, whole, 12) == "…"
    results.guesses = False
    assert foot.words(results, whole, 12) == "12 items on this computer"
    assert foot.words(results, whole, 0) == ""


async def test_what_is_not_on_this_computer_is_not_counted_as_none(qtbot: QtBot, desk: Desk) -> None:
    async with desk(online=False) as context:
        context.shop.work_offline(True)
        home = QWidget()
        qtbot.addWidget(home)
        rail = ShopRail(home)
        view = OrdersView(context)
        qtbot.addWidget(view)
        rail.open_shop(context, (Screen("orders", "Orders", "package", OrdersView),))
        view.resize(1240, 820)
        view.show()
        view.activate()
        model = view.browser.table.table_model
        await until(lambda: model.count == 0 and not model.loading, "it is known that nothing is here")
        await asyncio.sleep(1.5)  # the counts beside would have come by now
        assert said(view.browser) == ""
        assert [cell.segment.count for cell in view.segments.cells] == ["", "", "", ""]
        assert rail.items["orders"]._count == ""  # pyright: ignore[reportPrivateUsage]
        view.leave()
        rail.leave_shop()
