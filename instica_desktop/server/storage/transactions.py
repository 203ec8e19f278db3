"""The write lock: one transaction, begun IMMEDIATE, so that what it reads cannot change before it writes."""

from typing import Any

from django.db import transaction


def writing() -> Any:
    """Return a context manager that holds the write lock, commits at its end, rolls back on an error.

    Inside another one it is a savepoint: an error takes back only what was done since.
    """
    return transaction.atomic()
