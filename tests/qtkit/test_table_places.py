"""Who is current when rows come, go and move: the rules one by one."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from instica_desktop.qtkit.entity_table import EntityTableView, Heir
from instica_desktop.qtkit.feed import CountChanged, Reset, RowsChanged, StateChanged
from instica_desktop.qtkit.theme.colors import color
from tests.qtkit.feeds import Disc, MemoryFeed, disc

LEFT = Qt.MouseButton.LeftButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


def current(table: EntityTableView) -> str:
    row = table.current_row()
    return row.uid if row is not None else ""


def pages_come(feed: MemoryFeed, discs: list[Disc]) -> None:
    """Show other rows as pages of a server do: no reset, rows that read differently."""
    feed.loading = True
    feed.discs = discs
    feed.ids = type(feed.ids)("q", [one.id for one in discs])
    feed.count = len(discs)
    feed.tell(CountChanged(len(discs)))
    feed.tell(RowsChanged(0, len(discs) - 1))
    feed.loading = False
    feed.tell(StateChanged())


def bar(table: EntityTableView, row: int) -> QColor:
    return table.viewport().grab().toImage().pixelColor(1, table.row_rect(row).center().y())


def test_records_that_come_above_take_nothing_with_them(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed
) -> None:
    table.go_to(4)
    pages_come(feed, [disc(901), disc(902), *feed.discs])
    assert (current(table), table.currentIndex().row()) == ("u5", 6)
    qtbot.mouseClick(table.viewport(), LEFT, NONE, QPoint(100, table.row_rect(4).center().y()))
    assert (current(table), table.selection.uids()) == ("u3", ["u3"])


def test_a_click_on_the_row_with_the_former_number_is_told(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed
) -> None:
    table.go_to(4)
    feed.replace([disc(901), disc(902), *feed.discs])
    with qtbot.waitSignal(table.current_row_changed) as caught:
        qtbot.mouseClick(table.viewport(), LEFT, NONE, QPoint(100, table.row_rect(4).center().y()))
    assert caught.args[0].uid == "u3"


def test_shift_begins_at_the_record_not_at_the_number(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed
) -> None:
    table.go_to(2)
    feed.replace([disc(901), *feed.discs])
    qtbot.keyClick(table, Qt.Key.Key_Down, SHIFT)
    assert table.selection.uids() == ["u3", "u4"]
    feed.replace([one for one in feed.discs if one.uid != "u3"])  # where it began is gone
    qtbot.keyClick(table, Qt.Key.Key_Down, SHIFT)
    assert table.selection.uids() == ["u4", "u5"]


def test_what_went_is_not_there_for_any_act(table: EntityTableView, feed: MemoryFeed) -> None:
    """The picture of a record may be kept for the eye; Delete must not reach what is not there."""
    table.grab()
    table.selection.select_only(0, 3)
    feed.hidden = {2}
    feed.tell(Reset())
    assert table.table_model.painted(2) is not None
    assert table.selection.uids() == ["u1", "u2", "u4"]
    feed.hidden, feed.discs = {1}, [*feed.discs[1:]]  # the second row is another record, not read yet
    feed.ids = type(feed.ids)("q", [one.id for one in feed.discs])
    feed.tell(Reset())
    assert table.table_model.painted(1).uid == "u3"
    assert table.table_model.row(1) is None


def test_a_record_that_is_missing_for_a_while_is_waited_for(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed
) -> None:
    table.go_to(4)
    told: list[Any] = []
    table.current_row_changed.connect(told.append)
    whole, feed.loading = feed.discs, True
    feed.replace([one for one in whole if one.uid != "u5"])
    assert (current(table), table.currentIndex().isValid()) == ("u5", False)
    assert told == []
    feed.replace(whole)
    assert (current(table), table.currentIndex().row(), table.selection.uids()) == ("u5", 4, ["u5"])
    assert told == []
    feed.replace([one for one in whole if one.uid != "u5"])
    feed.loading = False
    feed.tell(StateChanged())  # that was all: it is gone
    assert [row.uid for row in told] == ["u6"]


def test_arrows_go_on_from_where_a_missing_record_stood(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed
) -> None:
    for key, uid in ((Qt.Key.Key_Down, "u6"), (Qt.Key.Key_Up, "u4")):
        whole = [disc(number) for number in range(1, 21)]
        feed.loading = False
        feed.replace(whole)
        table.go_to(4)
        feed.loading = True
        feed.replace([one for one in whole if one.uid != "u5"])
        qtbot.keyClick(table, key)
        assert current(table) == uid


def test_what_is_certainly_gone_is_not_waited_for(table: EntityTableView, feed: MemoryFeed) -> None:
    table.go_to(4)
    feed.loading, feed.gone = True, {5}
    left: list[Any] = []
    table.places.left.connect(left.append)
    feed.replace([one for one in feed.discs if one.uid != "u5"])
    assert [row.uid for row in left] == ["u5"]
    assert (current(table), table.selection.uids()) == ("u6", [])


@pytest.mark.parametrize(("heir", "uid"), [(Heir.NOBODY, ""), (Heir.ITSELF, "u5")])
def test_no_key_reaches_the_neighbour_of_a_record_that_went_by_itself(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed, heir: Heir, uid: str
) -> None:
    table.places.heir = lambda _row: heir
    table.go_to(4, "grade")
    whole = feed.discs
    feed.replace([one for one in whole if one.uid != "u5"])
    table.clearFocus()
    table.setFocus()  # by whoever closed what had it
    for key in (Qt.Key.Key_7, Qt.Key.Key_F2, Qt.Key.Key_Space):
        qtbot.keyClick(table, key)
    assert (current(table), table.currentIndex().isValid(), table.editing.active()) == (uid, False, False)
    assert table.selection.empty
    feed.replace(whole)  # it is there again
    assert (current(table), table.currentIndex().row()) == ("u5", 4)
    feed.replace([one for one in whole if one.uid != "u5"])
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert current(table) == "u6"


@pytest.mark.parametrize("heir", [Heir.NOBODY, Heir.ITSELF])
def test_a_selection_goes_on_from_where_a_record_that_went_stood(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed, heir: Heir
) -> None:
    table.places.heir = lambda _row: heir
    table.go_to(4)
    qtbot.keyClick(table, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(table, Qt.Key.Key_Up, SHIFT)
    table.selection.select_only(4, 6)
    feed.replace([one for one in feed.discs if one.uid != "u5"])
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert table.selection.empty, "nobody chose the first"
    qtbot.keyClick(table, Qt.Key.Key_Down, SHIFT)
    assert "u1" not in table.selection.uids()


def test_no_cell_of_another_record_stays_framed(table: EntityTableView, feed: MemoryFeed) -> None:
    table.go_to(4, "grade")
    feed.replace([one for one in feed.discs if one.uid != "u5"])
    column = table.current_column()
    assert column is not None
    assert column.key == "title"


def test_an_id_that_was_given_to_another_record_is_not_followed(
    table: EntityTableView, feed: MemoryFeed
) -> None:
    table.go_to(4)
    feed.replace([msgspec.structs.replace(disc(one.id), uid=f"v{one.id + 1}") for one in feed.discs])
    table.go_to(4)
    feed.replace([msgspec.structs.replace(disc(one.id), uid=f"v{one.id}") for one in feed.discs])
    assert (current(table), table.currentIndex().row()) == ("v6", 5)


def test_a_row_that_is_another_record_than_its_id_is_none(table: EntityTableView, feed: MemoryFeed) -> None:
    """A feed may know the new ids of its rows before it has read them."""
    table.go_to(4)
    more = [disc(901), disc(902), *feed.discs]
    feed.ids = type(feed.ids)("q", [one.id for one in more])
    feed.count = len(more)
    feed.tell(CountChanged(len(more)))
    assert table.table_model.row(6) is None
    feed.discs = more
    feed.tell(RowsChanged(0, len(more) - 1))
    assert (current(table), table.currentIndex().row()) == ("u5", 6)


def test_until_the_first_answer_is_there_the_first_row_is_current_whichever_it_is(
    qtbot: Any, table: EntityTableView
) -> None:
    rows = MemoryFeed([disc(50), disc(51)])
    rows.loading = True
    table.set_results(rows)
    table.begin_at_head()
    assert current(table) == "u50"
    rows.replace([disc(1), disc(50), disc(51)])
    assert (current(table), table.verticalScrollBar().value()) == ("u1", 0)
    assert table.selection.uids() == ["u1"]
    qtbot.keyClick(table, Qt.Key.Key_Space)  # somebody works on it: now it is chosen
    rows.replace([disc(2), disc(1), disc(50), disc(51)])
    assert current(table) == "u1"
    assert table.selection.empty


def test_the_same_records_in_another_order_keep_what_is_current_and_selected(table: EntityTableView) -> None:
    table.go_to(4)
    table.selection.select_only(3, 5)
    rows = MemoryFeed([disc(number) for number in range(200, 190, -1)])
    rows.loading = True
    table.set_results(rows, stay=True)
    assert current(table) == "u5"  # it comes further down
    rows.replace([disc(number) for number in range(200, 0, -1)])
    rows.loading = False
    rows.tell(StateChanged())
    assert (current(table), table.currentIndex().row()) == ("u5", 195)
    assert sorted(table.selection.uids()) == ["u4", "u5", "u6"]
    first, last = table.rows_in_view()
    assert first <= 195 <= last


def test_a_current_record_in_view_is_kept_in_view(table: EntityTableView, feed: MemoryFeed) -> None:
    table.go_to(4)
    feed.replace([*(disc(900 + number) for number in range(40)), *feed.discs])
    first, last = table.rows_in_view()
    assert first <= 44 <= last


def test_the_current_row_is_marked_also_when_it_is_not_selected(qtbot: Any, table: EntityTableView) -> None:
    table.dims_when_inactive = False
    table.go_to(2)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert table.selection.empty
    assert bar(table, 2) == color("brand")
    assert bar(table, 3) != color("brand")


def test_a_move_that_comes_through_qt_is_taken_over(table: EntityTableView) -> None:
    """A screen reader moves through Qt's own current index."""
    table.setCurrentIndex(table.table_model.index(7, 2))
    column = table.current_column()
    assert column is not None
    assert (current(table), table.selection.uids(), column.key) == ("u8", ["u8"], "price")


@pytest.mark.parametrize("moves", ["rows", "reset"])
def test_an_open_cell_follows_its_record(table: EntityTableView, feed: MemoryFeed, moves: str) -> None:
    from instica_desktop.qtkit.widgets.cell_editors import money_editor
    from tests.qtkit.feeds import columns, price_of

    table.table_model.columns = columns(price={"editor": money_editor(price_of)})
    table.go_to(4, "price")
    assert table.edit_current()
    more = [disc(901), disc(902), *feed.discs]
    if moves == "rows":
        pages_come(feed, more)
    else:
        feed.replace(more)
    committed: list[str] = []
    table.edit_committed.connect(lambda row, *_: committed.append(row.uid))
    table.editing.commit()
    assert committed == ["u5"]


def test_another_query_begins_at_its_top(table: EntityTableView) -> None:
    table.verticalScrollBar().setValue(1234)
    table.set_results(MemoryFeed([disc(number) for number in range(300)]))
    assert table.verticalScrollBar().value() == 0


class Searched(list[int]):
    """Ids that note when all of them are searched."""

    def __init__(self, ids: list[int]) -> None:
        super().__init__(ids)
        self.wide = 0

    def index(self, *asked: Any) -> int:
        self.wide += len(asked) < 3 or asked[2] - asked[1] > 1_000
        return super().index(*asked)

    def __contains__(self, _wanted: object) -> bool:
        self.wide += 1
        return super().__contains__(_wanted)


def test_no_key_searches_all_rows(qtbot: Any, table: EntityTableView) -> None:
    rows = MemoryFeed([disc(number) for number in range(1, 5_001)])
    rows.ids = Searched(list(rows.ids))  # type: ignore[assignment]
    table.set_results(rows)
    table.go_to(4_000)
    rows.ids.wide = 0  # type: ignore[attr-defined]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_Space, Qt.Key.Key_Right):
        qtbot.keyClick(table, key)
    rows.tell(RowsChanged(3_990, 4_010))
    assert rows.ids.wide == 0  # type: ignore[attr-defined]


def test_what_qt_does_inside_of_what_qt_does_is_no_move_of_a_person(table: EntityTableView) -> None:
    table.go_to(3)
    with table.derived.unheard():
        with table.derived.unheard():
            pass
        table.setCurrentIndex(table.table_model.index(7, 2))
    assert current(table) == "u4"


def test_that_the_last_row_went_is_told(table: EntityTableView, feed: MemoryFeed) -> None:
    table.go_to(0)
    feed.replace(feed.discs[:1])
    told: list[Any] = []
    table.current_row_changed.connect(told.append)
    feed.replace([])
    assert table.current_row() is None
    assert told == [None]


def test_a_record_that_went_is_not_shown_while_the_one_in_its_place_is_read(
    table: EntityTableView, feed: MemoryFeed
) -> None:
    table.go_to(2)
    told: list[Any] = []
    table.current_row_changed.connect(told.append)
    feed.hidden, feed.gone = {2}, {3}
    feed.ids[2] = 0
    feed.discs = [one for one in feed.discs if one.uid != "u3"]
    feed.tell(Reset())
    assert table.current_row() is None
    assert told == [None]
