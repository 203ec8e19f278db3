"""What mouse and keys do in a table."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent

if TYPE_CHECKING:
    from instica_desktop.qtkit.entity_table.view import EntityTableView

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_META = Qt.KeyboardModifier.MetaModifier
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_NONE = Qt.KeyboardModifier.NoModifier


class TableInput:
    """Hands of one table. Which record they are on is known to the view's `places`."""

    def __init__(self, view: "EntityTableView") -> None:
        self._view = view
        self._dragging = False
        self._acts = {
            Qt.Key.Key_F2: view.edit_current,
            Qt.Key.Key_Return: self._activate,
            Qt.Key.Key_Enter: self._activate,
            Qt.Key.Key_Delete: self._delete,
            Qt.Key.Key_Escape: self._escape,
        }

    # ------------------------------------------------------------ keys

    def key(self, event: QKeyEvent) -> bool:
        """Act on a key; False when the table has no use for it."""
        mods = event.modifiers() & ~_KEYPAD
        code = Qt.Key(event.key())
        self._view.places.take_hold()
        if code == Qt.Key.Key_A and mods == _CTRL:
            self._view.selection.select_all()
            return True
        if code == Qt.Key.Key_Space and mods in (_NONE, _CTRL):
            return self._toggle()
        if mods & (_ALT | _META):
            return False
        target = self._target(code)
        if target is not None:
            self._go(target, mods)
            return True
        if code in (Qt.Key.Key_Left, Qt.Key.Key_Right) and mods == _NONE:
            return self._sideways(1 if code == Qt.Key.Key_Right else -1)
        if code in self._acts and mods == _NONE:
            return self._acts[code]()
        return self._typed(event.text(), mods)

    def _target(self, code: Qt.Key) -> int | None:
        """Return the row a key leads to, or None for keys that lead nowhere."""
        view = self._view
        beside, last = view.places.beside, view.table_model.rowCount() - 1
        page = max(1, view.viewport().height() // view.row_height - 1)
        targets = {
            Qt.Key.Key_Up: beside(-1),
            Qt.Key.Key_Down: beside(1),
            Qt.Key.Key_PageUp: beside(-page),
            Qt.Key.Key_PageDown: beside(page),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        return max(0, min(targets[code], last)) if code in targets else None

    def _go(self, index: int, mods: Qt.KeyboardModifier) -> None:
        view = self._view
        if view.table_model.rowCount() == 0:
            return
        if mods & _SHIFT:
            self._extend_to(index)
        else:
            view.go_to(index, select=not mods & _CTRL)

    def _extend_to(self, index: int) -> None:
        """Select from where a selection with Shift begins."""
        view = self._view
        anchor = view.places.anchor_row()
        view.go_to(index, select=False)
        view.selection.select_only(anchor, index)

    def _sideways(self, step: int) -> bool:
        view = self._view
        shown, places = view.columns_layout.shown(), view.places
        if places.row < 0 or places.column() not in shown:
            return False
        place = max(0, min(shown.index(places.column()) + step, len(shown) - 1))
        view.go_to(places.row, view.table_model.columns[shown[place]].key, select=False)
        return True

    def _toggle(self) -> bool:
        row = self._view.places.row
        if row >= 0:
            self._view.selection.toggle(row)
            self._view.places.set_anchor(row)
        return row >= 0

    def _activate(self) -> bool:
        row = self._view.current_row()
        if row is not None:
            self._view.activated_row.emit(row)
        return row is not None

    def _delete(self) -> bool:
        self._view.deletion_requested.emit()
        return True

    def _escape(self) -> bool:
        """Give up a selection of many rows for the current one; a plain one leaves the key to others."""
        view = self._view
        if view.selection.all_matching or (view.selection.count or 0) > 1:
            here = view.places.row
            view.selection.select_only(here) if here >= 0 else view.selection.clear()
            return True
        return False

    def _typed(self, text: str, mods: Qt.KeyboardModifier) -> bool:
        """What is typed on a cell is for that cell, where it can be edited, and for nothing else."""
        if not text or not text.isprintable() or mods not in (_NONE, _SHIFT):
            return False
        return self._view.editing.open(self._view.derived.index(), text)

    # ------------------------------------------------------------ mouse

    def press(self, event: QMouseEvent) -> None:
        """Select the row under the pointer."""
        view = self._view
        place = event.position().toPoint()
        index, logical = view.row_at(place.y()), view.columnAt(place.x())
        if index < 0 or logical < 0:
            return
        mods = event.modifiers()
        anchor = view.places.anchor_row()
        view.go_to(index, view.table_model.columns[logical].key, select=False)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if view.table_model.columns[logical].kind == "check" and not mods & _SHIFT:
            mods |= _CTRL
        self._select(index, anchor, mods)
        self._dragging = not mods & _CTRL

    def _select(self, index: int, anchor: int, mods: Qt.KeyboardModifier) -> None:
        selection = self._view.selection
        if mods & _SHIFT:
            selection.select_only(anchor, index, add=bool(mods & _CTRL))
            return
        if mods & _CTRL:
            selection.toggle(index)
        else:
            selection.select_only(index)
        self._view.places.set_anchor(index)

    def move(self, event: QMouseEvent) -> None:
        """Lift the row under the pointer, or extend the selection to it."""
        view = self._view
        index = view.row_at(event.position().toPoint().y())
        view.set_hovered(index)
        if self._dragging and index >= 0 and index != view.places.row:
            self._extend_to(index)

    def release(self, _event: QMouseEvent) -> None:
        """End a drag."""
        self._dragging = False

    def double_click(self, event: QMouseEvent) -> None:
        """Edit a cell that can be edited, else open the row."""
        self._dragging = False
        if event.button() == Qt.MouseButton.LeftButton and not self._view.edit_current():
            self._activate()

    def context(self, event: QContextMenuEvent) -> None:
        """Select the row under the pointer, unless it already is, and ask for a menu there."""
        view = self._view
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            index = view.row_at(event.pos().y())
            where = event.globalPos()
        else:
            index = view.places.row
            where = view.viewport().mapToGlobal(QPoint(48, view.row_rect(index).bottom()))
        if index < 0:
            return
        if view.table_model.id_at(index) not in view.selection:
            view.go_to(index)
        view.context_requested.emit(where)
