"""Bringing a PostgreSQL database to this version's schema. Several servers may start at once: one does it.

Text must sort by code point, as on SQLite and in the client's cache. Columns get the collation "C" after each
migration, so that any database will do, whatever its locale.
"""

from typing import Any

from instica_desktop.server.storage.database import ShopRefused, Tell, bring_up_schema, tell_nobody

_UPGRADE_LOCK = 0x494E534355  # “INSCU”; held by the session, so that it spans the migration's transactions
_APP = "shop"
_SORTED_OTHERWISE = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_collation l ON l.oid = a.attcollation
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND c.relname LIKE 'shop\\_%%'
  AND a.attnum > 0 AND NOT a.attisdropped AND l.collname <> 'C'
ORDER BY 1, 2
"""


def _sort_by_code_point(cursor: Any) -> None:
    cursor.execute(_SORTED_OTHERWISE)
    changes: dict[str, list[str]] = {}
    for table, column, kind in cursor.fetchall():
        changes.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE {kind} COLLATE "C"')
    for table, columns in changes.items():
        cursor.execute(f'ALTER TABLE "{table}" {", ".join(columns)}')


def _plan() -> tuple[list[Any], set[str]]:
    """Return the migrations to run, and the names of those in the database that nobody here knows."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    loader: Any = executor.loader
    applied = {key for key in loader.applied_migrations if key[0] == _APP}
    unknown = {name for _, name in applied - set(loader.disk_migrations)}
    return executor.migration_plan(loader.graph.leaf_nodes()), unknown


def _migrate(cursor: Any, tell: Tell) -> None:
    from instica_desktop.server.search_filling import fill_search

    plan, unknown = _plan()
    if unknown:
        raise ShopRefused(
            "The database was written by a newer version of Instica Desktop. Update this server to open it."
        )
    if plan:
        tell(0, 1)
        bring_up_schema(tell)
        _sort_by_code_point(cursor)
    else:
        fill_search(tell)  # if that was cut off


def bring_up_to_date(tell: Tell = tell_nobody) -> None:
    """Run what migrations are missing. Make a backup before an update: see docs/server.md.

    Errors: `ShopRefused` for a newer or an unreachable database.
    """
    from django.db import connection
    from django.db.utils import OperationalError

    try:
        cursor = connection.cursor()
    except OperationalError as error:
        raise ShopRefused(f"The database cannot be reached. {str(error).strip()}") from None
    with cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_UPGRADE_LOCK])
        try:
            _migrate(cursor, tell)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_UPGRADE_LOCK])
