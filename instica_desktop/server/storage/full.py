"""Telling a full disk from every other failure, whoever met it: a file, SQLite or PostgreSQL."""

import errno
import sqlite3
from collections.abc import Iterator

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_PRIMARY = 0xFF
"""The part of SQLite's error codes that names the kind."""
_POSTGRESQL_FULL = "53100"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _no_room(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    if isinstance(error, sqlite3.Error):
        code: int = getattr(error, "sqlite_errorcode", 0)  # absent where the module itself complains
        return code & _PRIMARY == sqlite3.SQLITE_FULL
    return getattr(error, "sqlstate", None) == _POSTGRESQL_FULL


def is_full(error: BaseException | None) -> bool:
    """Tell whether an error comes from a disk without room."""
    return any(_no_room(cause) for cause in _causes(error))
