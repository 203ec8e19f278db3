"""Whether windows can be translucent. Where they cannot, what is outside a rounded corner would be black or white."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu


def blends() -> bool:
    """Tell whether a window shows what is behind it; on X11 that takes a compositor, which Qt does not tell of."""
    return QGuiApplication.platformName() != "xcb"


def round_off(menu: QMenu) -> None:
    """Let the corners of a menu be round where that is possible; the style sheet has them square elsewhere."""
    menu.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, blends())
