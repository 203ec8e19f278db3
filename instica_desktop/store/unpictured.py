"""The records whose pictures are still to be seen to: noted durably with each write of a changed record.

So a start has nothing to go through: what was seen to before stays seen to. All are noted anew where pictures
were lost (evicted, damaged, deleted), where every photo is wanted now, and in a copy that never noted any.
"""

from collections.abc import Iterable, Sequence

from instica_desktop.core.models.common import Entity
from instica_desktop.store.database import Connection, one

PICTURED = (Entity.ITEM, Entity.PRODUCT)
"""Whose pictures are fetched; those of items first."""
FIRST, EVERY = "first", "every"
"""Which pictures of a record were seen to: those that lists show, or all of them."""
_HOW = "pictures"

TABLES = "".join(
    f"CREATE TABLE {entity}_unpictured(id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE);\n"
    for entity in PICTURED
)


def note(connection: Connection, entity: Entity, uids: Iterable[str]) -> None:
    """Note records that came or changed; one that is noted already comes last, as another note."""
    if entity in PICTURED:
        connection.executemany(
            f"INSERT OR REPLACE INTO {entity}_unpictured(uid) VALUES (?)", [(uid,) for uid in uids]
        )


def begin(connection: Connection, how: str, *, lost: bool) -> None:
    """Note all records, newest first, where what was seen to is not all that is wanted now, or was `lost`."""
    known = one(connection, "SELECT value FROM meta WHERE key=?", (_HOW,))
    if lost or known is None or (known, how) == (FIRST, EVERY):
        for entity in PICTURED:
            connection.execute(f"DELETE FROM {entity}_unpictured")
            connection.execute(
                f"INSERT INTO {entity}_unpictured(uid) SELECT uid FROM {entity} WHERE id > 0 ORDER BY id DESC"
            )
    if known != how:
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (_HOW, how))


def last_of(connection: Connection, entity: Entity) -> int:
    """Return the number of the note that came last, 0 for none."""
    return int(one(connection, f"SELECT max(id) FROM {entity}_unpictured") or 0)


def next_of(connection: Connection, entity: Entity, most: int, last: int) -> list[tuple[int, str]]:
    """Return the notes up to `last` that came first, as number and uid."""
    sql = f"SELECT id, uid FROM {entity}_unpictured WHERE id <= ? ORDER BY id LIMIT ?"
    return list(connection.execute(sql, (last, most)))


def done(connection: Connection, entity: Entity, notes: Sequence[tuple[int, str]]) -> None:
    """Take off notes that were seen to; a record that was noted anew meanwhile stays so."""
    connection.executemany(f"DELETE FROM {entity}_unpictured WHERE id=?", [(number,) for number, _ in notes])
