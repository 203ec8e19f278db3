"""Editors for cells of the table: text, money, one of a few choices. They make `Column.editor`."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from instica_desktop.core.money import parse_price
from instica_desktop.qtkit.columns import EditorFactory
from instica_desktop.qtkit.text import restyle
from instica_desktop.qtkit.theme import fonts
from instica_desktop.qtkit.widgets.grade_picker import GradePicker
from instica_desktop.qtkit.widgets.segments import Segment
from instica_desktop.qtkit.widgets.words_edit import WordsEdit


class LineEditor(WordsEdit):
    """A line in a cell. Enter and leaving the field commit, Esc gives up."""

    committed = Signal()
    cancelled = Signal()

    def __init__(
        self, text: str, parse: Callable[[str], Any], parent: QWidget, *, right: bool = False, icon: str = ""
    ) -> None:
        super().__init__(text, parent)
        self.setObjectName("cellEditor")
        self._parse, self._start = parse, text
        self.setFont(fonts.font("medium" if right else "body", right))
        if right:
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setProperty("cell", True)
        self.selectAll()
        self.returnPressed.connect(self.committed)

    def edited_value(self) -> Any:
        """Return what is typed, read by the column's parser. Raises InputError."""
        return self._parse(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Esc; keep Up, Down and Tab from the table."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Commit a changed text."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            (self.committed if self.text() != self._start else self.cancelled).emit()

    def event(self, event: QEvent) -> bool:
        """Follow the property that draws the red border."""
        if event.type() == QEvent.Type.DynamicPropertyChange:
            restyle(self)
        return super().event(event)


class ChoiceEditor(GradePicker):
    """A grade picker over a cell. Choosing commits; Esc or leaving gives up."""

    committed = Signal()
    cancelled = Signal()

    def __init__(self, choices: Sequence[Segment], value: str, accessible: str, parent: QWidget) -> None:
        super().__init__(choices, "cellEditor", accessible, parent)
        self.set_value(value)
        self.setMinimumWidth(40 * len(choices))
        self.setMinimumHeight(32)
        self.changed.connect(self._chosen)

    def edited_value(self) -> str:
        """Return the key chosen."""
        return self.value

    def _chosen(self, _key: str) -> None:
        self.committed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Commit on Enter, give up on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.committed.emit()
        else:
            super().keyPressEvent(event)


def text_editor(get: Callable[[Any], str], parse: Callable[[str], Any] = str.strip) -> EditorFactory:
    """Return a factory of line editors. `get` reads the row's text, `parse` may raise InputError."""

    def make(parent: QWidget, row: Any) -> QWidget:
        return LineEditor(get(row), parse, parent)

    return make


def money_editor(get: Callable[[Any], str]) -> EditorFactory:
    """Return a factory of price editors; the value is a Decimal, or None for empty."""

    def make(parent: QWidget, row: Any) -> QWidget:
        return LineEditor(get(row), parse_price, parent, right=True)

    return make


def choice_editor(choices: Sequence[Segment], get: Callable[[Any], str], accessible: str) -> EditorFactory:
    """Return a factory of grade pickers; the value is the key chosen."""

    def make(parent: QWidget, row: Any) -> QWidget:
        return ChoiceEditor(choices, get(row), accessible, parent)

    return make
