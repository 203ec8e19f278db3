"""The entry points of the server: `serve`, `seed`, `simulate`. Django is imported inside them, not on import.

Exit codes of `serve`: 0 ended as asked, 2 the shop cannot be opened (newer, damaged, port taken), 4 another
server has it open.
"""

import _thread
import contextlib
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULT_ITEMS = 2_000
DEFAULT_SEED = 1
_HOST = "127.0.0.1"
_LARGEST_BODY = 501_000_000
"""Above every limit of ours, so that it is we who refuse, in words; waitress keeps bodies on disk."""
IN_USE = 4


@dataclass(frozen=True)
class SeedReport:
    """What a seeding made."""

    products: int
    items: int
    orders: int
    seconds: float


def _complain(error: object, code: int = 2) -> int:
    print(error, file=sys.stderr, flush=True)
    return code


def _listen(port: int | None) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # so that a restart gets its port back; on Windows this would share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((_HOST, port or 0))
    listener.listen(128)  # before the address is printed: who reads it may connect at once
    return listener


def _end_with_parent() -> None:
    """End this process once stdin reaches its end: the parent is gone, in whatever way."""
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass  # a stdin that cannot be read has no parent at its other end either
    os.kill(os.getpid(), signal.SIGTERM)


def _read_key() -> str:
    """Return the first line of stdin, read without a buffer that would swallow the rest."""
    line = bytearray()
    while len(line) < 1000 and (byte := os.read(0, 1)) and byte != b"\n":
        line += byte
    return line.decode("ascii", "replace").strip()


class Ending:
    """Ends the server when a signal asks for it.

    A second signal (the parent's pipe closes too) does not cut the ending short. But what Python calls by
    itself, such as the end of a weak reference, swallows the exception: until the end has begun it is raised
    again after every `grace` seconds.
    """

    def __init__(self, grace: float = 10.0) -> None:
        self._grace = grace
        self._asked = float("-inf")
        self._wanted = threading.Event()
        self._begun = threading.Event()

    def listen(self) -> None:
        """Listen to the signals; for the main thread."""
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)
        threading.Thread(target=self._watch, name="ending", daemon=True).start()

    def begin(self) -> None:
        """Take note that the end has begun: no signal matters any more."""
        self._begun.set()

    def _ask(self, signum: int, frame: object) -> None:
        now = time.monotonic()
        if self._begun.is_set() or now - self._asked < self._grace:
            return
        self._asked = now
        self._wanted.set()
        raise SystemExit(0)

    def _watch(self) -> None:
        self._wanted.wait()
        while not self._begun.wait(self._grace * 1.1):
            _thread.interrupt_main(signal.SIGTERM)


def _waitress(listener: socket.socket) -> Any:
    """Return the server, listening already, so that nobody who reads our address finds a closed door."""
    from django.core.wsgi import get_wsgi_application

    from instica_desktop.server.web.door import Door
    from instica_desktop.server.web.rooms import THREADS

    return Door(get_wsgi_application(), listener, threads=THREADS, largest_body=_LARGEST_BODY)


@dataclass(frozen=True)
class _Start:
    """What one start of the server was asked for."""

    data_dir: Path
    catalogue: Path
    demo_items: int
    demo_seed: int
    parent_pipe: bool
    key: str | None
    database: str | None


def _held(folder: Any, database: str | None) -> Any:
    """Return what keeps a second server out of a folder with an SQLite file; PostgreSQL may have many."""
    from instica_desktop.server.storage.folder import locked

    return contextlib.nullcontext() if database else locked(folder)


def _serve_locked(start: _Start, listener: socket.socket, ending: Ending) -> int:
    from instica_desktop.server.settings import configure
    from instica_desktop.server.storage.database import open_database
    from instica_desktop.server.storage.folder import ShopFolder
    from instica_desktop.server.storage.ladder import keep_backups
    from instica_desktop.server.storage.old_messages import prune_messages
    from instica_desktop.server.storage.sweeping import keep_swept

    port = listener.getsockname()[1]
    folder = ShopFolder(start.data_dir)
    folder.prepare()
    prune_messages(folder)
    hosts = {f"{_HOST}:{port}", f"localhost:{port}"}
    configure(start.data_dir, hosts=hosts, database=start.database, SHOP_CATALOGUE=start.catalogue)
    if start.parent_pipe:  # an update may take minutes: it ends with the parent, too
        threading.Thread(target=_end_with_parent, name="parent-pipe", daemon=True).start()
    open_database(folder, _tell_parent if start.parent_pipe else _tell_person)
    _fill_if_empty(start)
    server = _waitress(listener)
    _announce(port, start.key)
    backups_ended = threading.Event() if start.database else keep_backups(folder)
    sweeping_ended = keep_swept(folder)
    job_thread = _job_thread()
    gc.freeze()  # what is there now stays: looking through it again and again would delay answers
    server.run()
    ending.begin()
    job_thread.stop()
    backups_ended.set()
    sweeping_ended.set()
    server.close()
    _note_use()
    return 0


def _note_use() -> None:
    from instica_desktop.server.operations.usage import USE

    USE.flush()


def _tell_parent(done: int, total: int) -> None:
    """Say how far an update is, so that a long start is not taken for a dead server."""
    print(f"preparing={done}/{total}", flush=True)


def _tell_person(done: int, total: int) -> None:
    if not done:
        print("Bringing the shop up to date with this version…", file=sys.stderr, flush=True)


def _job_thread() -> Any:
    """Start the thread that does the long work. Its modules need Django to be configured."""
    from instica_desktop.server.jobs.embedded import JobThread

    thread = JobThread()
    thread.start()
    return thread


def _fill_if_empty(start: _Start) -> None:
    from instica_desktop.server.models import Product
    from instica_desktop.server.shop import ensure_owner

    ensure_owner()
    if start.demo_items and not Product.objects.exists():
        from instica_desktop.server.seeding.run import fill

        fill(items=start.demo_items, seed=start.demo_seed, catalogue=start.catalogue)


def _announce(port: int, key: str | None) -> None:
    from instica_desktop.server.shop import issue_run_key
    from instica_desktop.server.web.key_form import new_key

    used = key or new_key()
    issue_run_key(used)
    print(f"base_url=http://{_HOST}:{port}")
    if key is None:
        print(f"api_key={used}")
    sys.stdout.flush()


def _given_key(parent_pipe: bool, key: str | None) -> str | None:
    """Return the key the caller chose, None to make one. Errors: `ValueError` for an unusable one."""
    from instica_desktop.server.web.key_form import is_usable

    chosen = _read_key() if parent_pipe and key is None else key
    if chosen and not is_usable(chosen):
        raise ValueError("The given API key is too short or holds characters a header cannot carry.")
    return chosen or None


def serve(
    data_dir: Path,
    *,
    port: int | None,
    catalogue: Path,
    demo: bool,
    parent_pipe: bool,
    key: str | None = None,
    demo_items: int = DEFAULT_ITEMS,
    demo_seed: int = DEFAULT_SEED,
    database: str | None = None,
) -> int:
    """Serve the shop in `data_dir` on 127.0.0.1 until SIGTERM or SIGINT; returns the exit code.

    `port` None or 0 takes a free one. `catalogue` is the file of release facts, read by look-ups and when
    `demo` fills an empty shop with `demo_items` copies. Prints `base_url=…` and `api_key=…`, one line each,
    and flushes; the key is fresh at every start and those of earlier starts are dead. A caller who gives the
    key (`key`, or the first line of stdin with `parent_pipe`) knows it: then only `base_url=…` is printed; an
    empty first line asks for a fresh key. With `parent_pipe` the server also ends when stdin does, and before
    the address it prints lines `preparing=DONE/TOTAL` while it brings an older shop up to date. `database`
    is the address of a PostgreSQL that holds the records instead of a file in the folder.
    """
    from instica_desktop.server.seeding.facts import CatalogueUnusable
    from instica_desktop.server.storage.database import ShopRefused
    from instica_desktop.server.storage.folder import ShopFolder, ShopInUse, in_words

    data_dir = data_dir.absolute()
    ending = Ending()
    ending.listen()
    try:
        chosen = _given_key(parent_pipe, key)
        start = _Start(
            data_dir, catalogue, demo_items if demo else 0, demo_seed, parent_pipe, chosen, database
        )
        with _held(ShopFolder(data_dir), database), _listen(port) as listener:
            return _serve_locked(start, listener, ending)
    except ShopInUse as error:
        return _complain(error, IN_USE)
    except (ShopRefused, CatalogueUnusable, OSError, ValueError) as error:
        return _complain(in_words(error))
    finally:
        ending.begin()


def seed(
    data_dir: Path,
    *,
    items: int,
    seed: int,
    catalogue: Path,
    progress: Callable[[int, int], None] | None = None,
    database: str | None = None,
) -> SeedReport:
    """Fill the empty shop in `data_dir` with `items` copies; same seed, same day, same shop. Once a process.

    `catalogue` is the CSV of release facts. `progress` is told (done, of) while it works. Errors: `ShopInUse`
    (server.storage.folder) when a server has the shop open, `ShopRefused` (server.storage.database) when it
    is newer or damaged, `ShopNotEmpty` (server.seeding.run) when it has products, `CatalogueUnusable`.
    """
    from instica_desktop.server.settings import configure
    from instica_desktop.server.storage.database import open_database
    from instica_desktop.server.storage.folder import ShopFolder

    folder = ShopFolder(data_dir.absolute())
    with _held(folder, database):
        folder.prepare()
        configure(folder.root, hosts=(), database=database)
        open_database(folder)
        from instica_desktop.server.seeding.run import fill

        return fill(items=items, seed=seed, catalogue=catalogue, progress=progress)


def simulate(data_dir: Path, *, orders: int, seed: int) -> int:
    """Let buyers order listed items of the shop in `data_dir`; returns how many came. Once a process.

    Errors: `ShopInUse` (server.storage.folder) when a server has the shop open, `ShopRefused`
    (server.storage.database) when it is newer, damaged or not there.
    """
    from instica_desktop.server.settings import configure
    from instica_desktop.server.storage.database import ShopRefused, open_database
    from instica_desktop.server.storage.folder import ShopFolder, locked

    folder = ShopFolder(data_dir.absolute())
    if not folder.database.exists():
        raise ShopRefused(f"There is no shop in {data_dir}. Fill one with `seed` first.")
    with locked(folder):
        folder.prepare()
        configure(folder.root, hosts=())
        open_database(folder)
        from instica_desktop.server.simulation.trade import trade

        return trade(orders, seed)
