"""The life of one edit on a disk that fails: open the shop, connect, edit an item, send it, read a list.

Whatever fails in it, the user is told the truth about the edit, only errors of the store come out, and once
the fault is gone all is delivered and shown without a restart (or with one, when the shop could not be opened
at all, or the power failed).
"""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from instica_desktop.core.errors import StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.sync import Kind, Results
from tests.faults.shops import QUICK, FaultyWorld
from tests.support.fault_sqlite import Switch
from tests.sync.world import until

BASE = "BASE"
PATIENT = msgspec.structs.replace(QUICK, longest_backoff=0.02, backoff=0.01, settle=0.0)


@dataclass
class Subject:
    """The item that is edited, and the closed account that knows it, to begin each cycle with."""

    world: FaultyWorld
    uid: str
    template: Path

    @classmethod
    async def ready(cls, world: FaultyWorld, block: int, template: Path, *, page: int = 100) -> "Subject":
        """Let an account see an item of a block and a list, and close it."""
        world.pace = msgspec.structs.replace(PATIENT, page=page)
        await world.open()
        item = (await world.some_items(block))[0]
        await world.admin.inventory.update(item.uid, {"location": BASE})
        await world.shop.refresh(Entity.ITEM, item.uid)
        (await world.seen(Query(Entity.ITEM))).close()
        await world.leave()
        shutil.copytree(world.folder, template)
        return cls(world, item.uid, template)


class Cycle:
    """The life of one edit, under the fault that a switch makes."""

    def __init__(self, subject: Subject, switch: Switch, number: int) -> None:
        self.world = subject.world
        self.subject = subject
        self.switch = switch
        self.uid = subject.uid
        self.value = f"E{number}"
        self.saved = False
        self.reach = 0
        """How many calls there were before the disk was mended: a later one can fail no more."""

    async def run(self) -> None:
        """Let it happen on a copy of the account, then mend the disk and expect all to be well."""
        world = self.world
        await world.admin.inventory.update(self.uid, {"location": BASE})
        shutil.rmtree(world.folder, ignore_errors=True)
        shutil.copytree(self.subject.template, world.folder)
        try:
            await world.enter(online=False)
        except StoreError:
            await self._start_again()
        results = await self.mended(await self._work())
        world.shop.try_now()
        await until(lambda: world.shop.state.kind is Kind.ONLINE, self.where("never online"))
        await self._all_is_well(results)
        results.close()
        await world.leave()

    def mend(self) -> None:
        """Mend the disk."""
        self.reach = self.switch.calls
        self.switch.heal()

    async def mended(self, results: Results) -> Results:
        """Mend the disk under the running app; return the list to go on with."""
        self.mend()
        return results

    def outcomes(self) -> set[str]:
        """Return what may stand on the server in the end."""
        return {self.value if self.saved else BASE}

    async def _start_again(self) -> None:
        """The shop cannot be opened: the user mends the disk and starts the app once more."""
        while len(self.world._open) > 2:  # pyright: ignore[reportPrivateUsage]
            await self.world._open.pop()()  # pyright: ignore[reportPrivateUsage]
        self.mend()
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
            if not shop.operations() and results.from_server and not results.loading:
                break
        return results

    async def _all_is_well(self, results: Results) -> None:
        world = self.world
        await until(lambda: not world.shop.operations(), self.where(f"left: {world.shop.operations()}"))
        there = (await world.on_server(self.uid)).location
        assert there in self.outcomes(), self.where(f"the server has {there}")
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


class PowerCut(Cycle):
    """The same, but the power fails at the switch's call; `cut` takes back what was not on the disk."""

    def __init__(self, subject: Subject, switch: Switch, number: int, cut: Callable[[], None]) -> None:
        super().__init__(subject, switch, number)
        self._cut = cut

    def mend(self) -> None:
        """Give the disk its power back."""
        super().mend()
        self._cut()

    async def mended(self, results: Results) -> Results:
        """The computer goes out and is started again, with what was on the disk."""
        results.close()
        await self.world.leave()
        self.mend()
        await self.world.enter(online=False)
        self.world.shop.work_offline(False)
        results = self.world.shop.results(Query(Entity.ITEM))
        results.open()
        return results

    def outcomes(self) -> set[str]:
        """An edit that was refused in the moment the power failed may have been written whole."""
        return {self.value} if self.saved else {BASE, self.value}
