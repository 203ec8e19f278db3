"""The 2 px outline around what has the keyboard, drawn outside the widget so that it moves nothing.

Its parent is the nearest widget with room for all of it: a tight one would cut it off.
"""

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QDialog, QWidget

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
        self._drop()
        if self._widget.parentWidget() is None:
            return
        self._between = list(self._too_small())
        for widget in self._between:
            widget.installEventFilter(self)  # where they go, the ring goes
        holder = cast(QWidget, (self._between or [self._widget])[-1].parentWidget())
        self._ring = FocusRing(holder, self._radius + self._gap + 2 if self._gap >= 0 else self._radius)
        self._place()
        self._ring.show()
        self._ring.raise_()

    def _too_small(self) -> Iterator[QWidget]:
        """Yield the widgets around this one that would cut the ring off, from the inside out."""
        holder = self._widget.parentWidget()
        while holder is not None and not holder.rect().contains(self._area(holder)):
            above = holder.parentWidget()
            if above is None or holder.isWindow() or isinstance(above.parentWidget(), QAbstractScrollArea):
                return  # what scrolls takes its rings along
            yield holder
            holder = above

    def _area(self, holder: QWidget) -> QRect:
        out = self._gap + 2
        return QRect(self._widget.mapTo(holder, QPoint(0, 0)), self._widget.size()).adjusted(
            -out, -out, out, out
        )

    def _place(self) -> None:
        if self._ring is not None:
            self._ring.setGeometry(self._area(cast(QWidget, self._ring.parentWidget())))

    def _drop(self) -> None:
        for widget in self._between:
            widget.removeEventFilter(self)
        self._between = []
        if self._ring is not None:
            self._ring.hide()
            self._ring.deleteLater()
            self._ring = None


def attach_ring(widget: QWidget, gap: int = 2, radius: float = 8) -> None:
    """Give a widget a focus ring `gap` px away from its edge; -2 puts it on the edge itself."""
    _Watcher(widget, gap, radius)
