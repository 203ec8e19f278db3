"""A scroll bar over the right edge of what it scrolls: rows, rules and grounds reach that edge."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar
from shiboken6 import isValid

WIDTH = 12
"""What it covers. Contents keep their last letters out of it, as they keep off every edge."""


class EdgeScrollBar(QScrollBar):
    """Takes the place of an area's upright scroll bar, which goes on keeping range and value unseen."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(Qt.Orientation.Vertical, area)
        self._area = area
        own = area.verticalScrollBar()
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        own.rangeChanged.connect(self._follow)
        own.valueChanged.connect(self.setValue)
        self.valueChanged.connect(own.setValue)
        area.viewport().installEventFilter(self)
        self._follow()

    def _follow(self) -> None:
        """Stand where the area ends, as long as what it holds asks for; away when all of it is seen."""
        # While an area is taken down, its bar may go first.
        if not isValid(self._area):
            return
        own, seen = self._area.verticalScrollBar(), self._area.viewport().geometry()
        if not isValid(own):
            return
        self.setPageStep(own.pageStep())
        self.setSingleStep(own.singleStep())
        self.setRange(own.minimum(), own.maximum())
        self.setValue(own.value())
        self.setGeometry(QRect(seen.right() + 1 - WIDTH, seen.top(), WIDTH, seen.height()))
        self.setVisible(own.maximum() > own.minimum())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the area's size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show):
            self._follow()
        return False
