"""The picture of a product: seen, dropped, pasted, chosen, taken away; each can be taken back."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.errors import InputError, InsticaError
from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.undo import Closures
from instica_desktop.qtkit import dialogs, paint
from instica_desktop.qtkit.images import ImageLoader
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.widgets.button import Button, IconButton
from instica_desktop.qtkit.widgets.dropped import Dropped, read, usable
from instica_desktop.qtkit.widgets.picture import Picture
from instica_desktop.sync.covers import Cover

SIDE = 136
FILTERS = "Pictures (*.jpg *.jpeg *.png *.webp);;All files (*)"
UNREACHABLE = "This picture cannot be fetched. Save it on this computer first, then drop the file."


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
        if usable(event.mimeData()):
            event.acceptProposedAction()
            self._expect(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Look as before."""
        self._expect(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on what was dropped."""
        self._expect(False)
        if self._take(read(event.mimeData())):
            event.acceptProposedAction()

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
        self._covers = context.shop.covers
        self._scope = TaskScope(self)
        self._uid, self._title = "", ""
        self.hero = Hero(context.images, self)
        self.choose = Button("Choose…", "choosePicture", self, height=28, icon="image-plus")
        self.remove = IconButton("trash-2", "removePicture", "Remove the picture", self, side=28)
        self._trouble = Label("", self, role="caption", ink="error", wrap=True)
        self._trouble.setObjectName("pictureTrouble")
        self._trouble.setFixedWidth(SIDE)
        self._trouble.hide()
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
        column.addWidget(self._trouble)

    @property
    def trouble(self) -> str:
        """Why a picture was refused; empty for none."""
        return "" if self._trouble.isHidden() else self._trouble.text()

    def show_product(self, product: Product) -> None:
        """Show a product's picture."""
        if product.uid != self._uid:
            self._say("")
        self._uid, self._title = product.uid, product.title
        self.hero.set_picture(product.product_image or "")
        self.choose.setText("Replace…" if product.product_image else "Choose…")
        self.choose.setAccessibleName(f"{self.choose.text().rstrip('…')} the picture")
        self.remove.setVisible(bool(product.product_image))

    def _say(self, words: str) -> None:
        self._trouble.setText(words)
        self._trouble.setVisible(bool(words))

    # ------------------------------------------------------------ acting

    def _choose(self) -> None:
        self._scope.spawn(self._choose_file(), "choose picture", group="choose", exclusive=True)

    async def _choose_file(self) -> None:
        files = await dialogs.open_files(self.window(), "Choose a picture", FILTERS, many=False)
        if files:
            await self._set(files[0])

    def _dropped(self, sources: list[Dropped]) -> None:
        self._scope.spawn(self._take(sources[0]), "set picture", group="picture")

    async def _take(self, source: Dropped) -> None:
        """Use what was dropped: a file, a picture, or the address of one."""
        content = await self._context.shop.image(source) if isinstance(source, str) else source
        if content is None:
            self._say(UNREACHABLE)
        else:
            await self._set(content)

    async def _set(self, source: Path | bytes) -> None:
        uid = self._uid

        async def change() -> Cover:
            return await self._covers.set(uid, source)

        await self._do(change())

    def _remove(self) -> None:
        self._scope.spawn(self._do(self._covers.remove(self._uid)), "remove picture", group="picture")

    async def _do(self, change: Coroutine[Any, Any, Cover]) -> None:
        uid, title = self._uid, self._title
        self._say("")
        try:
            before = await change
        except InputError as error:
            self._say(error.message)
            return
        except InsticaError as error:
            self._context.tell(error, about=title)
            return
        swap = _Swap(self._context, uid, before)
        words = f"picture of {title}"
        self._context.undo.push(Closures(Entity.PRODUCT, uid, words, swap.turn, swap.turn))


class _Swap:
    """Turns to the picture there was before, and back again."""

    def __init__(self, context: Context, uid: str, before: Cover) -> None:
        self._put_back: Callable[[str, Cover], Coroutine[Any, Any, Cover]] = context.shop.covers.put_back
        self._uid = uid
        self._other = before

    async def turn(self) -> None:
        """Show the other picture."""
        self._other = await self._put_back(self._uid, self._other)
