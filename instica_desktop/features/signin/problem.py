"""What went wrong before any field could be blamed: one sentence, with details on demand."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.errors import InsticaError
from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.widgets.button import Button


class ProblemBox(QWidget):
    """A sentence on red ground; “Details” unfolds the technical part."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("problemBox")
        self._words = Label("", self, ink="error", wrap=True)
        self._details = Label("", self, role="caption", ink="error", wrap=True)
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.more = Button("Details", "problemDetails", self, variant="plain", height=24)
        self.more.setCheckable(True)
        self.more.toggled.connect(self._details.setVisible)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._words)
        words.addWidget(self._details)
        row = QHBoxLayout(self)
        row.setContentsMargins(40, 10, 10, 10)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        self.clear()

    @property
    def words(self) -> str:
        """The sentence shown; empty for none."""
        return "" if self.isHidden() else self._words.text()

    @property
    def details(self) -> str:
        """The technical part, if it is unfolded."""
        return "" if self._details.isHidden() else self._details.text()

    def show_problem(self, error: InsticaError) -> None:
        """Show a problem."""
        self._words.setText(error.message)
        self._details.setText(error.details)
        self._details.hide()
        self.more.setChecked(False)
        self.more.setVisible(bool(error.details))
        self.setAccessibleName(error.message)
        self.show()

    def clear(self) -> None:
        """Take it away."""
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and icon."""
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), 8, color("error_bg"))
        icons.paint(painter, 14, 12, "circle-alert", "error_text", 16)
