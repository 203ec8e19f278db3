"""What the screens of items, products and orders do alike: a table, and the current record beside it."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QMenu, QSplitter, QWidget

from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context, ScreenWidget
from instica_desktop.features.lists.browsing import Browser, BrowseSpec
from instica_desktop.features.lists.pane_place import PanePlace
from instica_desktop.features.marks import RecordRow, with_unsaved
from instica_desktop.qtkit.tasks import TaskScope

MESSAGES = 240
"""Px that as many messages take as are shown at once."""
READ_AGAIN_AFTER_MS = 350
"""A record that stays current this long is read once more, so that edits start from the truth."""


class TableScreen(ScreenWidget):
    """Base of the three. `browser` is the table with its search; what is beside it is the subclass's."""

    def __init__(self, context: Context, spec: BrowseSpec, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{spec.name}Screen")
        self._context = context
        self._scope = TaskScope(self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._unsaved: frozenset[str] = frozenset()
        self._width_is_users = False
        columns = tuple(
            with_unsaved(column, self._is_unsaved) if column.kind == "title" else column
            for column in spec.columns
        )
        spec = msgspec.structs.replace(spec, columns=columns)
        self.browser = Browser(context, spec, context.images, self._splitter)
        QTimer.singleShot(0, self, self._follow_drafts)  # after the first rows
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(READ_AGAIN_AFTER_MS)
        context.images.loaded.connect(self.browser.table.pictures_arrived)
        self.browser.table.places.left.connect(self._close_menu)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    # ------------------------------------------------------------ what is not saved

    def _is_unsaved(self, row: RecordRow) -> bool:
        return row.uid in self._unsaved

    def _follow_drafts(self) -> None:
        drafts = self._context.shop.drafts
        drafts.on_aside.append(self._drafts_changed)
        drafts.on_given_up.append(self._given_up)
        self._context.shop.needed_by.append(self._is_worked_on)
        self._drafts_changed()

    def _leave_drafts(self) -> None:
        """The shop is closing: follow what is typed no longer."""
        drafts = self._context.shop.drafts
        if self._drafts_changed in drafts.on_aside:
            drafts.on_aside.remove(self._drafts_changed)
            drafts.on_given_up.remove(self._given_up)
            self._context.shop.needed_by.remove(self._is_worked_on)

    def _drafts_changed(self) -> None:
        """Mark the records that have a text which is not saved."""
        entity = self.browser.spec.entity
        aside = self._context.shop.drafts.aside()
        self._unsaved = frozenset(one.uid for one in aside if one.entity is entity)
        self.browser.table.viewport().update()

    def _given_up(self, entity: Entity, uid: str) -> None:
        """A text was given up in Activity, or taken up again: its field shows what is kept by now."""
        row = self._shown()
        if row is not None and (entity, uid) == (self.browser.spec.entity, self._context.shop.real(row.uid)):
            self._show_typed()

    def _show_typed(self) -> None:
        """Show in the fields of the current record what is kept of them, whatever stands there."""
        raise NotImplementedError

    # ------------------------------------------------------------ the current record

    def _beside(self) -> QWidget | None:
        """Return what shows the current record, once it is there."""
        raise NotImplementedError

    def _shown(self) -> RecordRow | None:
        """Return the record that shows now, if there is one."""
        raise NotImplementedError

    def _focus_moved(self, _former: QWidget | None, now: QWidget | None) -> None:
        """Somebody works on the record that shows: it is chosen, and no longer whatever stands first."""
        beside = self._beside()
        if now is not None and beside is not None and beside.isAncestorOf(now):
            self.browser.table.places.take_hold()

    def _is_worked_on(self, entity: Entity, uid: str) -> bool:
        """Tell whether the keyboard is in a field of a record: what is typed next is for it, gone or not."""
        beside, row, focused = self._beside(), self._shown(), QApplication.focusWidget()
        if row is None or beside is None or focused is None or entity is not self.browser.spec.entity:
            return False
        return beside.isAncestorOf(focused) and uid in (row.uid, self._context.shop.real(row.uid))

    def _leave_fields(self, row: RecordRow | None) -> None:
        """Take the keyboard out of what shows another record from now on, unless the user steps through them.

        What is typed next would go to a record nobody chose.
        """
        beside, focused = self._beside(), QApplication.focusWidget()
        if self.browser.stepping or focused is None or beside is None or not beside.isAncestorOf(focused):
            return
        if not self._is_shown(row):
            self.browser.table.setFocus()

    def _is_shown(self, row: RecordRow | None) -> bool:
        """Tell whether a row is the record that shows, perhaps under the name the server gave it."""
        shown = self._shown()
        known = self._context.shop.row(self.browser.spec.entity, shown.uid) if shown is not None else None
        return row is not None and shown is not None and row.uid in (shown.uid, known.uid if known else "")

    def _close_menu(self, _row: RecordRow | None) -> None:
        """Close the menu of a record that went: its acts would reach the one that took its place."""
        menu = QApplication.activePopupWidget()
        if isinstance(menu, QMenu) and menu.parentWidget() is self:
            menu.close()

    def _split(self, pane: QWidget, *, growing: int, least: tuple[int, int], wide: int) -> None:
        """Put table and pane side by side; which of them (0, 1) takes more room, and the least each needs.

        `wide` is the pane's width in a small window, where it stands over the table.
        """
        for at, part in enumerate((self.browser, pane)):
            self._splitter.addWidget(part)
            self._splitter.setStretchFactor(at, int(at == growing))
            part.setMinimumWidth(least[at])
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self.place = PanePlace(self, self._splitter, pane, self.browser.table, wide, self._give_widths)
        self.browser.add_facet(self.place.button)
        self.place.moved.connect(self.rearranged)
        self.browser.current_changed.connect(self.rearranged)
        self.browser.table.verticalScrollBar().valueChanged.connect(self.rearranged)
        self._splitter.splitterMoved.connect(self.rearranged)
        self._splitter.splitterMoved.connect(self._keep_width)

    def _keep_width(self) -> None:
        self._width_is_users = True

    def _give_widths(self) -> None:
        """Share the width between table and pane that stand side by side, unless the user has done so."""
        if not self._width_is_users:
            self._splitter.setSizes(self._shares())

    def _shares(self) -> list[int]:
        """Return the widths of table and pane in a window of this size."""
        raise NotImplementedError

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width anew."""
        super().resizeEvent(event)
        self.place.fit()

    def _add_keys(self, *keys: tuple[str, QWidget, Callable[[], object]]) -> None:
        """Let keys act while the keyboard is on their owner or in it."""
        for key, owner, act in keys:
            shortcut = QShortcut(QKeySequence(key), owner)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _add_key_of_window(self, key: str, act: Callable[[], object]) -> None:
        """Let a key act wherever the keyboard is, while this screen is shown."""
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(act)

    # ------------------------------------------------------------ the window asks

    def activate(self) -> None:
        """Show the rows and put the focus on the table."""
        self.browser.open()
        self.browser.table.setFocus()

    async def settled(self) -> None:
        """Return once the rows and their number are there."""
        await self._context.shop.settled()

    def focus_search(self) -> None:
        """Put the focus into the search field."""
        self.browser.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.browser.search.edit.selectAll()

    def refresh(self) -> None:
        """Ask the server again."""
        self.browser.refresh()

    def density_changed(self) -> None:
        """Give the rows their new height."""
        self.browser.show_density()

    def room_for_messages(self) -> QRect:
        """Return the part of the table that the pane does not cover, below the current row or above it.

        Neither the pane nor what is typed in the row is ever covered, nor what is said of it just above.
        """
        table = self.browser.table
        room = self.place.beside(QRect(table.mapTo(self, QPoint()), table.size()))
        index = table.currentIndex()
        row = table.visualRect(index)
        if not index.isValid() or not table.viewport().rect().intersects(row):
            return room
        top = table.viewport().mapTo(self, row.topLeft()).y()
        above, below = QRect(room), QRect(room)
        above.setBottom(top - row.height())
        below.setTop(top + row.height())
        return below if below.height() >= min(MESSAGES, above.height()) else above

    # ------------------------------------------------------------ acting

    def _back_to_table(self, _result: int = 0) -> None:
        self.place.hide()
        self.browser.table.setFocus()

    def _undo_last_of(self, entity: Entity, uid: str) -> None:
        """Take back the last edit of a record, if there is one."""
        if step := self._context.undo.last_of(entity, uid):
            self._context.take_back(step)
