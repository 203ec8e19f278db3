"""The screens of an open shop, each made when it is first visited."""

import logging
from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from instica_desktop.features.context import Context, Screen, ScreenWidget
from instica_desktop.features.undo import Piles

log = logging.getLogger(__name__)


class Place(msgspec.Struct, frozen=True):
    """Where somebody stands in a shop, and what they can take back there."""

    screen: str
    uid: str
    piles: Piles

    @property
    def files(self) -> set[str]:
        """The names of the files that are kept for what can be taken back."""
        return {name for pile in self.piles for step in pile for act in step.acts for name in act.photos}


class Screens(QStackedWidget):
    """Shows one screen at a time."""

    rearranged = Signal()
    """What stands where on a screen has changed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("screens")
        self.current_key = ""
        self._context: Context | None = None
        self._known: dict[str, Screen] = {}
        self._made: dict[str, ScreenWidget] = {}
        self._trail: list[str] = []

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
        self._trail.clear()

    def keys(self) -> list[str]:
        """Return the keys of all screens, in the order of the rail."""
        return list(self._known)

    def made(self) -> list[ScreenWidget]:
        """Return the screens that have been visited."""
        return list(self._made.values())

    def visited(self) -> list[tuple[str, ScreenWidget]]:
        """Return the same with their keys."""
        return list(self._made.items())

    def current(self) -> ScreenWidget | None:
        """Return the screen that is shown."""
        return self._made.get(self.current_key)

    def go(self, key: str) -> ScreenWidget | None:
        """Show a screen and return it; None when there is no such screen."""
        if self._context is None or key not in self._known:
            return None
        self._remember(key)
        self.current_key = key  # before Qt tells of the change
        widget = self._made.get(key)
        if widget is None:
            widget = self._known[key].make(self._context, self)  # moving it here later would style it twice
            self._made[key] = widget
            widget.rearranged.connect(self.rearranged)
            self.addWidget(widget)
        self.setCurrentWidget(widget)
        return widget

    def before(self) -> str:
        """Return the screen Esc leads back to; empty for none: those of the rail are left by the rail."""
        return self._trail[-1] if self._trail else ""

    def _remember(self, key: str) -> None:
        """Keep the way to a screen that is reached from a menu alone, back to the last one of the rail."""
        if self._known[key].in_rail:
            self._trail.clear()
        elif key in self._trail:
            del self._trail[self._trail.index(key) :]
        elif self.current_key and self.current_key != key:
            self._trail.append(self.current_key)
