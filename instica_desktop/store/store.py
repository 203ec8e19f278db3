"""One account's data on this computer: `cache.db` (disposable), `outbox.db` (precious), photos and pictures.

folder/          0700, held by one process at a time
  cache.db       what was seen of the shop; rebuilt when damaged, also while it is open
  outbox.db      unsent edits and their history; put aside and restored from a copy when damaged
  backups/       copies of the outbox
  blobs/         photos waiting to be sent
  intake/        copies of pictures that were dropped or pasted and have no lasting file of their own
  images/        pictures fetched from the server, up to a size
"""

import asyncio
import logging
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from instica_desktop.core.changes import Changes, Publish
from instica_desktop.core.errors import Damaged, DiskFull, StoreError
from instica_desktop.core.operations import OpState, is_unreadable
from instica_desktop.core.steps import reached
from instica_desktop.store import backups, rows, schema, seals, wal
from instica_desktop.store.blobs import Blobs
from instica_desktop.store.cache import Cache
from instica_desktop.store.database import Connection, Reader, Writer, connect, speaking, transaction
from instica_desktop.store.exchange import OpenFile
from instica_desktop.store.files import Lock, mark, private_folder, unmark
from instica_desktop.store.files import speaking as files_speaking
from instica_desktop.store.images import DEFAULT_LIMIT, ImageFiles
from instica_desktop.store.intake import IntakeBook
from instica_desktop.store.migrations import inspect
from instica_desktop.store.outbox import Outbox
from instica_desktop.store.projection import RULES
from instica_desktop.store.renewing import RENEWED, delete, fresh_cache, fresh_outbox, opened_cache, prepared
from instica_desktop.store.restoring import Held, Restored, admit, doubt_log
from instica_desktop.store.rules import KEY

if TYPE_CHECKING:
    from instica_desktop.core.decided import Decided

log = logging.getLogger(__name__)

T = TypeVar("T")
RESTORING = "outbox.restoring"
"""The sign that a copy is being put in a damaged outbox's place."""
LOG_MENDED = "outbox.log-mended"
"""The sign that the outbox's log was spoilt and put in order, and that its file does not say so yet."""
CACHE_DAMAGED = "cache.damaged"
"""The sign that the cache is to be begun anew."""
SPOILT = "cache.spoilt"
"""What was the cache until it was begun anew while the program ran."""


class Store:
    """The cache, the outbox and the photos of one account. Made by `open`, ended by `close`."""

    cache: Cache
    outbox: Outbox
    blobs: Blobs
    intake: IntakeBook
    taken: Blobs
    images: ImageFiles

    def __init__(self, folder: Path, publish: Publish | None, resources: ExitStack) -> None:
        """Use `open`; `resources` are closed in reverse by `close`."""
        self.folder = folder
        self.publish: Publish = publish or _nobody
        self.decided: Callable[[Decided], None] = _nobody_decides
        """Told what was decided about an edit that was stuck, once that is on the disk."""
        self.on_damage: Callable[[str], None] = _nobody_mends
        """Told `cache` or `outbox` when that turns out to be damaged; in any thread."""
        self._resources = resources
        self._thorough = False
        self._cache_pages: int | None = None
        self._outbox_pages: int | None = None
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
        thorough: bool = False,
    ) -> "Store":
        """Open (or make) the account's data in `folder`. Quick: blocks for some milliseconds, after
        a crash up to a second: the outbox's log is looked at first.

        `cache_pages` and `outbox_pages` cap the files (4 KiB each), `image_limit` the pictures (bytes).
        A damaged cache is rebuilt. A damaged outbox is kept aside and its newest good copy stands in;
        `outbox.needs_confirmation` tells. A waiting edit that was spoilt inside a whole outbox is held back
        (`damage`); `thorough` looks for that in the history, too.

        Raises:
            InUse: another window has it open.
            NewerFile: a newer version wrote one of the files; none was touched.
            DiskFull, StoreError: the files cannot be made or read.
        """
        with ExitStack() as resources, _opening(folder), files_speaking(), speaking():
            private_folder(folder)
            resources.callback(Lock(folder / "lock").release)
            store = cls(folder, publish, resources)
            store._cache_pages, store._outbox_pages, store._thorough = cache_pages, outbox_pages, thorough
            for name, kind in (("cache.db", schema.CACHE), ("outbox.db", schema.OUTBOX)):
                with suppress(Damaged):
                    inspect(
                        folder / name, kind
                    )  # a newer file of either kind stops us before we write at all
            store._open_outbox()
            store.images = ImageFiles(folder / "images", image_limit)
            store._open_cache(store.images)
            store._resources = resources.pop_all()
        return store

    async def close(self) -> None:
        """Finish what was begun, then let everything go. May be called again."""
        with ThreadPoolExecutor(1, thread_name_prefix="store-close") as closer:
            await asyncio.get_running_loop().run_in_executor(closer, self._resources.close)

    def let_go(self) -> None:
        """Close at once what was opened and never used."""
        self._resources.close()

    async def back_up(self, now: datetime | None = None) -> Path:
        """Copy the outbox into `backups/` and thin the copies out: 6 hourly, 7 daily, 4 weekly.

        Raises:
            Damaged: the outbox fails its check; the copies there are stay.
            DiskFull: there is no room; the copies there are stay.
        """
        moment = now or datetime.now(UTC)
        try:
            return await self.in_files(backups.back_up, self.folder / "outbox.db", self.backups, moment)
        except Damaged:
            self._outbox_damaged()  # what is in use may still be whole in memory
            raise

    async def look_over(self, *, everything: bool = False) -> None:
        """Check the outbox's file as it lies on the disk, by a connection of its own, and tell of damage.

        The writer would not notice: it has in memory what it read once. Takes milliseconds, in a thread;
        with `everything`, the history as well, which may be long.
        """
        tables = seals.ALL if everything else seals.AT_ONCE
        try:
            await self.in_files(backups.look_over, self.folder / "outbox.db", tables)
        except Damaged:
            self._outbox_damaged()
        except StoreError as error:  # a busy disk says nothing about the file; the next look may
            log.info("The waiting edits could not be looked over: %s %s", error.message, error.details)

    async def renew_cache(self) -> None:
        """Begin the copy of the shop anew while all goes on; the waiting edits are in another file.

        Raises:
            StoreError: no new one can be made; the next start tries again.
        """

        async def make() -> Connection:
            return fresh_cache(path, aside, self._cache_pages)  # at once: the screen looks before or after

        path, aside = self.folder / "cache.db", self.folder / SPOILT
        with files_speaking(), speaking():
            await self._cache_file.exchange(make)
            (self.folder / CACHE_DAMAGED).unlink(missing_ok=True)
        with suppress(OSError):  # held by another program, it goes at the next start
            await self.in_files(aside.unlink, True)
        await self.cache.set_meta(KEY, RULES)  # nothing in it is older than this version

    async def renew_outbox(self, now: datetime | None = None) -> Restored:
        """Write the waiting edits, all of which are in memory, into a new file in the place of a damaged one.

        History and deliveries come from the newest good copy. Nothing is sent until `Outbox.confirm`.

        Raises:
            StoreError: it cannot be written. The edits are in memory still; what is changed is refused.
        """
        moment = now or datetime.now(UTC)
        self.outbox.hold_back()

        async def make() -> Connection:
            box = self.outbox
            held = Held(tuple(box.all()), box.renamings, box.owner, tuple(self.intake.all()))
            return await self.in_files(fresh_outbox, self.folder, held, moment, self._outbox_pages)

        with files_speaking(), speaking():
            await self._outbox_file.exchange(make)
        with suppress(StoreError):  # it was asked for at the next start, too; that is done now
            unmark(self.folder / RESTORING)
        await self.outbox.restore(_as_written)
        return Restored(moment, edits=len(self.outbox.all()), running=True)

    @property
    def backups(self) -> Path:
        """Where the copies of the outbox lie."""
        return self.folder / "backups"

    async def in_files(self, work: Callable[..., T], *arguments: Any) -> T:
        """Run work on files in the thread that has them, after what it was given before."""
        return await asyncio.get_running_loop().run_in_executor(self._files, work, *arguments)

    def _open_outbox(self) -> None:
        path = self.folder / "outbox.db"
        if (renewed := self.folder / RENEWED).exists():
            backups.take_place(renewed, path, datetime.now(UTC))
        self._mend_log(path)
        half_restored = (self.folder / RESTORING).exists()
        try:
            if half_restored or backups.is_lost(path, self.backups, self.folder / "cache.db"):
                raise Damaged("The file of the waiting edits is gone, and what tells of it is not.")
            writer = self._whole_outbox(path)
        except Damaged as error:
            log.info("The outbox is restored from a copy: %s %s", error.message, error.details)
            writer = self._restored_outbox(path)
        if self._log_was_mended:
            unmark(self.folder / LOG_MENDED)
        worker = Writer("store-outbox", writer, on_damage=self._outbox_damaged)
        self._resources.callback(worker.stop)
        reader = self._reader(path)
        self.outbox = Outbox(worker, reader)
        self.outbox.on_damage = self._outbox_damaged
        self._outbox_file = OpenFile(path, worker, (), reader, self.outbox.read_by)
        self._resources.callback(self._outbox_file.close)
        self.blobs = Blobs(self.folder / "blobs", self._files, self._blobs_in_use)
        self.intake = IntakeBook(worker, reader)
        self.taken = Blobs(self.folder / "intake", self._files, self._copies_in_use)

    @property
    def _log_was_mended(self) -> bool:
        return (self.folder / LOG_MENDED).exists()

    def _mend_log(self, path: Path) -> None:
        """Put a spoilt log in order before SQLite reads it. One that lacks a part tells no whole story."""
        if mended := wal.looked_at(path):
            log.info("The log of the waiting edits was spoilt; %d of its frames are gone", mended.lacks)
            mark(self.folder / (RESTORING if mended.lacks else LOG_MENDED))
            reached("log about to be mended")
            wal.rewrite(path, mended, backups.aside_of(path, datetime.now(UTC)))
            reached("log mended")

    def _whole_outbox(self, path: Path) -> Connection:
        writer = self._prepared_outbox(path)
        try:
            with speaking(), transaction(writer):
                spoilt = seals.spoilt(writer, seals.ALL if self._thorough else seals.AT_ONCE)
                if spoilt or not rows.are_readable(writer):
                    from instica_desktop.store.damage import mend_rows  # rarely needed

                    backups.keep_damaged(path, datetime.now(UTC))
                    mend_rows(writer, self.backups, spoilt)
                if self._log_was_mended:
                    doubt_log(writer, datetime.now(UTC))
        except BaseException:
            writer.close()
            raise
        return writer

    def _prepared_outbox(self, path: Path) -> Connection:
        pages = self._outbox_pages
        return prepared(path, schema.OUTBOX, durable=True, max_pages=pages, thorough=True)

    def _restored_outbox(self, path: Path) -> Connection:
        """Put the newest good copy in a damaged outbox's place. Cut off, the next start does it anew."""
        from instica_desktop.store.damage import hold_back  # rarely needed
        from instica_desktop.store.salvage import all_salvaged, salvaged_lists

        now = datetime.now(UTC)
        aside = backups.place_aside(self.folder / RESTORING, path, now)
        reached("restore begun")
        copy, passed = backups.restore(path, self.backups, schema.OUTBOX, aside)
        writer = self._prepared_outbox(path)
        try:
            with transaction(writer):
                note = Restored(now, copy.at if copy else None, aside=aside.name, passed_over=len(passed))
                salvaged = all_salvaged(aside, passed)
                admit(writer, note, salvaged.operations)
                for source in (aside, *passed):
                    salvaged_lists(source).add(writer)
                hold_back(writer, self.backups, salvaged.spoilt)
            reached("restore noted")
            unmark(self.folder / RESTORING)
        except BaseException:
            writer.close()
            raise
        return writer

    def _open_cache(self, images: ImageFiles) -> None:
        path, max_pages = self.folder / "cache.db", self._cache_pages
        (self.folder / SPOILT).unlink(missing_ok=True)
        damaged = self.folder / CACHE_DAMAGED
        if damaged.exists():
            delete(path)
            damaged.unlink()
        writer = opened_cache(path, max_pages)
        met = self._cache_damaged
        worker = Writer("store-cache", writer, on_damage=met)
        self._resources.callback(worker.stop)
        ids, counts = (self._thread(name, path, met) for name in ("store-ids", "store-count"))
        reader = self._reader(path)
        pictures = (images, self._files)
        self.cache = Cache(worker, reader, (ids, counts), self.outbox, pictures, self._announce, met)
        self._cache_file = OpenFile(path, worker, (ids, counts), reader, self.cache.read_by)
        self._resources.callback(self._cache_file.close)

    def _outbox_damaged(self) -> None:
        self.on_damage("outbox")

    def _cache_damaged(self) -> None:
        with suppress(StoreError):  # a disk that breaks takes no sign either; it is met again then
            mark(self.folder / CACHE_DAMAGED)  # should nobody mend it now, the next start does
        self.on_damage("cache")

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
        named = {str(one.payload["blob"]) for one in self.outbox.all() if "blob" in one.payload}
        return named | self._of_nobody("blobs")

    def _copies_in_use(self) -> set[str]:
        return self.intake.copies() | self._of_nobody("intake")

    def _of_nobody(self, folder: str) -> set[str]:
        """Return the pictures in a folder while some edit cannot be read, which may need any of them."""
        damaged = self.outbox.in_state(OpState.DAMAGED)
        if self.outbox.aside or any(is_unreadable(one) for one in damaged):
            return {path.name for path in (self.folder / folder).iterdir()}
        return set()


@contextmanager
def _opening(folder: Path) -> Generator[None]:
    """Say of what went wrong that it did at opening, that nothing is lost, and what to do."""
    try:
        yield
    except DiskFull as error:
        raise DiskFull(
            "There is no room left on the disk to open this shop. Free some room, then open it again. "
            "Your edits are safe.",
            details=error.details,
        ) from error
    except StoreError as error:
        if type(error) is not StoreError:
            raise
        raise StoreError(
            "This computer’s copy of the shop could not be opened. Nothing was changed. Check that you may "
            f"read and write the folder {folder}, then open the shop again; if it still fails, run "
            "“instica-desktop doctor --repair”.",
            details=error.details or error.message,
        ) from error


def _as_written(connection: Connection) -> None:
    """Take the operations as they stand in the file."""


def _nobody_decides(what: "Decided") -> None:
    """Nobody remembers what was done."""


def _nobody_mends(what: str) -> None:
    """Nobody listens yet; the next start mends it."""


def _nobody(changes: Changes) -> None:
    """Nobody listens yet."""
