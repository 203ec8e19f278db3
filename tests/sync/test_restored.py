"""A backup in a damaged outbox's place, against a real server: held back, then delivered once."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest

from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpState
from instica_desktop.core.query import Query
from instica_desktop.store.outbox import Outbox
from instica_desktop.sync.upkeep import KEPT_ASIDE, Upkeep
from tests.server.shop import picture
from tests.store.support import NOW, reseal
from tests.sync.world import FAST, World, create, until

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
    # Either SECOND was sent before the restore, or it is kept as a backup. FIRST never overwrites it unasked:
    # it is known as delivered, so that there is nothing to ask.
    on_server = (await world.on_server(item.uid)).location
    assert on_server in ("FIRST", "SECOND")
    if on_server == "FIRST":
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


def _letter(path: Path, before: str, after: str) -> None:
    """Change letters inside a body as the disk does: it stays JSON, and no seal follows."""
    connection = apsw.Connection(str(path))
    sql = "UPDATE operations SET body=CAST(replace(CAST(body AS TEXT), ?, ?) AS BLOB)"
    connection.execute(sql, (before, after))
    connection.close()


async def test_a_spoilt_edit_reaches_the_server_only_as_it_was_made_and_on_a_word(world: World) -> None:
    shop = await world.open()
    item, other = await world.an_item(36), await world.an_item(37)
    shop.work_offline(True)
    await shop.edit(ITEM, item.uid, {"location": "WHOLE-1"})
    await world.store.back_up()
    await shop.edit(ITEM, other.uid, {"location": "LATER-1"})
    await world.leave()
    _letter(world.folder / "outbox.db", "WHOLE-1", "WRONG-1")
    _letter(world.folder / "outbox.db", "LATER-1", "LOSER-1")

    shop = await world.enter()
    third = await world.an_item(38)
    await shop.edit(ITEM, third.uid, {"location": "GOES ON"})
    await until(lambda: len(shop.operations()) == 2)
    assert (await world.on_server(third.uid)).location == "GOES ON"
    held, lost = shop.operations()
    assert (held.state, lost.state) == (OpState.DAMAGED, OpState.DAMAGED)
    assert shop.counts().damaged == 2
    with pytest.raises(InputError, match="Nothing of this edit can be read"):
        await shop.retry(lost.uuid)
    await shop.retry(held.uuid)
    await until(lambda: len(shop.operations()) == 1)
    assert (await world.on_server(item.uid)).location == "WHOLE-1"
    assert (await world.on_server(other.uid)).location == other.location
    assert await shop.discard(lost.uuid) is not None
    assert shop.operations() == []


async def test_edits_of_another_version_are_said(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(39)
    shop.work_offline(True)
    await shop.edit(ITEM, item.uid, {"location": "TELEPORTED"})
    await world.leave()
    _letter(world.folder / "outbox.db", '"kind":"update"', '"kind":"teleport"')
    reseal(world.folder / "outbox.db")
    shop = await world.enter()
    assert shop.operations() == []
    said: list[str] = []
    upkeep = Upkeep(world.store, FAST, said.append)
    await upkeep.recover(lambda: None)
    await upkeep.close()
    assert said == [KEPT_ASIDE]


async def test_a_photo_that_was_spoilt_since_it_was_added_is_not_sent(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(40)
    shop.work_offline(True)
    (added,) = await shop.add_photos(item.uid, [picture()])
    path = world.store.blobs.path(added.sha256)
    content = path.read_bytes()
    path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    shop.work_offline(False)
    await world.stuck(OpState.REFUSED)
    (photo,) = shop.operations()
    assert "damaged on this computer" in photo.message
    assert len((await world.on_server(item.uid)).assets) == len(item.assets)
    await shop.discard(photo.uuid)
    await shop.add_photos(item.uid, [picture()])
    await world.delivered()
    there = (await world.on_server(item.uid)).assets
    assert [asset.sha256 for asset in there][len(item.assets) :] == [added.sha256]
