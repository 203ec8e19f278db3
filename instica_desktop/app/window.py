"""`run`: the window, from the first pixel to a clean end."""

import gc
import os
import sys
from typing import TYPE_CHECKING, cast

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


def refuse_window(why: str) -> int:
    """Say why no window opens, on a screen where nobody reads the terminal; return the exit code."""
    print(why, file=sys.stderr)
    if not sys.stderr.isatty() and _has_display():
        from instica_desktop.qtkit import loop

        loop.run(new_qt_application(sys.argv[:1]), say_refusal(why))
    return 1


async def say_refusal(why: str) -> None:
    """Show the sentence until it is read."""
    from PySide6.QtWidgets import QApplication

    from instica_desktop.qtkit import dialogs, theme

    theme.apply(cast("QApplication", QApplication.instance()), "system")
    await dialogs.tell(None, "Instica Desktop cannot start here", why)


def _has_display() -> bool:
    if sys.platform != "linux":
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


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
