"""A field that asks for a number, so that what is large is not agreed to in passing."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from instica_desktop.qtkit.widgets.inputs import TextField


class TypedNumber(QWidget):
    """A field for a number; `number` is what was typed, None while that is none."""

    def __init__(self) -> None:
        super().__init__()
        self.number: int | None = None
        self.field = TextField("typedNumber", "How many to delete", self, tabular=True)
        self.field.textChanged.connect(self._typed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)

    def _typed(self, text: str) -> None:
        digits = text.strip().replace(",", "")
        self.number = int(digits) if digits.isascii() and digits.isdecimal() else None
