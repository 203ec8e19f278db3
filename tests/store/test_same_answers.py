"""The cache and the real server answer alike: the same records in the same order, for everything documented.

The server is an implementation of its own; what both agree on is the contract.
"""

import asyncio
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

import msgspec
import pytest

from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.query import ORDERINGS, Filter, Query
from instica_desktop.store.store import Store
from instica_desktop.store.tables import TABLES
from tests.server.fixture import RunningServer, start_server
from tests.store.support import found

ITEM, PRODUCT, ORDER = Entity.ITEM, Entity.PRODUCT, Entity.ORDER
_direct = build_opener(ProxyHandler({})).open


class Shop:
    """A server with a seeded shop, and a cache that has seen all of it."""

    def __init__(self, server: RunningServer, store: Store) -> None:
        self.server = server
        self.store = store
        self.records = {entity: self.fetch(Query(entity)) for entity in Entity}
        for entity in Entity:
            asyncio.run(store.cache.upsert(entity, [_record(entity, wire) for wire in self.records[entity]]))

    def fetch(self, query: Query) -> list[dict[str, Any]]:
        """Return all records of a query from the server."""
        results: list[dict[str, Any]] = []
        for page in range(1, 100):
            parameters = urlencode([*query.params(), ("page", page), ("page_size", 100)])
            url = f"{self.server.base_url}/api/v1/{query.entity.value}/?{parameters}"
            with _direct(Request(url, headers={"X-API-Key": self.server.api_key}), timeout=30) as answer:
                body = json.load(answer)
            results += body["results"]
            if body["next"] is None:
                return results
        raise AssertionError("the list does not end")

    def compare(self, query: Query) -> int:
        """Check one query; return how many records it found."""
        theirs = [wire["uid"] for wire in self.fetch(query)]
        assert found(self.store, query) == theirs, query
        return len(theirs)


def _record(entity: Entity, wire: dict[str, Any]) -> Record[Any]:
    raw = msgspec.json.encode(wire)
    return Record(msgspec.json.decode(raw, type=TABLES[entity].type), raw)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder: Path = tmp_path_factory.mktemp("same-answers")
    store = Store.open(folder / "account")
    with start_server(folder / "shop", items=300, seed=11) as server:
        yield Shop(server, store)
    asyncio.run(store.close())


@pytest.mark.parametrize("entity", Entity)
def test_every_ordering(shop: Shop, entity: Entity) -> None:
    total = len(shop.records[entity])
    assert total > 20
    for ordering in sorted(ORDERINGS[entity]):
        assert shop.compare(Query(entity, ordering=ordering)) == total


@pytest.mark.parametrize("entity", Entity)
def test_lists_of_orderings(shop: Shop, entity: Entity) -> None:
    chance = random.Random(f"orderings {entity}")
    names = sorted(ORDERINGS[entity])
    for _ in range(25):
        ordering = ",".join(chance.sample(names, chance.randint(2, 4)))
        assert shop.compare(Query(entity, ordering=ordering)) == len(shop.records[entity])
    assert shop.compare(Query(entity, ordering=f" , -{names[-1].lstrip('-')} ,,created"))


def _filters(shop: Shop) -> Iterator[tuple[Entity, str, tuple[str, ...]]]:
    items, products = shop.records[ITEM], shop.records[PRODUCT]
    tags = sorted({tag for wire in items + products for tag in wire["tags"]})
    assert tags
    for status in ("draft", "listed", "sold", "returned"):
        yield ITEM, "status", (status,)
        yield PRODUCT, "status", (status,)
    yield ITEM, "status", ("received", "ready-to-sell", "listed")
    yield ITEM, "product", (items[0]["product"]["uid"],)
    yield ITEM, "condition_item", ("vg_plus",)
    yield ITEM, "condition_item", ("nm", "ex")
    yield ITEM, "platform", ("ebay",)
    yield ITEM, "location", (next(wire["location"].upper() for wire in items if wire["location"]),)
    for kind in ("physical", "digital"):
        yield ITEM, "type", (kind,)
        yield PRODUCT, "type", (kind,)
    for flag in ("has_inventory", "has_available_inventory", "uploadable_to_redbubble"):
        yield PRODUCT, flag, ("true",)
        yield PRODUCT, flag, ("false",)
    for tag in tags[:6]:
        yield ITEM, "tags", (tag.upper(),)
        yield PRODUCT, "tags", (tag[1:3].upper(),)
    yield PRODUCT, "tags", tuple(tags[:3])
    for status in ("awaiting_shipment", "shipped", "completed"):
        yield ORDER, "status", (status,)
    for platform in ("ebay", "discogs"):
        yield ORDER, "platform", (platform,)


def test_every_filter(shop: Shop) -> None:
    sizes = [
        shop.compare(Query(entity, filters=(Filter(field, values),)))
        for entity, field, values in _filters(shop)
    ]
    assert sum(size > 0 for size in sizes) > len(sizes) * 2 // 3


def _texts(wire: dict[str, Any]) -> list[str]:
    product = wire.get("product") or wire
    artist, label = product.get("artist") or {}, product.get("label") or {}
    sold = (wire.get("inventory_item_listing") or {}).get("inventory_item") or {}
    values = [
        *(wire.get(name) for name in ("name", "manual_sku", "manual_description", "barcode", "order_id")),
        *(wire.get(name) for name in ("buyer_name", "shipment_tracking_number", "marketplace_description")),
        product.get("title"), product.get("catalog_number"), artist.get("name"), label.get("name"),
        sold.get("title"),
    ]  # fmt: skip
    return [value for value in values if value]


def _searches(shop: Shop, entity: Entity, chance: random.Random, count: int) -> Iterator[str]:
    """Yield what a seller may type: beginnings of one or two words of some record, in other case."""
    for wire in chance.sample(shop.records[entity], count):
        parts = chance.choice(_texts(wire)).split()
        part = chance.choice(parts)
        typed = part[: chance.randint(1, len(part))]
        if len(parts) > 1 and chance.random() < 0.5:
            other = chance.choice(parts)
            typed = f"{other[: chance.randint(1, len(other))]}  {typed}"
        yield chance.choice((typed, typed.upper(), typed.lower()))


@pytest.mark.parametrize("entity", Entity)
def test_searches(shop: Shop, entity: Entity) -> None:
    chance = random.Random(f"search {entity}")
    hits = [shop.compare(Query(entity, search=text)) for text in _searches(shop, entity, chance, 18)]
    assert sum(number > 0 for number in hits) > 12
    for text in ("a", "…", "\"'*", "AND", "the", "ß", "日本", "ク", "zzzz", "blue -note", "a" * 300):
        shop.compare(Query(entity, search=text))


def test_a_product_is_found_by_an_items_sku(shop: Shop) -> None:
    skus = [wire["manual_sku"] for wire in shop.records[ITEM] if wire["manual_sku"]]
    for sku in skus[:5]:
        assert shop.compare(Query(PRODUCT, search=sku)) >= 1
        assert shop.compare(Query(PRODUCT, search=sku.replace("-", ""))) >= 1


def test_an_order_is_found_by_its_numbers_however_they_are_divided(shop: Shop) -> None:
    shipped = [wire for wire in shop.records[ORDER] if wire["shipment_tracking_number"]]
    assert len(shipped) > 3
    for wire in shipped[:4]:
        for number in (wire["shipment_tracking_number"], wire["order_id"]):
            together = "".join(char for char in number if char.isalnum())
            spaced = " ".join(together[at : at + 4] for at in range(0, len(together), 4))
            for typed in (number, together, spaced, spaced.replace(" ", "-").lower()):
                found_uids = {one["uid"] for one in shop.fetch(Query(ORDER, search=typed))}
                assert wire["uid"] in found_uids, typed
                assert shop.compare(Query(ORDER, search=typed)) < 5, typed


def test_an_order_is_found_by_what_its_row_shows(shop: Shop) -> None:
    items = {wire["uid"]: wire for wire in shop.records[ITEM]}
    for order in shop.records[ORDER][:8]:
        listing = order["inventory_item_listing"]
        sold = listing["inventory_item"]
        artist = items[sold["uid"]]["product"]["artist"]["name"]
        assert sold["artist"] == artist
        for typed in (artist, listing["title"], sold["title"], sold["manual_sku"], order["buyer_name"]):
            assert order["uid"] in {one["uid"] for one in shop.fetch(Query(ORDER, search=typed))}, typed
            assert shop.compare(Query(ORDER, search=typed)) >= 1, typed


@pytest.mark.parametrize("entity", Entity)
def test_searches_filters_and_orderings_together(shop: Shop, entity: Entity) -> None:
    chance = random.Random(f"together {entity}")
    filters = [(field, values) for of, field, values in _filters(shop) if of is entity]
    for text in _searches(shop, entity, chance, 12):
        chosen = dict(chance.sample(filters, chance.randint(0, 2)))
        query = Query(
            entity,
            search=chance.choice(("", text[:2])),
            filters=tuple(Filter(field, values) for field, values in sorted(chosen.items())),
            ordering=chance.choice(sorted(ORDERINGS[entity])),
        )
        shop.compare(query)
