"""The sentence under a cell or field whose value cannot be used."""

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.theme.colors import color

SHOWN_MS = 6_000
WIDEST = 320


class CellError(Label):
    """A small red card inside its parent. It goes by itself after a while, unless it stays."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent, role="caption", ink="error", wrap=True)
        self.setObjectName("cellError")
        self.setContentsMargins(8, 5, 8, 5)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def show_at(self, where: QPoint, message: str, area: QRect, *, stays: bool = False) -> None:
        """Show a sentence at a place of the parent, moved so that it stays inside `area`."""
        self.setText(message)
        self.setAccessibleName(message)
        self.place(where, area)
        self.show()
        self.raise_()
        if stays:
            self._timer.stop()
        else:
            self._timer.start()

    def place(self, where: QPoint, area: QRect) -> None:
        """Move to a place of the parent, or as near as stays inside `area`."""
        width = min(WIDEST, paint.text_width(self.text(), "caption") + 20)
        size = QSize(width, self.heightForWidth(width))
        top = where.y() if where.y() + size.height() <= area.bottom() else where.y() - size.height() - 48
        self.setGeometry(max(0, min(where.x(), area.right() - width)), max(0, top), width, size.height())

    def paintEvent(self, event: object) -> None:
        """Draw ground and text."""
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), 6, color("error_bg"), color("danger"))
        painter.end()
        super().paintEvent(event)  # pyright: ignore[reportArgumentType]
