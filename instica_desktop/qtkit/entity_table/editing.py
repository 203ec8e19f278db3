"""Editing a cell in place: an editor over the cell, its value out by a signal, an error said at the cell."""

from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from PySide6.QtCore import QModelIndex, QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget

from instica_desktop.core.errors import InputError
from instica_desktop.qtkit.widgets.cell_error import CellError

if TYPE_CHECKING:
    from instica_desktop.qtkit.entity_table.places import Mark
    from instica_desktop.qtkit.entity_table.view import EntityTableView


@runtime_checkable
class CellEditor(Protocol):
    """What an editor made by `Column.editor` offers besides being a QWidget. See `widgets.cell_editors`.

    `committed` and `cancelled` are signals without arguments. `edited_value` raises InputError for what
    cannot be used.
    """

    committed: Any
    cancelled: Any

    def edited_value(self) -> Any:
        """Return the new value."""
        ...


class CellEditing(QObject):
    """The one open editor of a table, if any."""

    def __init__(self, view: "EntityTableView") -> None:
        super().__init__(view)
        self._view = view
        self._editor: QWidget | None = None
        self._mark: Mark | None = None
        self._row: Any = None
        self._key = ""
        self._error: CellError | None = None

    def active(self) -> bool:
        """Tell whether a cell is being edited."""
        return self._editor is not None

    def open(self, index: QModelIndex) -> bool:
        """Edit a cell; False when its column has no editor or its row is not known."""
        self.cancel()
        view = self._view
        row = view.table_model.row(index.row())
        column = view.table_model.columns[index.column()] if index.isValid() else None
        if row is None or column is None or column.editor is None:
            return False
        view.scrollTo(index)
        self._mark, self._row, self._key = view.places.watch(index.row()), row, column.key
        editor = column.editor(view.viewport(), row)
        self._editor = editor
        signals = cast(CellEditor, editor)
        signals.committed.connect(self.commit)
        signals.cancelled.connect(self.cancel)
        editor.setAccessibleName(editor.accessibleName() or column.title)
        self.follow()
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def follow(self) -> None:
        """Keep the editor on its cell while the rows scroll."""
        if self._editor is None:
            if self._error is not None:
                self._error.hide()
            return
        at = self._at()
        if not at.isValid():
            return  # its record is missing while rows are on their way
        cell = self._cell(at)
        width = max(cell.width(), self._editor.minimumSizeHint().width(), self._editor.minimumWidth())
        height = max(cell.height(), self._editor.minimumHeight())
        room = self._view.viewport().width()
        left = max(0, min(cell.left(), room - width))
        self._editor.setGeometry(left, cell.top() - (height - cell.height()) // 2, width, height)

    def _at(self) -> QModelIndex:
        """Return where the cell stands now."""
        model, row = self._view.table_model, self._mark.row if self._mark is not None else -1
        return model.index(row, model.column_index(self._key)) if row >= 0 else QModelIndex()

    def record_went(self, mark: "Mark") -> None:
        """Let go when the record of the cell is no longer among the rows."""
        if mark is self._mark:
            self.let_go()

    def let_go(self) -> None:
        """Take what is typed and close: the cell goes away."""
        self.commit()
        self.cancel()

    def _cell(self, at: QModelIndex) -> QRect:
        view = self._view
        header = view.horizontalHeader()
        row = view.row_rect(at.row())
        left, width = header.sectionViewportPosition(at.column()), header.sectionSize(at.column())
        return QRect(left, row.top(), width, row.height() - 1)

    def commit(self) -> None:
        """Take the value and close; an unusable value stays in the editor with the reason below."""
        if self._editor is None:
            return
        try:
            value = cast(CellEditor, self._editor).edited_value()
        except InputError as error:
            self.show_error(self._at(), error.message)
            self._editor.setProperty("invalid", True)
            return
        row, key = self._row, self._key
        self._close()
        self._view.edit_committed.emit(row, key, value)

    def cancel(self) -> None:
        """Close without a value."""
        if self._editor is not None:
            self._close()

    def _close(self) -> None:
        editor, self._editor = self._editor, None
        self._view.places.unwatch(self._mark)
        self._mark = None
        if self._error is not None:
            self._error.hide()
        if editor is not None:
            had_focus = editor.isAncestorOf(editor.window().focusWidget() or editor) or editor.hasFocus()
            editor.hide()
            editor.deleteLater()
            if had_focus:
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._view.viewport().update()

    def show_error(self, at: QModelIndex, message: str) -> None:
        """Say under a cell what is wrong."""
        if self._error is None:
            self._error = CellError(self._view.viewport())
        cell = self._cell(at)
        self._error.show_at(QPoint(cell.left(), cell.bottom() + 4), message, self._view.viewport().rect())
