"""How long it takes to delete everything, to stop it, to take it back; and what one delete costs to send.

Run by hand: `python -m tests.bench.many_deletes [ROWS]`. No server: nothing is sent, as while it is held.
Measured: each of the three as a whole, the longest time the event loop was held up meanwhile, and what the
sender spends on one delete that was delivered while all the others wait.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any, cast

from instica_desktop.api import InsticaClient
from instica_desktop.core.accounts import Account
from instica_desktop.core.acts import Step
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.store import Store
from instica_desktop.sync import Shop
from instica_desktop.sync.watching import Stopped, Watch
from tests.bench.store_queries import fill

ROWS = 20_000
BEAT = 0.005


class Beat:
    """Says how long the loop was held up at most."""

    def __init__(self) -> None:
        self.most = 0.0
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            due = perf_counter() + BEAT
            await asyncio.sleep(BEAT)
            self.most = max(self.most, perf_counter() - due)

    def end(self) -> float:
        self._task.cancel()
        return self.most * 1000


async def measured(words: str, work: Any) -> Any:
    """Await work and say how long it took."""
    beat, began = Beat(), perf_counter()
    found = await work
    print(
        f"{words}: {perf_counter() - began:.1f} s; the loop held up at most {beat.end():.0f} ms", flush=True
    )
    return found


async def stopped(shop: Shop, uids: list[str]) -> None:
    """Stop a deletion half-way."""
    watch, before = Watch(), len(shop.operations())

    def half(done: int, of: int) -> None:
        if done > of // 2:
            watch.stop()

    watch.told = half
    try:
        await shop.removal.delete(Entity.ITEM, uids, len(uids), watch)
    except Stopped:
        assert len(shop.operations()) == before


async def main() -> None:
    """Run the measurement."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory(prefix="instica-bench-") as temporary:
        store = Store.open(Path(temporary))
        await fill(store, rows)
        client = InsticaClient("http://127.0.0.1:9", "k" * 40)
        shop = Shop(Account(id="bench", base_url="http://127.0.0.1:9"), client, store, lambda changes: None)
        shop.work_offline(True)
        await shop.start()
        cast("Any", shop.removal)._online = lambda: True
        results = shop.results(Query(Entity.ITEM))
        results.open()
        await results.settled()
        uids = await measured(f"{rows:,} uids", results.uids())
        deleted = await measured("deleted", shop.removal.delete(Entity.ITEM, uids, rows))
        await results.settled()
        print(f"left in the list: {results.count}")
        beat, began = Beat(), perf_counter()
        for operation in shop.operations()[:20]:
            await store.outbox.done(operation.uuid)
            await store.cache.remove(Entity.ITEM, [operation.uid])
            shop._operations_changed()  # pyright: ignore[reportPrivateUsage]
        print(f"one delivered: {(perf_counter() - began) / 20 * 1000:.0f} ms; at most {beat.end():.0f} ms")
        step = Step(words="deleting", acts=deleted.acts)
        await measured("taken back", shop.inverses.undo(step))
        print(f"waiting then: {len(shop.operations())}")
        left = await results.uids()
        await measured("stopped half-way", stopped(shop, left[: rows // 2]))
        await shop.close()
        await client.aclose()
        await store.close()


if __name__ == "__main__":
    asyncio.run(main())
