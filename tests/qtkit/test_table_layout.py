"""Who gives and who takes when columns change their widths, and what is drawn where nothing belongs."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QApplication

from instica_desktop.core.grading import ITEM_GRADES
from instica_desktop.qtkit import theme
from instica_desktop.qtkit.alpha import blends
from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.entity_table.layout import ARROW, NO_ROOM, STRETCH_MIN, natural_width, reach_of
from instica_desktop.qtkit.paint import elided, text_width
from instica_desktop.qtkit.theme import qss
from instica_desktop.qtkit.theme.applying import Mode
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.tokens import TABLE_EDGE, TABLE_PAD
from instica_desktop.qtkit.widgets import popover
from instica_desktop.qtkit.widgets.cell_editors import choice_editor
from instica_desktop.qtkit.widgets.edge_scroll_bar import EdgeScrollBar
from instica_desktop.qtkit.widgets.popover import Popover
from instica_desktop.qtkit.widgets.segments import Segment
from tests.qtkit.feeds import MemoryFeed, columns

GRADES = [Segment(grade.label, grade.label) for grade in ITEM_GRADES]


def keys(view: EntityTableView) -> list[str]:
    return [view.table_model.columns[at].key for at in view.columns_layout.shown()]


def sizes(view: EntityTableView) -> list[int]:
    return [view.header.sectionSize(at) for at in view.columns_layout.shown()]


def test_a_widened_column_takes_from_the_title_and_pushes_nothing_away(
    qtbot: Any, table: EntityTableView
) -> None:
    before = keys(table)
    title = table.header.sectionSize(0)
    table.header.resizeSection(2, table.header.sectionSize(2) + 40)
    assert table.header.sectionSize(0) == title - 40
    assert table.header.length() == table.viewport().width()
    table.header.resizeSection(2, 500)
    assert keys(table) == before
    assert table.header.sectionSize(0) == STRETCH_MIN
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() > 0)  # the rest is reached by scrolling


def test_the_edge_of_the_title_moves_with_the_hand(table: EntityTableView) -> None:
    before = sizes(table)
    for wider in (6, 20, 13):  # as Qt tells it while the mouse moves: the width from where the drag began
        table.header.resizeSection(0, before[0] + wider)
        assert table.header.sectionSize(0) == before[0] + wider - max(0, wider - (sum(before[1:]) - 48 * 4))
        assert table.header.length() == table.viewport().width()
    table.header.resizeSection(0, before[0] - 60)
    assert table.header.sectionSize(0) == before[0] - 60
    assert table.header.length() == table.viewport().width()
    table.header.resizeSection(0, 20)
    assert table.header.sectionSize(0) >= STRETCH_MIN
    table.header.resizeSection(0, 2_000)
    assert all(size >= 48 for size in sizes(table))
    assert table.header.length() == table.viewport().width()


def test_a_drag_brings_no_column_back_that_the_window_has_no_room_for(table: EntityTableView) -> None:
    table.resize(480, 300)
    assert keys(table) == ["title", "grade", "price", "status"]
    table.header.resizeSection(3, 48)
    table.header.resizeSection(2, 48)
    assert keys(table) == ["title", "grade", "price", "status"]


def test_others_leave_before_the_title_is_narrower_than_it_wants(qtbot: Any, feed: MemoryFeed) -> None:
    view = EntityTableView(columns(title={"width": 300}), "table", "Items")
    qtbot.addWidget(view)
    view.set_results(feed)
    view.show()
    for width in range(900, 380, -10):
        view.resize(width, 300)
        if len(keys(view)) > 3:
            assert view.header.sectionSize(0) >= 300, width
    assert keys(view) == ["title", "grade", "price"]


def test_what_has_room_beside_the_columns_that_stay_comes_back(qtbot: Any, feed: MemoryFeed) -> None:
    wide = {"width": 300, "priority": 2}
    view = EntityTableView(columns(status=wide, sku={"width": 60, "priority": 9}), "table", "Items")
    qtbot.addWidget(view)
    view.set_results(feed)
    view.show()
    view.resize(4000, 300)
    spare = view.viewport().width() - sum(
        max(natural_width(one), STRETCH_MIN if one.stretch else 0) for one in view.table_model.columns
    )
    view.resize(4000 - spare + 90, 300)
    assert {"status", "sku"} <= set(keys(view))
    view.resize(4000 - spare - 110, 300)  # without both of them there would be room for the small one
    assert "status" not in keys(view)
    assert "sku" in keys(view)
    assert view.header.length() == view.viewport().width()


def entry(view: EntityTableView, title: str) -> QAction:
    menu = view.columns_menu()
    return next(action for action in menu.actions() if action.text().startswith(title))


def test_a_column_without_room_is_said_and_seen_once_it_is_asked_for(table: EntityTableView) -> None:
    table.resize(400, 300)
    assert "status" not in keys(table)
    status = entry(table, "Status")
    assert (status.text(), status.isChecked()) == (f"Status{NO_ROOM}", False)
    status.trigger()
    assert "status" in keys(table)
    at = [one.key for one in table.table_model.columns].index("status")
    seen = table.header.sectionViewportPosition(at)
    assert 0 <= seen <= seen + table.header.sectionSize(at) <= table.viewport().width()
    assert entry(table, "Status").isChecked()
    assert table.header.sectionSize(0) >= STRETCH_MIN

    state = table.save_state()
    table.columns_layout.set_hidden("status", True)
    assert (entry(table, "Status").text(), entry(table, "Status").isChecked()) == ("Status", False)
    table.restore_state(state)
    assert "status" in keys(table)


def test_a_width_from_a_settings_file_is_a_sensible_one(table: EntityTableView) -> None:
    table.restore_state({"widths": {"price": 10**9, "status": -5}})
    assert 48 <= table.header.sectionSize(2) <= 1_000
    assert table.header.sectionSize(3) >= 48


def test_a_column_is_as_wide_as_its_longest_words_need() -> None:
    wide = columns(sku={"widest": ("W" * 30,), "width": 10})[-1]
    assert natural_width(wide) > text_width("W" * 30, "caption", tabular=True) + 2 * TABLE_PAD
    narrow = columns(sku={"title": "A rather long heading", "sort": "x", "width": 10})[-1]
    needed = text_width("A rather long heading", "caption_strong") + ARROW + 2 * TABLE_PAD
    assert natural_width(narrow) >= needed - sum(reach_of(narrow))


def test_wide_letters_are_measured_rather_than_cut_off() -> None:
    room = text_width("WWWWWW", "body") - 6
    assert elided("WWWWWW", "body", room).endswith("…")


def test_a_cell_has_no_frame_around_its_editor(qtbot: Any, feed: MemoryFeed) -> None:
    picker = choice_editor(GRADES, lambda row: row.grade, "Item grade")
    view = EntityTableView(columns(grade={"editor": picker}), "table", "Items")
    qtbot.addWidget(view)
    view.resize(720, 432)
    view.set_results(feed)
    view.show()
    view.activateWindow()
    qtbot.waitExposed(view)
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    view.go_to(2, "grade")
    corner = QPoint(view.header.sectionViewportPosition(1), view.row_rect(2).top())
    assert pixel(view, corner) == color("brand")
    view.edit_current()
    assert pixel(view, corner) != color("brand")


@pytest.mark.parametrize(("height", "lines"), [(28, 1), (40, 1), (56, 2)])
def test_a_high_row_has_a_second_line_below_the_value(
    qtbot: Any, feed: MemoryFeed, height: int, lines: int
) -> None:
    view = EntityTableView(columns(price={"second": lambda _row: "Discogs"}), "table", "Items")
    qtbot.addWidget(view)
    view.resize(720, 432)
    view.set_results(feed)
    view.set_row_height(height)
    view.show()
    qtbot.waitExposed(view)
    left, width = view.header.sectionViewportPosition(2), view.header.sectionSize(2)
    top = view.row_rect(3).top()
    picture = view.viewport().grab(QRect(left, top, width, height - 1)).toImage()
    ground = picture.pixelColor(0, 0)
    inked = [any(picture.pixelColor(x, y) != ground for x in range(width)) for y in range(height - 1)]
    assert sum(now and not before for before, now in zip([False, *inked], inked, strict=False)) == lines


def edge_bar(view: EntityTableView) -> EdgeScrollBar:
    bar = view.findChild(EdgeScrollBar)
    assert bar is not None
    return bar


def test_rows_reach_the_right_edge_below_the_scroll_bar(qtbot: Any, table: EntityTableView) -> None:
    bar = edge_bar(table)
    assert bar.isVisible()
    assert table.viewport().width() == table.width() == table.header.width()
    assert bar.geometry().right() == table.width() - 1
    assert bar.y() == table.viewport().y()
    assert pixel(table, QPoint(table.width() - 1, table.row_rect(0).bottom())) == color("border")
    assert bar.width() <= TABLE_EDGE


def test_the_bar_over_the_edge_scrolls_and_follows(qtbot: Any, table: EntityTableView) -> None:
    bar, own = edge_bar(table), table.verticalScrollBar()
    assert (bar.maximum(), bar.pageStep()) == (own.maximum(), own.pageStep())
    bar.setValue(400)
    assert own.value() == 400
    table.go_to(0)
    assert bar.value() == own.value() == 0
    table.resize(table.width(), table.height() - 100)
    assert (bar.maximum(), bar.pageStep()) == (own.maximum(), own.pageStep())
    assert bar.geometry().bottom() == table.viewport().geometry().bottom()
    table.set_results(None)
    qtbot.waitUntil(bar.isHidden)


def pixel(view: EntityTableView, at: QPoint) -> QColor:
    return view.viewport().grab().toImage().pixelColor(at)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_corner_between_the_scroll_bars(
    qtbot: Any, qapp: QApplication, table: EntityTableView, scheme: Mode
) -> None:
    theme.apply(qapp, scheme)
    try:
        table.header.resizeSection(2, 600)
        bars = (table.horizontalScrollBar(), edge_bar(table))
        qtbot.waitUntil(lambda: all(bar.isVisible() for bar in bars))
        image = table.grab().toImage()
        corner = [
            image.pixelColor(image.width() - x, image.height() - y)
            for x in range(1, 13)
            for y in range(1, 13)
        ]
        assert {found.name() for found in corner} == {color("card").name()}
    finally:
        theme.apply(qapp, "light")


def test_corners_are_square_where_windows_cannot_be_translucent(
    qtbot: Any, qapp: QApplication, table: EntityTableView, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert blends()
    assert "border-radius: 8px; padding: 4px; }\nQMenu" in qss.build()
    monkeypatch.setattr(popover, "blends", lambda: False)
    monkeypatch.setattr(qss, "blends", lambda: False)
    assert "border-radius: 0px; padding: 4px; }\nQMenu" in qss.build()
    card = Popover("card", "Card", table, width=200)
    qtbot.addWidget(card)
    card.resize(232, 132)
    image = card.grab().toImage()
    edge = popover.SHADOW
    outline = color("control")
    corners = ((edge, edge), (231 - edge, edge), (edge, 131 - edge), (231 - edge, 131 - edge))
    assert [image.pixelColor(*at).name() for at in corners] == [outline.name()] * 4
