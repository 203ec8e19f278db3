"""What tests of screens stand on: a real shop, a real local server, and Qt's loop under async tests.

A test that is a coroutine function runs on the loop the app itself uses. `desk` gives a `Context` whose
window only writes down what a screen asked of it.
"""

import asyncio
import gc
import inspect
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from PySide6.QtWidgets import QApplication, QWidget

from instica_desktop.api import InsticaClient
from instica_desktop.core.accounts import Account
from instica_desktop.core.errors import InsticaError
from instica_desktop.features.context import Context
from instica_desktop.features.offers import UndoOffer
from instica_desktop.qtkit import tasks, theme
from instica_desktop.qtkit.bus import Bus
from instica_desktop.qtkit.loop import loop_factory
from instica_desktop.store.store import Store
from instica_desktop.sync import Pace, Shop
from instica_desktop.sync.watching import Watch
from instica_desktop.system.prefs import Prefs
from tests.server.fixture import RunningServer, start_server

ITEMS = 260


class Window:
    """Stands in for the window: writes down what screens ask of it."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.unsaid: list[str] = []
        self.problems: list[InsticaError] = []
        self.undos: list[tuple[str, Callable[[], None]]] = []
        self.offers: list[UndoOffer | None] = []
        self.works: list[tuple[str, Watch]] = []
        self.visited: list[tuple[str, str, str]] = []
        self.links: list[str] = []

    def say(self, words: str) -> None:
        self.said.append(words)

    def unsay(self, words: str) -> None:
        self.unsaid.append(words)

    def show_problem(self, error: InsticaError) -> None:
        self.problems.append(error)

    def offer_undo(self, words: str, undo: Callable[[], None], offer: UndoOffer | None = None) -> None:
        self.undos.append((words, undo))
        self.offers.append(offer)

    def show_work(self, words: str, watch: Watch) -> None:
        self.works.append((words, watch))

    def show_screen(self, key: str, uid: str = "", search: str = "") -> None:
        self.visited.append((key, uid, search))

    def open_link(self, url: str) -> None:
        self.links.append(url)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine test on Qt's loop."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    app = pyfuncitem.funcargs["qapp"]
    assert isinstance(app, QApplication)
    names = pyfuncitem._fixtureinfo.argnames  # pyright: ignore[reportPrivateUsage]
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    with asyncio.Runner(loop_factory=loop_factory(app)) as runner:
        runner.run(pyfuncitem.obj(**arguments))
    return True


@pytest.fixture(autouse=True)
def themed(qapp: QApplication) -> Iterator[None]:
    """Dress the application and let unexpected errors of tasks fail the test."""
    gc.disable()  # as in the app: a collection in a worker would destroy widgets there
    theme.apply(qapp, "light")
    failures: list[BaseException] = []
    tasks.set_reporter(lambda error, name: failures.append(error))
    yield
    tasks.set_reporter(None)
    gc.collect()
    gc.enable()  # others in this process count on it
    if failures:
        raise failures[0]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return a server with a realistic shop; tests change its records."""
    with start_server(tmp_path_factory.mktemp("seeded") / "data", items=ITEMS) as server:
        yield server


Desk = Callable[..., AbstractAsyncContextManager[Context]]


@pytest.fixture
def desk(seeded: RunningServer, tmp_path: Path) -> Desk:
    """Return what opens a shop: `async with desk() as context`. `online=False` never reaches a server."""

    @asynccontextmanager
    async def opening(
        *, online: bool = True, server: RunningServer = seeded, hold: float = 0.2, **more: Any
    ) -> AsyncIterator[Context]:
        bus = Bus()
        store = Store.open(tmp_path / "account", bus.publish, **more)
        base_url = server.base_url if online else "http://127.0.0.1:9"
        client = InsticaClient(base_url, server.api_key)
        account, pace = (
            Account(id="test", base_url=base_url),
            Pace(glance=8.0, hold=hold),
        )  # a glance on a busy machine too
        shop = Shop(account, client, store, bus.publish, pace=pace)
        await shop.start()
        context = Context(shop.account, shop, bus, Prefs(tmp_path / "settings.json"), Window())
        try:
            yield context
        finally:
            context.close()
            await shop.close()
            await client.aclose()
            await store.close()

    return opening


def oldest_on(server: RunningServer, section: str, ordering: str) -> str:
    """Return the uid of the record that stands last in a section of the API."""
    answer = httpx.get(
        f"{server.base_url}/api/v1/{section}/",
        params={"ordering": ordering, "page_size": "1"},
        headers={"X-API-Key": server.api_key},
    )
    return str(answer.json()["results"][0]["uid"])


def focused() -> QWidget:
    """Return what has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


async def until(condition: Callable[[], object], what: str = "") -> None:
    """Wait until something is so; fails after twenty seconds."""
    try:
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110  what is waited for is what a person would see
                await asyncio.sleep(0.01)
    except TimeoutError:
        pytest.fail(f"waited in vain: {what or inspect.getsource(condition).strip()}")
