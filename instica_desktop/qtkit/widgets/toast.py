"""Messages over the window: what was done and how to undo it, what failed, how far long work is."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QEnterEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color, scheme
from instica_desktop.qtkit.theme.tokens import TOAST_WIDTH, Token
from instica_desktop.qtkit.widgets.button import Button, IconButton
from instica_desktop.qtkit.widgets.indicators import Meter, Spinner

ToastTone = Literal["success", "info", "warning", "danger"]
_ICONS: dict[ToastTone, str] = {
    "success": "circle-check",
    "info": "info",
    "warning": "triangle-alert",
    "danger": "circle-alert",
}
SHADOW = 16
STAYS_MS = 6_000
STAYS_WITH_ACTION_MS = 10_000
MOST = 3
EDGE = 16
"""How far toasts stay from the edges of where they stand."""


class Toast(QWidget):
    """One message. `acted` is the press of its button, `closed` its end; it stays while hovered or
    focused."""

    acted = Signal()
    closed = Signal()
    stayed = Signal()
    """Its time was up, or it was looked at again, and it begins anew."""

    def __init__(
        self, headline: str, text: str, tone: ToastTone, action: str, stays_ms: int, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.had_keyboard = False
        """Whether the keyboard was on it when it went."""
        self.setObjectName("toast")
        self._tone: ToastTone = tone
        self.setFixedWidth(TOAST_WIDTH + 2 * SHADOW)
        self._headline = Label(headline, self, role="medium", wrap=True)
        self._text = Label(text, self, role="caption", ink="text_2", wrap=True)
        self._text.setVisible(bool(text))
        self.action = Button(action, "toastAction", self, variant="link")
        self.action.setVisible(bool(action))
        self.action.clicked.connect(self._act)
        self._close = IconButton("x", "toastClose", "Dismiss", self)
        self._close.clicked.connect(self.dismiss)
        for button in (self.action, self._close):  # a click leaves the keyboard where it is: the toast goes
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(max(1, stays_ms))
        self._timer.timeout.connect(self._time_up)
        self._lay_out()
        self.setAccessibleName(f"{headline}. {text}" if text else headline)
        if stays_ms:
            self._timer.start()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._headline)
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(SHADOW + 48, SHADOW + 8, SHADOW + 8, SHADOW + 8)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self.action)
        row.addWidget(self._close)
        self._words = words

    @property
    def headline(self) -> str:
        """The first line."""
        return self._headline.text()

    def _act(self) -> None:
        self.acted.emit()
        self.dismiss()

    def dismiss(self) -> None:
        """Go away."""
        self._timer.stop()
        self.had_keyboard = _holds(self, QApplication.focusWidget())
        self.hide()
        self.closed.emit()

    def _time_up(self) -> None:
        hovered = self.rect().contains(self.mapFromGlobal(QCursor.pos()))
        if hovered or _holds(self, QApplication.focusWidget()):
            self._timer.start()
            self.stayed.emit()
        else:
            self.dismiss()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Begin the time again."""
        if self._timer.isActive():
            self._timer.start()
            self.stayed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go away on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw card and icon."""
        painter = QPainter(self)
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        if scheme() == "light":
            paint.shadow(painter, card, 12)
        paint.rounded(painter, card, 12, color("card"), color("edge"))
        if self._tone in _ICONS:
            token: Token = self._tone
            icons.paint(painter, SHADOW + 16, (self.height() - 20) // 2, _ICONS[self._tone], token, 20)


class ProgressToast(Toast):
    """Long work: a meter, “138 of 214” and Stop (`acted`). Closing it does not stop the work.

    Once it is to stop, it stays until the work has ended, which may take a moment.
    """

    grown = Signal()
    """Its words may need another height."""

    def __init__(self, headline: str, total: int, stop: str, parent: QWidget) -> None:
        super().__init__(headline, "", "info", stop, 0, parent)
        self._tone = "working"  # type: ignore[assignment]
        self.total, self.done = total, 0
        self.action.set_variant("plain")
        self._spinner = Spinner(self, size=20, token="info")
        self._spinner.move(SHADOW + 16, SHADOW + 14)
        self._count = Label("", self, role="caption", ink="text_3", tabular=True)
        self._meter = Meter(headline, self, width=0)
        head = QHBoxLayout()
        self._words.removeWidget(self._headline)
        head.addWidget(self._headline, 1)
        head.addWidget(self._count, 0, Qt.AlignmentFlag.AlignTop)
        self._words.insertLayout(0, head)
        self._words.setSpacing(4)
        self._words.addWidget(self._meter)
        self.set_progress(0)

    def _act(self) -> None:
        self.action.setEnabled(False)
        self.acted.emit()

    def set_headline(self, words: str) -> None:
        """Say what is done now."""
        self._headline.setText(words)
        self.setAccessibleName(words)
        self.grown.emit()

    def set_progress(self, done: int, total: int | None = None) -> None:
        """Show how far the work is."""
        self.done, self.total = done, self.total if total is None else total
        self._count.setText(f"{done:,} of {self.total:,}")
        widest = self._count.fontMetrics().horizontalAdvance(f"{self.total:,} of {self.total:,}")
        if widest > self._count.minimumWidth():  # so that the words beside it do not break while it grows
            self._count.setMinimumWidth(widest)
            self.grown.emit()
        self._meter.set_value(done / self.total if self.total else 0)


class ToastHost(QObject):
    """Shows toasts over one window, the newest lowest, at the lower right of where they may stand.

    `room` tells where that is, in the window's coordinates: where nothing is read or pressed first. Without
    it, it is the whole window.
    """

    def __init__(self, window: QWidget, room: Callable[[], QRect] | None = None) -> None:
        super().__init__(window)
        self._window, self._room = window, room or window.rect
        self._toasts: list[Toast] = []
        self._came_from: QWidget | None = None
        window.installEventFilter(self)

    @property
    def toasts(self) -> tuple[Toast, ...]:
        """Those on screen."""
        return tuple(self._toasts)

    def show(
        self,
        headline: str,
        text: str = "",
        tone: ToastTone = "success",
        *,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        stays_ms: int | None = None,
    ) -> Toast:
        """Show a message. `on_action` must be a bound method or function. `stays_ms` 0 stays until closed."""
        usual = STAYS_WITH_ACTION_MS if action else STAYS_MS
        toast = Toast(headline, text, tone, action, usual if stays_ms is None else stays_ms, self._window)
        if on_action is not None:
            toast.acted.connect(on_action)
        return self._put(toast)

    def progress(self, headline: str, total: int, *, stop: str = "Stop") -> ProgressToast:
        """Show long work. Call `set_progress`, and `dismiss` at the end; `acted` means stop."""
        toast = ProgressToast(headline, total, stop, self._window)
        toast.grown.connect(self.place)
        self._put(toast)
        return toast

    def focus(self) -> bool:
        """Move the keyboard to the newest toast's button; False when there is none.

        It returns to where it was when the toast goes.
        """
        focused = QApplication.focusWidget()
        if not any(_holds(toast, focused) for toast in self._toasts):
            self._came_from = focused
        for toast in reversed(self._toasts):
            target = toast.action if toast.action.isVisible() else toast.findChild(IconButton, "toastClose")
            if target is not None:
                target.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
        return False

    def _put(self, toast: Toast) -> Toast:
        toast.closed.connect(self._drop)
        self._toasts.append(toast)
        plain = [t for t in self._toasts if not isinstance(t, ProgressToast)]
        if len(plain) > MOST:
            plain[0].dismiss()
        self.place()  # before it shows, or it would first appear under a pointer in the corner
        toast.show()
        self.place()
        return toast

    def _drop(self) -> None:
        toast = self.sender()
        if isinstance(toast, Toast) and toast in self._toasts:
            self._toasts.remove(toast)
            toast.deleteLater()
            self.place()
            if toast.had_keyboard:
                self._return()

    def _return(self) -> None:
        """Give the keyboard back to what had it, if that still stands."""
        before, self._came_from = self._came_from, None
        if before is not None and before in self._window.findChildren(QWidget):
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> None:
        """Stack the toasts upwards from the lower right corner. Call it when that corner moved."""
        if not self._toasts:
            return
        room = self._room()
        bottom = room.bottom() + 1 - EDGE
        for toast in reversed(self._toasts):
            width = max(min(TOAST_WIDTH, room.width() - 2 * EDGE), 200) + 2 * SHADOW
            toast.setFixedWidth(width)
            toast.adjustSize()
            needed = toast.heightForWidth(width)  # the size hint would cut words that need a third line
            toast.resize(width, max(needed, 48 + 2 * SHADOW))
            left = room.right() + 1 - EDGE - width + SHADOW
            toast.move(max(left, -SHADOW), bottom - toast.height() + SHADOW)
            toast.raise_()
            bottom -= toast.height() - 2 * SHADOW + 8

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep to the corner."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self.place()
        return False


def _holds(toast: Toast, widget: QWidget | None) -> bool:
    """Tell whether a widget is part of a toast."""
    return widget is not None and (widget is toast or toast.isAncestorOf(widget))
