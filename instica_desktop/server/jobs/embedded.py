"""The jobs of a server that is one process: one thread does them, one after the other."""

import logging
import threading

from django.db import Error, connections

from instica_desktop.server.jobs.run import run_ready, worker_name
from instica_desktop.server.operations.jobs import drop_left_over_inputs, take_back_all

log = logging.getLogger(__name__)

TICK_SECONDS = 30.0
"""How often it looks by itself: for jobs that wait for another try."""
PAUSE_SECONDS = 0.02
"""Rest between two pieces of work: who waits for the write lock asks only every few milliseconds."""
STOP_SECONDS = 10.0
"""How long a stop waits for the piece of work at hand; one cut off is rolled back and done again."""

_wake = threading.Event()


def announce(uid: str) -> None:
    """Wake the thread."""
    _wake.set()


def _work(ended: threading.Event) -> None:
    worker = worker_name()
    while not ended.is_set():
        _wake.clear()
        try:
            run_ready(worker, ended=lambda: ended.wait(PAUSE_SECONDS))
        except Error:
            log.exception("The jobs could not be read; they are looked for again")
            connections.close_all()
        _wake.wait(TICK_SECONDS)
    connections.close_all()


class JobThread:
    """The thread, from `start` to `stop`."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=_work, args=(self._ended,), name="jobs", daemon=True)

    def start(self, *, alone: bool = True) -> None:
        """Begin. `alone`: no other process works here, so what an earlier run left is taken over at once."""
        if alone:
            take_back_all()
            drop_left_over_inputs()
        _wake.set()
        self._thread.start()

    def stop(self) -> None:
        """End after the present piece of work; the rest waits for the next start."""
        self._ended.set()
        _wake.set()
        self._thread.join(STOP_SECONDS)
