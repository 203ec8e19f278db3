"""The 2 px outline around what has the keyboard, drawn outside the widget so that it moves nothing."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.theme.colors import color

BY_MOUSE = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
_MOVED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show)


class FocusRing(QWidget):
    """The outline itself; takes no mouse."""

    def __init__(self, parent: QWidget, radius: float) -> None:
        super().__init__(parent)
        self.setObjectName("focusRing")
        self._radius = radius
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the outline."""
        paint.rounded(QPainter(self), QRectF(self.rect()), self._radius, None, color("brand"), 2)


class _Watcher(QObject):
    """Shows the ring of one widget while the keyboard brought the focus there."""

    def __init__(self, widget: QWidget, gap: int, radius: float) -> None:
        super().__init__(widget)
        self._widget, self._gap, self._radius = widget, gap, radius
        self._ring: FocusRing | None = None
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow focus, place and visibility."""
        kind = event.type()
        if kind == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
            if event.reason() not in BY_MOUSE or self._ring is not None or self._opens(event.reason()):
                self._show()
        elif kind in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self._drop()
        elif kind in _MOVED and self._ring is not None:
            self._place()
        return False

    def _opens(self, reason: Qt.FocusReason) -> bool:
        """Tell whether the focus comes with a dialog: Enter acts there, so it has to be seen."""
        activated = reason is Qt.FocusReason.ActiveWindowFocusReason
        return activated and isinstance(self._widget.window(), QDialog)

    def _show(self) -> None:
        parent = self._widget.parentWidget()
        if parent is None:
            return
        self._drop()
        self._ring = FocusRing(parent, self._radius + self._gap + 2 if self._gap >= 0 else self._radius)
        self._place()
        self._ring.show()
        self._ring.raise_()

    def _place(self) -> None:
        if self._ring is not None:
            out = self._gap + 2
            top_left = self._widget.pos() - QPoint(out, out)
            size = self._widget.size()
            self._ring.setGeometry(
                top_left.x(), top_left.y(), size.width() + 2 * out, size.height() + 2 * out
            )

    def _drop(self) -> None:
        if self._ring is not None:
            self._ring.hide()
            self._ring.deleteLater()
            self._ring = None


def attach_ring(widget: QWidget, gap: int = 2, radius: float = 8) -> None:
    """Give a widget a focus ring `gap` px away from its edge; -2 puts it on the edge itself."""
    _Watcher(widget, gap, radius)
