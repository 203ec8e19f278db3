"""Puts a look in force: light, dark, or whatever the system says, also while windows are open."""

from typing import Final, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from instica_desktop.qtkit.theme import colors, fonts, palette, qss
from instica_desktop.qtkit.theme.tokens import Scheme

STYLE: Final = "Fusion"
STYLED: Final = "instica_styled"
"""Property of an application that was started with our style: `setStyle` would read all of QStyle again."""

Mode = Literal["light", "dark", "system"]

_SCHEMES: dict[Mode, Qt.ColorScheme] = {
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
    "system": Qt.ColorScheme.Unknown,
}


class Theme(QObject):
    """The look of one application. `changed` tells the scheme now in force; most widgets need not listen."""

    changed = Signal(str)

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("theme")
        self._app = app
        self.mode: Mode = "system"
        self._in_force: Scheme | None = None
        if not app.property(STYLED):
            app.setStyle(STYLE)
        fonts.install(app)
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    def use(self, mode: Mode) -> None:
        """Switch to a mode at once."""
        self.mode = mode
        # Telling Qt too makes native title bars and file dialogs follow.
        self._app.styleHints().setColorScheme(_SCHEMES[mode])
        self._put(self._wanted())

    def _wanted(self) -> Scheme:
        if self.mode != "system":
            return self.mode
        return "dark" if self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"

    def _system_changed(self) -> None:
        if self.mode == "system":
            self._put(self._wanted())

    def _put(self, scheme: Scheme) -> None:
        if scheme == self._in_force:
            return  # a style sheet, even the same, has every widget made up anew
        self._in_force = scheme
        colors.use(scheme)
        self._app.setPalette(palette.build())
        self._app.setStyleSheet(qss.build())
        self.changed.emit(scheme)


def theme() -> Theme | None:
    """Return the theme in force, or None before the first `apply`."""
    app = QApplication.instance()
    return app.findChild(Theme, "theme") if app else None


def apply(app: QApplication, mode: Mode = "system") -> Theme:
    """Put a look in force and return its `Theme`. The first call also sets style and fonts."""
    made = theme() or Theme(app)
    made.use(mode)
    return made
