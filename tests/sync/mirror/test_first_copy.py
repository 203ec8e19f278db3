"""Others make and delete records during the first copy: a look or two later all is as on the server."""

import random
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.sync.mirror.reading import OLDEST_FIRST, Read, Reader
from instica_desktop.sync.mirror.scan import Scan
from tests.sync.mirror.conftest import here, look, server_uids, settled
from tests.sync.world import FAST, World

PACE = msgspec.structs.replace(FAST, page=20, mirror_commit=2, mirror_at_once=1)


class Colleague:
    """Makes and deletes items; what they make may be seen by a list of this computer at once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._product = ""
        self._old: list[str] = []
        self.made: list[str] = []

    async def arrive(self) -> None:
        """Find out what may be deleted, oldest last."""
        drafts = Query(Entity.ITEM).with_filter("status", ["draft", "ready-to-sell"])
        items = [record.data async for record in self._world.admin.inventory.all(drafts)]
        self._old = [item.uid for item in items]
        self._product = next(item.product.uid for item in items if item.product)

    async def make(self, *, shown: bool) -> None:
        """Make an item, which a list of this computer shows before the copy comes to it."""
        made = await self._world.admin.inventory.create({"product": self._product})
        self.made.append(made.record.data.uid)
        if shown:
            assert await self._world.shop.refresh(Entity.ITEM, self.made[-1])

    async def delete_made(self) -> None:
        """Delete what was made last."""
        if self.made:
            await self._world.admin.inventory.delete(self.made.pop())

    async def delete_old(self, place: int) -> None:
        """Delete one of the others, the oldest at -1."""
        await self._world.admin.inventory.delete(self._old.pop(place))


def disturb(
    monkeypatch: pytest.MonkeyPatch, before: Callable[[int], Any], after: Callable[[Read], Any]
) -> None:
    """Do something before each page of the first copy of the items is asked for, and behind its answer."""
    real = Reader.page

    async def page(self: Reader, ordering: str, number: int, **more: int) -> Read:
        copies = self.entity is Entity.ITEM and ordering == OLDEST_FIRST
        if copies:
            await before(number)
        read = await real(self, ordering, number, **more)
        if copies:
            await after(read)
        return read

    monkeypatch.setattr(Reader, "page", page)


async def the_same(world: World) -> None:
    """Compare the items here with the server's."""
    assert await here(world, Entity.ITEM) == await server_uids(world, Entity.ITEM)


async def test_what_was_made_and_deleted_during_the_first_copy_goes(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, colleague = own_world, Colleague(own_world)
    world.pace = PACE
    await world.open()
    await colleague.arrive()

    async def before(number: int) -> None:
        if number == 3:
            for _ in range(2):
                await colleague.make(shown=True)
            for _ in range(2):
                await colleague.delete_made()

    async def after(_read: Read) -> None:
        """Leave the rest alone."""

    disturb(monkeypatch, before, after)
    world.shop.mirror.start()
    await settled(world)
    await look(world)
    await the_same(world)
    assert world.store.cache.mirror.progress(Entity.ITEM).gap == 0


async def test_a_record_made_at_the_end_of_a_copy_hides_no_deletion(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, colleague = own_world, Colleague(own_world)
    world.pace = PACE
    await world.open()
    await colleague.arrive()
    real, ended = Scan._finish, list[int]()  # pyright: ignore[reportPrivateUsage]

    async def finish(self: Scan, progress: Any) -> Any:
        if self._reader.entity is Entity.ITEM and not ended:  # pyright: ignore[reportPrivateUsage]
            ended.append(1)
            await colleague.make(shown=True)
            done = await real(self, progress)
            await colleague.delete_old(0)
            return done
        return await real(self, progress)

    monkeypatch.setattr(Scan, "_finish", finish)
    world.shop.mirror.start()
    await settled(world)
    await look(world)
    assert ended
    await the_same(world)


@pytest.mark.parametrize("seed", range(6))
async def test_made_and_deleted_at_random_during_the_first_copy(
    own_world: World, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    world, colleague, chance = own_world, Colleague(own_world), random.Random(seed)
    world.pace = PACE
    await world.open()
    await colleague.arrive()
    left = [6]

    async def act(*_: object) -> None:
        if not left[0] or chance.random() < 0.5:
            return
        left[0] -= 1
        match chance.randrange(5):
            case 0 | 1:
                await colleague.make(shown=chance.random() < 0.7)
            case 2 | 3:
                await colleague.delete_made()
            case _:
                await colleague.delete_old(chance.choice((0, -1)))

    disturb(monkeypatch, act, act)
    world.shop.mirror.start()
    await settled(world)
    left[0] = 0
    await look(world, 2)
    await the_same(world)
