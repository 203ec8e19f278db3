"""How quickly the server answers at a million items: 40 named lists and searches, warm, one client.

    python -m tests.bench.server_queries [--items 1000000] [--folder DIR] [--rounds 10] [--throughput]

A folder (and with DATABASE_URL a database) that already holds a shop is used as it is; an empty one is filled
first. Prints p50 and p95 in ms and the SQL statements of each query, then a page of 100 items. `--throughput`
compares two worker processes with one, as a ratio; `--share 0.4` holds each worker to so much of a core.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.server_throughput import ratio_of_two_workers

CATALOGUE = Path(__file__).resolve().parents[2] / "resources" / "catalogue" / "releases.csv"
HOST = "127.0.0.1:8000"
LIMIT_MS = 300

INVENTORY: dict[str, dict[str, str]] = {
    "inventory, first page": {},
    "inventory, page of 100": {"page_size": "100"},
    "inventory, page 500": {"page_size": "100", "page": "{deep}"},
    "inventory by title": {"ordering": "title"},
    "inventory by title, down": {"ordering": "-title"},
    "inventory by name, down": {"ordering": "-name"},
    "inventory by price": {"ordering": "price_low_high"},
    "inventory by price, down": {"ordering": "price_high_low"},
    "inventory by grade": {"ordering": "condition_item"},
    "inventory by SKU": {"ordering": "manual_sku"},
    "inventory by age": {"ordering": "days_in_inventory"},
    "inventory by age, oldest": {"ordering": "-days_in_inventory"},
    "inventory, listed first": {"ordering": "listed_first"},
    "inventory, last changed": {"ordering": "-updated"},
    "inventory, listed": {"status": "listed"},
    "inventory, unsold": {"status": "draft,received,ready-to-sell,listed,returned"},
    "inventory, drafts by title": {"status": "draft", "ordering": "title"},
    "inventory, listed on a platform": {"platform": "discogs"},
    "inventory, good grades": {"condition_item": "m,nm"},
    "inventory, a shelf": {"location": "{location}"},
    "inventory, a tag": {"tags": "{tag}"},
    "inventory, physical": {"type": "physical"},
    "inventory of a product": {"product": "{product}"},
    "inventory, changed lately": {"updated_after": "{lately}"},
    "search a word": {"search": "{word}"},
    "search two letters": {"search": "th"},
    "search one letter": {"search": "s"},
    "search a SKU": {"search": "{sku}"},
    "search two words, listed": {"search": "{word} re", "status": "listed"},
    "search by price": {"search": "{word}", "ordering": "-price_total_usd"},
}
PRODUCTS: dict[str, dict[str, str]] = {
    "products, page of 100": {"page_size": "100"},
    "products by artist": {"ordering": "artist__name"},
    "products by title, down": {"ordering": "-title"},
    "products with stock": {"has_inventory": "true", "ordering": "most_inventory"},
    "products with a status": {"status": "ready-to-sell"},
    "products, part of a tag": {"tags": "{part}"},
    "search products": {"search": "{word}"},
}
ORDERS: dict[str, dict[str, str]] = {
    "orders, page of 100": {"page_size": "100"},
    "orders to ship": {"status": "awaiting_shipment", "ordering": "sold_at"},
    "search orders": {"search": "{buyer}"},
}


@dataclass(frozen=True)
class Figures:
    """What one query took."""

    name: str
    p50: float
    p95: float
    statements: int
    count: int


def _client() -> Any:
    from django.test import Client

    from instica_desktop.server.shop import issue_run_key
    from instica_desktop.server.web.key_form import new_key

    key = new_key()
    issue_run_key(key)
    return Client(HTTP_HOST=HOST, HTTP_X_API_KEY=key)


def _samples() -> dict[str, str]:
    """Return words, codes and names that the shop has."""
    from instica_desktop.server.models import Item, Order

    item = Item.objects.exclude(tag_keys="").exclude(location="").order_by("-pk").select_related("product")[0]
    order = Order.objects.order_by("pk")[0]
    newest = Item.objects.order_by("-updated")[1000 % Item.objects.count()]
    tag = item.tags[0]
    return {
        "location": item.location,
        "tag": tag,
        "part": tag[1:4],
        "product": item.product.uid,
        "sku": item.manual_sku,
        "word": "blue",
        "buyer": order.buyer_name,
        "lately": newest.updated.isoformat(),
        "deep": str(max(1, min(500, Item.objects.count() // 100))),
    }


def _measured(client: Any, name: str, path: str, query: dict[str, str], rounds: int) -> Figures:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        answer = client.get(f"/api/v1/{path}/", query)
    statements = len(captured)  # now: the next request empties the log
    if answer.status_code != 200:
        raise SystemExit(f"{name}: {answer.status_code} {answer.content!r}")
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        client.get(f"/api/v1/{path}/", query)
        times.append((time.perf_counter() - started) * 1000)
    p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
    return Figures(name, statistics.median(times), p95, statements, answer.json()["count"])


def _run(rounds: int) -> list[Figures]:
    client, samples = _client(), _samples()
    sections = {"inventory": INVENTORY, "products": PRODUCTS, "orders": ORDERS}
    return [
        _measured(client, name, path, {key: text.format(**samples) for key, text in query.items()}, rounds)
        for path, queries in sections.items()
        for name, query in queries.items()
    ]


def _open(folder: Path, database: str | None, items: int) -> None:
    from instica_desktop.server.settings import configure
    from instica_desktop.server.storage.database import open_database
    from instica_desktop.server.storage.folder import ShopFolder

    ShopFolder(folder).prepare()
    configure(folder, hosts={HOST}, database=database)
    open_database(ShopFolder(folder))
    from instica_desktop.server.models import Item
    from instica_desktop.server.seeding.run import fill

    if not Item.objects.exists():
        print(fill(items=items, seed=1, catalogue=CATALOGUE))


def _report(figures: list[Figures]) -> int:
    print(f"{'query':34} {'p50':>8} {'p95':>8} {'SQL':>4} {'count':>9}")
    for one in figures:
        slow = "  over" if one.p95 > LIMIT_MS else ""
        print(f"{one.name:34} {one.p50:8.1f} {one.p95:8.1f} {one.statements:4} {one.count:9,}{slow}")
    worst = max(figures, key=lambda one: one.p95)
    print(f"{len(figures)} queries; slowest: {worst.name}, p95 {worst.p95:.0f} ms")
    return int(worst.p95 > LIMIT_MS)


def main() -> int:
    """Measure; 1 when a query is slower than the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--throughput", action="store_true")
    parser.add_argument("--share", type=float, default=None, metavar="0.4")
    parser.add_argument("--no-queries", action="store_true")
    given = parser.parse_args()
    database = os.environ.get("DATABASE_URL") or None
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.folder or Path(temporary) / "shop").absolute()
        _open(folder, database, given.items)
        print("PostgreSQL" if database else "SQLite")
        code = 0 if given.no_queries else _report(_run(given.rounds))
        if given.throughput and database:
            print(f"two workers / one: {ratio_of_two_workers(folder, database, given.share):.2f}")
    return code


if __name__ == "__main__":
    sys.exit(main())
