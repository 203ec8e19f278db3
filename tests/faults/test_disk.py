"""A disk that is full: an edit is refused in words or kept for good, and all goes on once there is room."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from instica_desktop.core.errors import DiskFull, StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.sync import Kind
from tests.faults.shops import QUICK, CountingServer, FaultyWorld, noise
from tests.sync.world import until

LONG = "condition " * 90


async def _edit_until_full(world: FaultyWorld, uids: list[str]) -> dict[str, str]:
    """Save edits until one is refused; return what was said to be saved."""
    saved: dict[str, str] = {}
    for turn in range(400):
        uid = uids[turn % len(uids)]
        notes = f"{turn} {LONG}"[:999]
        try:
            await world.shop.edit(Entity.ITEM, uid, {"condition_notes": notes})
        except DiskFull:
            return saved
        saved[uid] = notes.strip()
    raise AssertionError("the disk never filled")


async def _all_kept(world: FaultyWorld, saved: dict[str, str]) -> None:
    for uid, notes in saved.items():
        assert world.item(uid)[0].condition_notes == notes


async def test_an_outbox_without_room_keeps_what_it_has_and_sends_it(world: FaultyWorld) -> None:
    world.pace = QUICK
    await world.open()
    uids = [item.uid for item in await world.some_items(20)]
    await world.leave()
    world.limits = {"outbox_pages": (world.folder / "outbox.db").stat().st_size // 4096 + 2}
    shop = await world.enter(online=False)
    saved = await _edit_until_full(world, uids)
    assert saved
    await _all_kept(world, saved)
    shop.work_offline(False)
    await until(lambda: len(shop.operations()) < 3, f"{len(shop.operations())} left")
    await world.leave()
    world.limits = {}
    await world.enter()
    await world.delivered()
    for uid, notes in saved.items():
        assert (await world.on_server(uid)).condition_notes == notes
    world.counting.assert_once("a full outbox")


async def test_a_cache_without_room_holds_up_no_edit(world: FaultyWorld) -> None:
    world.pace = QUICK
    await world.open()
    uids = [item.uid for item in await world.some_items(21)]
    await world.leave()
    size = (world.folder / "cache.db").stat().st_size // 4096
    world.limits = {"cache_pages": size + 12}
    shop = await world.enter()
    results = shop.results(Query(Entity.ITEM))
    results.open()
    await results.settled()
    results.close()
    for uid in uids:
        await shop.edit(Entity.ITEM, uid, {"condition_notes": f"{uid} {LONG}"[:999]})
    await world.delivered()
    for uid in uids:
        assert (await world.on_server(uid)).condition_notes == f"{uid} {LONG}"[:999].strip()
    await world.leave()
    world.limits = {}
    shop = await world.enter()
    results = await world.seen(Query(Entity.ITEM))
    assert results.error is None
    assert await shop.refresh(Entity.ITEM, uids[0])
    assert world.item(uids[0])[0].condition_notes == f"{uids[0]} {LONG}"[:999].strip()
    world.counting.assert_once("a full cache")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own of 6 MB, where this user may make one."""
    disk = tmp_path / "small-disk"
    disk.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux makes a disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody make a disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True, capture_output=True)


async def test_a_disk_that_really_is_full(small_disk: Path, counted: CountingServer) -> None:
    world = FaultyWorld(small_disk / "account", counted, pace=QUICK)
    try:
        await _on_a_full_disk(world, small_disk)
    finally:
        await world.close()


async def _on_a_full_disk(world: FaultyWorld, disk: Path) -> None:
    shop = await world.open()
    uids = [item.uid for item in await world.some_items(22)]
    shop.work_offline(True)
    (photo,) = await shop.add_photos(uids[0], [noise(1, side=60)])
    saved = {uid: f"before {uid}" for uid in uids}
    for uid, notes in saved.items():
        await shop.edit(Entity.ITEM, uid, {"condition_notes": notes})
    filler = disk / "filler"
    _fill(filler)
    with pytest.raises(DiskFull):
        await shop.add_photos(uids[1], [noise(2, side=200)])
    saved |= await _edit_until_full(world, uids)
    await _all_kept(world, saved)
    with pytest.raises(DiskFull):
        await world.store.back_up()
    shop.work_offline(False)
    await until(lambda: shop.state.kind is Kind.ONLINE)
    with suppress(StoreError):
        await shop.refresh(Entity.ITEM, uids[0])
    filler.unlink()
    shop.try_now()
    await shop.send_now()
    await world.delivered()
    for uid, notes in saved.items():
        assert (await world.on_server(uid)).condition_notes == notes
    assert photo.sha256 in [asset.sha256 for asset in (await world.on_server(uids[0])).assets]
    world.counting.assert_once("a full disk")
    assert (await world.store.back_up()).exists()


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
