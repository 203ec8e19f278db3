"""Icons: Lucide outlines from `resources/icons`, tinted from a token, drawn once per size, density and
scheme.

A `QIcon` made here looks up its colour when it is drawn, so buttons and menus follow a switch of theme.
"""

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from instica_desktop.qtkit.theme import colors
from instica_desktop.qtkit.theme.tokens import DISABLED_INK, SCHEMES, Scheme, Token
from instica_desktop.system.resources import resource


@cache
def _source(name: str) -> str:
    """Return an icon's SVG text. Raises FileNotFoundError for a name that does not exist."""
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=2048)
def _drawn(name: str, token: Token, size: int, dpr: float, scheme: Scheme, stroke: float) -> QPixmap:
    svg = _source(name).replace("currentColor", SCHEMES[scheme][token])
    svg = svg.replace('stroke-width="2"', f'stroke-width="{stroke}"')
    side = round(size * dpr)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(dpr)
    return pixmap


def pixmap(
    name: str, token: Token = "text_2", size: int = 16, dpr: float = 1.0, stroke: float = 2
) -> QPixmap:
    """Return an icon of `size` px in a token's colour for a screen of density `dpr`."""
    return _drawn(name, token, size, dpr, colors.scheme(), stroke)


def paint(painter: QPainter, x: int, y: int, name: str, token: Token = "text_2", size: int = 16) -> None:
    """Draw an icon with its top left corner at (x, y)."""
    painter.drawPixmap(QPoint(x, y), pixmap(name, token, size, painter.device().devicePixelRatio()))


def tile(name: str, token: Token, ground: Token, side: int, radius: int, size: int, dpr: float) -> QPixmap:
    """Return a rounded tile with an icon in its middle, for what has no picture."""
    return _tile(name, token, ground, side, radius, size, dpr, colors.scheme())


@lru_cache(maxsize=128)
def _tile(
    name: str, token: Token, ground: Token, side: int, radius: int, size: int, dpr: float, scheme: Scheme
) -> QPixmap:
    made = QPixmap(round(side * dpr), round(side * dpr))
    made.setDevicePixelRatio(dpr)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colors.color(ground))
    painter.drawRoundedRect(0, 0, side, side, radius, radius)
    painter.drawPixmap((side - size) // 2, (side - size) // 2, _drawn(name, token, size, dpr, scheme, 2))
    painter.end()
    return made


class _Engine(QIconEngine):
    """Draws a tinted icon in the colours of the moment."""

    def __init__(self, name: str, token: Token, on: Token, disabled: Token) -> None:
        super().__init__()
        self._name = name
        self._token: Token = token
        self._on: Token = on
        self._disabled: Token = disabled

    def _ink(self, mode: QIcon.Mode, state: QIcon.State) -> Token:
        if mode == QIcon.Mode.Disabled:
            return self._disabled
        return self._on if state == QIcon.State.On else self._token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw into `rect`, at the density of the painter's device."""
        dpr = painter.device().devicePixelRatio()
        size = min(rect.width(), rect.height())
        painter.drawPixmap(rect.topLeft(), pixmap(self._name, self._ink(mode, state), size, dpr))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon at one size in device pixels."""
        return pixmap(self._name, self._ink(mode, state), min(size.width(), size.height()))

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """Return the icon at `size` device pixels for a screen of density `scale`."""
        side = round(min(size.width(), size.height()) / scale)
        return pixmap(self._name, self._ink(mode, state), side, scale)

    def clone(self) -> QIconEngine:
        """Return a copy, as Qt asks before it changes a shared icon."""
        return _Engine(self._name, self._token, self._on, self._disabled)


def icon(
    name: str, token: Token = "text_2", *, on: Token | None = None, disabled: Token = DISABLED_INK
) -> QIcon:
    """Return an icon that follows the theme. `on` is its colour on a checked button."""
    _source(name)
    return QIcon(_Engine(name, token, on or token, disabled))
