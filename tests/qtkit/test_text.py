"""Words are shown letter by letter."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import ElidedLabel, Label, isolated, menu_text, plain, set_tooltip

MARKUP = "<b>Black</b> & <img src=x>"


def test_labels_never_read_markup(qtbot: Any) -> None:
    label = Label(MARKUP)
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == MARKUP


def test_tooltips_show_markup_as_typed(qtbot: Any) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    set_tooltip(widget, MARKUP)
    assert "&lt;b&gt;" in widget.toolTip()
    assert plain("Kind of Blue") == "Kind of Blue"


def test_an_ampersand_makes_no_shortcut() -> None:
    assert menu_text("Simon & Garfunkel") == "Simon && Garfunkel"


def test_a_cut_label_says_the_rest_in_its_tooltip(qtbot: Any) -> None:
    label = ElidedLabel("Music Has the Right to Children")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    label.grab()
    assert label.toolTip() == "Music Has the Right to Children"
    label.resize(600, 20)
    label.grab()
    assert label.toolTip() == ""


def test_what_is_written_from_right_to_left_is_kept_apart(qapp: QApplication) -> None:
    assert isolated("Kind of Blue …") == "Kind of Blue …"
    assert isolated("音楽図鑑") == "音楽図鑑"
    for text in ("ألف ليلة", "שירים", "LP ألف"):
        assert isolated(text) == f"\u2068{text}\u2069"
    assert paint.elided("ألف ليلة وليلة", "medium", 60).endswith("…\u2069")
