"""A shop at work in a test: real server, real store, real client, a network that can fail."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, Self

from instica_desktop.api import HttpxTransport, InsticaClient, Retries
from instica_desktop.core.accounts import Account, AccountKind
from instica_desktop.core.ages import utc_now
from instica_desktop.core.changes import Changes
from instica_desktop.core.errors import NotFound
from instica_desktop.core.models import InventoryItem, Order
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpState
from instica_desktop.core.query import Query
from instica_desktop.store.marks import Mark
from instica_desktop.store.store import Store
from instica_desktop.sync import Kind, Pace, Results, Shop
from tests.server.fixture import CATALOGUE, RunningServer, spawn
from tests.support.fault_proxy import FaultProxy

KEY = "a-key-that-outlives-restarts-0123456789abcdef"
FAST = Pace(
    backoff=0.02,
    longest_backoff=0.2,
    check_every=3600,
    check_when_refused=3600,
    readback_gap=0.05,
    closing=2.0,
    hold=0.05,
    settle=0.005,
)
PATIENCE = 25.0
PRODUCTS = 100
"""Of the oldest items, whose products get further copies."""
OLDEST = Query(Entity.ITEM).with_ordering("created")


@dataclass
class KeyedServer(RunningServer):
    """A server whose key stays the same over restarts."""

    module: ClassVar[str] = "instica_desktop.server"
    pages_named: ClassVar[int] = 0
    """Pages of the oldest items from which tests take theirs by place."""

    pages_given: int = 0
    products_given: int = 0
    free: list[InventoryItem] = field(default_factory=list[InventoryItem])
    """Items that no test was given yet, of the pages that were read."""

    def start(self, *arguments: str, port: int = 0) -> None:
        """Start it and hand the key over, which it then does not print."""
        own = ["--port", str(port), "--parent-pipe", *arguments]
        self.process = spawn(self.data_dir, own, self.module)
        assert self.process.stdin is not None
        self.process.stdin.write(f"{KEY}\n")
        self.process.stdin.flush()
        self.base_url, self.api_key = self._said("base_url"), KEY

    def __enter__(self) -> Self:
        return self

    @classmethod
    def launch(cls, data_dir: Path, items: int) -> Self:
        """Start a server on a fresh shop."""
        server = cls(data_dir)
        server.start("--demo", "--items", str(items), "--catalogue", str(CATALOGUE))
        return server


async def until(holds: Callable[[], object], what: str | Callable[[], str] = "") -> None:
    """Wait until something holds; fails after a while in which anything would have happened.

    `what` says what did not; a function says it as it is in the end.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            while not holds():  # noqa: ASYNC110  what is waited for tells nobody
                await asyncio.sleep(0.005)
    except TimeoutError:
        said = what() if callable(what) else what
        raise AssertionError(said or "it never came true") from None


@dataclass
class World:
    """One account. `open` before use; `close` comes with the fixture."""

    folder: Path
    server: KeyedServer
    key: str = KEY
    user_uid: str = ""
    kind: AccountKind = AccountKind.REMOTE
    pace: Pace = FAST
    changes: list[Changes] = field(default_factory=list[Changes])
    given: dict[tuple[Any, ...], str] = field(default_factory=dict[tuple[Any, ...], str])
    """The items of this test, by what they were asked for with."""
    _open: list[Callable[[], Awaitable[Any]]] = field(default_factory=list[Callable[[], Awaitable[Any]]])

    async def open(self, *, online: bool = True, silence: float = 5.0) -> Shop:
        """Open the account through a proxy, and wait until it is connected."""
        self.proxy = FaultProxy(self.server.port)
        await self.proxy.__aenter__()
        self._open.append(lambda: self.proxy.__aexit__(None, None, None))
        self.admin = InsticaClient(self.server.base_url, KEY)
        self._open.append(self.admin.aclose)
        return await self.enter(online=online, silence=silence)

    async def enter(self, *, online: bool = True, silence: float = 5.0) -> Shop:
        """Start the app on this account, as after the first time."""
        self.client = self.new_client(silence)
        self._open.append(self.client.aclose)
        self.store = self.new_store()
        self._open.append(self.store.close)
        account = Account(id="test", base_url=self.proxy.url, user_uid=self.user_uid, kind=self.kind)
        tell, pace = self.changes.append, self.pace
        self.shop = Shop(account, self.client, self.store, tell, clock=self.now, pace=pace)
        self._open.append(self.shop.close)
        if not online:
            self.shop.work_offline(True)
        await self.shop.start()
        if online:
            await until(lambda: self.shop.state.kind is Kind.ONLINE, "never online")
        return self.shop

    def new_client(self, silence: float, **more: Any) -> InsticaClient:
        """Return a client behind the proxy that tries once more, at once."""
        transport = HttpxTransport(connect=silence, silence=silence)
        retry = Retries(most=1, pick=lambda low, high: 0.0)
        return InsticaClient(self.proxy.url, self.key, transport=transport, retry=retry, **more)

    def new_store(self) -> Store:
        """Return the store of the account."""
        return Store.open(self.folder)

    def now(self) -> datetime:
        """Return what this computer takes for the time."""
        return utc_now()

    async def leave(self) -> None:
        """End the app; the network and the server stay."""
        for _ in range(3):
            await self._open.pop()()

    async def close(self) -> None:
        """End everything."""
        while self._open:
            await self._open.pop()()

    # ------------------------------------------------------------ records

    async def seen(self, query: Query) -> Results:
        """Return the rows of a query once all is settled."""
        results = self.shop.results(query)
        results.open()
        await results.settled()
        return results

    async def an_item(self, at: int = 0, **wanted: str) -> InventoryItem:
        """Return an item that no other test is given, now on this computer; the same for the same `at`."""
        asked = (at, *sorted(wanted.items()))
        if asked not in self.given:
            self.given[asked] = await self._untouched(wanted)
        await self.know(Entity.ITEM, self.given[asked])
        return self.item(self.given[asked])[0]

    async def _untouched(self, wanted: Mapping[str, str]) -> str:
        server = self.server
        while True:
            for item in [one for one in server.free if _has(one, wanted)]:
                server.free.remove(item)
                with suppress(NotFound):  # by its place in a list, another test may have found it
                    if await self.on_server(item.uid) == item:
                        return item.uid
            server.pages_given += 1
            number = server.pages_named + server.pages_given
            server.free += [one.data for one in (await self.admin.inventory.page(OLDEST, number)).records]

    async def a_product(self) -> str:
        """Return the uid of a product that has items, and may have more; not always the same: many copies
        of one make each change of it dear.
        """
        self.server.products_given += 1
        number = self.server.products_given % PRODUCTS + 1
        product = (await self.admin.inventory.page(OLDEST, number, 1)).records[0].data.product
        assert product is not None
        return product.uid

    async def an_order(self, at: int = 0) -> Order:
        """Return an order that waits for shipment, now on this computer."""
        query = Query(Entity.ORDER).with_filter("status", ["awaiting_shipment"])
        uid = (await self.admin.orders.page(query)).records[at].data.uid
        await self.know(Entity.ORDER, uid)
        self._open.insert(2, lambda: self._unship(uid))
        return self.order(uid)

    async def know(self, entity: Entity, uid: str) -> None:
        """Have a record on this computer, whatever the network is like."""
        section: Any = self.admin.inventory if entity is Entity.ITEM else self.admin.orders
        with self.store.cache.tickets.asking() as asked:
            record = (await section.get(uid)).record
            await self.store.cache.upsert(entity, [record], asked=asked)

    async def _unship(self, uid: str) -> None:
        """Let an order wait again, for the next test."""
        for parcel in (await self.order_on_server(uid)).shipments:
            await self.admin.orders.delete_shipment(uid, parcel.uid)

    def item(self, uid: str) -> tuple[InventoryItem, Mark]:
        """Return an item as the user sees it, and its mark."""
        row = self.shop.row(Entity.ITEM, uid)
        assert row is not None
        assert isinstance(row.data, InventoryItem)
        return row.data, row.mark

    def order(self, uid: str) -> Order:
        """Return an order as the user sees it."""
        row = self.shop.row(Entity.ORDER, uid)
        assert row is not None
        assert isinstance(row.data, Order)
        return row.data

    async def on_server(self, uid: str) -> InventoryItem:
        """Return an item as the server has it."""
        return (await self.admin.inventory.get(uid)).record.data

    async def order_on_server(self, uid: str) -> Order:
        """Return an order as the server has it."""
        return (await self.admin.orders.get(uid)).record.data

    def through_proxy(self, url: str) -> str:
        """Return a picture's address as a client behind the proxy may open it."""
        return url.replace(self.server.base_url, self.proxy.url)

    def fetch_through_proxy(self) -> None:
        """Let the client fetch pictures by way of the proxy, whose address the server does not know."""
        fetch = self.client.fetch
        self.client.fetch = lambda url: fetch(self.through_proxy(url))

    # ------------------------------------------------------------ waiting

    async def delivered(self) -> None:
        """Wait until nothing is left to send."""
        await until(lambda: not self.shop.operations(), self._left)

    def _left(self) -> str:
        last = self.proxy.requests[-5:]
        return f"left: {self.shop.operations()}; {self.shop.state}; last asked: {last}"

    async def stuck(self, state: OpState) -> None:
        """Wait until the only operation is in a state."""
        await until(
            lambda: [one.state for one in self.shop.operations()] == [state],
            f"expected {state}: {self.shop.operations()}",
        )


def _has(item: InventoryItem, wanted: Mapping[str, str]) -> bool:
    return all(getattr(item, name) == value for name, value in wanted.items())


async def create(shop: Shop, entity: Entity, fields: Mapping[str, Any], title: str) -> Operation:
    """Make a record as a screen does, but unchecked: its product need not be here, and it may be refused."""
    making: Any = shop.making
    operation: Operation = making._create(entity, dict(fields), title)
    await making._keep(operation)
    return operation
