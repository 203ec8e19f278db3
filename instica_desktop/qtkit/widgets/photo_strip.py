"""The photos of one record: drop, paste, add, drag into order, remove, by mouse and by keyboard."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.delegates.base import Pictures
from instica_desktop.qtkit.focus_order import tab_at
from instica_desktop.qtkit.text import name_widget
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.widgets import dropped, photo_places
from instica_desktop.qtkit.widgets.menu import add_action, make_menu
from instica_desktop.qtkit.widgets.photo_tile import AddTile, Photo, PhotoTile

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class _Mark(QWidget):
    """The line that shows where a dragged photo would go."""

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.rounded(QPainter(self), QRectF(self.rect()), 1.5, color("brand"))


class PhotoStrip(QWidget):
    """Signals: `dropped(list)` of Path, bytes (PNG) and https addresses; `add_requested()`; `opened(key)`;
    `remove_requested(key)`; `primary_requested(key)`; `retry_requested(key)`; `order_changed(list)` of all
    keys.

    The strip changes nothing by itself: show the new state with `set_photos`.
    Keys: arrows move, Alt+arrows put a photo elsewhere, Delete removes, Enter opens, Ctrl+V pastes.
    """

    dropped = Signal(list)
    add_requested = Signal()
    opened = Signal(str)
    remove_requested = Signal(str)
    primary_requested = Signal(str)
    retry_requested = Signal(str)
    order_changed = Signal(list)

    def __init__(
        self,
        name: str,
        accessible: str,
        parent: QWidget | None = None,
        *,
        pictures: Pictures | None = None,
        hero: int = 136,
        tile: int = 64,
    ) -> None:
        super().__init__(parent)
        name_widget(self, name, accessible)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.pictures = pictures
        self.most = 24
        self._hero, self._tile = hero, tile
        self._tiles: list[PhotoTile] = []
        self._menu_for = ""
        self._pressed = QPoint()
        self._dragged: PhotoTile | None = None
        self._slot = -1
        self._add = AddTile(self)
        self._add.clicked.connect(self.add_requested)
        self._add.installEventFilter(self)
        self._mark = _Mark(self)
        self._mark.hide()
        self._place()

    # ------------------------------------------------------------ photos

    @property
    def keys(self) -> list[str]:
        """The photos' keys in order."""
        return [tile.photo.key for tile in self._tiles]

    @property
    def tiles(self) -> Sequence[PhotoTile]:
        """The photos' widgets in order."""
        return self._tiles

    def set_photos(self, photos: Sequence[Photo]) -> None:
        """Show these photos; the first one is the primary. The keyboard stays on the photo it is on."""
        here = self.current_key()
        while len(self._tiles) < len(photos):
            self._tiles.append(self._made())
        for tile in self._tiles[len(photos) :]:
            tile.hide()
            tile.deleteLater()
        del self._tiles[len(photos) :]
        for place, (tile, photo) in enumerate(zip(self._tiles, photos, strict=True)):
            tile.set_photo(photo, place, len(photos))
        self._place()
        tab_at(self, *self._tiles, self._add)
        if here in self.keys and self.current_key() != here:
            self._tiles[self.keys.index(here)].setFocus()

    def set_sizes(self, hero: int, tile: int) -> None:
        """Change the sizes of the first photo and the others."""
        self._hero, self._tile = hero, tile
        self._place()

    def current_key(self) -> str:
        """Return the photo the keyboard is on; empty for none."""
        return next((tile.photo.key for tile in self._tiles if tile.hasFocus()), "")

    def pictures_arrived(self, _key: str = "") -> None:
        """Show pictures that were being fetched. Connect the loader's `loaded` here."""
        self._fetch()

    def _made(self) -> PhotoTile:
        tile = PhotoTile(self)
        tile.installEventFilter(self)
        tile.clicked.connect(self._clicked)
        tile.show()
        return tile

    def _clicked(self) -> None:
        tile = self.sender()
        if isinstance(tile, PhotoTile):
            self.opened.emit(tile.photo.key)

    def shown(self, key: str) -> tuple[int, int, QPixmap | None]:
        """Return the place of a photo, counted from 1, of how many, and its picture if that is here."""
        at = self.keys.index(key)
        return at + 1, len(self._tiles), self._tiles[at].picture

    # ------------------------------------------------------------ places

    def _place(self) -> None:
        room = len(self._tiles) < self.most
        found = photo_places.places(self.width(), len(self._tiles) + int(room), self._hero, self._tile)
        for tile, place in zip(self._tiles, found, strict=False):
            tile.setGeometry(place)
        self._add.setVisible(room)
        if room:
            self._add.setGeometry(found[-1])
        self.setFixedHeight(max(self._tile, photo_places.height(found)))
        self._fetch()

    def _fetch(self) -> None:
        if self.pictures is None:
            return
        dpr = self.devicePixelRatioF()
        for tile in self._tiles:
            side = tile.width()
            tile.picture = self.pictures.pixmap(tile.photo.image, side, dpr, 8) if tile.photo.image else None
            tile.update()

    def sizeHint(self) -> QSize:
        """Return the width of the pane and the height in force."""
        return QSize(352, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the photos again."""
        if event.size().width() != event.oldSize().width():
            self._place()

    def _reordered(self, key: str, slot: int) -> None:
        """Ask for an order in which `key` stands before the photo now at `slot`."""
        keys = self.keys
        here = keys.index(key)
        keys.remove(key)
        keys.insert(slot - 1 if slot > here else slot, key)
        if keys != self.keys:
            self.order_changed.emit(keys)

    # ------------------------------------------------------------ mouse

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow mouse and keys on the photos."""
        if watched is self._add and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._step(len(self._tiles), event)
        if not isinstance(watched, PhotoTile):
            return False
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(watched, event)
        if isinstance(event, QContextMenuEvent):
            self.show_menu(watched.photo.key, event.globalPos())
            return True
        return isinstance(event, QMouseEvent) and self._mouse(watched, event)

    def _mouse(self, tile: PhotoTile, event: QMouseEvent) -> bool:
        kind, place = event.type(), event.position().toPoint()
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = place
        elif kind == QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton:
            return self._drag(tile, place)
        elif kind == QEvent.Type.MouseButtonRelease and self._dragged is not None:
            self._drop(tile)
            return True
        return False

    def _drag(self, tile: PhotoTile, place: QPoint) -> bool:
        far = (place - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._dragged is None and far:
            self._dragged, tile.faded = tile, True
            tile.setDown(False)
            tile.update()
        if self._dragged is None:
            return False
        found = [other.geometry() for other in self._tiles]
        self._slot = photo_places.slot(found, tile.mapToParent(place))
        self._mark.setGeometry(photo_places.mark(found, self._slot))
        self._mark.show()
        self._mark.raise_()
        return True

    def _drop(self, tile: PhotoTile) -> None:
        slot, self._slot, self._dragged = self._slot, -1, None
        tile.faded = False
        tile.setDown(False)
        tile.update()
        self._mark.hide()
        if slot >= 0:
            self._reordered(tile.photo.key, slot)

    # ------------------------------------------------------------ keys

    def _key(self, tile: PhotoTile, event: QKeyEvent) -> bool:
        here = self._tiles.index(tile)
        step = _STEPS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape and self._dragged is not None:
            self._slot = -1
            self._drop(tile)
        elif step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._reordered(tile.photo.key, max(0, here + (step if step < 0 else 2)))
        elif self._step(here, event):
            pass
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_requested.emit(tile.photo.key)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(tile.photo.key)
        else:
            return False
        return True

    def _step(self, here: int, event: QKeyEvent) -> bool:
        """Let an arrow key go to a neighbour of the place `here`, and never out of the strip."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            targets: list[QWidget] = [*self._tiles, *([self._add] if not self._add.isHidden() else [])]
            targets[max(0, min(here + step, len(targets) - 1))].setFocus(Qt.FocusReason.TabFocusReason)
        return step is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)

    def paste(self) -> bool:
        """Take pictures from the clipboard; False when it has none."""
        found = dropped.read(QGuiApplication.clipboard().mimeData())
        if found:
            self.dropped.emit(found)
        return bool(found)

    # ------------------------------------------------------------ menu

    def show_menu(self, key: str, where: QPoint) -> None:
        """Open the menu of one photo."""
        photo = next((tile.photo for tile in self._tiles if tile.photo.key == key), None)
        if photo is None:
            return
        self._menu_for = key
        menu = make_menu(self, "photoMenu")
        add_action(menu, "Open", self._menu_open, icon="zoom-in")
        add_action(menu, "Make first", self._menu_primary, icon="star", enabled=self.keys[0] != key)
        if photo.state == "error":
            add_action(menu, "Send again", self._menu_retry, icon="refresh-cw")
        menu.addSeparator()
        add_action(menu, "Remove", self._menu_remove, icon="trash-2", token="danger")
        menu.popup(where)

    def _menu_open(self) -> None:
        self.opened.emit(self._menu_for)

    def _menu_primary(self) -> None:
        self.primary_requested.emit(self._menu_for)

    def _menu_retry(self) -> None:
        self.retry_requested.emit(self._menu_for)

    def _menu_remove(self) -> None:
        self.remove_requested.emit(self._menu_for)

    # ------------------------------------------------------------ drops

    def _expect(self, expected: bool) -> None:
        self._add.wanted = expected
        self._add.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept what may be pictures."""
        if self.isEnabled() and dropped.welcome(event):
            self._expect(True)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Accept it still."""
        dropped.welcome(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget it."""
        self._expect(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand over what was dropped."""
        self._expect(False)
        found = dropped.read(event.mimeData())
        if found and dropped.welcome(event):
            self.dropped.emit(found)
