"""One answer nobody can mean keeps nothing else from being copied."""

from typing import Any

import msgspec
import pytest

from instica_desktop.core.circles import ENDLESS
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from tests.support.fault_proxy import Answer
from tests.sync.mirror.conftest import here, server_uids, settled, tidied, whole
from tests.sync.world import FAST, World, until

SMALL = msgspec.structs.replace(FAST, page=20, mirror_at_once=1)
PAGE = "GET /api/v1/inventory/?ordering=created&page=3&"
SCAN = "GET /api/v1/inventory/?ordering=created&"
ABSURD = {
    "a price": ("price_item_usd", b'"1e30"'),
    "a number": ("price_item_usd", b"1e999999"),
    "a weight": ("weight_grams", b"12345678901234567890"),
    "a time": ("updated", b'"9999-12-31T23:59:59-14:00"'),
    "a depth": ("added_later", b"[" * 60_000 + b"]" * 60_000),
    "half a character": ("condition_notes", rb'"x\ud800y"'),
}


async def _page(world: World, number: int) -> Any:
    query = Query(Entity.ITEM).with_ordering("created")
    return await world.admin.inventory.page(query, number, SMALL.page)


def _answer(page: Any, raws: list[bytes]) -> Answer:
    head = f'{{"count": {page.count}, "next": "more", "previous": null, "results": ['.encode()
    return Answer(200, body=head + b", ".join(raws) + b"]}")


@pytest.mark.parametrize("name", ABSURD)
async def test_a_record_with_an_absurd_value_stops_nothing(world: World, name: str) -> None:
    world.pace = SMALL
    shop = await world.open()
    page, (field, value) = await _page(world, 3), ABSURD[name]
    raws = [record.raw for record in page.records]
    bad = page.records[7]
    told = {key: part for key, part in msgspec.json.decode(bad.raw).items() if key != field}
    raws[7] = msgspec.json.encode(told)[:-1] + f', "{field}": '.encode() + value + b"}"
    world.proxy.answer(PAGE, _answer(page, raws), times=10**6)
    shop.mirror.start()
    await settled(world)
    assert world.proxy.seen(PAGE)
    for entity in Entity:
        assert sorted(await here(world, entity)) == sorted(await server_uids(world, entity))
        assert shop.mirror.complete(entity)
    assert not shop.mirror.state.message
    assert world.item(bad.data.uid)[0].title == bad.data.title
    results = await world.seen(Query(Entity.ITEM).with_ordering("created"))
    assert all(results.row(at) for at in range(len(results.ids)))
    results.close()


async def test_a_list_without_end_is_named_and_the_other_kinds_are_copied(world: World) -> None:
    world.pace = SMALL
    shop = await world.open()
    page = await _page(world, 1)
    raws = [record.raw for record in page.records]
    world.proxy.answer(SCAN, _answer(page, raws), times=10**6)
    shop.mirror.start()
    await until(lambda: shop.mirror.state.message == ENDLESS)
    for entity in (Entity.PRODUCT, Entity.ORDER):
        assert await here(world, entity) == await server_uids(world, entity)
    assert {record.data.uid for record in page.records} <= set(await here(world, Entity.ITEM))
    await until(lambda: tidied(world) == {Entity.PRODUCT, Entity.ORDER}, "the rest is put in order")
    world.proxy.heal()
    shop.mirror.cancel()
    shop.mirror.resume()
    await settled(world)
    await whole(world)
    assert not shop.mirror.state.message
