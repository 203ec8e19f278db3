"""Private folders and files, durable writes, and the lock that keeps a second process out of a folder."""

import contextlib
import errno
import os
import sys
import tempfile
from collections.abc import Generator, Iterable
from pathlib import Path
from time import monotonic, sleep
from typing import BinaryIO

from instica_desktop.core.errors import DiskFull, InUse, StoreError
from instica_desktop.system.files import private_folder as private_folder

PATIENCE = 0.3
"""Seconds a folder is waited for: a script keeps a page of records in some milliseconds, then lets go."""
FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


@contextlib.contextmanager
def speaking() -> Generator[None]:
    """Turn an OSError inside into the StoreError a seller can read."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull(
                "There is no room left on the disk. The change was not saved.", details=str(error)
            ) from error
        raise StoreError(
            "A file of the shop's copy could not be read or written.", details=str(error)
        ) from error


def private_file(path: Path) -> None:
    """Make an empty file readable by this user alone, or narrow the rights of the one that is there.

    SQLite gives its -wal and -shm files the rights of the database, so this must come before it opens one.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)


def mark(path: Path) -> None:
    """Put down a durable sign: a private, empty file that is there after a power cut, too."""
    with speaking():
        private_file(path)
        sync_folder(path.parent)


def unmark(path: Path) -> None:
    """Take a sign away, durably."""
    with speaking():
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


def sizes_of(paths: Iterable[Path]) -> int:
    """Return the bytes of all these files; what went away meanwhile counts nothing."""
    total = 0
    for path in paths:
        with contextlib.suppress(OSError):
            total += path.stat().st_size
    return total


def sync_file(path: Path) -> None:
    """Make what a file holds durable."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make names just written in a folder durable. Windows has no such call and does not need it."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def replacing(target: Path, *, durable: bool) -> Generator[BinaryIO]:
    """Open a temporary file beside `target` that takes its place at the end, or vanishes on any error.

    `durable` waits until the bytes and the name are on the disk.
    """
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")  # made 0600
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise
    if durable:
        sync_folder(target.parent)


class Lock:
    """Holds a folder for this process; the system lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        """Take the lock. Whoever holds it for a moment only is waited for, for `patience` seconds.

        Raises:
            InUse: another window, or another store in this process, holds it.
        """
        self._handle: int | None = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            _take_within(self._handle, patience)
        except OSError as error:
            self.release()
            raise InUse(
                "Another window of Instica Desktop has this shop open.", details=f"{path}: {error}"
            ) from error

    def release(self) -> None:
        """Let the folder go; the lock file stays, empty."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _take_within(handle: int, patience: float) -> None:
    deadline = monotonic() + patience
    while True:
        try:
            return _take(handle)
        except OSError:
            if monotonic() > deadline:
                raise
            sleep(0.01)


if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
