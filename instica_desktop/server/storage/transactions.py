"""The write lock: what a transaction reads cannot change before it writes.

SQLite has one writer at a time: each transaction begins IMMEDIATE. PostgreSQL gets the same by advisory
locks, taken as the transaction's first statement and freed by its end: a write inside one organization
excludes the others of that organization, a write without one (signing up, setting up) excludes all. At
PostgreSQL's default READ COMMITTED every statement after the lock sees what the last holder committed. So no
transaction fails for another's sake and none has to be repeated, which SERIALIZABLE would ask of every
caller; and a race that no constraint catches (counts, plan limits, `If-Match`, `Idempotency-Key`) cannot
happen.
"""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction

_if_undone: ContextVar[list[Callable[[], None]]] = ContextVar("if_undone")
_CLASS = 0x494E5343
_LOCK_ALL = "SELECT pg_advisory_xact_lock(%s, 0)"
_LOCK_ONE = "SELECT pg_advisory_xact_lock_shared(%s, 0), pg_advisory_xact_lock(%s, %s)"


def _lock(organization: int | None) -> None:
    with connection.cursor() as cursor:
        if organization is None:
            cursor.execute(_LOCK_ALL, [_CLASS])
        else:
            cursor.execute(_LOCK_ONE, [_CLASS, _CLASS, organization % 0x7FFFFFFF or 1])


@contextlib.contextmanager
def writing(organization: int | None = None) -> Iterator[None]:
    """Hold the write lock, of one organization (its primary key) or of all; commit at the end.

    An error rolls back. Inside another `writing` it is a savepoint: the outermost one holds the lock.
    """
    if connection.in_atomic_block:
        with _atomic():
            yield
        return
    undone = _if_undone.set([])
    try:
        with _atomic():
            if connection.vendor == "postgresql":
                _lock(organization)
            yield
    except BaseException:
        for undo in _if_undone.get():
            undo()
        raise
    finally:
        _if_undone.reset(undone)


def _atomic() -> Any:
    return transaction.atomic()


def if_undone(act: Callable[[], None]) -> None:
    """Have something done if the transaction is undone, be it at its commit: a file dropped that it wrote."""
    _if_undone.get().append(act)


def hold(row: Any) -> None:
    """Keep other transactions from holding the same row until this one ends.

    For what lies in another organization than the one whose lock is held.
    """
    type(row).objects.select_for_update().filter(pk=row.pk).first()


class _Undone(Exception):
    """Ends a trial; never leaves it."""


@contextlib.contextmanager
def trial(undo: bool) -> Iterator[None]:
    """Mark a part of a transaction that is undone at its end, with what waits for the commit, if `undo`."""
    try:
        with writing():
            yield
            if undo:
                raise _Undone
    except _Undone:
        pass
