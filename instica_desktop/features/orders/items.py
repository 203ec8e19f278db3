"""The card that says what to pick: picture, title, shelf, grades, SKU and price of the item sold."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.models import InventoryItem, Order, OrderedItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.money import format_money
from instica_desktop.features.context import Context
from instica_desktop.features.orders.cards import Card
from instica_desktop.features.orders.facts import item_of, title_of
from instica_desktop.qtkit.text import ElidedLabel, Label
from instica_desktop.qtkit.widgets.button import IconButton
from instica_desktop.qtkit.widgets.picture import Picture

PICTURE = 40
NARROW_UNDER = 460


class ItemsCard(Card):
    """What was sold. `item_opened(uid)` asks to see it in the inventory."""

    item_opened = Signal(str)

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__("1 item", "orderItems", parent)
        self._context = context
        self._uid = ""
        self.picture = Picture(context.images, PICTURE, self, radius=6)
        self.name = ElidedLabel("", self, role="medium")
        self.artist = ElidedLabel("", self, role="caption", ink="text_2")
        self.shelf = Label("", self, role="large_strong", tabular=True)
        self.sku = Label("", self, role="caption", ink="text_2", tabular=True)
        self.grades = Label("", self, role="caption_strong", tabular=True)
        self._grades_below = Label("", self, role="caption_strong", ink="text_2", tabular=True)
        self.price = Label("", self, role="medium", tabular=True)
        self.open_button = IconButton("library", "openItem", "Show in the inventory", self, side=24)
        self.open_button.clicked.connect(self._open)
        self.head.addWidget(self.open_button)
        self._lay_out()

    def _lay_out(self) -> None:
        self.body.setContentsMargins(16, 8, 12, 12)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(16)
        row.addWidget(self.picture)
        row.addLayout(_pair(self.name, self.artist), 3)
        row.addLayout(_pair(self.shelf, self.sku), 0)
        row.addWidget(self.grades)
        row.addLayout(_pair(self.price, self._grades_below), 0)
        self.price.setMinimumWidth(56)
        for label in (self.price, self._grades_below):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grades_below.hide()
        self.body.addLayout(row)

    def show_order(self, order: Order) -> None:
        """Show what was sold, with what this computer knows of it."""
        sold = item_of(order)
        known = self._known(sold)
        product = known.product if known else None
        self._uid = sold.uid if sold else ""
        self.open_button.setEnabled(bool(self._uid))
        self.name.setText((product.title if product else "") or title_of(order))
        artist = product.artist.name if product and product.artist else ""
        self.artist.setText(artist)
        self.artist.setVisible(bool(artist))
        self.picture.set_picture((sold.thumbnail or "") if sold else "")
        self.shelf.setText((sold.location if sold else "") or "No shelf")
        self.sku.setText((sold.manual_sku if sold else "") or "")
        for label in (self.grades, self._grades_below):
            label.setText(_grades(sold))
        self.price.setText(format_money(order.sale_price))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the grades under the price where the title would get too little room."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW_UNDER
        self.grades.setVisible(not narrow)
        self._grades_below.setVisible(narrow)

    def _known(self, sold: OrderedItem | None) -> InventoryItem | None:
        row = self._context.shop.row(Entity.ITEM, sold.uid) if sold else None
        return row.data if row is not None else None  # pyright: ignore[reportReturnType]

    def _open(self) -> None:
        self.item_opened.emit(self._uid)


def _pair(upper: QWidget, lower: QWidget) -> QVBoxLayout:
    pair = QVBoxLayout()
    pair.setSpacing(0)
    pair.addStretch()
    pair.addWidget(upper)
    pair.addWidget(lower)
    pair.addStretch()
    return pair


def _grades(sold: OrderedItem | None) -> str:
    grades = (sold.condition_item_display, sold.condition_container_display) if sold else ()
    return " / ".join(grade for grade in grades if grade)
