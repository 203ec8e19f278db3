"""Widgets one chooses with: grades, segments, filters, tabs, statuses, checks."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from instica_desktop.core.grading import ITEM_GRADES, SLEEVE_EXTRAS
from instica_desktop.qtkit import paint
from instica_desktop.qtkit.theme.fonts import font
from instica_desktop.qtkit.widgets.checks import SIDE, CheckBox
from instica_desktop.qtkit.widgets.chip import Chip
from instica_desktop.qtkit.widgets.filter_chip import FilterChip, FilterOption
from instica_desktop.qtkit.widgets.grade_picker import GradePicker
from instica_desktop.qtkit.widgets.segments import Segment, SegmentedControl
from instica_desktop.qtkit.widgets.status_moves import Move, StatusMoves
from instica_desktop.qtkit.widgets.tabs import Tabs

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # popups, offscreen
LEFT = Qt.MouseButton.LeftButton
GRADES = [Segment(grade.code, grade.label, accessible=grade.name) for grade in ITEM_GRADES]
EXTRAS = [Segment(grade.code, grade.label, accessible=grade.name) for grade in SLEEVE_EXTRAS]
STATUSES = [
    FilterOption("listed", "Listed", "12"),
    FilterOption("sold", "Sold"),
    FilterOption("draft", "Draft"),
]


@pytest.fixture
def picker(qtbot: Any) -> GradePicker:
    made = GradePicker(GRADES, "grade", "Item grade", extras=EXTRAS, show_keys=True)
    qtbot.addWidget(made)
    made.resize(400, 44)
    made.show()
    return made


@pytest.mark.parametrize("number", range(1, 10))
def test_number_keys_grade(qtbot: Any, picker: GradePicker, number: int) -> None:
    with qtbot.waitSignal(picker.changed) as caught:
        qtbot.keyClick(picker, Qt.Key(Qt.Key.Key_0 + number))
    assert caught.args == [ITEM_GRADES[number - 1].code]
    assert picker.value == ITEM_GRADES[number - 1].code


def test_arrows_move_the_grade(qtbot: Any, picker: GradePicker) -> None:
    picker.set_value("ex")
    cell = picker.focusProxy().focusProxy()
    cell.setFocus()
    with qtbot.waitSignal(picker.changed) as caught:
        qtbot.keyClick(cell, Qt.Key.Key_Right)
    assert caught.args == ["vg_plus"]


@pytest.mark.parametrize(("value", "stop"), [("", 0), ("vg", 4), ("generic", 0)])
def test_tab_comes_to_the_grades_once(picker: GradePicker, value: str, stop: int) -> None:
    picker.set_value("nm")
    picker.set_value(value)
    cells = picker.findChild(object, "gradeCells").cells  # type: ignore[union-attr]
    stops = [at for at, cell in enumerate(cells) if cell.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert stops == [stop]


def test_a_click_grades_and_the_cells_are_equal(qtbot: Any, picker: GradePicker) -> None:
    cells = picker.findChild(object, "gradeCells").cells  # type: ignore[union-attr]
    assert max(c.width() for c in cells) - min(c.width() for c in cells) <= 1
    with qtbot.waitSignal(picker.changed) as caught:
        qtbot.mouseClick(cells[4], LEFT, pos=QPoint(3, 3))
    assert caught.args == ["vg"]


def test_choosing_the_same_again_says_nothing(qtbot: Any, picker: GradePicker) -> None:
    picker.set_value("m")
    with qtbot.assertNotEmitted(picker.changed):
        qtbot.keyClick(picker, Qt.Key.Key_1)


def test_an_extra_takes_the_place_of_the_grade(qtbot: Any, picker: GradePicker) -> None:
    picker.set_value("no_cover")
    assert picker.value == "no_cover"
    qtbot.keyClick(picker, Qt.Key.Key_3)
    assert picker.value == "ex"
    picker.set_value("something new")
    assert picker.value == "something new"


def test_cells_speak_whole_names(picker: GradePicker) -> None:
    spoken = [cell.accessibleName() for cell in picker.findChild(object, "gradeCells").cells]  # type: ignore[union-attr]
    assert spoken[3] == "Very Good Plus"


def test_segments_choose_one(qtbot: Any) -> None:
    control = SegmentedControl([Segment("list", "List"), Segment("grid", "Grid", count="3")], "view", "View")
    qtbot.addWidget(control)
    control.show()
    assert control.value == "list"
    with qtbot.waitSignal(control.chosen) as caught:
        qtbot.mouseClick(control.cells[1], LEFT)
    assert caught.args == ["grid"]
    control.set_count("grid", "4")
    assert control.cells[1].segment.count == "4"


def test_a_filter_opens_and_turns_choices_over(qtbot: Any) -> None:
    chip = FilterChip("Status", "status", options=STATUSES)
    qtbot.addWidget(chip)
    chip.show()
    heard: list[tuple[str, ...]] = []
    chip.selection_changed.connect(heard.append)
    qtbot.keyClick(chip, Qt.Key.Key_Down)
    choices = chip.choices()
    assert choices is not None
    qtbot.keyClick(choices, Qt.Key.Key_Space)
    qtbot.keyClick(choices, Qt.Key.Key_Down)
    qtbot.keyClick(choices, Qt.Key.Key_Space)
    assert heard == [("listed",), ("listed", "sold")]
    assert chip.value_text() == "Listed, Sold"
    assert chip.accessibleName() == "Status: Listed, Sold"
    qtbot.keyClick(choices, Qt.Key.Key_Return)
    assert chip.choices() is None


def test_a_filter_is_emptied_by_key_and_by_its_cross(qtbot: Any) -> None:
    chip = FilterChip("Status", "status", options=STATUSES)
    qtbot.addWidget(chip)
    chip.show()
    for act in (
        lambda: qtbot.keyClick(chip, Qt.Key.Key_Delete),
        lambda: qtbot.mouseClick(chip, LEFT, pos=QPoint(chip.width() - 12, 14)),
    ):
        chip.set_selected(["sold"])
        chip.resize(chip.sizeHint())
        with qtbot.waitSignal(chip.selection_changed) as caught:
            act()
        assert caught.args == [()]


def test_a_single_choice_closes_the_list(qtbot: Any) -> None:
    chip = FilterChip("Sort", "sort", options=STATUSES, single=True)
    qtbot.addWidget(chip)
    chip.show()
    chip.set_selected(["sold"])
    chip.open_choices()
    choices = chip.choices()
    assert choices is not None
    qtbot.keyClick(choices, Qt.Key.Key_Space)
    assert chip.selected == ("listed",)
    assert chip.choices() is None


def test_a_value_that_is_no_option_is_kept(qtbot: Any) -> None:
    chip = FilterChip("Status", "status", options=STATUSES)
    qtbot.addWidget(chip)
    chip.show()
    chip.set_selected(["reserved"])
    chip.open_choices()
    choices = chip.choices()
    assert choices is not None
    qtbot.keyClick(choices, Qt.Key.Key_Space)
    assert chip.selected == ("listed", "reserved")
    choices.done.emit()


def test_a_tag_is_removed_by_its_cross_or_delete_only(qtbot: Any) -> None:
    chip = Chip("modal jazz", "tag")
    qtbot.addWidget(chip)
    chip.show()
    with qtbot.waitSignal(chip.removed):
        qtbot.keyClick(chip, Qt.Key.Key_Delete)
    with qtbot.assertNotEmitted(chip.removed), qtbot.waitSignal(chip.clicked):
        qtbot.mouseClick(chip, LEFT, pos=QPoint(20, 14))
    with qtbot.waitSignal(chip.removed):
        qtbot.mouseClick(chip, LEFT, pos=QPoint(chip.width() - 12, 14))


def test_tabs_say_which_is_on(qtbot: Any) -> None:
    tabs = Tabs([("details", "Details"), ("photos", "Photos")], "tabs", "Parts")
    qtbot.addWidget(tabs)
    tabs.show()
    tabs.set_count("photos", 5)
    assert tabs.accessibleTabName(1) == "Photos, 5"
    with qtbot.waitSignal(tabs.chosen) as caught:
        qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert caught.args == ["photos"]
    assert tabs.value == "photos"


def test_only_legal_moves_are_offered(qtbot: Any) -> None:
    moves = StatusMoves("status", "Status")
    qtbot.addWidget(moves)
    moves.set_status(
        "Listed",
        "success",
        [Move("ready", "Ready to sell", reason="Needs a connection"), Move("sold", "Sold")],
    )
    ready, sold = moves.buttons
    assert (ready.isEnabled(), ready.toolTip()) == (False, "Needs a connection")
    with qtbot.waitSignal(moves.move_chosen) as caught:
        sold.click()
    assert caught.args == ["sold"]
    moves.set_status("Archived", "neutral", [])
    assert list(moves.buttons) == []


def test_a_box_takes_clicks_on_its_words(qtbot: Any) -> None:
    box = CheckBox("On Discogs", "tell")
    qtbot.addWidget(box)
    box.show()
    qtbot.mouseClick(box, LEFT, pos=QPoint(60, 12))
    assert box.isChecked()


@pytest.mark.parametrize("value", [grade.key for grade in (*GRADES, *EXTRAS)])
@pytest.mark.parametrize("width", [301, 320, 400])
def test_every_grade_fits_a_narrow_pane(qtbot: Any, value: str, width: int) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    picker = GradePicker(GRADES, "grade", "Sleeve grade", home, extras=EXTRAS)
    QVBoxLayout(home).addWidget(picker)
    home.layout().setContentsMargins(0, 0, 0, 0)  # type: ignore[union-attr]
    picker.set_value(value)
    home.resize(width, 120)
    home.show()
    qtbot.wait(1)
    assert home.width() == width, "the choice widens what it stands in"
    shown = [part for part in home.findChildren(QAbstractButton) if part.isVisible()]
    assert len(shown) == len(GRADES) + 1
    for part in shown:
        assert home.rect().contains(QRect(part.mapTo(home, QPoint()), part.size())), part.objectName()
        assert part.width() >= part.minimumWidth()


@pytest.mark.parametrize("role", ["body", "medium"])
def test_a_box_has_room_for_its_words_in_whatever_font(qtbot: Any, role: Any) -> None:
    box = CheckBox("Tell me when orders arrive", "tell")
    qtbot.addWidget(box)
    box.setFont(font(role))
    assert box.sizeHint().width() - SIDE - 8 >= box.fontMetrics().horizontalAdvance(box.text())


def test_a_segment_that_is_on_has_room_for_its_number(qtbot: Any) -> None:
    row = SegmentedControl([Segment("a", "To ship", count="1,399")], "orders", "Orders")
    qtbot.addWidget(row)
    cell = row.cells[0]
    drawn = paint.text_width("To ship", "strong", True) + 6 + paint.text_width("1,399", "strong", True)
    assert cell.sizeHint().width() >= drawn + 20
