"""One photo of a strip: picture, and what is happening to it."""

from typing import Literal

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QPushButton, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import name_widget
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color, tone
from instica_desktop.qtkit.theme.tokens import TONES, Tone
from instica_desktop.qtkit.widgets.focus_ring import attach_ring

PhotoState = Literal["ok", "pending", "sending", "error"]
_SIGNS: dict[PhotoState, tuple[str, Tone, str]] = {
    "ok": ("", "neutral", ""),
    "pending": ("clock", "warning", "waits to be sent"),
    "sending": ("cloud-upload", "info", "is being sent"),
    "error": ("circle-alert", "error", "was not sent"),
}


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """One photo. `image` is what the loader knows it by; `progress` 0 to 1 while it is being sent.

    `name` is said by screen readers; `message` says why it failed.
    """

    key: str
    image: str
    name: str = "Photo"
    state: PhotoState = "ok"
    progress: float = 0.0
    message: str = ""


class PhotoTile(QPushButton):
    """Paints one photo at any size. The strip tells it its picture and place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAutoDefault(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.photo = Photo(key="", image="")
        self.picture: QPixmap | None = None
        self.primary = False
        self.faded = False
        attach_ring(self, -2, 8)

    def set_photo(self, photo: Photo, place: int, count: int) -> None:
        """Show a photo; `place` counts from 0."""
        self.photo, self.primary = photo, place == 0
        words = _SIGNS[photo.state][2]
        first = ", first photo" if self.primary else ""
        spoken = f"{photo.name}, {place + 1} of {count}{first}"
        name_widget(self, f"photo_{photo.key}", f"{spoken}, {words}" if words else spoken, photo.message)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a tile."""
        return QSize(64, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw picture, first mark, state and progress."""
        painter = QPainter(self)
        if self.faded:
            painter.setOpacity(0.35)
        area = QRectF(self.rect())
        if self.picture is not None:
            painter.drawPixmap(self.rect(), self.picture)
        else:
            paint.rounded(painter, area, 8, color("raised"))
            at = (self.width() - 20) // 2
            icons.paint(painter, at, at, "image", "text_2", 20)
        if self.primary and self.width() >= 96:
            paint.badge(painter, 6, 6, "First", "neutral", icon="star", height=18, pad=6)
        if self.underMouse():
            paint.rounded(painter, area, 8, None, color("control"))
        self._state(painter)

    def _state(self, painter: QPainter) -> None:
        icon, which, _ = _SIGNS[self.photo.state]
        if not icon:
            return
        ground, _ink = tone(which)
        at = self.width() - 24
        paint.rounded(painter, QRectF(at, 4, 20, 20), 10, ground)
        icons.paint(painter, at + 4, 8, icon, TONES[which][1], 12)
        if self.photo.state == "sending":
            track = QRectF(6, self.height() - 10, self.width() - 12, 4)
            paint.rounded(painter, track, 2, color("border"))
            track.setWidth(max(4.0, track.width() * min(1.0, self.photo.progress)))
            paint.rounded(painter, track, 2, color("brand"))


class AddTile(QPushButton):
    """The dashed tile at the end that adds photos."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        name_widget(self, "photoAdd", "Add photos", "Files, or drop or paste pictures here.")
        self.setAutoDefault(False)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.wanted = False
        attach_ring(self, -2, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dashes and the sign."""
        painter = QPainter(self)
        lively = self.wanted or (self.underMouse() and self.isEnabled())
        if lively:
            paint.rounded(painter, QRectF(self.rect()), 8, color("tint" if self.wanted else "raised"))
        border = color("brand" if self.wanted else "control_raised" if lively else "control")
        paint.dashed(painter, QRectF(self.rect()), 8, border)
        at = ((self.width() - 20) // 2, (self.height() - 20) // 2)
        ink = "on_tint" if self.wanted else "text_2" if self.isEnabled() else "text_3"
        icons.paint(painter, at[0], at[1], "image-plus", ink, 20)
