"""The one loop serves Qt and asyncio."""

import asyncio
import gc
import threading
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from instica_desktop.qtkit import loop


def test_timers_of_qt_and_sleeps_of_asyncio_run_side_by_side(qapp: QApplication) -> None:
    ticks: list[int] = []

    async def main() -> str:
        timer = QTimer()
        timer.timeout.connect(lambda: ticks.append(1))
        timer.start(5)
        while len(ticks) < 3:  # noqa: ASYNC110 - the two clocks are what is tested
            await asyncio.sleep(0.005)
        timer.stop()
        return "done"

    assert loop.run(qapp, main()) == "done"


def test_blocking_work_runs_in_python_threads(qapp: QApplication) -> None:
    async def main() -> str:
        return await asyncio.get_running_loop().run_in_executor(None, lambda: threading.current_thread().name)

    assert loop.run(qapp, main()).startswith("work")


def test_garbage_is_collected_by_a_timer_of_the_gui_thread_only(qapp: QApplication, qtbot: Any) -> None:
    owner = QObject()
    collector = loop.Collector(owner)
    try:
        assert not gc.isenabled()
        gc.collect()
        kept = [[] for _ in range(gc.get_threshold()[0] + 100)]
        assert gc.get_count()[0] > gc.get_threshold()[0]
        collector.collect()
        assert gc.get_count()[0] < len(kept)
    finally:
        collector.stop()
    assert gc.isenabled()
