"""A label, an input below it and, when something is wrong, one sentence under that, perhaps with a choice."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from instica_desktop.core.errors import InputError
from instica_desktop.core.money import Ambiguous
from instica_desktop.qtkit.flow import FlowLayout
from instica_desktop.qtkit.text import Label, set_tooltip
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.tokens import Token
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.inputs import TextField


class FieldMark(QWidget):
    """A 12 px icon behind a label, such as the clock of an edit that waits. Its tooltip says what it
    means."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(12, 12)
        self._icon, self._token = "clock", "warning"
        self.hide()

    def show_mark(self, icon: str, token: Token, meaning: str) -> None:
        """Show an icon; an empty name takes it away."""
        self._icon, self._token = icon, token
        set_tooltip(self, meaning)
        self.setAccessibleName(meaning)
        self.setVisible(bool(icon))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon."""
        icons.paint(QPainter(self), 0, 0, self._icon, self._token, 12)  # pyright: ignore[reportArgumentType]


class FormField(QWidget):
    """Label with a note at its right, the input, and a line for an error. The input's text is never
    touched, unless the user chooses one of the readings of an amount.

    `chosen(str)`: a button under the error was pressed.
    """

    chosen = Signal(str)

    def __init__(self, label: str, field: QWidget, parent: QWidget | None = None, *, note: str = "") -> None:
        super().__init__(parent)
        self.setObjectName(f"{field.objectName()}Field")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.field = field
        self._label = Label(label, self, role="caption_medium", ink="text_2")
        self._label.setBuddy(field)
        self._mark = FieldMark(self)
        self._note = Label(note, self, role="caption", ink="text_3")
        self._error = Label("", self, role="caption", ink="error", wrap=True)
        self._error.hide()
        self._choices: tuple[str, ...] = ()
        self._buttons: list[Button] = []
        if not field.accessibleName():
            field.setAccessibleName(label)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._label)
        head.addWidget(self._mark)
        head.addStretch()
        head.addWidget(self._note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.field)
        column.addWidget(self._error)
        self._row = FlowLayout()
        column.addLayout(self._row)

    def sizeHint(self) -> QSize:
        """Ask for as many lines as there are at this width: the layout gives no more than is asked for."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), self.heightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What stands on two lines in a narrow field may need one now, or the other way round."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def set_label(self, text: str) -> None:
        """Change the label."""
        self._label.setText(text)

    def set_note(self, text: str) -> None:
        """Change the quiet words at the right of the label."""
        self._note.setText(text)

    def set_mark(self, icon: str = "", token: Token = "warning", meaning: str = "") -> None:
        """Show a small icon behind the label, such as the clock of an unsent edit; nothing takes it away."""
        self._mark.show_mark(icon, token, meaning)

    @property
    def error(self) -> str:
        """The sentence shown; empty for none."""
        return "" if self._error.isHidden() else self._error.text()

    def set_error(self, message: str = "", choices: Sequence[str] = ()) -> None:
        """Say what is wrong under the input, with a button for each way out; nothing takes it away."""
        self._error.setText(message)
        self._error.setVisible(bool(message))
        self.field.setAccessibleDescription(message)
        self._offer(tuple(choices))
        set_invalid = getattr(self.field, "set_invalid", None)
        if set_invalid is not None:
            set_invalid(bool(message))

    def refuse(self, error: InputError) -> None:
        """Say why a value cannot be used; of an amount that can be read in two ways, offer both."""
        self.set_error(error.message, error.readings if isinstance(error, Ambiguous) else ())

    @property
    def choices(self) -> Sequence[Button]:
        """The buttons under the error."""
        return self._buttons

    def _offer(self, choices: tuple[str, ...]) -> None:
        if choices == self._choices:
            return  # the one that is being pressed must not go
        self._choices = choices
        held = any(button.hasFocus() for button in self._buttons)
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        if held:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._buttons = [self._button(at, words) for at, words in enumerate(choices)]
        for before, after in pairwise((self.field, *self._buttons)):
            QWidget.setTabOrder(before, after)

    def _button(self, at: int, words: str) -> Button:
        name = f"{self.field.objectName()}Choice{at + 1}"
        said = f"{self._label.text()}: {words}"
        button = Button(words, name, self, height=24, accessible=said)
        button.clicked.connect(self._pressed)
        self._row.addWidget(button)
        button.show()
        return button

    def _pressed(self) -> None:
        at = self._buttons.index(self.sender())  # pyright: ignore[reportArgumentType]
        choice = self._choices[at]
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(self.field, TextField) and choice[:1].isdecimal():
            self.field.setText(choice)
        self.chosen.emit(choice)


def fields_in_row(*fields: QWidget, shares: tuple[int, ...] = ()) -> QHBoxLayout:
    """Return fields side by side, of one width, or each with its share of it."""
    row = QHBoxLayout()
    row.setSpacing(12)
    for field, share in zip(fields, shares or (1,) * len(fields), strict=True):
        if shares:  # else the layout would first look at what each would like to have
            field.setSizePolicy(QSizePolicy.Policy.Ignored, field.sizePolicy().verticalPolicy())
        row.addWidget(field, share, Qt.AlignmentFlag.AlignTop)
    return row
