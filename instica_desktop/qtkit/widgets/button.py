"""Push buttons: filled, outlined, plain, danger; with icon, key cap and a busy look. And icon buttons."""

from typing import Final, Literal

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QToolButton, QWidget

from instica_desktop.qtkit import paint
from instica_desktop.qtkit.text import name_widget, set_tooltip
from instica_desktop.qtkit.theme import icons
from instica_desktop.qtkit.theme.colors import color
from instica_desktop.qtkit.theme.fonts import Role, font
from instica_desktop.qtkit.theme.tokens import Token
from instica_desktop.qtkit.widgets.enter_key import pressed_by
from instica_desktop.qtkit.widgets.focus_ring import attach_ring

Variant = Literal["filled", "outlined", "plain", "danger", "link"]
Height = Literal[24, 28, 32, 36, 40]

_PADS: Final[dict[int, int]] = {24: 8, 28: 10, 32: 12, 36: 12, 40: 16}
_INKS: Final[dict[Variant, Token]] = {
    "filled": "on_brand",
    "outlined": "text",
    "plain": "text_2",
    "danger": "error_text",
    "link": "brand",
}
GAP: Final = 6


class Button(QPushButton):
    """A button that paints itself from the tokens. One filled one per zone.

    `keys` are shown as key caps at its right and do nothing by themselves. While `busy` it turns quiet,
    keeps its width and takes no clicks. Unless it is `accessible` by other words, it is called as it reads.
    """

    def __init__(
        self,
        text: str,
        name: str,
        parent: QWidget | None = None,
        *,
        variant: Variant = "outlined",
        height: Height = 32,
        icon: str = "",
        keys: tuple[str, ...] = (),
        accessible: str = "",
    ) -> None:
        super().__init__(text, parent)
        name_widget(self, name, accessible or text.replace("&", ""))
        self._variant: Variant = variant
        self._height = height
        self._icon = icon
        self._keys = keys
        self._busy = False
        self._called_as_it_reads = not accessible
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAutoDefault(False)
        self.setFont(font(self._role()))
        attach_ring(self, 2, 6 if height == 24 else 8)

    # ------------------------------------------------------------ state

    @property
    def variant(self) -> Variant:
        """How it looks."""
        return self._variant

    def setText(self, text: str) -> None:
        """Change the words, and what they are read out as."""
        super().setText(text)
        if self._called_as_it_reads:
            self.setAccessibleName(text.replace("&", ""))

    def set_variant(self, variant: Variant) -> None:
        """Change how it looks."""
        self._variant = variant
        self.setFont(font(self._role()))
        self.update()

    def set_icon_name(self, icon: str) -> None:
        """Change the icon in front of the words; empty for none."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def set_keys(self, keys: tuple[str, ...]) -> None:
        """Change the key caps."""
        self._keys = keys
        self.updateGeometry()
        self.update()

    def set_busy(self, busy: bool) -> None:
        """Show that the act it started is under way."""
        self._busy = busy
        self.setEnabled(not busy)
        self.update()

    def _role(self) -> Role:
        strong = self._variant in ("filled", "link")
        if self._height == 40:
            return "large_strong" if strong else "large"
        if self._height == 24:
            return "caption_strong" if strong else "caption_medium"
        return "strong" if strong else "medium"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Enter too."""
        if not pressed_by(event, self):
            super().keyPressEvent(event)

    # ------------------------------------------------------------ size

    def _shown(self) -> str:
        return self.text().replace("&&", "\0").replace("&", "").replace("\0", "&")

    def _content_width(self) -> int:
        words = self.fontMetrics().horizontalAdvance(self._shown())
        icon = 16 + (GAP if words else 0) if self._icon or self._busy else 0
        keys = sum(paint.keycap_width(key) + 2 for key in self._keys) + (GAP if self._keys else 0)
        return words + icon + keys

    def sizeHint(self) -> QSize:
        """Return contents and padding."""
        pad = _PADS[self._height]
        return QSize(self._content_width() + 2 * pad - (4 if self._keys else 0), self._height)

    def minimumSizeHint(self) -> QSize:
        """Return the same: words of a button are never cut by its layout."""
        return self.sizeHint()

    # ------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, icon, words and key caps."""
        painter = QPainter(self)
        ink = self._ground(painter)
        left = (self.width() - self._content_width()) // 2
        if self._busy:
            paint.spinner(painter, left, (self.height() - 16) // 2, 16, ink)
            left += 16 + GAP
        elif self._icon:
            icons.paint(painter, left, (self.height() - 16) // 2, self._icon, ink, 16)
            left += 16 + GAP
        painter.setPen(color(ink))
        painter.setFont(self.font())
        words = self._shown()
        painter.drawText(QRect(left, 0, self.width() - left, self.height()), int(paint.LEFT), words)
        left += self.fontMetrics().horizontalAdvance(words) + GAP
        for key in self._keys:
            filled = self._variant == "filled" and self.isEnabled()
            left += paint.keycap(painter, left, (self.height() - 18) // 2, key, filled=filled) + 2

    def _ground(self, painter: QPainter) -> Token:
        """Draw the ground and return the colour of what stands on it."""
        area, radius = QRectF(self.rect()), 6 if self._height == 24 else 8
        lively = self.isEnabled() and (self.underMouse() or self.isDown())
        if not self.isEnabled():
            if self._variant not in ("plain", "link"):
                paint.rounded(painter, area, radius, color("base"), color("border"))
            return "text_3"
        fill, border = self._colors(lively)
        if fill is not None or border is not None:
            paint.rounded(painter, area, radius, fill, border)
        return "text" if self._variant == "plain" and lively else _INKS[self._variant]

    def _colors(self, lively: bool) -> tuple[QColor | None, QColor | None]:
        if self._variant == "filled":
            return color("brand_hover" if lively else "brand"), None
        if self._variant in ("plain", "link"):
            return (color("raised") if lively else None), None
        down = self.isDown() or self.isChecked()
        fill = color("border" if down and self.isDown() else "raised" if lively else "card")
        return fill, color("control_raised" if lively else "control")

    def changeEvent(self, event: QEvent) -> None:
        """Repaint when the theme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()


class IconButton(QToolButton):
    """A button of one icon, 28 or 24 px. Its tooltip is its accessible name. Checked it stands on tint."""

    def __init__(
        self,
        icon: str,
        name: str,
        accessible: str,
        parent: QWidget | None = None,
        *,
        side: int = 28,
        size: int = 16,
        checkable: bool = False,
        shortcut_hint: str = "",
    ) -> None:
        super().__init__(parent)
        name_widget(self, name, accessible)
        self._name, self._size = icon, size
        self.setFixedSize(side, side)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_tooltip(self, f"{accessible} ({shortcut_hint})" if shortcut_hint else accessible)
        attach_ring(self, 0, 6 if side <= 24 else 8)

    def set_icon_name(self, icon: str) -> None:
        """Change the icon."""
        self._name = icon
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Be pressed by Enter too."""
        if not pressed_by(event, self):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and icon."""
        painter = QPainter(self)
        ink: Token = "text_2" if self.isEnabled() else "text_3"
        radius = 6 if self.width() <= 24 else 8
        if self.isChecked():
            paint.rounded(painter, QRectF(self.rect()), radius, color("tint"))
            ink = "on_tint"
        elif self.isEnabled() and (self.underMouse() or self.isDown()):
            paint.rounded(painter, QRectF(self.rect()), radius, color("raised"))
            ink = "text"
        at = (self.width() - self._size) // 2
        icons.paint(painter, at, at, self._name, ink, self._size)
