"""The indexes of the cache's sort keys. A copy of an earlier version gets those it lacks in its own time.

Making one of a million records takes seconds, which no start waits for: the schema's steps only drop indexes
and add columns, `rules` makes the missing ones behind the window, and until then the orders are sorted.
"""

from collections.abc import Iterable

from instica_desktop.store.database import Connection
from instica_desktop.store.tables import TABLES, Key, Table


def index_name(table: Table, key: Key) -> str:
    """Return the name of the index of a sort key."""
    return f"{table.name}_by_{key.name}"


def inner_name(table: Table, key: Key) -> str:
    """Return the name of the index of a sort key within another."""
    return f"{table.name}_by_{key.within}_{key.name}"


def index(table: Table, key: Key) -> str:
    """Return the statement that makes the index of a sort key."""
    way = " DESC" if key.newest else ""
    ties = f"k_{table.newest} DESC, " if key.ties_by_age else "".join(f"k_{name}, " for name in key.then)
    return f"CREATE INDEX {index_name(table, key)} ON {table.name}(k_{key.name}{way}, {ties}uid);\n"


def _inner(table: Table, key: Key) -> str:
    """Return the statement that makes the index of a sort key within another: of the rows that have it."""
    columns = f"k_{key.within}, k_{key.name}, uid"
    return (
        f"CREATE INDEX {inner_name(table, key)} ON {table.name}({columns}) WHERE k_{key.name} IS NOT NULL;\n"
    )


INDEXES = {
    index_name(table, key): index(table, key)
    for table in TABLES.values()
    for key in table.keys
    if key.since > 1 or key.then
} | {
    inner_name(table, key): _inner(table, key)
    for table in TABLES.values()
    for key in table.keys
    if key.within
}
"""Those that came after the first version of the schema: name → statement."""


def unmade(connection: Connection, among: Iterable[str] = INDEXES) -> list[str]:
    """Return which indexes, of all or of some, a copy does not have yet."""
    asked = [name for name in among if name in INDEXES]
    if not asked:
        return []
    made = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type='index'")}
    return [name for name in asked if name not in made]


def make_next(connection: Connection) -> bool:
    """Make one index that is not there yet; tell whether there was one to make."""
    names = unmade(connection)
    if names:
        connection.execute(INDEXES[names[0]])
    return bool(names)
