"""Where the user writes a value of their own: one input for each sort of field. It speaks wire values."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from instica_desktop.core.describe import LONG, field_name, field_value
from instica_desktop.core.errors import InputError
from instica_desktop.core.grading import ITEM_GRADES, SLEEVE_GRADES
from instica_desktop.core.merge3 import merge
from instica_desktop.core.money import wire_money
from instica_desktop.core.operations import Edit
from instica_desktop.core.statuses import PRODUCT_TYPES, item_status, next_statuses
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.inputs import MoneyField, Select, TextArea, TextField

LISTS = frozenset({"tags", "genres"})
LINES_FROM = 200
"""Characters from which a text gets a higher input."""
Input = TextField | MoneyField | TextArea | Select

HINTS = {True: "Both versions, put together. Where they clash, yours stands above the other.", False: ""}


def can_be_written(edit: Edit) -> bool:
    """Tell whether a third value makes sense: not for yes or no, and a picture cannot be written."""
    return (
        edit.field != "product_image" and not isinstance(edit.base, bool) and not isinstance(edit.new, bool)
    )


def first_draft(edit: Edit, theirs: Any) -> Any:
    """Return what the user begins with: texts and lists with the changes of both, else the own value."""
    if edit.field in LONG:
        return merge(*(str(value or "") for value in (edit.base, edit.new, theirs))).text
    if edit.field in LISTS:
        base, mine, other = (list(cast("Iterable[str]", v or ())) for v in (edit.base, edit.new, theirs))
        both = dict.fromkeys([*mine, *other])
        return [tag for tag in both if tag not in base or (tag in mine and tag in other)]
    return edit.new


class OwnValue(QWidget):
    """The input, a hint above it and, when a value cannot be saved, the reason. `changed` as one types."""

    changed = Signal()

    def __init__(self, edit: Edit, theirs: Any, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = edit.field
        name = f"{field_name(edit.field)}, a value of your own"
        self.input = _input(edit, theirs, name, self)
        self._error = Label("", self, role="caption", ink="error", wrap=True)
        self._error.setObjectName(f"ownError_{edit.field}")
        self._error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        if hint := HINTS[edit.field in LONG]:
            column.addWidget(Label(hint, self, role="caption", ink="text_2", wrap=True))
        column.addWidget(self.input)
        column.addWidget(self._error)
        self.set_value(first_draft(edit, theirs))
        if isinstance(self.input, Select):
            self.input.chosen.connect(self._typed)
        else:
            self.input.textChanged.connect(self._typed)

    def _typed(self, _text: str = "") -> None:
        self.show_error("")
        self.changed.emit()

    def set_value(self, value: Any) -> None:
        """Put a wire value into the input."""
        match self.input:
            case Select():
                self.input.set_value(str(value or ""))
            case TextArea():
                self.input.set_text(str(value or ""))
            case _:
                self.input.setText(_typed(self.field, value))

    def text(self) -> str:
        """Return what is written, whether it can be read or not."""
        return self.input.value if isinstance(self.input, Select) else self.input.text()

    def put_text(self, text: str) -> None:
        """Write again what `text` returned."""
        match self.input:
            case Select():
                self.input.set_value(text)
            case TextArea():
                self.input.set_text(text)
            case _:
                self.input.setText(text)

    def value(self) -> Any:
        """Return the wire value. Raises InputError with an example of a right one."""
        match self.input:
            case Select():
                return self.input.value or None
            case MoneyField():
                amount = self.input.amount()
                return None if amount is None else wire_money(amount)
            case _ if self.field in LISTS:
                return [part.strip() for part in self.input.text().split(",") if part.strip()]
            case _:
                return self.input.text().strip()

    def words(self) -> str:
        """Return the value as it is shown; what cannot be read yet, as it is typed."""
        try:
            return field_value(self.field, self.value())
        except InputError:
            return "…"

    def show_error(self, message: str) -> None:
        """Say why the value cannot be saved; nothing takes it away."""
        self._error.setText(message)
        self._error.setVisible(bool(message))
        self.input.set_invalid(bool(message))
        self.input.setAccessibleDescription(message)

    def take_focus(self) -> None:
        """Put the keyboard into the input."""
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(self.input, TextField):
            self.input.selectAll()


def _typed(field: str, value: Any) -> str:
    """Return a wire value as one types it."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in cast("Iterable[object]", value))
    if isinstance(value, Mapping):
        return field_value(field, value)
    return str(value)[:10] if field.endswith("_at") else str(value)


def _input(edit: Edit, theirs: Any, name: str, parent: QWidget) -> Input:
    field = edit.field
    key = f"own_{field}"
    options = _options(edit, theirs)
    if options:
        select = Select(key, name, parent)
        select.set_options(options)
        return select
    if field in LONG:
        long = max(len(str(value or "")) for value in (edit.base, edit.new, theirs))
        return TextArea(key, name, parent, lines=3 if long < LINES_FROM else 8)
    if field.endswith("_usd"):
        return MoneyField(key, name, parent, placeholder="0.00")
    hint = "Words between commas" if field in LISTS else "2026-11-21" if field.endswith("_at") else ""
    return TextField(key, name, parent, placeholder=hint)


def _options(edit: Edit, theirs: Any) -> list[tuple[str, str]]:
    """Return (code, words) of a field that has a choice of values."""
    match edit.field:
        case "condition_item":
            return [("", "none"), *((grade.code, grade.label) for grade in ITEM_GRADES)]
        case "condition_container":
            return [("", "none"), *((grade.code, grade.label) for grade in SLEEVE_GRADES)]
        case "status":
            codes = dict.fromkeys((str(edit.new), str(theirs), *next_statuses(str(theirs))))
            return [(code, item_status(code).label) for code in codes]
        case "type":
            return list(PRODUCT_TYPES)
        case _:
            return []
