"""No word of a table is cut at the widths it has by itself, whatever the window, density and scale."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from instica_desktop.core.grading import SLEEVE_GRADES
from instica_desktop.core.models import InventoryItem, Order, Product
from instica_desktop.core.models.inventory import Listing
from instica_desktop.core.statuses import ITEM_STATUSES, ORDER_STATUSES
from instica_desktop.features.context import Context
from instica_desktop.features.inventory import columns as inventory
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.lists.table_screen import TableScreen
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.features.products.view import ProductsView
from instica_desktop.qtkit import paint
from instica_desktop.qtkit.columns import Column
from instica_desktop.qtkit.delegates import Delegate, delegate_for
from instica_desktop.qtkit.delegates.badge import BadgeDelegate
from instica_desktop.qtkit.delegates.plain import PlainDelegate
from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.entity_table.layout import ARROW, NO_ROOM, natural_width, reach_of
from instica_desktop.qtkit.entity_table.painting import RowPainter
from instica_desktop.qtkit.theme.tokens import TABLE_EDGE, TABLE_PAD
from tests.features.conftest import Desk, until
from tests.server.fixture import RunningServer, start_server

RAIL = {800: 52, 1000: 52, 1280: 200, 1440: 200, 1920: 200}
"""Width of the rail by that of the window."""
SIZES = ((800, 600), (1000, 700), (1280, 800), (1440, 900), (1920, 1080))
SCREENS = (InventoryView, ProductsView, OrdersView)
THUMBNAIL = 36 + 12
TITLE_LETTERS = 24
"""What is seen at least of a long title in a window of the usual size."""
Make = Callable[[Context], TableScreen]


def with_extremes(record: Any) -> Iterator[Any]:
    """Yield a record, and what else may stand in its columns."""
    yield record
    replace = msgspec.structs.replace
    if isinstance(record, InventoryItem):
        yield replace(
            record,
            price_total_usd=Decimal("88888.88"),
            cost_usd=Decimal("10000.00"),
            manual_sku="ID-4BD5C9DA",
            acquired_at=datetime(2019, 1, 1, tzinfo=UTC),
        )
        for grade in SLEEVE_GRADES:
            yield replace(record, condition_container=grade.code, condition_container_display=None)
        for status in ITEM_STATUSES:
            yield replace(record, status=status.code)
    elif isinstance(record, Product):
        yield replace(record, price_min_usd=Decimal("1088.00"), price_max_usd=Decimal("8888.50"))
        yield replace(record, price_min_usd=Decimal("88888.88"), price_max_usd=None)
        yield replace(record, total_inventory_count=1_234, listed_inventory_count=1_234)
    elif isinstance(record, Order):
        yield replace(record, sale_price=Decimal("88888.88"))
        for status in ORDER_STATUSES:
            yield replace(record, status=status.code)


class Seen(msgspec.Struct):
    """A row as columns read it."""

    data: Any
    mark: Any


def cut_words(table: EntityTableView, rows: list[Any]) -> set[str]:
    """Return the words of columns other than the main one that do not fit where they stand."""
    slots = list(RowPainter(table).slots(QRect(0, 0, 100_000, 10)))
    found: set[str] = set()
    for column, delegate, _x, width in slots:
        if column.stretch:
            continue
        texts = {said(column, delegate, row, width) for row in rows}
        found |= {f"{column.key}: {text}" for text in texts if is_cut(delegate, text, width)}
    return found


def said(column: Column, delegate: Delegate, row: Any, width: int) -> str:
    """Return what a cell says: its text, or the shorter one where that does not fit."""
    text = column.text(row)
    return column.shorter(row) if column.shorter and is_cut(delegate, text, width) else text


def is_cut(delegate: Delegate, text: str, width: int) -> bool:
    """Tell whether a text is painted with … at its end."""
    if isinstance(delegate, BadgeDelegate):
        return paint.badge_width(text) > width
    assert isinstance(delegate, PlainDelegate)
    role, tabular = delegate._role, delegate._tabular  # pyright: ignore[reportPrivateUsage]
    return "…" in paint.elided(text, role, width, tabular)


def cut_headings(table: EntityTableView) -> set[str]:
    """Return the headings that would be cut with the arrow of their ordering beside them."""
    shown = table.columns_layout.shown()
    found: set[str] = set()
    for logical in shown:
        column: Column = table.table_model.columns[logical]
        edges = (logical == shown[0]) + (logical == shown[-1])
        room = table.header.sectionSize(logical) - 2 * TABLE_PAD - edges * (TABLE_EDGE - TABLE_PAD)
        room += sum(reach_of(column)) if column.sort else 0
        needed = paint.text_width(column.title, "caption_strong") + (ARROW if column.sort else 0)
        if needed > room or "…" in paint.elided(
            column.title, "caption_strong", room - (ARROW if column.sort else 0)
        ):
            found.add(column.title)
    return found


async def all_rows(table: EntityTableView) -> list[Any]:
    """Return every row, and rows with the extremes of what their columns hold."""
    model = table.table_model
    await until(lambda: model.count is not None and model.rowCount() == model.count, "all rows counted")
    for at in range(model.rowCount()):
        assert model.feed is not None
        model.feed.look(at, at)
        await until(lambda at=at: model.row(at) is not None, f"row {at}")
    rows = [model.row(at) for at in range(model.rowCount())]
    return [Seen(record, row.mark) for row in rows if row is not None for record in with_extremes(row.data)]


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return a shop as it is seeded; others write odd things into theirs."""
    with start_server(tmp_path_factory.mktemp("untouched") / "data", items=400) as server:
        yield server


@pytest.mark.parametrize("make", SCREENS)
async def test_no_word_is_cut_at_default_widths(
    qtbot: QtBot, desk: Desk, untouched: RunningServer, make: Make
) -> None:
    async with desk(server=untouched) as context:
        screen = make(context)
        qtbot.addWidget(screen)
        screen.resize(1240, 820)
        screen.show()
        screen.activate()
        table = screen.browser.table
        if make is OrdersView:
            screen.browser.clear()
            screen.browser.filter_by("status", ())
        await until(lambda: table.table_model.rowCount() and table.table_model.row(0), "the first rows")
        rows = await all_rows(table)
        assert len(rows) >= 20
        for width, height in SIZES:
            screen.resize(width - RAIL[width], height - 60)
            for compact in (False, True):
                context.prefs["density"] = "compact" if compact else "comfortable"
                screen.density_changed()
                table.columns_layout.place()
                assert (width, cut_words(table, rows)) == (width, set())
                assert (width, cut_headings(table)) == (width, set())
                assert table.header.length() <= table.viewport().width()
        screen.leave()


@pytest.mark.parametrize(("window", "title"), [(1000, 180), (1280, 236), (1440, 236), (1920, 400)])
async def test_the_title_gets_the_spare_width_of_every_window(
    qtbot: QtBot, desk: Desk, window: int, title: int
) -> None:
    async with desk() as context:
        screen = InventoryView(context)
        qtbot.addWidget(screen)
        screen.resize(window - RAIL[window], 820)
        screen.show()
        screen.activate()
        table = screen.browser.table
        await until(lambda: screen.detail.row, "an item in the pane")
        assert table.header.sectionSize(0) >= title
        assert table.header.length() == table.viewport().width()
        screen.leave()


async def test_the_usual_window_shows_every_column_and_most_of_a_title(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        screen = InventoryView(context)
        qtbot.addWidget(screen)
        screen.resize(1440 - RAIL[1440], 820)
        screen.show()
        screen.activate()
        table = screen.browser.table
        await until(lambda: screen.detail.row, "an item in the pane")
        shown = [table.table_model.columns[at].title for at in table.columns_layout.shown()]
        assert shown == ["Title", "Item", "Sleeve", "Price", "Status", "Platforms", "Shelf", "Age", "SKU"]
        room = next(iter(RowPainter(table).slots(QRect(0, 0, 10, 10))))[3] - THUMBNAIL
        assert len(paint.elided("Music Has the Right to Children", "medium", room)) > TITLE_LETTERS
        screen.leave()


@pytest.mark.parametrize("window", [1000, 1280, 1440, 1920])
@pytest.mark.parametrize("make", SCREENS)
async def test_the_title_takes_no_room_that_a_column_could_have(
    qtbot: QtBot, desk: Desk, make: Make, window: int
) -> None:
    async with desk() as context:
        screen = make(context)
        qtbot.addWidget(screen)
        screen.resize(window - RAIL[window], 820)
        screen.show()
        screen.activate()
        table = screen.browser.table
        await until(lambda: table.table_model.rowCount() and table.table_model.row(0), "the first rows")
        layout, columns = table.columns_layout, table.table_model.columns
        title = columns[0]
        spare = table.header.sectionSize(0) - natural_width(title)
        out = [column for column in columns if layout.has_no_room(column.key)]
        assert [one.key for one in out if natural_width(one) <= spare - TABLE_EDGE + TABLE_PAD] == []
        said = {action.text() for action in table.columns_menu().actions() if not action.isChecked()}
        assert {f"{one.title}{NO_ROOM}" for one in out} <= said
        for column in out:  # each is seen once it is asked for, and the title keeps its letters
            layout.set_hidden(column.key, False)
            at = columns.index(column)
            left = table.header.sectionViewportPosition(at)
            assert 0 <= left <= left + table.header.sectionSize(at) <= table.viewport().width()
            assert table.header.sectionSize(0) >= title.min_width
        screen.leave()


async def test_the_usual_window_shows_the_format_and_most_of_a_products_title(
    qtbot: QtBot, desk: Desk
) -> None:
    async with desk() as context:
        screen = ProductsView(context)
        qtbot.addWidget(screen)
        screen.resize(1440 - RAIL[1440], 820)
        screen.show()
        screen.activate()
        table = screen.browser.table
        await until(lambda: screen.detail.row, "a product in the pane")
        shown = [table.table_model.columns[at].key for at in table.columns_layout.shown()]
        counts = ["total_inventory_count", "listed_inventory_count", "available_inventory_count"]
        assert shown == ["title", "catalog_number", "year", "format", *counts, "price"]
        room = next(iter(RowPainter(table).slots(QRect(0, 0, 10, 10))))[3] - THUMBNAIL
        assert len(paint.elided("Music Has the Right to Children", "medium", room)) > TITLE_LETTERS
        screen.leave()


async def test_a_large_window_says_nothing_shorter(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        screen = InventoryView(context)
        qtbot.addWidget(screen)
        screen.resize(1920 - RAIL[1920], 1000)
        screen.show()
        screen.activate()
        table = screen.browser.table
        await until(lambda: screen.detail.row, "an item in the pane")
        for column, delegate, _x, width in RowPainter(table).slots(QRect(0, 0, 10_000, 10)):
            assert not any(is_cut(delegate, text, width) for text in column.whole), column.key
        assert table.header.sectionSize(0) >= 400
        assert table.header.length() == table.viewport().width()
        screen.leave()


def test_what_does_not_fit_is_said_shorter_and_whole_to_who_asks() -> None:
    columns = {column.key: column for column in inventory.COLUMNS}
    names = ("Discogs", "Shopify")
    listings = tuple(Listing(uid=name, platform=name, platform_name=name, status="listed") for name in names)
    item = msgspec.structs.replace(
        msgspec.convert({"uid": "i"}, InventoryItem), listings=listings, days_in_inventory=1_234
    )
    row = Seen(item, None)
    for key, whole, short in (
        ("platforms", "Discogs, Shopify", "Discogs +1"),
        ("days_in_inventory", "1,234 d", "3.4 y"),
    ):
        column = columns[key]
        assert column.text(row) == whole
        assert column.tooltip is not None
        assert column.tooltip(row) == whole
        assert said(column, delegate_for(column.kind), row, natural_width(column) - 2 * TABLE_PAD) == short


def test_more_than_two_marketplaces_are_counted_and_all_are_named_to_who_asks() -> None:
    column = next(column for column in inventory.COLUMNS if column.key == "platforms")
    names = ("Discogs", "eBay", "Etsy", "Shopify")
    listings = tuple(Listing(uid=name, platform=name, platform_name=name, status="listed") for name in names)
    item = msgspec.convert({"uid": "i"}, InventoryItem)
    row = Seen(msgspec.structs.replace(item, listings=listings), None)
    assert column.text(row) == "Discogs, eBay +2"
    assert column.tooltip is not None
    assert column.accessible is not None
    assert column.tooltip(row) == column.accessible(row) == "Discogs, eBay, Etsy, Shopify"


@pytest.mark.skipif("QT_SCALE_FACTOR" in os.environ, reason="this is the run at another scale")
def test_nor_on_a_screen_with_two_pixels_a_point(tmp_path: Path) -> None:
    here = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", __file__]
    env = {**os.environ, "QT_SCALE_FACTOR": "2"}
    done = subprocess.run(
        [*here, "-k", "no_word_is_cut", f"--basetemp={tmp_path / 'scaled'}"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "3 passed" in done.stdout
