"""A list of choices with check boxes, for popovers: arrows move, Space turns over, Enter ends, letters
jump."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import name_widget
from instica_desktop.qtkit.theme import fonts
from instica_desktop.qtkit.theme.colors import color

ROW = 28
KEY_ROLE = Qt.ItemDataRole.UserRole
COUNT_ROLE = Qt.ItemDataRole.UserRole + 1
MOST_ROWS = 12


class Choice(Protocol):
    """What an option must have."""

    @property
    def key(self) -> str:
        """Its key."""
        ...

    @property
    def label(self) -> str:
        """Its words."""
        ...

    @property
    def count(self) -> str:
        """How many there are, as words."""
        ...


class _RowDelegate(QStyledItemDelegate):
    """Draws a box, words and a count."""

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(120, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        area: QRect = option.rect  # type: ignore[attr-defined]
        lively = bool(option.state & QStyle.StateFlag.State_HasFocus)  # type: ignore[attr-defined]
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)  # type: ignore[attr-defined]
        if lively or over:
            paint.rounded(painter, area.toRectF(), 6, color("tint" if lively else "raised"))
        state = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))  # type: ignore[attr-defined]
        paint.checkbox(painter, area.left() + 8, area.top() + 6, state)
        painter.setPen(color("on_tint" if lively else "text"))
        painter.setFont(fonts.font("body"))
        count = str(index.data(COUNT_ROLE) or "")  # type: ignore[attr-defined]
        room = area.width() - 40 - (paint.text_width(count, "caption", True) + 8 if count else 0)
        words = paint.elided(str(index.data()), "body", room)  # type: ignore[attr-defined]
        painter.drawText(area.adjusted(32, 0, -8, 0), int(paint.LEFT), words)
        painter.setPen(color("on_tint" if lively else "text_2"))
        painter.setFont(fonts.font("caption", True))
        painter.drawText(area.adjusted(32, 0, -8, 0), int(paint.RIGHT), count)


class ChoiceList(QListWidget):
    """`changed` carries the keys chosen after each change; `done` asks to close the popover."""

    changed = Signal(tuple)
    done = Signal()

    def __init__(
        self, options: Sequence[Choice], selected: Sequence[str], name: str, accessible: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        name_widget(self, name, accessible)
        self.single = False
        self.setItemDelegate(_RowDelegate(self))
        self.setMouseTracking(True)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContentsMargins(4, 4, 4, 4)
        self.setViewportMargins(4, 4, 4, 4)
        for option in options:
            self._add(option, option.key in selected)
        known = {option.key for option in options}
        self._foreign = tuple(key for key in selected if key not in known)
        self.setFixedHeight(min(MOST_ROWS, max(1, self.count())) * ROW + 8)
        if self.count():
            self.setCurrentRow(0)
        self.itemClicked.connect(self._turn)

    def _add(self, option: Choice, on: bool) -> None:
        item = QListWidgetItem(option.label, self)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        item.setData(KEY_ROLE, option.key)
        item.setData(COUNT_ROLE, option.count)
        spoken = f"{option.label}, {option.count}" if option.count else option.label
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)

    def keys(self) -> tuple[str, ...]:
        """Return the keys chosen."""
        items = (self.item(at) for at in range(self.count()))
        chosen = tuple(i.data(KEY_ROLE) for i in items if i.checkState() == Qt.CheckState.Checked)
        return chosen if self.single else chosen + self._foreign

    def _turn(self, item: QListWidgetItem) -> None:
        on = item.checkState() != Qt.CheckState.Checked
        if self.single:
            for at in range(self.count()):
                self.item(at).setCheckState(Qt.CheckState.Unchecked)
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.changed.emit(self.keys())
        if self.single:
            self.done.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn over with Space, end with Enter or Esc."""
        item = self.currentItem()
        if event.key() == Qt.Key.Key_Space and self.count():
            self._turn(item)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.done.emit()
        else:
            super().keyPressEvent(event)
