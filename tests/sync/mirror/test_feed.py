"""Tables once the copy is whole: fed from this computer, and from the server only when that is wanted."""

import asyncio

import msgspec
import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.sync import removal
from instica_desktop.sync.mirror.thumbnails import Thumbnails, pictures
from instica_desktop.sync.watching import Stopped, Watch
from tests.sync.mirror.conftest import look, server_uids, settled
from tests.sync.world import FAST, World, until

ITEMS = Query(Entity.ITEM)
LISTS = "GET /api/v1/inventory/?"


class Album:
    """Pictures that come at once, whatever their address."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def get(self, url: str) -> bytes:
        """Note what is asked for."""
        self.asked.append(url)
        return b"picture"

    async def has(self, url: str) -> bool:
        """Tell whether it was asked for."""
        return url in self.asked


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
    assert world.proxy.seen(LISTS) == 1
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
    assert world.proxy.seen(LISTS) <= 2  # the look for changes: a glance, and what it did not show
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


async def test_pictures_come_newest_first_and_only_once(world: World) -> None:
    await copied(world)
    cache = world.store.cache
    album = Album()
    asked, thumbnails = album.asked, Thumbnails(cache, album)
    urls: list[str] = []
    for entity in (Entity.ITEM, Entity.PRODUCT):
        rows = cache.rows(entity, await cache.ids(Query(entity)))
        urls += [url for row in rows if row for url in pictures(row.data, every=False)]
    await thumbnails.fetch(lambda: len(asked) < 8)
    assert asked == list(dict.fromkeys(urls))[:8]
    await thumbnails.fetch(lambda: True)
    assert asked == list(dict.fromkeys(urls))
    thumbnails.again(Entity.PRODUCT)
    await thumbnails.fetch(lambda: True)
    assert len(asked) == len(set(asked))


async def test_the_picture_of_a_record_that_changed_since_is_fetched_after_the_next_look(
    world: World,
) -> None:
    album = Album()
    await world.open()
    world.shop.mirror._pictures = album
    world.shop.mirror.start()
    await settled(world)
    cache = world.store.cache
    rows = cache.rows(Entity.ITEM, await cache.ids(ITEMS))
    uid, url = next((row.uid, url) for row in rows if row for url in pictures(row.data, every=False))
    last = [row for row in cache.rows(Entity.PRODUCT, await cache.ids(Query(Entity.PRODUCT))) if row][-1]
    await until(lambda: set(pictures(last.data, every=False)) <= set(album.asked), "all is fetched once")
    album.asked.remove(url)
    await world.admin.inventory.update(uid, {"location": "PHOTOGRAPHED"})
    await look(world)
    await until(lambda: url in album.asked, "the picture was not asked for")


async def test_a_picture_of_the_server_is_found_again_at_another_port(world: World) -> None:
    shop = await world.open()
    rows = [(await world.seen(ITEMS)).row(at) for at in range(20)]
    url = next(url for row in rows if row for url in pictures(row.data, every=True))
    content = await shop.image(world.through_proxy(url))
    assert content
    before = world.proxy.port
    await world.close()
    shop = await world.open(online=False)
    assert world.proxy.port != before
    assert await shop.image(world.through_proxy(url)) == content


async def test_what_a_stopped_deletion_took_off_stands_there_again_at_once(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "AT_ONCE", 20)
    world = own_world
    await copied(world)
    results = await world.seen(ITEMS)
    expected, watch = await results.uids(), Watch()
    wanted = expected[:60]

    def half(done: int, of: int) -> None:
        if done == 40 and not watch.stopped:
            assert results.count == len(expected) - 40
            watch.stop()

    watch.told = half
    with pytest.raises(Stopped):
        await world.shop.removal.delete(Entity.ITEM, wanted, 60, watch)
    await results.settled()
    assert results.count == len(expected)
    assert await results.uids() == expected
    assert world.proxy.seen(LISTS) == 0
    results.close()


async def test_the_copy_stands_for_the_server_for_three_looks_and_no_longer(world: World) -> None:
    world.pace = msgspec.structs.replace(FAST, mirror_every=3600.0)
    await copied(world)
    mirror, now = world.shop.mirror, asyncio.get_running_loop().time()
    looked = mirror._looked  # pyright: ignore[reportPrivateUsage]  nobody waits for hours
    assert mirror.fresh(Entity.ITEM)
    looked[Entity.ITEM] = now - 3 * 3600 + 600
    assert mirror.fresh(Entity.ITEM)
    looked[Entity.ITEM] = now - 3 * 3600
    assert not mirror.fresh(Entity.ITEM)
    assert mirror.fresh(Entity.PRODUCT)
