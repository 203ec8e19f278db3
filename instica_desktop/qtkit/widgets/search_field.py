"""The search field: icon, text whose parts may be coloured, a cross to clear it, the key that leads here."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import name_widget
from instica_desktop.qtkit.theme import fonts, icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.tokens import Token
from instica_desktop.qtkit.widgets.button import IconButton
from instica_desktop.qtkit.widgets.indicators import KeyCap
from instica_desktop.qtkit.widgets.words_edit import WordsEdit

if TYPE_CHECKING:
    from PySide6.QtGui import QTextCharFormat

DEBOUNCE_MS = 15
"""Short: this computer's copy answers in milliseconds, and whoever asks a server waits on its own account."""

ROOM_FOR_KEYS = 220
"""From this width on the key that leads to an empty field is named in it."""


class Span(msgspec.Struct, frozen=True):
    """A coloured part of the text: start, length, colour; `wrong` draws a wavy line under it."""

    start: int
    length: int
    token: Token = "text"
    strong: bool = False
    wrong: bool = False


Highlighter = Callable[[str], Sequence[Span]]


class SearchField(QWidget):
    """Signals: `text_changed(str)` once typing pauses, `submitted(str)` on Enter, `escaped()` on Esc when
    empty, `went_down()` on Arrow Down, which should lead into the results.
    """

    text_changed = Signal(str)
    submitted = Signal(str)
    escaped = Signal()
    went_down = Signal()

    def __init__(
        self,
        name: str,
        accessible: str,
        parent: QWidget | None = None,
        *,
        placeholder: str = "",
        keys: tuple[str, ...] = (),
        height: int = 36,
        highlighter: Highlighter | None = None,
        icon: str = "search",
    ) -> None:
        super().__init__(parent)
        name_widget(self, name, accessible)
        self._icon, self._highlighter, self._said = icon, highlighter, ""
        self._invalid = False
        self.setFixedHeight(height)
        self.edit = WordsEdit(self)
        name_widget(self.edit, f"{name}Edit", accessible)
        self.edit.setProperty("bare", True)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setFont(fonts.font("body", True))
        self.edit.installEventFilter(self)
        self._clear = IconButton("x", f"{name}Clear", "Clear the search", self, side=24)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.hide()
        self._timer = QTimer(self)
        self._lay_out(keys)
        self._connect()

    def _lay_out(self, keys: tuple[str, ...]) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(34, 0, 8, 0)
        row.setSpacing(6)
        row.addWidget(self.edit, 1)
        row.addWidget(self._clear)
        self._hint = KeyCap(*keys, parent=self) if keys else None
        if self._hint is not None:
            row.addWidget(self._hint)
        self.setFocusProxy(self.edit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name the key that leads here where there is room for it."""
        super().resizeEvent(event)
        self._show_hint()

    def _show_hint(self) -> None:
        """Give the room of the key's name to what is typed, or to the words of a narrow field."""
        if self._hint is not None:
            self._hint.setVisible(not self.text and self.width() >= ROOM_FOR_KEYS)

    def _connect(self) -> None:
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._say)
        self.edit.textChanged.connect(self._typed)
        self.edit.returnPressed.connect(self._submit)
        self._clear.clicked.connect(self.clear)

    # ------------------------------------------------------------ text

    @property
    def text(self) -> str:
        """What stands in the field."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Show a text without a signal."""
        self._said = text
        self.edit.setText(text)
        self._timer.stop()

    def clear(self) -> None:
        """Empty the field and say so at once."""
        self.edit.clear()
        self._say()

    def set_invalid(self, invalid: bool) -> None:
        """Show or take away the red border."""
        self._invalid = invalid
        self.update()

    def set_highlighter(self, highlighter: Highlighter | None) -> None:
        """Choose who colours the text."""
        self._highlighter = highlighter
        self._colour()

    def _typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._show_hint()
        self._timer.start()
        self._colour()

    def _say(self) -> None:
        self._timer.stop()
        if self.text != self._said:
            self._said = self.text
            self.text_changed.emit(self._said)

    def _submit(self) -> None:
        self._say()
        self.submitted.emit(self.text)

    def _colour(self) -> None:
        """Colour parts of the text. A QLineEdit takes formats only by way of an input method's event."""
        if self._highlighter is None:
            return
        cursor = self.edit.cursorPosition()
        attributes = [
            QInputMethodEvent.Attribute(
                QInputMethodEvent.AttributeType.TextFormat, span.start - cursor, span.length, _format(span)
            )
            for span in self._highlighter(self.text)
        ]
        QApplication.sendEvent(self.edit, QInputMethodEvent("", attributes))

    # ------------------------------------------------------------ Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Act on Esc and Down before the line edit, and redraw the ring."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        return False

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            if self.text:
                self.clear()
            else:
                self.escaped.emit()
            return True
        if event.key() == Qt.Key.Key_Down and not event.modifiers():
            self.went_down.emit()
            return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Colour again in another theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._colour()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame and icon."""
        painter = QPainter(self)
        focused = self.edit.hasFocus()
        border = color("danger" if self._invalid else "brand" if focused else "control")
        width = 2 if focused or self._invalid else 1
        paint.rounded(painter, QRectF(self.rect()), 8, color("card"), border, width)
        icons.paint(painter, 11, (self.height() - 16) // 2, self._icon, "text_2", 16)


def _format(span: Span) -> "QTextCharFormat":
    from PySide6.QtGui import QTextCharFormat

    made = QTextCharFormat()
    made.setForeground(color(span.token))
    if span.strong:
        made.setFont(fonts.font("medium", True))
    if span.wrong:
        made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        made.setUnderlineColor(color("danger"))
    return made
