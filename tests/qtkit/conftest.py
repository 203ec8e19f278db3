"""What the tests of the Qt room share: the look, a loop, a table on screen."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from instica_desktop.qtkit import loop, tasks, theme
from instica_desktop.qtkit.entity_table import EntityTableView
from tests.qtkit.feeds import MemoryFeed, columns, disc

GIVEN_UP_AFTER_S = 20
Run = Callable[[Awaitable[Any]], Any]


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    """Every test begins in light and leaves no reporter behind."""
    made = theme.theme()
    if made is None or theme.colors.scheme() != "light":
        theme.apply(qapp, "light")
    yield
    tasks.set_reporter(None)


@pytest.fixture
def run(qapp: QApplication) -> Iterator[Run]:
    """Return a function that runs a coroutine on the Qt loop."""
    with asyncio.Runner(loop_factory=loop.loop_factory(qapp)) as runner:
        yield lambda work: runner.run(_await(work))


async def _await(work: Awaitable[Any]) -> Any:
    return await asyncio.wait_for(work, GIVEN_UP_AFTER_S)  # a hang would otherwise stop the whole suite


@pytest.fixture
def feed() -> MemoryFeed:
    return MemoryFeed([disc(number) for number in range(1, 201)])


@pytest.fixture
def table(qtbot: Any, feed: MemoryFeed) -> EntityTableView:
    """A table of 200 rows, shown, with the keyboard on it."""
    view = EntityTableView(columns(), "table", "Items")
    qtbot.addWidget(view)
    view.resize(720, 432)
    view.set_results(feed, "title")
    view.show()
    qtbot.waitExposed(view)
    view.setFocus()
    return view
