"""How quickly the cache answers at a million items: every ordering, every filter, search, and combinations.

    python -m tests.bench.store_queries [--rows 1000000] [--folder DIR] [--windows]

A folder that already holds that many items is used as it is; without one, a temporary folder is filled first.
Prints one line a query: p50 and p95 of the first 64 ids with 40 rows decoded, then count and all ids, in ms.
`--windows` times the first window alone, for every filter of every table in every ordering, and for every two
filters; it prints how many take longer than 20 ms, and the slowest.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import ORDERINGS, Filter, Query
from instica_desktop.store.database import connect
from instica_desktop.store.store import Store
from tests.bench.stock import pages, pairs, windows


async def fill(store: Store, rows: int, entity: Entity = Entity.ITEM) -> None:
    """Write records into the cache and say how quickly; making them is not counted."""
    spent, done, last = 0.0, 0, time.perf_counter()
    for page in pages(entity, rows):
        start = time.perf_counter()
        await store.cache.upsert(entity, page)
        spent += time.perf_counter() - start
        done += len(page)
        if time.perf_counter() - last > 20:
            last = time.perf_counter()
            said = f"  {done:>9,} {entity}, {done / spent:,.0f} rows/s on average"
            print(said, file=sys.stderr, flush=True)
    print(f"upsert: {done / spent:,.0f} rows/s on average over {done:,} {entity}")


def queries() -> Iterator[tuple[str, Query]]:
    """Yield what is measured, with a name."""
    for ordering in sorted(ORDERINGS[Entity.ITEM]):
        yield f"order {ordering}", Query(Entity.ITEM, ordering=ordering)
    for field, value in _FILTERS:
        yield f"filter {field}={value}", Query(Entity.ITEM, filters=(Filter(field, (value,)),))
    for text in _SEARCHES:
        yield f"search {text!r}", Query(Entity.ITEM, search=text)
    for ordering in ("price_high_low", "title", "-condition_item", "listed_first", "days_in_inventory"):
        for text in ("s", "blue", "records"):
            yield f"search {text!r}, {ordering}", Query(Entity.ITEM, search=text, ordering=ordering)
        for status in ("listed", "draft", "returned"):
            chosen = (Filter("status", (status,)),)
            yield f"{status}, {ordering}", Query(Entity.ITEM, filters=chosen, ordering=ordering)
    chosen = (Filter("status", ("listed",)), Filter("tags", ("jazz",)))
    yield "search 'blue', listed, jazz", Query(Entity.ITEM, search="blue", filters=chosen)


_FILTERS = (
    ("status", "listed"), ("status", "draft"), ("status", "returned"), ("type", "physical"),
    ("platform", "ebay"), ("tags", "jazz"), ("condition_item", "vg_plus"), ("location", "a1"),
)  # fmt: skip
_SEARCHES = (
    "b", "bl", "blu", "blue", "s", "sh", "sha", "shak", "r", "records", "blue no", "kind of",
    "sku0001234", "zzz",
)  # fmt: skip


async def measure(store: Store, repeats: int) -> float:
    """Print a line for each query; return the worst p95 of a first window in ms."""
    worst = 0.0
    print(f"{'query':<44}{'first p50':>10}{'p95':>8}{'count':>9}{'n':>11}{'all ids':>9}")
    for name, query in queries():
        times: list[float] = []
        for _ in range(repeats):
            start = time.perf_counter()
            ids = store.cache.first_ids(query, 64)
            store.cache.rows(Entity.ITEM, ids[:40])
            times.append((time.perf_counter() - start) * 1000)
        start = time.perf_counter()
        count = await store.cache.count(query)
        counted = time.perf_counter()
        everything = await store.cache.ids(query)
        took = time.perf_counter() - counted
        p95 = statistics.quantiles(times, n=20)[18]
        worst = max(worst, p95)
        print(
            f"{name:<44}{statistics.median(times):>10.1f}{p95:>8.1f}{(counted - start) * 1000:>9.0f}"
            f"{count:>11,}{took * 1000:>9.0f}",
            flush=True,
        )
        if len(everything) != count or everything[: len(ids)] != ids:
            raise SystemExit(f"{name}: count, ids and the first window disagree")
    return worst


SLOW_MS = 20.0


def measure_windows(store: Store, repeats: int) -> None:
    """Print which first windows are slow, of all there are."""
    connection = connect(store.folder / "cache.db", write=False)
    for entity in Entity:
        asked = {"one filter": [query for query, _ in windows(connection, entity)]}
        asked["two filters"] = list(pairs(connection, entity))
        for kind, queries in asked.items():
            timed = sorted(
                ((_first(store, query, repeats), query) for query in queries), key=lambda one: -one[0]
            )
            slow = [took for took, _ in timed if took > SLOW_MS]
            print(
                f"{entity}, {kind}: {len(timed):,} windows, {len(slow)} over {SLOW_MS:.0f} ms, median of each"
            )
            for took, query in timed[:12]:
                chosen = " & ".join(f"{one.field}={one.values[0]}" for one in query.filters)
                print(f"  {took:>8.1f}  {chosen}, {query.ordering}", flush=True)
    connection.close()


def _first(store: Store, query: Query, repeats: int) -> float:
    times: list[float] = []
    for _ in range(repeats):
        start = time.perf_counter()
        store.cache.first_ids(query, 64)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


async def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--windows", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="instica-bench-") as temporary:
        store = Store.open(given.folder or Path(temporary))
        try:
            if store.cache.known(Entity.ITEM) < given.rows:
                await fill(store, given.rows // 3, Entity.PRODUCT)
                await fill(store, given.rows // 5, Entity.ORDER)
                await fill(store, given.rows)
                await store.cache.tidy(lambda: True)
            if given.windows:
                measure_windows(store, given.repeats)
                return
            print(f"worst p95 of a first window: {await measure(store, given.repeats):.1f} ms")
        finally:
            await store.close()


if __name__ == "__main__":
    asyncio.run(main())
