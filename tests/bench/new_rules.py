"""How long a copy takes to be brought up to date with new rules, and what an edit waits for meanwhile.

Run by hand: `python -m tests.bench.new_rules [ROWS]`. Measured: the whole of it as the app does it (a piece,
then as long a pause), the longest time the event loop was held up, and how long laying an edit over its
record took, against the same without anything else going on.
"""

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.rules import KEY, Rules
from instica_desktop.store.store import Store
from instica_desktop.sync import Pace
from instica_desktop.sync.upkeep import Upkeep
from tests.bench.store_queries import fill

ROWS = 100_000
EDITS = 40


async def edits(store: Store, uids: list[str], held_up: list[float]) -> float:
    """Lay edits over records now and then; return the median of what one took, in ms."""
    took: list[float] = []
    for uid in uids:
        began = perf_counter()
        await asyncio.sleep(0.05)
        held_up.append(perf_counter() - began - 0.05)
        began = perf_counter()
        await store.cache.reproject(Entity.ITEM, [uid])
        took.append((perf_counter() - began) * 1000)
    return statistics.median(took)


async def main() -> None:
    """Run the measurement."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory(prefix="instica-bench-") as temporary:
        store = Store.open(Path(temporary))
        await fill(store, rows)
        ids = await store.cache.ids(Query(Entity.ITEM))
        uids = [row.uid for row in store.cache.rows(Entity.ITEM, ids[:EDITS]) if row]
        calm: list[float] = []
        alone = await edits(store, uids, calm)
        await store.cache.set_meta(KEY, "of long ago")
        done, busy = asyncio.Event(), list[float]()
        upkeep = Upkeep(store, Pace(), print)
        began = perf_counter()
        upkeep.renew(done.set)
        beside = await edits(store, uids, busy)
        while not done.is_set():
            await edits(store, uids[:1], busy)
        print(
            f"{rows:,} items in {perf_counter() - began:.0f} s; up to date: {not Rules(store.cache).outdated}"
        )
        print(f"the loop held up at most {max(busy) * 1000:.0f} ms, {max(calm) * 1000:.0f} with nothing else")
        print(f"an edit laid over its record in {beside:.0f} ms, {alone:.0f} with nothing else")
        await upkeep.close()
        await store.close()


if __name__ == "__main__":
    asyncio.run(main())
