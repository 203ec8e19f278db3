"""A status and where it may go next: badge, arrow, one button per legal move."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from instica_desktop.qtkit.flow import FlowLayout
from instica_desktop.qtkit.focus_order import tab_at
from instica_desktop.qtkit.text import name_widget, set_tooltip
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.tokens import Tone
from instica_desktop.qtkit.widgets.badge import Badge
from instica_desktop.qtkit.widgets.button import Button


class Move(msgspec.Struct, frozen=True):
    """One move: key, word; `quiet` for a plain button, `reason` when it cannot be made now."""

    key: str
    label: str
    quiet: bool = False
    reason: str = ""


class _Arrow(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(14, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        icons.paint(QPainter(self), 0, 0, "arrow-right", "text_3", 14)


class StatusMoves(QWidget):
    """Shows a status and its moves in the order given; `move_chosen` carries the key of the one pressed."""

    move_chosen = Signal(str)

    def __init__(self, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name_widget(self, name, accessible)
        self._badge = Badge(parent=self)
        self._arrow = _Arrow(self)
        self._buttons: list[Button] = []
        self._shown: tuple[str, Tone, list[Move]] | None = None
        self._row = FlowLayout(self)
        self._row.addWidget(self._badge)
        self._row.addWidget(self._arrow)

    @property
    def buttons(self) -> Sequence[Button]:
        """The buttons of the moves."""
        return self._buttons

    def set_status(self, word: str, tone: Tone, moves: Sequence[Move]) -> None:
        """Show a status and its moves; nothing is rebuilt when they are the same.

        The keyboard stays here: on the same move, else on the first.
        """
        if (word, tone, list(moves)) == self._shown:
            return
        self._shown = (word, tone, list(moves))
        here = next((str(button.property("move")) for button in self._buttons if button.hasFocus()), "")
        self._badge.set_badge(word, tone)
        self._arrow.setVisible(bool(moves))
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [self._made(move) for move in moves]
        for button in self._buttons:
            self._row.addWidget(button)
            button.show()  # the layout would show it too late for the keyboard
        tab_at(self, *self._buttons)
        if here and self._buttons:
            same = (button for button in self._buttons if button.property("move") == here)
            next(same, self._buttons[0]).setFocus(Qt.FocusReason.OtherFocusReason)

    def _made(self, move: Move) -> Button:
        variant = "plain" if move.quiet else "outlined"
        button = Button(move.label, f"move_{move.key}", self, variant=variant, height=28)
        button.setAccessibleName(f"Change the status to {move.label}")
        button.setProperty("move", move.key)
        button.setEnabled(not move.reason)
        set_tooltip(button, move.reason)
        button.clicked.connect(self._pressed)
        return button

    def _pressed(self) -> None:
        self.move_chosen.emit(self.sender().property("move"))
