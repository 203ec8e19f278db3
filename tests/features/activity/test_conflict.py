"""The dialog of two versions: choices, own values, what needs no choice, long texts, small windows."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, Operation, OpKind, OpState
from instica_desktop.features.activity.compare import changed_spans, excerpt
from instica_desktop.features.activity.conflict import Check, ConflictDialog
from instica_desktop.features.activity.conflict_edit import OwnValue, first_draft
from instica_desktop.features.activity.conflict_facts import MergedRow, merged_rows, when_changed
from instica_desktop.features.activity.conflict_fields import FieldChoice
from instica_desktop.qtkit import theme
from instica_desktop.qtkit.theme.tokens import Scheme
from instica_desktop.sync.conflicts import Own
from tests.features.test_accessible import unnamed

NOW = datetime(2026, 11, 21, 14, 40, tzinfo=UTC)
NOTES = "German first pressing. Plays clean."
MINE = "German first pressing. Plays clean, faint warp, no skip."
THEIRS = f"{NOTES} Inner sleeve is original."
PRICE = Edit("price_item_usd", "28.00", "23.00")
TEXT = Edit("condition_notes", NOTES, MINE)
GRADE = Edit("condition_item", "vg_plus", "vg")
RECORD: dict[str, Any] = {
    "price_item_usd": "26.00",
    "condition_notes": THEIRS,
    "condition_item": "vg_plus",
    "location": "C-11-03",
    "tags": [],
    "updated": "2026-11-21T13:51:00Z",
}
REMOTE = Account(id="a", base_url="https://api.example.org", kind=AccountKind.REMOTE)


def operation(*edits: Edit, theirs: dict[str, Any], **more: Any) -> Operation:
    parts: dict[str, Any] = {
        "title": "Blue Lines",
        "edits": edits,
        "theirs": theirs,
        "state": OpState.CONFLICT,
    }
    return Operation(uuid="u", uid="x", entity=Entity.ITEM, kind=OpKind.UPDATE, created=NOW, **(parts | more))


TWO = operation(
    PRICE,
    TEXT,
    GRADE,
    theirs={"price_item_usd": "26.00", "condition_notes": THEIRS},
    seen={"location": "B-02-07", "tags": None, "name": "never shown"},
)

Opened = Callable[..., ConflictDialog]


def any_value(field: str, value: Any) -> None:
    """Take every value."""


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Opened]:
    """Return what opens the dialog over a window of a size."""
    home = QMainWindow()
    qtbot.addWidget(home)

    def open_(
        one: Operation = TWO, size: tuple[int, int] = (1200, 800), check: Check = any_value
    ) -> ConflictDialog:
        home.resize(*size)
        home.show()
        dialog = ConflictDialog(home, one, REMOTE, record=RECORD, check=check)
        dialog.open()
        qtbot.waitExposed(dialog)
        return dialog

    yield open_
    home.close()


def press(dialog: ConflictDialog, key: Qt.Key, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
    focused = dialog.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, held)


def error_at(dialog: ConflictDialog, field: str) -> str:
    label = dialog.findChild(QLabel, f"ownError_{field}")
    assert label is not None
    return "" if label.isHidden() else label.text()


# ---------------------------------------------------------------- a value of one's own


def test_a_third_value_is_written_and_saved_by_keyboard_alone(opened: Opened) -> None:
    dialog = opened()
    press(dialog, Qt.Key.Key_F2)
    price = dialog.fields[0]
    assert price.side == "own"
    assert not price.mine.isChecked()
    assert not price.theirs.isChecked()
    QTest.keyClicks(dialog.focusWidget(), "24.50")
    assert "Item price 24.50" in dialog.result_line.text()
    assert "price_item_usd" not in dialog.choices
    press(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not dialog.isVisible()
    assert dialog.choices == {"price_item_usd": Own("24.50"), "condition_notes": "mine"}


def test_escape_leaves_the_own_value_and_a_second_one_the_dialog(opened: Opened) -> None:
    dialog = opened()
    press(dialog, Qt.Key.Key_Right)
    press(dialog, Qt.Key.Key_F2)
    QTest.keyClicks(dialog.focusWidget(), "1")
    press(dialog, Qt.Key.Key_Escape)
    price = dialog.fields[0]
    assert dialog.isVisible()
    assert price.side == "theirs"
    assert dialog.focusWidget() is price.theirs
    press(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_value_that_cannot_be_saved_is_said_at_its_field(opened: Opened) -> None:
    def check(field: str, value: Any) -> None:
        if value == "99.00":
            raise InputError("A price can be at most 90.", field=field)

    dialog = opened(check=check)
    dialog.fields[0].write_own()
    for typed, said in (("abc", "not a price"), ("99", "at most 90")):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(dialog.focusWidget(), typed)
        assert error_at(dialog, "price_item_usd") == ""
        dialog.save.click()
        assert dialog.isVisible()
        assert said in error_at(dialog, "price_item_usd")
        own = dialog.fields[0].own
        assert own is not None
        assert said in own.input.accessibleDescription()
    dialog.keep_mine()
    dialog.save.click()
    assert dialog.choices["price_item_usd"] == "mine"


def test_text_that_clashes_begins_with_both_versions(opened: Opened) -> None:
    dialog = opened()
    dialog.fields[1].write_own()
    own = dialog.fields[1].own
    assert own is not None
    assert own.value() == f"{MINE}\n{THEIRS}"
    dialog.save.click()
    assert dialog.choices["condition_notes"] == Own(f"{MINE}\n{THEIRS}")


@pytest.mark.parametrize(
    ("edit", "theirs", "draft", "value"),
    [
        (Edit("tags", ["a", "b"], ["a", "b", "c"]), ["b", "d"], ["b", "c", "d"], ["b", "c", "d"]),
        (Edit("acquired_at", None, "2025-01-02T00:00:00Z"), None, "2025-01-02T00:00:00Z", "2025-01-02"),
        (Edit("price_item_usd", "1.00", None), "2.00", None, None),
        (Edit("condition_container", None, "no_cover"), "generic", "no_cover", "no_cover"),
        (Edit("status", "ready-to-sell", "archived"), "listed", "archived", "archived"),
        (Edit("artist", None, {"name": "Nico"}), {"uid": "u", "name": "Neu!"}, {"name": "Nico"}, "Nico"),
        (Edit("location", "A", ""), "B", "", ""),
        (Edit("year", 1970, 1971), 1972, 1971, "1971"),
        (Edit("type", "physical", "digital"), "nft", "digital", "digital"),
    ],
)
def test_each_sort_of_field_has_an_input_that_gives_wire_values(
    qtbot: QtBot, edit: Edit, theirs: Any, draft: Any, value: Any
) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    assert first_draft(edit, theirs) == draft
    own = OwnValue(edit, theirs, home)
    assert own.value() == value
    assert own.input.accessibleName().endswith("a value of your own")


def test_yes_and_no_have_no_third_value(qtbot: QtBot) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    choice = FieldChoice(Edit("uploadable_to_redbubble", False, True), None, "Instica’s", home)
    choice.write_own()
    assert choice.own is None
    assert choice.side == "mine"


def test_where_nothing_was_written_before_the_marks_show_how_both_texts_differ(qtbot: QtBot) -> None:
    home = QWidget()
    qtbot.addWidget(home)
    mine, theirs = "Plays clean, faint warp.", "Plays clean. Inner sleeve is original."
    choice = FieldChoice(Edit("condition_notes", None, mine), theirs, "Instica’s", home)
    assert choice.mine.marked == [", faint warp"]
    assert choice.theirs.marked == [". Inner sleeve is original"]


# ---------------------------------------------------------------- what needs no choice


def test_fields_of_one_side_are_shown_as_merged() -> None:
    rows = merged_rows(TWO, RECORD, "Instica")
    assert rows == [
        MergedRow("condition_item", "Item grade", "VG+", "VG", "only you changed it"),
        MergedRow("location", "Shelf", "B-02-07", "C-11-03", "only changed on Instica"),
    ]


def test_texts_that_fit_and_equal_changes_are_shown_as_merged() -> None:
    base = "First line of the notes.\nSecond line of the notes."
    mine, theirs = f"{base}\nMine.", base.replace("First", "The first")
    one = operation(
        Edit("condition_notes", base, mine),
        Edit("location", "A", "B"),
        PRICE,
        theirs={"price_item_usd": "26.00"},
    )
    rows = merged_rows(one, {"condition_notes": theirs, "location": "B"}, "the server")
    assert [(row.after, row.why) for row in rows] == [
        (f"The first{base[5:]}\nMine.", "both changes fit together"),
        ("B", "changed in the same way on the server"),
    ]


def test_when_theirs_was_made_is_told_as_far_as_it_is_known() -> None:
    now = datetime.now(UTC)
    assert when_changed({"updated": now.isoformat()}) == f"changed {now.astimezone():%H:%M}"
    before = now - timedelta(days=40)
    assert when_changed({"updated": before.isoformat()}).endswith(f"{before.astimezone():%b %Y}")
    assert when_changed({}) == when_changed({"updated": "soon"}) == "as it is there now"


# ---------------------------------------------------------------- long texts

words = st.lists(st.sampled_from(["a", "warp", "skip.", "\n", "sleeve", "è"]), max_size=300).map(" ".join)


@given(before=words, after=words)
def test_an_excerpt_keeps_its_marks_on_the_changed_words(before: str, after: str) -> None:
    spans = changed_spans(before, after)
    said, marks = excerpt(after, spans, 120)
    whole = [after[start : start + length] for start, length in spans]
    for start, length in marks:
        part = said[start : start + length]
        assert part
        assert any(part in one for one in whole)
    assert marks or not spans
    assert len(said) <= max(len(after), 3 * 120)


def test_an_excerpt_shows_every_change_of_a_long_text() -> None:
    before = " ".join(f"Sentence {number} of a long text." for number in range(400))
    after = before.replace("Sentence 7 ", "Sentence seven ").replace("Sentence 390 ", "Sentence last ")
    said, marks = excerpt(after, changed_spans(before, after), 360)
    assert [said[start : start + length] for start, length in marks] == ["seven", "last"]
    assert said.startswith("… ")
    assert said.endswith(" …")
    assert len(said) < 400


# ---------------------------------------------------------------- size, theme, screen reader


def long_one() -> Operation:
    text = "\n".join(f"Line {number} of a long description of this pressing." for number in range(60))
    edits = (
        Edit("manual_description", text, text.replace("Line 3", "Mine 3")),
        *(Edit(field, "a", "b" * 80) for field in ("location", "manual_sku", "name", "barcode")),
    )
    theirs = {"manual_description": text.replace("Line 3", "Theirs 3")}
    return operation(*edits, theirs=theirs | {edit.field: "c" for edit in edits[1:]}, title="W" * 60)


@pytest.mark.parametrize("size", [(720, 480), (1000, 640), (1600, 1000)])
def test_it_stays_inside_the_window_and_hides_no_button(opened: Opened, size: tuple[int, int]) -> None:
    dialog = opened(long_one(), size)
    assert dialog.height() <= size[1]
    assert dialog.width() <= size[0]
    for field in dialog.fields:
        field.write_own()
    QApplication.sendPostedEvents()
    assert dialog.height() <= size[1]
    bottom = dialog.save.mapTo(dialog, dialog.save.rect().bottomRight())
    assert dialog.rect().contains(bottom)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_chosen_and_marked_stand_out_in_both_themes(
    opened: Opened, qapp: QApplication, scheme: Scheme
) -> None:
    theme.apply(qapp, scheme)
    dialog = opened()
    notes = dialog.fields[1]
    chosen, other = notes.mine.grab().toImage(), notes.theirs.grab().toImage()
    assert QColor(chosen.pixel(20, 5)) != QColor(other.pixel(20, 5))
    colours = {other.pixel(x, y) for x in range(other.width()) for y in range(other.height())}
    assert QColor(theme.colors.color("warning_bg")).rgb() in colours


def test_a_screen_reader_can_say_every_part(opened: Opened) -> None:
    dialog = opened()
    for field in dialog.fields:
        field.write_own()
    assert unnamed(dialog) == []
    assert dialog.fields[0].theirs.accessibleName() == "Item price, Instica’s: 26.00"
    line = dialog.findChild(QWidget, "merged_location")
    assert line is not None
    assert line.accessibleName() == "Shelf: C-11-03, only changed on Instica"
