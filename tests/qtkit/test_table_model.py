"""The model: rows of a feed for Qt, calm whatever the feed does."""

from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from instica_desktop.qtkit.entity_table import EntityTableModel
from instica_desktop.qtkit.feed import CountChanged, Reset, RowFeed, RowsChanged, StateChanged
from tests.qtkit.feeds import MemoryFeed, columns, disc

DISPLAY = Qt.ItemDataRole.DisplayRole


@pytest.fixture
def model(feed: MemoryFeed) -> EntityTableModel:
    made = EntityTableModel(columns())
    made.set_results(feed)
    return made


def test_qt_finds_no_fault_while_rows_come_and_go(feed: MemoryFeed) -> None:
    model = EntityTableModel(columns())
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_results(feed)
    feed.replace([disc(n) for n in range(50)])
    feed.replace([disc(n) for n in range(80)])
    feed.tell(RowsChanged(3, 9))
    model.set_results(MemoryFeed([]))
    model.set_results(None)
    assert tester.model() is model


def test_the_test_feed_is_a_feed(feed: MemoryFeed) -> None:
    assert isinstance(feed, RowFeed)


def test_words_alignment_tooltip_and_speech(model: EntityTableModel) -> None:
    price = model.index(0, model.column_index("price"))
    assert model.data(price) == "42.00"
    assert model.data(price, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert model.data(price, Qt.ItemDataRole.AccessibleTextRole) == "42.00"
    sku = model.index(0, model.column_index("sku"))
    assert model.data(sku, Qt.ItemDataRole.ToolTipRole) == "<span>&lt;b&gt;1&lt;/b&gt;</span>"
    assert model.data(sku, Qt.ItemDataRole.DecorationRole) is None
    assert model.headerData(0, Qt.Orientation.Horizontal) == "Title"


def test_the_unknown_is_three_dots(feed: MemoryFeed, model: EntityTableModel) -> None:
    feed.hidden = {7}
    assert model.data(model.index(7, 0)) == "…"
    assert model.data(model.index(7, 0), Qt.ItemDataRole.AccessibleTextRole) is None


def test_a_row_once_known_stays_while_it_is_refreshed(feed: MemoryFeed, model: EntityTableModel) -> None:
    assert model.data(model.index(4, 0)) == "Title 5"
    feed.hidden = set(range(200))
    feed.tell(Reset())
    assert model.data(model.index(4, 0)) == "Title 5"
    assert model.data(model.index(5, 0)) == "…"


@pytest.mark.allow_log(r"instica_desktop\.qtkit\.entity_table\.model")
def test_a_broken_feed_or_column_is_logged_once_and_never_raises(feed: MemoryFeed, caplog: Any) -> None:
    model = EntityTableModel(columns(title={"text": lambda row: row.nothing}))
    model.set_results(feed)
    assert [model.data(model.index(at, 0)) for at in range(5)] == [None] * 5
    assert len(caplog.records) == 1
    feed.breaks = True
    assert model.painted(3) is not None  # as it last was
    assert model.row(3) is None  # nothing acts on that
    assert model.row(30) is None


def test_a_change_of_rows_is_one_range(qtbot: Any, feed: MemoryFeed, model: EntityTableModel) -> None:
    with qtbot.waitSignal(model.dataChanged) as caught:
        feed.tell(RowsChanged(10, 500))
    first, last = caught.args[:2]
    assert (first.row(), last.row()) == (10, 199)
    assert last.column() == len(columns()) - 1


def test_a_reset_keeps_qts_rows_and_grows_or_shrinks_at_the_end(qtbot: Any, feed: MemoryFeed) -> None:
    model = EntityTableModel(columns())
    model.set_results(feed)
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.rowsRemoved) as caught:
        feed.replace(feed.discs[:150])
    assert caught.args[1:] == [150, 199]
    assert model.rowCount() == 150


def test_the_count_is_unknown_until_the_feed_knows(qtbot: Any, feed: MemoryFeed) -> None:
    feed.count = None
    model = EntityTableModel(columns())
    model.set_results(feed)
    assert (model.count, model.rowCount()) == (None, 200)
    feed.count = 5_000
    with qtbot.waitSignal(model.count_changed) as caught:
        feed.tell(CountChanged(5_000))
    assert caught.args == [5_000]
    assert model.rowCount() == 5_000
    assert model.row(4_000) is None


def test_a_state_change_moves_no_rows(qtbot: Any, feed: MemoryFeed, model: EntityTableModel) -> None:
    with qtbot.assertNotEmitted(model.dataChanged), qtbot.waitSignal(model.state_changed):
        feed.tell(StateChanged())


def test_a_former_feed_is_not_heard_any_more(qtbot: Any, feed: MemoryFeed, model: EntityTableModel) -> None:
    model.set_results(MemoryFeed([disc(1)]))
    assert feed.listeners == []
    with qtbot.assertNotEmitted(model.dataChanged):
        feed.tell(RowsChanged(0, 5))


def test_children_of_rows_are_none(model: EntityTableModel) -> None:
    inside = model.index(0, 0)
    assert (model.rowCount(inside), model.columnCount(inside)) == (0, 0)
    assert model.data(QModelIndex(), DISPLAY) is None


def test_an_event_of_another_room_is_understood_by_what_it_carries(
    qtbot: Any, feed: MemoryFeed, model: EntityTableModel
) -> None:
    class Renamed(msgspec.Struct):
        first: int
        last: int

    with qtbot.waitSignal(model.dataChanged) as caught:
        feed.tell(Renamed(1, 2))  # type: ignore[arg-type]
    assert (caught.args[0].row(), caught.args[1].row()) == (1, 2)
