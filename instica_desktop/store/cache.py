"""What this computer has seen of the shop: disposable, searchable, with the user's unsent edits laid over.

Writes run in the writer's thread, one transaction a call, and announce `Changes` after the commit in the
event loop's thread. Reads for the screen are synchronous and short; long ones have threads of their own.
"""

import asyncio
import contextlib
from array import array
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Executor
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.errors import Damaged, StoreError
from instica_desktop.core.models import InventoryItem, Order, Product
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.query import Query
from instica_desktop.store import search
from instica_desktop.store.batch import Batch
from instica_desktop.store.database import Connection, Job, Reader, Writer, one, speaking
from instica_desktop.store.following import followed
from instica_desktop.store.images import ImageFiles
from instica_desktop.store.indexes import unmade
from instica_desktop.store.marks import Mark, mark_of
from instica_desktop.store.mirror import MirrorTables
from instica_desktop.store.needed import Needed
from instica_desktop.store.neighbours import Neighbours, Pending
from instica_desktop.store.outbox import Outbox
from instica_desktop.store.plan import make_plan
from instica_desktop.store.projection import effective
from instica_desktop.store.spans import unspanned
from instica_desktop.store.tables import TABLES
from instica_desktop.store.tickets import Tickets
from instica_desktop.store.unsent import Unsent
from instica_desktop.store.values import from_millis, millis, tag

_TIDY = "tidy"
MERGED = 64
"""Pages of the search index that are merged in one transaction: others wait for it some milliseconds."""


class CachedRow(msgspec.Struct, frozen=True):
    """One record as the user sees it.

    `data` is the effective record, `raw` the server's JSON (`{}` for what exists only here), `fetched_at`
    when it was read from the server (made, for what exists only here), `mark` what is pending on it.
    """

    id: int
    uid: str
    data: Product | InventoryItem | Order
    raw: bytes
    fetched_at: datetime
    mark: Mark


class Cache:
    """The cached records of one account."""

    def __init__(
        self,
        writer: Writer,
        reader: Connection,
        readers: tuple[Reader, Reader],
        outbox: Outbox,
        images: tuple[ImageFiles, Executor],
        announce: Callable[[Changes], None],
        on_damage: Callable[[], None],
    ) -> None:
        """`reader` serves the screen, `readers` the ids and the counts in the background."""
        self._on_damage = on_damage
        self._writer = writer
        self._reader = reader
        self._id_reader, self._count_reader = readers
        self._outbox = outbox
        self._images, self._files = images
        self._announce = announce
        self.tickets = Tickets()
        self.mirror = MirrorTables(self, writer, reader, self._reading)
        self.unsent = Unsent(outbox, reader, self._reading)
        self.needed = Needed(outbox.pending)

    # ------------------------------------------------------------ writing

    async def upsert(
        self,
        entity: Entity,
        records: Sequence[Record[Any]],
        *,
        fetched_at: datetime | None = None,
        origin: Origin = Origin.PULL,
        asked: int | None = None,
        seen: int = 0,
        also: Job[None] | None = None,
    ) -> Changes:
        """Store records as the server sent them; the last of two with the same uid counts.

        What is unchanged is not announced, only its age is renewed. `asked` is the request's number (of
        `tickets`): what a newer answer wrote, or proved to be gone, is left alone. `seen` is the number of
        the full scan that found them; `also` runs behind it all in the same transaction.

        Raises:
            DiskFull: nothing of the call was stored.
            Damaged: the file is damaged; `Store.renew_cache` rebuilds it.
        """
        fetched = millis(fetched_at or datetime.now(UTC))
        ticket = self.tickets.now() if asked is None else asked
        mine = self.tickets.claim(entity, (record.data.uid for record in records), ticket)
        newest = [record for record in records if record.data.uid in mine]
        if fetched_at is None:  # else it was not the server that sent them just now
            self._outbox.pending.there(entity, mine)
        return await self._write(entity, origin, lambda batch: batch.upsert(newest, fetched, seen), also)

    async def remove(
        self,
        entity: Entity,
        uids: Iterable[str],
        *,
        origin: Origin = Origin.PULL,
        also: Job[None] | None = None,
        spare: bool = False,
    ) -> Changes:
        """Forget records that are proven to be gone from the server; `also` runs in the same transaction.

        `spare`: one that has unsent edits by then, or is needed, stays until the user has decided about it.
        """
        uids = list(uids)
        kept = self.needed.keep(entity, uids) if spare else []
        self.tickets.claim(entity, uids, self.tickets.now())
        gone = [uid for uid in uids if uid not in kept]

        def act(batch: Batch) -> None:
            batch.reproject(kept)
            batch.remove(uid for uid in gone if not (spare and self.has_edits(entity, uid)))

        return await self._write(entity, origin, act, also)

    async def reproject(
        self, entity: Entity, uids: Iterable[str], *, origin: Origin = Origin.LOCAL
    ) -> Changes:
        """Bring records up to date with the outbox: their order, what finds them, rows for unsent creates."""
        changed = list(uids)
        return await self._write(entity, origin, lambda batch: batch.reproject(changed))

    async def reproject_pending(self) -> None:
        """After opening: bring every record up to date that has, or had when last written, unsent edits."""
        for entity in Entity:
            uids = {uid for of, uid in self._outbox.objects() if of is entity}
            uids |= {row[0] for row in self._read(f"SELECT uid FROM {TABLES[entity].name} WHERE laid")}
            gone = {uid for uid in uids if self._outbox.real(uid) != uid}  # made again, and cut off then
            if gone:
                await self.remove(entity, sorted(gone))
            if uids - gone:
                await self.reproject(entity, sorted(uids - gone))

    async def renew(self, entity: Entity, uids: Sequence[str], also: Job[None]) -> Changes:
        """Bring records up to date with today's rules; announced is what other queries find now."""
        return await self._write(entity, Origin.PULL, lambda batch: _renew(batch, uids), also)

    def uids_after(self, entity: Entity, uid: str, most: int) -> list[str]:
        """Return the next uids behind one, in their own order."""
        sql = f"SELECT uid FROM {TABLES[entity].name} WHERE uid > ? ORDER BY uid LIMIT ?"
        return [row[0] for row in self._read(sql, (uid, most))]

    def lacks_indexes(self) -> bool:
        """Tell whether indexes or spans are still to be made: an earlier version left this copy without."""
        with self._reading():
            return bool(unmade(self._reader)) or unspanned(self._reader)

    async def set_meta(self, key: str, value: str) -> None:
        """Keep a small text of the synchronising under a key; lost with the cache."""
        await self._writer.run(lambda db: _set_meta(db, key, value))

    def get_meta(self, key: str) -> str | None:
        """Return what `set_meta` kept, or None."""
        return self._value("SELECT value FROM meta WHERE key=?", (key,))

    async def tidy(self, may_go_on: Callable[[], bool], whole: Iterable[Entity] = tuple(Entity)) -> None:
        """Merge the search index of each `whole` kind, once, bit by bit, as long as `may_go_on` says so."""
        for name in (TABLES[entity].name for entity in whole):
            if self.get_meta(f"{_TIDY} {name}") is None:
                pages = -MERGED  # the first of them takes all parts of the index together
                while may_go_on() and await self._writer.run(partial(_merge, name, pages)):
                    pages = MERGED
                if may_go_on():
                    await self.set_meta(f"{_TIDY} {name}", "done")

    def read_by(self, reader: Connection) -> None:
        """Read for the screen by another connection: another file is in the place of this one's."""
        self._reader = reader
        self.mirror.read_by(reader)
        self.unsent.read_by(reader)

    async def run(self, job: Callable[[Connection], Any]) -> Any:
        """Run a job of upkeep in the writer's thread, as one transaction."""
        return await self._writer.run(job)

    # ------------------------------------------------------------ reading for the screen

    @contextlib.contextmanager
    def at_one_moment(self) -> Generator[None]:
        """Let all that is read for the screen within be as of the first reading: no commit comes between."""
        reader = self._reader
        if not reader.get_autocommit():
            yield
            return
        with contextlib.suppress(StoreError), self._reading():  # each reading tells what is wrong
            reader.execute("BEGIN")
        try:
            yield
        finally:
            if not reader.get_autocommit():
                with contextlib.suppress(StoreError), self._reading():
                    reader.execute("ROLLBACK")

    def rows(self, entity: Entity, ids: Sequence[int]) -> list[CachedRow | None]:
        """Return rows by id, in the order asked for; None where there is none (any more)."""
        found = {row.id: row for row in self._rows(entity, "t.id", list(ids)) if row}
        return [found.get(id_) for id_ in ids]

    def by_uid(self, entity: Entity, uid: str) -> CachedRow | None:
        """Return the row of a uid, or None."""
        return next(iter(self._rows(entity, "t.uid", [uid])), None)

    def by_uids(self, entity: Entity, uids: Sequence[str]) -> dict[str, CachedRow]:
        """Return the rows of those uids that are here."""
        return {row.uid: row for row in self._rows(entity, "t.uid", list(uids)) if row}

    def has_edits(self, entity: Entity, uid: str) -> bool:
        """Tell whether unsent edits are laid over a record."""
        return bool(self._outbox.pending(entity, uid))

    def row_id(self, entity: Entity, uid: str) -> int | None:
        """Return the row id of a uid, or None."""
        return self.row_ids(entity, [uid])[0]

    def row_ids(self, entity: Entity, uids: Sequence[str]) -> list[int | None]:
        """Return the row ids of uids, in the order asked for; None where there is no row."""
        sql = f"SELECT uid, id FROM {TABLES[entity].name} WHERE uid IN (SELECT value FROM json_each(?))"
        found = dict(self._read(sql, (_json(list(uids)),)))
        return [found.get(uid) for uid in uids]

    def uids(self, entity: Entity, ids: Sequence[int]) -> list[str]:
        """Return the uids of rows, in the order asked for, without those that are here no longer."""
        name = TABLES[entity].name
        sql = f"SELECT t.uid FROM json_each(?) AS j CROSS JOIN {name} AS t ON t.id = j.value ORDER BY j.key"
        return [row[0] for row in self._read(sql, (_json(list(ids)),))]

    def first_ids(self, query: Query, limit: int = 64) -> "array[int]":
        """Return the ids of the first `limit` matching records, in order, within a few frames at any size.

        Raises:
            ValueError: the entity has no such ordering or filter.
        """
        with self._reading():
            return search.first_ids(self._reader, make_plan(self._reader, query, _today()), limit)

    def known(self, entity: Entity) -> int:
        """Return how many records are cached, those that exist only here included."""
        return int(self._value("SELECT known FROM tallies WHERE entity=?", (TABLES[entity].name,)) or 0)

    def oldest(self, entity: Entity) -> datetime | None:
        """Return when the record that was not read for longest was read."""
        return self._age(entity, "min")

    def as_of(self, entity: Entity) -> datetime | None:
        """Return when a record was last read from the server."""
        return self._age(entity, "max")

    def tags(self, entity: Entity, prefix: str = "", limit: int = 50) -> list[tuple[str, int]]:
        """Return tags that contain a text, with how many records have them, the most used first."""
        return self._facet(entity, "tags", prefix, limit)

    def locations(self, prefix: str = "", limit: int = 50) -> list[tuple[str, int]]:
        """Return shelf locations of items that contain a text, with how many items are there."""
        return self._facet(Entity.ITEM, "location", prefix, limit)

    # ------------------------------------------------------------ reading in the background

    async def ids(self, query: Query) -> "array[int]":
        """Return the ids of all matching records, in order (8 bytes each). Broken off when cancelled."""
        today = _today()
        return await self._id_reader.run(lambda db: search.all_ids(db, make_plan(db, query, today)))

    async def count(self, query: Query) -> int:
        """Return how many records match. Broken off when cancelled."""
        today = _today()
        return await self._count_reader.run(lambda db: search.count(db, make_plan(db, query, today)))

    # ------------------------------------------------------------ pictures

    async def put_image(self, url: str, content: bytes) -> None:
        """Keep a picture under its URL; the ones unused longest make room for it.

        Raises:
            DiskFull: there is no room; nothing was kept.
        """
        await asyncio.get_running_loop().run_in_executor(self._files, self._images.put, url, content)

    async def get_image(self, url: str) -> bytes | None:
        """Return a kept picture, or None."""
        return await asyncio.get_running_loop().run_in_executor(self._files, self._images.get, url)

    async def missing_images(self, urls: Sequence[str]) -> list[str]:
        """Return the URLs of those pictures that are not kept."""
        return await asyncio.get_running_loop().run_in_executor(self._files, self._images.missing, urls)

    async def images_lost(self) -> bool:
        """Tell whether kept pictures were lost since `images_sought`."""
        return await asyncio.get_running_loop().run_in_executor(self._files, self._images.lost)

    async def images_sought(self) -> None:
        """Take note that all that is missing is looked for."""
        await asyncio.get_running_loop().run_in_executor(self._files, self._images.sought)

    async def room_for_images(self) -> bool:
        """Tell whether pictures can be kept without others making room for them."""
        return await asyncio.get_running_loop().run_in_executor(self._files, self._images.has_room)

    def keep_all_images(self, keep: bool) -> None:
        """Let pictures make room for others, or not."""
        self._images.keep_all = keep

    # ------------------------------------------------------------ inside

    async def _write(
        self, entity: Entity, origin: Origin, act: Callable[[Batch], None], also: Job[None] | None = None
    ) -> Changes:
        def job(connection: Connection) -> list[Changes]:
            changes = _write(connection, entity, origin, self._outbox.pending, act)
            if also is not None:
                also(connection)
            return changes

        def announce(changes: list[Changes]) -> None:
            for change in changes:
                if change.uids:
                    self._announce(change)

        return (await self._writer.run(job, announce))[0]

    @contextlib.contextmanager
    def _reading(self) -> Generator[None]:
        try:
            with speaking():
                yield
        except Damaged:
            self._on_damage()
            raise

    def _read(self, sql: str, bindings: Sequence[Any] = ()) -> list[Any]:
        with self._reading():
            return self._reader.execute(sql, bindings).fetchall()

    def _value(self, sql: str, bindings: Sequence[Any] = ()) -> Any:
        with self._reading():
            return one(self._reader, sql, bindings)

    def _age(self, entity: Entity, which: str) -> datetime | None:
        value = self._value(f"SELECT {which}(fetched) FROM {TABLES[entity].name}")
        return None if value is None else from_millis(value)

    def _rows(self, entity: Entity, column: str, keys: list[Any]) -> list[CachedRow | None]:
        table = TABLES[entity]
        sql = (
            f"SELECT t.id, t.uid, t.fetched, r.raw FROM json_each(?) AS j CROSS JOIN {table.name} AS t "
            f"ON {column} = j.value CROSS JOIN {table.name}_raw AS r ON r.id = t.id"
        )
        with self._reading():
            found = self._reader.execute(sql, (_json(keys),)).fetchall()
            neighbours = Neighbours(self._reader, self._outbox.pending)
            neighbours.look(entity, (row[1] for row in found))
            return [self._row(entity, neighbours, *row) for row in found]

    def _row(
        self, entity: Entity, neighbours: Neighbours, id_: int, uid: str, fetched: int | None, raw: bytes
    ) -> CachedRow | None:
        operations = self._outbox.pending(entity, uid)
        if fetched is None and not operations:
            return None  # an unsent create that was sent or dropped just now
        data = neighbours.seen(entity, effective(TABLES[entity], raw, operations), fetched)
        mark = mark_of(operations, gone=self._outbox.pending.is_gone(entity, uid))
        since = from_millis(fetched) if fetched is not None else operations[0].created
        return CachedRow(id_, uid, data, raw, since, mark)

    def _facet(self, entity: Entity, field: str, text: str, limit: int) -> list[tuple[str, int]]:
        name = TABLES[entity].name
        sql = f"""
            SELECT label, (SELECT count(*) FROM {name}_links AS l WHERE l.term = terms.term) AS n
            FROM terms WHERE entity=? AND field=? AND instr(value, ?) AND n > 0
            ORDER BY n DESC, label LIMIT ?"""
        return [(label, n) for label, n in self._read(sql, (name, field, tag(text), limit))]


def _write(
    connection: Connection,
    entity: Entity,
    origin: Origin,
    pending: Pending,
    act: Callable[[Batch], None],
) -> list[Changes]:
    """Write records, and those that show something of them."""
    batch = Batch(connection, entity, pending)
    act(batch)
    batch.flush()
    return [
        _changes(of, origin, done) for of, done in ((entity, batch), *followed(connection, batch, pending))
    ]


def _changes(entity: Entity, origin: Origin, batch: Batch) -> Changes:
    return Changes(
        entity,
        ids=frozenset(batch.ids),
        uids=frozenset(batch.uids),
        origin=origin,
        order=batch.order,
        gone=frozenset(batch.gone),
    )


def _set_meta(connection: Connection, key: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (key, value))


def _merge(name: str, pages: int, connection: Connection) -> bool:
    """Merge some pages of a search index; tell whether there is more to merge."""
    before = one(connection, "SELECT total_changes()")
    connection.execute(f"INSERT INTO {name}_fts({name}_fts, rank) VALUES ('merge', ?)", (pages,))
    return one(connection, "SELECT total_changes()") - before >= 2


def _renew(batch: Batch, uids: Sequence[str]) -> None:
    batch.reproject(uids)
    if not batch.order:
        batch.ids.clear()
        batch.uids.clear()


def _json(values: list[Any]) -> str:
    return msgspec.json.encode(values).decode()


def _today() -> int:
    return datetime.now(UTC).toordinal()
