"""Editing cells in place."""

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from instica_desktop.core.grading import ITEM_GRADES
from instica_desktop.qtkit.entity_table import EntityTableView
from instica_desktop.qtkit.feed import StateChanged
from instica_desktop.qtkit.widgets.cell_editors import ListEditor, choice_editor, list_editor, money_editor
from instica_desktop.qtkit.widgets.cell_error import CellError
from instica_desktop.qtkit.widgets.grade_picker import GradePicker
from instica_desktop.qtkit.widgets.segments import Segment
from tests.qtkit.feeds import MemoryFeed, columns, disc, price_of

MOVES = [("draft", "Draft"), ("received", "Received"), ("archived", "Archived")]
GRADES = [Segment(grade.label, grade.label) for grade in ITEM_GRADES]


@pytest.fixture
def table(qtbot: Any, feed: MemoryFeed) -> EntityTableView:
    edited = columns(
        price={"editor": money_editor(price_of)},
        grade={"editor": choice_editor(GRADES, lambda row: row.grade, "Item grade")},
        status={"editor": list_editor(lambda row: MOVES, lambda row: "draft", "Status")},
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
    assert table.editing.active()  # until it is saved
    table.editing.saved("u3", "price")
    assert not table.editing.active()
    assert table.hasFocus()


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
    assert "12,50" in error.text()
    assert editor(table).text() == "12,34,567"


def test_a_number_key_grades(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(1, "grade")
    table.edit_current()
    picker = table.findChild(GradePicker, "cellEditor")
    with qtbot.waitSignal(table.edit_committed) as caught:
        qtbot.keyClick(picker, Qt.Key.Key_2)
    assert caught.args[1:] == ["grade", "NM"]


def test_cells_without_editor_and_unknown_rows_do_not_open(table: EntityTableView, feed: MemoryFeed) -> None:
    table.go_to(1, "title")
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


# ------------------------------------------------------------ what is typed is never lost


def test_a_refusal_keeps_the_editor_and_its_text(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(2, "price")
    table.edit_current()
    editor(table).setText("39.5")
    qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    assert table.editing.refused("u3", "price", "There is no room left on the disk.")
    assert editor(table).text() == "39.5"
    assert editor(table).hasFocus()
    assert "room" in table.findChild(CellError).text()
    with qtbot.waitSignal(table.edit_committed):
        qtbot.keyClick(editor(table), Qt.Key.Key_Return)  # and it can be tried again


def test_letters_typed_while_a_value_is_saved_stay(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(2, "price")
    table.edit_current()
    qtbot.keyClicks(editor(table), "39")
    qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    qtbot.keyClicks(editor(table), ".5")
    table.editing.saved("u3", "price")
    assert editor(table).text() == "39.5"


def test_a_key_that_leads_onwards_while_a_value_is_saved_leads_onwards(
    qtbot: Any, table: EntityTableView
) -> None:
    table.go_to(2, "price")
    table.edit_current()
    qtbot.keyClicks(editor(table), "39")
    qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    qtbot.keyClick(editor(table), Qt.Key.Key_Down)
    assert table.currentIndex().row() == 3
    assert not table.editing.active()


def test_a_key_that_leads_onwards_takes_what_was_typed_since_along(
    qtbot: Any, table: EntityTableView
) -> None:
    written: list[object] = []
    table.edit_committed.connect(lambda _row, _key, value: written.append(value))
    table.go_to(2, "price")
    table.edit_current()
    qtbot.keyClicks(editor(table), "39")
    qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    qtbot.keyClicks(editor(table), ".5")
    qtbot.keyClick(editor(table), Qt.Key.Key_Down)
    assert written == [Decimal("39.00"), Decimal("39.50")]
    assert table.currentIndex().row() == 3


@pytest.mark.parametrize("way", ["cell", "hide", "feed", "focus", "tab", "column"])
def test_text_is_saved_whichever_way_its_editor_is_left(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed, way: str
) -> None:
    elsewhere = QLineEdit(table)
    table.go_to(2, "price")
    table.edit_current()
    qtbot.keyClicks(editor(table), "39.5")
    with qtbot.waitSignal(table.edit_committed) as caught:
        match way:
            case "cell":
                table.go_to(4, "price")
                qtbot.keyClick(table, Qt.Key.Key_F2)
            case "hide":
                table.hide()
            case "feed":
                table.set_results(feed)
            case "column":
                table.columns_layout.set_hidden("price", True)
            case "focus":
                elsewhere.show()
                elsewhere.setFocus()
            case _:
                qtbot.keyClick(editor(table), Qt.Key.Key_Tab)
    row, key, value = caught.args
    assert (row.uid, key, value) == ("u3", "price", Decimal("39.50"))


@pytest.mark.parametrize("way", ["cell", "hide"])
def test_text_that_cannot_be_read_is_kept_whichever_way_its_editor_is_left(
    qtbot: Any, table: EntityTableView, way: str
) -> None:
    drafts: dict[tuple[str, str], str | None] = {}
    table.editing.typing.connect(lambda row, key, text: drafts.update({(row.uid, key): text}))
    table.editing.draft_of = lambda row, key: drafts.get((row.uid, key))
    table.go_to(2, "price")
    table.edit_current()
    qtbot.keyClicks(editor(table), "12,5,0")
    with qtbot.assertNotEmitted(table.edit_committed), qtbot.waitSignal(table.editing.kept) as kept:
        if way == "cell":
            table.go_to(4, "price")
            table.edit_current()
            table.editing.cancel()
        else:
            table.hide()
            table.show()
    assert "not a price" in kept.args[2]
    table.go_to(2, "price")
    table.edit_current()
    assert editor(table).text() == "12,5,0"
    assert "not a price" in table.findChild(CellError).text()
    qtbot.keyClick(editor(table), Qt.Key.Key_Escape)
    table.edit_current()
    assert editor(table).text() == "42.00"


def test_an_editor_stays_with_its_record_when_rows_appear_above(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed
) -> None:
    table.go_to(2, "price")
    table.edit_current()
    before = editor(table).y()
    qtbot.keyClicks(editor(table), "39")
    feed.replace([disc(901), disc(902), *feed.discs])
    assert editor(table).y() == before + 2 * table.row_height
    qtbot.keyClicks(editor(table), ".5")
    with qtbot.waitSignal(table.edit_committed) as caught:
        qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    assert caught.args[0].uid == "u3"


def test_an_editor_stays_when_rows_go_above_and_the_view_is_at_its_end(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed
) -> None:
    table.go_to(199, "price")
    table.edit_current()
    qtbot.keyClicks(editor(table), "39")
    with qtbot.assertNotEmitted(table.edit_committed):
        feed.replace(feed.discs[20:])
    assert table.editing.active()
    assert table.viewport().rect().contains(editor(table).geometry())
    qtbot.keyClicks(editor(table), ".5")
    with qtbot.waitSignal(table.edit_committed) as caught:
        qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    assert (caught.args[0].uid, caught.args[2]) == ("u200", Decimal("39.50"))


def test_the_reason_is_said_once_the_record_is_there_again(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed
) -> None:
    table.go_to(2, "price")
    table.edit_current()
    qtbot.keyClicks(editor(table), "12,5,0")
    whole, feed.loading = feed.discs, True
    feed.replace([one for one in whole if one.uid != "u3"])
    qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    feed.replace(whole)
    assert "not a price" in table.findChild(CellError).text()
    assert table.findChild(CellError).isVisible()


def test_a_value_refused_as_its_editor_is_left_is_said_where_it_is_seen(
    qtbot: Any, table: EntityTableView
) -> None:
    """What is refused at once is not said to an editor that closes in the same moment."""
    seen: list[bool] = []

    def refuse(row: Any, key: str, _value: object) -> None:
        seen.append(table.editing.refused(row.uid, key, "Not this price."))

    table.edit_committed.connect(refuse)
    table.go_to(2, "price")
    table.edit_current()
    qtbot.keyClicks(editor(table), "39.5")
    table.verticalScrollBar().setValue(2000)
    table.editing.leave()
    assert seen == [False]  # whoever saves says it elsewhere
    assert not table.editing.active()
    table.go_to(60, "price")
    table.edit_current()
    qtbot.keyClicks(editor(table), "39.5")
    table.editing.leave()
    assert seen == [False, True]
    assert table.findChild(CellError).isVisible()


def test_what_was_refused_is_said_at_its_cell_wherever_that_goes(
    table: EntityTableView, feed: MemoryFeed
) -> None:
    table.go_to(2, "price")
    table.edit_current()
    before = editor(table).geometry()
    assert table.editing.refused("u6", "price", "Not this price.")  # another cell than the one open
    error = table.findChild(CellError)
    place = error.y()
    feed.replace([disc(901), *feed.discs])
    assert error.y() == place + table.row_height
    assert editor(table).y() == before.y() + table.row_height
    assert not editor(table).property("invalid")
    feed.replace([one for one in feed.discs if one.uid != "u6"])
    assert not error.isVisible()


def test_an_editor_stays_on_its_cell_when_columns_come_and_rows_get_lower(
    qtbot: Any, table: EntityTableView
) -> None:
    table.columns_layout.set_hidden("sku", True)
    table.columns_layout.set_hidden("status", True)
    table.go_to(5, "price")
    table.edit_current()
    qtbot.keyClicks(editor(table), "39.5")
    with qtbot.assertNotEmitted(table.edit_committed):
        table.columns_layout.set_hidden("status", False)
        table.columns_layout.set_hidden("sku", False)
        table.set_compact(True)
    at = table.table_model.column_index("price")
    assert editor(table).geometry().left() == table.header.sectionViewportPosition(at)
    assert abs(editor(table).geometry().center().y() - table.row_rect(5).center().y()) <= 2


# ------------------------------------------------------------ out of view, and back


def in_sight(view: EntityTableView) -> bool:
    """Tell whether any of the editor can be seen."""
    return not editor(view).visibleRegion().isEmpty()


def stands_on(view: EntityTableView, uid: str) -> bool:
    """Tell whether the editor is drawn over the price of a record."""
    index = view.table_model.index_of(uid)
    assert index is not None
    cell = view.visualRect(view.table_model.index(index, view.table_model.column_index("price")))
    return in_sight(view) and abs(editor(view).geometry().center().y() - cell.center().y()) <= 2


def wheel(view: EntityTableView, notches: int) -> None:
    place = QPointF(view.viewport().rect().center())
    for _ in range(abs(notches)):
        turn = QWheelEvent(
            place,
            QPointF(view.viewport().mapToGlobal(place.toPoint())),
            QPoint(),
            QPoint(0, -120 if notches > 0 else 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(view.viewport(), turn)


def begin_price(qtbot: Any, table: EntityTableView, typed: str = "1") -> None:
    table.go_to(2, "price")
    qtbot.keyClicks(table, typed[0])
    qtbot.keyClicks(editor(table), typed[1:])


def end_price(qtbot: Any, table: EntityTableView, typed: str, value: str) -> None:
    """Type on where the keyboard is; what is saved is the whole price of the record it was begun for."""
    assert QApplication.focusWidget() is editor(table)
    qtbot.keyClicks(QApplication.focusWidget(), typed)
    assert stands_on(table, "u3")
    with qtbot.waitSignal(table.edit_committed) as caught:
        qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    assert (caught.args[0].uid, caught.args[2]) == ("u3", Decimal(value))


@pytest.mark.parametrize("notches", [1, 3, 10])
def test_the_wheel_in_the_middle_of_a_price_saves_nothing(
    qtbot: Any, table: EntityTableView, notches: int
) -> None:
    begin_price(qtbot, table)
    with qtbot.assertNotEmitted(table.edit_committed):
        wheel(table, notches)
    assert table.verticalScrollBar().value() > 0
    assert editor(table).text() == "1"
    assert in_sight(table) is (notches == 1)
    end_price(qtbot, table, "2.50", "12.50")


def test_an_editor_is_there_again_when_its_record_is_scrolled_back(
    qtbot: Any, table: EntityTableView
) -> None:
    begin_price(qtbot, table, "12,5,0")
    qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    wheel(table, 10)
    assert not in_sight(table)
    assert not table.findChild(CellError).isVisible()
    wheel(table, -20)
    assert stands_on(table, "u3")
    assert editor(table).text() == "12,5,0"
    assert "not a price" in table.findChild(CellError).text()
    assert table.findChild(CellError).isVisible()


def test_columns_that_move_and_change_their_widths_save_nothing(qtbot: Any, table: EntityTableView) -> None:
    begin_price(qtbot, table)
    with qtbot.assertNotEmitted(table.edit_committed):
        table.header.moveSection(table.header.visualIndex(2), 4)
        assert stands_on(table, "u3")
        table.header.resizeSection(3, 1_000)
        qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() > 0)
    assert not in_sight(table)
    end_price(qtbot, table, "2.50", "12.50")


def test_a_column_that_is_hidden_is_left(qtbot: Any, table: EntityTableView) -> None:
    begin_price(qtbot, table, "12")
    with qtbot.waitSignal(table.edit_committed):
        table.columns_layout.set_hidden("price", True)
    assert not table.editing.active()


@pytest.mark.parametrize("anew", [False, True])
def test_an_editor_waits_out_of_sight_for_its_record(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed, anew: bool
) -> None:
    """Rows are read again, or in another order, and come in pages: its own is on the last one."""
    begin_price(qtbot, table)
    whole = [*feed.discs[3:], *feed.discs[:3]]
    if anew:
        feed = MemoryFeed(whole[:20])
        feed.loading = True
        with qtbot.assertNotEmitted(table.edit_committed):
            table.set_results(feed, stay=True)
    else:
        feed.loading = True
        feed.replace(whole[:20])
    assert table.editing.active()
    assert not in_sight(table)
    qtbot.keyClicks(QApplication.focusWidget(), "2")
    assert not in_sight(table)
    assert editor(table).text() == "12"
    with qtbot.assertNotEmitted(table.edit_committed):
        feed.replace(whole)
        feed.loading = False
        feed.tell(StateChanged())
    assert stands_on(table, "u3")
    end_price(qtbot, table, ".50", "12.50")


def test_rows_in_another_order_take_the_editor_with_them(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed
) -> None:
    begin_price(qtbot, table)
    feed.replace([*feed.discs[3:], *feed.discs[:3]])
    assert stands_on(table, "u3")
    end_price(qtbot, table, "2.50", "12.50")


def test_half_a_price_is_not_saved_when_its_record_goes(
    qtbot: Any, table: EntityTableView, feed: MemoryFeed
) -> None:
    begin_price(qtbot, table)
    gone = feed.discs[2]
    with qtbot.assertNotEmitted(table.edit_committed), qtbot.waitSignal(table.editing.kept) as kept:
        feed.gone.add(gone.id)
        feed.replace([one for one in feed.discs if one is not gone])
    assert kept.args == [gone, "price", "It is no longer in this list."]
    assert not table.editing.active()


def test_a_refusal_out_of_view_is_for_others_to_say_and_is_there_again(
    qtbot: Any, table: EntityTableView
) -> None:
    begin_price(qtbot, table, "12")
    qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    wheel(table, 10)
    assert not table.editing.refused("u3", "price", "There is no room left on the disk.")
    assert not table.findChild(CellError)
    wheel(table, -20)
    assert "room" in table.findChild(CellError).text()
    end_price(qtbot, table, ".50", "12.50")


def test_the_reason_at_a_cell_stays_until_the_value_is_right(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(2, "price")
    table.edit_current()
    qtbot.keyClicks(editor(table), "12,5,0")
    qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    error = table.findChild(CellError)
    assert error.isVisible()
    assert not error._timer.isActive()  # pyright: ignore[reportPrivateUsage]
    qtbot.keyClick(editor(table), Qt.Key.Key_Backspace)
    assert error.isVisible()
    qtbot.keyClick(editor(table), Qt.Key.Key_Backspace)
    assert not error.isVisible()
    assert not editor(table).property("invalid")


# ------------------------------------------------------------ typing on a cell


def test_typing_on_a_cell_begins_editing_with_what_is_typed(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(2, "price")
    qtbot.keyClick(table, Qt.Key.Key_3)
    assert editor(table).text() == "3"
    qtbot.keyClicks(editor(table), "9.5")
    assert editor(table).text() == "39.5"


def test_a_number_on_a_grade_grades(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(1, "grade")
    with qtbot.waitSignal(table.edit_committed) as caught:
        qtbot.keyClick(table, Qt.Key.Key_2)
    assert caught.args[1:] == ["grade", "NM"]
    assert table.hasFocus()
    assert not table.findChild(GradePicker, "cellEditor").isVisible()
    table.editing.saved("u2", "grade")
    for key in (Qt.Key.Key_0, Qt.Key.Key_K):
        with qtbot.assertNotEmitted(table.edit_committed):
            qtbot.keyClick(table, key)
        assert not table.editing.active()


def test_a_grade_the_cell_has_already_closes_the_picker(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(1, "grade")
    had = table.table_model.row(1).grade  # pyright: ignore[reportOptionalMemberAccess]
    place = [grade.key for grade in GRADES].index(had) + 1
    with qtbot.assertNotEmitted(table.edit_committed):
        qtbot.keyClick(table, Qt.Key.Key_0 + place)
    assert not table.editing.active()
    table.edit_current()
    with qtbot.assertNotEmitted(table.edit_committed):
        qtbot.keyClick(table.findChild(GradePicker, "cellEditor"), Qt.Key.Key_0 + place)
    assert not table.editing.active()


def test_of_several_selected_the_one_that_is_edited_stays(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(1, "grade")
    for _ in range(2):
        qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert table.selection.count == 3
    with qtbot.waitSignal(table.edit_committed) as caught:
        qtbot.keyClick(table, Qt.Key.Key_2)
    current = table.current_row()
    assert current is not None
    assert caught.args[0].uid == current.uid
    assert table.selection.uids() == [caught.args[0].uid]


def test_a_picker_closes_when_the_keyboard_goes_elsewhere(qtbot: Any, table: EntityTableView) -> None:
    other = QLineEdit(table)
    other.show()
    table.go_to(1, "grade")
    table.edit_current()
    other.setFocus()
    assert not table.editing.active()
    assert other.hasFocus()


def test_a_status_is_chosen_from_a_list_that_opens_at_once(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(1, "status")
    qtbot.keyClick(table, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    view = table.findChild(ListEditor, "cellEditor").view()
    assert [view.model().index(at, 0).data() for at in range(view.model().rowCount())] == [
        "Draft",
        "Received",
        "Archived",
    ]
    qtbot.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(table.edit_committed) as caught:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert caught.args[1:] == ["status", "received"]
    table.editing.saved("u2", "status")
    assert table.hasFocus()


def test_a_list_given_up_changes_nothing(qtbot: Any, table: EntityTableView) -> None:
    table.go_to(1, "status")
    qtbot.keyClick(table, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    view = table.findChild(ListEditor, "cellEditor").view()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    with qtbot.assertNotEmitted(table.edit_committed):
        qtbot.keyClick(view, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not table.editing.active())
    assert table.hasFocus()
