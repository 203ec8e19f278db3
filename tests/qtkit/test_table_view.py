"""The table widget: what it shows, says and keeps."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QRegion
from PySide6.QtWidgets import QApplication, QPushButton

from instica_desktop.qtkit.columns import MarkValue
from instica_desktop.qtkit.delegates import title as title_delegate
from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.feed import Reset, RowsChanged
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.widgets.empty_state import StateSpec
from tests.qtkit.feeds import MemoryFeed, columns, disc

LEFT = Qt.MouseButton.LeftButton
EMPTY = StateSpec(
    icon="library", headline="No items match", sentence="Nothing has it.", action="Clear", act="clear"
)
FAILED = StateSpec(icon="wifi-off", headline="Not reached", sentence="Try.", action="Try again", act="retry")


def pixel(view: EntityTableView, x: int, y: int) -> Any:
    return view.viewport().grab().toImage().pixelColor(x, y)


# ------------------------------------------------------------ rows


def test_the_feed_is_told_where_the_user_looks(table: EntityTableView, feed: MemoryFeed) -> None:
    assert feed.looks[-1] == table.rows_in_view()
    table.verticalScrollBar().setValue(100 * 40)
    assert feed.looks[-1][0] == 100


def test_the_current_row_is_announced_once_it_is_known(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed
) -> None:
    feed.hidden = {60}
    with qtbot.waitSignal(table.current_row_changed) as caught:
        table.go_to(60)
    assert caught.args == [None]
    feed.hidden = set()
    with qtbot.waitSignal(table.current_row_changed) as caught:
        feed.tell(RowsChanged(60, 60))
    assert caught.args[0].uid == "u61"


def test_going_to_a_record_by_name(table: EntityTableView) -> None:
    assert table.go_to_uid("u150")
    first, last = table.rows_in_view()
    assert first <= 149 <= last
    assert not table.go_to_uid("nobody")


def test_a_refresh_keeps_the_scroll_position(table: EntityTableView, feed: MemoryFeed) -> None:
    table.verticalScrollBar().setValue(1234)
    feed.tell(Reset())
    feed.replace(feed.discs[:-3])
    assert table.verticalScrollBar().value() == 1234


def test_blocks_come_after_a_moment_and_go_when_the_row_is_known(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed
) -> None:
    feed.hidden = {150}
    table.verticalScrollBar().setValue(150 * 40)
    table.viewport().grab()
    assert not table.skeletons.visible(150)
    qtbot.waitUntil(lambda: table.skeletons.visible(150), timeout=5_000)
    block = table.row_rect(150).center().y()
    assert pixel(table, 30, block) == color("raised")
    feed.hidden = set()
    table.viewport().grab()
    assert not table.skeletons.visible(150)


def test_only_the_region_asked_for_is_painted(table: EntityTableView, feed: MemoryFeed) -> None:
    asked: list[int] = []
    real = feed.row
    feed.row = lambda index: (asked.append(index), real(index))[1]  # type: ignore[method-assign]
    image = QImage(table.viewport().size(), QImage.Format.Format_ARGB32)
    table.viewport().render(image, QPoint(), QRegion(QRect(0, 80, 720, 40)))
    assert set(asked) <= {1, 2, 3}


@pytest.mark.allow_log(r"instica_desktop\.qtkit\.entity_table\.painting")
def test_a_column_that_cannot_be_painted_spoils_no_other(qtbot: Any, feed: MemoryFeed, caplog: Any) -> None:
    view = EntityTableView(columns(grade={"text": lambda row: row.nothing}), "table", "Items")
    qtbot.addWidget(view)
    view.set_results(feed)
    view.resize(700, 300)
    view.grab()
    assert len(caplog.records) == 1


# ------------------------------------------------------------ looks


def test_a_selected_row_has_tint_bar_and_frame(table: EntityTableView) -> None:
    table.dims_when_inactive = False
    table.go_to(2, "grade")
    row = table.row_rect(2)
    assert pixel(table, 1, row.center().y()) == color("brand")
    assert pixel(table, 8, row.top() + 1) == color("tint")
    left = table.header.sectionViewportPosition(1)
    assert pixel(table, left, row.center().y()) == color("brand")


def test_a_row_under_the_pointer_is_lifted(qtbot: Any, table: EntityTableView) -> None:
    table.selection.clear()
    table.set_hovered(3)
    assert pixel(table, 8, table.row_rect(3).top() + 1) == color("raised")
    QApplication.sendEvent(table, QEvent(QEvent.Type.Leave))
    assert table.hovered_row == -1


def test_rows_are_28_or_40_high(table: EntityTableView) -> None:
    table.set_compact(True)
    assert (table.row_height, table.row_rect(1).height(), table.row_at(30)) == (28, 28, 1)
    table.grab()
    table.set_compact(False)
    assert table.row_height == 40


def test_a_mark_keeps_its_icon_when_the_title_is_narrow(monkeypatch: Any, qtbot: Any) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(title_delegate, "badge", lambda *args, **_: drawn.append(args[3]) or 0)
    marked = msgspec.structs.replace(disc(1), mark=MarkValue("clock", "Pending"))
    view = EntityTableView(columns()[:1], "table", "Items")
    qtbot.addWidget(view)
    view.set_results(MemoryFeed([marked]))
    for width in (400, 170):
        view.resize(width, 200)
        view.columns_layout.place()
        view.header.resizeSection(0, width)
        view.grab()
    assert drawn[0] == "Pending"
    assert "" in drawn or len(set(drawn)) == 1


# ------------------------------------------------------------ headings and columns


def heading(view: EntityTableView, key: str) -> QPoint:
    at = view.table_model.column_index(key)
    return QPoint(view.header.sectionViewportPosition(at) + 20, 16)


def test_a_heading_asks_for_its_ordering_and_then_for_the_other_way(
    qtbot: Any, table: EntityTableView
) -> None:
    for before, asked in (("", "price"), ("price", "-price"), ("-price", "price")):
        table.header.set_ordering(before)
        with qtbot.waitSignal(table.ordering_requested) as caught:
            qtbot.mouseClick(table.header.viewport(), LEFT, pos=heading(table, "price"))
        assert caught.args == [asked]


def test_a_heading_without_ordering_stays_quiet(qtbot: Any, table: EntityTableView) -> None:
    with qtbot.assertNotEmitted(table.ordering_requested):
        qtbot.mouseClick(table.header.viewport(), LEFT, pos=heading(table, "status"))


def test_a_narrow_table_hides_what_matters_least(table: EntityTableView) -> None:
    shown = lambda: [table.table_model.columns[at].key for at in table.columns_layout.shown()]  # noqa: E731
    table.resize(560, 300)
    assert shown() == ["title", "grade", "price", "status", "sku"]
    table.resize(480, 300)
    assert shown() == ["title", "grade", "price", "status"]
    table.resize(400, 300)
    assert shown() == ["title", "grade", "price"]
    assert table.header.sectionSize(0) >= 180
    table.resize(900, 300)
    assert shown() == ["title", "grade", "price", "status", "sku"]


def test_the_title_takes_the_spare_width(table: EntityTableView) -> None:
    table.resize(1000, 300)
    assert sum(table.header.sectionSize(at) for at in range(5)) == table.viewport().width()


def test_what_the_user_arranged_is_kept(qtbot: Any, table: EntityTableView, feed: MemoryFeed) -> None:
    table.header.resizeSection(2, 130)
    table.header.moveSection(table.header.visualIndex(4), 1)
    table.columns_layout.set_hidden("status", True)
    table.set_compact(True)
    state = table.save_state()
    assert state["widths"] == {"price": 130}
    again = EntityTableView(columns(), "table", "Items")
    qtbot.addWidget(again)
    again.resize(table.size())
    again.restore_state(msgspec.json.decode(msgspec.json.encode(state)))
    assert again.save_state() == state
    assert again.header.sectionSize(2) == 130
    assert again.row_height == 28


@pytest.mark.parametrize(
    "state", [{}, {"order": 3, "widths": [], "hidden": "x"}, {"order": ["gone"], "widths": {"x": 1}}]
)
def test_a_damaged_arrangement_is_passed_over(table: EntityTableView, state: dict[str, Any]) -> None:
    table.restore_state(state)
    assert len(table.columns_layout.shown()) == 5


def test_the_last_column_cannot_be_hidden(table: EntityTableView) -> None:
    for column in table.table_model.columns:
        table.columns_layout.set_hidden(column.key, True)
    assert len(table.columns_layout.shown()) == 1


def test_the_menu_of_columns_hides_one(qtbot: Any, table: EntityTableView) -> None:
    menu = table.columns_menu()
    action = next(action for action in menu.actions() if action.data() == "sku")
    with qtbot.waitSignal(table.layout_changed):
        action.trigger()
    assert table.columns_layout.is_hidden("sku")
    menu.close()


# ------------------------------------------------------------ keys and mouse


def test_enter_and_double_click_open_a_row(qtbot: Any, table: EntityTableView) -> None:
    with qtbot.waitSignal(table.activated_row) as caught:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert caught.args[0].uid == "u1"
    with qtbot.waitSignal(table.activated_row) as caught:
        qtbot.mouseDClick(table.viewport(), LEFT, pos=QPoint(100, table.row_rect(2).center().y()))
    assert caught.args[0].uid in ("u1", "u3")


def test_letters_on_a_cell_that_cannot_be_edited_do_nothing(qtbot: Any, table: EntityTableView) -> None:
    for key in (Qt.Key.Key_K, Qt.Key.Key_5):
        qtbot.keyClick(table, key)
    assert not table.editing.active()
    assert table.hasFocus()


def test_left_and_right_move_between_cells(qtbot: Any, table: EntityTableView) -> None:
    qtbot.keyClick(table, Qt.Key.Key_Right)
    assert table.current_column().key == "grade"
    qtbot.keyClick(table, Qt.Key.Key_Left)
    qtbot.keyClick(table, Qt.Key.Key_Left)
    assert table.current_column().key == "title"


def test_delete_is_passed_on(qtbot: Any, table: EntityTableView) -> None:
    with qtbot.waitSignal(table.deletion_requested):
        qtbot.keyClick(table, Qt.Key.Key_Delete)


def test_the_menu_key_works_on_the_current_row(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(3)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    with qtbot.waitSignal(table.context_requested) as caught:
        table.contextMenuEvent(asked)
    assert table.viewport().mapFromGlobal(caught.args[0]).y() == table.row_rect(3).bottom()


def test_a_right_click_selects_the_row_under_it(qtbot: Any, table: EntityTableView) -> None:
    place = QPoint(60, table.row_rect(5).center().y())
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, table.viewport().mapToGlobal(place))
    with qtbot.waitSignal(table.context_requested):
        table.contextMenuEvent(asked)
    assert table.selection.uids() == ["u6"]


# ------------------------------------------------------------ states


def test_nothing_found_is_said_with_one_act(qtbot: Any, table: EntityTableView) -> None:
    table.states.set_empty(EMPTY)
    assert table.states.shown() is None
    table.set_results(MemoryFeed([]))
    assert table.states.shown() == EMPTY
    button = table.findChild(QPushButton, "emptyStateAction")
    with qtbot.waitSignal(table.states.chosen) as caught:
        button.click()  # type: ignore[union-attr]
    assert caught.args == ["clear"]


def test_nothing_is_claimed_while_it_loads(table: EntityTableView) -> None:
    table.states.set_empty(EMPTY)
    loading = MemoryFeed([])
    loading.loading = True
    table.set_results(loading)
    assert table.states.shown() is None


def test_an_error_stands_only_where_no_rows_are(table: EntityTableView) -> None:
    table.states.set_error(FAILED)
    assert table.states.shown() is None
    table.set_results(MemoryFeed([]))
    assert table.states.shown() == FAILED
    table.states.set_error(None)
    assert table.states.shown() is None


def test_screen_readers_are_told(table: EntityTableView) -> None:
    from PySide6.QtGui import QAccessible

    assert table.accessibleName() == "Items"
    spoken = QAccessible.queryAccessibleInterface(table)
    assert spoken.role() == QAccessible.Role.Table
