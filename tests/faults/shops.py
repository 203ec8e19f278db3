"""A shop at work whose server counts, whose files have a size, and whose clocks can be set."""

import asyncio
import io
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import msgspec
from PIL import Image

from instica_desktop.api import InsticaClient
from instica_desktop.core.ages import utc_now
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpState
from instica_desktop.store.store import Store
from tests.support.counting_server import Applied, applied
from tests.sync.world import FAST, OLDEST, KeyedServer, World, until

QUICK = msgspec.structs.replace(FAST, longest_backoff=0.05, closing=0.5)


@dataclass
class CountingServer(KeyedServer):
    """A server with a constant key that counts every write it carries out."""

    module: ClassVar[str] = "tests.support.counting_server"
    pages_named: ClassVar[int] = 5  # the fifty blocks of `some_items`
    before: int = 0
    """How many it had carried out when the test began."""

    def begin(self) -> None:
        """Let `assert_once` look at what is carried out from now on."""
        self.before = len(self.applied())

    def applied(self) -> list[Applied]:
        """Return what was carried out so far."""
        return applied(self.data_dir / "shop.sqlite3")

    def times(self, operation: Operation) -> int:
        """Return how often an operation of one step was carried out."""
        return sum(one.key.partition(":")[0] == operation.uuid for one in self.applied())

    def assert_once(self, where: str = "") -> None:
        """Fail when any write was carried out twice."""
        mine = self.applied()[self.before :]
        twice = [key for key, times in Counter(one.key for one in mine).items() if times > 1]
        found = [one for one in mine if one.key in twice]
        assert not found, f"carried out more than once ({where}): {found}"


class Clock:
    """The time of day as a computer has it that may be wrong."""

    def __init__(self) -> None:
        self.wrong_by = timedelta()

    def __call__(self) -> datetime:
        """Return what this computer takes for the time."""
        return utc_now() + self.wrong_by


class Hasty:
    """The client's own seconds: its waits pass at once, and it knows how long they were."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        """Return the seconds so far."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let the seconds pass."""
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@dataclass
class FaultyWorld(World):
    """One account on a server that counts. `limits` are options of `Store.open`, `shipped` its own order."""

    clock: Clock = field(default_factory=Clock)
    hasty: Hasty = field(default_factory=Hasty)
    limits: dict[str, Any] = field(default_factory=dict[str, Any])
    shipped: str = ""

    @property
    def counting(self) -> CountingServer:
        """The server, as one that counts."""
        assert isinstance(self.server, CountingServer)
        return self.server

    def new_client(self, silence: float, **more: Any) -> InsticaClient:
        """Return a client whose waits pass at once."""
        return super().new_client(silence, clock=self.hasty.clock, sleep=self.hasty.sleep, **more)

    def new_store(self) -> Store:
        """Return the store of the account, within the limits."""
        return Store.open(self.folder, **self.limits)

    def now(self) -> datetime:
        """Return the time by the clock that may be wrong."""
        return self.clock()

    async def some_items(self, block: int) -> list[InventoryItem]:
        """Return ten items, now on this computer; each test has a block of its own (there are 50)."""
        with self.store.cache.tickets.asking() as asked:
            page = await self.admin.inventory.page(OLDEST, block + 1, 10)
            await self.store.cache.upsert(Entity.ITEM, page.records, asked=asked)
        return [record.data for record in page.records]

    async def settled(self, states: Iterable[OpState] = ()) -> list[Operation]:
        """Wait until nothing is left but operations in these states; return them."""
        wanted = frozenset(states)
        await until(
            lambda: all(one.state in wanted for one in self.shop.operations()),
            f"left: {self.shop.operations()}",
        )
        return self.shop.operations()


def noise(seed: int, side: int = 24) -> bytes:
    """Return a picture like no other."""
    chance, out = random.Random(seed), io.BytesIO()
    image = Image.frombytes("RGB", (side, side), chance.randbytes(3 * side * side))
    image.save(out, "PNG")
    return out.getvalue()
