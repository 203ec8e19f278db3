"""What must not look wrong: prices cut short, ages that stand still, photos wider than their pane."""

import asyncio
import re
from datetime import timedelta
from decimal import Decimal
from typing import cast

import msgspec
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.ages import utc_now
from instica_desktop.core.models import ProductItem
from instica_desktop.core.models.common import Entity
from instica_desktop.features import panes
from instica_desktop.features.grades import EXTRAS, GRADES
from instica_desktop.features.inventory.view import InventoryView
from instica_desktop.features.lists.record_screen import NARROW, WIDTH
from instica_desktop.features.orders.view import OrdersView
from instica_desktop.features.products.copies import GAP, CopyRow
from instica_desktop.qtkit.widgets.empty_state import EmptyState
from instica_desktop.qtkit.widgets.photo_tile import Photo
from instica_desktop.store.cache import CachedRow
from instica_desktop.store.marks import Mark
from tests.features.conftest import Desk, until


async def shown(qtbot: QtBot, view: InventoryView, width: int) -> None:
    qtbot.addWidget(view)
    view.resize(width, 800)
    view.show()
    view.activate()
    await until(lambda: view.browser.table.table_model.row(0), "the first rows")
    view.browser.table.go_to(0)
    await until(lambda: view.detail.row, "an item in the pane")


def middle(widget: QWidget, of: QWidget) -> int:
    """Return how far a widget's middle is from that of another, in px."""
    left = widget.mapTo(of, QPoint(0, 0)).x()
    return abs(left + widget.width() // 2 - of.width() // 2)


async def test_the_pane_says_how_old_the_record_is_as_time_goes_by(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk() as context:
        view = InventoryView(context)
        await shown(qtbot, view, 1280)
        await until(lambda: not context.shop.operations())
        saved, clock = view.detail._saved, view.detail._clock  # pyright: ignore[reportPrivateUsage]
        await until(lambda: saved.text().endswith("read just now"), saved.text())
        assert clock.isActive()
        now = utc_now() + timedelta(minutes=38, seconds=5)
        monkeypatch.setattr(panes, "utc_now", lambda: now)
        clock.timeout.emit()
        assert saved.text().endswith("read 38 min ago")
        view.hide()
        assert not clock.isActive()
        view.leave()


async def test_without_a_connection_nothing_was_read_just_now(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = InventoryView(context)
        await shown(qtbot, view, 1280)
        saved, clock = view.detail._saved, view.detail._clock  # pyright: ignore[reportPrivateUsage]
        await until(lambda: saved.text().endswith("read just now"), saved.text())
        context.shop.work_offline(True)
        clock.timeout.emit()
        assert re.search(r", read \d+ s ago$", saved.text())
        view.leave()


@pytest.mark.parametrize("width", [1000, 1440])
async def test_the_foot_of_a_pane_has_room_for_what_it_says_beside_undo(
    qtbot: QtBot, desk: Desk, width: int
) -> None:
    async with desk() as context:
        view = InventoryView(context)
        await shown(qtbot, view, width)
        saved, undo = view.detail._saved, view.detail._undo  # pyright: ignore[reportPrivateUsage]
        row = view.detail.row
        assert row is not None
        marks = (
            Mark(pending=4, gone=True),
            Mark(gone=True),
            Mark(pending=1, conflict=True),
            Mark(pending=99),
        )
        for mark in marks:
            marked = cast("CachedRow", msgspec.structs.replace(cast("CachedRow", row), mark=mark))
            words = panes.saved_words(context, Entity.ITEM, marked)
            undo.setVisible(True)
            saved.setText(words)
            await until(lambda: undo.x() > saved.x() + 100, "laid out")
            assert saved.fontMetrics().horizontalAdvance(words) <= saved.width(), words
        view.leave()


@pytest.mark.parametrize("window", [1000, 1280, 1920])
async def test_small_photos_stand_in_three_columns_over_the_width_of_the_pane(
    qtbot: QtBot, desk: Desk, window: int
) -> None:
    async with desk() as context:
        view = InventoryView(context)
        await shown(qtbot, view, window)
        strip = view.detail.photos.strip
        strip.set_photos([Photo(key=f"p{number}", image="") for number in range(6)])
        await until(lambda: strip.width() > 250)
        beside = [tile.geometry() for tile in strip.tiles[1:] if tile.y() == 0]
        assert len(beside) == 3
        assert strip.width() - 5 <= max(place.right() for place in beside) + 1 <= strip.width()
        view.leave()


@pytest.mark.parametrize(("window", "pane"), [(1280, WIDTH), (1000, NARROW)])
async def test_large_photos_and_empty_tabs_keep_to_the_pane(
    qtbot: QtBot, desk: Desk, window: int, pane: int
) -> None:
    async with desk() as context:
        view = InventoryView(context)
        await shown(qtbot, view, window)
        assert view.detail.width() == pane
        view.detail.tabs.set_value("photos")
        strip = view.detail.gallery.strip
        await until(lambda: strip.isVisible() and strip.width() > 100)
        tiles = [child for child in strip.findChildren(QWidget) if child.isVisible()]
        assert tiles
        assert max(tile.geometry().right() for tile in tiles) < strip.width()
        view.detail.tabs.set_value("history")
        history = view.detail.history
        await until(lambda: history.isVisible() and history.width() > 100)
        for empty in history.findChildren(EmptyState):
            await until(lambda empty=empty: empty.isHidden() or middle(empty, history) <= 1, "in the middle")
        view.leave()


@pytest.mark.parametrize("sleeve", [grade.key for grade in (GRADES[0], *EXTRAS)])
async def test_nothing_of_a_narrow_pane_is_cut_whatever_the_sleeve(
    qtbot: QtBot, desk: Desk, sleeve: str
) -> None:
    async with desk() as context:
        view = InventoryView(context)
        await shown(qtbot, view, 1000)
        assert view.detail.width() == NARROW
        view.detail.fields.sleeve_grade.set_value(sleeve)
        await asyncio.sleep(0.05)
        fields = view.detail.fields
        area = fields.parentWidget()
        assert area is not None
        pane = view.detail
        for part in (fields.item_grade, fields.sleeve_grade, fields.total):
            right = part.mapTo(pane, QPoint(part.width(), 0)).x()
            assert right <= NARROW - 16, part.objectName()
        view.leave()


async def test_every_move_of_a_status_is_in_sight_in_a_narrow_pane(qtbot: QtBot, desk: Desk) -> None:
    async with desk() as context:
        view = InventoryView(context)
        await shown(qtbot, view, 1000)
        fields = view.detail.fields
        row = view.detail.row
        assert row is not None
        listed = msgspec.structs.replace(row.data, status="listed", status_display=None)
        view.detail.show_row(msgspec.structs.replace(row, data=listed))  # pyright: ignore[reportArgumentType]
        status = fields.status
        await until(lambda: status.heightForWidth(status.width()) > status.buttons[0].height(), "two lines")
        for button in status.buttons:
            await until(
                lambda button=button: status.rect().contains(button.geometry()), f"{button.text()} in sight"
            )
        field = status.parentWidget()
        assert field is not None
        money = fields.cost.parentWidget().parentWidget()  # pyright: ignore[reportOptionalMemberAccess]
        assert money is not None
        assert field.y() - money.geometry().bottom() - 1 == 16
        view.leave()


@pytest.mark.parametrize("on", [0, 1])
async def test_the_numbers_of_orders_are_whole_in_a_small_window(qtbot: QtBot, desk: Desk, on: int) -> None:
    async with desk() as context:
        view = OrdersView(context)
        qtbot.addWidget(view)
        view.resize(738, 520)  # what is left of 800 beside the rail
        view.show()
        for cell, count in zip(view.segments.cells, ("1,399", "2,206"), strict=False):
            view.segments.set_count(cell.segment.key, count)
        view.segments.set_value(view.segments.cells[on].segment.key)
        await asyncio.sleep(0.05)
        for cell in view.segments.cells:
            assert cell.width() >= cell.sizeHint().width(), cell.segment.label
        right = view.browser.toolbar.width()
        for part in view.browser.toolbar.findChildren(QWidget):
            assert (
                not part.isVisible() or part.mapTo(view.browser.toolbar, QPoint(part.width(), 0)).x() <= right
            )
        view.leave()


def test_there_is_room_between_grades_and_price_of_a_copy(qtbot: QtBot) -> None:
    copy = ProductItem(
        uid="one",
        status="listed",
        condition_item="vg_plus",
        condition_container="not_graded",
        price_total_usd=Decimal("1234.50"),
    )
    row = CopyRow(copy, None)  # type: ignore[arg-type]
    qtbot.addWidget(row)
    row.resize(290, 36)
    grades, price = row.places()
    assert price.left() - grades.right() >= GAP
    assert price.right() < row.width() - 22
