"""Editing a record field by field: each field saves itself, keeps what cannot be saved, and says why.

A field is saved when the user chooses (a grade), presses Enter, or leaves it. Text that cannot be saved
stays in the field with the reason under it, also when the user looks at another record, or quits, and comes
back. Esc restores.
"""

import asyncio
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from instica_desktop.core.errors import InputError, InsticaError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import parse_price, plain_money, wire_money
from instica_desktop.core.operations import Operation, OpState
from instica_desktop.features.bindings import (
    Binding,
    GradeBinding,
    Read,
    Show,
    TextBinding,
    read_text,
    show_text,
    wire_of,
)
from instica_desktop.features.context import Context
from instica_desktop.features.edits import remember_edit, save_edit
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.panes import where_words
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.qtkit.widgets.inputs import MoneyField

__all__ = [
    "Binding",
    "GradeBinding",
    "Read",
    "RecordForm",
    "Show",
    "TextBinding",
    "list_binding",
    "money_binding",
    "read_list",
    "read_money",
    "read_text",
    "show_text",
]


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
        self._told: set[str] = set()  # fields at which the server's refusal is said
        self._saving: set[asyncio.Task[Any]] = set()
        self.row: RecordRow | None = None
        parent.installEventFilter(self)

    def bind(self, binding: Binding, *also: str) -> None:
        """Take a field in. Errors of the fields in `also` are shown at it too."""
        self._bindings[binding.field] = binding
        for field in also:
            self._also[field] = binding.field
        binding.committed.connect(self._commit)
        binding.typing.connect(self._typing)

    # ------------------------------------------------------------ showing

    def show(self, row: RecordRow | None) -> None:
        """Show a record. What is typed for the one before is saved first; what cannot be is kept."""
        same = row is not None and self._shows(row)
        if not same:
            self.leave()
        self.row = row
        if row is None:
            return
        if not same:
            self.show_typed()
            return
        for field, binding in self._bindings.items():
            binding.show_value(getattr(row.data, field, None))
        self._show_marks(row)

    def show_typed(self) -> None:
        """Show the record with what is kept of what was typed, whatever stands in the fields."""
        row = self.row
        if row is None:
            return
        for field, binding in self._bindings.items():
            binding.reset(getattr(row.data, field, None))
        self._told.clear()
        self._put_drafts(row.uid)
        self._show_marks(row)

    def leave(self) -> None:
        """Save what is typed; what cannot be saved is kept until this record is shown again."""
        if self.row is not None:
            for field, binding in self._bindings.items():
                binding.flush()
                if reason := binding.reason():
                    self._left(self.row, field, reason)

    def _left(self, row: RecordRow, field: str, reason: str) -> None:
        """Say once that a field was left over a text that cannot be saved."""
        draft = self._context.shop.drafts.of(self._entity, row.uid).get(field)
        if draft is not None and self._context.shop.drafts.put_aside(self._entity, row.uid, field):
            name = self._title_of(row.data)
            where = where_words(self._context, self._entity, row.uid, "It waits in its field.")
            self._context.ui.say(f"“{draft.text}” is not saved for {name}: {reason} {where}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another screen takes the place of this one: what is typed is left."""
        if event.type() == QEvent.Type.Hide and not event.spontaneous():
            self.leave()
        return False

    def _put_drafts(self, uid: str) -> None:
        drafts = self._context.shop.drafts
        for field, draft in drafts.of(self._entity, uid).items():
            binding = self._bindings.get(field)
            if binding is not None and not binding.put_draft(draft.text, draft.base):
                drafts.drop(self._entity, uid, field)

    def _typing(self, field: str) -> None:
        """Keep what is being typed, so that neither a quit nor a kill loses it."""
        if self.row is None:
            return
        binding, drafts = self._bindings[field], self._context.shop.drafts
        text = binding.draft()
        if text is None:
            drafts.drop(self._entity, self.row.uid, field)
        else:
            title = self._title_of(self.row.data)
            drafts.keep(self._entity, self.row.uid, field, text, binding.base, title)

    def _show_marks(self, row: RecordRow) -> None:
        stuck = self._stuck(row.uid)
        for field, binding in self._bindings.items():
            conflict = any(field in operation.theirs for operation in stuck)
            binding.show_mark(pending=field in row.mark.fields, conflict=conflict)
        refused = {field: " ".join(said) for operation in stuck for field, said in operation.errors.items()}
        for field in self._told - refused.keys():
            self.show_error(field, "")  # it was put right, or taken back
        self._told = {field for field, words in refused.items() if self.show_error(field, words)}

    def _stuck(self, uid: str) -> list[Operation]:
        return [
            operation
            for operation in self._context.shop.operations()
            if (operation.entity, operation.uid) == (self._entity, uid)
            and operation.state in (OpState.CONFLICT, OpState.REFUSED)
        ]

    def show_error(self, field: str, message: str) -> bool:
        """Say at a field what is wrong with it; False when the form has no such field."""
        binding = self._at(field)
        if binding is not None:
            binding.show_error(message)
        return binding is not None

    def _at(self, field: str) -> Binding | None:
        return self._bindings.get(self._also.get(field, field))

    # ------------------------------------------------------------ saving

    def _commit(self, field: str, value: object) -> None:
        binding = self._bindings[field]
        self.save({field: value}, shown={field: binding.base}, text=binding.draft())

    def save(
        self, changes: Mapping[str, Any], *, shown: Mapping[str, Any] | None = None, text: str | None = None
    ) -> None:
        """Save values of the record shown; what goes wrong is said at the field, or by the window.

        `shown` holds what the user saw before, by field; what the form shows now unless given. `text` is how
        a value was typed.
        """
        row = self.row
        if row is None:
            return
        seen = shown or {field: wire_of(getattr(row.data, field, None)) for field in changes}
        task = self._scope.spawn(self._save(row, dict(changes), seen, text), "save")
        if task is not None:
            self._saving.add(task)
            task.add_done_callback(self._saving.discard)

    async def _save(
        self, row: RecordRow, changes: dict[str, Any], shown: Mapping[str, Any], text: str | None
    ) -> None:
        typed = [(self._entity, row.uid, field) for field in changes] if text is not None else []
        try:
            with self._context.shop.drafts.saving(typed, text):
                edited, repriced = await save_edit(self._context, self._entity, row.uid, changes, shown)
        except InsticaError as error:
            self._refused(row, changes, error)
            return
        self._done_with(row, changes, text)
        if edited.after:
            title = self._title_of(row.data)
            remember_edit(self._context, self._entity, row.uid, title, edited, repriced)
        self.saved.emit(edited)

    def _done_with(self, row: RecordRow, changes: Mapping[str, Any], text: str | None) -> None:
        """Take away drafts and errors of what is saved, and of what was wrong only before."""
        drafts, fresh = self._context.shop.drafts, self._context.shop.row(self._entity, row.uid)
        for field in changes:
            draft = drafts.of(self._entity, row.uid).get(field)
            if draft is not None and draft.text == text:
                drafts.drop(self._entity, row.uid, field)
        if fresh is None or not self._shows(row):
            return
        for field, binding in self._bindings.items():
            if field in changes:
                binding.saved(text, getattr(fresh.data, field, None))
            elif binding.draft() is None:
                binding.show_error("")
        self._show_marks(fresh)

    def _shows(self, row: RecordRow) -> bool:
        """Tell whether a record is the one shown, also when it has got its own uid meanwhile."""
        if self.row is None or self.row.uid == row.uid:
            return self.row is not None
        known = [self._context.shop.row(self._entity, uid) for uid in (self.row.uid, row.uid)]
        return all(known) and len({one.uid for one in known if one is not None}) == 1

    def _refused(self, row: RecordRow, changes: dict[str, Any], error: InsticaError) -> None:
        wrong = error if isinstance(error, InputError) else InputError(error.message, details=error.details)
        told = self._at(wrong.field or next(iter(changes), ""))
        if told is None or not self._shows(row):
            self._context.tell(error, about=self._title_of(row.data))  # the text is kept for the next look
        if not self._shows(row):
            for field in changes:
                self._context.shop.drafts.put_aside(self._entity, row.uid, field)
            return
        for field in changes:
            own = self._bindings.get(field)
            if own is not None:
                own.refused(wrong if own is told else None)
        if told is not None and told.field not in changes:
            told.form.refuse(wrong)

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
