"""Waiting for what another thread is about to do."""

import time
from collections.abc import Callable

_PATIENCE = 30


def until(reached: Callable[[], object]) -> None:
    """Return once something is true; it is looked at again and again."""
    end = time.monotonic() + _PATIENCE
    while not reached():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.001)
