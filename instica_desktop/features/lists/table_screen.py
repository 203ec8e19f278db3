"""What the screens of items, products and orders do alike: a table, and the current record beside it."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QWidget

from instica_desktop.core.errors import InsticaError
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context, ScreenWidget
from instica_desktop.features.lists.browsing import Browser, BrowseSpec
from instica_desktop.features.lists.pane_place import PanePlace
from instica_desktop.features.undo import AnyStep
from instica_desktop.qtkit.tasks import TaskScope

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
        self.browser = Browser(context, spec, context.images, self._splitter)
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.setInterval(READ_AGAIN_AFTER_MS)
        context.images.loaded.connect(self.browser.table.pictures_arrived)

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
        self._splitter.splitterMoved.connect(self.rearranged)

    def _give_widths(self) -> None:
        """Share the width between table and pane that stand side by side."""
        raise NotImplementedError

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
        """Return the part of the table that the pane does not cover: never the pane, nor its buttons."""
        table = self.browser.table
        room = QRect(table.mapTo(self, QPoint()), table.size())
        return self.place.beside(room)

    # ------------------------------------------------------------ acting

    def _back_to_table(self, _result: int = 0) -> None:
        self.place.hide()
        self.browser.table.setFocus()

    def _undo_last_of(self, entity: Entity, uid: str) -> None:
        """Take back the last edit of a record, if there is one."""
        if step := self._context.undo.last_of(entity, uid):
            self._scope.spawn(self._take_back(step), "undo")

    async def _take_back(self, step: AnyStep) -> None:
        try:
            await self._context.undo.undo(step)
        except InsticaError as error:
            self._context.ui.show_problem(error)
