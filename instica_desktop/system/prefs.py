"""The user's settings: declared in `core.settings_spec`, kept in one JSON file, written atomically.

Several processes may use one file: each change is made to what the file holds at that moment, under a lock.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.core.settings_spec import BY_KEY
from instica_desktop.system.files import alone_with, write_atomically

log = logging.getLogger(__name__)


class Prefs:
    """Settings by key. A file that holds no settings is kept aside and the defaults are used."""

    def __init__(self, path: Path) -> None:
        self.observers: list[Callable[[str], None]] = []
        """Called with the key of a setting after it was changed here; another process is not heard of."""
        self._path = path
        self._unsaved: dict[str, Any] = {}  # what the disk would not take, kept for this session
        self._values: dict[str, Any] = {}
        self._values = self._now()

    def __getitem__(self, key: str) -> Any:
        """Return the value of a declared setting, or its default."""
        return _value(self._values, key)

    def __setitem__(self, key: str, value: Any) -> None:
        """Set a declared setting and save. A full disk keeps the value for this session only."""
        setting = BY_KEY[key]
        if setting.choices and value not in setting.choices:
            raise ValueError(f"{key} must be one of {setting.choices}")
        if self._values.get(key, setting.default) != value:
            self.change(key, lambda _: value)

    def fresh(self, key: str) -> Any:
        """Return the value of a setting as another process may have left it."""
        self._values = self._now()
        return self[key]

    def change(self, key: str, act: Callable[[Any], Any]) -> None:
        """Make a new value of the one that is in the file now, with other processes kept out meanwhile."""
        try:
            with alone_with(self._path):
                self._values = self._read() | self._unsaved
                self._values[key] = self._unsaved[key] = act(self[key])
                write_atomically(self._path, msgspec.json.format(msgspec.json.encode(self._values), indent=2))
        except OSError as error:
            log.info("Settings could not be saved: %s", error)
            if key not in self._unsaved:
                self._values[key] = self._unsaved[key] = act(self[key])
        else:
            self._unsaved.clear()
        for observer in tuple(self.observers):
            observer(key)

    def _now(self) -> dict[str, Any]:
        """Return what holds now; what was last known where another program keeps us from reading it."""
        try:
            return self._read() | self._unsaved
        except OSError as error:
            log.info("Settings could not be read: %s", error)
            return dict(self._values)

    def _read(self) -> dict[str, Any]:
        """Return what the file holds; what was last known where it holds no settings.

        Raises:
            OSError: it is there and cannot be read now, so nothing may be written in its place.
        """
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Any])
        except FileNotFoundError:
            return dict(self._values)
        except msgspec.DecodeError as error:
            log.info("Settings could not be read and were set aside: %s", error)
            self._set_aside()
            return dict(self._values)

    def _set_aside(self) -> None:
        try:
            self._path.replace(self._path.with_suffix(".unreadable.json"))
        except OSError as error:
            log.info("Settings could not be set aside: %s", error)


def _value(values: dict[str, Any], key: str) -> Any:
    setting = BY_KEY[key]
    value = values.get(key, setting.default)
    fits = type(value) is type(setting.default) and (not setting.choices or value in setting.choices)
    return value if fits else setting.default
