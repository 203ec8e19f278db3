"""One account's data on this computer: `cache.db` (disposable), `outbox.db` (precious), photos and pictures.

folder/          0700, held by one process at a time
  cache.db       what was seen of the shop; rebuilt when damaged
  outbox.db      unsent edits and their history; put aside and restored from a copy when damaged
  backups/       copies of the outbox
  blobs/         photos waiting to be sent
  images/        pictures fetched from the server, up to a size
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path

from instica_desktop.core.changes import Changes, Publish
from instica_desktop.core.errors import Damaged
from instica_desktop.store import backups, schema
from instica_desktop.store.blobs import Blobs
from instica_desktop.store.cache import Cache
from instica_desktop.store.database import Connection, Reader, Writer, connect, speaking, transaction
from instica_desktop.store.files import Lock, private_file, private_folder
from instica_desktop.store.files import speaking as files_speaking
from instica_desktop.store.images import DEFAULT_LIMIT, ImageFiles
from instica_desktop.store.migrations import Schema, bring_up, check, inspect
from instica_desktop.store.outbox import Outbox, mark_unconfirmed, put_unreadable_aside

CACHE_MB = 96
"""Memory of SQLite's page cache for writing: a page of records touches some twenty indexes."""


class Store:
    """The cache, the outbox and the photos of one account. Made by `open`, ended by `close`."""

    cache: Cache
    outbox: Outbox
    blobs: Blobs

    def __init__(self, folder: Path, publish: Publish | None, resources: ExitStack) -> None:
        """Use `open`; `resources` are closed in reverse by `close`."""
        self.folder = folder
        self.publish: Publish = publish or _nobody
        self._resources = resources
        self._files = ThreadPoolExecutor(1, thread_name_prefix="store-files")
        resources.callback(self._files.shutdown)

    @classmethod
    def open(
        cls,
        folder: Path,
        publish: Publish | None = None,
        *,
        cache_pages: int | None = None,
        outbox_pages: int | None = None,
        image_limit: int = DEFAULT_LIMIT,
    ) -> "Store":
        """Open (or make) the account's data in `folder`. Quick: blocks for some milliseconds.

        `cache_pages` and `outbox_pages` cap the files (4 KiB each), `image_limit` the pictures (bytes).
        A damaged cache is rebuilt. A damaged outbox is kept aside and its newest good copy stands in;
        `outbox.needs_confirmation` tells.

        Raises:
            InUse: another window has it open.
            NewerFile: a newer version wrote one of the files; none was touched.
            DiskFull, StoreError: the files cannot be made or read.
        """
        with ExitStack() as resources, files_speaking(), speaking():
            private_folder(folder)
            resources.callback(Lock(folder / "lock").release)
            store = cls(folder, publish, resources)
            for name, kind in (("cache.db", schema.CACHE), ("outbox.db", schema.OUTBOX)):
                with suppress(Damaged):
                    inspect(
                        folder / name, kind
                    )  # a newer file of either kind stops us before we write at all
            store._open_outbox(outbox_pages)
            store._open_cache(cache_pages, ImageFiles(folder / "images", image_limit))
            store._resources = resources.pop_all()
        return store

    async def close(self) -> None:
        """Finish what was begun, then let everything go. May be called again."""
        with ThreadPoolExecutor(1, thread_name_prefix="store-close") as closer:
            await asyncio.get_running_loop().run_in_executor(closer, self._resources.close)

    async def back_up(self, now: datetime | None = None) -> Path:
        """Copy the outbox into `backups/` and thin the copies out: 6 hourly, 7 daily, 4 weekly.

        Raises:
            Damaged: the outbox fails its check; the copies there are stay.
            DiskFull: there is no room; the copies there are stay.
        """
        moment = now or datetime.now(UTC)
        source, target = self.folder / "outbox.db", self.folder / "backups"
        return await asyncio.get_running_loop().run_in_executor(
            self._files, backups.back_up, source, target, moment
        )

    def _open_outbox(self, max_pages: int | None) -> None:
        path = self.folder / "outbox.db"
        try:
            writer = _prepared(path, schema.OUTBOX, durable=True, max_pages=max_pages, thorough=True)
        except Damaged:
            backups.restore(path, self.folder / "backups", schema.OUTBOX, datetime.now(UTC))
            writer = _prepared(path, schema.OUTBOX, durable=True, max_pages=max_pages, thorough=True)
            with transaction(writer):
                mark_unconfirmed(writer)
        with transaction(writer):
            put_unreadable_aside(writer)
        worker = Writer("store-outbox", writer)
        self._resources.callback(worker.stop)
        self.outbox = Outbox(worker, self._reader(path))
        self.blobs = Blobs(self.folder / "blobs", self._files, self._blobs_in_use)

    def _open_cache(self, max_pages: int | None, images: ImageFiles) -> None:
        path = self.folder / "cache.db"
        damaged = self.folder / "cache.damaged"
        if damaged.exists():
            _delete(path)
            damaged.unlink()
        try:
            writer = _prepared(path, schema.CACHE, max_pages=max_pages)
        except Damaged:
            _delete(path)
            writer = _prepared(path, schema.CACHE, max_pages=max_pages)
        worker = Writer("store-cache", writer, on_damage=damaged.touch)
        self._resources.callback(worker.stop)
        ids, counts = (self._thread(name, path, damaged.touch) for name in ("store-ids", "store-count"))
        reader = self._reader(path)
        pictures = (images, self._files)
        self.cache = Cache(
            worker, reader, (ids, counts), self.outbox, pictures, self._announce, damaged.touch
        )

    def _reader(self, path: Path) -> Connection:
        connection = connect(path, write=False)
        self._resources.callback(connection.close)
        return connection

    def _thread(self, name: str, path: Path, on_damage: Callable[[], None]) -> Reader:
        reader = Reader(name, connect(path, write=False, cache_mb=32), on_damage)
        self._resources.callback(reader.stop)
        return reader

    def _announce(self, changes: Changes) -> None:
        self.publish(changes)

    def _blobs_in_use(self) -> set[str]:
        return {str(one.payload["blob"]) for one in self.outbox.all() if "blob" in one.payload}


def _prepared(
    path: Path, kind: Schema, *, durable: bool = False, max_pages: int | None = None, thorough: bool = False
) -> Connection:
    """Return a writing connection to a file of this version, made or brought up as needed."""
    version = inspect(path, kind)
    private_file(path)
    with speaking():
        connection = connect(path, write=True, durable=durable, cache_mb=CACHE_MB, max_pages=max_pages)
        try:
            if thorough and version:
                check(connection)
            bring_up(connection, path, kind, version)
        except BaseException:
            connection.close()
            raise
    return connection


def _delete(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _nobody(changes: Changes) -> None:
    """Nobody listens yet."""
