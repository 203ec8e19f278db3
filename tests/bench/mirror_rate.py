"""How fast the copy of a shop is: its rate against a bare loop that fetches the same pages and drops them.

Run by hand: `python -m tests.bench.mirror_rate [ITEMS]`. Both ask the same server with the same client and as
many requests at once, in turns, and the figure that counts is the ratio of the rates: at least 0.75. Then 100
records are changed elsewhere, and the requests of one look for changes are counted.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from instica_desktop.api import InsticaClient
from instica_desktop.core.accounts import Account
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.store import Store
from instica_desktop.sync import Pace, Shop
from instica_desktop.sync.mirror.reading import OLDEST_FIRST, Reader
from tests.server.fixture import RunningServer, start_server

ITEMS = 100_000
ROUNDS = 3
CHANGED = 100


async def bare(server: RunningServer, at_once: int) -> float:
    """Return the records a second of a loop that fetches every page of the shop and keeps nothing."""
    client = InsticaClient(server.base_url, server.api_key)
    sections: list[Any] = [client.inventory, client.products, client.orders]
    records, began = 0, perf_counter()
    for section, entity in zip(sections, (Entity.ITEM, Entity.PRODUCT, Entity.ORDER), strict=True):
        query = Query(entity).with_ordering(OLDEST_FIRST)
        first = await section.page(query)
        numbers = iter(range(2, -(-first.count // 100) + 1))
        records += len(first.records)

        async def worker(section: Any, query: Query, numbers: Any) -> int:
            return sum([len((await section.page(query, number)).records) for number in numbers])

        records += sum(await asyncio.gather(*(worker(section, query, numbers) for _ in range(at_once))))
    taken = perf_counter() - began
    await client.aclose()
    return records / taken


async def copied(server: RunningServer, folder: Path) -> float:
    """Return the records a second of a full copy into an empty folder."""
    shop, closing = await open_shop(server, folder)
    began = perf_counter()
    shop.mirror.start()
    await shop.mirror.settled()
    taken = perf_counter() - began
    records = sum(shop.known(entity) for entity in Entity)
    await closing()
    return records / taken


async def open_shop(server: RunningServer, folder: Path) -> tuple[Shop, Any]:
    """Open a shop that is connected; the second value closes it."""
    store = Store.open(folder)
    client = InsticaClient(server.base_url, server.api_key)
    shop = Shop(Account(id="bench", base_url=server.base_url), client, store, lambda changes: None)
    await shop.start()
    while not shop.state.can_read:  # noqa: ASYNC110  a measurement may look
        await asyncio.sleep(0.01)

    async def close() -> None:
        await shop.close()
        await client.aclose()
        await store.close()

    return shop, close


async def refreshed(server: RunningServer, folder: Path) -> tuple[int, int]:
    """Return the list requests of one look after 100 changes, and how many pages the changes since fill.

    Those are the 100, their products, and what changed in the two minutes before, as the server counts them.
    """
    shop, closing = await open_shop(server, folder)
    admin = InsticaClient(server.base_url, server.api_key)
    shop.mirror.start()
    await shop.mirror.settled()
    asked: list[str] = []
    changed: dict[Entity, int] = {}
    real = Reader.page

    async def page(self: Reader, ordering: str, number: int, **more: int) -> Any:
        asked.append(f"{self.entity} {number}")
        read = await real(self, ordering, number, **more)
        if more.get("after"):
            changed[self.entity] = -(-read.count // self.size)
        return read

    Reader.page = page
    try:
        records = (await admin.inventory.page(Query(Entity.ITEM))).records[:CHANGED]
        for record in records:
            await admin.inventory.update(record.data.uid, {"location": "BENCH"})
        shop.mirror.look()
        await shop.mirror.settled()
    finally:
        Reader.page = real
        await admin.aclose()
        await closing()
    return len(asked), sum(changed.values())


async def measure(items: int) -> None:
    """Measure in turns and print the ratios."""
    at_once = Pace().mirror_at_once
    with tempfile.TemporaryDirectory() as name, start_server(Path(name) / "shop", items=items) as server:
        ratios: list[float] = []
        for turn in range(ROUNDS):
            loop = await bare(server, at_once)
            copy = await copied(server, Path(name) / f"copy-{turn}")
            ratios.append(copy / loop)
            print(f"records a second: bare loop {loop:.0f}, copy {copy:.0f}, ratio {copy / loop:.2f}")
        requests, pages = await refreshed(server, Path(name) / f"copy-{ROUNDS - 1}")
    print(f"best ratio {max(ratios):.2f} (wanted: at least 0.75)")
    print(f"{requests} requests after {CHANGED} changes on {pages} pages (wanted: at most {3 + pages})")


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS))
