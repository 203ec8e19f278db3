"""The one table widget: fixed rows, own selection, headings that ask for orderings, states over the rows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from instica_desktop.qtkit.alpha import round_off
from instica_desktop.qtkit.columns import Column
from instica_desktop.qtkit.delegates.base import Pictures
from instica_desktop.qtkit.entity_table.derived import Derived
from instica_desktop.qtkit.entity_table.editing import CellEditing
from instica_desktop.qtkit.entity_table.header import TableHeader
from instica_desktop.qtkit.entity_table.input import TableInput
from instica_desktop.qtkit.entity_table.layout import NO_ROOM, ColumnsLayout
from instica_desktop.qtkit.entity_table.model import EntityTableModel
from instica_desktop.qtkit.entity_table.painting import RowPainter
from instica_desktop.qtkit.entity_table.places import Places
from instica_desktop.qtkit.entity_table.selection import RowSelection
from instica_desktop.qtkit.entity_table.skeleton import Skeletons
from instica_desktop.qtkit.entity_table.states import TableStates
from instica_desktop.qtkit.feed import RowFeed
from instica_desktop.qtkit.text import menu_text, name_widget
from instica_desktop.qtkit.theme.tokens import ROW_COMFORTABLE, ROW_COMPACT
from instica_desktop.qtkit.widgets.edge_scroll_bar import EdgeScrollBar

REPAINT_AFTER_MS = 30
"""Pictures that arrive close together cost one repaint."""


class EntityTableView(QTableView):
    """A table of records.

    Signals: `ordering_requested(str)`; `current_row_changed(object)` the row or None; `activated_row(object)`
    Enter or double click; `selection_changed()`; `context_requested(QPoint)` in global coordinates;
    `edit_committed(row, column key, value)`, answered by `editing.saved` or `editing.refused`;
    `layout_changed()` something `save_state` returns is new; `deletion_requested()` the Delete key. Which
    record is current is kept by `places`, by identity; Qt's current index is derived from it.
    """

    ordering_requested = Signal(str)
    current_row_changed = Signal(object)
    activated_row = Signal(object)
    selection_changed = Signal()
    context_requested = Signal(QPoint)
    edit_committed = Signal(object, str, object)
    layout_changed = Signal()
    deletion_requested = Signal()

    def __init__(
        self,
        columns: Sequence[Column],
        name: str,
        accessible: str,
        parent: QWidget | None = None,
        *,
        pictures: Pictures | None = None,
    ) -> None:
        super().__init__(parent)
        # A viewport made by Qt would have its class looked up among all of Qt's widgets: some 15 ms at start.
        self.setViewport(QWidget(self))
        name_widget(self, name, accessible)
        self.table_model = EntityTableModel(columns, self)
        self.pictures = pictures
        self.hovered_row = -1
        self.frames_current = self.marks_current = True  # marked as the pane shows it
        self.dims_when_inactive = True
        self.is_dimmed: Callable[[Any], bool] | None = None
        self.row_height = ROW_COMFORTABLE
        self.skeletons = Skeletons(self)
        self._sought = self._unsettled = self._following = False
        self.setModel(self.table_model)
        self.selection = RowSelection(self.table_model, self)
        self.places = Places(self.table_model, self)
        self.derived = Derived(self)
        self.header = TableHeader(self)
        self.setHorizontalHeader(self.header)
        self.columns_layout = ColumnsLayout(self)
        self._painter = RowPainter(self)
        self._input = TableInput(self)
        self.states = TableStates(self)
        self.editing = CellEditing(self)
        self._repaint = QTimer(self)
        self._configure()
        self._connect()

    def _configure(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        # By items, Qt would make the first row current when a heading is pressed or dragged.
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAutoScroll(False)  # else Qt scrolls whenever the current record moves
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        EdgeScrollBar(self)
        self._repaint.setSingleShot(True)
        self._repaint.setInterval(REPAINT_AFTER_MS)
        vertical = self.verticalHeader()
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        vertical.setMinimumSectionSize(ROW_COMPACT)
        vertical.setDefaultSectionSize(self.row_height)

    def _connect(self) -> None:
        model = self.table_model
        model.feed_changed.connect(self._rows_are_others)
        model.moved.connect(self._follow)
        model.state_changed.connect(self._settle)
        self.places.changed.connect(self._tell_current)
        self.places.lost.connect(self.editing.record_went)
        self.selection.changed.connect(self._selection_changed)
        self.header.ordering_requested.connect(self.ordering_requested)
        self.header.menu_requested.connect(self.show_columns_menu)
        self.columns_layout.changed.connect(self.layout_changed)
        self.columns_layout.placed.connect(self._cells_moved)
        self.skeletons.due.connect(self.viewport().update)
        self._repaint.timeout.connect(self.viewport().update)

    # ------------------------------------------------------------ for features

    def set_results(self, feed: RowFeed | None, ordering: str = "", *, stay: bool = False) -> None:
        """Show the rows of a query and which ordering they are in.

        `stay`: they are the same records; what is current, selected and typed remains so, and is brought into
        view.
        """
        self.header.set_ordering(ordering)
        if not stay:
            self.editing.leave()
            self.selection.clear()
        self.places.clear(stay=stay)
        self._sought = stay
        self.table_model.set_results(feed)

    def set_row_height(self, height: int) -> None:
        """Set the height of every row: 40 comfortable, 28 compact, 56 for orders."""
        self.row_height = height
        self.verticalHeader().setDefaultSectionSize(height)
        self._cells_moved()
        self.viewport().update()

    def set_compact(self, compact: bool) -> None:
        """Choose between 28 and 40 px."""
        self.set_row_height(ROW_COMPACT if compact else ROW_COMFORTABLE)

    def pictures_arrived(self, _key: str = "") -> None:
        """Repaint soon: one or more pictures are at hand."""
        if not self._repaint.isActive():
            self._repaint.start()

    def current_row(self) -> Any | None:
        """Return the row the keyboard is on."""
        return self.places.record()

    def current_column(self) -> Column | None:
        """Return the column the keyboard is on."""
        return self.table_model.columns[self.places.column()] if self.places.row >= 0 else None

    def go_to(self, index: int, key: str = "", *, select: bool = True) -> None:
        """Move the keyboard to a row (and a column by key) and show it."""
        if not 0 <= index < self.table_model.rowCount():
            return
        self.places.choose(index, key)
        self.scrollTo(self.derived.index())
        if select:
            self.select_current()

    def select_current(self) -> None:
        """Select the current record alone."""
        if (row := self.places.row) >= 0:
            self.selection.select_only(row)
            self.places.set_anchor(row)

    def begin_at_head(self) -> None:
        """Stand on the first row, and stay on the first until the first answer is there or somebody acts."""
        if self.table_model.rowCount():
            self.places.begin()
            self.select_current()

    def go_to_uid(self, uid: str) -> bool:
        """Move the keyboard to a record; False when it is not among the rows."""
        index = self.table_model.index_of(uid)
        if index is not None:
            self.go_to(index)
        return index is not None

    def edit_current(self) -> bool:
        """Open the editor of the current cell; False when it has none."""
        return self.editing.open(self.derived.index())

    def show_cell_error(self, uid: str, key: str, message: str) -> None:
        """Say at a cell why its new value was refused."""
        self.editing.show_error(uid, key, message)

    def save_state(self) -> dict[str, Any]:
        """Return order, widths, hidden columns and density as plain values."""
        return {**self.columns_layout.save(), "compact": self.row_height == ROW_COMPACT}

    def restore_state(self, state: Mapping[str, Any]) -> None:
        """Take over what `save_state` returned."""
        self.columns_layout.restore(state)
        if isinstance(state.get("compact"), bool):
            self.set_compact(state["compact"])

    def toggle_all(self) -> None:
        """Select everything, or nothing when everything is selected."""
        if self.check_state() == Qt.CheckState.Checked:
            self.selection.clear()
        else:
            self.selection.select_all()

    def check_state(self) -> Qt.CheckState:
        """Return what the heading's box shows."""
        count = self.selection.count
        if count == 0:
            return Qt.CheckState.Unchecked
        whole = count is None or count == self.table_model.count
        return Qt.CheckState.Checked if whole else Qt.CheckState.PartiallyChecked

    def columns_menu(self) -> QMenu:
        """Return a menu with one entry per column, ticked where it is seen; it deletes itself when closed."""
        menu = QMenu(self)
        round_off(menu)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in self.table_model.columns:
            if column.title:
                no_room = self.columns_layout.has_no_room(column.key)
                action = menu.addAction(menu_text(f"{column.title}{NO_ROOM if no_room else ''}"))
                action.setCheckable(True)
                action.setChecked(not no_room and not self.columns_layout.is_hidden(column.key))
                action.setData(column.key)
        menu.triggered.connect(self._column_toggled)
        return menu

    def show_columns_menu(self, where: QPoint) -> None:
        """Open the menu of columns at a global position."""
        self.columns_menu().popup(where)

    def _column_toggled(self, action: Any) -> None:
        self.columns_layout.set_hidden(action.data(), not action.isChecked())

    # ------------------------------------------------------------ rows in view

    def row_at(self, y: int) -> int:
        """Return the row at a height of the viewport, -1 for none."""
        index = (y + self.verticalHeader().offset()) // self.row_height
        return index if 0 <= index < self.table_model.rowCount() else -1

    def rows_in_view(self) -> tuple[int, int]:
        """Return the first and last row that can be seen."""
        top = self.verticalHeader().offset()
        last = (top + self.viewport().height() - 1) // self.row_height
        return top // self.row_height, min(last, self.table_model.rowCount() - 1)

    def row_rect(self, index: int) -> QRect:
        """Return where a row stands in the viewport."""
        y = index * self.row_height - self.verticalHeader().offset()
        return QRect(0, y, self.viewport().width(), self.row_height)

    def keyboard_here(self) -> bool:
        """Tell whether keys reach the table."""
        return self.hasFocus() or self.editing.active()

    def acted_on(self) -> bool:
        """Tell whether the window is active, or a question about what is selected stands over it."""
        question = QApplication.activeModalWidget()
        over = question.parentWidget() if question is not None else None
        return self.isActiveWindow() or (over is not None and over.window() is self.window())

    def set_hovered(self, index: int) -> None:
        """Lift the row under the pointer; only the two rows concerned are repainted."""
        if index != self.hovered_row:
            for row in (self.hovered_row, index):
                if row >= 0:
                    self.viewport().update(self.row_rect(row))
            self.hovered_row = index

    def _look(self) -> None:
        feed = self.table_model.feed
        first, last = self.rows_in_view()
        if feed is not None and last >= first:
            feed.look(first, last)

    # ------------------------------------------------------------ what happens

    def _rows_are_others(self) -> None:
        self.skeletons.clear()
        self.verticalScrollBar().setValue(0)
        self.set_hovered(-1)
        self._follow(True)

    def _follow(self, moved: bool) -> None:
        """Find everything again that is held by identity; `moved`: rows may have come, gone or moved."""
        outer, self._following = self._following, True
        try:
            self._follow_records(moved)
        finally:
            self._following = outer
        self._cells_moved()

    def _cells_moved(self) -> None:
        """Take the open cell along, once it is known where its record stands. Qt moves things before."""
        if not (self._following or self.table_model.hearing):
            self.editing.follow()

    def _follow_records(self, moved: bool) -> None:
        before = self.places.row
        seen = before >= 0 and self.row_rect(before).intersects(self.viewport().rect())
        if moved:
            self._unsettled = self.table_model.loading
            self.selection.prune()
        self.places.follow()
        now = self.places.row
        if now >= 0 and now != before and (self._sought or seen):
            self._bring_into_view(now)
        if moved:
            self.derived.point()
            self.derived.select()
            self._look()

    def _tell_current(self, row: Any | None) -> None:
        if self.places.at_head and row is not None:
            self.select_current()
        self.current_row_changed.emit(row)

    def _settle(self) -> None:
        """No more rows are on their way: what is missing now is gone."""
        if self._unsettled and not self.table_model.loading:
            self._follow(True)

    def _bring_into_view(self, row: int) -> None:
        self._sought = False
        first, last = self.rows_in_view()
        if not first < row < last:
            self.scrollTo(self.derived.index())

    def _selection_changed(self) -> None:
        self.derived.select()
        self.viewport().update()
        self.header.viewport().update()
        self.selection_changed.emit()

    # ------------------------------------------------------------ Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that need it."""
        painter = QPainter(self.viewport())
        try:
            self._painter.paint(painter, event.region())
        finally:
            # A logged traceback would keep the painter alive beyond its widget, which crashes.
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the columns their widths again."""
        super().resizeEvent(event)
        self.columns_layout.place()
        self.states.place()
        self._look()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Tell the feed where the user looks."""
        super().scrollContentsBy(dx, dy)
        self._cells_moved()
        self._look()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, select, edit."""
        if not self._input.key(event):
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select."""
        self._input.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit the cell, or open the row."""
        self._input.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Lift the row under the pointer; with the button down, extend the selection."""
        self._input.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a selection made by dragging."""
        self._input.release(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the rows selected."""
        self._input.context(event)

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the pointer."""
        self.set_hovered(-1)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Start at the first row."""
        with self.derived.unheard():
            super().focusInEvent(event)  # Qt then moves to the first cell, which may be out of view
        self.derived.point()
        if self.places.here is None and self.table_model.rowCount():
            self.go_to(max(0, self.rows_in_view()[0]), select=self.selection.empty)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def hideEvent(self, event: QHideEvent) -> None:
        """Close an editor that nobody sees; what is typed in it is saved or kept."""
        self.editing.leave()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Repaint when the window becomes active or the theme changes."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.ActivationChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.viewport().update()
