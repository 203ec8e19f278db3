"""`run`: the window, from the first pixel to a clean end."""

import gc
import sys
from typing import TYPE_CHECKING

from instica_desktop.system.logs import start_logging
from instica_desktop.system.paths import Profile

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def run_window(profile: Profile, *, demo: bool) -> int:
    """Open the window on a profile and return its exit code when it has closed.

    `demo` opens the local shop, and fills it with sample records if it is empty.
    """
    gc.disable()  # `loop.run` collects; while modules are read there is nothing to collect
    start_logging(profile.logs)
    from instica_desktop.qtkit.spare import spare_source_search

    spare_source_search()
    from PySide6.QtWidgets import QApplication

    from instica_desktop.app.application import Application
    from instica_desktop.app.crash import CrashReporter
    from instica_desktop.qtkit import loop

    crash = CrashReporter()
    crash.install()
    qt = new_qt_application(sys.argv[:1])
    application = Application(profile, crash, demo=demo)
    try:
        return loop.run(qt, application.run())
    finally:
        application.dispose()
        QApplication.processEvents()


def new_qt_application(argv: list[str]) -> "QApplication":
    """Make the one QApplication, named and with our icon."""
    from PySide6.QtGui import QGuiApplication, QIcon
    from PySide6.QtWidgets import QApplication

    from instica_desktop.qtkit.theme.applying import STYLE, STYLED
    from instica_desktop.system.resources import resource

    qt = QApplication([*argv, "-style", STYLE])
    qt.setProperty(STYLED, True)
    qt.setApplicationName("instica-desktop")
    qt.setApplicationDisplayName("Instica Desktop")
    QGuiApplication.setDesktopFileName("instica-desktop")
    qt.setWindowIcon(QIcon(str(resource("app", "instica-desktop.svg"))))
    qt.setQuitOnLastWindowClosed(False)  # the application ends when its shop is closed, not when Qt thinks so
    return qt
