"""One edit in the list: state, record, what changes, when, and what can be done about it."""

from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.features.activity.groups import Act, Entry
from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import ElidedLabel, Label, name_widget
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.fonts import font
from instica_desktop.qtkit.widgets.button import Button, IconButton

WORDS: Final[dict[Act, str]] = {
    "resolve": "Resolve",
    "retry": "Retry",
    "send": "Send as it is",
    "recreate": "Make again",
    "another": "Add it as another parcel",
    "drop": "Drop",
    "gone": "Drop",
}
MEANINGS: Final[dict[Act, str]] = {
    "resolve": "Resolve: choose which values to keep",
    "retry": "Send again",
    "send": "Send as it is",
    "recreate": "Make the deleted record again",
    "another": "Add it as another parcel, with what you typed",
    "drop": "Drop this edit",
    "gone": "Drop this edit",
}
LEFT = 44


class _Title(QWidget):
    """The record's title, and quietly whose it is; the title is the last to be cut."""

    def __init__(self, title: str, by: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._title, self._by = title, f" · {by}" if by else ""
        self.setFixedHeight(18)
        self.setMinimumWidth(60)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw both."""
        painter = QPainter(self)
        title = paint.elided(self._title, "strong", self.width())
        painter.setPen(color("text"))
        painter.setFont(font("strong"))
        painter.drawText(self.rect(), int(paint.LEFT), title)
        used = paint.text_width(title, "strong")
        if self._by and self.width() - used > 24:
            painter.setPen(color("text_2"))
            painter.setFont(font("body"))
            by = paint.elided(self._by, "body", self.width() - used)
            painter.drawText(self.rect().adjusted(used, 0, 0, 0), int(paint.LEFT), by)


class OperationRow(QWidget):
    """Signals: `acted(act)` from a button, Enter or Delete; `moved(step)` from the arrow keys;
    `reordered(step)` from Alt and the arrow keys, or the arrows of a row that is `movable`."""

    acted = Signal(str)
    moved = Signal(int)
    reordered = Signal(int)

    def __init__(
        self, uuid: str, title: str, by: str, shown: Entry, parent: QWidget, *, movable: bool = False
    ) -> None:
        super().__init__(parent)
        self.uuid, self.title, self.shown = uuid, title, shown
        self._turn, self._movable = 0.0, movable
        name_widget(self, f"operation_{uuid}", f"{title}: {'. '.join(shown.lines)}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._spin = QTimer(self)
        self._spin.setInterval(80)
        self._spin.timeout.connect(self._step)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(_Title(title or "Record", by, self))
        said = len(shown.lines) == 1 and shown.token == "danger"  # what one has to know is in one sentence
        wraps = len(shown.lines) > 1 or said
        for line in shown.lines:
            label = Label(line, self, role="caption", ink="text_2", wrap=True) if wraps else None
            words.addWidget(label or ElidedLabel(line, self, role="caption", ink="text_2", middle=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(LEFT, 8, 12, 8)
        row.setSpacing(12)
        row.addLayout(words, 1)
        time = Label(shown.time, self, role="caption", ink="text_3", tabular=True)
        several = len(shown.acts) > 1
        row.addWidget(time, 0, Qt.AlignmentFlag.AlignTop if several else Qt.AlignmentFlag.AlignVCenter)
        if movable:
            row.addLayout(self._arrows())
        buttons = [self._button(act, first=act is shown.acts[0]) for act in shown.acts]
        if several:  # under the words, which have more to say then
            words.addLayout(_in_line(buttons))
        elif buttons:
            row.addWidget(buttons[0])
        else:
            row.addSpacing(36)

    def _button(self, act: Act, *, first: bool) -> QWidget:
        name = f"{act}_{self.uuid}"
        meaning = f"{MEANINGS[act]}: {self.title}"
        if act == "drop" and first:
            made: IconButton | Button = IconButton(
                "undo-2", name, MEANINGS[act], self, shortcut_hint="Delete"
            )
            made.setAccessibleName(meaning)
        else:
            variant = "filled" if act == "resolve" else "outlined" if first else "plain"
            made = Button(WORDS[act], name, self, variant=variant, height=24, accessible=meaning)
        made.clicked.connect(partial(self._act, act))
        return made

    def _arrows(self) -> QHBoxLayout:
        arrows = QHBoxLayout()
        arrows.setSpacing(0)
        for icon, name, words, keys, act in (
            ("chevron-up", "earlier", "Send earlier", "Alt+Up", self._earlier),
            ("chevron-down", "later", "Send later", "Alt+Down", self._later),
        ):
            button = IconButton(icon, f"{name}_{self.uuid}", words, self, shortcut_hint=keys)
            button.setAccessibleName(f"{words}: {self.title}")
            button.clicked.connect(act)
            arrows.addWidget(button)
        return arrows

    def _earlier(self) -> None:
        self.reordered.emit(-1)

    def _later(self) -> None:
        self.reordered.emit(1)

    def _act(self, act: Act, _checked: bool = False) -> None:
        self.acted.emit(act)

    # ------------------------------------------------------------ keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, act, drop."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if self._movable:
                self.reordered.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.shown.acts:
            self._act(self._focused_act() or self.shown.acts[0])
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and (drop := self._drop()):
            self._act(drop)
        else:
            super().keyPressEvent(event)

    def _focused_act(self) -> Act | None:
        """Return the act of the button that has the keyboard, if one has."""
        focused = self.focusWidget()
        name = focused.objectName() if focused and focused is not self else ""
        return next((act for act in self.shown.acts if name == f"{act}_{self.uuid}"), None)

    def _drop(self) -> Act | None:
        return next((act for act in self.shown.acts if act in ("drop", "gone")), None)

    # ------------------------------------------------------------ painting

    def _step(self) -> None:
        self._turn = (self._turn + 0.08) % 1
        self.update(0, 0, LEFT, self.height())

    def showEvent(self, event: QShowEvent) -> None:
        """Turn while it is seen."""
        if self.shown.spins:
            self._spin.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop turning."""
        self._spin.stop()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that it has gone."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the state's sign, and a ring around the row that has the keyboard."""
        painter = QPainter(self)
        top = (self.height() - 16) // 2 if len(self.shown.lines) == 1 else 17
        if self.shown.spins:
            paint.spinner(painter, 16, top, 16, self.shown.token, self._turn)
        else:
            icons.paint(painter, 16, top, self.shown.icon, self.shown.token, 16)
        if self.hasFocus():
            area = QRectF(self.rect()).adjusted(4, 2, -4, -2)
            paint.rounded(painter, area, 8, None, color("brand"), 2)


def _in_line(buttons: list[QWidget]) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setContentsMargins(0, 6, 0, 0)
    line.setSpacing(8)
    for button in buttons:
        line.addWidget(button)
    line.addStretch()
    return line
