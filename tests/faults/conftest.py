"""A server that counts what it carried out, and accounts on it. Coroutine tests run as in tests/sync."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.shops import CountingServer, FaultyWorld
from tests.sync.conftest import pytest_pyfunc_call

__all__ = ["counted", "pytest_pyfunc_call", "world"]


@pytest.fixture(scope="package")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CountingServer]:
    """One shop for all tests; each uses items of its own."""
    with CountingServer.launch(tmp_path_factory.mktemp("faults") / "shop", items=700) as server:
        yield server


@pytest.fixture(autouse=True)
def count(counted: CountingServer) -> None:
    """Count each test by itself."""
    counted.begin()


@pytest.fixture
def world(tmp_path: Path, counted: CountingServer) -> FaultyWorld:
    """An account that nothing has been read of yet. Closed after the test."""
    return FaultyWorld(tmp_path / "account", counted)
