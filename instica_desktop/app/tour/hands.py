"""Acting as a user would: keys, drops, and waiting until something is so."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE = 30.0
"""Seconds a step may take before the tour gives up on it."""

W = TypeVar("W", bound=QWidget)


class TourStuck(Exception):
    """Something the tour waited for did not happen."""


async def settle(seconds: float = 0.25) -> None:
    """Let the window paint and pictures arrive."""
    await asyncio.sleep(seconds)


async def until(condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Wait until something is so.

    Raises:
        TourStuck: it did not become so in time; the message says what.
    """
    try:
        async with asyncio.timeout(patience):
            while not condition():  # noqa: ASYNC110  what is waited for is what a user would see
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise TourStuck(f"The tour waited {patience:.0f} s in vain: {what}.") from None


def part(window: QWidget, kind: type[W], name: str) -> W:
    """Return a part of the window by its object name, the visible one if there are several."""
    found = window.findChildren(kind, name)
    for widget in found:
        if widget.isVisible():
            return widget
    if not found:
        raise TourStuck(f"The window has no {kind.__name__} named {name}.")
    return found[0]


def type_into(widget: QWidget, text: str, *, replace: bool = True, enter: bool = False) -> None:
    """Type into a field, in place of what is there, and perhaps press Enter."""
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    if replace:
        QTest.keySequence(widget, "Ctrl+A")
    QTest.keyClicks(widget, text)
    if enter:
        QTest.keyClick(widget, Qt.Key.Key_Return)


def press(widget: QWidget, key: Qt.Key | str) -> None:
    """Press a key, or keys such as `Ctrl+Return`."""
    if isinstance(key, str):
        QTest.keySequence(widget, key)
    else:
        QTest.keyClick(widget, key)


def click(widget: QWidget) -> None:
    """Click into the middle of a widget."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def drop_files(target: QWidget, files: list[Path]) -> None:
    """Drop files on a widget, as a file manager would."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    at = QPoint(target.width() // 2, target.height() // 2)
    action, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    modifiers = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(target, QDragEnterEvent(at, action, data, buttons, modifiers))
    QApplication.sendEvent(target, QDragMoveEvent(at, action, data, buttons, modifiers))
    QApplication.sendEvent(target, QDropEvent(QPointF(at), action, data, buttons, modifiers))
