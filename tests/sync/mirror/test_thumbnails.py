"""Pictures that cannot be had just now are had later, and keep none of the others waiting."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.store.store import Store
from instica_desktop.sync.mirror.thumbnails import Thumbnails
from tests.store.support import item, record


class Album:
    """Pictures of which some cannot be had for now; each record has one, named after it."""

    def __init__(self) -> None:
        self.failing: set[str] = set()
        self.asked: list[str] = []
        self.kept: set[str] = set()

    async def get(self, url: str) -> bytes | None:
        self.asked.append(url)
        if url in self.failing:
            return None
        self.kept.add(url)
        return b"a picture"

    async def missing(self, urls: Sequence[str]) -> list[str]:
        return [url for url in urls if url not in self.kept]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "account")
    yield opened
    opened.let_go()


async def _records(store: Store, number: int) -> list[str]:
    """Have so many records with a picture each; return the pictures in the order they are fetched in."""
    urls = [f"/{at}.jpg" for at in range(number)]
    assets = [[{"uid": url, "thumbnail": url, "is_primary": True}] for url in urls]
    records = [
        item(f"u{at}", assets=assets[at], created=f"2025-01-02T00:00:{at:02}Z") for at in range(number)
    ]
    await store.cache.upsert(Entity.ITEM, records)
    return urls[::-1]


async def test_what_cannot_be_had_in_passing_is_fetched_the_next_time_and_alone(store: Store) -> None:
    album, urls = Album(), await _records(store, 6)
    thumbnails = Thumbnails(store.cache, album)
    album.failing = {urls[0], urls[3]}
    await thumbnails.fetch(lambda: True)
    assert album.asked == urls  # each once, and none is waited for
    album.failing, album.asked = set(), []
    await thumbnails.fetch(lambda: True)
    assert album.asked == [urls[0], urls[3]]
    album.asked.clear()
    await thumbnails.fetch(lambda: True)
    assert album.asked == []


async def test_a_host_that_does_not_answer_is_not_asked_for_everything(store: Store) -> None:
    album, urls = Album(), await _records(store, 45)
    thumbnails = Thumbnails(store.cache, album)
    album.failing = set(urls)
    await thumbnails.fetch(lambda: True)
    assert album.asked == urls[:20]
    album.failing = set(urls[:20])
    await thumbnails.fetch(lambda: True)
    assert album.kept == set(urls[20:])  # the others came first


async def test_what_fails_is_in_nobodys_way_where_fetching_is_broken_off(store: Store) -> None:
    album, urls = Album(), await _records(store, 6)
    thumbnails = Thumbnails(store.cache, album)
    album.failing = {urls[0]}

    async def get(url: str) -> bytes | None:
        if url == urls[1]:
            raise TimeoutError  # the next look at the server is due
        return await Album.get(album, url)

    with pytest.MonkeyPatch.context() as slow:
        slow.setattr(album, "get", get)
        with pytest.raises(TimeoutError):
            await thumbnails.fetch(lambda: True)
    album.asked.clear()
    await thumbnails.fetch(lambda: True)
    assert album.asked == [*urls[1:], urls[0]]


async def test_one_picture_that_cannot_be_had_keeps_no_other_of_its_record_away(store: Store) -> None:
    album, names = Album(), [f"/{name}.jpg" for name in "abc"]
    await store.cache.upsert(
        Entity.ITEM, [item("u", assets=[{"uid": name, "image": name} for name in names])]
    )
    thumbnails = Thumbnails(store.cache, album)
    thumbnails.keep_all, album.failing = True, {names[0]}
    for _ in range(2):
        await thumbnails.fetch(lambda: True)
    assert album.asked == [*names, names[0]]


async def test_pictures_of_items_that_fail_keep_those_of_products_not_waiting(store: Store) -> None:
    album, urls = Album(), await _records(store, 25)
    await store.cache.upsert(
        Entity.PRODUCT, [record(Entity.PRODUCT, "p1", title="Aja", product_image="/cover.jpg")]
    )
    album.failing = set(urls)
    await Thumbnails(store.cache, album).fetch(lambda: True)
    assert album.asked == [*urls[:20], "/cover.jpg"]
