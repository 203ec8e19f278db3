"""A field that asks for a number, so that what is large is not agreed to in passing."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from instica_desktop.qtkit.dialogs import Gate
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.qtkit.widgets.inputs import TextField


class TypedNumber(Gate):
    """Lets the act be pressed once the number asked for is typed; `number` is what was, None for none."""

    def __init__(self, wanted: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = wanted
        self.number: int | None = None
        self.field = TextField("typedNumber", "How many to delete", self, tabular=True)
        self.field.textChanged.connect(self._typed)
        self.field.returnPressed.connect(self._entered)
        self.form = FormField("Number", self.field, self)
        self.setFocusProxy(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)

    def _typed(self, text: str) -> None:
        digits = text.strip().replace(",", "")
        self.number = int(digits) if digits.isascii() and digits.isdecimal() else None
        self.form.set_error()
        self.opened.emit(self.number == self._wanted)

    def _entered(self) -> None:
        """Say what is missing where Enter does nothing yet."""
        if self.number != self._wanted:
            self.form.set_error(f"Type {self._wanted} to delete them, or keep them.")
