"""A card that opens beside a widget and closes with Esc or a click elsewhere."""

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.alpha import blends
from instica_desktop.qtkit.text import name_widget
from instica_desktop.qtkit.theme.colors import color, scheme

SHADOW = 16


class Popover(QWidget):
    """Put contents into `body`. `closed` is emitted when it goes; it then gives the focus back by itself."""

    closed = Signal()

    def __init__(
        self, name: str, accessible: str, parent: QWidget, *, width: int = 0, radius: int = 12
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        name_widget(self, name, accessible)
        self._blends = blends()
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, self._blends)
        self.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
        self._radius = radius
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(SHADOW + 1, SHADOW + 1, SHADOW + 1, SHADOW + 1)
        self.body.setSpacing(0)
        if width:
            self.setFixedWidth(width + 2 * SHADOW)

    def open_below(self, anchor: QWidget, gap: int = 4) -> None:
        """Open under a widget, left edges in line; above it when there is no room."""
        self._open(anchor, anchor.height() + gap, -gap)

    def open_above(self, anchor: QWidget, gap: int = 8) -> None:
        """Open over a widget, left edges in line."""
        self.adjustSize()
        card = self.sizeHint().height() - 2 * SHADOW
        self._open(anchor, -card - gap, -gap)

    def _open(self, anchor: QWidget, below: int, above_gap: int) -> None:
        self.adjustSize()
        screen = anchor.screen().availableGeometry()
        where = anchor.mapToGlobal(QPoint(0, below))
        card = self.size()
        height = card.height() - 2 * SHADOW
        if where.y() + height > screen.bottom():
            where.setY(anchor.mapToGlobal(QPoint(0, above_gap)).y() - height)
        left = max(screen.left(), min(where.x(), screen.right() - card.width() + 2 * SHADOW))
        self.move(left - SHADOW, max(screen.top(), where.y()) - SHADOW)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is gone."""
        super().hideEvent(event)
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the window to the card, with square corners, where it cannot be translucent."""
        super().resizeEvent(event)
        if not self._blends:
            self.setMask(QRegion(self.rect().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw shadow (light only), card and edge."""
        painter = QPainter(self)
        card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        if scheme() == "light" and self._blends:
            paint.shadow(painter, card, self._radius)
        if self._blends:
            paint.rounded(painter, card, self._radius, color("card"), color("edge"))
        else:
            painter.fillRect(card, color("control"))
            painter.fillRect(card.adjusted(1, 1, -1, -1), color("card"))
