"""What a person at the window stands on: a display, a shop on a real server, the truth about it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.display import Display
from tests.e2e.person import Person
from tests.e2e.screen import Bus
from tests.e2e.truth import Truth
from tests.server.fixture import RunningServer, start_server

ITEMS = 150
NAMED = 9
"""As many of the newest items are called A1, A2 and so on, from the top of the list."""


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[Bus]:
    """A bus on which the program tells what it shows."""
    made = Bus(tmp_path)
    yield made
    made.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server with a small, realistic shop."""
    with start_server(tmp_path / "shop", items=ITEMS) as running:
        yield running


@pytest.fixture
def truth(server: RunningServer) -> Iterator[Truth]:
    """What the server holds. The newest items have short names."""
    known = Truth(server)
    for number, item in enumerate(known.newest("inventory", NAMED), 1):
        known.change("inventory", item["uid"], name=f"A{number}")
    yield known
    known.close()


@pytest.fixture
def person(
    request: pytest.FixtureRequest, tmp_path: Path, bus: Bus, server: RunningServer
) -> Iterator[Person]:
    """A person at the window, not opened yet. Of a test that fails, a picture of the end is kept."""
    shop = {"INSTICA_BASE_URL": server.base_url, "INSTICA_API_KEY": server.api_key}
    with ExitStack() as stack:
        display = Display(tmp_path, bus.environment)
        stack.callback(display.close)
        somebody = Person(display, bus, tmp_path / "profile", shop)
        stack.callback(somebody.screen.close)
        yield somebody
        if request.session.testsfailed > request.node.stash.get(FAILED_BEFORE, 0):
            picture = display.picture("failed")
            request.node.add_report_section("teardown", "picture", str(picture))
        assert "Traceback" not in (tmp_path / "app.log").read_text()


FAILED_BEFORE = pytest.StashKey[int]()
