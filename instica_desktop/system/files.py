"""Writing a small file so that a crash leaves either the old or the new content, never half."""

import contextlib
import os
import sys
from collections.abc import Generator
from pathlib import Path
from time import monotonic, sleep

_PATIENCE = 2.0
"""Seconds to wait for another process: the window asks too, and stands still meanwhile."""


def write_atomically(path: Path, content: bytes) -> None:
    """Replace `path` with `content`, durable when this returns, readable by this user only.

    Raises:
        OSError: when the disk is full or the folder cannot be written; the old file is untouched.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def alone_with(path: Path) -> Generator[None]:
    """Keep other processes that ask likewise from `path` meanwhile. They wait; ask for moments only.

    Raises:
        OSError: the folder cannot be written, or somebody held it for very long.
    """
    handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait_for(handle)
        yield
    finally:
        os.close(handle)  # which lets go of it


def _wait_for(handle: int) -> None:
    deadline = monotonic() + _PATIENCE
    while True:
        try:
            return _lock(handle)
        except OSError:
            if monotonic() > deadline:
                raise
            sleep(0.01)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
