"""Looking after an account's files while they are open: sizes, check, backups, restore, reset, pictures.

Nothing here loses an unsent edit: a restore first copies what it replaces, a reset leaves the outbox alone.
"""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from instica_desktop.core.changes import Changes
from instica_desktop.core.errors import Damaged, InputError, InUse, StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.steps import reached
from instica_desktop.store.backups import Backup, keep_safe, listed, owner_in
from instica_desktop.store.checking import Finding, Report, examine, search_index_bytes
from instica_desktop.store.database import Connection
from instica_desktop.store.files import mark, sizes_of
from instica_desktop.store.files import speaking as files_speaking
from instica_desktop.store.restoring import (
    Copied,
    Overtaken,
    Restored,
    read_copy,
    read_note,
    read_stored,
    take_over,
)
from instica_desktop.store.schema import OUTBOX
from instica_desktop.store.store import CACHE_DAMAGED, RESTORING, Store
from instica_desktop.store.tables import TABLES

T = TypeVar("T")
Rows = dict[Entity, tuple[Sequence[int], Sequence[str]]]
"""Ids and uids of rows, by entity."""
UNUSABLE = "This backup cannot be used. Choose another one."
EDITS_DAMAGED = "The file of the waiting edits is damaged on this computer’s disk."
KEPT_META = ("user", "rules")
"""What a reset leaves in the cache: who is signed in is no part of the copy, nor how records are stored."""


class Sizes(msgspec.Struct, frozen=True):
    """How much room an account takes, in bytes, and how much the disk has left."""

    records: int = 0
    search: int = 0
    edits: int = 0
    photos: int = 0
    pictures: int = 0
    backups: int = 0
    free: int = 0

    @property
    def total(self) -> int:
        """All of it together."""
        return self.records + self.search + self.edits + self.photos + self.pictures + self.backups


class Care:
    """The care of one open store. Everything long runs in a thread of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store-care")
        self._closed = False
        self._emptying = asyncio.Lock()
        self.quiet: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
        """Frames the emptying of the copy: whoever fills it lets go of it, and begins anew afterwards."""
        self.on_reset: list[Callable[[], object]] = []
        """Called after the copy was emptied: whoever shows what it held reads it again."""
        self.on_change: list[Callable[[], object]] = []
        """Called after the waiting edits became others, or may be sent again."""

    def close(self) -> None:
        """Let the thread go; what it has begun it finishes."""
        self._closed = True
        self._thread.shutdown(wait=False, cancel_futures=True)

    # ------------------------------------------------------------ looking

    async def sizes(self) -> Sizes:
        """Measure everything."""
        return await self._run(measure, self._store.folder)

    async def check(self) -> Report:
        """Check every file and whether they agree; takes seconds for a large shop.

        Nothing is changed but a file of waiting edits that turns out to be damaged: they are in memory, and
        it is written anew at once.
        """
        report = await self._run(partial(examine, in_use=True), self._store.folder)
        spoilt = [one.details for one in report.findings if one.mend == "hold"]
        if not spoilt:
            return report
        await self._store.look_over(everything=True)
        others = (one for one in report.findings if one.mend != "hold")
        finding = Finding("edits", EDITS_DAMAGED, "\n".join(spoilt), "hold")
        return msgspec.structs.replace(report, findings=(finding, *others))

    async def backups(self) -> list[Backup]:
        """Return the copies of the outbox there are, newest first."""
        return await self._run(listed, self._store.backups, OUTBOX)

    @property
    def restored(self) -> Restored | None:
        """What was restored and waits for the user's word; None when nothing is held back."""
        if not self._store.outbox.needs_confirmation:
            return None
        with suppress(StoreError):  # it is being mended: then nothing is known of it yet
            if note := read_note(self._store.outbox.confirmation()):
                return note
        return Restored(datetime.now(UTC), running=True)

    # ------------------------------------------------------------ acting

    async def back_up(self) -> Backup:
        """Copy the outbox now.

        Raises:
            Damaged, DiskFull: as `Store.back_up`.
        """
        path = await self._store.back_up()
        return next(copy for copy in await self.backups() if copy.path == path)

    async def restore(self, path: Path) -> Restored:
        """Put the edits of a copy in place of those waiting now, which are copied first.

        What was delivered since stays delivered. Nothing is sent until `confirm`.

        Raises:
            InputError: the copy cannot be used, or holds the edits of somebody else.
            Damaged, DiskFull: what waits now cannot be copied first; nothing was changed.
        """
        copy = next((one for one in await self.backups() if one.path == path), None)
        if copy is None or copy.edits is None:
            raise InputError(UNUSABLE)
        try:
            whose, copied = await self._run(owner_in, path), await self._run(read_copy, path)
        except Damaged as error:  # spoilt a moment ago; the file in use is whole
            raise InputError(UNUSABLE) from error
        owner = self._store.outbox.owner
        if owner and whose and owner != whose:
            raise InputError("This backup holds the edits of another account. Choose another one.")
        note = Restored(datetime.now(UTC), copy.at, copy.edits, chosen=True)
        while not await self._taken_over(path, copied, note):
            pass
        reached("backup taken over")
        await self._show_edits()
        self._tell(self.on_change)
        return self.restored or note

    async def confirm(self) -> None:
        """The user has looked at what was restored: it may be sent."""
        await self._store.outbox.confirm()
        self._tell(self.on_change)

    async def reset(self) -> bool:
        """Empty the copy of the shop; edits and photos waiting to be sent stay.

        A file too damaged for that, or with no room to write that it is empty, makes way for a new one.
        Returns False where that cannot be made: then the next start begins it anew.
        """
        async with self._emptying:
            async with self.quiet():
                gone = await self._emptied()
            if gone is None:
                return False
            await self._tell_emptied(gone)
            with suppress(StoreError):  # it only returns room; what is empty is used again without
                await self._store.cache.run(_give_room_back)
        return True

    async def mend_copy(self) -> None:
        """Put a new copy in the place of one that turned out to be damaged, unless that was done meanwhile.

        Raises:
            StoreError: it cannot be made; the next start tries again.
        """
        async with self._emptying:
            if (self._store.folder / CACHE_DAMAGED).exists():
                async with self.quiet():
                    await self._store.renew_cache()
                await self._tell_emptied({})

    async def mend_edits(self) -> Restored:
        """Write the waiting edits into a new file in the place of one that turned out to be damaged.

        Raises:
            StoreError: it cannot be written; the edits are in memory still.
        """
        restored = await self._store.renew_outbox()
        await self._show_edits()
        self._tell(self.on_change)
        return restored

    async def restore_at_next_start(self) -> None:
        """Have the next start put the newest good backup, and what can be read, in the outbox's place."""
        await self._run(mark, self._store.folder / RESTORING)

    async def clear_pictures(self) -> int:
        """Drop the pictures kept of the server's; returns the bytes that freed. Photos to be sent stay."""
        return await self._store.in_files(self._store.images.clear)

    async def pictures_size(self) -> int:
        """Return how many bytes the pictures kept of the server's take."""
        return await self._store.in_files(self._store.images.size)

    async def keep_pictures_within(self, limit: int, *, keep_all: bool) -> None:
        """Let pictures take so many bytes; what does not fit goes, those unused longest first.

        With `keep_all` nothing goes, whatever the limit.
        """
        await self._store.in_files(partial(self._store.images.keep_within, limit, keep_all=keep_all))

    # ------------------------------------------------------------ inside

    async def _taken_over(self, path: Path, copied: Copied, note: Restored) -> bool:
        """Copy what waits now, then put a backup in its place; not if what waits changed in between."""
        outbox = self._store.folder / "outbox.db"
        safe = await self._run(keep_safe, outbox, self._store.backups, note.at, path)
        note = msgspec.structs.replace(note, aside=safe.name)
        known = await self._run(read_stored, safe)
        try:
            await self._store.outbox.restore(lambda db: take_over(db, copied, note, known))
        except Overtaken:
            await self._run(safe.unlink)
            return False
        return True

    async def _emptied(self) -> Rows | None:
        """Empty the copy, or put an empty one in its place; return what was in it, as far as known."""
        try:
            return await self._store.cache.run(_emptied)
        except InUse:
            raise
        except StoreError:  # damaged, full, or not there since an exchange was cut off
            await self._run(mark, self._store.folder / CACHE_DAMAGED)
        try:
            await self._store.renew_cache()
        except StoreError:
            return None
        return {}

    async def _tell_emptied(self, gone: Rows) -> None:
        for entity in Entity:
            ids, uids = gone.get(entity, ((), ()))
            self._store.publish(Changes(entity, frozenset(ids), frozenset(uids), order=True))
        await self._show_edits()
        self._tell(self.on_reset)

    async def _show_edits(self) -> None:
        """Lay the edits over the copy again. They are safe already, whatever the cache can or cannot take."""
        with suppress(StoreError):  # a damaged cache notes that by itself
            await self._store.cache.reproject_pending()

    def _tell(self, whom: list[Callable[[], object]]) -> None:
        for call in tuple(whom):
            call()

    async def _run(self, work: Callable[..., T], *arguments: Any) -> T:
        if self._closed:
            raise asyncio.CancelledError  # the shop is closed: nobody waits for this any more
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)


def measure(folder: Path) -> Sizes:
    """Measure an account's folder."""
    cache = sizes_of(folder.glob("cache.db*"))
    search = min(search_index_bytes(folder / "cache.db"), cache) if cache else 0
    everything = [path for path in folder.rglob("*") if path.is_file()]
    outbox = sizes_of(folder.glob("outbox.db")) + sizes_of(folder.glob("outbox.db-*"))
    kept = [*folder.glob("outbox-damaged-*"), *folder.glob("*.before-*")]
    with files_speaking():
        free = shutil.disk_usage(folder).free
    return Sizes(
        records=cache - search,
        search=search,
        edits=outbox,
        photos=sizes_of(path for path in everything if path.parent.name in ("blobs", "intake")),
        pictures=sizes_of(path for path in everything if folder / "images" in path.parents),
        backups=sizes_of((*kept, *(path for path in everything if path.parent.name == "backups"))),
        free=free,
    )


def _emptied(connection: Connection) -> Rows:
    """Empty the tables of the cache; return the rows that were in them."""
    gone: Rows = {}
    for entity, table in TABLES.items():
        rows = connection.execute(f"SELECT id, uid FROM {table.name}").fetchall()
        gone[entity] = ([row[0] for row in rows], [row[1] for row in rows])
        for name in (table.name, f"{table.name}_raw", f"{table.name}_links"):
            connection.execute(f"DELETE FROM {name}")
        connection.execute(f"INSERT INTO {table.name}_fts({table.name}_fts) VALUES ('delete-all')")
    for name in ("terms", "spans", "unspanned", "skus", "mirror", "suspects", "documents"):
        connection.execute(f"DELETE FROM {name}")
    connection.execute("UPDATE tallies SET known=0, displaced=0")
    connection.execute("DELETE FROM meta WHERE key NOT IN (?,?)", KEPT_META)
    return gone


def _give_room_back(connection: Connection) -> None:
    """Make the file as small as what is in it. No transaction may be open meanwhile."""
    connection.execute("COMMIT")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("BEGIN IMMEDIATE")
