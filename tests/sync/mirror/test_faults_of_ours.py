"""A fault of ours with one kind of record, or while nothing is due, keeps nothing else from being copied."""

from typing import Any

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.store.cache import Cache
from instica_desktop.sync.mirror.keeper import OUR_FAULT
from instica_desktop.sync.mirror.reading import Read, Reader
from tests.sync.mirror.conftest import here, server_uids, settled, tidied
from tests.sync.world import World, until


@pytest.mark.allow_log("The copy of one kind of record could not go on: |of one kind could not be counted: ")
async def test_the_other_kinds_are_copied_where_one_cannot_be_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Reader.page

    async def page(self: Reader, *arguments: Any, **more: Any) -> Read:
        if self.entity is Entity.ITEM:
            raise RecursionError("deep")
        return await real(self, *arguments, **more)

    monkeypatch.setattr(Reader, "page", page)
    shop = await world.open()
    shop.mirror.start()
    await until(lambda: shop.mirror.state.message == OUR_FAULT)
    for entity in (Entity.PRODUCT, Entity.ORDER):
        assert await here(world, entity) == await server_uids(world, entity)
    await until(lambda: tidied(world) == {Entity.PRODUCT, Entity.ORDER}, "the rest is put in order")
    await until(lambda: world.store.cache.get_meta("pictures"), "pictures are fetched")
    monkeypatch.setattr(Reader, "page", real)
    shop.mirror.look()
    await settled(world)
    await until(lambda: tidied(world) == set(Entity), "all is put in order")
    assert await here(world, Entity.ITEM) == await server_uids(world, Entity.ITEM)
    assert not shop.mirror.state.message


@pytest.mark.allow_log("The copy could not be put in order")
async def test_the_copy_goes_on_after_a_fault_while_nothing_was_due(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[str] = []

    async def tidy(cache: Cache, *_: object) -> None:
        met.append("tidy")
        raise RuntimeError("of ours")

    monkeypatch.setattr(Cache, "tidy", tidy)
    shop = await world.open()
    shop.mirror.start()
    await until(lambda: met)
    made = await world.admin.inventory.create({"product": await world.a_product()})
    shop.mirror.look()
    await settled(world)
    assert made.record.data.uid in await here(world, Entity.ITEM)
