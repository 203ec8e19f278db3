"""A keyring backend in a file, for processes that are started by a test.

PYTHON_KEYRING_BACKEND=tests.support.file_keyring.FileKeyring, TEST_KEYRING=its JSON file.
"""

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend


class FileKeyring(KeyringBackend):
    """Entries by name, in the file that TEST_KEYRING names."""

    priority = 5  # pyright: ignore[reportAssignmentType]

    def get_password(self, service: str, username: str) -> str | None:
        """Return an entry."""
        return _entries().get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep an entry."""
        _write({**_entries(), username: password})

    def delete_password(self, service: str, username: str) -> None:
        """Drop an entry."""
        _write({name: entry for name, entry in _entries().items() if name != username})


def _file() -> Path:
    return Path(os.environ["TEST_KEYRING"])


def _entries() -> dict[str, str]:
    return json.loads(_file().read_text("utf-8")) if _file().exists() else {}


def _write(entries: dict[str, str]) -> None:
    _file().write_text(json.dumps(entries), "utf-8")
