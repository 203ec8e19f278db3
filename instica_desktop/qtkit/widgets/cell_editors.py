"""Editors for cells of the table: text, money, one of a few choices, a list. They make `Column.editor`."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from instica_desktop.core.money import parse_price
from instica_desktop.qtkit.columns import EditorFactory
from instica_desktop.qtkit.text import restyle
from instica_desktop.qtkit.theme import fonts
from instica_desktop.qtkit.widgets.grade_picker import GradePicker
from instica_desktop.qtkit.widgets.inputs import Select
from instica_desktop.qtkit.widgets.segments import Segment
from instica_desktop.qtkit.widgets.words_edit import WordsEdit


class LineEditor(WordsEdit):
    """A line in a cell. Enter and Tab commit, Esc gives up."""

    committed = Signal()
    cancelled = Signal()
    edited = Signal()

    def __init__(
        self, text: str, parse: Callable[[str], Any], parent: QWidget, *, right: bool = False
    ) -> None:
        super().__init__(text, parent)
        self.setObjectName("cellEditor")
        self._parse, self._start = parse, text
        self.setFont(fonts.font("medium" if right else "body", right))
        if right:
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setProperty("cell", True)
        self.selectAll()
        self.textEdited.connect(self.edited)

    def edited_value(self) -> Any:
        """Return what is typed, read by the column's parser. Raises InputError."""
        return self._parse(self.text())

    def draft(self) -> str | None:
        """Return what is typed; None when it is what the cell held."""
        return self.text() if self.text() != self._start else None

    def put_draft(self, text: str) -> None:
        """Put back text typed earlier."""
        self.setText(text)
        self.selectAll()

    def start_with(self, typed: str) -> bool:
        """Begin with the character typed on the cell."""
        self.setText(typed)
        self.edited.emit()
        return True

    def _finish(self) -> None:
        (self.cancelled if self.draft() is None else self.committed).emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Commit on Enter, give up on Esc; keep Up and Down from the table."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        else:
            super().keyPressEvent(event)
            event.accept()

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Commit on Tab: what is next to an editor over a table is nowhere."""
        self._finish()
        return True

    def event(self, event: QEvent) -> bool:
        """Follow the property that draws the red border."""
        if event.type() == QEvent.Type.DynamicPropertyChange:
            restyle(self)
        return super().event(event)


class ChoiceEditor(GradePicker):
    """A grade picker over a cell. Choosing commits; the grade it has, Esc, Tab or leaving give up."""

    committed = Signal()
    cancelled = Signal()
    edited = Signal()

    def __init__(self, choices: Sequence[Segment], value: str, accessible: str, parent: QWidget) -> None:
        super().__init__(choices, "cellEditor", accessible, parent)
        self.set_value(value)
        self.setMinimumWidth(40 * len(choices))
        self.setMinimumHeight(32)
        self.changed.connect(self._chosen)

    def choose(self, key: str) -> None:
        """Act as if the user had chosen a grade; there is nothing to save where the cell has it already."""
        if key == self.value:
            self.cancelled.emit()
        super().choose(key)

    def edited_value(self) -> str:
        """Return the key chosen."""
        return self.value

    def draft(self) -> str | None:
        """Nothing is typed here."""
        return None

    def put_draft(self, text: str) -> None:
        """Nothing is typed here."""

    def start_with(self, typed: str) -> bool:
        """Choose by the number typed on the cell."""
        return self.choose_by_number(typed)

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

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Give up on Tab."""
        self.cancelled.emit()
        return True


class ListEditor(Select):
    """A list that opens over a cell at once. Enter or a click on a choice commits, Esc gives up."""

    committed = Signal()
    cancelled = Signal()
    edited = Signal()

    def __init__(
        self, options: Sequence[tuple[str, str]], value: str, accessible: str, parent: QWidget
    ) -> None:
        super().__init__("cellEditor", accessible, parent, height=28)
        self.set_options(options)
        self.set_value(value)
        self._start = value
        self._search = ""
        self.chosen.connect(self._chosen)

    def edited_value(self) -> str:
        """Return the key chosen."""
        return self.value

    def draft(self) -> str | None:
        """Nothing is typed here."""
        return None

    def put_draft(self, text: str) -> None:
        """Nothing is typed here."""

    def start_with(self, typed: str) -> bool:
        """Open at the choice that begins with the letter typed on the cell."""
        self._search = typed
        words = (self.itemText(at).casefold() for at in range(self.count()))
        return any(text.startswith(typed.casefold()) for text in words)

    def showEvent(self, event: QShowEvent) -> None:
        """Open the list once the editor stands on its cell."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._open)

    def _open(self) -> None:
        self.showPopup()
        self.view().window().installEventFilter(self)
        if self._search:
            self.view().keyboardSearch(self._search)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list again on Enter, give up on Esc; nothing is chosen while it is closed."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open()

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Give up on Tab."""
        self.cancelled.emit()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give up when the list closes without a choice; Qt tells of a choice only after it closed."""
        if event.type() == QEvent.Type.Hide:
            QTimer.singleShot(0, self, self._closed)
        return False

    def _closed(self) -> None:
        if self.value == self._start:
            self.cancelled.emit()

    def _chosen(self, key: str) -> None:
        if key != self._start:
            self.committed.emit()


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


def list_editor(
    options: Callable[[Any], Sequence[tuple[str, str]]], get: Callable[[Any], str], accessible: str
) -> EditorFactory:
    """Return a factory of lists; `options` gives the (key, words) a row may have, the value is the key."""

    def make(parent: QWidget, row: Any) -> QWidget:
        return ListEditor(options(row), get(row), accessible, parent)

    return make


def choice_editor(choices: Sequence[Segment], get: Callable[[Any], str], accessible: str) -> EditorFactory:
    """Return a factory of grade pickers; the value is the key chosen."""

    def make(parent: QWidget, row: Any) -> QWidget:
        return ChoiceEditor(choices, get(row), accessible, parent)

    return make
