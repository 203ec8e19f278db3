"""Runs the tour: a fresh profile, the real application, the real local server, and its pictures."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from instica_desktop.system.logs import start_logging
from instica_desktop.system.paths import Profile

if TYPE_CHECKING:
    from instica_desktop.app.tour.album import Album

SIZE = (1440, 900)


def run_tour(out: Path) -> int:
    """Run the tour and return its exit code: 0 when every check held.

    Pictures and `tour.json` go to `out`. Without a display the window is drawn offscreen.
    """
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="instica-tour-") as folder:
        profile = Profile.at(Path(folder) / "profile").create()
        start_logging(profile.logs)
        return _run(profile, Path(folder), out.resolve())


def _run(profile: Profile, workshop: Path, out: Path) -> int:
    from PySide6.QtWidgets import QApplication

    from instica_desktop.app.application import Application
    from instica_desktop.app.crash import CrashReporter
    from instica_desktop.app.tour.album import Album
    from instica_desktop.app.tour.hands import TourStuck
    from instica_desktop.app.tour.steps import Tour
    from instica_desktop.app.window import new_qt_application
    from instica_desktop.qtkit import loop

    qt = new_qt_application(sys.argv[:1])
    crash = CrashReporter()
    crash.install()
    application = Application(profile, crash)
    album = Album(out, qt)
    tour = Tour(application, album, workshop)

    async def both() -> None:
        running = asyncio.ensure_future(application.run())
        try:
            await tour.run()
        finally:
            application.quit()
            await running

    try:
        loop.run(qt, both())
    except TourStuck as stuck:
        print(stuck, file=sys.stderr)
        return 1
    finally:
        application.dispose()
        QApplication.processEvents()
    return _verdict(album, list(crash.reports))


def _verdict(album: "Album", crashes: list[str]) -> int:
    for failure in album.failed:
        print(f"did not hold: {failure}", file=sys.stderr)
    for crash in crashes:
        print(f"unexpected error: {crash}", file=sys.stderr)
    held = sum(len(step.checks) for step in album.steps) - len(album.failed)
    print(f"{held} checks held, {len(album.failed)} did not. Pictures: {album.folder}")
    return 1 if album.failed or crashes else 0
