"""Servers for this folder, and the running of its coroutine tests."""

import asyncio
import inspect
from collections.abc import Coroutine, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sync.world import KeyedServer, World


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run `async def` tests, each on a loop of its own; leave the others to pytest."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = pyfuncitem._fixtureinfo.argnames  # pyright: ignore[reportPrivateUsage]
    arguments: dict[str, Any] = {name: pyfuncitem.funcargs[name] for name in wanted}
    asyncio.run(_closing(pyfuncitem.obj(**arguments), arguments.values()))
    return True


async def _closing(test: Coroutine[Any, Any, None], used: Iterable[Any]) -> None:
    try:
        await test
    finally:
        for world in used:
            if isinstance(world, World):
                await world.close()


@pytest.fixture(scope="package")
def common_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KeyedServer]:
    """One shop of 260 items for all tests; each uses items of its own."""
    with KeyedServer.launch(tmp_path_factory.mktemp("sync") / "shop", items=900) as server:
        yield server


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[KeyedServer]:
    """A shop for one test that stops, kills or changes all of it."""
    with KeyedServer.launch(tmp_path / "own-shop", items=260) as server:
        yield server


@pytest.fixture
def world(tmp_path: Path, common_server: KeyedServer) -> World:
    """An account on the common server that nothing has been read of yet. Closed after the test."""
    return World(tmp_path / "account", common_server)


@pytest.fixture
def own_world(tmp_path: Path, own_server: KeyedServer) -> World:
    """The same on a server of its own."""
    return World(tmp_path / "account", own_server)
