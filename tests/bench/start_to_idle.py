"""What a start costs until the program is idle, by the size of the copy: it should cost the same.

    python -m tests.bench.start_to_idle [--rows 10000 100000 1000000] [--folder DIR] [--rounds 3] [--walk]

A copy of each size is made in `DIR/ROWS`, or used as it is there. The program starts on it as a person
starts it (with the platform plugin QT_QPA_PLATFORM names, else offscreen), without a server and with one
that answers, in turns. Processor time is the process's own (utime and stime), from its start until it uses
less than 2 % of a core over 2 s. The server answers each list from the copy, since it is the program that
is measured. `--walk` starts the program once more with all records noted as unpictured: each start did as
much before it was remembered whose pictures were seen to. The figures that count: processor time at most
1.25 times that of the smallest copy, and idle within 3 s of the first rows, on a machine with nothing else
to do.
"""

import argparse
import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from instica_desktop.core.accounts import Account, key_digest
from instica_desktop.core.models.common import Entity
from instica_desktop.store import unpictured
from instica_desktop.store.mirror import FRESH, Progress
from instica_desktop.store.store import Store
from instica_desktop.store.values import micros, millis
from instica_desktop.sync.mirror.scan import OVERLAP_MS
from instica_desktop.system.accounts import Accounts
from instica_desktop.system.paths import Profile
from instica_desktop.system.prefs import Prefs
from tests.bench.store_queries import fill
from tests.server.fixture import ROOT

KEY = "a-key-that-the-server-of-this-bench-takes"
STILL, SHARE, LOOK = 2.0, 0.02, 0.05
"""Idle is less than this share of a core over so many seconds; seconds between two looks."""
PATIENCE = 1200.0
NOWHERE = "http://127.0.0.1:9"
"""Where no server listens."""
TICK = os.sysconf("SC_CLK_TCK")

PROGRAM = """
import sys, os
from pathlib import Path
from instica_desktop.system.paths import Profile
from instica_desktop.app.window import run_window
from instica_desktop.qtkit.spare import spare_source_search
spare_source_search()  # as run_window does before it reads our own modules
from instica_desktop.qtkit.entity_table import EntityTableView
paint = EntityTableView.paintEvent
def painted(self, event):
    paint(self, event)
    if self.table_model.row(0) is not None:
        os.write(1, b"rows\\n")
        EntityTableView.paintEvent = paint
EntityTableView.paintEvent = painted
sys.exit(run_window(Profile.at(Path(sys.argv[1])), demo=False))
"""


@dataclass(frozen=True)
class Start:
    """Seconds: of the processor until idle, from the start to the first rows, and from those until idle."""

    spent: float
    rows: float
    idle: float


# ---------------------------------------------------------------- the copy


def made(folder: Path, rows: int) -> Path:
    """Return the folder of the account in a profile whose copy holds so many items."""
    profile = Profile.at(folder).create()
    account = profile.account_folder("bench")
    asyncio.run(_filled(account, rows))
    return account


async def _filled(account: Path, rows: int) -> None:
    store = Store.open(account)
    try:
        if store.cache.known(Entity.ITEM) != rows:
            await fill(store, rows)
            await store.cache.tidy(lambda: True)
        at, newest = millis(datetime.now(UTC)), _newest(account)
        for entity in Entity:
            count = rows if entity is Entity.ITEM else 0
            mark = newest if count else 0
            whole = Progress(
                generation=1,
                phase=FRESH,
                begun_with=count,
                count=count,
                mark=mark,
                started=at,
                completed=at,
                checked=at,
                floor=max(0, mark - OVERLAP_MS * 1000),
                heads=((mark, at),),
                deltas=1,
            )
            await store.cache.mirror.save(entity, whole)
    finally:
        await store.close()


def _newest(account: Path) -> int:
    with closing(sqlite3.connect(account / "cache.db")) as base:
        return base.execute("SELECT max(k_updated) FROM inventory").fetchone()[0] or 0


def note_pictures(account: Path, *, seen_to: bool) -> None:
    """Leave the copy as a session does that saw to all pictures, or as one that noted nothing of the kind."""
    with closing(sqlite3.connect(account / "cache.db")) as base, base:
        for entity in unpictured.PICTURED:
            base.execute(f"DELETE FROM {entity}_unpictured")
        base.execute("DELETE FROM meta WHERE key='pictures'")
        if seen_to:
            base.execute("INSERT INTO meta VALUES ('pictures', ?)", (unpictured.FIRST,))


# ---------------------------------------------------------------- the server


class Answers(BaseHTTPRequestHandler):
    """Answers from a copy: its items in the orders the program asks for, no other records, nothing else."""

    account: Path
    asked: list[str]
    protocol_version = "HTTP/1.1"

    def handle(self) -> None:
        """Answer until the program ends, which it may do at any moment."""
        with suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        """Answer."""
        parts = urlsplit(self.path)
        self.asked.append(self.path)
        found = self._found(parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()})
        body = b'{"detail": "Not found."}' if found is None else msgspec.json.encode(found)
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _found(self, path: str, asked: dict[str, str]) -> Any:
        match path.removeprefix("/api/v1"):
            case "/user/me/":
                return {"uid": "usr_bench", "username": "bench", "email": "bench@example.com"}
            case "/inventory/":
                return self._page(asked)
            case "/products/" | "/orders/":
                return {"count": 0, "next": None, "previous": None, "results": []}
            case _:
                return None

    def _page(self, asked: dict[str, str]) -> dict[str, Any]:
        size, number = int(asked.get("page_size", "50")), int(asked.get("page", "1"))
        order = {"-updated": "k_updated DESC", "created": "k_created"}.get(
            asked.get("ordering", ""), "k_created DESC"
        )
        since = asked.get("updated_after")
        after = micros(datetime.fromisoformat(since)) if since else None
        with closing(sqlite3.connect(f"file:{self.account}/cache.db?mode=ro", uri=True)) as base:
            where, values = ("WHERE k_updated > ?", (after,)) if after else ("", ())
            count = base.execute(f"SELECT count(*) FROM inventory {where}", values).fetchone()[0]
            ids = base.execute(
                f"SELECT id FROM inventory {where} ORDER BY {order} LIMIT ? OFFSET ?",
                (*values, size, (number - 1) * size),
            ).fetchall()
            raws = [
                base.execute("SELECT raw FROM inventory_raw WHERE id=?", id_).fetchone()[0] for id_ in ids
            ]
        more = f"{self.path}&more" if number * size < count else None
        return {"count": count, "next": more, "previous": None, "results": [msgspec.Raw(raw) for raw in raws]}

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def answering(account: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve a copy; yield the address, and what is asked there."""
    asked: list[str] = []
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Bound", (Answers,), {"account": account, "asked": asked})
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


# ---------------------------------------------------------------- the program


def processor_seconds(pid: int) -> float:
    """Return what a process has used of the processor, its children left out."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def started(folder: Path, base_url: str) -> Start:
    """Start the program on a profile, wait until it is idle, end it."""
    account = Account(
        id="bench", base_url=base_url, label="Bench", user_uid="usr_bench", key_digest=key_digest(KEY)
    )
    Accounts(Prefs(Profile.at(folder).settings_file)).remember(account)
    own = {"INSTICA_BASE_URL": base_url, "INSTICA_API_KEY": KEY, "QT_QPA_PLATFORM": "offscreen"}
    environment = {**own, **os.environ} | {
        name: own[name] for name in ("INSTICA_BASE_URL", "INSTICA_API_KEY")
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.monotonic()
    with (folder / "program.log").open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
        )
    try:
        assert child.stdout is not None
        if child.stdout.readline() != b"rows\n":
            raise SystemExit(f"The program showed no rows: {(folder / 'program.log').read_text()}")
        rows = time.monotonic()
        spent, idle = _until_idle(child.pid)
        return Start(spent, rows - began, max(0.0, idle - rows))
    finally:
        child.terminate()
        child.wait()


def _until_idle(pid: int) -> tuple[float, float]:
    """Return what a process has used when it becomes idle, and when that is."""
    end = time.monotonic() + PATIENCE
    looks = deque([(time.monotonic(), processor_seconds(pid))])
    while looks[-1][0] < end:
        time.sleep(LOOK)
        now, spent = time.monotonic(), processor_seconds(pid)
        looks.append((now, spent))
        while now - looks[1][0] >= STILL:
            looks.popleft()
        then, before = looks[0]
        if now - then >= STILL and spent - before < SHARE * (now - then):
            return before, then
    raise SystemExit("The program does not become idle.")


# ---------------------------------------------------------------- all of it


def measure(folders: dict[int, Path], rounds: int, *, walk: bool) -> None:
    """Start on each copy in each way, in turns; print the medians, and the ratios to the smallest copy."""
    accounts = {rows: made(folder, rows) for rows, folder in folders.items()}
    found: dict[tuple[str, int], list[Start]] = {}
    for turn in range(rounds + 1):  # the first brings the files into memory
        for rows, folder in folders.items():
            account = accounts[rows]
            note_pictures(account, seen_to=True)
            now = {"offline": started(folder, NOWHERE)}
            with answering(account) as (base_url, asked):
                now["with a server"] = started(folder, base_url)
                if not asked:
                    raise SystemExit("The program asked the server nothing.")
                if walk and turn == rounds:
                    note_pictures(account, seen_to=False)
                    now["with a walk through all"] = started(folder, base_url)
            for way, start in now.items() if turn else ():
                found.setdefault((way, rows), []).append(start)
    report(found, min(folders))


def report(found: dict[tuple[str, int], list[Start]], smallest: int) -> None:
    """Print a line for each way to start and each size."""
    print(
        f"{'seconds':<26}{'items':>10}{'processor':>11}{'ratio':>7}{'first rows':>12}{'idle after them':>17}"
    )
    for way in dict.fromkeys(way for way, _ in found):
        base = median(start.spent for start in found[way, smallest])
        for rows in (rows for other, rows in found if other == way):
            starts = found[way, rows]
            spent = median(start.spent for start in starts)
            first, idle = median(start.rows for start in starts), median(start.idle for start in starts)
            print(f"{way:<26}{rows:>10,}{spent:>11.2f}{spent / base:>7.2f}{first:>12.2f}{idle:>17.2f}")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--walk", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="instica-bench-") as temporary:
        base = (given.folder or Path(temporary)).resolve()
        folders = {rows: base / str(rows) for rows in sorted(given.rows)}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        measure(folders, given.rounds, walk=given.walk)


if __name__ == "__main__":
    main()
