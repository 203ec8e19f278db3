"""The products screen: the table of releases at the left, the current one at the right."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from instica_desktop.core.changes import Changes
from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import is_temporary
from instica_desktop.features.context import Context
from instica_desktop.features.lists.browsing import BrowseSpec
from instica_desktop.features.lists.newcomer import Newcomer
from instica_desktop.features.lists.removing import Removing
from instica_desktop.features.lists.table_screen import TableScreen
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.products.columns import COLUMNS, ORDERINGS
from instica_desktop.features.products.detail import NARROW, WIDTH, ProductDetail
from instica_desktop.features.products.facts import copies_search
from instica_desktop.features.products.filters import FILTERS
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.empty_state import StateSpec
from instica_desktop.qtkit.widgets.menu import add_action, make_menu

if TYPE_CHECKING:
    from instica_desktop.sync.making import Made

SPEC = BrowseSpec(
    entity=Entity.PRODUCT,
    name="products",
    noun="product",
    nouns="products",
    placeholder="Title, artist, label, catalogue number or tag",
    columns=COLUMNS,
    filters=FILTERS,
    orderings=ORDERINGS,
    empty=StateSpec(
        icon="disc-3",
        headline="No products yet",
        sentence="Releases appear here as soon as the shop has some.",
        action="New product",
        act="new",
        action_icon="plus",
    ),
)
NARROW_UNDER = 1240


class ProductsView(TableScreen):
    """The screen of products. Made by the window on the first visit."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, SPEC, parent)
        self.removing = Removing(context, self.browser, self)
        self.newcomer = Newcomer(context, self.browser)
        self._new = Button("New product", "newProductButton", self, icon="plus", keys=("Ctrl", "N"))
        self.detail = ProductDetail(context, self._splitter)
        self._lay_out()
        self._connect()
        self._add_keys(
            ("Alt+Down", self, self.detail.go_on),
            ("Alt+Up", self, self.detail.go_back),
            ("F4", self, self.detail.focus_first),
            ("Escape", self.detail, self._back_to_table),
        )

    def _lay_out(self) -> None:
        self.browser.add_tool(self._new)
        self._split(self.detail, growing=0, least=(420, 320))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._splitter)

    def _connect(self) -> None:
        self.browser.current_changed.connect(self._show)
        self.browser.activated.connect(self._open)
        self.browser.context_menu.connect(self._show_menu)
        self.browser.new_asked.connect(self.make_new)
        self._new.clicked.connect(self.make_new)
        self.detail.step_requested.connect(self._step)
        self.detail.undo_requested.connect(self._undo)
        self.detail.copy_opened.connect(self._open_copy)
        self.detail.copies_asked.connect(self._show_copies)
        self.detail.copies.new_asked.connect(self._create_copy)
        self._context.bus.changed.connect(self._changed)
        self._context.undo.changed.connect(self.detail.show_saved)
        self._reading.timeout.connect(self._read_again)

    # ------------------------------------------------------------ the window asks

    def activate(self) -> None:
        """Show the rows and put the focus on the table."""
        super().activate()
        self.newcomer.catch_up()

    def reveal(self, uid: str = "", search: str = "") -> None:
        """Show one product, or what matches a search."""
        self.browser.open()
        if is_temporary(uid):
            self.newcomer.show(uid)
            return
        self.browser.reveal(uid, search)
        known = self._context.shop.row(Entity.PRODUCT, uid) if uid else None
        if known is not None and not self.browser.table.go_to_uid(uid):
            # It stands further down than rows are known: what identifies it brings it to the top.
            self.browser.reveal(search=copies_search(cast(Product, known.data)))
            self.browser.table.go_to_uid(uid)

    def make_new(self) -> None:
        """Ask for a new product."""
        from instica_desktop.features.making.new_product import (
            NewProductDialog,  # read when it is first wanted
        )

        dialog = NewProductDialog(self._context, self)
        dialog.made.connect(self._show_made)
        dialog.finished.connect(self._back_to_table)
        dialog.open()

    def _show_made(self, made: "Made") -> None:
        self.newcomer.show(made.uid)

    def _create_copy(self) -> None:
        """Ask for a copy of the current product; it is shown among the items, where its photos come next."""
        from instica_desktop.features.making.new_copy import NewCopyDialog  # read when it is first wanted

        row = self.detail.row
        if row is not None:
            dialog = NewCopyDialog(self._context, self, row.data)
            dialog.ended.connect(self._show_copy)
            dialog.open()

    def _show_copy(self, made: "Made") -> None:
        self._context.ui.show_screen("inventory", uid=made.uid)

    def regions(self) -> tuple[QWidget, ...]:
        """Where F6 goes: table, then pane."""
        return (self.browser.table, self.detail.fields.title)

    async def finish(self) -> None:
        """Wait until everything typed is on the disk."""
        await self.detail.form.finish()

    def leave(self) -> None:
        """Save what is being typed and let go of the rows."""
        self._reading.stop()
        self._scope.cancel_group("read")
        self.detail.form.leave()
        self.browser.close_rows()

    # ------------------------------------------------------------ the current product

    def _show(self, row: RecordRow | None) -> None:
        self.detail.show_row(row)
        self._reading.start()

    def _open(self, row: RecordRow) -> None:
        self.detail.focus_first()

    def _step(self, by: int) -> None:
        self.detail.form.leave()
        self.browser.step(by)

    def _read_again(self) -> None:
        row = self.detail.row
        if row is not None and self.isVisible():
            self._scope.spawn(
                self._context.shop.refresh(Entity.PRODUCT, row.uid),
                "read product",
                group="read",
                exclusive=True,
            )

    def _changed(self, changes: Changes) -> None:
        row = self.detail.row
        if changes.entity is not Entity.PRODUCT or row is None:
            return
        if not changes.uids or row.uid in changes.uids:
            fresh = self._context.shop.row(Entity.PRODUCT, row.uid)
            if fresh is not None:
                self.detail.show_row(fresh)

    # ------------------------------------------------------------ acting

    def _open_copy(self, uid: str) -> None:
        self._context.ui.show_screen("inventory", uid=uid)

    def _show_copies(self) -> None:
        if self.detail.row is not None:
            product: Product = self.detail.row.data
            self._context.ui.show_screen("inventory", search=copies_search(product))

    def _undo(self) -> None:
        if row := self.detail.row:
            self._undo_last_of(Entity.PRODUCT, row.uid)

    def _show_menu(self, where: QPoint) -> None:
        row = self.browser.table.current_row()
        if row is None:
            return
        product: Product = row.data
        menu = make_menu(self, "productMenu")
        has_copies = bool(product.inventory_items)
        add_action(menu, "Add a copy…", self._create_copy, icon="plus")
        add_action(menu, "Show all copies", self._show_copies, icon="library", enabled=has_copies)
        add_action(menu, "Copy title", self._copy_title, icon="copy")
        add_action(
            menu,
            "Copy catalogue number",
            self._copy_number,
            icon="copy",
            enabled=bool(product.catalog_number),
        )
        menu.addSeparator()
        undo = self._context.undo.last_of(Entity.PRODUCT, row.uid) is not None
        add_action(menu, "Undo the last edit of this product", self._undo, icon="undo-2", enabled=undo)
        add_action(
            menu,
            "Delete…",
            self.removing.remove,
            icon="trash-2",
            shortcut="Delete",
            enabled=not has_copies,
            reason="it has copies",
        )
        menu.popup(where)

    def _copy_title(self) -> None:
        if self.detail.row is not None:
            QGuiApplication.clipboard().setText(self.detail.row.data.title)

    def _copy_number(self) -> None:
        if self.detail.row is not None:
            QGuiApplication.clipboard().setText(self.detail.row.data.catalog_number or "")

    # ------------------------------------------------------------ size

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the pane less of a narrow window, unless the user has set its width."""
        super().resizeEvent(event)
        wanted = NARROW if self.window().width() < NARROW_UNDER else WIDTH
        if self.detail.width() in (NARROW, WIDTH, 320) or event.oldSize().width() <= 0:
            self._splitter.setSizes([max(0, self.width() - wanted), wanted])
