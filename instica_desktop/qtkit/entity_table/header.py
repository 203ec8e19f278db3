"""The heading row: quiet words, the sorted one dark with an arrow, a click asks for an ordering."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.entity_table.layout import ARROW, reach_of
from instica_desktop.qtkit.theme import fonts, icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.tokens import HEADER_HEIGHT, TABLE_EDGE, TABLE_PAD

if TYPE_CHECKING:
    from instica_desktop.qtkit.entity_table.view import EntityTableView


class TableHeader(QHeaderView):
    """Headings of one table. `ordering_requested` carries the ordering's name."""

    ordering_requested = Signal(str)
    menu_requested = Signal(QPoint)

    def __init__(self, view: "EntityTableView") -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._view = view
        self._ordering = ""
        self._pressed = QPoint()
        self._under = -1
        self.setViewport(QWidget(self))  # as in the table
        self.setFixedHeight(HEADER_HEIGHT)
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(28)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setMouseTracking(True)
        self.sectionClicked.connect(self._clicked)

    def set_ordering(self, ordering: str) -> None:
        """Show which ordering is in force."""
        if ordering != self._ordering:
            self._ordering = ordering
            self.viewport().update()

    def ordering(self) -> str:
        """Return the ordering shown."""
        return self._ordering

    def _clicked(self, logical: int) -> None:
        column = self._view.table_model.columns[logical]
        if column.sort is None:
            return
        descending = column.sort_desc or ""
        self.ordering_requested.emit(
            descending if self._ordering == column.sort and descending else column.sort
        )

    def _direction(self, logical: int) -> str:
        column = self._view.table_model.columns[logical]
        if not self._ordering:
            return ""
        if self._ordering == column.sort:
            return "arrow-up"
        return "arrow-down" if self._ordering == column.sort_desc else ""

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: object) -> None:
        """Draw all headings and the rule below."""
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), color("card"))
        shown = self._view.columns_layout.shown()
        for place, logical in enumerate(shown):
            left = TABLE_EDGE if place == 0 else TABLE_PAD
            right = TABLE_EDGE if place == len(shown) - 1 else TABLE_PAD
            x, width = self.sectionViewportPosition(logical), self.sectionSize(logical)
            self._section(painter, logical, QRect(x + left, 0, width - left - right, HEADER_HEIGHT - 1))
        painter.fillRect(0, HEADER_HEIGHT - 1, self.width(), 1, color("border"))

    def _section(self, painter: QPainter, logical: int, area: QRect) -> None:
        column = self._view.table_model.columns[logical]
        if column.kind == "check":
            if column.key:
                paint.checkbox(painter, area.center().x() - 7, 8, self._view.check_state())
            return
        arrow = self._direction(logical)
        if arrow:
            left, right = reach_of(column)
            area = area.adjusted(-left, 0, right, 0)
        lively = bool(arrow) or (logical == self._under and column.sort is not None)
        text = paint.elided(column.title, "caption_strong", max(8, area.width() - (ARROW if arrow else 0)))
        used = paint.text_width(text, "caption_strong") + (ARROW if arrow else 0)
        spare = max(0, area.width() - used)
        x = area.x() + {"left": 0, "centre": spare // 2, "right": spare}[column.alignment]
        if arrow:
            icons.paint(painter, x, 10, arrow, "text", 12)
            x += ARROW
        painter.setPen(color("text" if lively else "text_3"))
        painter.setFont(fonts.font("caption_strong"))
        painter.drawText(QRect(x, 0, area.right() - x + 4, area.height()), int(paint.LEFT), text)

    # ------------------------------------------------------------ mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Remember which heading is under the pointer."""
        under = self.logicalIndexAt(event.position().toPoint())
        if under != self._under:
            self._under = under
            self.viewport().update()
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Forget it."""
        self._under = -1
        self.viewport().update()
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let a click on the heading's box select all or nothing."""
        logical = self.logicalIndexAt(event.position().toPoint())
        if logical >= 0 and self._view.table_model.columns[logical].kind == "check":
            self._view.toggle_all()
            return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of columns."""
        self.menu_requested.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave keys to the table."""
        event.ignore()
