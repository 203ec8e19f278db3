"""What went wrong before any field could be blamed: one sentence, with details on demand."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from instica_desktop.core.errors import InsticaError
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.banner import Callout
from instica_desktop.qtkit.widgets.button import Button


class ProblemBox(Callout):
    """A sentence on red ground; “Details” unfolds the technical part."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("problemBox", parent, tone="error")
        self._sentence = Label("", self, ink="error", wrap=True)
        self._details = Label("", self, role="caption", ink="error", wrap=True)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.more = Button("Details", "problemDetails", self, variant="plain", height=24)
        self.more.setCheckable(True)
        self.more.toggled.connect(self._details.setVisible)
        self.add_words(self._sentence, self._details)
        self.row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        self.clear()

    @property
    def words(self) -> str:
        """The sentence shown; empty for none."""
        return "" if self.isHidden() else self._sentence.text()

    @property
    def details(self) -> str:
        """The technical part, if it is unfolded."""
        return "" if self._details.isHidden() else self._details.text()

    def show_problem(self, error: InsticaError) -> None:
        """Show a problem."""
        self._sentence.setText(error.message)
        self._details.setText(error.details)
        self._details.hide()
        self.more.setChecked(False)
        self.more.setVisible(bool(error.details))
        self.setAccessibleName(error.message)
        self.show()

    def clear(self) -> None:
        """Take it away."""
        self.hide()
