"""How quickly the cache answers at a million items: every ordering, every filter, search, and combinations.

    python -m tests.bench.store_queries [--rows 1000000] [--folder DIR]

A folder that already holds that many items is used as it is; without one, a temporary folder is filled first.
Prints one line a query: p50 and p95 of the first 64 ids with 40 rows decoded, then count and all ids, in ms.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.query import ORDERINGS, Filter, Query
from instica_desktop.store.store import Store

_FIRST = "blue kind giant steps love supreme night moon river black white gold silver wild heart"
_SYLLABLES = "ba ko ri ta mu lo ne sha vi dro zen pel qua fi stro wen hul jar oby cas"
_GRADES = ("m", "nm", "ex", "vg_plus", "vg", "g_plus", "g", "f", "p", None)
_STATUSES = (
    *("draft",) * 6, *("received",) * 8, *("ready-to-sell",) * 20, *("listed",) * 40, *("sold",) * 10,
    *("shipped",) * 10, *("returned",) * 2, *("archived",) * 4,
)  # fmt: skip
_TAGS = (
    "Jazz",
    "Rock",
    "Dub",
    "Modal",
    "Hard Bop",
    "Ambient",
    "First Press",
    "Promo",
    "Japan",
    "Sealed",
    "Signed",
)
_END = datetime(2026, 7, 1, tzinfo=UTC)
_UNPRICED = ("draft", "received")


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES.split(), k=chance.randint(2, 4))).capitalize()


def _products(chance: random.Random, count: int) -> list[dict[str, object]]:
    words = [*_FIRST.split(), *(_word(chance) for _ in range(40_000))]
    weights = [1 / (rank + 5) for rank in range(len(words))]
    drawn = iter(chance.choices(words, weights, k=count * 6))
    return [
        {
            "uid": f"prd_{chance.getrandbits(80):020x}",
            "title": " ".join(next(drawn).capitalize() for _ in range(chance.randint(1, 4))),
            "type": "physical" if chance.random() < 0.97 else "digital",
            "artist": {"uid": f"art_{at % 20_000}", "name": f"{next(drawn)} {next(drawn)}".title()},
            "label": {"uid": f"lab_{at % 2_000}", "name": f"{words[at % 2_000].title()} Records"},
            "catalog_number": f"{chance.choice(('CS', 'BLP', 'ECM', 'WARP'))} {chance.randint(1000, 99999)}",
        }
        for at, _ in enumerate(range(count))
    ]


def _item(chance: random.Random, at: int, rows: int, product: dict[str, object]) -> dict[str, object]:
    """Return the item that is `at`-th from the newest: a server's pages come in that order."""
    created = _END - timedelta(days=(at + chance.random()) / rows * 1300)
    status = chance.choice(_STATUSES)
    price = (
        None
        if status in _UNPRICED
        else f"{chance.choice((4, 7, 12, 18, 25, 40, 90))}.{chance.randint(0, 99):02}"
    )
    grade = chance.choice(_GRADES)
    return {
        "uid": f"itm_{chance.getrandbits(80):020x}",
        "title": f"{product['title']} - {grade}",
        "name": product["title"] if chance.random() < 0.2 else "",
        "product": product,
        "condition_item": grade,
        "condition_container": chance.choice(_GRADES),
        "status": status,
        "price_item_usd": price,
        "price_shipping_usd": None,
        "price_total_usd": price,
        "cost_usd": "3.00",
        "manual_sku": f"SKU-{at:07}",
        "manual_description": "Plays well with light surface noise",
        "location": f"{chance.choice('ABCDEFGH')}{chance.randint(1, 60)}",
        "tags": chance.sample(_TAGS, chance.choice((0, 0, 1, 2))),
        "acquired_at": (created - timedelta(days=chance.randint(0, 300))).isoformat(),
        "sold_at": (created + timedelta(days=chance.randint(1, 200))).isoformat()
        if status in ("sold", "shipped")
        else None,
        "assets": [],
        "listings": [{"uid": "l", "platform": chance.choice(("ebay", "discogs"))}]
        if status == "listed"
        else [],
        "created": created.isoformat(),
        "updated": (created + timedelta(days=chance.random() * 30)).isoformat(),
    }


def _records(rows: int) -> Iterator[list[Record[InventoryItem]]]:
    chance = random.Random(7)
    products = _products(chance, max(1, rows // 3))
    encode, decode = msgspec.json.Encoder().encode, msgspec.json.Decoder(InventoryItem).decode
    for start in range(0, rows, 1000):
        raws = [
            encode(_item(chance, at, rows, chance.choice(products)))
            for at in range(start, min(rows, start + 1000))
        ]
        yield [Record(decode(raw), raw) for raw in raws]


async def fill(store: Store, rows: int) -> None:
    """Write items into the cache and say how quickly; making them is not counted."""
    spent, done, last = 0.0, 0, time.perf_counter()
    for page in _records(rows):
        start = time.perf_counter()
        await store.cache.upsert(Entity.ITEM, page)
        spent += time.perf_counter() - start
        done += len(page)
        if time.perf_counter() - last > 20:
            last = time.perf_counter()
            print(f"  {done:>9,} items, {done / spent:,.0f} rows/s on average", file=sys.stderr, flush=True)
    print(f"upsert: {done / spent:,.0f} rows/s on average over {done:,}")


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


async def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--repeats", type=int, default=15)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="instica-bench-") as temporary:
        store = Store.open(given.folder or Path(temporary))
        try:
            if store.cache.known(Entity.ITEM) < given.rows:
                await fill(store, given.rows)
                await store.cache.tidy(lambda: True)
            print(f"worst p95 of a first window: {await measure(store, given.repeats):.1f} ms")
        finally:
            await store.close()


if __name__ == "__main__":
    asyncio.run(main())
