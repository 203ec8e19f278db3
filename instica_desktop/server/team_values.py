"""Reading the values of `server.toml`: what is unknown or of another type is refused by name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

NAME = "server.toml"


class SettingsUnusable(ValueError):
    """The file cannot be used; the message says which line of it and why."""


def refusal(name: str, why: str) -> SettingsUnusable:
    """Return the error that names a setting."""
    return SettingsUnusable(f"{NAME}: {name} {why}.")


def values(given: Mapping[str, Any], known: Mapping[str, tuple[str, type]], where: str) -> dict[str, Any]:
    """Return what is given under the settings' own names. Errors: `SettingsUnusable`."""
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            raise refusal(f"{where}{name}", "is not a setting")
        setting, kind = known[name]
        if type(value) is not kind:
            raise refusal(f"{where}{name}", f"must be of type {kind.__name__}")
        found[setting] = value
    return found


def file_in(folder: Path, name: Any, where: str) -> bytes:
    """Return what a file holds; a relative name is one in the data folder. Errors: `SettingsUnusable`."""
    if not isinstance(name, str) or not name:
        raise refusal(where, "must name a file")
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise refusal(where, f"cannot be read: {error.strerror}") from error
