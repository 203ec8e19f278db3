"""A copy that is to be made: of a product found by typing, or of a new one, in one form."""

from collections.abc import Mapping
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.making.copy_draft import CopyDraft
from instica_desktop.features.making.frame import MakingDialog, clipped
from instica_desktop.features.making.new_product import ProductDraft
from instica_desktop.features.making.product_picker import ProductPicker
from instica_desktop.features.product_words import heading_of
from instica_desktop.features.unsaved import NEW, OF
from instica_desktop.qtkit.images import ImageLoader
from instica_desktop.qtkit.text import ElidedLabel, Label, set_tooltip
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.indicators import Rule
from instica_desktop.sync.making import OF_PRODUCT, Made

PICTURE = 48
KEPT = ("location", "status", "tags")
"""What the next copy of a stack shares."""
A_NEW = "a new product"


class _Picture(QWidget):
    """The picture of the product chosen; a disc stands for one that is not there."""

    def __init__(self, images: ImageLoader, parent: QWidget) -> None:
        super().__init__(parent)
        self._images = images
        self.key = ""
        self.setFixedSize(PICTURE, PICTURE)
        images.loaded.connect(self._loaded)

    def _loaded(self, key: str) -> None:
        if key == self.key:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture."""
        dpr = self.devicePixelRatioF()
        found = self._images.pixmap(self.key, PICTURE, dpr, 6) if self.key else None
        tile = found or icons.tile("disc-3", "text_3", "raised", PICTURE, 6, 20, dpr)
        QPainter(self).drawPixmap(0, 0, tile)


class ChosenProduct(QWidget):
    """What the copy is of: a product that is there. `change_asked()`."""

    change_asked = Signal()

    def __init__(self, images: ImageLoader, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("chosenProduct")
        self._picture = _Picture(images, self)
        self.title = ElidedLabel("", self, role="h3")
        self._heading = ElidedLabel("", self, role="caption", ink="text_2")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._picture)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(self.title)
        words.addWidget(self._heading)
        words.addStretch()
        row.addLayout(words, 1)
        row.addWidget(change_button("changeProduct", self))

    def show_product(self, product: Product) -> None:
        """Show another product."""
        self.title.setText(product.title)
        self._heading.setText(heading_of(product) or "Nothing more is known of it")
        self._picture.key = product.product_image or ""
        self._picture.update()


class NewProductPart(QWidget):
    """What the copy is of: a product made along with it. `change_asked()`."""

    change_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("newProductPart")
        change = change_button("searchInstead", self)
        self.fields = ProductDraft(self, whole=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Label("New product", self, role="h4"), 1)
        head.addWidget(change)
        column.addLayout(head)
        column.addWidget(self.fields)


def change_button(name: str, part: "ChosenProduct | NewProductPart") -> Button:
    """Return the button that leads back to the search."""
    words, keys = "Another product", ("Ctrl", "F")
    button = Button(words, name, part, variant="plain", height=28, icon="search", keys=keys)
    set_tooltip(button, "Search for another product (Ctrl+F)")
    button.clicked.connect(part.change_asked)
    return button


class NewCopyDialog(MakingDialog):
    """Asks for a copy and makes it, with its product if that is new."""

    def __init__(self, context: Context, parent: QWidget, product: Product | None = None) -> None:
        """`product` is what the copy is of; without one it is looked for first."""
        super().__init__(context, parent, "newCopy", "New copy", "Add copy")
        self._product: Product | None = None
        self.picker = ProductPicker(context, self)
        self.chosen = ChosenProduct(context.images, self)
        self.new = NewProductPart(self)
        self._of: QWidget = self.picker
        self.fields = CopyDraft(self)
        self._rule = Rule(self)
        for part in (self.picker, self.chosen, self.new, self._rule, self.fields):
            self.add_part(part)
        self._connect_parts()
        if product is not None:
            self._choose(product)
        else:
            self._go_on()

    def _connect_parts(self) -> None:
        self.picker.chosen.connect(self._choose)
        self.picker.new_asked.connect(self._make_new)
        self.picker.escaped.connect(self._escaped)
        self.chosen.change_asked.connect(self.search)
        self.new.change_asked.connect(self.search)
        shortcut = QShortcut(QKeySequence("Ctrl+F"), self)
        shortcut.activated.connect(self.search)

    # ------------------------------------------------------------ what it is of

    def _go_on(self) -> None:
        """Begin with what was typed last and never added, for the product it was typed for; else search."""
        waits = self.context.shop.drafts.newest(Entity.ITEM, OF)
        row = self.context.shop.row(Entity.PRODUCT, waits.uid) if waits is not None else None
        if row is not None:
            self._choose(cast(Product, row.data))
        elif waits is not None and waits.uid in NEW:
            self._make_new("")
        else:
            self.search()
            if waits is not None and self.fields.keep_for(self.context, waits.uid, waits.text):
                self.say(f"What you typed for {clipped(waits.text)} is here once you choose its product.")

    def _say_what_waits(self, product: Product) -> None:
        """Say what was typed for another product; it is not put onto this one."""
        waits = self.context.shop.drafts.newest(Entity.ITEM, OF)
        if waits is not None and self.context.shop.real(waits.uid) != product.uid:
            self.say(f"What you typed for {clipped(waits.text)} waits under New copy.")

    def search(self) -> None:
        """Look for the product; what is typed of the copy stays."""
        self._show_part(self.picker)
        self.picker.look(self.picker.search.text)
        self.picker.setFocus()

    def _choose(self, product: Product) -> None:
        self._product = product
        self.chosen.show_product(product)
        self._show_part(self.chosen)
        if self.fields.keep_for(self.context, product.uid, product.title):
            self.say_back(product.title)
        elif self.last is None:
            self._say_what_waits(product)
        self.fields.item_grade.setFocus()

    def _make_new(self, title: str) -> None:
        self._product = None
        if title:
            self.new.fields.title.setText(title)
        self._keep_new(begins=bool(title))
        self._show_part(self.new)
        (self.new.fields.artist if title else self.new.fields.title).setFocus()

    def _keep_new(self, *, begins: bool) -> None:
        """Write down what is typed of a new product and its copy; unless it `begins`, put back what waits."""
        back = False
        for fields, place in zip((self.fields, self.new.fields), NEW, strict=True):
            if begins:
                fields.begin_at(self.context, place, A_NEW)
            else:
                back = fields.keep_for(self.context, place, A_NEW) or back
        if back:
            self.say_back(self.new.fields.title.text().strip() or A_NEW)

    def _show_part(self, part: QWidget) -> None:
        searching = part is self.picker
        if not searching:
            self.picker.let_go()
        self._of = part
        for other in (self.picker, self.chosen, self.new):
            other.setVisible(other is part)
        for own in (self._rule, self.fields):
            own.setVisible(not searching)
        self.add.setEnabled(not searching)
        self.another.setEnabled(not searching)
        self.fit()

    def _escaped(self) -> None:
        self.reject()

    def done(self, result: int) -> None:
        """Close, and stop looking. What was typed and not added lies aside."""
        self.picker.let_go()
        for fields in (self.fields, self.new.fields):
            fields.put_aside()
        super().done(result)

    # ------------------------------------------------------------ the form

    @property
    def typed(self) -> bool:
        """Whether anything was typed."""
        return self.new.fields.typed or self.fields.typed

    async def make(self) -> Made | None:
        """Make the copy; None when something cannot be read."""
        if self._of is self.picker:
            return None
        new = self._of is self.new
        product = self.new.fields.read() if new else {}
        values = self.fields.read()
        if product is None or values is None:
            self.new.fields.focus_error()
            return None
        return await self._made(values, product if new else None)

    async def _made(self, values: Mapping[str, Any], new: Mapping[str, Any] | None) -> Made:
        of = self._product.uid if self._product and new is None else ""
        with self.context.shop.drafts.saving([*self.fields.places, *self.new.fields.places]):
            return await self.context.shop.making.copy(values, of=of, new=new)

    def show_error(self, field: str, message: str) -> bool:
        """Say at a field what is wrong with it."""
        if field.startswith(OF_PRODUCT):
            return self.new.fields.show_error(field.removeprefix(OF_PRODUCT), message)
        return self.fields.show_error(field, message)

    def forget(self) -> None:
        """Let go of what was written down of the form."""
        self.new.fields.forget()
        self.fields.forget()

    def start_over(self) -> None:
        """Make ready for the next copy of the same product, on the same shelf."""
        self.fields.start_over(KEPT)
        if self.last is not None and self.last.product:
            row = self.context.shop.row(Entity.PRODUCT, self.last.product)
            self.new.fields.start_over()
            if row is not None:
                self._choose(cast(Product, row.data))
        self.fields.item_grade.setFocus()

    def words(self, made: Made) -> str:
        """Return what was made."""
        return f"new copy of {made.title}"
