"""A store on real files in a temporary folder, and short ways to make records and operations."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from instica_desktop.core.changes import Changes
from instica_desktop.store import search
from instica_desktop.store.store import Store
from tests.store.support import run


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """Collect what the test made, so that a file left open warns inside the test (warnings are errors)."""
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the first window all the time it wants, so that a busy machine changes no answer."""
    monkeypatch.setattr(search, "SORT_SECONDS", 60)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "account"


@pytest.fixture
def announced() -> list[Changes]:
    return []


@pytest.fixture
def store(folder: Path, announced: list[Changes]) -> Iterator[Store]:
    opened = Store.open(folder, announced.append)
    yield opened
    run(opened.close())
