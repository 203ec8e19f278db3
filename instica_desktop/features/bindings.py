"""One field of a record in one input: what is typed, what was shown when typing began, and what is wrong.

An edit is made against what was shown when typing began. A record that is read again meanwhile changes
neither the text nor that base; so a value somebody else saved is never overwritten unseen.
"""

from collections.abc import Callable
from typing import Any, cast

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from instica_desktop.core.errors import InputError
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.qtkit.widgets.grade_picker import GradePicker
from instica_desktop.qtkit.widgets.inputs import TextArea, TextField

WAITING = "Waiting to be sent"
CONFLICT = "Changed elsewhere too. Open Activity (F8) to choose."
RETURNED = "Typed earlier and not saved yet."
SAVE, TAKE_BACK = "Save it", "Take it back"

Read = Callable[[str], Any]
"""Typed text → wire value. Raises InputError."""
Show = Callable[[Any], str]
"""Record's value → text."""


def read_text(text: str) -> str:
    """Text goes as it is typed."""
    return text.strip()


def show_text(value: Any) -> str:
    """Nothing is an empty field."""
    return "" if value is None else str(value)


def wire_of(value: Any) -> Any:
    """Return a record's value as the wire has it."""
    return msgspec.to_builtins(value)


class Binding(QObject):
    """One wire field of the record in one input.

    `committed(field, wire value)` asks for it to be saved, against `base`; `typing(field)` tells of each
    letter. What comes of it is told by `saved` or `refused`.
    """

    committed = Signal(str, object)
    typing = Signal(str)

    def __init__(self, field: str, form: FormField) -> None:
        super().__init__(form)
        self.field = field
        self.form = form
        self.base: Any = None
        """The wire value that was shown when typing, or choosing, began."""
        self._value: Any = None  # the record's, as it was shown last

    def show_value(self, value: Any) -> None:
        """Show the record's value, unless the user is typing another."""
        raise NotImplementedError

    def reset(self, value: Any) -> None:
        """Show the value of another record, whatever is typed."""
        self.show_error("")
        self.show_value(value)

    def draft(self) -> str | None:
        """Return typed text that is not saved, or None."""
        return None

    def put_draft(self, text: str, base: Any) -> bool:
        """Put back text that was typed earlier and never saved; False when there is nothing to put back."""
        return False

    def reason(self) -> str:
        """Return why what is typed cannot be saved; empty when it can, or nothing is typed."""
        return ""

    def flush(self) -> None:
        """Commit what is typed, if anything is."""

    def saved(self, text: str | None, value: Any) -> None:
        """Take note that a text is saved; the record holds `value` now."""
        self.show_error("")
        self.show_value(value)

    def refused(self, error: InputError | None) -> None:
        """Take note that what was committed is not saved, and say why unless that is said elsewhere."""
        if error is not None:
            self.form.refuse(error)

    def show_error(self, message: str) -> None:
        """Say what is wrong with the value; nothing takes it away."""
        self.form.set_error(message)

    def show_mark(self, *, pending: bool, conflict: bool) -> None:
        """Show that the field waits to be sent, or needs the user."""
        if conflict:
            self.form.set_mark("git-merge", "danger", CONFLICT)
        else:
            self.form.set_mark("clock" if pending else "", "warning", WAITING)

    def _renewed(self, value: Any) -> bool:
        """Take note of the record's value; tell whether it is another than before."""
        former, self._value = self._value, wire_of(value)
        return former != self._value


class GradeBinding(Binding):
    """A grade: saved as soon as it is chosen."""

    def __init__(self, field: str, form: FormField) -> None:
        super().__init__(field, form)
        self._saving = False
        self._picker = cast(GradePicker, form.field)
        self._picker.changed.connect(self._chosen)

    def show_value(self, value: Any) -> None:
        """Show the record's grade, unless another was chosen and is being saved."""
        if self._renewed(value):
            self.show_error("")
        if not self._saving:
            self.base = self._value
            self._picker.set_value(value or "")

    def reset(self, value: Any) -> None:
        """Show the grade of another record."""
        self._saving = False
        super().reset(value)

    def saved(self, text: str | None, value: Any) -> None:
        """Show the grade that is saved."""
        self._saving = False
        super().saved(text, value)

    def refused(self, error: InputError | None) -> None:
        """Show the record's grade again, and why the other was not taken."""
        self._saving = False
        self.base = self._value
        self._picker.set_value(self._value or "")
        super().refused(error)

    def _chosen(self, code: str) -> None:
        self._saving = True
        self.committed.emit(self.field, code or None)
        self.base = code or None


class TextBinding(Binding):
    """A field of text, money or words between commas."""

    def __init__(
        self, field: str, form: FormField, *, read: Read = read_text, show: Show = show_text
    ) -> None:
        super().__init__(field, form)
        self._read = read
        self._show = show
        self._shown = ""
        self._saving: tuple[str, Any] | None = None  # the text that is being saved, and its base
        self._returned: str | None = None  # text of an earlier time, or refused, that nobody touched since
        self._why = ""  # it was refused
        self._putting = False
        self._input = cast("TextField | TextArea", form.field)
        self._input.installEventFilter(self)
        self._input.textChanged.connect(self._typed)
        form.chosen.connect(self._choice)
        if isinstance(self._input, TextField):
            self._input.editingFinished.connect(self.flush)
        else:
            self._input.edited.connect(self._left)

    # ------------------------------------------------------------ showing

    def show_value(self, value: Any) -> None:
        """Show the record's value; text being typed, saved or in error stays, and so does its base."""
        former, self._shown = self._shown, self._show(value)
        renewed = self._renewed(value)
        text = self._input.text()
        if self._saving is None and text in (former, self._shown):
            self._begin_anew()
            if renewed or text != former:
                self.show_error("")

    def reset(self, value: Any) -> None:
        """Show the value of another record, whatever is typed."""
        self._saving = None
        self._shown = self._show(value)
        self._value = wire_of(value)
        self._begin_anew()
        self.show_error("")

    def _begin_anew(self) -> None:
        """Show what the record holds; what is typed next is against that."""
        self.base, self._returned, self._why = self._value, None, ""
        self._put(self._shown)

    def draft(self) -> str | None:
        """Return typed text that is not saved, or None."""
        return self._input.text() if self._input.text() != self._shown else None

    def put_draft(self, text: str, base: Any) -> bool:
        """Put back text that was typed earlier, and say why it is there. It is not saved unasked."""
        problem = self._problem(text)
        if text == self._shown or (problem is None and self._means_the_same(text)):
            return False
        self._put(text)
        self.base, self._returned, self._why = base, text, ""
        if problem is not None:
            self.form.refuse(problem)
        else:
            self.form.set_error(RETURNED, (SAVE, TAKE_BACK))
        return True

    def reason(self) -> str:
        """Return why what is typed cannot be saved; empty when it can, or nothing is typed."""
        text = self.draft()
        if text is None:
            return ""
        problem = self._problem(text)
        return problem.message if problem is not None else self._why if text == self._returned else ""

    def _problem(self, text: str) -> InputError | None:
        """Return why a text cannot be read, or None."""
        try:
            self._read(text)
        except InputError as error:
            return error
        return None

    def _means_the_same(self, text: str) -> bool:
        return self._read(text) == self._read(self._shown)

    # ------------------------------------------------------------ saving

    def flush(self) -> None:
        """Commit what is typed; what cannot be read stays, with the reason under it."""
        text = self._input.text()
        if text == self._returned or (self._saving is not None and text == self._saving[0]):
            return
        if text == self._shown:
            self.show_error("")
            return
        self._commit(text)

    def _commit(self, text: str) -> None:
        self._returned, self._why = None, ""
        if (problem := self._problem(text)) is not None:
            self.form.refuse(problem)
            return
        self.show_error("")
        value, self._saving = self._read(text), (text, self.base)
        self.committed.emit(self.field, value)
        self.base = value  # what is typed on is against what is being saved

    def saved(self, text: str | None, value: Any) -> None:
        """Take note that a text is saved; letters typed since stay."""
        if text not in (None, self._returned, self._saving[0] if self._saving else None):
            return
        self._saving = None
        if self._input.text() == text:
            self._shown = self._input.text()
            self.show_error("")
        self.show_value(value)

    def refused(self, error: InputError | None) -> None:
        """Say why the text is not saved. From then on it waits for the user: leaving does not save it."""
        text = None
        if self._saving is not None:
            (text, self.base), self._saving = self._saving, None
        super().refused(error)
        if error is not None and text == self._input.text():
            self._returned, self._why = text, error.message
            self.form.set_error(error.message, (SAVE, TAKE_BACK))

    # ------------------------------------------------------------ the hand

    def _typed(self) -> None:
        """Take away what was said of a text that is right again; follow what is typed."""
        if self._putting:
            return
        self._returned = None
        text = self._input.text()
        if self.form.error and (text == self._shown or self._problem(text) is None):
            self.show_error("")
        self.typing.emit(self.field)

    def _choice(self, choice: str) -> None:
        """Act on a button under the field: what is there is saved, or goes."""
        if choice == TAKE_BACK:
            self._take_back()
        else:
            self._commit(self._input.text())

    def _take_back(self) -> None:
        self._begin_anew()
        self.show_error("")
        self.typing.emit(self.field)

    def _left(self, _text: str) -> None:
        self.flush()

    def _put(self, text: str) -> None:
        self._putting = True
        if isinstance(self._input, TextArea):
            self._input.set_text(text)
        elif self._input.text() != text:
            at = self._input.cursorPosition()
            self._input.setText(text)
            self._input.setCursorPosition(min(at, len(text)))
        self._putting = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc takes back what is typed; a second Esc leaves the field. Enter saves what came back, too.

        Ctrl+Z takes back letters while there are unsaved ones, else the last edit: the window has that key.
        """
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return False
        key = cast(QKeyEvent, event)
        if event.type() == QEvent.Type.ShortcutOverride and self.draft() is None:
            event.ignore()
            return key.matches(QKeySequence.StandardKey.Undo)
        if event.type() == QEvent.Type.KeyPress and key.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if isinstance(self._input, TextField):
                self._returned = None  # Qt then ends the editing, which commits
            return False
        if key.key() != Qt.Key.Key_Escape or self.draft() is None:
            return False
        if event.type() == QEvent.Type.KeyPress:
            self._take_back()
        event.accept()  # an override keeps the key from whoever has it as a shortcut
        return True
