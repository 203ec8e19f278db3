"""A glance at the copy of a shop, for a process that does not have it open.

Nothing is locked, made, mended or written; what is read is the copy as it was in one moment.
"""

from array import array
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from instica_desktop.core.errors import StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store import schema, search
from instica_desktop.store.database import Connection, moment, one, speaking
from instica_desktop.store.migrations import version_in
from instica_desktop.store.mirror import progress_in
from instica_desktop.store.plan import make_plan
from instica_desktop.store.tables import TABLES
from instica_desktop.store.values import from_millis

AT_ONCE = 500


class OlderFile(StoreError):
    """An older version wrote the copy: it has to be brought up by opening it."""


class Glance:
    """The copy of a shop in one moment. Made by `glance`."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def ids(self, query: Query) -> "array[int]":
        """Return the ids of all matching records, in order.

        Raises:
            ValueError: the entity has no such ordering or filter.
        """
        with speaking():
            return search.all_ids(self._db, make_plan(self._db, query, datetime.now(UTC).toordinal()))

    def raws(self, entity: Entity, ids: Sequence[int]) -> Iterator[bytes]:
        """Yield records as the server sent them, in the order asked for; not those it never had."""
        name = TABLES[entity].name
        sql = (
            f"SELECT r.raw FROM json_each(?) AS j CROSS JOIN {name} AS t ON t.id = j.value "
            f"CROSS JOIN {name}_raw AS r ON r.id = t.id WHERE t.fetched IS NOT NULL ORDER BY j.key"
        )
        for start in range(0, len(ids), AT_ONCE):
            some = msgspec.json.encode(list(ids[start : start + AT_ONCE])).decode()
            with speaking():
                found = self._db.execute(sql, (some,)).fetchall()
            yield from (row[0] for row in found)

    def as_of(self, entity: Entity) -> datetime | None:
        """Return when a kind was last compared with the server, or a record of it read; None for never."""
        name = TABLES[entity].name
        with speaking():
            progress = progress_in(self._db, entity)
            newest = one(self._db, f"SELECT max(fetched) FROM {name}")
        return from_millis(progress.checked) if progress.completed else newest and from_millis(newest)

    def unsent(self, entity: Entity) -> int:
        """Return how many records were made here and are not on the server yet."""
        with speaking():
            sql = f"SELECT count(*) FROM {TABLES[entity].name} WHERE fetched IS NULL AND id > 0"
            return int(one(self._db, sql))


@contextmanager
def glance(folder: Path) -> Generator[Glance | None]:
    """Look at the copy in an account's folder; None where there is none.

    Raises:
        NewerFile, OlderFile: another version wrote it.
        Damaged, StoreError: it cannot be read.
    """
    path = folder / "cache.db"
    if not path.exists() or path.stat().st_size == 0:
        yield None
        return
    with speaking():
        connection = moment(path)
    try:
        yield Glance(connection) if _version(connection, path) else None
    finally:
        connection.close()


def _version(connection: Connection, path: Path) -> int:
    with speaking():
        version = version_in(connection, path, schema.CACHE)
    if 0 < version < schema.CACHE.version:
        raise OlderFile("An older version wrote this computer’s copy of the shop. Open the shop once.")
    return version
