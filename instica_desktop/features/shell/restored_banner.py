"""What the window says of a shop whose waiting edits come from a backup: nothing is sent until it is seen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.ages import day_and_clock
from instica_desktop.core.errors import InsticaError
from instica_desktop.features.context import Context
from instica_desktop.features.shell.words import edits
from instica_desktop.qtkit.tasks import TaskScope, report
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.widgets.button import Button

if TYPE_CHECKING:
    from instica_desktop.sync.care import Restored


class RestoredBanner(QWidget):
    """Stands above the screens while `shop.care.restored` is not None."""

    look_requested = Signal()
    """“Look through the changes” was pressed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("restoredBanner")
        self._context: Context | None = None
        self._scope = TaskScope(self)
        self.headline = Label("", self, role="strong", ink="warning", wrap=True)
        self.sentence = Label("", self, ink="warning", wrap=True)
        self.look = Button("Look through the changes", "restoredLook", self)
        self.send = Button("Send them", "restoredSend", self, variant="filled")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.headline)
        words.addWidget(self.sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(48, 10, 16, 10)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addSpacing(8)
        row.addWidget(self.look, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.send, 0, Qt.AlignmentFlag.AlignVCenter)
        self.look.clicked.connect(self.look_requested)
        self.send.clicked.connect(self.confirm)
        self.hide()

    def follow(self, context: Context) -> None:
        """Speak of a shop from now on."""
        self.leave()
        self._context = context
        context.shop.on_state.append(self.show_state)
        self.show_state()

    def leave(self) -> None:
        """Speak of no shop."""
        context, self._context = self._context, None
        if context and self.show_state in context.shop.on_state:
            context.shop.on_state.remove(self.show_state)
        self.hide()

    def show_state(self) -> None:
        """Show what was restored, or nothing."""
        held = self._context is not None and self._context.shop.held_back
        restored = self._context.shop.care.restored if self._context and held else None
        self.setVisible(restored is not None)
        if self._context is None or restored is None:
            return
        waiting = len(self._context.shop.operations())
        headline, sentence = restored_words(restored, waiting)
        self.headline.setText(headline)
        self.sentence.setText(sentence)
        name_widget(self, "restoredBanner", headline, sentence)
        self.look.setVisible(waiting > 0)
        self.send.setText("Send them" if waiting else "Go on")
        self.send.setAccessibleName(self.send.text())

    def confirm(self) -> None:
        """Let what was restored be sent."""
        if self._context:
            self._scope.spawn(self._context.shop.care.confirm(), "confirm restored", on_error=self._failed)

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, InsticaError) and self._context:
            self._context.ui.show_problem(error)
        else:
            report(error, "confirm restored")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, line and sign."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("warning_bg"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("border"))
        icons.paint(painter, 18, 12, "history", "warning_text", 16)


def restored_words(restored: "Restored", waiting: int) -> tuple[str, str]:
    """Return what the banner says: what was restored from when, and what may be missing."""
    if restored.running:
        return (
            "The file of your waiting edits was damaged while the app was running",
            f"{_holds(waiting)} Everything was still in memory and stands in a new file; the history of "
            "earlier edits may have gaps. Nothing is sent until you say so.",
        )
    if restored.copied is None:
        return (
            "Your waiting edits were damaged, and there is no backup of them",
            f"{_salvaged(restored.salvaged)}Edits that were not sent yet may be missing. The damaged file is "
            "kept on this computer. New edits wait until you go on.",
        )
    when = day_and_clock(restored.copied)
    checked = "Each one is compared with the server before it is sent."
    if restored.chosen:
        return (
            f"The backup of {when} is restored",
            f"{_holds(waiting)} What waited before is kept as a backup of its own. "
            f"Nothing is sent until you say so. {checked}",
        )
    return (
        f"Your waiting edits were damaged; the backup of {when} stands in for them",
        f"{_holds(waiting)} {_salvaged(restored.salvaged)}Edits made after that time may be missing. "
        f"Nothing is sent until you say so. {checked}",
    )


def _salvaged(number: int) -> str:
    return f"{edits(number)} could still be read from the damaged file. " if number else ""


def _holds(waiting: int) -> str:
    return f"{edits(waiting)} {'waits' if waiting == 1 else 'wait'} now." if waiting else "No edits wait now."
