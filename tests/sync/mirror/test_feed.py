"""Tables once the copy is whole: fed from this computer, moving with it, and the server only when it is wanted."""

import msgspec
import pytest

from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.sync.mirror.thumbnails import Thumbnails, pictures
from tests.sync.mirror.conftest import look, server_uids, settled
from tests.sync.world import FAST, World, until

ITEMS = Query(Entity.ITEM)
LISTS = "GET /api/v1/inventory/?"


async def copied(world: World) -> None:
    await world.open()
    world.shop.mirror.start()
    await settled(world)
    world.proxy.requests.clear()


async def test_rows_and_their_number_come_from_the_copy_without_a_request(world: World) -> None:
    await copied(world)
    results = await world.seen(ITEMS)
    expected = await server_uids(world, Entity.ITEM)
    assert results.count == len(expected)
    assert await results.uids() == expected
    results.look(100, 150)
    results.refresh(quietly=True)
    await results.settled()
    assert world.proxy.seen(LISTS) == 0
    results.refresh()  # the user wants to know
    await results.settled()
    assert world.proxy.seen(LISTS) == 2
    assert results.from_server
    results.close()


async def test_rows_follow_the_copy(own_world: World) -> None:
    world = own_world
    await copied(world)
    results = await world.seen(ITEMS)
    before = results.count
    product = (await world.on_server((await server_uids(world, Entity.ITEM))[0])).product
    assert product is not None
    made = (await world.admin.inventory.create({"product": product.uid})).record.data.uid
    await look(world)
    await until(lambda: results.index_of(made) == 0)
    assert results.count == (before or 0) + 1
    assert world.proxy.seen(LISTS) == 1  # the look for changes
    results.close()


async def test_a_table_that_was_open_before_turns_to_the_copy(world: World) -> None:
    await world.open()
    results = await world.seen(ITEMS)
    assert results.from_server
    world.shop.mirror.start()
    await settled(world)
    world.proxy.requests.clear()
    results.refresh(quietly=True)
    await results.settled()
    assert results.from_copy
    assert await results.uids() == await server_uids(world, Entity.ITEM)
    assert world.proxy.seen(LISTS) == 0
    results.close()


async def test_without_the_copy_the_server_is_asked(world: World) -> None:
    await copied(world)
    world.shop.mirror.pause()
    results = await world.seen(ITEMS)
    assert results.from_server
    assert world.proxy.seen(LISTS) == 1
    results.close()


@pytest.mark.parametrize("keep_all", [False, True])
async def test_pictures_come_newest_first_as_far_as_there_is_room(world: World, keep_all: bool) -> None:
    await copied(world)
    cache = world.store.cache
    asked: list[str] = []

    async def get(url: str) -> bytes:
        asked.append(url)
        await cache.put_image(url, bytes(200_000_000 if len(asked) == 3 and not keep_all else 10))
        return b""

    thumbnails = Thumbnails(cache, get)
    thumbnails.keep_all = keep_all
    ids = await cache.ids(Query(Entity.PRODUCT))
    urls = [
        url
        for row in cache.rows(Entity.PRODUCT, ids)
        if row and isinstance(row.data, Product)
        for url in pictures(row.data, every=keep_all)
    ]
    await thumbnails.fetch(lambda: len(asked) < 8)
    assert asked == list(dict.fromkeys(asked))
    assert [url for url in asked if url in urls] == list(dict.fromkeys(urls))[: len(asked)]
    assert asked


def test_the_pace_of_the_copy_is_that_of_the_design() -> None:
    pace = msgspec.structs.replace(FAST)
    assert pace.mirror_every == 60
