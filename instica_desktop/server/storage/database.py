"""Opening the database file: refuse a newer one, back up, migrate, check.

`application_id` says that the file is a shop of ours, `user_version` which schema it holds; both are read
from the file's header, so that a refused file is not changed by a byte. The database is the seller's only
copy: it is copied with VACUUM INTO and the copy checked before any migration.
"""

import contextlib
import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from instica_desktop.server.storage.folder import ShopFolder

APPLICATION_ID = 0x494E5343
"""“INSC”, in SQLite's header field for the owner of the file format."""
SCHEMA_VERSION = 20
"""The number of the last migration; a test holds the two together."""

Tell = Callable[[int, int], None]
"""Is told how far something is that takes long: how much is done, and of how much."""

_HEADER = 100
_MAGIC = b"SQLite format 3\0"


class ShopRefused(Exception):
    """The database cannot be opened safely; the message says why and what to do."""


def tell_nobody(done: int, total: int) -> None:
    """Stand in where nobody listens."""


def read_versions(database: Path) -> tuple[int, int] | None:
    """Return (application_id, user_version) from the file's header; None for no file or an empty one.

    Errors: `ShopRefused` when the file is not an SQLite database.
    """
    if not database.exists():
        return None
    with database.open("rb") as handle:
        header = handle.read(_HEADER)
    if not header:
        return None
    if len(header) < _HEADER or not header.startswith(_MAGIC):
        raise ShopRefused(f"{database} is not a shop database. Choose another folder.")
    return int.from_bytes(header[68:72], "big"), int.from_bytes(header[60:64], "big")


def check_versions(database: Path) -> int:
    """Return the schema version of the file, 0 for a new one. Changes nothing.

    Errors: `ShopRefused` for another program's file and for one written by a newer version.
    """
    versions = read_versions(database)
    if versions is None or versions == (0, 0):
        return 0
    application, version = versions
    if application != APPLICATION_ID:
        raise ShopRefused(f"{database} belongs to another program. Choose another folder.")
    if version > SCHEMA_VERSION:
        raise ShopRefused(
            f"{database} was written by a newer version of Instica Desktop "
            f"(format {version}, this version knows {SCHEMA_VERSION}). Update the program to open it."
        )
    return version


def check_whole(database: Path) -> None:
    """Read a database file through. Errors: `ShopRefused` when it is damaged."""
    try:
        with contextlib.closing(sqlite3.connect(database)) as connection:
            check_connection(connection, database, thorough=True)
    except sqlite3.DatabaseError as error:
        raise ShopRefused(f"{database} is damaged ({error}).") from None


def check_connection(connection: sqlite3.Connection, path: Path, *, thorough: bool = False) -> None:
    """Read an open database through; `thorough` compares its indexes with its tables, too.

    Errors: `ShopRefused` when it is damaged.
    """
    check = "integrity_check" if thorough else "quick_check"
    problems = [row[0] for row in connection.execute(f"PRAGMA {check}(1)")]
    if problems != ["ok"]:
        raise ShopRefused(f"{path} is damaged ({problems[0]}). Restore it from a backup.")


def sync_folder(path: Path) -> None:
    """Make a new name in a folder safe against a power cut."""
    if os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def back_up(folder: ShopFolder, version: int | None = None) -> Path:
    """Copy the database to the backups folder, checked and durable before it gets its name. Returns the copy.

    Errors: `ShopRefused` when the original or the copy is damaged: a damaged file is never kept as a backup.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    mark = "" if version is None else f"format{version}-"
    target = folder.backups / f"shop-{mark}{stamp}.sqlite3"
    partial = target.with_suffix(".partial")
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        copy_database(folder.database, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(folder.backups)
    return target


def copy_database(source: Path, target: Path) -> None:
    """Copy a database, in use or not, to an empty file; both are checked. Errors: `ShopRefused`."""
    connection = sqlite3.connect(source, isolation_level=None, timeout=30)
    try:
        check_connection(connection, source)
        connection.execute("VACUUM INTO ?", [str(target)])
    finally:
        connection.close()
    copy = sqlite3.connect(target)
    try:
        check_connection(copy, target)
    finally:
        copy.close()
    with target.open("rb+") as handle:
        os.fsync(handle.fileno())


def _create_private(database: Path) -> None:
    """Make the file before SQLite does: its journal takes over the mode of the database."""
    os.close(os.open(database, os.O_CREAT | os.O_RDWR, 0o600))
    database.chmod(0o600)


def count_for_planner(cursor: Any) -> None:
    """Let SQLite count what its indexes hold: one it knows nothing of, such as a new one, looks best."""
    cursor.execute("PRAGMA analysis_limit=1000")
    cursor.execute("ANALYZE")


def bring_up_schema(tell: Tell = tell_nobody) -> None:
    """Make the schema in a new database, or run what migrations an older one lacks.

    `tell` hears how many records of how many have their search words, if they need new ones.
    """
    from django.core.management import call_command

    from instica_desktop.server.search_filling import fill_search
    from instica_desktop.server.storage.fresh import create_schema, is_fresh

    if is_fresh():
        create_schema()
        return
    call_command("migrate", interactive=False, verbosity=0)
    fill_search(tell)


def _migrate(database: Path, tell: Tell) -> None:
    from django.db import connection

    bring_up_schema(tell)
    with connection.cursor() as cursor:
        problems = cursor.execute("PRAGMA foreign_key_check").fetchall()
        if problems:
            raise ShopRefused(f"{database} is inconsistent after its update. The backup is untouched.")
        check_connection(connection.connection, database)
        count_for_planner(cursor)
        cursor.execute(f"PRAGMA application_id={APPLICATION_ID}")
        cursor.execute(f"PRAGMA user_version={SCHEMA_VERSION}")


def _is_postgresql() -> bool:
    from django.db import connection

    return connection.vendor == "postgresql"


def open_database(folder: ShopFolder, tell: Tell = tell_nobody) -> None:
    """Bring the database to this version's schema, with a backup first when it holds an older one.

    Django must be configured for `folder`, and the folder locked when the database lies in it. `tell` hears
    how far an update that takes long has come: first (0, 1), when it begins. Errors: `ShopRefused`.
    """
    if _is_postgresql():
        from instica_desktop.server.storage.postgresql import bring_up_to_date

        bring_up_to_date(tell)
        return
    version = check_versions(folder.database)
    if version == SCHEMA_VERSION:
        return
    if version:
        tell(0, 1)
        back_up(folder, version)
    _create_private(folder.database)
    _migrate(folder.database, tell)
