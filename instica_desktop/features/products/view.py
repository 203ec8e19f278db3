"""The products screen: the table of releases at the left, the current one at the right."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import is_temporary
from instica_desktop.features.context import Context
from instica_desktop.features.lists.browsing import BrowseSpec
from instica_desktop.features.lists.record_screen import RecordScreen, copy_text
from instica_desktop.features.products.columns import COLUMNS, ORDERINGS
from instica_desktop.features.products.facts import copies_search
from instica_desktop.features.products.filters import FILTERS
from instica_desktop.qtkit.widgets.empty_state import StateSpec
from instica_desktop.qtkit.widgets.menu import add_action, make_menu

if TYPE_CHECKING:
    from instica_desktop.features.products.detail import ProductDetail
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


class ProductsView(RecordScreen):
    """The screen of products. Made by the window on the first visit."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, SPEC, "New product", parent)

    @property
    def detail(self) -> "ProductDetail":
        """The pane."""
        return cast("ProductDetail", self.pane)

    def _make_pane(self) -> "ProductDetail":
        from instica_desktop.features.products.detail import ProductDetail  # after the first rows

        detail = ProductDetail(self._context, self)
        detail.copy_opened.connect(self._open_copy)
        detail.copies_asked.connect(self._show_copies)
        detail.copies.new_asked.connect(self._create_copy)
        return detail

    # ------------------------------------------------------------ the window asks

    def reveal(self, uid: str = "", search: str = "") -> None:
        """Show one product, or what matches a search."""
        super().reveal(uid, search)
        if is_temporary(uid):
            return
        known = self._context.shop.row(Entity.PRODUCT, uid) if uid else None
        if known is not None and not self.browser.table.go_to_uid(known.uid):
            # It stands further down than rows are known: what identifies it brings it to the top.
            self.browser.reveal(search=copies_search(cast(Product, known.data)))
            self.browser.table.go_to_uid(uid)

    def make_new(self) -> None:
        """Ask for a new product."""
        # Read when it is first wanted.
        from instica_desktop.features.making.new_product import NewProductDialog

        dialog = NewProductDialog(self._context, self)
        dialog.made.connect(self._show_made)
        self._ask_with(dialog)

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

    # ------------------------------------------------------------ acting

    def _open_copy(self, uid: str) -> None:
        self._context.ui.show_screen("inventory", uid=uid)

    def _show_copies(self) -> None:
        if self.detail.row is not None:
            product: Product = self.detail.row.data
            self._context.ui.show_screen("inventory", search=copies_search(product))

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
            copy_text(self.detail.row.data.title)

    def _copy_number(self) -> None:
        if self.detail.row is not None:
            copy_text(self.detail.row.data.catalog_number or "")
