"""Filling an empty shop: same seed, same catalogue, same day, same shop.

Only the ages hang on the day: every time is counted back from midnight UTC of `today`.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from instica_desktop.server.domain.uids import seeded_uid
from instica_desktop.server.main import SeedReport
from instica_desktop.server.models import (
    Artist,
    Asset,
    Item,
    Label,
    Listing,
    Order,
    Organization,
    Product,
    Shipment,
)
from instica_desktop.server.search import filling_index, write_index
from instica_desktop.server.seeding.accounts import connect_all
from instica_desktop.server.seeding.build import Batch, Builder, words_of
from instica_desktop.server.seeding.copies import Copy, age_days, base_price, draw_copy
from instica_desktop.server.seeding.facts import Fact, read_facts
from instica_desktop.server.seeding.pressings import pressings
from instica_desktop.server.shop import ensure_owner
from instica_desktop.server.storage.database import count_for_planner
from instica_desktop.server.storage.inserting import insert
from instica_desktop.server.storage.transactions import writing

_COPIES_PER_PRESSING = 2.2
_CHUNK = 2_000
Progress = Callable[[int, int], None]


class ShopNotEmpty(Exception):
    """The shop already has products; seeding never mixes with a seller's own records."""


def _tidy() -> None:
    """After many inserts: let the planner count, and let the next key follow the ones we gave."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            count_for_planner(cursor)
            return
        tables = apps.get_app_config("shop").get_models()
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")


def _name_shop(seed: int) -> Organization:
    owner = ensure_owner()
    rng = random.Random(f"{seed}:shop")
    organization = owner.organization
    organization.uid, organization.display_name, organization.slug = (
        seeded_uid(rng),
        "Northside Records",
        "northside-records",
    )
    organization.save()
    owner.uid, owner.first_name, owner.last_name = seeded_uid(rng), "Anna", "Lindqvist"
    owner.username, owner.email, owner.email_verified = "anna", "anna@northside-records.example", True
    owner.preferences = {"preferred_name": "Anna"}
    owner.save()
    return organization


def _pressing_count(facts: int, items: int) -> int:
    """Return how many products to make: at most one a copy, on average no more than 2.2 copies each."""
    return max(1, min(items, max(round(items / _COPIES_PER_PRESSING), min(facts, round(items * 0.7)))))


def _draw_copies(
    products: list[Product], items: int, seed: int, today: datetime
) -> list[tuple[Product, Copy, int]]:
    """Draw all copies, oldest first, so that running numbers follow the days.

    Each pressing has at least one.
    """
    rng = random.Random(f"{seed}:copies")
    worth = {product.pk: base_price(rng) for product in products}
    chosen = products + rng.choices(products, k=items - len(products))
    rng.shuffle(chosen)
    ages = sorted((age_days(rng) for _ in chosen), reverse=True)
    return [
        (product, draw_copy(worth[product.pk], product.format, age, today, rng), number)
        for number, (product, age) in enumerate(zip(chosen, ages, strict=True), start=1)
    ]


def _date_products(drawn: list[tuple[Product, Copy, int]]) -> None:
    """Give each product the time just before its first copy came in."""
    first: dict[int, datetime] = {}
    for product, copy, _ in drawn:
        first.setdefault(product.pk, copy.life.created)
        first[product.pk] = min(first[product.pk], copy.life.created)
        product.created = product.updated = first[product.pk] - timedelta(minutes=2)


def _insert_batch(batch: Batch) -> None:
    insert(Item, batch.items)
    insert(Asset, batch.assets)
    insert(Listing, batch.listings)
    insert(Order, batch.orders)
    insert(Shipment, batch.shipments)
    write_index(Item, batch.item_words, fresh=True)
    write_index(Order, batch.order_words, fresh=True)


def _insert_products(products: list[Product], builder: Builder, skus: dict[int, list[str]]) -> None:
    insert(Artist, builder.artists.values())
    insert(Label, builder.labels.values())
    insert(Product, products)
    write_index(Product, [words_of(product, skus[product.pk]) for product in products], fresh=True)


def _write(
    facts: list[Fact], organization: Organization, items: int, seed: int, today: datetime, told: Progress
) -> None:
    builder = Builder(organization, today, seed)
    rng = random.Random(f"{seed}:pressings")
    products = [builder.product(fact) for fact in pressings(facts, _pressing_count(len(facts), items), rng)]
    drawn = _draw_copies(products, items, seed, today)
    _date_products(drawn)
    skus: dict[int, list[str]] = defaultdict(list)
    for start in range(0, items, _CHUNK):
        batch = builder.copies(drawn[start : start + _CHUNK])
        for item in batch.items:
            skus[item.product.pk].append(item.manual_sku)
        _insert_batch(batch)
        told(min(start + _CHUNK, items), items)
    _insert_products(products, builder, skus)


def fill(
    *,
    items: int,
    seed: int,
    catalogue: Path,
    progress: Progress | None = None,
    today: datetime | None = None,
) -> SeedReport:
    """Fill the open shop in one transaction. Errors: `ShopNotEmpty`, `CatalogueUnusable`.

    Then nothing is written.
    """
    started = time.monotonic()
    facts = read_facts(catalogue)
    midnight = (today or datetime.now(UTC)).replace(hour=0, minute=0, second=0, microsecond=0)
    if Product.objects.exists():
        raise ShopNotEmpty("The shop already has products. Seed an empty folder.")
    with writing(), filling_index():
        organization = _name_shop(seed)
        connect_all(organization, midnight, seed)
        _write(facts, organization, items, seed, midnight, progress or (lambda done, of: None))
    _tidy()
    return SeedReport(
        products=Product.objects.count(),
        items=Item.objects.count(),
        orders=Order.objects.count(),
        seconds=round(time.monotonic() - started, 2),
    )
