"""Hashing passwords: the only place that does it. Slow by intent, so call it outside a transaction.

A few requests hash at once and others wait or are refused (`Throttled`, 429): nobody keeps the server busy by
trying passwords.
"""

from django.contrib.auth.hashers import check_password, make_password

from instica_desktop.server.web.rooms import HASHING


def hash_of(password: str) -> str:
    """Return what is stored of a password. Errors: `Throttled`."""
    with HASHING.entered():
        return str(make_password(password))


def fits(password: str, stored: str | None) -> bool:
    """Tell whether a password is the one of which `stored` is kept. Errors: `Throttled`.

    None stands for an account that is not there, or has no password: as much is hashed as for any other.
    """
    with HASHING.entered():
        if stored is None:
            make_password(password)
            return False
        return check_password(password, stored)
