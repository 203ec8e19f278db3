"""The pane beside the table: one product, its picture, numbers, copies, fields and marketplaces."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.statuses import PRODUCT_TYPES
from instica_desktop.features.context import Context
from instica_desktop.features.forms import RecordForm
from instica_desktop.features.history import HistoryList
from instica_desktop.features.marks import RecordRow
from instica_desktop.features.panes import add_steps, foot, saved_words
from instica_desktop.features.product_words import heading_of
from instica_desktop.features.products.copies import Copies
from instica_desktop.features.products.cover import ProductCover
from instica_desktop.features.products.facts import price_range
from instica_desktop.features.products.fields import ProductFields
from instica_desktop.features.products.presences import Presences
from instica_desktop.qtkit.text import ElidedLabel, Label
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.empty_state import EmptyState, StateSpec
from instica_desktop.qtkit.widgets.scrolled import centred, scrolled
from instica_desktop.qtkit.widgets.tabs import Tabs

WIDTH = 384
NARROW = 336
TABS = (("details", "Details"), ("history", "History"))
NOTHING_CHOSEN = StateSpec(
    icon="disc-3",
    headline="No product chosen",
    sentence="Choose a product to see its copies and its pressing.",
)


class ProductDetail(QWidget):
    """Shows and edits the current product.

    Signals: `step_requested(±1)`; `undo_requested()`; `copy_opened(item uid)`; `copies_asked()`.
    """

    step_requested = Signal(int)
    undo_requested = Signal()
    copy_opened = Signal(str)
    copies_asked = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("productDetail")
        self.setProperty("surface", "card")
        self.setProperty("edge", "left")
        self._context = context
        self.form = RecordForm(context, Entity.PRODUCT, _title, self)
        self._title = ElidedLabel("", self, role="h3")
        self._subtitle = ElidedLabel("", self, role="caption", ink="text_2")
        self.cover = ProductCover(context, self)
        self._numbers = {name: Label("", self, role="strong", tabular=True) for name in NUMBERS}
        self.copies = Copies(self)
        self.fields = ProductFields(self.form, self)
        self.presences = Presences(self)
        self.history = HistoryList(context, Entity.PRODUCT, "productHistory", self)
        self.tabs = Tabs(TABS, "productTabs", "Parts of the product", self)
        self._pages = QStackedWidget(self)
        self._saved = Label("", self, role="caption", ink="text_2")
        self._undo = Button("Undo", "productUndo", self, variant="plain", height=24, icon="undo-2")
        self._stack = QStackedWidget(self)
        self._lay_out()
        self._undo.clicked.connect(self.undo_requested)
        self.tabs.chosen.connect(self._tab_chosen)
        self.copies.opened.connect(self.copy_opened)
        self.copies.all_asked.connect(self.copies_asked)
        self.show_row(None)

    # ------------------------------------------------------------ building

    def _lay_out(self) -> None:
        whole = QWidget(self)
        whole.setProperty("surface", "card")
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self.tabs)
        self._pages.addWidget(self._body())
        self._pages.addWidget(scrolled((self.history,), "productHistoryScroll", self))
        column.addWidget(self._pages, 1)
        column.addWidget(foot("productBottom", self._saved, self._undo, self))
        self._stack.addWidget(whole)
        self._stack.addWidget(centred(EmptyState(NOTHING_CHOSEN, self), self))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.addWidget(self._stack)

    def _head(self) -> QWidget:
        head = QWidget(self)
        head.setObjectName("productHead")
        head.setProperty("surface", "card")
        head.setProperty("edge", "bottom")
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 12, 8, 12)
        row.setSpacing(2)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        row.addLayout(words, 1)
        add_steps(row, "product", self.go_back, self.go_on)
        return head

    def _body(self) -> QWidget:
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self.cover, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(self._numbers_grid(), 1)
        return scrolled((top, self.copies, self.fields, self.presences), "productScroll", self)

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

    # ------------------------------------------------------------ showing

    @property
    def row(self) -> RecordRow | None:
        """The row shown."""
        return self.form.row

    def show_row(self, row: RecordRow | None) -> None:
        """Show a product, or that none is chosen. What is typed for the one before is saved first."""
        self.form.show(row)
        self._stack.setCurrentIndex(1 if row is None else 0)
        if row is None:
            return
        product: Product = row.data
        self._title.setText(product.title)
        self._subtitle.setText(heading_of(product))
        self.cover.show_product(product)
        for label, words in zip(self._numbers.values(), _numbers(product), strict=True):
            label.setText(words)
        self.copies.show_product(product)
        self.fields.show_product(product)
        self.presences.show_product(product)
        self.history.show_row(row)
        self.show_saved()

    def show_saved(self) -> None:
        """Say where the record is saved, and whether the last edit can be taken back."""
        row = self.row
        if row is not None:
            self._undo.setVisible(self._context.undo.last_of(Entity.PRODUCT, row.uid) is not None)
            self._saved.setText(saved_words(self._context, row))

    # ------------------------------------------------------------ acting

    def go_on(self) -> None:
        """Ask for the next product."""
        self.step_requested.emit(1)

    def go_back(self) -> None:
        """Ask for the former product."""
        self.step_requested.emit(-1)

    def focus_first(self) -> None:
        """Put the focus on the first copy, or on the title when there is none."""
        self.tabs.set_value("details")
        rows = self.copies.rows()
        (rows[0] if rows else self.fields.title).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _tab_chosen(self, key: str) -> None:
        self._pages.setCurrentIndex([name for name, _ in TABS].index(key))


NUMBERS = ("In stock", "Listed", "Available", "Price", "Type")


def _numbers(product: Product) -> tuple[str, ...]:
    return (
        f"{product.total_inventory_count:,}",
        f"{product.listed_inventory_count:,}",
        f"{product.available_inventory_count:,}",
        price_range(product.price_min_usd, product.price_max_usd) or "Not priced",
        dict(PRODUCT_TYPES).get(product.type, product.type.replace("-", " ").capitalize()),
    )


def _title(product: Product) -> str:
    return product.title
