"""The log file: rotating, readable by this user only, without secrets or bodies."""

import logging
import os
import re
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from instica_desktop.core.secrets import MASK, SHORTEST, Secrets
from instica_desktop.system.files import append_private, unusable

_NAMED = re.compile(
    r"(?i)((?:x-api-key|api_key|authorization|password|token|secret)[\\\"']*\s*(?:[:=]|%3[ad])\s*[\\\"']*"
    r"(?:(?:bearer|basic|api-key|token)(?:\s|%20|\+)+)?)[^\s\\\"',}&]+"
)
_secrets: dict[str, None] = {}


def keep_secret(value: str | None) -> None:
    """Mask this value from now on, wherever it turns up in what is written for others to read."""
    if value and len(value) >= SHORTEST:
        _secrets[value] = None


def known_secrets() -> Secrets:
    """Return every secret this process has come to know."""
    return Secrets(_secrets)


def masked(text: str) -> str:
    """Return a text with every known secret masked."""
    return known_secrets().hide(text)


def redact(text: str) -> str:
    """Return a text with every known secret, and whatever is named like one, masked."""
    return _NAMED.sub(rf"\g<1>{MASK}", masked(text))


class _Redacting(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _PrivateFile(RotatingFileHandler):
    _complained = False

    def _open(self) -> "object":  # pyright: ignore[reportIncompatibleMethodOverride]
        return os.fdopen(append_private(Path(self.baseFilename)), "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:
        """Say once, in a sentence, that there is no log: whoever logs goes on without."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._complained and sys.stderr is not None:
            self._complained = True
            sys.stderr.write(f"There is no log of this run. {unusable(error)}\n")


def start_logging(folder: Path, *, name: str = "instica-desktop.log", level: int = logging.INFO) -> Path:
    """Write the log of this process to `folder/name` (three files of 1 MB) and return its path."""
    path = folder / name
    handler = _PrivateFile(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True)
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.setLevel(level)
    root.addHandler(handler)
    for chatty in ("httpx", "httpcore", "asyncio", "qasync"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return path
