"""A label, an input below it and, when something is wrong, one sentence under that."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from instica_desktop.qtkit.text import Label, set_tooltip
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.tokens import Token


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
    touched."""

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

    def set_error(self, message: str = "") -> None:
        """Say what is wrong under the input; nothing takes it away."""
        self._error.setText(message)
        self._error.setVisible(bool(message))
        self.field.setAccessibleDescription(message)
        set_invalid = getattr(self.field, "set_invalid", None)
        if set_invalid is not None:
            set_invalid(bool(message))
