"""Selecting by keys, by mouse, and everything at once."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt

from instica_desktop.qtkit.entity_table import EntityTableView
from tests.qtkit.feeds import MemoryFeed, columns, disc

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def press(
    qtbot: Any, view: EntityTableView, *keys: Qt.Key, mods: Any = Qt.KeyboardModifier.NoModifier
) -> None:
    for key in keys:
        qtbot.keyClick(view, key, mods)


def point(view: EntityTableView, row: int, x: int = 100) -> QPoint:
    return QPoint(x, view.row_rect(row).center().y())


def click(
    qtbot: Any, view: EntityTableView, row: int, mods: Any = Qt.KeyboardModifier.NoModifier, x: int = 100
) -> None:
    qtbot.mouseClick(view.viewport(), LEFT, mods, point(view, row, x))


def test_arrows_move_and_select(qtbot: Any, table: EntityTableView) -> None:
    press(qtbot, table, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert table.current_row().uid == "u3"
    assert table.selection.uids() == ["u3"]
    press(qtbot, table, Qt.Key.Key_Up)
    assert table.selection.uids() == ["u2"]


def test_home_end_and_pages(qtbot: Any, table: EntityTableView) -> None:
    press(qtbot, table, Qt.Key.Key_End)
    assert table.current_row().uid == "u200"
    assert table.rows_in_view()[1] == 199
    press(qtbot, table, Qt.Key.Key_Home, Qt.Key.Key_PageDown)
    page = table.viewport().height() // table.row_height - 1
    assert table.current_row().uid == f"u{page + 1}"
    press(qtbot, table, Qt.Key.Key_PageUp)
    assert table.current_row().uid == "u1"


def test_shift_extends_from_where_it_began(qtbot: Any, table: EntityTableView) -> None:
    press(qtbot, table, Qt.Key.Key_Down)
    press(qtbot, table, Qt.Key.Key_Down, Qt.Key.Key_Down, mods=SHIFT)
    assert table.selection.uids() == ["u2", "u3", "u4"]
    press(qtbot, table, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up, mods=SHIFT)
    assert table.selection.uids() == ["u1", "u2"]


def test_space_turns_a_row_over(qtbot: Any, table: EntityTableView) -> None:
    press(qtbot, table, Qt.Key.Key_Space)
    assert table.selection.uids() == []
    press(qtbot, table, Qt.Key.Key_Space)
    assert table.selection.uids() == ["u1"]


def test_clicks_select_one_toggle_and_extend(qtbot: Any, table: EntityTableView) -> None:
    click(qtbot, table, 2)
    assert table.selection.uids() == ["u3"]
    click(qtbot, table, 5, CTRL)
    assert table.selection.uids() == ["u3", "u6"]
    click(qtbot, table, 8, SHIFT)
    assert table.selection.uids() == ["u6", "u7", "u8", "u9"]


def test_dragging_over_rows_selects_them(qtbot: Any, table: EntityTableView) -> None:
    qtbot.mousePress(table.viewport(), LEFT, pos=point(table, 1))
    qtbot.mouseMove(table.viewport(), point(table, 4))
    qtbot.mouseRelease(table.viewport(), LEFT, pos=point(table, 4))
    assert table.selection.count in (1, 4)  # some platforms swallow synthetic moves
    table.selection.clear()
    qtbot.mouseMove(table.viewport(), point(table, 6))
    assert table.selection.uids() == []


def test_everything_is_a_flag_and_costs_qt_nothing(qtbot: Any, table: EntityTableView) -> None:
    with qtbot.waitSignal(table.selection_changed):
        press(qtbot, table, Qt.Key.Key_A, mods=CTRL)
    assert table.selection.all_matching
    assert table.selection.count == 200
    assert table.selectionModel().selection().count() == 0
    assert table.check_state() == Qt.CheckState.Checked


def test_one_row_can_be_taken_out_of_everything(qtbot: Any, table: EntityTableView) -> None:
    press(qtbot, table, Qt.Key.Key_A, mods=CTRL)
    click(qtbot, table, 3, CTRL)
    assert table.selection.excluded == {4}
    assert table.selection.count == 199
    assert 4 not in table.selection
    assert table.check_state() == Qt.CheckState.PartiallyChecked


def test_everything_of_an_unknown_number_has_no_count(qtbot: Any) -> None:
    view = EntityTableView(columns(), "table", "Items")
    qtbot.addWidget(view)
    view.set_results(MemoryFeed([disc(1)], count=None))
    view.selection.select_all()
    assert view.selection.count is None
    assert view.check_state() == Qt.CheckState.Checked


def test_escape_gives_up_many_for_the_current_one(qtbot: Any, table: EntityTableView) -> None:
    press(qtbot, table, Qt.Key.Key_Down)
    press(qtbot, table, Qt.Key.Key_A, mods=CTRL)
    press(qtbot, table, Qt.Key.Key_Escape)
    assert table.selection.uids() == ["u2"]


def test_rows_stay_selected_when_they_move(table: EntityTableView, feed: MemoryFeed) -> None:
    table.go_to(4)
    feed.replace(list(reversed(feed.discs)))
    assert table.selection.uids() == ["u5"]
    assert table.current_row().uid == "u5"
    assert table.currentIndex().row() == 195


def test_what_left_the_query_is_not_selected_any_more(table: EntityTableView, feed: MemoryFeed) -> None:
    table.go_to(4)
    feed.replace([d for d in feed.discs if d.id != 5])
    assert table.selection.empty
    assert table.current_row().uid == "u6"


@pytest.mark.parametrize("many", [1, 40])
def test_what_goes_by_another_id_stays_selected(
    table: EntityTableView, feed: MemoryFeed, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    table.go_to(0)
    table.selection.select_only(0, many - 1)
    sent, shown = msgspec.structs.replace(feed.discs[0], id=1000, uid="real"), list[Any]()
    monkeypatch.setattr(feed, "index_of", lambda uid: 0 if uid in ("u1", "real") else None)
    table.current_row_changed.connect(shown.append)
    feed.became[1] = 1000
    feed.replace([sent, *feed.discs[1:]])
    assert table.selection.count == many
    assert table.selection.uids()[0] == "real"
    assert [row.uid for row in shown] == ["real"]


@pytest.mark.parametrize("many", [3, 40])
def test_pruning_keeps_what_is_still_there(table: EntityTableView, feed: MemoryFeed, many: int) -> None:
    table.selection.select_only(0, many - 1)
    feed.replace(feed.discs[1:])
    assert table.selection.count == many - 1


def test_unknown_rows_cannot_be_selected(qtbot: Any) -> None:
    view = EntityTableView(columns(), "table", "Items")
    qtbot.addWidget(view)
    feed = MemoryFeed([disc(1), disc(2), disc(3)])
    feed.ids[1] = 0
    view.set_results(feed)
    view.selection.select_only(0, 2)
    assert view.selection.ids == {1, 3}


def test_another_query_starts_without_a_selection(qtbot: Any, table: EntityTableView) -> None:
    table.selection.select_all()
    table.set_results(MemoryFeed([disc(9)]))
    assert table.selection.empty


def test_a_check_column_selects_besides(qtbot: Any, feed: MemoryFeed) -> None:
    from instica_desktop.qtkit.columns import Column

    box = Column(key="check", title="", text=lambda row: "", kind="check", width=40)
    view = EntityTableView((box, *columns()), "table", "Items")
    qtbot.addWidget(view)
    view.resize(720, 400)
    view.set_results(feed)
    view.show()
    click(qtbot, view, 1, x=20)
    click(qtbot, view, 3, x=20)
    assert view.selection.uids() == ["u2", "u4"]
    qtbot.mouseClick(view.header.viewport(), LEFT, pos=QPoint(20, 16))
    assert view.selection.all_matching
    qtbot.mouseClick(view.header.viewport(), LEFT, pos=QPoint(20, 16))
    assert view.selection.empty


def test_what_comes_after_everything_was_selected_is_not_selected(
    table: EntityTableView, feed: MemoryFeed
) -> None:
    table.selection.select_all()
    feed.replace([disc(number) for number in range(1, 150)])
    feed.replace([disc(number) for number in range(1, 201)])
    assert table.selection.all_matching  # they were all selected
    feed.replace([disc(number) for number in range(1, 301)])
    assert table.selection.count == 200
    assert 300 not in table.selection
    assert table.check_state() == Qt.CheckState.PartiallyChecked
