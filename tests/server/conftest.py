"""One in-process server for all tests of this folder.

Each test gets an organization, a user and a key of its own.

Django can be configured once in a process, so the data folder lasts for the session. The organizations keep
the tests apart, which also shows that nobody sees another's records.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.fixture import RunningServer, start_server
from tests.server.shop import Shop, open_shop_folder


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the in-process server, opened once."""
    return open_shop_folder(tmp_path_factory.mktemp("in-process") / "shop")


@pytest.fixture
def shop(data_dir: Path) -> Shop:
    """An empty organization with a client that has its key."""
    return Shop.new(data_dir)


@pytest.fixture
def other_shop(data_dir: Path) -> Shop:
    """Another organization in the same database."""
    return Shop.new(data_dir)


@pytest.fixture
def outbox(data_dir: Path) -> Iterator[list[Any]]:
    """The mail sent during the test, instead of in files."""
    from django.core import mail
    from django.test import override_settings

    mail.outbox = []  # pyright: ignore[reportAttributeAccessIssue]
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        yield mail.outbox  # pyright: ignore[reportAttributeAccessIssue]


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Callable[..., RunningServer]]:
    """Start server processes that end with the test."""
    running: list[RunningServer] = []

    def start(name: str = "shop", **options: object) -> RunningServer:
        running.append(start_server(tmp_path / name, **options))  # pyright: ignore[reportArgumentType]
        return running[-1]

    yield start
    for server in running:
        server.stop()
