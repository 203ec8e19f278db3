"""The pane beside the table: one product, its picture, numbers, copies, fields and marketplaces."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.statuses import PRODUCT_TYPES
from instica_desktop.features.context import Context
from instica_desktop.features.history import HistoryList
from instica_desktop.features.lists.record_pane import PaneSpec, RecordPane
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.product_words import heading_of, title_of
from instica_desktop.features.products.copies import Copies
from instica_desktop.features.products.cover import ProductCover
from instica_desktop.features.products.facts import price_range
from instica_desktop.features.products.fields import ProductFields
from instica_desktop.features.products.presences import Presences
from instica_desktop.qtkit.text import Label
from instica_desktop.qtkit.widgets.empty_state import StateSpec

SPEC = PaneSpec(
    entity=Entity.PRODUCT,
    noun="product",
    title=title_of,
    heading=heading_of,
    tabs=(("details", "Details"), ("history", "History")),
    nothing=StateSpec(
        icon="disc-3",
        headline="No product chosen",
        sentence="Choose a product to see its copies and its pressing.",
    ),
)


class ProductDetail(RecordPane):
    """Shows and edits the current product. Signals also `copy_opened(item uid)`; `copies_asked()`."""

    copy_opened = Signal(str)
    copies_asked = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(context, SPEC, parent)
        self.cover = ProductCover(context, self)
        self._numbers = {name: Label("", self, role="strong", tabular=True) for name in NUMBERS}
        self.copies = Copies(self)
        self.fields = ProductFields(self.form, self)
        self.presences = Presences(self)
        self.history = HistoryList(context, Entity.PRODUCT, "productHistory", self)
        self.copies.opened.connect(self.copy_opened)
        self.copies.all_asked.connect(self.copies_asked)
        self.presences.link_opened.connect(context.ui.open_link)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self.cover, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(self._numbers_grid(), 1)
        self._lay_out((top, self.copies, self.fields, self.presences), (self.history,))

    def _numbers_grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        for at, (name, value) in enumerate(self._numbers.items()):
            grid.addWidget(Label(name, self, role="caption", ink="text_2"), at, 0)
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(value, at, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(self._numbers), 1)
        return grid

    def _show_parts(self, row: RecordRow) -> None:
        product: Product = row.data
        for label, words in zip(self._numbers.values(), _numbers(product), strict=True):
            label.setText(words)
        for part in (self.cover, self.copies, self.fields, self.presences):
            part.show_product(product)
        self.history.show_row(row)

    def first(self) -> QWidget:
        """Return the title."""
        return self.fields.title

    def focus_first(self) -> None:
        """Put the focus on the first copy, or on the title when there is none."""
        self.tabs.set_value("details")
        rows = self.copies.rows()
        (rows[0] if rows else self.fields.title).setFocus(Qt.FocusReason.ShortcutFocusReason)


NUMBERS = ("In stock", "Listed", "Available", "Price", "Type")


def _numbers(product: Product) -> tuple[str, ...]:
    return (
        f"{product.total_inventory_count:,}",
        f"{product.listed_inventory_count:,}",
        f"{product.available_inventory_count:,}",
        price_range(product.price_min_usd, product.price_max_usd) or "Not priced",
        dict(PRODUCT_TYPES).get(product.type, product.type.replace("-", " ").capitalize()),
    )
