"""The program's mark, 56 px, sharp at any density."""

from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from instica_desktop.system.resources import resource

SIDE = 56


class Mark(QWidget):
    """Draws the mark from the largest picture there is of it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(SIDE, SIDE)
        self.setAccessibleName("Instica Desktop")
        self._picture = QPixmap(str(resource("app", "instica-desktop-256.png")))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it to size."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(self.rect(), self._picture)
