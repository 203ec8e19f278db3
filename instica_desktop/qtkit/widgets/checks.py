"""Check boxes and radio buttons of 16 px with words."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QRadioButton, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import name_widget
from instica_desktop.qtkit.theme import fonts
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.widgets.focus_ring import attach_ring

SIDE = 16
HEIGHT = 24


class CheckBox(QCheckBox):
    """A box with words. Call `setTristate` for “some”."""

    def __init__(self, text: str, name: str, parent: QWidget | None = None, *, accessible: str = "") -> None:
        super().__init__(text, parent)
        name_widget(self, name, accessible or text)
        self.setFont(fonts.font("body"))
        attach_ring(self, 0, 6)

    def sizeHint(self) -> QSize:
        """Return box, gap and words."""
        return _size(self, self.text())

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        """Take clicks on box and words."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw box and words."""
        painter = QPainter(self)
        top = (self.height() - SIDE) // 2
        paint.checkbox(painter, 0, top, self.checkState(), self.isEnabled())
        if self.underMouse() and self.isEnabled() and self.checkState() == Qt.CheckState.Unchecked:
            paint.rounded(painter, QRectF(0, top, SIDE, SIDE), 4, None, color("text_2"))
        _words(painter, self, self.text())


class RadioButton(QRadioButton):
    """A round choice with words."""

    def __init__(self, text: str, name: str, parent: QWidget | None = None, *, accessible: str = "") -> None:
        super().__init__(text, parent)
        name_widget(self, name, accessible or text)
        self.setFont(fonts.font("body"))
        attach_ring(self, 0, 6)

    def sizeHint(self) -> QSize:
        """Return circle, gap and words."""
        return _size(self, self.text())

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        """Take clicks on circle and words."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw circle and words."""
        painter = QPainter(self)
        area = QRectF(0, (self.height() - SIDE) // 2, SIDE, SIDE)
        lively = self.underMouse() and self.isEnabled()
        if self.isChecked():
            ring = color("brand" if self.isEnabled() else "border")
            paint.rounded(painter, area, 8, color("card"), ring, 5)
        else:
            border = color("text_2" if lively else "control" if self.isEnabled() else "border")
            paint.rounded(painter, area, 8, color("card"), border)
        _words(painter, self, self.text())


def _size(widget: QWidget, text: str) -> QSize:
    words = widget.fontMetrics().horizontalAdvance(text)
    return QSize(SIDE + (8 + words if words else 0), HEIGHT)


def _words(painter: QPainter, widget: QWidget, text: str) -> None:
    painter.setPen(color("text" if widget.isEnabled() else "text_3"))
    painter.setFont(widget.font())
    area = QRect(SIDE + 8, 0, max(0, widget.width() - SIDE - 8), widget.height())
    painter.drawText(area, int(paint.LEFT), text)
