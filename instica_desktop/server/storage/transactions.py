"""The write lock: one transaction, begun IMMEDIATE, so that what it reads cannot change before it writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


def writing() -> Any:
    """Return a context manager that holds the write lock, commits at its end, rolls back on an error.

    Inside another one it is a savepoint: an error takes back only what was done since.
    """
    return transaction.atomic()


def hold(row: Any) -> None:
    """Keep other transactions from holding the same row until this one ends.

    SQLite's write lock does so already; other databases let several write at a time.
    """
    type(row).objects.select_for_update().filter(pk=row.pk).first()


class _Undone(Exception):
    """Ends a trial; never leaves it."""


@contextmanager
def trial(undo: bool) -> Iterator[None]:
    """Mark a part of a transaction that is undone at its end, with what waits for the commit, if `undo`."""
    try:
        with writing():
            yield
            if undo:
                raise _Undone
    except _Undone:
        pass
