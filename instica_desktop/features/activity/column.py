"""The rows of Activity, brought up to date: what is the same stays, only what changed is made."""

from collections.abc import Callable, Hashable, Sequence
from itertools import pairwise

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget


class Part(msgspec.Struct, frozen=True):
    """One widget of the column. `key` says all it shows: another key is another widget."""

    key: Hashable
    make: Callable[[QWidget], QWidget]
    alignment: Qt.AlignmentFlag = Qt.AlignmentFlag(0)


class Column:
    """Keeps the widgets inside one holder; a long list then costs no more than what changed in it."""

    def __init__(self, inside: QWidget) -> None:
        self._inside = inside
        self._shown: dict[Hashable, QWidget] = {}
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addStretch()

    def height(self, width: int) -> int:
        """Return the height it needs at a width."""
        self._inside.adjustSize()
        return max(self._inside.sizeHint().height(), self._layout.totalHeightForWidth(width))

    def show(self, parts: Sequence[Part]) -> list[QWidget]:
        """Show these parts, from top to bottom, and return their widgets."""
        for key in self._shown.keys() - {part.key for part in parts}:
            self._let_go(self._shown.pop(key))
        known = set(self._shown)
        for place, part in enumerate(parts):
            self._put(place, part)
        widgets = [self._shown[part.key] for part in parts]
        if self._shown.keys() != known:
            self._chain(widgets)
        return widgets

    def _put(self, place: int, part: Part) -> None:
        widget = self._shown.get(part.key)
        if widget is None:
            widget = self._shown[part.key] = part.make(self._inside)
        item = self._layout.itemAt(place)
        if item is None or item.widget() is not widget:
            self._layout.insertWidget(place, widget, 0, part.alignment)
            widget.show()  # a layout counts what is shown, and would show it only a moment later

    def _let_go(self, widget: QWidget) -> None:
        self._layout.removeWidget(widget)
        widget.hide()
        widget.deleteLater()

    def _chain(self, widgets: Sequence[QWidget]) -> None:
        """Let Tab follow the order on screen; what was made last would come last."""
        stops: list[QWidget] = []
        for widget in widgets:
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                stops.append(widget)
            stops += widget.findChildren(QAbstractButton)
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)
