"""A photo as large as the window allows. Arrow keys go through the others, Esc closes."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.qtkit.images import MOST_PIXELS, Fetch
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.fonts import font
from instica_desktop.qtkit.widgets.button import IconButton

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
FOOT = 44
LARGEST = QSize(2400, 2400)


class PhotoViewer(QDialog):
    """Shows the photos of one item, one at a time, each with its name and its place among them."""

    def __init__(
        self, pictures: Sequence[str], names: Sequence[str], at: int, fetch: Fetch, parent: QWidget
    ) -> None:
        super().__init__(parent)
        name_widget(self, "photoViewer", "Photo")
        self.setModal(True)
        self._pictures, self._names = list(pictures), list(names)
        self._at = at
        self._fetch = fetch
        self._scope = TaskScope(self)
        self._image: QImage | None = None
        self._words = "Loading…"
        size = parent.size()
        self.resize(max(400, size.width() * 3 // 4), max(400, size.height() * 4 // 5))
        self.said = Label("", self, role="caption", ink="text_2", tabular=True)
        self.former = self._button("chevron-left", "photoFormer", "Former photo", "Left", self.go_back)
        self.next = self._button("chevron-right", "photoNext", "Next photo", "Right", self.go_on)
        self._close = self._button("x", "photoClose", "Close", "Esc", self.reject)
        self._lay_out()
        self._look()

    def _button(self, icon: str, name: str, said: str, keys: str, act: Callable[[], None]) -> IconButton:
        """Return a button for the mouse; the keyboard has keys of its own here."""
        button = IconButton(icon, name, said, self, shortcut_hint=keys)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(act)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(12, 0, 12, 8)
        row.setSpacing(4)
        for button in (self.former, self.next):
            button.setVisible(len(self._pictures) > 1)
            row.addWidget(button)
        row.addWidget(self.said, 1)
        row.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch()
        column.addLayout(row)

    def _look(self) -> None:
        self._image, self._words = None, "Loading…"
        words = f"Photo {self._at + 1} of {len(self._pictures)}"
        self.setWindowTitle(words)
        self.said.setText(f"{words} · {self._names[self._at]}")
        self.setAccessibleName(self.said.text())
        self.former.setEnabled(self._at > 0)
        self.next.setEnabled(self._at + 1 < len(self._pictures))
        self._scope.spawn(self._load(self._pictures[self._at]), "photo", group="photo", exclusive=True)
        self.update()

    async def _load(self, picture: str) -> None:
        content = await self._fetch(picture)
        self._image = _decoded(content) if content else None
        self._words = "" if self._image else "This photo is not on this computer. Connect to see it."
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next or former photo."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._go(step)

    def go_on(self) -> None:
        """Show the next photo."""
        self._go(1)

    def go_back(self) -> None:
        """Show the former photo."""
        self._go(-1)

    def _go(self, step: int) -> None:
        if 0 <= self._at + step < len(self._pictures):
            self._at += step
            self._look()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the photo in the middle, or say why it is not there."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("base"))
        if self._image is None:
            painter.setFont(font("body"))
            painter.setPen(color("text_2"))
            painter.drawText(
                self.rect().adjusted(24, 0, -24, -FOOT),
                int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap),
                self._words,
            )
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room = self.rect().adjusted(16, 16, -16, -FOOT)
        size = self._image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        size = size.boundedTo(self._image.size() * 2)
        area = room.adjusted(0, 0, size.width() - room.width(), size.height() - room.height())
        area.moveCenter(room.center())
        painter.drawImage(area, self._image)


def _decoded(content: bytes) -> QImage | None:
    """Decode a photo no larger than a screen needs; None when it is no picture, or too large to decode."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MOST_PIXELS:
        return None
    if size.width() > LARGEST.width() or size.height() > LARGEST.height():
        reader.setScaledSize(size.scaled(LARGEST, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image
