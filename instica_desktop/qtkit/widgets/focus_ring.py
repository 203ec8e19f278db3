"""The 2 px outline around what has the keyboard, drawn outside the widget so that it moves nothing."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

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
        self._between: list[QWidget] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow focus, place and visibility."""
        kind = event.type()
        if watched is not self._widget:
            if kind in _MOVED:
                self._place()
        elif kind == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
            if event.reason() not in BY_MOUSE or self._ring is not None:
                self._show()
        elif kind in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self._drop()
        elif kind in _MOVED and self._ring is not None:
            self._place()
        return False

    def _show(self) -> None:
        self._drop()
        host = self._host()
        if host is None:
            return
        for part in self._between:
            part.installEventFilter(self)
        self._ring = FocusRing(host, self._radius + self._gap + 2 if self._gap >= 0 else self._radius)
        self._place()
        self._ring.show()
        self._ring.raise_()

    def _host(self) -> QWidget | None:
        """Return the nearest widget around that has room for the ring, as far as it moves with this one."""
        host = self._widget.parentWidget()
        while host is not None and not host.rect().contains(self._area(host)):
            above = host.parentWidget()
            if host.isWindow() or above is None or isinstance(above.parentWidget(), QAbstractScrollArea):
                break
            self._between.append(host)
            host = above
        return host

    def _area(self, host: QWidget) -> QRect:
        out = self._gap + 2
        area = QRect(self._widget.mapTo(host, QPoint()), self._widget.size())
        return area.adjusted(-out, -out, out, out)

    def _place(self) -> None:
        host = self._ring.parentWidget() if self._ring is not None else None
        if self._ring is not None and host is not None:
            self._ring.setGeometry(self._area(host))

    def _drop(self) -> None:
        while self._between:
            self._between.pop().removeEventFilter(self)
        if self._ring is not None:
            self._ring.hide()
            self._ring.deleteLater()
            self._ring = None


def attach_ring(widget: QWidget, gap: int = 2, radius: float = 8) -> None:
    """Give a widget a focus ring `gap` px away from its edge; -2 puts it on the edge itself."""
    _Watcher(widget, gap, radius)
