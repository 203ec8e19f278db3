"""Python's own calls for files, on the disk that fails of tests/support/fault_disk.py.

Made, synced, renamed or deleted in one folder or below: each is an act that may fail, before it does a thing.
What is written into a file in between is no act; until the file is synced, none of it is durable.
"""

import errno
import os
import shutil
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from unittest.mock import patch

import apsw

from tests.support.fault_sqlite import Switch


class Remembers(Protocol):
    """What is told of every act: the memory of what may be lost."""

    def made(self, path: Path) -> None: ...
    def synced(self, path: Path) -> None: ...
    def folder_synced(self, folder: Path) -> None: ...
    def deleted(self, path: Path, *, durably: bool) -> None: ...
    def renamed(self, source: Path, target: Path) -> None: ...
    def known(self) -> set[Path]: ...


class _Files:
    """The calls, each with the real one behind it."""

    def __init__(self, switch: Switch, power: Remembers, folder: Path) -> None:
        self._switch = switch
        self._power = power
        self._folder = folder
        self._open, self._fsync, self._replace = os.open, os.fsync, os.replace
        self._unlink, self._copyfile = os.unlink, shutil.copyfile

    def open(self, path: Any, flags: int, *arguments: Any, **named: Any) -> int:
        new = flags & os.O_CREAT and self._ours(path) and not os.path.exists(path)
        if new:
            self._pass(f"make {Path(path).name}")
        handle = self._open(path, flags, *arguments, **named)
        if new:
            self._power.made(Path(path))
        return handle

    def fsync(self, handle: int) -> None:
        there = os.fstat(handle)
        if stat.S_ISDIR(there.st_mode):
            folder = self._found(there, {self._folder, *(one.parent for one in self._power.known())})
            if folder:
                self._pass(f"sync folder {folder.name}")
                self._power.folder_synced(folder)
        elif path := self._found(there, self._power.known()):
            self._pass(f"sync {path.name}")
            self._power.synced(path)

    def replace(self, source: Any, target: Any) -> None:
        if self._ours(target):
            self._pass(f"rename {Path(target).name}")
            self._power.renamed(Path(source), Path(target))
        self._replace(source, target)

    def unlink(self, path: Any, **named: Any) -> None:
        if self._ours(path) and os.path.exists(path):
            self._pass(f"delete {Path(path).name}")
            self._power.deleted(Path(path), durably=False)
        self._unlink(path, **named)

    def copyfile(self, source: Any, target: Any, **named: Any) -> Any:
        if self._ours(target):
            self._pass(f"make {Path(target).name}")
            self._power.made(Path(target))
        return self._copyfile(source, target, **named)

    def _ours(self, path: Any) -> bool:
        return isinstance(path, str | Path) and Path(path).is_relative_to(self._folder)

    def _found(self, there: os.stat_result, among: set[Path]) -> Path | None:
        for path in among:
            if path.exists() and os.path.samestat(there, path.stat()):
                return path
        return None

    def _pass(self, act: str) -> None:
        try:
            self._switch.passed(act)
        except apsw.FullError as error:
            raise OSError(errno.ENOSPC, str(error)) from error
        except apsw.Error as error:
            raise OSError(errno.EIO, str(error)) from error


@contextmanager
def failing_files(switch: Switch, power: Remembers, folder: Path) -> Generator[None]:
    """Let what Python does to files in a folder pass the switch first, and be noted for the power cut."""
    files = _Files(switch, power, folder)
    named = {"open": files.open, "fsync": files.fsync, "replace": files.replace, "unlink": files.unlink}
    with (
        patch.multiple(os, **named, rename=files.replace),
        patch.object(shutil, "copyfile", files.copyfile),
    ):
        yield
