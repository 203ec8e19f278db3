"""Each call of SQLite in the life of one edit fails, once and for good: nothing said to be saved is lost.

The cycle: open the shop, connect, edit an item, send it, read a list. Whatever fails in it, the user is told
the truth about the edit, only errors of the store come out, and once the fault is gone all is delivered
and shown without a restart (or with one, when the shop could not be opened at all).
"""

import asyncio
import shutil
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from instica_desktop.core.errors import StoreError
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.sync import Kind, Results
from tests.faults.shops import QUICK, FaultyWorld
from tests.support.fault_sqlite import ERRORS, Switch, failing_sqlite
from tests.sync.world import until

BASE = "BASE"
PATIENT = msgspec.structs.replace(QUICK, longest_backoff=0.02, backoff=0.01, settle=0.0)
SOME = 16
"""Calls that fail by default, spread over the cycle; all of them in the long form."""


class Cycle:
    """The life of one edit, under a fault."""

    def __init__(self, world: FaultyWorld, switch: Switch, item: InventoryItem, number: int) -> None:
        self.world = world
        self.switch = switch
        self.uid = item.uid
        self.value = f"E{number}"
        self.saved = False

    async def run(self, template: Path) -> None:
        """Let it happen on a copy of an account, then mend the disk and expect all to be well."""
        world = self.world
        await world.admin.inventory.update(self.uid, {"location": BASE})
        shutil.rmtree(world.folder, ignore_errors=True)
        shutil.copytree(template, world.folder)
        try:
            await world.enter(online=False)
        except StoreError:
            await self._start_again()
        results = await self._work()
        self.switch.heal()
        world.shop.try_now()
        await until(lambda: world.shop.state.kind is Kind.ONLINE, self.where("never online"))
        await self._all_is_well(results)
        results.close()
        await world.leave()

    async def _start_again(self) -> None:
        """The shop cannot be opened: the user mends the disk and starts the app once more."""
        self.switch.heal()
        while len(self.world._open) > 2:  # pyright: ignore[reportPrivateUsage]
            await self.world._open.pop()()  # pyright: ignore[reportPrivateUsage]
        await self.world.enter(online=False)

    async def _work(self) -> Results:
        shop = self.world.shop
        try:
            await shop.edit(Entity.ITEM, self.uid, {"location": self.value})
            self.saved = True
        except StoreError:
            assert not shop.operations(), self.where("said to be refused, and kept")
        shop.work_offline(False)
        results = shop.results(Query(Entity.ITEM))
        try:
            results.open()
        except StoreError:
            results.close()
            results = shop.results(Query(Entity.ITEM))
        for _ in range(40):  # so long the fault goes on; how long says nothing about the outcome
            await asyncio.sleep(0.005)
            if self.switch.failed and not shop.operations() and not results.loading:
                break
        return results

    async def _all_is_well(self, results: Results) -> None:
        world = self.world
        await until(lambda: not world.shop.operations(), self.where(f"left: {world.shop.operations()}"))
        there = (await world.on_server(self.uid)).location
        assert there == (self.value if self.saved else BASE), self.where(f"the server has {there}")
        if not results.ids:
            results.open()
        results.refresh()
        await results.settled()
        assert await world.shop.refresh(Entity.ITEM, self.uid), self.where("cannot be read")
        assert world.item(self.uid)[0].location == there, self.where("the screen shows another value")
        assert results.error is None, self.where(f"{results.error}")

    def where(self, what: str) -> str:
        """Say what went wrong, and at which call."""
        return f"{self.value}: {what}; failed: {self.switch.failed[:3]}"


async def _through(
    world: FaultyWorld, block: int, template: Path, *, forever: bool, all_of_them: bool
) -> None:
    world.pace = PATIENT
    await world.open()
    item = (await world.some_items(block))[0]
    await world.admin.inventory.update(item.uid, {"location": BASE})
    await world.shop.refresh(Entity.ITEM, item.uid)
    results = await world.seen(Query(Entity.ITEM))
    results.close()
    await world.leave()
    shutil.copytree(world.folder, template)
    switch = Switch()
    with failing_sqlite(switch):
        switch.arm(10**9, forever=False)
        await Cycle(world, switch, item, 0).run(template)
        calls = switch.calls
        assert calls > 3 * SOME
        for number in _chosen(calls, all_of_them):
            switch.arm(number, forever=forever, error=ERRORS[number % len(ERRORS)])
            await Cycle(world, switch, item, number).run(template)
    world.counting.assert_once("the i-th call")


def _chosen(calls: int, all_of_them: bool) -> Iterable[int]:
    """Return the calls that fail: all, or some that differ from run to run of the worker's number."""
    stride = 1 if all_of_them else max(1, calls // SOME)
    return range(1 + stride // 2 if not all_of_them else 1, calls + 1, stride)


@pytest.mark.parametrize("forever", [False, True], ids=["once", "for good"])
async def test_some_calls_fail(world: FaultyWorld, tmp_path: Path, forever: bool) -> None:
    await _through(world, 6 + forever, tmp_path / "template", forever=forever, all_of_them=False)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("forever", [False, True], ids=["once", "for good"])
async def test_every_call_fails(world: FaultyWorld, tmp_path: Path, forever: bool) -> None:
    await _through(world, 8 + forever, tmp_path / "template", forever=forever, all_of_them=True)
