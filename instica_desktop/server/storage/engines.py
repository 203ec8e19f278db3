"""Django's database settings: SQLite in the shop's folder, or the PostgreSQL a team gives by its address."""

import sqlite3
from typing import Any

from instica_desktop.server.storage.folder import ShopFolder

_WAL_SAFE = (3, 51, 3)
"""Older SQLite can corrupt a database when a WAL is reset (a race), so it gets a rollback journal."""
_POSTGRESQL = "django.db.backends.postgresql"


class UnusableAddress(ValueError):
    """The database address cannot be used; the message says why and what one looks like."""


def journal_mode(sqlite_version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """Return the journal mode that is safe with this SQLite."""
    return "WAL" if sqlite_version >= _WAL_SAFE else "TRUNCATE"


def _sqlite(folder: ShopFolder) -> dict[str, Any]:
    pragmas = (
        f"PRAGMA journal_mode={journal_mode()}",
        "PRAGMA synchronous=FULL",  # the client forgets an edit once we answered 2xx
        "PRAGMA trusted_schema=OFF",
        "PRAGMA cache_size=-16000",
        "PRAGMA temp_store=MEMORY",
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder.database),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": ";".join(pragmas)},
    }


def _postgresql(address: str) -> dict[str, Any]:
    try:
        import dj_database_url
        import psycopg  # noqa: F401  # so that its absence is said here, not by Django at the first query
    except ImportError:
        raise UnusableAddress(
            "PostgreSQL needs further packages. Install them with: pip install 'instica-desktop[team]'"
        ) from None
    try:
        parsed = dj_database_url.parse(address, conn_max_age=600, conn_health_checks=True)
        settings: dict[str, Any] = dict(parsed)
    except ValueError:  # its message would repeat the password
        settings = {}
    if settings.get("ENGINE") != _POSTGRESQL or not settings.get("NAME"):
        raise UnusableAddress("The database address must look like postgres://user:password@host:5432/name.")
    options = settings.setdefault("OPTIONS", {})
    # Compiling a query takes longer than any of ours runs.
    options["options"] = f"{options.get('options', '')} -c jit=off".strip()
    return settings


def database_settings(folder: ShopFolder, address: str | None) -> dict[str, Any]:
    """Return one database's settings; `address` None or empty means SQLite in the folder.

    Errors: `UnusableAddress`.
    """
    return _postgresql(address) if address else _sqlite(folder)
