"""Tables once the copy is whole: fed from this computer, and from the server only when that is wanted."""

from collections.abc import Sequence
from functools import partial

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store import unpictured
from instica_desktop.store.cache import Cache
from instica_desktop.sync import removal
from instica_desktop.sync.mirror.thumbnails import Thumbnails, pictures
from instica_desktop.sync.watching import Stopped, Watch
from tests.sync.mirror.conftest import look, server_uids, settled
from tests.sync.world import World, until

ITEMS = Query(Entity.ITEM)
LISTS = "GET /api/v1/inventory/?"


class Album:
    """Pictures that come at once, whatever their address; `looked_for` counts what was asked after."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.looked_for = 0

    async def get(self, url: str) -> bytes:
        """Note what is asked for."""
        self.asked.append(url)
        return b"picture"

    async def missing(self, urls: Sequence[str]) -> list[str]:
        """Return what was not asked for."""
        self.looked_for += len(urls)
        return [url for url in urls if url not in self.asked]


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


async def pictured(world: World, album: Album) -> Cache:
    """Open the shop, its pictures in `album`; return its cache once all of them were fetched."""
    await world.open()
    world.shop.mirror._pictures = album
    world.shop.mirror.start()
    await settled(world)
    cache = world.store.cache
    await until(lambda: cache.get_meta("pictures") is not None, "the pictures were begun")
    await until(partial(_seen_to, cache), "all is fetched once")
    return cache


def _seen_to(cache: Cache) -> bool:
    sql = " UNION ALL ".join(f"SELECT uid FROM {entity}_unpictured" for entity in unpictured.PICTURED)
    return not cache._read(sql)


async def urls_of(cache: Cache, *, every: bool = False) -> list[str]:
    """Return the pictures of all records, the newest first."""
    rows = [
        row
        for entity in (Entity.ITEM, Entity.PRODUCT)
        for row in cache.rows(entity, await cache.ids(Query(entity)))
    ]
    return list(dict.fromkeys(url for row in rows if row for url in pictures(row.data, every=every)))


async def test_pictures_come_newest_first_and_only_once(world: World) -> None:
    await copied(world)
    world.shop.mirror.pause()
    cache, album = world.store.cache, Album()
    await cache.run(partial(unpictured.begin, how=unpictured.FIRST, lost=True))
    asked, urls = album.asked, await urls_of(cache)
    await Thumbnails(cache, album).fetch(lambda: len(asked) < 8)
    assert asked == urls[:8]
    await Thumbnails(cache, album).fetch(lambda: True)  # as if after a restart: it goes on where it was
    assert asked == urls
    looked_for = album.looked_for
    await Thumbnails(cache, album).fetch(lambda: True)
    assert album.looked_for == looked_for


async def test_a_start_goes_through_nothing_that_was_seen_to(world: World) -> None:
    album = Album()
    cache = await pictured(world, album)
    assert set(album.asked) == set(await urls_of(cache))
    assert album.looked_for
    await world.close()
    again = Album()
    await pictured(world, again)
    world.shop.mirror.check()  # reading everything again changes nothing either
    await settled(world)
    assert (again.asked, again.looked_for) == ([], 0)


async def test_every_photo_is_fetched_once_it_is_wanted_and_only_then(world: World) -> None:
    album = Album()
    cache = await pictured(world, album)
    await settled(world)
    album.looked_for = 0
    world.shop.mirror.keep_photos(True)
    every = await urls_of(cache, every=True)
    await until(lambda: album.looked_for >= len(every), "every photo was looked for")
    await until(partial(_seen_to, cache), "all is seen to")
    await world.close()
    again = Album()
    await world.open()
    world.shop.mirror._pictures = again
    world.shop.mirror.keep_photos(True)  # as at each start
    world.shop.mirror.start()
    await settled(world)
    assert again.looked_for == 0


async def test_what_was_evicted_or_damaged_is_fetched_again_as_soon_as_there_is_room(world: World) -> None:
    album = Album()
    cache = await pictured(world, album)
    await settled(world)
    thumbnails, images = Thumbnails(cache, album), world.store.images
    world.shop.mirror.pause()
    for name in "abcdefgh":
        await cache.put_image(name, b"p" * 1_000)
    album.asked.clear()
    await world.store.in_files(partial(images.keep_within, 7_000, keep_all=False))
    await thumbnails.fetch(lambda: True)
    assert album.asked == []  # there is no room for what was evicted
    await world.store.in_files(partial(images.keep_within, 9_000_000, keep_all=False))
    await thumbnails.fetch(lambda: True)
    assert album.asked == await urls_of(cache)
    album.asked.clear()
    await thumbnails.fetch(lambda: True)
    assert album.asked == []
    images._path("h").write_bytes(b"torn")
    assert await cache.get_image("h") is None
    assert await cache.missing_images(["h"]) == ["h"]
    await thumbnails.fetch(lambda: True)
    assert album.asked == await urls_of(cache)


async def test_the_picture_of_a_record_that_changed_since_is_fetched_after_the_next_look(
    world: World,
) -> None:
    album = Album()
    cache = await pictured(world, album)
    rows = cache.rows(Entity.ITEM, await cache.ids(ITEMS))
    uid, url = next((row.uid, url) for row in rows if row for url in pictures(row.data, every=False))
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
