"""The copies a shop has of a product: grades, price and status; each leads to its item."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from instica_desktop.core.models import Product, ProductItem
from instica_desktop.core.money import format_money
from instica_desktop.core.statuses import item_status
from instica_desktop.features.products.facts import copy_grades
from instica_desktop.qtkit import paint
from instica_desktop.qtkit.focus_order import tab_at
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.theme import fonts, icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.fonts import Role
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.focus_ring import attach_ring

SHOWN = 5
ROW = 36
GAP = 12
"""Px at least between grades and price."""


class CopyRow(QPushButton):
    """One copy. Enter, Space or a click opens it."""

    def __init__(self, copy: ProductItem, parent: QWidget) -> None:
        super().__init__(parent)
        self._copy = copy
        status = item_status(copy.status, copy.status_display)
        self._status = status
        self._grades = copy_grades(copy)
        self._price = format_money(copy.price_total_usd, unknown="No price")
        name_widget(
            self, f"copy_{copy.uid}", f"{self._grades}, {self._price}, {status.label}", "Opens the item."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAutoDefault(False)
        attach_ring(self, 0, 8)

    @property
    def uid(self) -> str:
        """The item's uid."""
        return self._copy.uid

    def sizeHint(self) -> QSize:
        """Return one row."""
        return QSize(240, ROW)

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    @property
    def _price_role(self) -> Role:
        return "caption" if self._copy.price_total_usd is None else "medium"

    def places(self) -> tuple[QRect, QRect]:
        """Return where grades and price stand: prices in one line, as far as there is room."""
        wide = paint.text_width(self._grades, "caption_strong", True)
        price = paint.text_width(self._price, self._price_role, True)
        end = max(148, self.width() // 2, 8 + wide + GAP + price)
        height = self.height()
        return QRect(8, 0, wide, height), QRect(end - price, 0, price, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw grades, price, status, and a sign that it leads on."""
        painter = QPainter(self)
        lively = self.underMouse() or self.isDown()
        if lively:
            paint.rounded(painter, self.rect().toRectF(), 8, color("raised"))
        grades, price = self.places()
        painter.setPen(color("text"))
        painter.setFont(fonts.font("caption_strong", True))
        painter.drawText(grades, int(paint.LEFT), self._grades)
        painter.setFont(fonts.font(self._price_role, True))
        painter.setPen(color("text_2" if self._price_role == "caption" else "text"))
        painter.drawText(price, int(paint.LEFT), self._price)
        left = price.right() + 16
        paint.badge(painter, left, (self.height() - 20) // 2, self._status.label, self._status.tone)  # pyright: ignore[reportArgumentType]
        ink = "text" if lively else "text_3"
        icons.paint(painter, self.width() - 22, (self.height() - 14) // 2, "chevron-right", ink, 14)

    def changeEvent(self, event: QEvent) -> None:
        """Repaint when the theme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()


class Copies(QWidget):
    """The newest copies of a product. `opened(item uid)`; `all_asked()` when more exist than are shown;
    `new_asked()` for another."""

    opened = Signal(str)
    all_asked = Signal()
    new_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("productCopies")
        self._shown: tuple[ProductItem, ...] = ()
        self._made: list[CopyRow] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._count = Label("", self, role="caption", ink="text_2", tabular=True)
        self._none = Label("No copies in the inventory.", self, role="caption", ink="text_2")
        self.all_button = Button("", "allCopies", self, variant="plain", height=28, icon="library")
        self.all_button.clicked.connect(self.all_asked)
        self.add_button = Button("Add a copy", "addCopy", self, height=28, icon="plus")
        self.add_button.clicked.connect(self.new_asked)
        head = QHBoxLayout()
        head.addWidget(Label("Copies", self, role="h4"))
        head.addStretch()
        head.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(self._rows)
        column.addWidget(self._none)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.add_button)
        foot.addWidget(self.all_button)
        foot.addStretch()
        column.addLayout(foot)

    def show_product(self, product: Product) -> None:
        """Show a product's copies."""
        in_all = max(len(product.inventory_items), product.total_inventory_count)
        self._count.setText(f"{product.total_inventory_count:,} in stock" if in_all else "")
        self._none.setVisible(not in_all)
        self.all_button.setText(f"Show all {in_all:,} copies")
        self.all_button.setAccessibleName(self.all_button.text())
        self.all_button.setVisible(in_all > min(SHOWN, len(product.inventory_items)))
        if product.inventory_items[:SHOWN] != self._shown:
            self._shown = product.inventory_items[:SHOWN]
            self._fill()

    def rows(self) -> list[CopyRow]:
        """Return the rows, newest copy first."""
        return list(self._made)

    def _fill(self) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._made.clear()
        for copy in self._shown:
            row = CopyRow(copy, self)
            row.clicked.connect(self._open)
            self._made.append(row)
            self._rows.addWidget(row)
        tab_at(self, *self._made, self.add_button, self.all_button)

    def _open(self) -> None:
        row = self.sender()
        if isinstance(row, CopyRow):
            self.opened.emit(row.uid)
