"""A start that cannot take up the waiting edits reads all the same; new rules cost no start its quickness."""

import pytest

from instica_desktop.core.errors import DiskFull
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpState
from instica_desktop.core.query import Query
from instica_desktop.store.outbox import Outbox
from instica_desktop.store.rules import KEY, Rules
from instica_desktop.sync import Kind, Shop, upkeep
from instica_desktop.sync.upkeep import NEW_RULES, NOT_TAKEN_UP, TAKEN_UP
from tests.sync.mirror.conftest import settled
from tests.sync.world import World, until

ITEM = Entity.ITEM


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what shops say to the user."""
    words: list[str] = []
    monkeypatch.setattr(Shop, "_say", lambda shop, text: words.append(text))  # pyright: ignore[reportUnknownLambdaType]
    return words


async def test_edits_that_cannot_be_taken_up_wait_while_the_shop_is_read(
    world: World, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await world.open()
    item = await world.an_item(50)
    shop.work_offline(True)
    await shop.edit(ITEM, item.uid, {"location": "TAKEN UP"})
    await world.store.outbox.set_state(shop.operations()[0].uuid, OpState.SENDING)
    await world.leave()
    real, full = Outbox.recover, [True]

    async def recover(self: Outbox) -> list[Operation]:
        if full[0]:
            raise DiskFull("There is no room left on the disk.")
        return await real(self)

    monkeypatch.setattr(Outbox, "recover", recover)
    writes = world.proxy.seen("PATCH ")
    shop = await world.enter()
    assert shop.state.kind is Kind.ONLINE
    assert said == [NOT_TAKEN_UP]
    rows = await world.seen(Query(ITEM))
    assert rows.from_server
    assert world.proxy.seen("PATCH ") == writes
    full[0] = False
    await world.delivered()
    assert said == [NOT_TAKEN_UP, TAKEN_UP]
    assert (await world.on_server(item.uid)).location == "TAKEN UP"


async def test_new_rules_are_applied_in_the_background_and_the_server_answers_meanwhile(
    world: World, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "PIECE", 40)
    shop = await world.open()
    shop.mirror.start()
    await settled(world)
    item = await world.an_item(51)
    await world.store.cache.set_meta(KEY, "of long ago")
    await world.leave()
    real, pieces, held = Rules.renew, list[bool](), [True]

    async def renew(self: Rules, most: int) -> bool:
        await until(lambda: not held[0] or not pieces)
        pieces.append(await real(self, most))
        return pieces[-1]

    monkeypatch.setattr(Rules, "renew", renew)
    shop = await world.enter()
    shop.mirror.start()
    await settled(world)
    await until(lambda: pieces)
    assert said == [NEW_RULES]
    await until(lambda: shop.renewed is not None)
    seen: list[float | None] = []
    shop.on_state.append(lambda: seen.append(shop.renewed))
    rows = await world.seen(Query(ITEM))
    assert rows.from_server  # the copy is whole, and yet does not stand for the server
    await shop.edit(ITEM, item.uid, {"location": "MEANWHILE"})
    await world.delivered()
    held[0] = False
    await until(lambda: not pieces[-1])
    assert len(pieces) > 7  # 260 items in pieces of forty
    assert not Rules(world.store.cache).outdated
    assert (await world.seen(Query(ITEM))).from_copy
    shares = [share for share in seen if share is not None]
    assert shares == sorted(shares)
    assert len(set(shares)) > 5
    assert shop.renewed is None


async def test_a_copy_whose_renewal_fails_is_renewed_as_soon_as_it_can_be(
    world: World, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await world.open()
    shop.mirror.start()
    await settled(world)
    await world.store.cache.set_meta(KEY, "of long ago")
    await world.leave()
    real, failures = Rules.renew, [3]

    async def renew(self: Rules, most: int) -> bool:
        if failures[0]:
            failures[0] -= 1
            raise DiskFull("There is no room left on the disk.")
        return await real(self, most)

    monkeypatch.setattr(Rules, "renew", renew)
    shop = await world.enter()
    shop.mirror.start()
    await settled(world)
    await until(lambda: not Rules(world.store.cache).outdated)
    await until(lambda: not shop._upkeep.outdated)
    assert (await world.seen(Query(ITEM))).from_copy
