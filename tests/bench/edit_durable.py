"""How long an edit takes until it is on the disk, against one bare commit that waits for the disk.

Run by hand: `python -m tests.bench.edit_durable [ITEMS] [EDITS]`. Offline, so that nothing is sent beside it.
The figure that counts: an edit returns after at most 5 ms in the middle. Beside it, in turns, as many commits
of one row of 300 bytes into a file of its own with the outbox's settings (WAL, synchronous FULL).
"""

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import apsw

from instica_desktop.api import InsticaClient
from instica_desktop.core.accounts import Account
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.store import Store
from instica_desktop.sync import Shop
from tests.bench.mirror_rate import open_shop
from tests.server.fixture import RunningServer, start_server

ITEMS = 5_000
EDITS = 300
WANTED_MS = 5.0


class Bare:
    """Commits of a row, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._db = apsw.Connection(str(folder / "bare.db"))
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "CREATE TABLE rows(row TEXT)",
        ):
            self._db.execute(statement).fetchall()

    def commit(self) -> float:
        """Write a row; return the milliseconds until it was on the disk."""
        began = perf_counter()
        self._db.execute("INSERT INTO rows VALUES (?)", ("x" * 300,))
        return (perf_counter() - began) * 1000


async def filled(server: RunningServer, folder: Path) -> list[str]:
    """Copy the shop; return the uids of items."""
    shop, closing = await open_shop(server, folder)
    shop.mirror.start()
    await shop.mirror.settled()
    results = shop.results(Query(Entity.ITEM))
    results.open()
    await results.settled()
    uids = await results.uids()
    await closing()
    return uids


async def edited(folder: Path, uids: list[str], edits: int) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each edit and of each bare commit, made in turns."""
    store = Store.open(folder)
    client = InsticaClient("http://127.0.0.1:9", "key")
    shop = Shop(Account(id="bench", base_url="http://127.0.0.1:9"), client, store, lambda changes: None)
    shop.work_offline(True)
    await shop.start()
    bare = Bare(folder)
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(edits):
        began = perf_counter()
        await shop.edit(Entity.ITEM, uids[number % len(uids)], {"location": f"BENCH {number}"})
        ours.append((perf_counter() - began) * 1000)
        theirs.append(bare.commit())
    await shop.close()
    await client.aclose()
    await store.close()
    return ours, theirs


def told(name: str, times: list[float]) -> None:
    """Print the middle and the 95th percentile."""
    late = sorted(times)[int(len(times) * 0.95)]
    print(f"{name}: median {statistics.median(times):.2f} ms, 95 % {late:.2f} ms")


async def measure(items: int, edits: int) -> None:
    """Measure both and print them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "copy"
        with start_server(Path(name) / "shop", items=items) as server:
            uids = await filled(server, folder)
        ours, theirs = await edited(folder, uids, edits)
    told("an edit until it is durable and shown", ours)
    told("a bare commit", theirs)
    print(f"wanted: at most {WANTED_MS:.0f} ms in the middle")


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    asyncio.run(measure(*(numbers + [ITEMS, EDITS][len(numbers) :])))
