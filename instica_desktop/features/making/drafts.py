"""The fields of a record that is not there yet: read as a whole, with what is wrong said at each field."""

from collections.abc import Collection
from typing import Any, cast

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.forms import Read, read_text
from instica_desktop.features.unsaved import OF
from instica_desktop.qtkit.widgets.form_field import FormField, fields_in_row
from instica_desktop.qtkit.widgets.grade_picker import GradePicker
from instica_desktop.qtkit.widgets.inputs import Select, TextArea, TextField


class _Field(msgspec.Struct):
    """One wire field: where it is typed, how it is read, and what stands there while nothing is typed."""

    form: FormField
    read: Read
    start: str


class DraftFields(QWidget):
    """Base of a form for something new. `edited()` when anything in it changes by hand or by code."""

    edited = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._fields: dict[str, _Field] = {}
        self._context: Context | None = None
        self._place = ""
        self._of = ""
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)

    def field(
        self, name: str, label: str, inner: QWidget, read: Read = read_text, *, note: str = ""
    ) -> FormField:
        """Take an input in for a wire field and return it with its label, to be laid out in this order.

        Tab follows the order fields are taken in, whatever order their inputs were made in.
        """
        form = FormField(label, inner, self, note=note)
        if self._fields:
            QWidget.setTabOrder(next(reversed(self._fields.values())).form.field, inner)
        self._fields[name] = _Field(form, read, text_of(inner))
        if isinstance(inner, GradePicker):
            inner.changed.connect(self._changed)
        elif isinstance(inner, Select):
            inner.chosen.connect(self._changed)
        else:
            cast("TextField | TextArea", inner).textChanged.connect(self._changed)
        return form

    def in_row(self, *parts: QWidget, shares: tuple[int, ...] = ()) -> None:
        """Lay parts out side by side, below what is there; see `fields_in_row`."""
        self.column.addLayout(fields_in_row(*parts, shares=shares))

    # ------------------------------------------------------------ what is typed

    def keep_for(self, context: Context, place: str, of: str = "") -> bool:
        """Write down what is typed from now on, so that a quit or a kill loses none of it.

        `of` is the name of what it is typed for. What is typed already goes along; where nothing is, what
        was typed at this place earlier and never added is put back. Tells whether any was.
        """
        if self.typed:
            self.begin_at(context, place, of)
            return False
        self._context, self._place, self._of = context, place, of
        kept = context.shop.drafts.of(Entity.ITEM, place)
        for name in kept.keys() & self._fields.keys():
            put_text(self._fields[name].form.field, kept[name].text)
        return self.typed

    def begin_at(self, context: Context, place: str, of: str = "") -> None:
        """Keep what is typed at another place, where it is not mixed with what waits there."""
        if place != self._place:
            self.forget()
            self._context, self._place = context, place
            self.forget()
        self._of = of
        for name, one in self._fields.items():
            self._keep(name, one)

    def put_aside(self) -> None:
        """Note that the form is closed over what was typed."""
        if self._context is not None:
            self._context.shop.drafts.put_aside(Entity.ITEM, self._place, OF)

    @property
    def places(self) -> list[tuple[Entity, str, str]]:
        """Where what is typed is written down."""
        return [(Entity.ITEM, self._place, name) for name in (*self._fields, OF)] if self._context else []

    def forget(self) -> None:
        """Let go of what was written down: it is added, or given up."""
        if self._context is not None:
            for place in self.places:
                self._context.shop.drafts.drop(*place)

    def _keep(self, name: str, one: _Field) -> None:
        if self._context is None:
            return
        text, drafts = text_of(one.form.field), self._context.shop.drafts
        if text == one.start:
            drafts.drop(Entity.ITEM, self._place, name)
        else:
            drafts.keep(Entity.ITEM, self._place, name, text)
        if self._of and self.typed:
            drafts.keep(Entity.ITEM, self._place, OF, self._of)
        elif self._of:
            drafts.drop(Entity.ITEM, self._place, OF)

    @property
    def typed(self) -> bool:
        """Whether anything differs from what stood there at first."""
        return any(text_of(one.form.field) != one.start for one in self._fields.values())

    def read(self) -> dict[str, Any] | None:
        """Return wire values by field, without the empty ones; None when something cannot be read.

        What cannot be is said at its field, and the first of them takes the keyboard.
        """
        values: dict[str, Any] = {}
        for name, one in self._fields.items():
            one.form.set_error()
            try:
                values[name] = one.read(text_of(one.form.field))
            except InputError as error:
                one.form.refuse(error)
        if self.focus_error():
            return None
        return {name: value for name, value in values.items() if value not in (None, "", [])}

    def show_error(self, name: str, message: str) -> bool:
        """Say at a field what is wrong with it; False when the form has no such field."""
        one = self._fields.get(name)
        if one is not None:
            one.form.set_error(message)
            one.form.field.setFocus(Qt.FocusReason.OtherFocusReason)
        return one is not None

    def focus_error(self) -> bool:
        """Put the keyboard where something is wrong; False when nothing is."""
        wrong = next((one.form.field for one in self._fields.values() if one.form.error), None)
        if wrong is not None:
            wrong.setFocus(Qt.FocusReason.OtherFocusReason)
        return wrong is not None

    def start_over(self, keep: Collection[str] = ()) -> None:
        """Show the form as at first; what stands in the fields to `keep` counts as not typed from now on."""
        self.forget()
        for name, one in self._fields.items():
            one.form.set_error()
            if name in keep:
                one.start = text_of(one.form.field)
            else:
                put_text(one.form.field, one.start)

    def _changed(self, _value: object = None) -> None:
        for name, one in self._fields.items():
            if one.form.field is self.sender():
                if one.form.error:
                    one.form.set_error()
                self._keep(name, one)
        self.edited.emit()


def text_of(inner: QWidget) -> str:
    """Return what stands in an input: its text, or the key of what is chosen."""
    if isinstance(inner, GradePicker | Select):
        return inner.value
    return cast("TextField | TextArea", inner).text()


def put_text(inner: QWidget, text: str) -> None:
    """Show a text, or a choice by its key."""
    if isinstance(inner, GradePicker | Select):
        inner.set_value(text)
    elif isinstance(inner, TextArea):
        inner.set_text(text)
    else:
        cast(TextField, inner).setText(text)
