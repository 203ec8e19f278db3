"""Where the window stands: kept per size of screen, and always put where it can be seen."""

from typing import Any, cast

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from instica_desktop.system.prefs import Prefs

WANTED = QSize(1440, 900)
FRAME = QSize(16, 40)
"""What a title bar and borders take at most."""
LEAST = QSize(760, 540)
"""What fits on a screen of 800 × 600 beside the frame and a bar of the system."""


def restore(window: QWidget, prefs: Prefs) -> None:
    """Put the window where it stood on a screen of this size, or in the middle at 1440 × 900 if that fits."""
    screen = QGuiApplication.primaryScreen()
    area = screen.availableGeometry()
    window.setMinimumSize(LEAST.boundedTo(area.size()))
    saved = _saved(prefs["window"].get(_key(area)))
    if saved is None:
        place = QRect(QPoint(), WANTED.boundedTo(area.size()))
        place.moveCenter(area.center())
        window.setGeometry(inside(place, area))
        if not _fits(WANTED + FRAME, area.size()):
            window.setWindowState(Qt.WindowState.WindowMaximized)  # or its title would stand above the screen
        return
    place, maximised = saved
    window.setGeometry(inside(place, _area_of(place)))
    if maximised:
        window.showMaximized()


def remember(window: QWidget, prefs: Prefs) -> None:
    """Keep where the window stands, and whether it fills the screen."""
    area = QGuiApplication.primaryScreen().availableGeometry()
    place = window.normalGeometry() if window.isMaximized() else window.geometry()
    if place.isEmpty():
        return
    value = {
        "place": [place.x(), place.y(), place.width(), place.height()],
        "maximised": window.isMaximized(),
    }
    prefs["window"] = {**prefs["window"], _key(area): value}


def inside(place: QRect, area: QRect) -> QRect:
    """Return `place` made no larger than `area` and moved into it."""
    kept = QRect(place.topLeft(), place.size().boundedTo(area.size()))
    kept.moveLeft(max(area.left(), min(kept.left(), area.right() - kept.width() + 1)))
    kept.moveTop(max(area.top(), min(kept.top(), area.bottom() - kept.height() + 1)))
    return kept


def _fits(size: QSize, room: QSize) -> bool:
    return size.boundedTo(room) == size


def _area_of(place: QRect) -> QRect:
    """Return the free part of the screen a window stands on, or of the first one if it is gone."""
    screen = QGuiApplication.screenAt(place.center()) or QGuiApplication.primaryScreen()
    return screen.availableGeometry()


def _key(area: QRect) -> str:
    return f"{area.width()}x{area.height()}"


def _saved(value: Any) -> tuple[QRect, bool] | None:
    """Read what was kept; a settings file may have been edited by hand."""
    if not isinstance(value, dict):
        return None
    entry = cast("dict[str, Any]", value)
    numbers = entry.get("place")
    if not isinstance(numbers, list) or len(cast("list[Any]", numbers)) != 4:
        return None
    parts = [part for part in cast("list[Any]", numbers) if isinstance(part, int)]
    if len(parts) != 4 or parts[2] < 1 or parts[3] < 1:
        return None
    return QRect(parts[0], parts[1], parts[2], parts[3]), entry.get("maximised") is True
