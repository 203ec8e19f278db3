"""Small drawing helpers all painters share: rounded shapes, text lines, badges, key caps, ticks, spinners."""

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from instica_desktop.qtkit.text import isolated
from instica_desktop.qtkit.theme import colors, fonts, icons
from instica_desktop.qtkit.theme.fonts import Role
from instica_desktop.qtkit.theme.tokens import TONES, Scheme, Token, Tone

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
CENTRE = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
ALIGN = {"left": LEFT, "right": RIGHT, "centre": CENTRE}


def rounded(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    fill: QColor | None = None,
    border: QColor | None = None,
    width: float = 1,
) -> None:
    """Draw a rounded rectangle whose border lies inside `rect`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    half = width / 2 if border is not None else 0
    painter.setPen(QPen(border, width) if border is not None else Qt.PenStyle.NoPen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius - half, radius - half)


def dashed(painter: QPainter, rect: QRectF, radius: float, border: QColor, width: float = 1) -> None:
    """Draw a dashed rounded outline inside `rect`."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(border, width, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    half = width / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)


@lru_cache(maxsize=8192)
def elided(text: str, role: Role, width: int, tabular: bool = False) -> str:
    """Return `text` cut with … to `width` px in a role's font."""
    if len(text) * fonts.SIZES[role][0] <= width and text.isascii():
        return text  # no letter is wider than it is high; measuring costs more than the guess
    return isolated(fonts.metrics(role, tabular).elidedText(text, Qt.TextElideMode.ElideRight, width))


@lru_cache(maxsize=4096)
def text_width(text: str, role: Role, tabular: bool = False) -> int:
    """Return the width of a line in a role's font."""
    return fonts.metrics(role, tabular).horizontalAdvance(text)


def badge_width(text: str, icon: bool = False, pad: int = 8) -> int:
    """Return how wide a badge or mark is."""
    return text_width(text, "micro") + 2 * pad + ((16 if text else 12) if icon else 0)


@lru_cache(maxsize=512)
def _badge(text: str, tone: Tone, icon: str, height: int, pad: int, dpr: float, scheme: Scheme) -> QPixmap:
    width = badge_width(text, bool(icon), pad)
    pixmap = QPixmap(round(width * dpr), round(height * dpr))
    pixmap.setDevicePixelRatio(dpr)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    ground, ink = colors.tone(tone)
    rounded(painter, QRectF(0, 0, width, height), height / 2, ground)
    at = pad
    if icon:
        icons.paint(painter, pad, (height - 12) // 2, icon, TONES[tone][1], 12)
        at += 16
    painter.setPen(ink)
    painter.setFont(fonts.font("micro"))
    painter.drawText(QRect(at, 0, width, height), LEFT, text)
    painter.end()
    return pixmap


def badge(
    painter: QPainter,
    x: int,
    y: int,
    text: str,
    tone: Tone,
    *,
    icon: str = "",
    height: int = 20,
    pad: int = 8,
) -> int:
    """Draw a badge with its top left corner at (x, y) and return its width."""
    dpr = painter.device().devicePixelRatio()
    painter.drawPixmap(x, y, _badge(text, tone, icon, height, pad, dpr, colors.scheme()))
    return badge_width(text, bool(icon), pad)


def keycap_width(text: str) -> int:
    """Return the width of one key cap."""
    return max(18, text_width(text, "micro_medium") + 10)


def keycap(painter: QPainter, x: int, y: int, text: str, *, filled: bool = False) -> int:
    """Draw a key cap 18 px high at (x, y) and return its width. `filled` is its look on a brand ground."""
    width = keycap_width(text)
    area = QRectF(x, y, width, 18)
    if filled:
        rounded(painter, area, 4, colors.color("brand_hover"))
    else:
        border = colors.color("edge" if colors.scheme() == "dark" else "border")
        rounded(painter, area, 4, colors.color("raised"), border)
    painter.setPen(colors.color("on_brand" if filled else "text_2"))
    painter.setFont(fonts.font("micro_medium"))
    painter.drawText(area, int(CENTRE), text)
    return width


def checkbox(painter: QPainter, x: int, y: int, state: Qt.CheckState, enabled: bool = True) -> None:
    """Draw a check box of 16 px."""
    area = QRectF(x, y, 16, 16)
    if state == Qt.CheckState.Unchecked or not enabled:
        rounded(painter, area, 4, colors.color("card"), colors.color("control" if enabled else "border"))
        if state == Qt.CheckState.Unchecked:
            return
    else:
        rounded(painter, area, 4, colors.color("brand"))
    painter.setPen(
        QPen(
            colors.color("on_brand" if enabled else "text_3"),
            2,
            Qt.PenStyle.SolidLine,
            Qt.PenCapStyle.RoundCap,
            Qt.PenJoinStyle.RoundJoin,
        )
    )
    if state == Qt.CheckState.PartiallyChecked:
        painter.drawLine(QPointF(x + 5, y + 8), QPointF(x + 11, y + 8))
    else:
        painter.drawPolyline([QPointF(x + 4.5, y + 8.5), QPointF(x + 7, y + 11), QPointF(x + 11.5, y + 5.5)])


def spinner(painter: QPainter, x: int, y: int, size: int, token: Token, turn: float = 0) -> None:
    """Draw an open circle; `turn` (0 to 1) is how far it has gone round."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colors.color(token), size / 8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = size / 8
    painter.drawArc(
        QRectF(x + inset, y + inset, size - 2 * inset, size - 2 * inset),
        int((90 - turn * 360) * 16),
        16 * -290,
    )


def clip_path(rect: QRectF, radius: float) -> QPainterPath:
    """Return a rounded shape to clip by."""
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    return path


def shadow(painter: QPainter, card: QRectF, radius: float, reach: int = 14) -> None:
    """Draw a soft shadow below a card: translucent layers, since a blur would cost a frame."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = QColor(colors.color("shadow"))
    ink.setAlpha(2)
    painter.setBrush(ink)
    for grow in range(reach, -1, -1):
        sides = grow * 0.8
        layer = card.adjusted(-sides, 6 - sides, sides, 2 + sides)
        painter.drawRoundedRect(layer, radius + sides, radius + sides)
