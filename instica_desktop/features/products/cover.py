"""The picture of a product: seen, dropped, pasted, chosen, taken away; each can be taken back."""

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.acts import Step
from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.intake_notes import IntakeNotes
from instica_desktop.features.photo_steps import cover_words
from instica_desktop.qtkit import dialogs, paint
from instica_desktop.qtkit.images import ImageLoader
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.text import name_widget
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.widgets.button import Button, IconButton
from instica_desktop.qtkit.widgets.dropped import Dropped, read, welcome
from instica_desktop.qtkit.widgets.picture import Picture

SIDE = 136
FILTERS = "Pictures (*.jpg *.jpeg *.png *.webp);;All files (*)"
NOT_KEPT = "Its file is not on this computer and cannot be fetched just now, so Undo would not bring it back."


class Hero(Picture):
    """The product's picture; a disc stands for one that is not there. `dropped(list)`, also by Ctrl+V."""

    dropped = Signal(list)

    def __init__(self, images: ImageLoader, parent: QWidget) -> None:
        super().__init__(images, SIDE, parent)
        name_widget(self, "productPicture", "Picture of the product", "Ctrl+V pastes a picture.")
        self._expecting = False
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _expect(self, expected: bool) -> None:
        self._expecting = expected
        self.update()

    def _take(self, found: list[Dropped]) -> bool:
        if found:
            self.dropped.emit(found)
        return bool(found)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take pictures."""
        if welcome(event):
            self._expect(True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Take them still."""
        welcome(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Look as before."""
        self._expect(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on what was dropped."""
        self._expect(False)
        if self._take(read(event.mimeData())):
            welcome(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste."""
        paste = event.matches(QKeySequence.StandardKey.Paste)
        if not paste or not self._take(read(QGuiApplication.clipboard().mimeData())):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show where the keyboard is."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, and a frame while it has the keyboard or something is held over it."""
        super().paintEvent(event)
        if self._expecting or self.hasFocus():
            paint.rounded(QPainter(self), self.rect().toRectF(), 8, None, color("brand"), 2)


class ProductCover(QWidget):
    """The picture with what can be done to it. What is refused is said below it, and by `trouble`."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("productCover")
        self._context = context
        self._scope = TaskScope(self)
        self._uid, self._title = "", ""
        self.hero = Hero(context.images, self)
        self.choose = Button("Choose…", "choosePicture", self, height=28, icon="image-plus")
        self.remove = IconButton("trash-2", "removePicture", "Remove the picture", self, side=28)
        self.notes = IntakeNotes(context, Entity.PRODUCT, "picture", self, stacked=True)
        self.notes.setFixedWidth(SIDE)
        self._lay_out()
        self.hero.dropped.connect(self._dropped)
        self.choose.clicked.connect(self._choose)
        self.remove.clicked.connect(self._remove)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.hero)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.choose, 1)
        row.addWidget(self.remove)
        column.addLayout(row)
        column.addWidget(self.notes)

    @property
    def trouble(self) -> str:
        """Why a picture was refused; empty for none."""
        return self.notes.text

    def show_product(self, product: Product) -> None:
        """Show a product's picture."""
        self._uid, self._title = product.uid, product.title
        self.notes.show_of(product.uid)
        self.hero.set_picture(product.product_image or "")
        self.choose.setText("Replace…" if product.product_image else "Choose…")
        self.choose.setAccessibleName(f"{self.choose.text().rstrip('…')} the picture")
        self.remove.setVisible(bool(product.product_image))

    # ------------------------------------------------------------ acting

    def _choose(self) -> None:
        if self._uid:
            work = self._choose_file(self._uid)
            self._scope.spawn(work, "choose picture", group="choose", exclusive=True)

    async def _choose_file(self, uid: str) -> None:
        files = await dialogs.open_files(self.window(), "Choose a picture", FILTERS, many=False)
        if files:
            self._context.shop.intake.take(Entity.PRODUCT, uid, list(files))

    def _dropped(self, sources: list[Dropped]) -> None:
        """Give the product what was dropped or pasted; the product is the one of this moment."""
        if self._uid:
            self._context.shop.intake.take(Entity.PRODUCT, self._uid, sources)

    def _remove(self) -> None:
        work, tell = self._removed(self._uid, self._title), partial(self._context.tell, about=self._title)
        self._scope.spawn(work, "remove picture", group="picture", on_error=tell, act=True)

    async def _removed(self, uid: str, title: str) -> None:
        """Take the picture away; ask first where it could not come back."""
        if not await self._agrees(uid):
            return
        act = await self._context.shop.covers.remove(uid)
        if act is not None:
            self._context.did(Step(words=f"picture of {title}", acts=(act,)), cover_words(title, act))

    async def _agrees(self, uid: str) -> bool:
        return await self._context.shop.covers.keep(uid) or await dialogs.confirm(
            self.window(), "Remove the picture?", NOT_KEPT, "Remove", danger=True, keep="Keep it"
        )
