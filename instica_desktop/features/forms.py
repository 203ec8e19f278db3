"""Editing a record field by field: each field saves itself, keeps what cannot be saved, and says why.

A field is saved when the user chooses (a grade), presses Enter, or leaves it. Text that cannot be saved
stays in the field with the reason under it, also when the user looks at another record and comes back.
Esc restores.
"""

import asyncio
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from instica_desktop.core.errors import InputError, InsticaError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import parse_price, plain_money, wire_money
from instica_desktop.core.operations import Operation, OpState
from instica_desktop.features.context import Context
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.undo import edit_step
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.qtkit.widgets.grade_picker import GradePicker
from instica_desktop.qtkit.widgets.inputs import MoneyField, TextArea, TextField

WAITING = "Waiting to be sent"
CONFLICT = "Changed elsewhere too. Open Activity (F8) to choose."


class TextInput(Protocol):
    """An input that holds text."""

    def text(self) -> str: ...


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


def read_money(text: str) -> str | None:
    """A typed price as the wire has it."""
    return wire_money(parse_price(text))


def show_money(value: Decimal | None) -> str:
    """A price as it stands in a field."""
    return plain_money(value)


def read_list(text: str) -> list[str]:
    """Words between commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def show_list(value: Any) -> str:
    """A list as words between commas."""
    return ", ".join(str(part) for part in cast("tuple[object, ...]", value or ()))


class Binding(QObject):
    """One wire field of the record in one input. `committed(field, wire value)` asks for it to be saved."""

    committed = Signal(str, object)

    def __init__(self, field: str, form: FormField) -> None:
        super().__init__(form)
        self.field = field
        self.form = form

    def show_value(self, value: Any) -> None:
        """Show the record's value, unless the user is typing another."""
        raise NotImplementedError

    def draft(self) -> str | None:
        """Return typed text that is not saved, or None."""
        return None

    def put_draft(self, text: str) -> None:
        """Put back text that could not be saved."""

    def flush(self) -> None:
        """Commit what is typed, if anything is."""

    def show_error(self, message: str) -> None:
        """Say why the value is not saved; nothing takes it away."""
        self.form.set_error(message)

    def show_mark(self, *, pending: bool, conflict: bool) -> None:
        """Show that the field waits to be sent, or needs the user."""
        if conflict:
            self.form.set_mark("git-merge", "danger", CONFLICT)
        else:
            self.form.set_mark("clock" if pending else "", "warning", WAITING)


class TextBinding(Binding):
    """A field of text, money or words between commas."""

    def __init__(
        self, field: str, form: FormField, *, read: Read = read_text, show: Show = show_text
    ) -> None:
        super().__init__(field, form)
        self._read = read
        self._show = show
        self._shown = ""
        self._committed: str | None = None
        self._input = cast("TextField | TextArea", form.field)
        self._input.installEventFilter(self)
        if isinstance(self._input, TextField):
            self._input.editingFinished.connect(self.flush)
        else:
            self._input.edited.connect(self._left)

    def show_value(self, value: Any) -> None:
        """Show the record's value; text being typed or in error stays."""
        text = self._show(value)
        untouched = self._input.text() in (self._shown, self._committed)
        self._shown = text
        self._committed = None
        if untouched:
            self._put(text)

    def draft(self) -> str | None:
        """Return typed text that is not saved, or None."""
        return self._input.text() if self._input.text() != self._shown else None

    def put_draft(self, text: str) -> None:
        """Put back text that could not be saved, with the reason."""
        self._put(text)
        self.flush()

    def reset(self, value: Any) -> None:
        """Show the value of another record, whatever is typed."""
        self._shown = self._show(value)
        self._committed = None
        self._put(self._shown)
        self.show_error("")

    def show_error(self, message: str) -> None:
        """Say why the value is not saved; it may then be committed once more."""
        super().show_error(message)
        if message:
            self._committed = None

    def flush(self) -> None:
        """Commit what is typed; what cannot be read stays, with the reason under it."""
        text = self._input.text()
        if text == self._committed:
            return
        if text == self._shown:
            self.show_error("")
            return
        try:
            value = self._read(text)
        except InputError as error:
            self.show_error(error.message)
            return
        self.show_error("")
        self._committed = text
        self.committed.emit(self.field, value)

    def _left(self, _text: str) -> None:
        self.flush()

    def _put(self, text: str) -> None:
        if isinstance(self._input, TextArea):
            self._input.set_text(text)
        elif self._input.text() != text:
            at = self._input.cursorPosition()
            self._input.setText(text)
            self._input.setCursorPosition(min(at, len(text)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc takes back what is typed; a second Esc leaves the field.

        Ctrl+Z takes back letters while there are unsaved ones, else the last edit: the window has that key.
        """
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return False
        if event.type() == QEvent.Type.ShortcutOverride and self.draft() is None:
            event.ignore()
            return cast(QKeyEvent, event).matches(QKeySequence.StandardKey.Undo)
        if cast(QKeyEvent, event).key() != Qt.Key.Key_Escape or self.draft() is None:
            return False
        if event.type() == QEvent.Type.KeyPress:
            self._put(self._shown)
            self.show_error("")
        event.accept()  # an override keeps the key from whoever has it as a shortcut
        return True


class GradeBinding(Binding):
    """A grade: saved as soon as it is chosen."""

    def __init__(self, field: str, form: FormField) -> None:
        super().__init__(field, form)
        self._picker = cast(GradePicker, form.field)
        self._picker.changed.connect(self._chosen)

    def show_value(self, value: Any) -> None:
        """Show the record's grade."""
        self._picker.set_value(value or "")

    def _chosen(self, code: str) -> None:
        self.committed.emit(self.field, code or None)


class RecordForm(QObject):
    """The fields of one record at a time: saved through the shop, undoable, with errors at the fields."""

    saved = Signal(object)

    def __init__(
        self, context: Context, entity: Entity, title_of: Callable[[Any], str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._entity = entity
        self._title_of = title_of
        self._scope = TaskScope(self)
        self._bindings: dict[str, Binding] = {}
        self._also: dict[str, str] = {}
        self._drafts: dict[tuple[str, str], str] = {}
        self._saving: set[asyncio.Task[Any]] = set()
        self.row: RecordRow | None = None

    def bind(self, binding: Binding, *also: str) -> None:
        """Take a field in. Errors of the fields in `also` are shown at it too."""
        self._bindings[binding.field] = binding
        for field in also:
            self._also[field] = binding.field
        binding.committed.connect(self._commit)

    # ------------------------------------------------------------ showing

    def show(self, row: RecordRow | None) -> None:
        """Show a record. What is typed for the one before is saved first; what cannot be is kept."""
        same = row is not None and self.row is not None and row.uid == self.row.uid
        if not same:
            self.leave()
        self.row = row
        if row is None:
            return
        for field, binding in self._bindings.items():
            value = getattr(row.data, field, None)
            if same or not isinstance(binding, TextBinding):
                binding.show_value(value)
            else:
                binding.reset(value)
        if not same:
            self._put_drafts(row.uid)
        self._show_marks(row)

    def leave(self) -> None:
        """Save what is typed; keep what cannot be saved until this record is shown again."""
        if self.row is None:
            return
        for field, binding in self._bindings.items():
            binding.flush()
            text = binding.draft()
            if text is not None and binding.form.error:
                self._drafts[self.row.uid, field] = text

    def _put_drafts(self, uid: str) -> None:
        for field, binding in self._bindings.items():
            text = self._drafts.pop((uid, field), None)
            if text is not None:
                binding.put_draft(text)

    def _show_marks(self, row: RecordRow) -> None:
        stuck = self._stuck(row.uid)
        for field, binding in self._bindings.items():
            conflict = any(field in operation.theirs for operation in stuck)
            binding.show_mark(pending=field in row.mark.fields, conflict=conflict)
        for operation in stuck:
            for field, messages in operation.errors.items():
                self.show_error(field, " ".join(messages))

    def _stuck(self, uid: str) -> list[Operation]:
        return [
            operation
            for operation in self._context.shop.operations()
            if (operation.entity, operation.uid) == (self._entity, uid)
            and operation.state in (OpState.CONFLICT, OpState.REFUSED)
        ]

    def show_error(self, field: str, message: str) -> bool:
        """Say at a field what is wrong with it; False when the form has no such field."""
        binding = self._bindings.get(self._also.get(field, field))
        if binding is not None:
            binding.show_error(message)
        return binding is not None

    # ------------------------------------------------------------ saving

    def _commit(self, field: str, value: object) -> None:
        self.save({field: value})

    def save(self, changes: Mapping[str, Any]) -> None:
        """Save values of the record shown; what goes wrong is said at the field, or by the window."""
        if self.row is not None:
            task = self._scope.spawn(self._save(self.row, dict(changes)), "save")
            if task is not None:
                self._saving.add(task)
                task.add_done_callback(self._saving.discard)

    async def _save(self, row: RecordRow, changes: dict[str, Any]) -> None:
        try:
            edited = await self._context.shop.edit(self._entity, row.uid, changes)
        except InsticaError as error:
            self._refused(row, changes, error)
            return
        shown = self.row is not None and self.row.uid == row.uid
        for field in changes:
            if shown:
                self.show_error(field, "")
        if edited.after:
            self._context.undo.push(edit_step(self._entity, row.uid, self._title_of(row.data), edited))
        self.saved.emit(edited)

    def _refused(self, row: RecordRow, changes: dict[str, Any], error: InsticaError) -> None:
        field = (error.field if isinstance(error, InputError) else "") or next(iter(changes), "")
        shown = self.row is not None and self.row.uid == row.uid
        if not shown and isinstance(changes.get(field), str):
            self._drafts.setdefault((row.uid, field), changes[field])  # back in its field on the next visit
        if not shown or not self.show_error(field, error.message):
            self._context.tell(error, about=self._title_of(row.data))
            return
        for binding in self._bindings.values():
            if isinstance(binding, GradeBinding) and self.row is not None:
                binding.show_value(getattr(self.row.data, binding.field, None))

    async def finish(self) -> None:
        """Save what is typed and wait until it is on the disk."""
        self.leave()
        await asyncio.gather(*self._saving)


def money_binding(field: str, form: FormField) -> TextBinding:
    """Return the binding of a price."""
    assert isinstance(form.field, MoneyField)
    return TextBinding(field, form, read=read_money, show=show_money)


def list_binding(field: str, form: FormField) -> TextBinding:
    """Return the binding of words between commas, such as tags."""
    return TextBinding(field, form, read=read_list, show=show_list)
