"""The write lock: one transaction, begun IMMEDIATE, so that what it reads cannot change before it writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


def writing() -> Any:
    """Return a context manager that holds the write lock, commits at its end, rolls back on an error."""
    return transaction.atomic()


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
