"""A disk that fails on purpose, below SQLite: the i-th act on a file, once or from then on.

    switch, power = Switch(), Power()
    with failing_disk(switch, power):
        switch.arm(7, forever=False)         # the seventh act from here fails, before anything is written
        ...
        switch.heal()

        switch.arm(7, forever=True)          # the power fails: nothing more is written or synced …
        ...                                  # … (everything is closed)
        power.cut()                          # … and what was not synced by then is lost

An act is one xWrite, xSync, xTruncate or xDelete of a file of SQLite's; given a folder, also each file made,
synced, renamed or deleted there by Python (tests/support/fault_files.py). What a power cut loses is all that
was written since the file was last synced, or with a `chance` a part of that, by sectors; and what became of
names since their folder was, the last first.
"""

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import apsw

from tests.support.fault_files import failing_files
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


@dataclass(frozen=True)
class _Named:
    """A name that came, went or was given to something else, with what it takes to take it back."""

    path: Path
    old: bytes | None = None
    """What lay there before."""
    source: Path | None = None
    """What it was called before."""


class Power:
    """Remembers what may not have reached the disk yet."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._acts: dict[Path, list[_Unsynced]] = {}
        self._names: list[_Named] = []
        self._raw: set[Path] = set()
        """Files that were filled past SQLite and not synced."""

    def noted(self, path: Path, act: _Unsynced) -> None:
        """Remember what was just written."""
        with self._guard:
            self._acts.setdefault(path, []).append(act)

    def made(self, path: Path) -> None:
        """Remember a file that was just made: neither its name nor what is written into it is durable."""
        with self._guard:
            self._names.append(_Named(path))
            self._raw.add(path)

    def synced(self, path: Path) -> None:
        """Forget what has reached the disk: the file, and what became of the names beside it before.

        The file systems in use write both to one journal, in order.
        """
        with self._guard:
            self._acts.pop(path, None)
            self._raw.discard(path)
        self.folder_synced(path.parent)

    def folder_synced(self, folder: Path) -> None:
        """Forget what became of the names in a folder."""
        with self._guard:
            self._names = [one for one in self._names if one.path.parent != folder]

    def deleted(self, path: Path, *, durably: bool) -> None:
        """Remember a file that is about to be deleted: its name may come back."""
        with self._guard:
            self._acts.pop(path, None)
            self._raw.discard(path)
            if not durably and path.exists():
                self._names.append(_Named(path, path.read_bytes()))

    def renamed(self, source: Path, target: Path) -> None:
        """Remember a file that is about to take another name, and the place of what has that."""
        with self._guard:
            self._names.append(_Named(target, target.read_bytes() if target.exists() else None, source))
            self._acts.pop(target, None)
            self._raw.discard(target)
            if source in self._acts:
                self._acts[target] = self._acts.pop(source)
            if source in self._raw:
                self._raw ^= {source, target}

    def known(self) -> set[Path]:
        """Return the files that would lose something."""
        with self._guard:
            return {*self._acts, *self._raw, *(one.path for one in self._names)}

    def cut(self, chance: Random | None = None) -> None:
        """Take back what was not synced; with `chance` some of it has reached the disk all the same."""
        with self._guard:
            for path, acts in self._acts.items():
                if path.exists():
                    _take_back(path, acts)
                    _redo(path, [act for act in acts if chance and chance.random() < 0.5], chance)
            for path in self._raw - self._acts.keys():
                if path.exists():
                    size = path.stat().st_size
                    os.truncate(path, chance.randint(0, size) if chance else 0)
            reached = chance.randint(0, len(self._names)) if chance else 0
            for one in reversed(self._names[reached:]):
                _unname(one)
            self._acts, self._names, self._raw = {}, [], set()


def _unname(one: _Named) -> None:
    if one.source is not None:
        if one.path.exists():
            one.path.rename(one.source)
    elif one.old is None:
        one.path.unlink(missing_ok=True)
    if one.old is not None and not one.path.exists():
        one.path.write_bytes(one.old)


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
def failing_disk(switch: Switch, power: Power, folder: Path | None = None) -> Generator[None]:
    """Put all files of connections opened meanwhile, and what lies in `folder`, on a disk that fails."""
    disk = _Disk(switch, power)
    files = failing_files(switch, power, folder) if folder else nullcontext()
    try:
        with patch.object(apsw, "Connection", _OnTheDisk), files:
            yield
    finally:
        disk.unregister()
