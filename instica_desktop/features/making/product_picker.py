"""Finding a product while its name is typed, by keyboard alone; or saying that it is a new one."""

from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.features.context import Context
from instica_desktop.features.product_words import heading_of
from instica_desktop.qtkit import paint
from instica_desktop.qtkit.images import ImageLoader
from instica_desktop.qtkit.text import name_widget
from instica_desktop.qtkit.theme import fonts, icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.widgets.search_field import SearchField
from instica_desktop.sync import Results

ROW = 44
PICTURE = 32
MOST = 6
DATA = Qt.ItemDataRole.UserRole


class _Delegate(QStyledItemDelegate):
    """Draws a product with picture and pressing; the last row, without one, makes what was typed."""

    def __init__(self, images: ImageLoader, parent: QWidget) -> None:
        super().__init__(parent)
        self._images = images

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        area: QRect = option.rect  # type: ignore[attr-defined]
        on = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        if on:
            paint.rounded(painter, area.toRectF(), 6, color("tint"))
        product = index.data(DATA)
        top, left = area.top() + (ROW - PICTURE) // 2, area.left() + 6
        dpr = painter.device().devicePixelRatio()
        painter.drawPixmap(left, top, self._picture(product, dpr))
        words = area.adjusted(PICTURE + 16, 4, -8, -4)
        painter.setPen(color("on_tint" if on else "text"))
        painter.setFont(fonts.font("strong"))
        title = paint.elided(str(index.data()), "strong", words.width())
        painter.drawText(QRect(words.left(), words.top(), words.width(), 18), int(paint.LEFT), title)
        painter.setPen(color("on_tint" if on else "text_2"))
        painter.setFont(fonts.font("caption"))
        below = _below(product)
        painter.drawText(
            QRect(words.left(), words.top() + 18, words.width(), 18),
            int(paint.LEFT),
            paint.elided(below, "caption", words.width()),
        )

    def _picture(self, product: Product | None, dpr: float) -> QPixmap:
        image = product.product_image if product else ""
        found = self._images.pixmap(image, PICTURE, dpr, 6) if image else None
        icon = "disc-3" if product else "plus"
        return found or icons.tile(icon, "text_3", "raised", PICTURE, 6, 16, dpr)


class ProductPicker(QWidget):
    """`chosen(Product)`, or `new_asked(str)` with what was typed.

    The keyboard stays in the field: arrows move through what was found, and round its ends; Enter takes it.
    `escaped()` on Esc in an empty field.
    """

    chosen = Signal(object)
    new_asked = Signal(str)
    escaped = Signal()

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("productPicker")
        self._shop = context.shop
        self._results: Results | None = None
        self._new_wanted = False
        self.search = SearchField(
            "pickProduct",
            "Product of this copy",
            self,
            placeholder="Title, artist, label or catalogue number",
        )
        self.list = QListWidget(self)
        name_widget(self.list, "pickedProducts", "Products that match")
        self.list.setItemDelegate(_Delegate(context.images, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight((MOST + 1) * ROW)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.list)
        self.setFocusProxy(self.search)
        self.search.edit.installEventFilter(self)
        self.search.text_changed.connect(self._typed)
        self.search.escaped.connect(self.escaped)
        self.list.itemClicked.connect(self._take)
        self.list.currentRowChanged.connect(self._say_current)
        context.images.loaded.connect(self._loaded)

    def look(self, text: str) -> None:
        """Show what matches a text: this computer's copy at once, the server's answer when it comes."""
        if self._results is not None and text.strip() == self._sought:
            return  # what is marked stays
        self.let_go()
        self.list.clear()  # what was marked was found by another text
        self._new_wanted = False
        self._results = self._shop.results(Query(Entity.PRODUCT, search=text))
        self._results.listeners.append(self._found)
        self._results.open()
        self._fill()

    def let_go(self) -> None:
        """Stop asking."""
        results, self._results = self._results, None
        if results is not None:
            results.close()

    def products(self) -> list[Product]:
        """Return what is offered, in its order."""
        every = (self.list.item(at).data(DATA) for at in range(self.list.count()))
        return [product for product in every if product is not None]

    # ------------------------------------------------------------ inside

    def _typed(self, text: str) -> None:
        """Look, unless a product was taken meanwhile: typing is told of a moment later."""
        if self._results is not None:
            self.look(text)

    def _found(self, _event: object) -> None:
        self._fill()

    def _fill(self) -> None:
        results = self._results
        if results is None:
            return
        marked = self._marked()
        found = self._found_with(marked, results)
        if found == self.products() and self.list.count():
            self._name_new()
            return
        self.list.clear()
        for product in found:
            self._add(product.title, product)
        self._add("", None)
        self._name_new()
        self.list.setCurrentRow(self._row_of(marked, found))

    def _row_of(self, marked: Product | None, found: list[Product]) -> int:
        """Return the row that Enter takes from now on: what it took before, or none; at first the first."""
        if self._new_wanted:
            return len(found)
        if marked is None:
            return 0
        return next((at for at, product in enumerate(found) if product.uid == marked.uid), -1)

    def _found_with(self, marked: Product | None, results: Results) -> list[Product]:
        """Return what was found first; what is marked stays among it, so that Enter takes that."""
        rows = [results.row(at) for at in range(min(MOST, len(results.ids)))]
        found = [cast(Product, row.data) for row in rows if row is not None]
        if marked is None or any(product.uid == marked.uid for product in found):
            return found
        here = results.loading or results.index_of(marked.uid) is not None
        return [*found[: MOST - 1], marked] if here else found

    def _marked(self) -> Product | None:
        """Return the product that Enter would take; the line for a new one gives way to what is found."""
        item = self._current()
        return item.data(DATA) if item is not None else None

    def _name_new(self) -> None:
        typed = self.search.text.strip()
        self.list.item(self.list.count() - 1).setText(
            f"Make “{typed}” a new product" if typed else "A new product"
        )

    def _add(self, title: str, product: Product | None) -> None:
        item = QListWidgetItem(title, self.list)
        item.setData(DATA, product)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}, {_below(product)}" if product else title)

    def _take(self, item: QListWidgetItem) -> None:
        product: Product | None = item.data(DATA)
        if product is not None:
            self.chosen.emit(product)
        else:
            self.new_asked.emit(self.search.text.strip())

    def _say_current(self, _row: int) -> None:
        """Tell a screen reader in the field what Enter would take."""
        item = self._current()
        if item is not None:
            said = str(item.data(Qt.ItemDataRole.AccessibleTextRole) or item.text())
            self.search.edit.setAccessibleDescription(said)

    def _current(self) -> QListWidgetItem | None:
        return self.list.currentItem()

    def _loaded(self, _key: str) -> None:
        self.list.viewport().update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move through the list, and take from it, while the keyboard stays in the field."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            by = 1 if event.key() == Qt.Key.Key_Down else -1
            self._move(by)
            return True
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            if self.search.text.strip() != self._sought:
                self.look(self.search.text)  # Enter was quicker than the pause after typing
            if (item := self._current()) is not None:
                self._take(item)
            return True
        return False

    def _move(self, by: int) -> None:
        """Mark the next or former line, round the ends; from nothing, the first or last."""
        here, lines = self.list.currentRow(), max(1, self.list.count())
        self.list.setCurrentRow((here + by if here >= 0 else min(by, 1) - (by > 0)) % lines)
        self._new_wanted = self._marked() is None

    @property
    def _sought(self) -> str:
        return self._results.query.search.strip() if self._results is not None else ""


def _below(product: Product | None) -> str:
    if product is None:
        return "Its artist and pressing come next"
    return heading_of(product) or "Nothing more is known of it"
