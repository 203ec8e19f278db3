"""Programs beside a test that end with it, whatever way it ends, and their children too."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

PATIENCE = 60
_GUARD = '{ "$@" </dev/null; kill -9 0; } & read -r _; kill -9 0'
"""A shell that leads a group of its own and kills it once our end of the pipe is gone, or the program is."""
T = TypeVar("T")


@contextmanager
def running(log: Path, *command: str, **environment: str) -> Iterator[Callable[[Callable[[], T]], T]]:
    """Run a program that writes to `log`; gives what waits until something is true, and returns that."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "guard", *command],
            cwd=log.parent,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )

    def wait(reached: Callable[[], T]) -> T:
        end = time.monotonic() + PATIENCE
        while not (found := reached()):
            alive = process.poll() is None and time.monotonic() < end
            assert alive, log.read_text("utf-8", "replace")[-4_000:]
            time.sleep(0.05)
        return found

    try:
        yield wait
    finally:
        _close(process.stdin)
        process.wait(30)


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        pipe.close()
