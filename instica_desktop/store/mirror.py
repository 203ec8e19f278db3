"""How far the copy of the whole shop has come, kept beside the records in the same transactions.

A full scan is a generation with a number. Each record carries the number of the scan that saw it last
(`seen`), so a scan that was broken off goes on where it stopped, and what a complete one did not see can be
named. What there is one of (platforms, account, plan) lies in `documents`.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import msgspec

from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.steps import reached
from instica_desktop.store.database import Connection, Writer, one
from instica_desktop.store.tables import TABLES

if TYPE_CHECKING:
    from instica_desktop.store.cache import Cache

NEVER, SCANNING, ASKS, FRESH = "never", "scanning", "asks", "fresh"
"""No scan yet; one is under way; the server says it is empty and we are not; complete and followed."""


class Progress(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far the copy of one entity has come.

    `started`, `completed` and `checked` are ms since 2000 by this computer's clock; `mark`, `floor` and the
    first of each of `heads` are µs since 2000 by the server's.
    """

    generation: int = 0
    phase: str = NEVER
    pages: int = 0  # of the scan under way that are stored, from the first on without a gap
    begun_with: int = 0  # how many records there were when the scan began
    count: int = 0  # and when the last stored page was read
    skipped: int = 0  # records of the scan that could not be read
    mark: int = 0  # nothing the scan began with is newer than this
    at_mark: tuple[str, ...] | None = None  # and what of it is as new as this; None where that is not known
    started: int = 0
    tries: int = 0  # scans in a row that could not prove that they saw everything
    again: bool = False  # the scan found so much gone that a second one has to agree
    empty_accepted: bool = False
    completed: int = 0
    checked: int = 0  # when the last look for changes was sent
    off: int = 0  # how many more the server counted at the end of the last scan than that had seen
    gap: int = 0  # records the server counts and lists nowhere; those it lists and does not count are below 0
    floor: int = 0  # every change up to here is on this computer
    heads: tuple[tuple[int, int], ...] = ()  # what was newest (µs), and when that was seen (ms)
    deltas: int = 0
    differing: int = 0  # audits in a row whose count was not ours


def progress_in(connection: Connection, entity: Entity) -> Progress:
    """Return how far an entity's copy in a file has come, as `MirrorTables.progress` does."""
    state = one(connection, "SELECT state FROM mirror WHERE entity=?", (entity.value,))
    try:
        return msgspec.json.decode(state, type=Progress) if state else Progress()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Progress()


class Tally(msgspec.Struct, frozen=True):
    """What a scan saw: in all, and of what was there when it began. `held`: what is on this computer."""

    seen: int
    seen_old: int
    held: int


class MirrorTables:
    """The tables `mirror`, `suspects` and `documents`, and the column `seen`. Made by the cache."""

    def __init__(
        self,
        cache: "Cache",
        writer: Writer,
        reader: Connection,
        reading: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """`reading` frames every use of `reader`, which is the screen's."""
        self._cache = cache
        self._writer = writer
        self._reader = reader
        self._reading = reading

    def read_by(self, reader: Connection) -> None:
        """Read by another connection."""
        self._reader = reader

    # ------------------------------------------------------------ how far it is

    def progress(self, entity: Entity) -> Progress:
        """Return how far an entity's copy has come; what another version wrote and we cannot read is void."""
        with self._reading():
            return progress_in(self._reader, entity)

    async def save(self, entity: Entity, progress: Progress) -> None:
        """Keep how far an entity's copy has come."""
        await self._writer.run(lambda db: _save(db, entity, progress))
        reached("mirror saved")

    async def store(
        self, entity: Entity, pages: Sequence[Sequence[Record[Any]]], asked: int, progress: Progress
    ) -> list[int]:
        """Store pages of a scan together with the point to go on from; return how many of each are new to it.

        Raises:
            StoreError: neither the records nor the point were stored.
        """
        new: list[int] = []

        def also(db: Connection) -> None:
            new.extend(_see(db, entity, page, progress.generation) for page in pages)
            _save(db, entity, progress)

        records = [record for page in pages for record in page]
        await self._cache.upsert(entity, records, asked=asked, also=also)
        reached("mirror pages stored")
        return new

    async def tally(
        self, entity: Entity, generation: int, mark: int, at_mark: Sequence[str] | None = None
    ) -> Tally:
        """Count what a scan saw. `mark`: what was made later was not there when it began.

        Of what was made at that very moment `at_mark` was there; None: all of it may have been.
        """
        name = TABLES[entity].name
        sql = f"""
            SELECT sum(seen = ?1), sum(seen = ?1 AND (coalesce(k_created, 0) < ?2
                OR uid IN (SELECT value FROM json_each(?3)))), count(fetched)
            FROM {name}"""
        uids = msgspec.json.encode(at_mark or ()).decode()
        before = mark if at_mark is not None else mark + 1
        row = await self._writer.run(lambda db: db.execute(sql, (generation, before, uids)).fetchone())
        return Tally(*(value or 0 for value in row))

    async def held(self, entity: Entity) -> int:
        """Return how many records of the server are on this computer."""
        sql = f"SELECT count(fetched) FROM {TABLES[entity].name}"
        return int(await self._writer.run(lambda db: one(db, sql)))

    async def came(self, entity: Entity, made: int, since: int) -> int:
        """Return how many records came `since` (ms) that were made after something (µs, the server's)."""
        sql = f"SELECT count(*) FROM {TABLES[entity].name} WHERE k_created > ? AND fetched >= ?"
        return int(await self._writer.run(lambda db: one(db, sql, (made, since))))

    # ------------------------------------------------------------ what is gone

    async def absent(self, entity: Entity, generation: int, started: int) -> list[str]:
        """Return what a scan did not see, was not read in any other way since, and carries no unsent edit."""
        return await self._unseen(entity, generation, started, "NOT laid")

    async def kept(self, entity: Entity, generation: int, started: int) -> list[str]:
        """Return what a scan did not see either, or is gone since, and stays here for edits or for a text."""
        laid = await self._unseen(entity, generation, started, "laid")
        needed = self._cache.needed.kept(entity)
        here = zip(needed, self._cache.row_ids(entity, needed), strict=True) if needed else ()
        return sorted({*laid, *(uid for uid, row in here if row is not None)})

    async def _unseen(self, entity: Entity, generation: int, started: int, which: str) -> list[str]:
        # The plus keeps SQLite from the index of `fetched`, which nearly all rows fit; the few laid have one.
        sql = f"SELECT uid FROM {TABLES[entity].name} WHERE seen <> ? AND +fetched < ? AND {which}"
        rows = await self._writer.run(lambda db: db.execute(sql, (generation, started)).fetchall())
        return [row[0] for row in rows]

    async def suspect(self, entity: Entity, uids: Iterable[str], generation: int) -> list[str]:
        """Note what a scan did not find; return what an earlier one did not find either. Acquit the rest."""
        absent = set(uids)

        def job(db: Connection) -> list[str]:
            sql = "SELECT uid FROM suspects WHERE entity=? AND generation < ?"
            before = {row[0] for row in db.execute(sql, (entity.value, generation))}
            db.execute("DELETE FROM suspects WHERE entity=?", (entity.value,))
            fresh = [(entity.value, uid, generation) for uid in absent]
            db.executemany("INSERT INTO suspects VALUES (?,?,?)", fresh)
            return sorted(absent & before)

        return await self._writer.run(job)

    async def forget(self, entity: Entity, uids: Sequence[str]) -> None:
        """Remove records that are proven to be gone; those that were edited meanwhile stay."""

        def also(db: Connection) -> None:
            gone = [(entity.value, uid) for uid in uids]
            db.executemany("DELETE FROM suspects WHERE entity=? AND uid=?", gone)

        await self._cache.remove(entity, uids, also=also, spare=True)

    # ------------------------------------------------------------ what there is one of

    async def put_document(self, name: str, raw: bytes, fetched: int) -> None:
        """Keep a document, `fetched` ms since 2000."""
        await self._writer.run(lambda db: _put_document(db, name, raw, fetched))

    def document(self, name: str) -> bytes | None:
        """Return a document as it was last read, or None."""
        with self._reading():
            return one(self._reader, "SELECT raw FROM documents WHERE name=?", (name,))


def _save(db: Connection, entity: Entity, progress: Progress) -> None:
    values = (entity.value, progress.generation, progress.phase, msgspec.json.encode(progress))
    db.execute("INSERT OR REPLACE INTO mirror(entity, generation, phase, state) VALUES (?,?,?,?)", values)


def _see(db: Connection, entity: Entity, page: Sequence[Record[Any]], generation: int) -> int:
    """Mark the records of a page as seen by a scan; return how many it had not seen."""
    uids = msgspec.json.encode([record.data.uid for record in page]).decode()
    sql = f"""
        UPDATE {TABLES[entity].name} SET seen=?1
        WHERE uid IN (SELECT value FROM json_each(?2)) AND seen <> ?1"""
    db.execute(sql, (generation, uids))
    return db.changes()


def _put_document(db: Connection, name: str, raw: bytes, fetched: int) -> None:
    db.execute("INSERT OR REPLACE INTO documents(name, raw, fetched) VALUES (?,?,?)", (name, raw, fetched))
