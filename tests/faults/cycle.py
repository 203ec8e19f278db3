"""The life of an edit, or of photos, on a disk that fails: open the shop, connect, edit, send, read a list.

Whatever fails in it, the user is told the truth about the edit, only errors of the store come out, and once
the fault is gone all is delivered and shown without a restart (or with one, when the shop could not be opened
at all, or the power failed).
"""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from instica_desktop.core.errors import StoreError
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import TEMPORARY
from instica_desktop.core.query import Query
from instica_desktop.sync import Kind, Results
from tests.faults.shops import QUICK, FaultyWorld, noise
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
        await without_photos(world, item.uid)
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
        await self.reset()
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

    async def reset(self) -> None:
        """Bring the server to where the account last saw it."""
        await self.world.admin.inventory.update(self.uid, {"location": BASE})

    async def act(self) -> None:
        """Do what is told to the user to be saved, or refused."""
        try:
            await self.world.shop.edit(Entity.ITEM, self.uid, {"location": self.value})
            self.saved = True
        except StoreError:
            assert not self.world.shop.operations(), self.where("said to be refused, and kept")

    def check(self, there: InventoryItem) -> None:
        """Hold the server to what was said."""
        assert there.location in self.outcomes(), self.where(f"the server has {there.location}")

    def shown(self, item: InventoryItem) -> object:
        """Return what a screen shows of what was done."""
        return item.location

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
        await self.act()
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
        there = await world.on_server(self.uid)
        self.check(there)
        if not results.ids:
            results.open()
        results.refresh()
        await results.settled()
        assert await world.shop.refresh(Entity.ITEM, self.uid), self.where("cannot be read")
        assert self.shown(world.item(self.uid)[0]) == self.shown(there), self.where(
            "the screen shows another"
        )
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


class PhotoCycle(Cycle):
    """The life of three photos: added, the second put before the first, the third taken back, and sent."""

    kept: list[str]
    ordered = False
    most = 3
    """How many may be there in the end."""

    async def reset(self) -> None:
        """Take all photos off the item."""
        self.kept = []
        await without_photos(self.world, self.uid)

    async def act(self) -> None:
        """Add, put in order, take back."""
        shop = self.world.shop
        for part in range(3):
            with suppress(StoreError):
                content = noise(100 * int(self.value[1:]) + part)
                self.kept += [photo.sha256 for photo in await shop.add_photos(self.uid, [content])]
        made = {one.payload["blob"]: TEMPORARY + one.uuid for one in shop.operations()}
        assert set(made) == set(self.kept), self.where("said to be refused, and kept, or the other way round")
        if len(self.kept) == 3:
            first, second, third = (made[digest] for digest in self.kept)
            with suppress(StoreError):
                await shop.order_photos(self.uid, [second, first, third])
                self.ordered = True
            with suppress(StoreError):
                await shop.remove_photo(self.uid, third)
                self.kept.pop()
                self.most = 2

    def check(self, there: InventoryItem) -> None:
        """Each photo said to be kept is there once, in the order said to be kept."""
        digests = [str(asset.sha256) for asset in there.assets]
        assert len(set(digests)) == len(digests) <= self.most, self.where(f"the server has {digests}")
        assert set(digests) >= set(self.kept), self.where(f"the server has {digests}, not {self.kept}")
        if self.ordered:
            first, second = (digests.index(digest) for digest in self.kept[:2])
            assert second < first, self.where("the photos stand in another order")

    def shown(self, item: InventoryItem) -> object:
        """Return the photos in their order."""
        return [asset.sha256 for asset in item.assets]


class PhotoPowerCut(PhotoCycle, PowerCut):
    """The same when the power fails."""


async def without_photos(world: FaultyWorld, uid: str) -> None:
    """Let somebody else take all photos off an item."""
    for asset in await world.admin.inventory.list_assets(uid):
        await world.admin.inventory.delete_asset(uid, asset.uid)
