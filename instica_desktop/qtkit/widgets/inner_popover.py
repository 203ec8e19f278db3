"""A card that opens inside its window, where a screen reader finds it, over what stands there."""

from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from instica_desktop.qtkit.widgets.popover import SHADOW, Popover

_OURS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier


class InnerPopover(Popover):
    """Closes like a popover: with Esc, a click elsewhere, a dialog, or another size of its window.

    A window of its own that pops up is left out of what screen readers are told.
    """

    def __init__(self, name: str, accessible: str, window: QWidget, *, width: int = 0) -> None:
        super().__init__(name, accessible, window, width=width)
        self.setParent(window, Qt.WindowType.SubWindow)  # Tab goes round inside
        self._blends = True
        self._anchor: QWidget | None = None
        self._before: QWidget | None = None

    def _open(self, anchor: QWidget, below: int, above_gap: int) -> None:
        self.adjustSize()
        home = self.window()
        room, card = home.rect(), self.size()
        height = card.height() - 2 * SHADOW
        where = home.mapFromGlobal(anchor.mapToGlobal(QPoint(0, below)))
        if where.y() + height > room.bottom():
            where.setY(home.mapFromGlobal(anchor.mapToGlobal(QPoint(0, above_gap))).y() - height)
        left = max(room.left(), min(where.x(), room.right() - card.width() + 2 * SHADOW))
        self.move(left - SHADOW, max(room.top(), where.y()) - SHADOW)
        self._anchor, self._before = anchor, home.focusWidget()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.installEventFilter(self)
        app.focusChanged.connect(self._focus_went)
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close on a press elsewhere in the window, which does what it does; on another size as well."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            inside = any(part and _holds(part, watched) for part in (self, self._anchor))
            if not inside and watched.window() is self.window():
                self.close()
        elif event.type() == QEvent.Type.Resize and watched is self.parentWidget():
            self.close()
        return False

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the window's commands that mean something inside: Delete, Enter, the arrows."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            named = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35
            if not named and not event.modifiers() & _OURS:
                event.accept()
                return True
        return super().event(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Give the keyboard back to what had it."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        if self._anchor is not None:
            self._anchor = None
            app.removeEventFilter(self)
            app.focusChanged.disconnect(self._focus_went)
            before, self._before = self._before, None
            focused = cast("QWidget | None", self.window().focusWidget())
            if before is not None and isValid(before) and (focused is None or _holds(self, focused)):
                before.setFocus(Qt.FocusReason.PopupFocusReason)
        super().hideEvent(event)

    def _focus_went(self, _from: QWidget | None, to: QWidget | None) -> None:
        if to is not None and to.window() is not self.window():
            self.close()


def _holds(whole: QWidget, part: QWidget) -> bool:
    return whole is part or whole.isAncestorOf(part)
