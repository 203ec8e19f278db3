"""Random queries over names in many scripts: the cache gives the same ids as the server, in the same order.

The seed of a query stands in its failure; `SEED` shifts them all.
"""

import asyncio
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind
from instica_desktop.core.query import FILTERS, ORDERINGS, Filter, Query
from instica_desktop.core.statuses import ITEM_STATUSES, next_statuses
from instica_desktop.store.store import Store
from instica_desktop.sync.desk import Desk
from tests.server.fixture import start_server
from tests.store.stock import GRADES, SHELVES, TAGS, Stock, texts_of
from tests.store.support import found, operation
from tests.support.scripts import code, title, typed

pytestmark = pytest.mark.timeout(300)  # hundreds of questions to a server: a busy machine takes a while
ITEM, PRODUCT, ORDER = Entity.ITEM, Entity.PRODUCT, Entity.ORDER
SEED = int(os.environ.get("SEED", "0"))
FEW, MANY = 300, 2000
BLOCK = 50
STATUSES = tuple(status.code for status in ITEM_STATUSES)
ODD = ("", " ", ",", "unknown", "x" * 201, "a\0b")
"""Values that ask for nothing, or that the server refuses."""


class World:
    """Server, cache and the records both have."""

    def __init__(self, stock: Stock, store: Store) -> None:
        self.stock, self.store = stock, store
        self.records: dict[Entity, list[dict[str, Any]]] = {}
        self.copy()

    def copy(self) -> None:
        """Bring the cache up to date."""
        self.records = self.stock.copy_into(self.store)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("random-queries")
    store = Store.open(folder / "account")
    with start_server(folder / "shop", items=120, seed=5 + SEED) as server:
        stock = Stock(server, random.Random(f"stock {SEED}"))
        stock.fill()
        yield World(stock, store)
        stock.close()
    asyncio.run(store.close())


# ---------------------------------------------------------------- making queries


def random_query(world: World, chance: random.Random) -> Query:
    """Return any query: half of them search, most filter, in any ordering there is."""
    entity = chance.choice(tuple(Entity))
    search = ""
    if chance.random() < 0.6:
        search = chance.choice((" ", "  ", "-", "\u3000")).join(
            searched(world, entity, chance) for _ in range(chance.choice((1, 1, 2, 3)))
        )
    names = chance.sample(
        sorted(FILTERS[entity]), min(len(FILTERS[entity]), chance.choice((0, 0, 1, 1, 2, 3)))
    )
    filters = tuple(Filter(name, wanted(world, entity, name, chance)) for name in sorted(names))
    names = ["", *sorted(ORDERINGS[entity])]
    ordering = ",".join(chance.sample(names, chance.choice((1, 1, 1, 2, 3))))
    return Query(entity, search, filters, ordering)


def searched(world: World, entity: Entity, chance: random.Random) -> str:
    """Return one thing typed: a part of some record mostly, else anything."""
    if chance.random() < 0.85:
        return typed(chance, chance.choice(texts_of(chance.choice(world.records[entity]))))
    return chance.choice((typed(chance, title(chance)), code(chance), "a" * 600, "ﬃ" * 300, "a\0b", "…", "ß"))


def wanted(world: World, entity: Entity, name: str, chance: random.Random) -> tuple[str, ...]:
    """Return one to three values for a filter, now and then one that cannot be."""
    known = choices(world, entity, name)
    values = chance.choices(known, k=1 if name in ("product", *FLAGS) else chance.choice((1, 1, 2, 3)))
    if chance.random() < 0.08:
        values = [*(values if name != "platform" else ()), chance.choice(ODD)]
    return tuple(values)


FLAGS = ("has_inventory", "has_available_inventory", "uploadable_to_redbubble")


def choices(world: World, entity: Entity, name: str) -> tuple[str, ...]:
    """Return the values of a filter that find something, or may."""
    if name in FLAGS:
        return ("true", "false", "1", "False")
    if name == "status":
        return ("awaiting_shipment", "shipped", "completed") if entity is ORDER else STATUSES
    if name == "tags":
        part = [tag[at : at + 3] for tag in TAGS for at in range(len(tag))] if entity is PRODUCT else []
        return (*TAGS, *(tag.upper() for tag in TAGS), *part)
    return {
        "type": ("physical", "digital", "nft", "digital-report"),
        "platform": ("ebay", "discogs", "etsy"),
        "condition_item": tuple(grade for grade in GRADES if grade),
        "location": (*SHELVES, *(shelf.upper() for shelf in SHELVES)),
        "product": tuple(wire["uid"] for wire in world.records[PRODUCT]),
    }[name]


# ---------------------------------------------------------------- comparing


def compare(world: World, query: Query, chance: random.Random, seed: str) -> int:
    """Ask both for some pages; return how many records there are. What the server refuses finds nothing."""
    ours = found(world.store, query, 2000)
    size = chance.choice((3, 20, 100))
    for page in {1, chance.choice((2, 3, max(1, -(-len(ours) // size))))}:
        status, body = world.stock.page(query, page, size)
        if status == 400:
            assert ours == [], (seed, query, body)
            return 0
        if status == 404:
            assert page > 1, (seed, query)
            assert len(ours) <= (page - 1) * size, (seed, query)
            continue
        assert status == 200, (seed, query, status, body)
        theirs = [wire["uid"] for wire in body["results"]]
        assert (body["count"], theirs) == (len(ours), ours[(page - 1) * size : page * size]), (seed, query)
    return len(ours)


def _ask(world: World, block: int) -> None:
    hits = 0
    for at in range(BLOCK):
        seed = f"{SEED} {block} {at}"
        chance = random.Random(seed)
        hits += compare(world, random_query(world, chance), chance, seed) > 0
    assert hits > BLOCK // 4  # most of what is asked for is there


@pytest.mark.parametrize("block", range(FEW // BLOCK))
def test_the_same_ids_in_the_same_order(world: World, block: int) -> None:
    _ask(world, block)


@pytest.mark.long
@pytest.mark.parametrize("block", range(FEW // BLOCK, MANY // BLOCK))
def test_the_same_ids_in_the_same_order_again_and_again(world: World, block: int) -> None:
    _ask(world, block)


def test_every_ordering_of_everything(world: World) -> None:
    chance = random.Random(SEED)
    for entity in Entity:
        for ordering in sorted(ORDERINGS[entity]):
            query = Query(entity, ordering=ordering)
            assert compare(world, query, chance, ordering) == len(world.records[entity])


def test_every_value_of_every_filter_alone(world: World) -> None:
    chance = random.Random(SEED)
    sizes: dict[tuple[Entity, str], int] = {}
    for entity in Entity:
        for name in sorted(FILTERS[entity]):
            values = dict.fromkeys(choices(world, entity, name))
            for value in chance.sample(list(values), min(5, len(values))):
                query = Query(entity, filters=(Filter(name, (value,)),))
                sizes[entity, name] = sizes.get((entity, name), 0) + compare(world, query, chance, value)
    assert [key for key, size in sizes.items() if not size] == []


@pytest.mark.long
def test_a_product_with_more_copies_than_it_carries_is_found_by_each(world: World) -> None:
    chance = random.Random(SEED)
    world.stock.add_plenty()
    world.copy()
    for status in ("returned", "received"):
        query = Query(PRODUCT, "plenty", (Filter("status", (status,)),))
        assert compare(world, query, chance, status) == 1


# ---------------------------------------------------------------- with unsent edits


def ordered(world: World) -> set[str]:
    """Return the items that were sold by an order."""
    listings = (wire["inventory_item_listing"] or {} for wire in world.records[ORDER])
    return {str(listing.get("inventory_item", {}).get("uid")) for listing in listings}


def edit_something(world: World, desk: Desk, chance: random.Random) -> None:
    """Do one thing a person may do offline, that the server will take."""
    sold = [wire for wire in world.records[ITEM] if wire["uid"] in ordered(world)]
    wire = chance.choice(sold if chance.random() < 0.3 else world.records[ITEM])
    if chance.random() < 0.35 and wire["product"]:
        fields = world.stock.product_fields()
        names = chance.sample(
            ("title", "artist", "label", "tags", "type", "catalog_number", "license_type"), 2
        )
        asyncio.run(desk.edit(PRODUCT, wire["product"]["uid"], {name: fields[name] for name in names}))
        return
    row = world.store.cache.by_uid(ITEM, wire["uid"])
    assert row is not None
    fields = world.stock.item_fields()
    names = chance.sample(("name", "condition_item", "location", "tags", "manual_sku", "price_item_usd"), 2)
    moves = [status for status in next_statuses(wire["status"]) if row.data.status == wire["status"]]  # pyright: ignore
    changes = {name: fields[name] for name in names}
    if moves and chance.random() < 0.5:
        changes |= {"status": chance.choice(moves), "price_item_usd": "12.34"}
    asyncio.run(desk.edit(ITEM, wire["uid"], changes))


def delete_something(world: World, chance: random.Random) -> str:
    """Take an item out that no order refers to; return its uid."""
    edited = {uid for _, uid in world.store.outbox.objects()}
    free = [wire["uid"] for wire in world.records[ITEM] if wire["uid"] not in ordered(world) | edited]
    uid = chance.choice(free)
    asyncio.run(world.store.outbox.add(operation(uid, OpKind.DELETE)))
    asyncio.run(world.store.cache.reproject(ITEM, [uid]))
    return uid


def deliver(world: World, one: Operation) -> str:
    """Carry an operation out at the server; return the uid it has there."""
    place = f"{one.entity.value}/"
    if one.kind is OpKind.CREATE:
        fields = one.payload["fields"]
        return world.stock.done("POST", place, {**fields, "product": fields["product"]["uid"]})["uid"]
    if one.kind is OpKind.DELETE:
        world.stock.done("DELETE", f"{place}{one.uid}/")
    else:
        world.stock.done("PATCH", f"{place}{one.uid}/", {edit.field: edit.new for edit in one.edits})
    return one.uid


def offline_query(world: World, chance: random.Random) -> Query:
    """Return a query whose answer unsent edits decide; when the server will note them (`updated`) it does."""
    while True:
        query = random_query(world, chance)
        if "updated" not in query.ordering and "\0" not in query.search:
            return query


def answers(world: World, queries: list[Query]) -> list[list[str]]:
    """Return what the cache finds."""
    return [found(world.store, query, 2000) for query in queries]


def test_unsent_edits_give_the_answers_the_server_will_give(world: World) -> None:
    """Also those of the neighbours: counts, titles and words that an edit elsewhere changes."""
    seed = f"offline {SEED}"
    chance = random.Random(seed)
    world.copy()
    desk = Desk(world.store, lambda: datetime.now(UTC), lambda: None)
    for _ in range(25):
        edit_something(world, desk, chance)
    for _ in range(5):
        delete_something(world, chance)
    sold = ordered(world)
    world.records |= {of: _shown(world.store, of) for of in Entity}
    edited = {uid for _, uid in world.store.outbox.objects()}
    named = [wire for wire in world.records[ITEM] if {wire["uid"], wire["product"]["uid"]} & edited]
    assert any(wire["uid"] in sold for wire in named)
    queries = [offline_query(world, chance) for _ in range(50)]
    queries += [
        Query(of, ordering=name) for of in Entity for name in sorted(ORDERINGS[of]) if "updated" not in name
    ]
    queries += [Query(PRODUCT, filters=(Filter("status", (status,)),)) for status in STATUSES]
    queries += [
        Query(of, wire["title"][:500]) for of in Entity for wire in chance.sample(named, min(12, len(named)))
    ]
    before = answers(world, queries)
    assert sum(map(bool, before)) > len(before) // 3
    for one in world.store.outbox.all():
        deliver(world, one)
    for query, ours in zip(queries, before, strict=True):
        status, body = world.stock.page(query, 1, 100)
        if status == 400:
            assert ours == [], (seed, query, body)
            continue
        theirs = [wire["uid"] for wire in body["results"]]
        assert (body["count"], theirs) == (len(ours), ours[:100]), (seed, query)
    for one in world.store.outbox.all():
        asyncio.run(world.store.outbox.done(one.uuid))
    world.copy()
    assert answers(world, queries[::4]) == before[::4]


def _shown(store: Store, entity: Entity) -> list[dict[str, Any]]:
    """Return the records as a person sees them now."""
    rows = store.cache.rows(entity, list(asyncio.run(store.cache.ids(Query(entity)))))
    return [msgspec.to_builtins(row.data) for row in rows if row]
