"""Photos whose upload breaks off, early, in the middle, at the last moment, or just after it was kept."""

import pytest

from instica_desktop.core.operations import OpState
from tests.faults.shops import QUICK, FaultyWorld, noise
from tests.support.fault_proxy import Fault
from tests.sync.world import until

CUTS = (0.1, 0.5, 0.99)


@pytest.mark.parametrize("share", [*CUTS, None], ids=["10 %", "50 %", "99 %", "after it was kept"])
async def test_an_upload_that_breaks_off_arrives_once_and_in_its_place(
    world: FaultyWorld, share: float | None
) -> None:
    world.pace = QUICK
    shop = await world.open()
    item = (await world.some_items(13))[[*CUTS, None].index(share)]
    shop.work_offline(True)
    pictures = [noise(1300 + at, side=200) for at in range(3)]  # 120 kB each
    added = await shop.add_photos(item.uid, pictures)
    operations = shop.operations()
    if share is None:
        world.proxy.fail("POST ", Fault.DROP_REPLY)
    else:
        world.proxy.fail("POST ", Fault.CUT_REQUEST, share=share)
    shop.work_offline(False)
    await world.delivered()
    wanted = [photo.sha256 for photo in added]
    there = [asset.sha256 for asset in (await world.on_server(item.uid)).assets]
    assert [digest for digest in there if digest in wanted] == wanted
    assert [world.counting.times(one) for one in operations] == [1, 1, 1]
    assert world.proxy.seen("POST ") == (3 if share is None else 4)


async def test_an_upload_cut_by_the_end_of_the_app_is_taken_up_at_the_next_start(world: FaultyWorld) -> None:
    world.pace = QUICK
    shop = await world.open(silence=30.0)
    item = (await world.some_items(13))[5]
    world.proxy.fail("POST ", Fault.SILENCE)
    (added,) = await shop.add_photos(item.uid, [noise(1400, side=200)])
    await until(lambda: world.proxy.seen("POST ") == 1)
    (operation,) = shop.operations()
    await world.leave()
    shop = await world.enter(online=False)
    assert [one.state for one in shop.operations()] == [OpState.UNKNOWN]
    assert world.store.blobs.path(added.sha256).exists()
    shop.work_offline(False)
    await world.delivered()
    digests = [asset.sha256 for asset in (await world.on_server(item.uid)).assets]
    assert digests.count(added.sha256) == 1
    assert world.counting.times(operation) <= 1
