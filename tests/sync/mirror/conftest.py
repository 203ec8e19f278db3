"""What the tests of the mirror share. Those that change the shop have one together."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.store.tables import TABLES
from tests.sync.world import PATIENCE, KeyedServer, World


def sections(world: World) -> dict[Entity, Any]:
    """Return where the server has each kind of record."""
    return {
        Entity.ITEM: world.admin.inventory,
        Entity.PRODUCT: world.admin.products,
        Entity.ORDER: world.admin.orders,
    }


async def server_uids(world: World, entity: Entity) -> list[str]:
    """Return the uids of all records the server has, in its order."""
    return [record.data.uid async for record in sections(world)[entity].all(Query(entity))]


async def here(world: World, entity: Entity) -> list[str]:
    """Return the uids of all records on this computer, in the server's order."""
    ids = await world.store.cache.ids(Query(entity))
    return [row.uid for row in world.store.cache.rows(entity, ids) if row]


def tidied(world: World) -> set[Entity]:
    """Return the kinds whose search index was put in order."""
    cache = world.store.cache
    return {entity for entity in Entity if cache.get_meta(f"tidy {TABLES[entity].name}") is not None}


async def settled(world: World) -> None:
    """Wait until the copy is as fresh as can be."""
    async with asyncio.timeout(PATIENCE):
        await world.shop.mirror.settled()


async def look(world: World, times: int = 1) -> None:
    """Let the copy look for changes."""
    for _ in range(times):
        world.shop.mirror.look()
        await settled(world)


async def whole(world: World) -> None:
    """Compare all records here with the server's: the same ones in the same order."""
    for entity in Entity:
        assert await here(world, entity) == await server_uids(world, entity), entity


async def check(world: World) -> None:
    """Let the copy read everything again, and look for changes."""
    world.shop.mirror.check()
    await settled(world)


@pytest.fixture(scope="package")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyedServer]:
    """A shop of 140 items that the tests of this folder change."""
    with KeyedServer.launch(tmp_path_factory.mktemp("mirror") / "shop", items=140) as server:
        yield server
