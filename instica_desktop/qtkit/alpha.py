"""Whether windows can be translucent: where not, what is outside a rounded corner is black or white."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu


def blends() -> bool:
    """Tell whether what is behind a window shows; on X11 it takes a compositor, which Qt tells nothing of."""
    return QGuiApplication.platformName() != "xcb"


def round_off(menu: QMenu) -> None:
    """Let a menu’s corners be round where that is possible; the style sheet has them square elsewhere."""
    menu.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, blends())
