"""Which database the server's tests run on.

SQLite, unless INSTICA_TEST_DATABASE_URL names a PostgreSQL, as `scripts/postgres.sh` does: then each data
folder gets a database of its own there, named after the folder, so that a server started again finds its
records.
"""

import hashlib
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

CLUSTER = os.environ.get("INSTICA_TEST_DATABASE_URL", "")

sqlite_only = pytest.mark.skipif(bool(CLUSTER), reason="about the SQLite file")
postgresql_only = pytest.mark.skipif(not CLUSTER, reason="about PostgreSQL; see scripts/postgres.sh")


def database_for(data_dir: Path) -> str | None:
    """Return the address of the folder's database, made when it is new; None for an SQLite file."""
    if not CLUSTER:
        return None
    import psycopg

    name = f"shop_{hashlib.sha256(str(data_dir).encode()).hexdigest()[:20]}"
    with psycopg.connect(CLUSTER, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known is None:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{CLUSTER.rpartition('/')[0]}/{name}"


def connect(data_dir: Path) -> Any:
    """Return a connection of the database's own driver to a folder's records; `execute` is alike in both."""
    address = database_for(data_dir)
    if address is None:
        return sqlite3.connect(data_dir / "shop.sqlite3", isolation_level=None)
    import psycopg

    return psycopg.connect(address, autocommit=True)
