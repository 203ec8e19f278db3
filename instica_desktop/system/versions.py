"""The versions of what the program stands on."""

import sys
from importlib import metadata

PARTS = (
    "PySide6-Essentials",
    "qasync",
    "httpx",
    "keyring",
    "msgspec",
    "apsw",
    "Django",
    "djangorestframework",
)


def versions_of_parts() -> dict[str, str]:
    """Return the version of each part; a packaged program knows only that it has it."""
    return {part: _version(part) for part in PARTS}


def _version(part: str) -> str:
    try:
        return metadata.version(part)
    except metadata.PackageNotFoundError:
        return "bundled" if getattr(sys, "frozen", False) else "missing"
