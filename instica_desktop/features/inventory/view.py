"""The inventory screen: the table of items at the left, the current one at the right."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from instica_desktop.core.models import InventoryItem, Product
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.inventory.columns import (
    CELL_FIELDS,
    COLUMNS,
    ORDERINGS,
    cell_change,
    title_of,
)
from instica_desktop.features.inventory.filters import FILTERS
from instica_desktop.features.lists.browsing import BrowseSpec
from instica_desktop.features.lists.cells import CellSaver
from instica_desktop.features.lists.record_screen import RecordScreen, copy_text
from instica_desktop.qtkit.widgets.empty_state import StateSpec
from instica_desktop.qtkit.widgets.menu import add_action, make_menu

if TYPE_CHECKING:
    from instica_desktop.features.inventory.detail import ItemDetail

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


class InventoryView(RecordScreen):
    """The screen of items. Made by the window on the first visit."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, SPEC, "New copy", parent)
        table = self.browser.table
        self._cells = CellSaver(context, Entity.ITEM, table, cell_change, title_of, fields=CELL_FIELDS)

    @property
    def detail(self) -> "ItemDetail":
        """The pane."""
        return cast("ItemDetail", self.pane)

    def _make_pane(self) -> "ItemDetail":
        from instica_desktop.features.inventory.detail import ItemDetail  # after the first rows

        return ItemDetail(self._context, self)

    # ------------------------------------------------------------ the window asks

    async def finish(self) -> None:
        """Wait until everything typed is on the disk."""
        await self._cells.finish()
        await super().finish()

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
        self._ask_with(dialog)

    # ------------------------------------------------------------ acting

    def _show_menu(self, where: QPoint) -> None:
        row = self.browser.table.current_row()
        if row is None:
            return
        menu = make_menu(self, "itemMenu")
        add_action(menu, "Grade and price", self._open, icon="pencil", shortcut="F4")
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
            copy_text(title_of(row.data))

    def _copy_sku(self) -> None:
        row = self.browser.table.current_row()
        if row is not None:
            copy_text(row.data.manual_sku or "")
