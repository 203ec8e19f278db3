"""Runs the program's one event loop: Qt's, spoken to as asyncio's."""

import asyncio
import gc
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

import qasync  # pyright: ignore[reportMissingTypeStubs]
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

T = TypeVar("T")
COLLECT_EVERY_MS = 1_000
SWITCH_AFTER = 0.0005
"""Seconds another thread may go on in Python while the window waits for the interpreter. Python's own 5 ms
add up in a search, which lets go of it at every row."""
WORKERS = 4


def loop_factory(app: QApplication) -> Callable[[], asyncio.AbstractEventLoop]:
    """Return what `asyncio.Runner` needs to make the Qt loop."""

    def make() -> asyncio.AbstractEventLoop:
        # Closing the last window, be it a dialog, would stop the loop under its tasks; the program ends
        # itself.
        app.setQuitOnLastWindowClosed(False)
        loop = cast(asyncio.AbstractEventLoop, qasync.QEventLoop(app))
        # Python threads instead of qasync's QThreads.
        loop.set_default_executor(ThreadPoolExecutor(WORKERS, thread_name_prefix="work"))
        return loop

    return make


def run(app: QApplication, main: Coroutine[Any, Any, T]) -> T:
    """Run `main` on the Qt loop until it ends, and close the loop before the application dies."""
    collector = Collector(app)
    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_AFTER)
    try:
        with asyncio.Runner(loop_factory=loop_factory(app)) as runner:
            return runner.run(main)
    finally:
        sys.setswitchinterval(usual)
        collector.stop()


class Collector(QObject):
    """Collects garbage in the GUI thread only: collected in a worker, a widget would die in the wrong
    thread."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # what was read until now stays: to go through it takes longer than a person overlooks
        self._timer = QTimer(self)
        self._timer.setInterval(COLLECT_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the youngest generations that have grown over Python's own thresholds."""
        counts, limits = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > limits[generation]:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Give collection back to Python."""
        self._timer.stop()
        gc.enable()
