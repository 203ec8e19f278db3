"""What stands in a room larger or smaller than itself: scrolled up and down, or in the middle."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from instica_desktop.qtkit.widgets.edge_scroll_bar import EdgeScrollBar


class Scrolled(QScrollArea):
    """Scrolls one widget, which is as wide as the area. The keyboard goes to what is inside."""

    def __init__(self, inside: QWidget, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)


def scrolled(parts: Iterable[QWidget | QLayout], name: str, parent: QWidget) -> Scrolled:
    """Return the parts of a pane below each other, scrolled."""
    inner = QWidget(parent)
    inner.setProperty("surface", "card")
    column = QVBoxLayout(inner)
    column.setContentsMargins(16, 16, 16, 16)
    column.setSpacing(16)
    for part in parts:
        if isinstance(part, QLayout):
            column.addLayout(part)
        else:
            column.addWidget(part)
    column.addStretch()
    area = Scrolled(inner, name, parent)
    EdgeScrollBar(area)
    return area


def centred(widget: QWidget, parent: QWidget, surface: str = "card") -> QWidget:
    """Return a widget in the middle of an empty room."""
    holder = QWidget(parent)
    holder.setProperty("surface", surface)
    row = QHBoxLayout()
    row.addStretch()
    row.addWidget(widget)
    row.addStretch()
    column = QVBoxLayout(holder)
    column.addStretch()
    column.addLayout(row)
    column.addStretch()
    return holder
