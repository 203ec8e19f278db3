"""The card that shows what takes the room: a bar, and a row for each part with what can be done about it."""

from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from instica_desktop.core.sizes import size_words
from instica_desktop.features.storage.parts import ShareBar, Swatch
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.theme.tokens import Token
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Rule
from instica_desktop.qtkit.widgets.page import Card
from instica_desktop.sync.care import Sizes


class PartSpec(NamedTuple):
    """One part: its field in `Sizes`, colour, name, what it is, and perhaps a button's word."""

    field: str
    token: Token
    name: str
    sentence: str
    button: str = ""


PARTS = (
    PartSpec("records", "chart_1", "Records", "", "Reset copy…"),
    PartSpec("search", "chart_2", "Search index", "Finds records without a connection."),
    PartSpec("pictures", "chart_3", "Pictures", "Fetched again when they are shown.", "Clear pictures"),
    PartSpec("photos", "chart_4", "Photos waiting", "Kept until they are on the server."),
    PartSpec("edits", "info", "Edits and history", ""),
    PartSpec("backups", "chart_neutral", "Backups", "Copies of the edits that were waiting."),
)


class RoomCard(Card):
    """Shows `Sizes`."""

    reset_requested = Signal()
    clear_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Room on this computer", "roomCard", parent)
        self.bar = ShareBar(self)
        self.body.addWidget(self.bar)
        self._sizes: dict[str, Label] = {}
        self._sentences: dict[str, Label] = {}
        self._buttons: dict[str, Button] = {}
        rows = QGridLayout()
        rows.setHorizontalSpacing(12)
        rows.setVerticalSpacing(8)
        rows.setColumnStretch(1, 1)
        for number, part in enumerate(PARTS):
            self._add_row(rows, 2 * number, part)
        self.body.addLayout(rows)
        self._buttons["records"].clicked.connect(self.reset_requested)
        self._buttons["pictures"].clicked.connect(self.clear_requested)

    def _add_row(self, rows: QGridLayout, at: int, part: PartSpec) -> None:
        if at:
            rows.addWidget(Rule(self), at - 1, 0, 1, 4)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(part.name, self, role="medium"))
        self._sentences[part.field] = Label(part.sentence, self, role="caption", ink="text_2", wrap=True)
        words.addWidget(self._sentences[part.field])
        self._sizes[part.field] = Label("", self, tabular=True)
        middle = Qt.AlignmentFlag.AlignVCenter
        rows.addWidget(Swatch(part.token, self), at, 0, middle)
        rows.addLayout(words, at, 1)
        rows.addWidget(self._sizes[part.field], at, 2, middle | Qt.AlignmentFlag.AlignRight)
        if part.button:
            button = Button(part.button, f"{part.field}Button", self, height=28)
            self._buttons[part.field] = button
            rows.addWidget(button, at, 3, middle)

    def show_sizes(self, sizes: Sizes, records: str, edits: str) -> None:
        """Show how much room everything takes; `records` and `edits` say what is there."""
        self.sentence.setText(f"{size_words(sizes.total)} used, {size_words(sizes.free)} free on this disk.")
        self._sentences["records"].setText(records)
        self._sentences["edits"].setText(edits)
        parts = [(part, int(getattr(sizes, part.field))) for part in PARTS]
        for part, size in parts:
            self._sizes[part.field].setText(size_words(size))
            self._sizes[part.field].set_ink("text" if size else "text_3")
        words = ", ".join(f"{part.name} {size_words(size)}" for part, size in parts)
        self.bar.set_parts([(part.token, size) for part, size in parts], words)
        self._buttons["pictures"].setEnabled(sizes.pictures > 0)
