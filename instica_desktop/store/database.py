"""Connections and the threads that own them. One writer thread for each file; readers cannot write.

Errors of SQLite leave here as `StoreError`s. A job is a function of the connection; a writer runs each
in one transaction, so that what it returns is on the disk, or nothing of it is.
"""

import asyncio
import contextlib
import logging
import queue
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

import apsw
import msgspec

from instica_desktop.core.errors import Damaged, DiskFull, InUse, StoreError
from instica_desktop.store.files import sizes_of

log = logging.getLogger(__name__)


class Cursor(Protocol):
    """What a statement answers. The types of a row's values are the schema's, which no checker knows."""

    def __iter__(self) -> Iterator[Any]: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...


class Connection(Protocol):
    """What the store uses of a connection to SQLite."""

    def execute(self, statements: str, bindings: Sequence[Any] = ..., /) -> Cursor: ...
    def executemany(self, statements: str, bindings: Iterable[Sequence[Any]], /) -> Cursor: ...
    def changes(self) -> int: ...
    def last_insert_rowid(self) -> int: ...
    def get_autocommit(self) -> bool: ...
    def set_progress_handler(self, callable: Callable[[], bool] | None, nsteps: int = ..., /) -> None: ...
    def interrupt(self) -> None: ...
    def close(self) -> None: ...


T = TypeVar("T")
Job = Callable[[Connection], T]
Interrupted = apsw.InterruptError
NotReadable = (apsw.NotADBError, apsw.CorruptError)
SqliteError = apsw.Error
UnfinishedError = apsw.ReadOnlyError
"""What looking at a file meets that was cut off in a transaction, which a reader may not take back."""
_IN_PASSING = (apsw.BusyError, apsw.LockedError)


def translated(error: apsw.Error) -> StoreError:
    """Return the error of our tree for one of SQLite's."""
    details = f"{type(error).__name__}: {error}"
    if isinstance(error, apsw.FullError):
        return DiskFull("There is no room left on the disk. The change was not saved.", details=details)
    if isinstance(error, apsw.CorruptError | apsw.NotADBError | apsw.ConstraintError):
        # Nothing is written twice here: an index that says so no longer fits its table.
        return Damaged("This computer's copy of the shop is damaged.", details=details)
    if isinstance(error, _IN_PASSING):
        return InUse("Another program is using this computer's copy of the shop.", details=details)
    return StoreError("This computer's copy of the shop could not be read or written.", details=details)


@contextlib.contextmanager
def speaking() -> Generator[None]:
    """Turn SQLite's errors inside into StoreErrors. An interruption stays what it is.

    All text is written as UTF-8, and what is JSON as such: what cannot be read so was spoilt on the disk.
    """
    try:
        yield
    except apsw.InterruptError:
        raise
    except apsw.Error as error:
        raise translated(error) from error
    except (UnicodeDecodeError, msgspec.DecodeError) as error:
        raise Damaged("This computer's copy of the shop is damaged.", details=str(error)) from error


def connect(
    path: Path, *, write: bool, durable: bool = False, cache_mb: int = 16, max_pages: int | None = None
) -> Connection:
    """Open a connection set up as the design asks: WAL, foreign keys, untrusted schema, 5 s patience.

    `durable` makes every commit survive a power cut. `max_pages` (4 KiB each) caps the file.
    """
    mode = apsw.SQLITE_OPEN_READWRITE if write else apsw.SQLITE_OPEN_READONLY
    opened = apsw.Connection(str(path), flags=mode, statementcachesize=300)
    connection = cast(Connection, opened)
    try:
        opened.set_busy_timeout(5000)
        settings = [
            "foreign_keys=ON",
            "trusted_schema=OFF",
            "temp_store=MEMORY",
            f"cache_size={-1024 * cache_mb}",
        ]
        if write:
            settings += ["journal_mode=WAL", f"synchronous={'FULL' if durable else 'NORMAL'}"]
            settings += ["journal_size_limit=67108864"]
            # One upsert changes thousands of pages: the disposable file checkpoints every 40 MB, not every 4.
            settings += [] if durable else ["wal_autocheckpoint=10000"]
            settings += [f"max_page_count={max_pages}"] if max_pages else []
        else:
            settings += ["query_only=ON"]
        for setting in settings:
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def looking(path: Path) -> Generator[Connection]:
    """Open a file to look at it and change nothing: no mode is set, and closing cannot checkpoint."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        yield cast(Connection, connection)
    finally:
        connection.close()


@contextlib.contextmanager
def memory() -> Generator[Connection]:
    """Open a database that is in no file."""
    connection = apsw.Connection(":memory:")
    try:
        yield cast(Connection, connection)
    finally:
        connection.close()


def moment(path: Path, *, settled: bool = False) -> Connection:
    """Open a file to read it as it is in one moment, beside whoever writes it.

    In a folder that may not be written, SQLite has nowhere to keep the index of a log. Without a log none is
    needed: `settled`, what lies there is all there is, and nobody changes it.
    """
    name = f"{path.absolute().as_uri()}?immutable=1" if settled else str(path)
    flags = apsw.SQLITE_OPEN_READONLY | (apsw.SQLITE_OPEN_URI if settled else 0)
    opened = apsw.Connection(name, flags=flags)
    connection = cast(Connection, opened)
    try:
        opened.set_busy_timeout(5000)
        connection.execute("BEGIN")
        connection.execute(
            "SELECT 1 FROM sqlite_schema"
        ).fetchone()  # the moment is that of the first reading
    except BaseException as error:
        connection.close()
        cannot_begin = isinstance(error, apsw.CantOpenError | apsw.ReadOnlyError)
        if settled or not cannot_begin or sizes_of([path.with_name(f"{path.name}-wal")]):
            raise
        return moment(path, settled=True)
    return connection


@contextlib.contextmanager
def ending(path: Path) -> Generator[Connection]:
    """Open a file that was cut off in a transaction: the first reading takes that back."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        yield cast(Connection, connection)
    finally:
        connection.close()


@contextlib.contextmanager
def transaction(connection: Connection, kind: str = "IMMEDIATE") -> Generator[None]:
    """Run the block in one transaction; any error takes all of it back."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if not connection.get_autocommit():  # SQLite itself may have rolled back on a full disk
            connection.execute("ROLLBACK")
        raise


def one(connection: Connection, sql: str, bindings: Any = ()) -> Any:
    """Return the first column of the first row, or None."""
    row = connection.execute(sql, bindings).fetchone()
    return None if row is None else row[0]


def frames_read(connection: Connection) -> int:
    """Return how many frames of its log SQLite reads, which is where it takes the log to end."""
    _, frames, _ = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
    return int(frames)


class _Task:
    """One job on its way through a thread: what to run, and how to tell its outcome."""

    def __init__(
        self, job: Job[Any], settle: Callable[[Any, BaseException | None], None], *, bare: bool = False
    ) -> None:
        """`bare`: about the connection itself, outside any transaction."""
        self.job = job
        self.settle = settle
        self.bare = bare
        self.dropped = False


class Worker:
    """A named thread that owns one connection and runs jobs one after another, each whole.

    The thread begins with the first job, so that opening a store waits for none.
    """

    def __init__(
        self, name: str, connection: Connection, on_damage: Callable[[], None] | None = None
    ) -> None:
        """`on_damage` is called in the thread when the file turns out to be damaged."""
        self._connection = connection
        self._on_damage = on_damage
        self._queue: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._next: queue.SimpleQueue[Connection] = queue.SimpleQueue()
        self._guard = threading.Lock()
        self._current: _Task | None = None
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._begun = False

    async def run(self, job: Job[T], after: Callable[[T], None] | None = None) -> T:
        """Run a job in the thread and return its result.

        `after` is called with the result in the event loop's thread before anyone sees it, also when the
        caller was cancelled meanwhile: what was committed is announced. A StoreError leaves as such.
        """
        task, future = self._given(job, after)
        try:
            return await future
        except asyncio.CancelledError:
            self._abandon(task)
            raise

    def park(self) -> "asyncio.Future[None]":
        """Close the connection after what was asked before; what is asked from now on waits for `resume`."""
        _, closed = self._given(_let_go, bare=True)
        self._given(self._take_next, bare=True)
        return closed

    def resume(self, connection: Connection) -> None:
        """Go on after `park`, with another connection."""
        self._next.put(connection)

    def _take_next(self, _: Connection) -> None:
        self._connection = self._next.get()

    def _given(
        self, job: Job[T], after: Callable[[T], None] | None = None, *, bare: bool = False
    ) -> "tuple[_Task, asyncio.Future[T]]":
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(result: Any, error: BaseException | None) -> None:
            loop.call_soon_threadsafe(_finish, future, result, error, after)

        task = _Task(job, settle, bare=bare)
        self._queue.put(task)
        self._begin()
        return task, future

    def stop(self) -> None:
        """End the thread after its queue, wait for it, and close the connection. May be called again."""
        self._queue.put(None)
        if self._begun:
            self._thread.join()
        self._connection.close()

    def _begin(self) -> None:
        with self._guard:
            begun, self._begun = self._begun, True
        if not begun:
            self._thread.start()

    def _work(self) -> None:
        while (task := self._queue.get()) is not None:
            with self._guard:
                self._current = task
            try:
                with speaking():
                    result = task.job(self._connection) if task.bare else self._perform(task)
                    error = None
            except apsw.InterruptError as problem:
                result, error = None, StoreError("The search was broken off.", details=str(problem))
            except BaseException as problem:  # noqa: BLE001  every outcome belongs to the caller
                result, error = None, problem
                if isinstance(problem, Damaged):
                    self._tell_damage()
            with self._guard:
                self._current = None
            with contextlib.suppress(RuntimeError):  # the loop has ended; nobody waits any more
                task.settle(result, error)

    def _tell_damage(self) -> None:
        """Say that the file is damaged. Whoever hears it may fail; the thread goes on for all who wait."""
        try:
            if self._on_damage is not None:
                self._on_damage()
        except Exception:
            log.exception("What a damaged file asks for could not be begun")

    def _perform(self, task: _Task) -> Any:
        raise NotImplementedError

    def _abandon(self, task: _Task) -> None:
        """React to a caller that no longer waits."""


class Writer(Worker):
    """Each job is one transaction. A job whose caller went away is still carried out."""

    def _perform(self, task: _Task) -> Any:
        with transaction(self._connection):
            return task.job(self._connection)


class Reader(Worker):
    """Reads beside the event loop. A job whose caller went away is broken off or never begun."""

    def _perform(self, task: _Task) -> Any:
        return None if task.dropped else task.job(self._connection)

    def _abandon(self, task: _Task) -> None:
        with self._guard:
            task.dropped = True
            if self._current is task:
                self._connection.interrupt()

    def stop(self) -> None:
        """Break off what runs, then end as any worker does."""
        with self._guard:
            if self._current is not None and not self._current.bare:  # not while files change
                self._connection.interrupt()
        super().stop()


def _let_go(connection: Connection) -> None:
    with contextlib.suppress(apsw.Error):  # what is damaged may not even close well
        connection.close()


def _finish(
    future: "asyncio.Future[Any]",
    result: Any,
    error: BaseException | None,
    after: Callable[[Any], None] | None,
) -> None:
    if error is None and after is not None:
        try:
            after(result)
        except Exception as problem:  # noqa: BLE001  it belongs to whoever asked for the write
            error = problem
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)


def sqlite_version() -> str:
    """Return the version of SQLite in use, such as `3.54.1`."""
    return apsw.sqlite_lib_version()
