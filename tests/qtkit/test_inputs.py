"""Inputs keep what was typed and say what is wrong."""

from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from instica_desktop.core.errors import InputError
from instica_desktop.qtkit.widgets.button import Button, IconButton
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.qtkit.widgets.inputs import MoneyField, ReadOnlyValue, Select, TextArea, TextField
from instica_desktop.qtkit.widgets.search_field import SearchField, Span


def test_a_price_is_told_once_it_can_be_read(qtbot: Any) -> None:
    field = MoneyField("price", "Price")
    qtbot.addWidget(field)
    field.set_amount(Decimal("36.00"))
    field.setText("33")
    with qtbot.waitSignal(field.amount_changed) as caught:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert caught.args == [Decimal("33.00")]
    with qtbot.assertNotEmitted(field.amount_changed):
        qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_price_that_cannot_be_read_stays_as_typed(qtbot: Any) -> None:
    field = MoneyField("price", "Price")
    qtbot.addWidget(field)
    field.setText("12,34,567")
    with qtbot.assertNotEmitted(field.amount_changed):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "12,34,567"
    with pytest.raises(InputError):
        field.amount()
    field.setText("")
    assert field.amount() is None


def test_a_form_field_says_its_error_to_eye_and_ear(qtbot: Any) -> None:
    inner = TextField("shelf", "Shelf")
    field = FormField("Shelf", inner, note="3 others here")
    qtbot.addWidget(field)
    field.set_error("Name the shelf first.")
    assert field.error == "Name the shelf first."
    assert inner.accessibleDescription() == "Name the shelf first."
    assert inner.property("invalid") is True
    field.set_error()
    assert (field.error, inner.property("invalid")) == ("", False)


def test_an_error_does_not_change_the_height_of_the_input(qtbot: Any) -> None:
    inner = TextField("shelf", "Shelf")
    field = FormField("Shelf", inner)
    qtbot.addWidget(field)
    field.show()
    before = inner.sizeHint().height()
    field.set_error("Wrong.")
    assert (before, inner.sizeHint().height()) == (32, 32)


def test_notes_are_told_when_the_keyboard_leaves_them(qtbot: Any) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    notes, other = TextArea("notes", "Notes", window), TextField("other", "Other", window)
    column = QVBoxLayout(window)
    column.addWidget(notes)
    column.addWidget(other)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    notes.set_text("Plays clean")
    notes.setFocus()
    qtbot.keyClicks(notes, "Now ")
    with qtbot.waitSignal(notes.edited) as caught:
        qtbot.keyClick(notes, Qt.Key.Key_Tab)
    assert caught.args == ["Now Plays clean"]


def test_a_choice_is_not_changed_by_the_wheel(qtbot: Any) -> None:
    select = Select("service", "Service")
    qtbot.addWidget(select)
    select.set_options([("media", "Media Mail"), ("first", "First Class")])
    select.set_value("media")
    turn = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), select.pos(), select.pos() * -120, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    select.wheelEvent(turn)
    assert (select.value, turn.isAccepted()) == ("media", False)
    select.set_options([("first", "First Class"), ("media", "Media Mail")])
    assert select.value == "media"


def test_money_that_is_only_shown_has_its_sign(qtbot: Any) -> None:
    value = ReadOnlyValue("total", "Total", money=True)
    qtbot.addWidget(value)
    value.set_value("42.00")
    assert value.text() == "$ 42.00"
    value.set_value("Unknown")
    assert value.text() == "Unknown"


# ------------------------------------------------------------ search


@pytest.fixture
def search(qtbot: Any) -> SearchField:
    made = SearchField("search", "Search", keys=("Ctrl F",))
    qtbot.addWidget(made)
    made.show()
    return made


def test_typing_is_told_once_it_pauses(qtbot: Any, search: SearchField) -> None:
    heard: list[str] = []
    search.text_changed.connect(heard.append)
    qtbot.keyClicks(search.edit, "kob")
    assert heard == []
    qtbot.waitUntil(lambda: heard == ["kob"], timeout=5_000)


def test_enter_does_not_wait(qtbot: Any, search: SearchField) -> None:
    qtbot.keyClicks(search.edit, "kob")
    with qtbot.waitSignals([search.text_changed, search.submitted]):
        qtbot.keyClick(search.edit, Qt.Key.Key_Return)


def test_escape_clears_and_then_leaves(qtbot: Any, search: SearchField) -> None:
    search.set_text("kob")
    with qtbot.waitSignal(search.text_changed) as caught:
        qtbot.keyClick(search.edit, Qt.Key.Key_Escape)
    assert caught.args == [""]
    with qtbot.waitSignal(search.escaped):
        qtbot.keyClick(search.edit, Qt.Key.Key_Escape)


def test_down_leads_to_the_results_and_text_set_by_program_is_quiet(qtbot: Any, search: SearchField) -> None:
    with qtbot.assertNotEmitted(search.text_changed, wait=200):
        search.set_text("kob")
    with qtbot.waitSignal(search.went_down):
        qtbot.keyClick(search.edit, Qt.Key.Key_Down)


def test_colouring_changes_neither_text_nor_cursor(qtbot: Any, search: SearchField) -> None:
    search.set_highlighter(lambda text: [Span(0, 6, "brand", True), Span(7, 2, wrong=True)] if text else [])
    qtbot.keyClicks(search.edit, "grade>=vg")
    search.edit.setCursorPosition(4)
    qtbot.keyClicks(search.edit, "x")
    assert search.text == "gradxe>=vg"
    assert search.edit.cursorPosition() == 5


# ------------------------------------------------------------ buttons


def test_a_busy_button_takes_no_clicks(qtbot: Any) -> None:
    button = Button("Save", "save", variant="filled", keys=("Ctrl", "↵"))
    qtbot.addWidget(button)
    button.show()
    button.set_busy(True)
    with qtbot.assertNotEmitted(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    button.set_busy(False)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)


@pytest.mark.parametrize("height", [24, 28, 32, 36, 40])
def test_buttons_have_the_height_asked_for(qtbot: Any, height: Any) -> None:
    button = Button("Save & close", "save", height=height)
    qtbot.addWidget(button)
    button.show()
    assert button.height() == height
    assert button.accessibleName() == "Save  close" or button.accessibleName() == "Save & close"


def test_the_ring_shows_where_the_keyboard_is(qtbot: Any) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    button = Button("Save", "save", window)
    icon = IconButton("x", "close", "Close", window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    icon.setFocus(Qt.FocusReason.TabFocusReason)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    ring = next(r for r in window.findChildren(QWidget, "focusRing") if r.isVisible())
    assert ring.geometry() == button.geometry().adjusted(-4, -4, 4, 4)
    icon.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not any(r.isVisible() for r in window.findChildren(QWidget, "focusRing"))
