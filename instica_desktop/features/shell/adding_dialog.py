"""Photos that are still being added when a shop is left: seen to the end, or taken up later."""

from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.features.context import Context
from instica_desktop.features.shell.words import adding_words
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Meter

Leaving = Literal["quit", "switch", "sign_out", "remove"]
Outcome = Literal["stay", "go", "added"]
LATER = "They are written down: what is not added now is taken up {when}."
SENTENCES: dict[Leaving, tuple[str, str]] = {
    "quit": (LATER.format(when="at the next start"), "Quit now"),
    "switch": (LATER.format(when="when this shop is opened here again"), "Leave now"),
    "sign_out": (LATER.format(when="when you connect to this shop again"), "Leave now"),
    "remove": ("Removing the shop now leaves out those that are not added yet.", "Leave now"),
}
SETTLE_MS = 60


class AddingDialog(QDialog):
    """Counts down, and closes by itself. `answer` holds once it has closed."""

    def __init__(self, parent: QWidget, context: Context, leaving: Leaving) -> None:
        super().__init__(parent)
        name_widget(self, "addingDialog", "Photos are being added")
        self.setWindowTitle("Photos are being added")
        self.setModal(True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(480)
        self.answer: Outcome = "stay"
        self._shop = context.shop
        self._of = max(1, self._shop.taking_in())
        sentence, go = SENTENCES[leaving]
        self.title = Label("", self, role="h2", wrap=True)
        self.meter = Meter("Adding photos", self, width=0)
        self.stay = Button("Cancel", "addingStay", self, variant="plain", keys=("Esc",))
        self.go = Button(go, "addingGo", self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.show_state)
        self._lay_out(Label(sentence, self, ink="text_2", wrap=True))
        self.stay.clicked.connect(self.reject)
        self.go.clicked.connect(self._go)
        self._shop.on_state.append(self._changed)
        self.finished.connect(self._let_go)
        self.show_state()

    def _lay_out(self, sentence: Label) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(self.stay)
        row.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        for part in (self.title, sentence, self.meter):
            column.addWidget(part)
        column.addSpacing(8)
        column.addLayout(row)

    def show_state(self) -> None:
        """Show how many are left; close when none is."""
        left = self._shop.taking_in()
        if not left:
            self._end("added")
            return
        self._of = max(self._of, left)
        self.title.setText(adding_words(left))
        self.meter.set_value(1 - left / self._of)

    def _changed(self) -> None:
        if not self._settle.isActive():
            self._settle.start()

    def _let_go(self, _result: int = 0) -> None:
        self._settle.stop()
        if self._changed in self._shop.on_state:
            self._shop.on_state.remove(self._changed)

    def _go(self) -> None:
        self._end("go")

    def _end(self, answer: Outcome) -> None:
        self.answer = answer
        self.accept()
