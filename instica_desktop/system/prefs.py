"""The user's settings: declared in `core.settings_spec`, kept in one JSON file, written atomically."""

import logging
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.core.settings_spec import BY_KEY
from instica_desktop.system.files import write_atomically

log = logging.getLogger(__name__)


class Prefs:
    """Settings by key. A file that cannot be read is kept aside and the defaults are used."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values = self._read()

    def __getitem__(self, key: str) -> Any:
        """Return the value of a declared setting, or its default."""
        setting = BY_KEY[key]
        value = self._values.get(key, setting.default)
        fits = type(value) is type(setting.default) and (not setting.choices or value in setting.choices)
        return value if fits else setting.default

    def __setitem__(self, key: str, value: Any) -> None:
        """Set a declared setting and save. A full disk keeps the value for this session only."""
        setting = BY_KEY[key]
        if setting.choices and value not in setting.choices:
            raise ValueError(f"{key} must be one of {setting.choices}")
        if self._values.get(key, setting.default) == value:
            return
        self._values[key] = value
        try:
            write_atomically(self._path, msgspec.json.format(msgspec.json.encode(self._values), indent=2))
        except OSError as error:
            log.info("Settings could not be saved: %s", error)

    def _read(self) -> dict[str, Any]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Any])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError) as error:
            log.info("Settings could not be read and were set aside: %s", error)
            self._set_aside()
            return {}

    def _set_aside(self) -> None:
        try:
            self._path.replace(self._path.with_suffix(".unreadable.json"))
        except OSError as error:
            log.info("Settings could not be set aside: %s", error)
