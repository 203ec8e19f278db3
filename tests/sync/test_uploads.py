"""Uploads that break anywhere: the photo arrives whole, once, in its place, and leaves no file behind."""

import io

import msgspec
import pytest
from PIL import Image

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.sync import Shop
from tests.support.fault_proxy import Fault
from tests.sync.test_photos import picture
from tests.sync.world import World, until


def large(seed: int) -> bytes:
    """Return a picture of some hundred kilobytes that no other test has."""
    noise = Image.effect_noise((500, 500), 80 + seed).convert("RGB")
    noise.putpixel((0, 0), (seed, seed, seed))
    out = io.BytesIO()
    noise.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("share", "restart"),
    [
        (0.1, False),
        (0.5, True),
        (0.99, False),
        pytest.param(0.1, True, marks=pytest.mark.long),
        pytest.param(0.5, False, marks=pytest.mark.long),
        pytest.param(0.99, True, marks=pytest.mark.long),
    ],
)
async def test_an_upload_that_broke_off_is_sent_again_whole_and_once(
    world: World, share: float, restart: bool
) -> None:
    shop = await world.open()
    item = await world.an_item(50)
    before = len(item.assets)
    shop.work_offline(True)
    (added,) = await shop.add_photos(item.uid, [large(int(share * 100) + restart)])
    world.proxy.fail("POST ", Fault.CUT_REQUEST, share=share)
    shop.work_offline(False)
    await until(lambda: world.proxy.seen("POST "), "the upload broke")
    if restart:
        await world.leave()
        shop = await world.enter()
    await world.delivered()
    there = (await world.on_server(item.uid)).assets
    assert len(there) == before + 1
    assert there[-1].sha256 == added.sha256
    assert world.proxy.seen("POST ") == 2


async def test_an_upload_whose_answer_never_came_is_found_after_a_restart(world: World) -> None:
    world.pace = msgspec.structs.replace(world.pace, closing=0.05)
    shop = await world.open()
    item = await world.an_item(51)
    before = len(item.assets)
    world.proxy.fail("POST ", Fault.SILENCE)
    await shop.add_photos(item.uid, [large(7)])

    async def arrived() -> bool:
        return len((await world.on_server(item.uid)).assets) == before + 1

    for _ in range(400):
        if await arrived():
            break
    assert await arrived()
    await world.leave()
    shop = await world.enter(online=False)
    assert [one.state for one in shop.operations()] == [OpState.UNKNOWN]
    shop.work_offline(False)
    await world.delivered()
    assert await arrived()
    assert world.proxy.seen("POST ") == 1


async def test_photos_keep_their_order_when_one_of_them_breaks_off(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(52)
    shop.work_offline(True)
    added = await shop.add_photos(item.uid, [large(11), large(12), large(13)])
    world.proxy.fail("POST ", Fault.CUT_REQUEST, share=0.5, times=2)
    shop.work_offline(False)
    await world.delivered()
    there = (await world.on_server(item.uid)).assets[-3:]
    assert [asset.sha256 for asset in there] == [one.sha256 for one in added]


async def three_with_a_missing_one(world: World, at: int) -> tuple[Shop, str, list[str]]:
    """Return an item with three new photos in another order, the second of which cannot be sent."""
    shop = await world.open()
    item = await world.an_item(at)
    shop.work_offline(True)
    added = await shop.add_photos(item.uid, [picture(f"#{at:02x}00{n:02x}", "PNG") for n in (1, 2, 3)])
    one, two, three = (asset.uid for asset in world.item(item.uid)[0].assets[-3:])
    old = [asset.uid for asset in item.assets]
    await shop.order_photos(item.uid, [three, two, one, *old])
    await shop.primary_photo(item.uid, two)
    await shop.edit(Entity.ITEM, item.uid, {"location": f"PAST-{at}"})
    world.store.blobs.path(added[1].sha256).rename(world.folder / "away")
    shop.work_offline(False)
    await until(lambda: len(shop.operations()) == 3, "the rest is sent")
    kinds = [operation.kind for operation in shop.operations()]
    assert kinds == [OpKind.ADD_PHOTO, OpKind.ORDER_PHOTOS, OpKind.PRIMARY_PHOTO]
    assert shop.operations()[0].state is OpState.REFUSED
    assert (await world.on_server(item.uid)).location == f"PAST-{at}"
    return shop, item.uid, [photo.sha256 for photo in added]


async def test_an_order_waits_for_the_photo_it_names_and_is_right_then(world: World) -> None:
    shop, uid, (one, two, three) = await three_with_a_missing_one(world, 53)
    (world.folder / "away").rename(world.store.blobs.path(two))
    await shop.retry(shop.operations()[0].uuid)
    await world.delivered()
    there = (await world.on_server(uid)).assets
    assert [asset.sha256 for asset in there[:3]] == [three, two, one]
    assert [asset.sha256 for asset in there if asset.is_primary] == [two]


async def test_an_order_goes_on_without_the_photo_that_was_dropped(world: World) -> None:
    shop, uid, (one, two, three) = await three_with_a_missing_one(world, 54)
    await shop.discard(shop.operations()[0].uuid)
    await world.delivered()
    there = [asset.sha256 for asset in (await world.on_server(uid)).assets]
    assert there[:2] == [three, one]
    assert two not in there


async def test_a_delivered_photo_leaves_no_file_and_a_shared_one_stays(world: World) -> None:
    shop = await world.open()
    first, second = await world.an_item(55), await world.an_item(56)
    shop.work_offline(True)
    (added,) = await shop.add_photos(first.uid, [picture("#55aa55")])
    await shop.add_photos(second.uid, [picture("#55aa55")])
    (keeping, dropping) = shop.operations()
    path = world.store.blobs.path(added.sha256)
    await shop.outgoing.move((Entity.ITEM, second.uid), -1)
    world.proxy.fail("POST /api/v1/inventory/" + second.uid, Fault.RESET, times=3)
    shop.work_offline(False)
    await world.delivered()
    await until(lambda: not path.exists(), "the file is freed")
    for operation in (keeping, dropping):
        there = (await world.on_server(operation.uid)).assets
        assert [asset.sha256 for asset in there].count(added.sha256) == 1
