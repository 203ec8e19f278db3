"""The inventory screen: the table of items at the left, the current one at the right."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from instica_desktop.core.changes import Changes
from instica_desktop.core.errors import InputError
from instica_desktop.core.models import InventoryItem, Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import wire_money
from instica_desktop.core.operations import is_temporary
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.columns import COLUMNS, ORDERINGS, title_of
from instica_desktop.features.inventory.filters import FILTERS
from instica_desktop.features.lists.browsing import BrowseSpec
from instica_desktop.features.lists.newcomer import Newcomer
from instica_desktop.features.lists.removing import Removing
from instica_desktop.features.lists.table_screen import TableScreen
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.undo import Step
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.empty_state import StateSpec
from instica_desktop.qtkit.widgets.menu import add_action, make_menu

if TYPE_CHECKING:
    from instica_desktop.features.inventory.detail import ItemDetail
    from instica_desktop.sync.making import Made

SPEC = BrowseSpec(
    entity=Entity.ITEM,
    name="inventory",
    noun="item",
    nouns="items",
    placeholder="Title, artist, catalogue number, SKU or notes",
    columns=COLUMNS,
    filters=FILTERS,
    orderings=ORDERINGS,
    empty=StateSpec(
        icon="library",
        headline="No items yet",
        sentence="Items appear here as soon as the shop has some.",
        action="New copy",
        act="new",
        action_icon="plus",
    ),
)
WIDTH = 384
NARROW = 336
NARROW_UNDER = 1240
"""Width of the pane in px, and in windows narrower than the last."""
PANE_AFTER_MS = 20
"""The rows are painted first; the pane follows at once."""


class InventoryView(TableScreen):
    """The screen of items. Made by the window on the first visit."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, SPEC, parent)
        self.removing = Removing(context, self.browser, self)
        self.newcomer = Newcomer(context, self.browser)
        self._new = Button("New copy", "newCopyButton", self, icon="plus", keys=("Ctrl", "N"))
        self._detail: ItemDetail | None = None
        self._place = QWidget(self)
        self._due = QTimer(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.browser.add_tool(self._new)
        self._place.setProperty("surface", "card")
        self._split(self._place, growing=0, least=(420, 320))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._splitter)

    def _connect(self) -> None:
        self.browser.current_changed.connect(self._show)
        self.browser.activated.connect(self._open)
        self.browser.edited.connect(self._edited_in_table)
        self.browser.context_menu.connect(self._show_menu)
        self.browser.new_asked.connect(self.make_new)
        self._new.clicked.connect(self.make_new)
        self.browser.table.set_pictures(self._context.images)
        self._context.bus.changed.connect(self._changed)
        self._due.setSingleShot(True)
        self._due.setInterval(PANE_AFTER_MS)
        self._due.timeout.connect(self._show_now)
        self._reading.timeout.connect(self._read_again)

    @property
    def detail(self) -> "ItemDetail":
        """The pane. It is made when it is first asked for, so that the rows are painted before it is."""
        if self._detail is None:
            self._detail = self._made_detail()
            self._detail.show_row(self.browser.table.current_row())
        if self._due.isActive():
            self._show_now()
        return self._detail

    def _made_detail(self) -> "ItemDetail":
        from instica_desktop.features.inventory.detail import ItemDetail

        detail = ItemDetail(self._context, self)
        detail.setMinimumWidth(320)
        sizes = self._splitter.sizes()
        self._splitter.replaceWidget(1, detail)
        self._splitter.setSizes(sizes)
        detail.show()
        self._place.deleteLater()
        detail.step_requested.connect(self._step)
        detail.undo_requested.connect(self._undo)
        detail.photos.set_narrow(self.window().width() < NARROW_UNDER)
        self._context.undo.changed.connect(detail.show_saved)
        self._add_keys(
            ("Alt+Down", self, detail.go_on),
            ("Alt+Up", self, detail.go_back),
            ("F4", self, detail.focus_first),
            ("Escape", detail, self._back_to_table),
        )
        return detail

    def _complete(self) -> None:
        """Make the pane now that the rows are on screen."""
        self.detail.show_saved()

    # ------------------------------------------------------------ the window asks

    def activate(self) -> None:
        """Show the rows and put the focus on the table."""
        super().activate()
        self.newcomer.catch_up()
        if self._detail is None:
            QTimer.singleShot(PANE_AFTER_MS, self, self._complete)

    def reveal(self, uid: str = "", search: str = "") -> None:
        """Show one item, or what matches a search."""
        self.browser.open()
        if is_temporary(uid):
            self.newcomer.show(uid)
        else:
            self.browser.reveal(uid, search)

    def make_new(self) -> None:
        """Ask for a copy of a product that is looked for, or of a new one."""
        self._ask_for_copy()

    def _create_another(self) -> None:
        """Ask for another copy of the same product."""
        row = self.browser.table.current_row()
        item: InventoryItem | None = row.data if row is not None else None
        known = self._context.shop.row(Entity.PRODUCT, item.product.uid) if item and item.product else None
        self._ask_for_copy(cast(Product, known.data) if known is not None else None)

    def _ask_for_copy(self, product: Product | None = None) -> None:
        from instica_desktop.features.making.new_copy import NewCopyDialog  # read when it is first wanted

        dialog = NewCopyDialog(self._context, self, product)
        dialog.made.connect(self._show_made)
        dialog.finished.connect(self._back_to_table)
        dialog.open()

    def _show_made(self, made: "Made") -> None:
        self.newcomer.show(made.uid)

    def regions(self) -> tuple[QWidget, ...]:
        """Where F6 goes: table, then pane."""
        return (self.browser.table, self.detail.fields.item_grade)

    def leave(self) -> None:
        """Save what is being typed and let go of the rows."""
        if self._detail is not None:
            self._detail.form.leave()
        self._due.stop()
        self._reading.stop()
        self._scope.cancel_group("read")
        self.browser.close_rows()

    async def finish(self) -> None:
        """Wait until everything typed is on the disk."""
        if self._detail is not None:
            await self._detail.form.finish()

    # ------------------------------------------------------------ the current item

    def _show(self, row: RecordRow | None) -> None:
        self._due.start()
        self._reading.start()

    def _show_now(self) -> None:
        """Bring the pane up to the table. Rows are painted before it: a letter typed must not wait."""
        self._due.stop()
        if self._detail is not None:
            self._detail.show_row(self.browser.table.current_row())

    def _open(self, row: RecordRow) -> None:
        self.detail.focus_first()

    def _step(self, by: int) -> None:
        """Go to another item and stay in the same field, so that a stack is graded without the mouse."""
        self.detail.form.leave()
        self.browser.step(by)
        self._show_now()  # what is typed next belongs to the new item

    def _read_again(self) -> None:
        row = self._detail.row if self._detail is not None else None
        if row is not None and self.isVisible():
            self._scope.spawn(
                self._context.shop.refresh(Entity.ITEM, row.uid), "read item", group="read", exclusive=True
            )

    def _changed(self, changes: Changes) -> None:
        row = self._detail.row if self._detail is not None else None
        if self._detail is None or row is None or changes.entity is not Entity.ITEM:
            return
        if changes.uids and row.uid not in changes.uids:
            return
        fresh = self._context.shop.row(Entity.ITEM, row.uid)
        if fresh is not None:
            self._detail.show_row(fresh)

    # ------------------------------------------------------------ acting

    def _edited_in_table(self, row: RecordRow, key: str, value: Any) -> None:
        """Save what was typed into a cell."""
        wire = wire_money(value) if isinstance(value, Decimal) else value or None
        self._scope.spawn(self._save_cell(row, key, wire), "save cell")

    async def _save_cell(self, row: RecordRow, key: str, value: Any) -> None:
        try:
            edited = await self._context.shop.edit(Entity.ITEM, row.uid, {key: value})
        except InputError as error:
            self.browser.table.show_cell_error(row.uid, key, error.message)
            return
        if edited.after:
            step = Step(
                entity=Entity.ITEM,
                uid=row.uid,
                title=title_of(row.data),
                before=edited.before,
                after=edited.after,
            )
            self._context.undo.push(step)

    def _undo(self) -> None:
        if row := self.detail.row:
            self._undo_last_of(Entity.ITEM, row.uid)

    def _show_menu(self, where: QPoint) -> None:
        row = self.browser.table.current_row()
        if row is None:
            return
        menu = make_menu(self, "itemMenu")
        add_action(menu, "Grade and price", self.detail.focus_first, icon="pencil", shortcut="F4")
        add_action(menu, "Add another copy…", self._create_another, icon="plus")
        add_action(menu, "Show its product", self._show_product, icon="disc-3")
        add_action(menu, "Copy title", self._copy_title, icon="copy")
        add_action(menu, "Copy SKU", self._copy_sku, icon="copy", enabled=bool(row.data.manual_sku))
        menu.addSeparator()
        undo = self._context.undo.last_of(Entity.ITEM, row.uid)
        add_action(
            menu, "Undo the last edit of this item", self._undo, icon="undo-2", enabled=undo is not None
        )
        add_action(menu, "Delete…", self.removing.remove, icon="trash-2", shortcut="Delete")
        menu.popup(where)

    def _show_product(self) -> None:
        row = self.browser.table.current_row()
        if row is not None and row.data.product:
            self._context.ui.show_screen("products", uid=row.data.product.uid)

    def _copy_title(self) -> None:
        row = self.browser.table.current_row()
        if row is not None:
            _copy(title_of(row.data))

    def _copy_sku(self) -> None:
        row = self.browser.table.current_row()
        if row is not None:
            _copy(row.data.manual_sku or "")

    # ------------------------------------------------------------ size

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the pane less of a narrow window, unless the user has set its width."""
        super().resizeEvent(event)
        pane: QWidget = self._place if self._detail is None else self._detail
        if self._detail is not None:
            self._detail.photos.set_narrow(self.window().width() < NARROW_UNDER)
        wanted = NARROW if self.window().width() < NARROW_UNDER else WIDTH
        if pane.width() in (NARROW, WIDTH, 320) or event.oldSize().width() <= 0:
            self._splitter.setSizes([max(0, self.width() - wanted), wanted])


def _copy(text: str) -> None:
    from PySide6.QtGui import QGuiApplication

    QGuiApplication.clipboard().setText(text)
