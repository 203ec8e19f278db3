"""Editing a cell in place: an editor over the cell, its value out by a signal, an error said at the cell.

The editor belongs to a record, not to a row number. It closes once its value is saved, or when its record,
its rows or its screen go away; what cannot be saved then is kept as a draft and is there at the next F2.
While its cell is out of view, or its record is waited for, it is out of sight with all that is typed in it,
and keeps the keyboard: the next key brings the record into view and goes into the same editor.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from instica_desktop.core.errors import InputError
from instica_desktop.qtkit.widgets.cell_error import CellError

if TYPE_CHECKING:
    from instica_desktop.qtkit.entity_table.places import Mark
    from instica_desktop.qtkit.entity_table.view import EntityTableView

_UNSAVED = object()
WENT = "It is no longer in this list."
_ONWARDS = frozenset(
    {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Tab, Qt.Key.Key_F2}
)


@runtime_checkable
class CellEditor(Protocol):
    """What an editor made by `Column.editor` offers besides being a QWidget. See `widgets.cell_editors`.

    `committed`, `cancelled` and `edited` (something was typed) are signals without arguments.
    """

    committed: Any
    cancelled: Any
    edited: Any

    def edited_value(self) -> Any:
        """Return the new value. Raises InputError for what cannot be used."""
        ...

    def draft(self) -> str | None:
        """Return text that is not what the cell held; None when there is none, or nothing is typed here."""
        ...

    def put_draft(self, text: str) -> None:
        """Put back text typed earlier."""
        ...

    def start_with(self, typed: str) -> bool:
        """Take the key that opened the editor; False when it has no use for it."""
        ...


class CellEditing(QObject):
    """The one open editor of a table, if any.

    Whoever saves what `view.edit_committed` brings answers with `saved` or `refused`. Signals:
    `typing(row, column key, text)` with None once there is nothing unsaved; `kept(row, column key, reason)`
    when an editor closed over text that cannot be read. `draft_of(row, column key)` finds text typed earlier.
    """

    typing = Signal(object, str, object)
    kept = Signal(object, str, str)

    def __init__(self, view: "EntityTableView") -> None:
        super().__init__(view)
        self.draft_of: Callable[[Any, str], str | None] = _none
        self._view = view
        self._editor: QWidget | None = None
        self._mark: Mark | None = None
        self._row: Any = None
        self._key = ""
        self._sent: Any = _UNSAVED  # the value that is being saved
        self._returned: str | None = None
        self._reason = ""  # what is said of the value in the editor
        self._waiting = False  # the record was missing while rows were on their way, and is not in view yet
        self._error: CellError | None = None
        self._about: tuple[str, str] | None = None  # the cell the error is at; None for the open one
        cast(QApplication, QApplication.instance()).focusChanged.connect(self._focus_moved)

    def active(self) -> bool:
        """Tell whether a cell is being edited."""
        return self._editor is not None

    # ------------------------------------------------------------ opening

    def open(self, index: QModelIndex, typed: str = "") -> bool:
        """Edit a cell, perhaps beginning with what was typed on it; False when it cannot be edited so.

        What is typed goes to one record, so of several that are selected that one stays.
        """
        view = self._view
        self.leave()
        row = view.table_model.row(index.row()) if index.isValid() else None
        column = view.table_model.columns[index.column()] if row is not None else None
        if row is None or column is None or column.editor is None:
            return False
        view.go_to(index.row(), column.key)
        editor = column.editor(view.viewport(), row)
        editor.setAccessibleName(editor.accessibleName() or column.title)
        self._mark = view.places.watch(index.row())
        self._begin(editor, row, column.key)
        if typed and not cast(CellEditor, editor).start_with(typed):
            self._close()
            return False
        if self._editor is editor and self._sent is _UNSAVED:  # else a key was all it took
            self._show(editor, typed)
        return True

    def _begin(self, editor: QWidget, row: Any, key: str) -> None:
        self._editor, self._row, self._key = editor, row, key
        self._sent, self._returned = _UNSAVED, None
        self._reason, self._waiting = "", False
        signals = cast(CellEditor, editor)
        signals.committed.connect(self.commit)
        signals.cancelled.connect(self.cancel)
        signals.edited.connect(self._edited)
        editor.installEventFilter(self)

    def _show(self, editor: QWidget, typed: str) -> None:
        self._returned = None if typed else self.draft_of(self._row, self._key)
        if self._returned is not None:
            cast(CellEditor, editor).put_draft(self._returned)
        self.follow()
        if self._editor is not editor:
            return
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._returned is not None:
            self._say(self._problem() or "Typed earlier and not saved yet. Enter saves it.")

    def follow(self) -> None:
        """Keep editor and reason at their record while rows and columns move, never over another one."""
        if self._editor is not None and self._view.columns_layout.is_hidden(self._key):
            self.leave()
        elif self._editor is not None:
            self._follow_cell(self._editor)
        if self._error is not None and self._about is not None and self._error.isVisible():
            self._follow_error(self._error, *self._about)

    def _follow_cell(self, editor: QWidget) -> None:
        if self._waiting:
            self._seek()
        cell = self._own_cell()
        self._waiting = cell is None or (self._waiting and not self._in_view())
        if cell is None or not self._is_seen(cell):
            editor.move(0, -2 * editor.height())  # out of sight, with the keyboard in it
        else:
            self._place(editor, cell)
        self._say(self._reason)

    def _place(self, editor: QWidget, cell: QRect) -> None:
        width = max(cell.width(), editor.minimumSizeHint().width(), editor.minimumWidth())
        height = max(cell.height(), editor.minimumHeight())
        left = max(0, min(cell.left(), self._view.viewport().width() - width))
        editor.setGeometry(left, cell.top() - (height - cell.height()) // 2, width, height)

    def _follow_error(self, error: CellError, uid: str, key: str) -> None:
        cell = self._cell(uid, key)
        if cell is not None and self._is_seen(cell):
            error.place(_below(cell), self._view.viewport().rect())
        else:
            error.hide()  # no other record may seem to be meant

    def _seek(self) -> None:
        """Bring the open cell into view."""
        if self._mark is not None and self._mark.row >= 0 and not self._in_view():
            model = self._view.table_model
            self._view.scrollTo(model.index(self._mark.row, model.column_index(self._key)))

    def _in_view(self) -> bool:
        cell, port = self._own_cell(), self._view.viewport().rect()
        return cell is not None and cell.intersects(port) and port.top() <= cell.center().y() <= port.bottom()

    def record_went(self, mark: "Mark") -> None:
        """Keep what was being typed for a record that went from the rows: nobody said that it is whole."""
        if mark is not self._mark:
            return
        typed, row, key = self._is_typed(), self._row, self._key
        self._close()
        if typed:
            self.kept.emit(row, key, WENT)

    def _own_cell(self) -> QRect | None:
        """Return where the open cell stands now; None while its record is missing."""
        return self._rect(self._mark.row if self._mark is not None else -1, self._key)

    def _cell(self, uid: str, key: str) -> QRect | None:
        index = self._view.table_model.index_of(uid)
        return self._rect(-1 if index is None else index, key)

    def _rect(self, index: int, key: str) -> QRect | None:
        view = self._view
        column = view.table_model.column_index(key)
        if index < 0 or column < 0:
            return None
        header, row = view.horizontalHeader(), view.row_rect(index)
        left, width = header.sectionViewportPosition(column), header.sectionSize(column)
        return QRect(left, row.top(), width, row.height() - 1)

    def _is_seen(self, cell: QRect) -> bool:
        return not cell.isEmpty() and cell.intersects(self._view.viewport().rect())

    # ------------------------------------------------------------ what is typed

    def _edited(self) -> None:
        """Take the reason away once it holds no more, and tell what is typed."""
        if self._editor is None:
            return
        self._returned = None
        if self._error is not None and not self._problem():
            self._say("")
        self.typing.emit(self._row, self._key, cast(CellEditor, self._editor).draft())

    def _problem(self) -> str:
        """Return why what stands in the editor cannot be used; empty when it can."""
        try:
            cast(CellEditor, self._editor).edited_value()
        except InputError as error:
            return error.message
        return ""

    # ------------------------------------------------------------ saving

    def commit(self) -> None:
        """Hand the value over; the editor stays until it is saved, an unusable one with the reason below."""
        if self._editor is None:
            return
        try:
            value = cast(CellEditor, self._editor).edited_value()
        except InputError as error:
            self._say(error.message)
            return
        if self._sent is not _UNSAVED and self._sent == value:
            return  # Enter pressed twice saves once
        self._say("")
        self._returned, self._sent = None, value
        self._view.edit_committed.emit(self._row, self._key, value)

    def saved(self, uid: str, key: str, row: Any | None = None) -> None:
        """Close the editor of a cell: its value is on the disk. `row` is the record now.

        What was typed since stays, against the new value.
        """
        if self._editor is None or (self._row.uid, self._key) != (uid, key) or self._sent is _UNSAVED:
            return
        typed_on = self._problem() or cast(CellEditor, self._editor).edited_value() != self._sent
        self._sent = _UNSAVED
        if typed_on:
            self._row = row or self._row
        else:
            self._close()

    def refused(self, uid: str, key: str, message: str) -> bool:
        """Say at a cell why its value is not saved; False when nobody can see that. Its editor stays."""
        if self._editor is not None and (self._row.uid, self._key) == (uid, key):
            self._sent = _UNSAVED
            if self._editor.isVisible():
                self._say(message)
                return self._in_view()
            self._close()
        return self.show_error(uid, key, message)

    # ------------------------------------------------------------ leaving

    def cancel(self) -> None:
        """Close without a value: what was typed is given up."""
        if self._editor is not None:
            self.typing.emit(self._row, self._key, None)
            self._close()

    def leave(self) -> None:
        """Close because the place goes away: save what is typed, or keep it until the next F2."""
        if self._editor is None:
            return
        row, key, sent, reason = self._row, self._key, self._sent, self._problem()
        typed = self._is_typed() and not reason
        value = cast(CellEditor, self._editor).edited_value() if typed else sent
        self._close()  # first: what is refused at once is not said to an editor that goes
        if reason:
            self.kept.emit(row, key, reason)
        elif value != sent:
            self._view.edit_committed.emit(row, key, value)

    def _is_typed(self) -> bool:
        """Tell whether the user typed here now; what came back from an earlier time is not saved unasked."""
        draft = cast(CellEditor, self._editor).draft()
        return draft is not None and draft != self._returned

    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        """The keyboard went elsewhere: save what is typed; what cannot be read keeps the editor open."""
        editor = self._editor
        if editor is None or before is None or now is None or QApplication.activePopupWidget() is not None:
            return
        if not _within(editor, before) or _within(editor, now):
            return
        if self._is_typed():
            self.commit()
        elif not self._problem():
            self._close()

    def _close(self) -> None:
        editor, self._editor = self._editor, None
        self._view.places.unwatch(self._mark)
        self._mark, self._sent = None, _UNSAVED
        if self._error is not None:
            self._error.hide()
        if editor is not None:
            had_focus = _within(editor, editor.window().focusWidget())
            editor.setObjectName("")  # it is not what is looked for by this name any more
            editor.removeEventFilter(self)
            editor.hide()
            editor.deleteLater()
            if had_focus:
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._view.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the record that is typed for.

        A key that leads onwards while the value is being saved is for the table: it must not be lost.
        """
        if event.type() in (QEvent.Type.KeyPress, QEvent.Type.InputMethod):
            self._seek()
        if event.type() == QEvent.Type.KeyPress and self._sent is not _UNSAVED:
            key = cast(QKeyEvent, event)
            if key.key() in _ONWARDS:
                self.leave()  # what was typed since is saved too
                self._view.keyPressEvent(key)
                return True
        return False

    # ------------------------------------------------------------ errors

    def show_error(self, uid: str, key: str, message: str) -> bool:
        """Say under a cell what is wrong, for a while; False when nobody can see that."""
        cell = self._cell(uid, key)
        if cell is None or not self._view.isVisible() or not self._is_seen(cell):
            return False
        self._about = (uid, key)
        self._show_error(cell, message, stays=False)
        return True

    def _say(self, message: str) -> None:
        """Say what is wrong with the value in the editor, for as long as it is and the cell is in view."""
        self._reason, cell = message, self._own_cell()
        cast(QWidget, self._editor).setProperty("invalid", bool(message))
        if message and cell is not None and self._in_view():
            self._about = None
            self._show_error(cell, message, stays=True)
        elif self._error is not None and self._about is None:
            self._error.hide()

    def _show_error(self, cell: QRect, message: str, *, stays: bool) -> None:
        if self._error is None:
            self._error = CellError(self._view.viewport())
        self._error.show_at(_below(cell), message, self._view.viewport().rect(), stays=stays)


def _below(cell: QRect) -> QPoint:
    return QPoint(cell.left(), cell.bottom() + 4)


def _within(editor: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (widget is editor or editor.isAncestorOf(widget))


def _none(_row: Any, _key: str) -> str | None:
    """Nobody keeps drafts."""
    return None
