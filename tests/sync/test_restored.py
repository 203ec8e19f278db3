"""A backup in a damaged outbox's place, against a real server: held back, then delivered once."""

from datetime import timedelta
from typing import Any

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpState
from instica_desktop.core.query import Query
from instica_desktop.store.outbox import Outbox
from tests.store.support import NOW
from tests.sync.world import World, create, until

ITEM = Entity.ITEM


async def _with_sku(world: World, sku: str) -> list[str]:
    """Return the uids of the items with a SKU on the server."""
    page = await world.admin.inventory.page(Query(ITEM, search=sku), 1, 50)
    return [record.data.uid for record in page.records]


async def _spoiled(world: World) -> None:
    """Leave, and damage the outbox before the next start."""
    await world.leave()
    (world.folder / "outbox.db").write_bytes(b"no database" * 999)


async def test_what_was_delivered_after_the_backup_is_not_delivered_again(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(31)
    assert item.product is not None
    shop.work_offline(True)
    fields = {"product": {"uid": item.product.uid, "title": item.product.title}, "manual_sku": "RESTORED-1"}
    await create(shop, ITEM, fields, item.product.title)
    await shop.edit(ITEM, item.uid, {"location": "R-1"})
    await world.store.back_up()
    shop.work_offline(False)
    await world.delivered()
    made = await _with_sku(world, "RESTORED-1")
    assert len(made) == 1
    await _spoiled(world)

    shop = await world.enter()
    restored = shop.care.restored
    assert restored is not None
    assert restored.edits == 2
    await shop.send_now()
    assert [one.state for one in shop.operations()] == [OpState.UNKNOWN] * 2  # nothing goes before the word

    await shop.care.confirm()
    await world.delivered()
    assert await _with_sku(world, "RESTORED-1") == made
    assert (await world.on_server(item.uid)).location == "R-1"


async def test_a_restored_edit_does_not_overwrite_what_changed_since(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(32)
    shop.work_offline(True)
    await shop.edit(ITEM, item.uid, {"location": "MINE"})
    await world.store.back_up()
    await _spoiled(world)
    await world.admin.inventory.update(item.uid, {"location": "THEIRS"})

    shop = await world.enter()
    await shop.care.confirm()
    await world.stuck(OpState.CONFLICT)
    assert (await world.on_server(item.uid)).location == "THEIRS"


async def test_a_restore_while_the_shop_is_open_and_sending(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(33)
    shop.work_offline(True)
    await shop.edit(ITEM, item.uid, {"location": "FIRST"})
    copy = await world.store.back_up(NOW - timedelta(days=1))
    shop.work_offline(False)
    await world.delivered()
    shop.work_offline(True)
    await shop.edit(ITEM, item.uid, {"location": "SECOND"})
    shop.work_offline(False)
    await shop.care.restore(copy)
    await until(lambda: shop.care.restored is not None)
    await shop.care.confirm()
    await until(lambda: not [one for one in shop.operations() if one.state is not OpState.CONFLICT])
    # Either SECOND was sent before the restore, or it is kept as a backup; FIRST never overwrites it unasked.
    on_server = (await world.on_server(item.uid)).location
    assert on_server in ("FIRST", "SECOND")
    if on_server == "SECOND":
        assert [one.state for one in shop.operations()] == [OpState.CONFLICT]
    else:
        kept = [one for one in await shop.care.backups() if one.before_restore]
        assert [one.edits for one in kept] == [1]


async def test_a_reset_while_online_is_filled_again_and_loses_no_edit(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(34)
    shop.work_offline(True)
    await shop.edit(ITEM, item.uid, {"location": "RESET"})
    assert await shop.care.reset()
    assert [one.uid for one in shop.operations()] == [item.uid]
    assert shop.known(ITEM) == 0
    shop.work_offline(False)
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "RESET"
    results = await world.seen(Query(ITEM))
    assert (results.count or 0) > 100
    assert shop.known(ITEM) > 0


async def test_an_edit_that_is_just_being_taken_up_waits_for_the_word_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await world.open()
    item = await world.an_item(33)
    real = Outbox.set_state

    async def meanwhile(self: Outbox, uuid: str, state: OpState, **more: Any) -> Operation | None:
        if state is OpState.SENDING:
            self.hold_back()
        return await real(self, uuid, state, **more)

    with monkeypatch.context() as damaged:
        damaged.setattr(Outbox, "set_state", meanwhile)
        await shop.edit(ITEM, item.uid, {"location": "HELD"})
        await until(lambda: [one.state for one in shop.operations()] == [OpState.UNKNOWN])
    assert world.proxy.seen("PATCH ") == 0
    await shop.care.confirm()
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "HELD"
