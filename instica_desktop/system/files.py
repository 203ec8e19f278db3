"""Writing a small file so that a crash leaves either the old or the new content, never half."""

import contextlib
import os
import stat
import sys
from collections.abc import Generator
from pathlib import Path
from time import monotonic, sleep

_PATIENCE = 2.0
"""Seconds to wait for another process: the window asks too, and stands still meanwhile."""


def unusable(error: OSError) -> str:
    """Return in a sentence what the system refused, and what to do about it."""
    why = (error.strerror or str(error) or type(error).__name__).rstrip(".")
    what = f"{error.filename} cannot be used" if error.filename else "A file or folder cannot be used"
    return f"{what}: {why}. Make it yours to write, or name another folder."


def private_folder(folder: Path) -> Path:
    """Make a folder that only this user may enter, and those above it that are missing; return it.

    Raises:
        OSError: it cannot be made, or its rights cannot be narrowed.
    """
    if not folder.parent.exists():
        private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.name == "posix" and stat.S_IMODE(folder.stat().st_mode) != 0o700:
        folder.chmod(0o700)
    return folder


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


def append_private(path: Path) -> int:
    """Open a file to write at its end and return its handle; this user alone may read it, also an old one.

    Raises:
        OSError: it cannot be written.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    if os.name == "posix":
        os.fchmod(handle, 0o600)
    return handle


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
