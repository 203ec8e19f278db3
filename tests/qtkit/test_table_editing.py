"""Editing cells in place."""

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from instica_desktop.core.grading import ITEM_GRADES
from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.widgets.cell_editors import choice_editor, money_editor
from instica_desktop.qtkit.widgets.cell_error import CellError
from instica_desktop.qtkit.widgets.grade_picker import GradePicker
from instica_desktop.qtkit.widgets.segments import Segment
from tests.qtkit.feeds import MemoryFeed, columns, price_of

GRADES = [Segment(grade.label, grade.label) for grade in ITEM_GRADES]


@pytest.fixture
def table(qtbot: Any, feed: MemoryFeed) -> EntityTableView:
    edited = columns(
        price={"editor": money_editor(price_of)},
        grade={"editor": choice_editor(GRADES, lambda row: row.grade, "Item grade")},
    )
    view = EntityTableView(edited, "table", "Items")
    qtbot.addWidget(view)
    view.resize(720, 432)
    view.set_results(feed)
    view.show()
    view.activateWindow()
    qtbot.waitExposed(view)
    view.setFocus()
    return view


def editor(view: EntityTableView) -> QLineEdit:
    found = view.findChild(QLineEdit, "cellEditor")
    assert isinstance(found, QLineEdit)
    return found


def test_f2_edits_a_price_and_enter_commits_it(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(2, "price")
    qtbot.keyClick(table, Qt.Key.Key_F2)
    assert editor(table).selectedText() == "42.00"
    editor(table).setText("39.5")
    with qtbot.waitSignal(table.edit_committed) as caught:
        qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    row, key, value = caught.args
    assert (row.uid, key, value) == ("u3", "price", Decimal("39.50"))
    assert not table.editing.active()


def test_escape_gives_up(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(2, "price")
    table.edit_current()
    editor(table).setText("1")
    with qtbot.assertNotEmitted(table.edit_committed):
        qtbot.keyClick(editor(table), Qt.Key.Key_Escape)
    assert not table.editing.active()


def test_a_wrong_price_stays_with_a_sentence_at_the_cell(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(2, "price")
    table.edit_current()
    editor(table).setText("12,34,567")
    with qtbot.assertNotEmitted(table.edit_committed):
        qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    error = table.findChild(CellError)
    assert error.isVisible()
    assert "1234.56" in error.text()
    assert editor(table).text() == "12,34,567"


def test_a_number_key_grades(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(1, "grade")
    table.edit_current()
    picker = table.findChild(GradePicker, "cellEditor")
    with qtbot.waitSignal(table.edit_committed) as caught:
        qtbot.keyClick(picker, Qt.Key.Key_2)
    assert caught.args[1:] == ["grade", "NM"]


def test_cells_without_editor_and_unknown_rows_do_not_open(table: EntityTableView, feed: MemoryFeed) -> None:
    table.go_to(1, "status")
    assert not table.edit_current()
    feed.hidden = {180}
    table.go_to(180, "price")
    assert not table.edit_current()


def test_the_editor_stays_on_its_cell_while_rows_scroll(table: EntityTableView) -> None:
    table.go_to(3, "price")
    table.edit_current()
    before = editor(table).y()
    table.verticalScrollBar().setValue(40)
    assert editor(table).y() == before - 40


def test_a_refusal_that_comes_later_is_said_at_the_cell(table: EntityTableView) -> None:
    table.show_cell_error("u2", "price", "Instica refused this price.")
    error = table.findChild(CellError)
    assert error.isVisible()
    assert error.accessibleName() == "Instica refused this price."
