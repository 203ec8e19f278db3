"""A square picture beside words that say what it shows."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from instica_desktop.qtkit.images import ImageLoader
from instica_desktop.qtkit.theme import icons


class Picture(QWidget):
    """Has rounded corners; a disc stands for what is not there."""

    def __init__(
        self, images: ImageLoader, size: int, parent: QWidget, *, radius: int = 8, key: str = ""
    ) -> None:
        super().__init__(parent)
        self._images, self._size, self._radius = images, size, radius
        self.key = key
        self.setFixedSize(size, size)
        images.loaded.connect(self._loaded)

    def set_picture(self, key: str) -> None:
        """Show another picture; empty for none."""
        self.key = key
        self.update()

    def _loaded(self, key: str) -> None:
        if key == self.key:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture."""
        dpr = self.devicePixelRatioF()
        found = self._images.pixmap(self.key, self._size, dpr, self._radius) if self.key else None
        if found is None:
            disc = min(40, self._size // 2)
            found = icons.tile("disc-3", "text_3", "raised", self._size, self._radius, disc, dpr)
        QPainter(self).drawPixmap(0, 0, found)
