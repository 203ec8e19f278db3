"""A disk that fails on purpose, below SQLite: the i-th act on a file, once or from then on.

    switch, power = Switch(), Power()
    with failing_disk(switch, power):
        switch.arm(7, forever=False)         # the seventh act from here fails, before anything is written
        ...
        switch.heal()

        switch.arm(7, forever=True)          # the power fails: nothing more is written or synced …
        ...                                  # … (everything is closed)
        power.cut()                          # … and what was not synced by then is lost

An act is one xWrite, xSync, xTruncate or xDelete of a file of SQLite's. What a power cut loses is all that
was written since the file was last synced, or with a `chance` a part of that, by sectors.
"""

import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import apsw

from tests.support.fault_sqlite import Switch

_NAME = "a disk that fails on purpose"
_SECTOR = 512


@dataclass(frozen=True)
class _Unsynced:
    """A write, or a truncation to `at`, with what it takes to take it back."""

    size: int
    at: int
    old: bytes
    new: bytes | None


class Power:
    """Remembers what may not have reached the disk yet."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._acts: dict[Path, list[_Unsynced]] = {}
        self._deleted: dict[Path, bytes] = {}

    def noted(self, path: Path, act: _Unsynced) -> None:
        """Remember what was just written."""
        with self._guard:
            self._acts.setdefault(path, []).append(act)

    def synced(self, path: Path) -> None:
        """Forget what has reached the disk: the file, and what became of the names beside it before.

        The file systems in use write both to one journal, in order.
        """
        with self._guard:
            self._acts.pop(path, None)
            self._deleted = {one: old for one, old in self._deleted.items() if one.parent != path.parent}

    def deleted(self, path: Path, *, durably: bool) -> None:
        """Remember a file that is about to be deleted: its name may come back."""
        with self._guard:
            self._acts.pop(path, None)
            if not durably and path.exists():
                self._deleted[path] = path.read_bytes()

    def cut(self, chance: Random | None = None) -> None:
        """Take back what was not synced; with `chance` some of it has reached the disk all the same."""
        with self._guard:
            for path, content in self._deleted.items():
                if not path.exists() and (chance is None or chance.random() < 0.5):
                    path.write_bytes(content)
            for path, acts in self._acts.items():
                if path.exists():
                    _take_back(path, acts)
                    _redo(path, [act for act in acts if chance and chance.random() < 0.5], chance)
            self._acts, self._deleted = {}, {}


def _take_back(path: Path, acts: list[_Unsynced]) -> None:
    with path.open("r+b") as file:
        for act in reversed(acts):
            file.seek(act.at)
            file.write(act.old)
            file.truncate(act.size)


def _redo(path: Path, acts: list[_Unsynced], chance: Random | None) -> None:
    with path.open("r+b") as file:
        for act in acts:
            if act.new is None:
                file.truncate(act.at)
                continue
            sectors = len(act.new) // _SECTOR
            torn = chance is not None and sectors and chance.random() < 0.3
            file.seek(act.at)
            file.write(act.new[: _SECTOR * chance.randrange(sectors)] if torn and chance else act.new)


class _File(apsw.VFSFile):
    """A file whose acts pass the switch first and are noted for the power cut."""

    def __init__(self, disk: "_Disk", name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._disk = disk
        self._path = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "")

    def xWrite(self, data: Any, offset: int) -> None:
        self._disk.switch.passed(f"write {self._path.name}")
        size = self.xFileSize()
        there = max(0, min(size, offset + len(data)) - offset)
        old = self.xRead(there, offset).ljust(there, b"\0") if there else b""
        self._disk.power.noted(self._path, _Unsynced(size, offset, old, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self._disk.switch.passed(f"truncate {self._path.name}")
        size = self.xFileSize()
        lost = max(0, size - newsize)
        old = self.xRead(lost, newsize).ljust(lost, b"\0") if lost else b""
        self._disk.power.noted(self._path, _Unsynced(size, newsize, old, None))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self._disk.switch.passed(f"sync {self._path.name}")
        self._disk.power.synced(self._path)  # the real disk need not be waited for


class _Disk(apsw.VFS):
    """The system's own files, with faults."""

    def __init__(self, switch: Switch, power: Power) -> None:
        super().__init__(_NAME, "")
        self.switch = switch
        self.power = power

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> _File:
        return _File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self.switch.passed(f"delete {Path(filename).name}")
        self.power.deleted(Path(filename), durably=syncdir)
        super().xDelete(filename, syncdir)


class _OnTheDisk(apsw.Connection):
    """A connection whose files lie on the disk that fails."""

    def __init__(self, filename: str, **options: Any) -> None:
        super().__init__(filename, vfs=_NAME, **options)

    def close(self, force: bool = False) -> None:
        """Close; SQLite tells nobody what fails at that, only apsw passes on what its VFS raised."""
        with suppress(apsw.Error):
            super().close(force)


@contextmanager
def failing_disk(switch: Switch, power: Power) -> Generator[None]:
    """Put the files of every connection that is opened meanwhile on a disk that fails."""
    disk = _Disk(switch, power)
    try:
        with patch.object(apsw, "Connection", _OnTheDisk):
            yield
    finally:
        disk.unregister()
