"""The whole program on a profile of its own, with two real servers, and a keyring that remembers."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest
from PySide6.QtWidgets import QDialog

from instica_desktop.api import InsticaClient
from instica_desktop.app.application import Application
from instica_desktop.app.container import OpenShop
from instica_desktop.app.crash import CrashReporter
from instica_desktop.core.accounts import Account
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.features.shell.leave_dialog import LeaveDialog
from instica_desktop.sync import Kind
from instica_desktop.system.credentials import Credentials
from instica_desktop.system.paths import Profile
from tests.features.conftest import pytest_pyfunc_call as pytest_pyfunc_call
from tests.features.conftest import themed as themed
from tests.features.conftest import until
from tests.server.fixture import RunningServer, start_server


class Keyring:
    """A keyring in memory."""

    priority = 1.0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self.kept[service, name] = password

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


class Program:
    """The program as it runs, with short words for what a test does to it."""

    def __init__(self, app: Application, keyring: Keyring) -> None:
        self.app = app
        self.window = app.window
        self.keyring = keyring

    @property
    def open(self) -> OpenShop:
        assert self.app.shop is not None
        return self.app.shop

    @property
    def label(self) -> str:
        return self.app.shop.account.base_url if self.app.shop else ""

    async def connect(self, server: RunningServer) -> Account:
        """Connect to a server by its key, as the form does; return its account."""
        await self.app.connect_to(server.base_url, server.api_key, keep=True)
        await self.online()
        return self.open.account

    async def online(self) -> None:
        await until(lambda: self.open.shop.state.kind is Kind.ONLINE, "never online")

    async def an_item(self, at: int) -> InventoryItem:
        results = self.open.shop.results(Query(Entity.ITEM))
        results.open()
        await until(lambda: results.row(at))
        row = results.row(at)
        results.close()
        assert row is not None
        assert isinstance(row.data, InventoryItem)
        return row.data

    async def edit_offline(self, at: int, shelf: str) -> str:
        """Change an item while nothing may be sent; return its uid."""
        item = await self.an_item(at)
        self.window.ways.work_offline(True)
        await self.open.shop.edit(Entity.ITEM, item.uid, {"location": shelf})
        return item.uid

    async def dialog(self, name: str) -> QDialog:
        """Wait for a question."""
        found: list[QDialog] = []

        def there() -> bool:
            found[:] = [one for one in self.window.findChildren(QDialog, name) if one.isVisible()]
            return bool(found)

        await until(there, f"{name} was not asked")
        return found[0]

    async def leave_for(self, other: Account) -> LeaveDialog:
        """Choose another shop in the menu; return the question that is asked first."""
        self.window.account_chosen.emit(other)
        dialog = await self.dialog("leaveDialog")
        assert isinstance(dialog, LeaveDialog)
        return dialog

    async def switched_to(self, account: Account) -> None:
        await until(lambda: self.app.shop and self.app.shop.account.id == account.id, "not switched")


class Run(Protocol):
    """Runs the program: `async with run() as program`. Without `waits`, before its first screen is shown."""

    def __call__(self, *, waits: bool = True) -> AbstractAsyncContextManager[Program]: ...


@pytest.fixture
def keyring() -> Keyring:
    return Keyring()


@pytest.fixture
def run(tmp_path: Path, keyring: Keyring) -> Run:
    """Return what runs the program: `async with run() as program`. Again: the next start."""

    @asynccontextmanager
    async def running(*, waits: bool = True) -> AsyncIterator[Program]:
        app = Application(Profile.at(tmp_path / "profile").create(), CrashReporter())
        app.credentials = Credentials(keyring)
        task = asyncio.get_running_loop().create_task(app.run())
        if waits:
            await app.ready.wait()
        try:
            yield Program(app, keyring)
        finally:
            app.quit()
            assert await task == 0
            app.dispose()

    return running


@pytest.fixture(scope="package")
def north(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One shop of 40 items."""
    with start_server(tmp_path_factory.mktemp("north") / "data", items=40) as server:
        yield server


@pytest.fixture(scope="package")
def south(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Another one, without records."""
    with start_server(tmp_path_factory.mktemp("south") / "data") as server:
        yield server


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RunningServer]:
    """A shop whose key changes with each start of its server."""
    with start_server(tmp_path / "shop" / "data", items=12) as server:
        yield server


async def shelf_on(server: RunningServer, uid: str) -> str | None:
    """Return an item's shelf as its server has it."""
    client = InsticaClient(server.base_url, server.api_key)
    try:
        return (await client.inventory.get(uid)).record.data.location
    finally:
        await client.aclose()
