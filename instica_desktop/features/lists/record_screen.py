"""What the screens of items and products do alike: records are made, edited in a pane, and deleted."""

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLineEdit, QWidget

from instica_desktop.core.changes import Changes
from instica_desktop.core.operations import is_temporary
from instica_desktop.features.context import Context
from instica_desktop.features.lists.browsing import BrowseSpec
from instica_desktop.features.lists.leaving import LeavingWork
from instica_desktop.features.lists.newcomer import Newcomer
from instica_desktop.features.lists.removing import Removing
from instica_desktop.features.lists.table_screen import TableScreen
from instica_desktop.features.marks import RecordRow
from instica_desktop.qtkit.entity_table import Heir
from instica_desktop.qtkit.lull import Lull
from instica_desktop.qtkit.widgets.button import Button

if TYPE_CHECKING:
    from instica_desktop.features.lists.record_pane import RecordPane
    from instica_desktop.sync.making import Made

WIDTH = 384
NARROW = 336
NARROW_UNDER = 1240
"""Width of the pane in px, and in windows narrower than the last."""
LEAST = (420, 320)
"""The least width of table and pane."""
PANE_AFTER_MS = 20
"""The rows are painted first; the pane follows at once, but while a key is held not before it is let go."""


class RecordScreen(TableScreen):
    """Base of the two. A subclass makes its pane, its dialog of a new record and its menu."""

    def __init__(self, context: Context, spec: BrowseSpec, new: str, parent: QWidget | None) -> None:
        """`new` is what is made here, on the button that makes it."""
        super().__init__(context, spec, parent)
        self.removing = Removing(context, self.browser, self)
        self.leaving = LeavingWork(context, spec, self)
        self.newcomer = Newcomer(context, self.browser)
        self._pane: RecordPane | None = None
        self._whole = asyncio.Event()
        self._waiting = QWidget(self)
        self._due = Lull(self._show_now, self, PANE_AFTER_MS)
        name = f"new{new.rpartition(' ')[2].capitalize()}Button"
        self._new = Button(new, name, self, icon="plus", keys=("Ctrl", "N"))
        self.browser.table.places.heir = self._heir
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.browser.add_tool(self._new)
        self._waiting.setProperty("surface", "card")
        self._split(self._waiting, growing=0, least=LEAST, wide=WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._splitter)

    def _connect(self) -> None:
        self.browser.current_changed.connect(self._show)
        self.browser.stepped.connect(self._stepped)
        self.browser.activated.connect(self._open)
        self.browser.context_menu.connect(self._show_menu)
        self.browser.new_asked.connect(self.make_new)
        self._new.clicked.connect(self.make_new)
        self.leaving.changed.connect(self.browser.show_leaving)
        self._context.bus.changed.connect(self._changed)
        self._reading.timeout.connect(self._read_again)
        self._add_key_of_window("F4", self._open)

    # ------------------------------------------------------------ the pane

    @property
    def pane(self) -> "RecordPane":
        """The pane. It is made when it is first asked for, so that the rows are painted before it is."""
        if self._pane is None:
            self._pane = self._placed(self._make_pane())
            self._whole.set()
            self._show_now()
        elif self._due.wait is not None:
            self._show_now()
        return self._pane

    def _make_pane(self) -> "RecordPane":
        """Make the pane and connect what only it has."""
        raise NotImplementedError

    def _placed(self, pane: "RecordPane") -> "RecordPane":
        pane.setMinimumWidth(LEAST[1])
        self.place.put(pane)
        pane.step_requested.connect(self._step)
        pane.undo_requested.connect(self._undo)
        self._context.undo.changed.connect(pane.show_saved)
        self._add_keys(
            ("Alt+Down", self, pane.go_on),
            ("Alt+Up", self, pane.go_back),
            ("Escape", pane, self._back_to_table),
        )
        return pane

    def _complete(self) -> None:
        """Make the pane now that the rows are on screen."""
        self.pane.show_saved()

    # ------------------------------------------------------------ the window asks

    def activate(self) -> None:
        """Show the rows and put the focus on the table."""
        super().activate()
        self.newcomer.catch_up()
        if self._pane is None:
            QTimer.singleShot(PANE_AFTER_MS, self, self._complete)

    async def settled(self) -> None:
        """Return once the pane stands beside the rows, and their number below."""
        await self._whole.wait()
        await super().settled()

    def reveal(self, uid: str = "", search: str = "") -> None:
        """Show one record, or what matches a search."""
        self.browser.open()
        if is_temporary(uid):
            self.newcomer.show(uid)
        else:
            self.browser.reveal(uid, search)

    def current_uid(self) -> str:
        """Return the uid of the current record."""
        row = self.browser.table.current_row()
        return row.uid if row is not None else ""

    def make_new(self) -> None:
        """Ask for a new record."""
        raise NotImplementedError

    def _ask_with(self, dialog: QDialog) -> None:
        """Open a form; the keyboard is on the table afterwards."""
        dialog.finished.connect(self._back_to_table)
        dialog.open()

    def _show_made(self, made: "Made") -> None:
        """Stand on what a form has made."""
        self.newcomer.show(made.uid)

    def regions(self) -> tuple[QWidget, ...]:
        """Where F6 goes: table, then pane."""
        return (self.browser.table, self.pane.first())

    def leave(self) -> None:
        """Save what is being typed and let go of the rows."""
        if self._pane is not None:
            self._pane.form.leave()
        self._leave_drafts()
        self.leaving.leave()
        self.browser.close_rows()
        self._due.stop()
        self._reading.stop()
        self._scope.cancel_group("read")

    async def finish(self) -> None:
        """Wait until everything typed is on the disk."""
        if self._pane is not None:
            await self._pane.form.finish()

    # ------------------------------------------------------------ the current record

    def _show(self, row: RecordRow | None) -> None:
        self._leave_fields(row)
        self._due.moved()
        self._reading.start()
        self._let_pane_act(False)

    def _heir(self, row: RecordRow) -> Heir:
        """Tell who is current after a record that went from the rows.

        What somebody works on stays. Where others made it go, the next key must reach no other record.
        """
        shop, entity = self._context.shop, self.browser.spec.entity
        known = shop.row(entity, row.uid)
        own = known.mark.leaves or known.mark.pending if known is not None else is_temporary(row.uid)
        needed = self._is_worked_on(entity, row.uid) or shop.drafts.of(entity, row.uid)
        if needed and not (known is not None and known.mark.leaves):
            return Heir.ITSELF
        gone = known is not None and known.mark.gone
        return Heir.NEXT if own and not gone else Heir.NOBODY

    def _show_now(self) -> None:
        """Bring the pane up to the table. Rows are painted before it: a letter typed must not wait."""
        self._due.stop()
        self._let_pane_act(True)
        if self._pane is not None:
            row = self.browser.table.current_row()
            self._pane.show_row(None if row is not None and row.mark.leaves else row)
            places = self.browser.table.places
            if row is None and places.here is not None and not places.vacant:
                self._pane.show_reading()

    def _let_pane_act(self, acts: bool) -> None:
        """Let the pane take the mouse or not: what is pressed there is meant for the record it shows."""
        if self._pane is not None:
            self._pane.let_act(acts)

    def _focus_moved(self, former: QWidget | None, now: QWidget | None) -> None:
        super()._focus_moved(former, now)
        reached = self._pane is not None and now is not None and self._pane.isAncestorOf(now)
        if reached and self._due.wait is not None:  # it is quicker than the pane
            self._show_now()

    def _open(self, _row: RecordRow | None = None) -> None:
        """Go to where work on the current record begins."""
        pane = self.pane
        self.place.show()
        pane.focus_first()

    def _step(self, by: int) -> None:
        """Go to another record and stay in the same field, so that a stack is graded without the mouse."""
        self.pane.form.leave()
        self.browser.step(by)

    def _stepped(self) -> None:
        self._show_now()  # what is typed next belongs to the new record
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit) and self.pane.isAncestorOf(field):
            field.selectAll()  # and takes the place of what stands there

    def _beside(self) -> QWidget | None:
        return self._pane

    def _shown(self) -> RecordRow | None:
        return self._pane.row if self._pane is not None else None

    def _show_typed(self) -> None:
        self.pane.form.show_typed()

    def _read_again(self) -> None:
        row, entity = self._shown(), self.browser.spec.entity
        if row is not None and self.isVisible():
            self._scope.spawn(
                self._context.shop.refresh(entity, row.uid), "read record", group="read", exclusive=True
            )

    def _changed(self, changes: Changes) -> None:
        row, entity = self._shown(), self.browser.spec.entity
        if self._pane is None or changes.entity is not entity:
            return
        if row is None:
            self._due.moved()  # a deletion may have been dropped
        elif not changes.uids or row.uid in changes.uids:
            fresh = self._context.shop.row(entity, row.uid)
            if fresh is not None:
                self._pane.show_row(None if fresh.mark.leaves else fresh)
            else:
                self.browser.table.places.follow()  # what was typed for it may be dropped by now
                self._pane.show_lost()

    # ------------------------------------------------------------ acting

    def _undo(self) -> None:
        if row := self.pane.row:
            self._undo_last_of(self.browser.spec.entity, row.uid)

    def _show_menu(self, where: QPoint) -> None:
        """Offer what can be done with the current record."""
        raise NotImplementedError

    # ------------------------------------------------------------ size

    @property
    def _narrow(self) -> bool:
        return self.window().width() < NARROW_UNDER

    def _shares(self) -> list[int]:
        wanted = NARROW if self._narrow else WIDTH
        return [max(0, self.width() - wanted), wanted]


def copy_text(text: str) -> None:
    """Put words on the clipboard."""
    QGuiApplication.clipboard().setText(text)
