"""The screens of an open shop, each made when it is first visited."""

import logging
from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget, QWidget

from instica_desktop.features.context import Context, Screen, ScreenWidget

log = logging.getLogger(__name__)


class Screens(QStackedWidget):
    """Shows one screen at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("screens")
        self.current_key = ""
        self._context: Context | None = None
        self._known: dict[str, Screen] = {}
        self._made: dict[str, ScreenWidget] = {}

    def open_shop(self, context: Context, screens: Sequence[Screen]) -> None:
        """Offer the screens of a shop. None is made yet."""
        self.leave_shop()
        self._context = context
        self._known = {screen.key: screen for screen in screens}

    def leave_shop(self) -> None:
        """Let every screen save and stop, then let go of it, even when another one fails to."""
        for key, widget in self._made.items():
            try:
                widget.leave()
            except Exception:
                log.exception("Leaving the screen %s failed", key)
            self.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self._made, self._known, self._context, self.current_key = {}, {}, None, ""

    def keys(self) -> list[str]:
        """Return the keys of all screens, in the order of the rail."""
        return list(self._known)

    def made(self) -> list[ScreenWidget]:
        """Return the screens that have been visited."""
        return list(self._made.values())

    def current(self) -> ScreenWidget | None:
        """Return the screen that is shown."""
        return self._made.get(self.current_key)

    def go(self, key: str) -> ScreenWidget | None:
        """Show a screen and return it; None when there is no such screen."""
        if self._context is None or key not in self._known:
            return None
        self.current_key = key  # before Qt tells of the change
        widget = self._made.get(key)
        if widget is None:
            widget = self._known[key].make(self._context, self)  # moving it here later would style it twice
            self._made[key] = widget
            self.addWidget(widget)
        self.setCurrentWidget(widget)
        return widget
