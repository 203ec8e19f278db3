"""SQLite that fails on purpose: the i-th call of all connections, once or from then on.

    switch = Switch()
    with failing_sqlite(switch):
        switch.arm(7, forever=False)         # the seventh call from here fails, before it does anything
        ...
        switch.heal()

A call is one opening of a file, or one statement handed to SQLite by any of the store's connections. A
ROLLBACK is let through: SQLite takes a transaction back in memory, whatever the disk does.
"""

import threading
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import apsw

from instica_desktop.store import database
from instica_desktop.store.database import Connection, Cursor

ERRORS = (apsw.IOError, apsw.FullError, apsw.BusyError)


class Switch:
    """Counts the calls, and says which fail and how."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._first: int | None = None
        self._forever = False
        self._error: type[apsw.Error] = apsw.IOError
        self.acts: list[str] = []
        self.failed: list[str] = []

    @property
    def calls(self) -> int:
        """How many calls there were since it was armed."""
        return len(self.acts)

    def arm(self, first: int, *, forever: bool, error: type[apsw.Error] = apsw.IOError) -> None:
        """Count from 1 again; let the call number `first` fail, and with `forever` all after it."""
        with self._guard:
            self.acts, self.failed = [], []
            self._first, self._forever, self._error = first, forever, error

    def heal(self) -> None:
        """Let nothing fail any more."""
        with self._guard:
            self._first = None

    def passed(self, sql: str) -> None:
        """Count a call. Raises the error when it is its turn."""
        act = " ".join(sql.split())[:80]
        with self._guard:
            self.acts.append(act)
            if self._first is None or self.calls < self._first or act.startswith("ROLLBACK"):
                return
            if self.calls == self._first or self._forever:
                self.failed.append(act)
                raise self._error("this call fails on purpose")


class _Failing:
    """A connection whose statements pass the switch first."""

    def __init__(self, real: Connection, switch: Switch) -> None:
        self._real = real
        self._switch = switch

    def execute(self, statements: str, bindings: Sequence[Any] = (), /) -> Cursor:
        self._switch.passed(statements)
        return self._real.execute(statements, bindings)

    def executemany(self, statements: str, bindings: Iterable[Sequence[Any]], /) -> Cursor:
        self._switch.passed(statements)
        return self._real.executemany(statements, bindings)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@contextmanager
def failing_sqlite(switch: Switch) -> Generator[None]:
    """Give every connection that the store opens meanwhile the switch."""
    connect, looking = database.connect, database.looking

    def opened(path: Path, **options: Any) -> Any:
        switch.passed("OPEN")
        return _Failing(connect(path, **options), switch)

    @contextmanager
    def looked(path: Path) -> Generator[Any]:
        switch.passed("OPEN")
        with looking(path) as connection:
            yield _Failing(connection, switch)

    with (
        patch.multiple("instica_desktop.store.store", connect=opened),
        patch.multiple("instica_desktop.store.renewing", connect=opened),
        patch.multiple("instica_desktop.store.exchange", connect=opened),
        patch.multiple("instica_desktop.store.migrations", connect=opened, looking=looked),
        patch.multiple("instica_desktop.store.backups", looking=looked),
        patch.multiple("instica_desktop.store.restoring", looking=looked),
        patch.multiple("instica_desktop.store.salvage", looking=looked),
    ):
        yield
