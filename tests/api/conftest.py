"""Runs the coroutine tests of this folder, each on its own loop; starts the real server for the contract."""

import asyncio
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.fixture import RunningServer, start_server


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Run a real server with a shop of 250 items, for reading only."""
    with start_server(tmp_path_factory.mktemp("seeded") / "shop", items=250) as server:
        yield server


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Run a real server with a small shop, for writing."""
    with start_server(tmp_path_factory.mktemp("shop") / "shop", items=200) as server:
        yield server


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run `async def` tests; leave the others to pytest."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = pyfuncitem._fixtureinfo.argnames  # pyright: ignore[reportPrivateUsage]
    arguments: dict[str, Any] = {name: pyfuncitem.funcargs[name] for name in wanted}
    asyncio.run(pyfuncitem.obj(**arguments))
    return True
