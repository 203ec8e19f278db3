"""What people type finds what they mean, and nothing else: on the server, and in the copy of the shop."""

import asyncio
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.query import Query
from instica_desktop.store.store import Store
from instica_desktop.store.tables import TABLES
from tests.server.fixture import start_server
from tests.store.stock import Stock
from tests.store.support import found
from tests.support.searches import COPIES, SEARCHES, Copy

ITEM, PRODUCT = Entity.ITEM, Entity.PRODUCT


class Shop:
    """A server with the small shop, a cache that has seen all of it, and the key of each record."""

    def __init__(self, stock: Stock, store: Store) -> None:
        self.stock, self.store = stock, store
        self.keys: dict[str, str] = {}
        for copy in COPIES:
            product = stock.done("POST", "products/", _product(copy))["uid"]
            item = stock.done("POST", "inventory/", {"product": product, **_item(copy)})["uid"]
            self.keys |= {product: copy.key, item: copy.key}
        for entity in Entity:
            records = [_record(entity, wire) for wire in stock.everything(entity)]
            asyncio.run(store.cache.upsert(entity, records))

    def server(self, query: Query) -> list[str]:
        """Return the keys of what the server finds, in its order."""
        status, body = self.stock.page(query, 1, 100)
        assert status == 200, (query, body)
        assert body["count"] == len(body["results"])
        return [self.keys[wire["uid"]] for wire in body["results"]]

    def cache(self, query: Query) -> list[str]:
        """Return the keys of what the cache finds, in its order."""
        return [self.keys[uid] for uid in found(self.store, query)]


def _product(copy: Copy) -> dict[str, Any]:
    named = {"artist": copy.artist, "label": copy.label}
    texts = {name: getattr(copy, name) for name in ("title", "catalog_number", "barcode", "format")}
    return texts | {name: {"name": value} for name, value in named.items() if value}


def _item(copy: Copy) -> dict[str, Any]:
    return {"manual_sku": copy.sku or None, "barcode": copy.own_barcode, "name": ""}


def _record(entity: Entity, wire: dict[str, Any]) -> Record[Any]:
    raw = json.dumps(wire).encode()
    return Record(msgspec.json.decode(raw, type=TABLES[entity].type), raw)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder: Path = tmp_path_factory.mktemp("searches")
    store = Store.open(folder / "account")
    with start_server(folder / "shop", items=0) as server:
        stock = Stock(server, random.Random("searches"))
        yield Shop(stock, store)
        stock.close()
    asyncio.run(store.close())


@pytest.mark.parametrize(("typed", "keys"), SEARCHES)
def test_a_copy_is_found_however_it_is_typed(shop: Shop, typed: str, keys: str) -> None:
    query = Query(ITEM, search=typed)
    assert (sorted(shop.server(query)), sorted(shop.cache(query))) == (sorted(keys.split()),) * 2


def test_a_product_is_found_as_its_copy_is_but_by_a_barcode_of_the_copy_alone(shop: Shop) -> None:
    own = {copy.key for copy in COPIES if copy.own_barcode}
    for typed, keys in SEARCHES:
        query = Query(PRODUCT, search=typed)
        expected = set(keys.split())
        assert set(shop.server(query)) == set(shop.cache(query)), typed
        assert expected - own <= set(shop.server(query)) <= expected, typed


def test_both_give_the_same_order_whatever_it_is(shop: Shop) -> None:
    chance = random.Random("orders")
    for typed, _ in chance.sample(SEARCHES, 60):
        query = Query(
            ITEM, typed, ordering=chance.choice(("title", "-manual_sku", "created", "listed_first"))
        )
        assert shop.server(query) == shop.cache(query), query
