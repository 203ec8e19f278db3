"""A deletion on its way: out of every list at once, and back in its place when the server says no.

Or when the record was changed there since it was deleted here: then the user is asked.
"""

import uuid
from datetime import UTC, datetime

import pytest

from instica_desktop.api.sections.base import RecordSection
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind, OpState
from instica_desktop.core.query import Query
from tests.sync.test_photos import picture
from tests.sync.test_removal import a_new_item, is_there
from tests.sync.world import World, until


async def test_a_sold_item_the_server_keeps_is_listed_again(world: World) -> None:
    shop = await world.open()
    order = await world.an_order()
    listing = order.inventory_item_listing
    assert listing is not None
    assert listing.inventory_item is not None
    uid = listing.inventory_item.uid

    async def listed() -> bool:
        return uid in await (await world.seen(Query(Entity.ITEM))).uids()

    await shop.refresh(Entity.ITEM, uid)
    shop.work_offline(True)
    known = shop.known(Entity.ITEM)
    assert await listed()

    delete = Operation(
        uuid=str(uuid.uuid4()), entity=Entity.ITEM, uid=uid, kind=OpKind.DELETE, created=datetime.now(UTC)
    )
    await world.store.outbox.add(delete)
    await world.store.cache.reproject(Entity.ITEM, [uid])
    assert not await listed()
    assert shop.known(Entity.ITEM) == known - 1

    shop.work_offline(False)
    await until(lambda: shop.counts().needs_user, "the server should have said no")
    shop.work_offline(True)

    await until(lambda: (world.store.cache.row_id(Entity.ITEM, uid) or 0) > 0, "it should be a row again")
    assert await listed()
    assert world.item(uid)[1].deleted
    await shop.discard(delete.uuid)
    assert await listed()
    assert not world.item(uid)[1].deleted


async def test_what_was_changed_elsewhere_since_is_not_deleted_unasked(world: World) -> None:
    shop = await world.open()
    item = await a_new_item(world, "DEL-CHANGED")
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"condition_notes": "of no matter any more"})
    await shop.removal.delete(Entity.ITEM, [item.uid])
    await world.admin.inventory.update(item.uid, {"location": "THEIRS"})
    shop.work_offline(False)
    await until(lambda: shop.counts().needs_user)
    (delete,) = [one for one in shop.operations() if one.kind is OpKind.DELETE]
    assert (delete.state, delete.theirs) == (OpState.CONFLICT, {"location": "THEIRS"})
    assert await is_there(world, item.uid)
    assert world.item(item.uid)[0].location == "THEIRS"

    await shop.do_anyway(delete.uuid)
    await world.delivered()
    assert not await is_there(world, item.uid)


async def test_keeping_what_was_changed_elsewhere_drops_the_deletion(world: World) -> None:
    shop = await world.open()
    item = await a_new_item(world, "DEL-KEPT")
    shop.work_offline(True)
    await shop.removal.delete(Entity.ITEM, [item.uid])
    await world.admin.inventory.update(item.uid, {"location": "THEIRS"})
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    await shop.discard(shop.operations()[0].uuid)
    assert shop.operations() == []
    data, mark = world.item(item.uid)
    assert (data.location, mark.deleted) == ("THEIRS", False)
    assert await is_there(world, item.uid)


async def test_a_change_between_looking_and_deleting_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await world.open()
    item = await a_new_item(world, "DEL-RACE")
    real, changed = RecordSection.get, list[str]()

    async def get(self: RecordSection[object], uid: str) -> object:
        fetched = await real(self, uid)
        if uid == item.uid and not changed:
            changed.append(uid)
            await world.admin.inventory.update(uid, {"location": "JUST NOW"})
        return fetched

    monkeypatch.setattr(RecordSection, "get", get)
    await shop.removal.delete(Entity.ITEM, [item.uid])
    await world.stuck(OpState.CONFLICT)
    assert shop.operations()[0].theirs == {"location": "JUST NOW"}
    assert world.proxy.seen(f"DELETE /api/v1/inventory/{item.uid}/") == 1  # refused by its If-Match


async def test_a_photo_that_was_added_elsewhere_since_is_not_deleted_unasked(world: World) -> None:
    shop = await world.open()
    item = await a_new_item(world, "DEL-PHOTO")
    there = await world.admin.inventory.add_asset(item.uid, picture("#201060"), "first.jpg")
    assert await shop.refresh(Entity.ITEM, item.uid)
    shop.work_offline(True)
    await shop.removal.delete(Entity.ITEM, [item.uid])
    theirs = await world.admin.inventory.add_asset(item.uid, picture("#902010"), "theirs.jpg")
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    (delete,) = shop.operations()
    assert delete.theirs == {"assets": [there.uid, theirs.uid]}
    assert len(world.item(item.uid)[0].assets) == 2
    assert await is_there(world, item.uid)

    await shop.do_anyway(delete.uuid)
    await world.delivered()
    assert not await is_there(world, item.uid)


async def test_a_photo_added_between_looking_and_deleting_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await world.open()
    item = await a_new_item(world, "DEL-PHOTO-RACE")
    real, added = RecordSection.get, list[str]()

    async def get(self: RecordSection[object], uid: str) -> object:
        fetched = await real(self, uid)
        if uid == item.uid and not added:
            added.append((await world.admin.inventory.add_asset(uid, picture("#30a020"), "now.jpg")).uid)
        return fetched

    monkeypatch.setattr(RecordSection, "get", get)
    await shop.removal.delete(Entity.ITEM, [item.uid])
    await world.stuck(OpState.CONFLICT)
    assert shop.operations()[0].theirs == {"assets": added}


async def test_photos_that_went_and_our_own_on_their_way_are_no_change_of_others(world: World) -> None:
    shop = await world.open()
    item = await a_new_item(world, "DEL-PHOTO-OWN")
    gone = await world.admin.inventory.add_asset(item.uid, picture("#50c090"), "gone.jpg")
    assert await shop.refresh(Entity.ITEM, item.uid)
    shop.work_offline(True)
    await shop.add_photos(item.uid, [picture("#c05010")])
    await world.store.outbox.set_state(shop.operations()[0].uuid, OpState.UNKNOWN)  # it may arrive
    await shop.removal.delete(Entity.ITEM, [item.uid])
    await world.admin.inventory.delete_asset(item.uid, gone.uid)
    shop.work_offline(False)
    await world.delivered()
    assert not await is_there(world, item.uid)


async def test_our_own_edit_on_its_way_is_no_change_of_others(world: World) -> None:
    shop = await world.open()
    item = await a_new_item(world, "DEL-OWN")
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"location": "OURS"})
    await world.store.outbox.set_state(shop.operations()[0].uuid, OpState.UNKNOWN)  # it may arrive
    await shop.removal.delete(Entity.ITEM, [item.uid])
    shop.work_offline(False)
    await world.delivered()
    assert not await is_there(world, item.uid)
