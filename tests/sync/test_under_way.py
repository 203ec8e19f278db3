"""What the user decides in the very moment in which a change is marked as being sent: the sending stands."""

import asyncio
from datetime import timedelta

import pytest

from instica_desktop.core.acts import Step
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.sync import Shop
from tests.sync.test_laid import made
from tests.sync.test_photos import picture
from tests.sync.world import World


async def being_marked(world: World, shop: Shop) -> "asyncio.Task[object]":
    """Begin to mark the only change as being sent, as the sender does; nobody has heard of it yet."""
    (operation,) = shop.operations()
    marking = asyncio.create_task(world.store.outbox.set_state(operation.uuid, OpState.SENDING))
    await asyncio.sleep(0)
    assert shop.operations()[0].state is not OpState.SENDING
    return marking


async def an_edit(world: World) -> Shop:
    shop = await world.open()
    item = await world.an_item(40)
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"location": "UNDER WAY"})
    return shop


def states(shop: Shop) -> list[tuple[OpKind, OpState]]:
    return [(one.kind, one.state) for one in shop.operations()]


async def test_a_change_on_its_way_cannot_be_dropped(world: World) -> None:
    shop = await an_edit(world)
    marking = await being_marked(world, shop)
    with pytest.raises(InputError, match="meanwhile"):
        await shop.discard(shop.operations()[0].uuid)
    await marking
    assert states(shop) == [(OpKind.UPDATE, OpState.SENDING)]


async def test_trying_again_does_not_hide_that_it_is_being_sent(world: World) -> None:
    shop = await an_edit(world)
    uuid, later = shop.operations()[0].uuid, world.now() + timedelta(minutes=5)
    await world.store.outbox.set_state(uuid, OpState.RETRY, retry_at=later)
    marking = await being_marked(world, shop)
    with pytest.raises(InputError, match="meanwhile"):
        await shop.retry(uuid)
    await marking
    await world.store.outbox.set_state(uuid, OpState.UNKNOWN, retry_at=later)
    marking = await being_marked(world, shop)
    await shop.send_now()
    await marking
    assert states(shop) == [(OpKind.UPDATE, OpState.SENDING)]  # after a crash it is read back, not sent twice


async def test_what_is_typed_over_a_conflict_that_goes_just_now_is_kept(world: World) -> None:
    shop = await an_edit(world)
    (conflict,) = shop.operations()
    await world.store.outbox.set_state(conflict.uuid, OpState.CONFLICT, theirs={"location": "THEIRS"})
    dropping = asyncio.create_task(world.store.outbox.discard(conflict.uuid))
    await asyncio.sleep(0)
    edited = await shop.edit(Entity.ITEM, conflict.uid, {"location": "TYPED"})
    await dropping
    assert edited.after == {"location": "TYPED"}
    assert [(one.edits[0].new, one.state) for one in shop.operations()] == [("TYPED", OpState.QUEUED)]


async def test_a_photo_on_its_way_is_removed_after_it(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(41)
    shop.work_offline(True)
    await shop.add_photos(item.uid, [picture("#4080c0")])
    photo = world.item(item.uid)[0].assets[-1].uid
    marking = await being_marked(world, shop)
    await shop.remove_photo(item.uid, photo)
    await marking
    assert states(shop) == [(OpKind.ADD_PHOTO, OpState.SENDING), (OpKind.REMOVE_PHOTO, OpState.QUEUED)]


async def test_a_new_record_on_its_way_is_deleted_after_it(world: World) -> None:
    shop = await world.open()
    await world.an_item()
    world.store.outbox.hold_back()
    temporary = await made(shop)
    shop.work_offline(True)
    marking = await being_marked(world, shop)
    deleted = await shop.removal.delete(Entity.ITEM, [temporary])
    await marking
    assert states(shop) == [(OpKind.CREATE, OpState.SENDING), (OpKind.DELETE, OpState.QUEUED)]
    assert deleted.uids == (temporary,)


async def test_a_deletion_on_its_way_is_not_taken_back(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(42)
    shop.work_offline(True)
    deleted = await shop.removal.delete(Entity.ITEM, [item.uid])
    marking = await being_marked(world, shop)
    with pytest.raises(InputError, match="Nobody knows yet"):
        await shop.inverses.undo(Step(words="deleting", acts=deleted.acts))
    await marking
    assert states(shop) == [(OpKind.DELETE, OpState.SENDING)]


async def test_for_a_photo_that_could_not_be_dropped_no_file_stays_held(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(42)
    shop.work_offline(True)
    (added,) = await shop.add_photos(item.uid, [picture("#00aa57")])
    blobs = world.store.blobs
    assert not blobs.is_held(added.sha256)
    marking = await being_marked(world, shop)
    with pytest.raises(InputError):
        await shop.dropping.drop(shop.operations()[0].uuid)
    await marking
    assert not blobs.is_held(added.sha256)
