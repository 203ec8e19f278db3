"""A store on real files in a temporary folder, and short ways to make records and operations."""

import gc
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from instica_desktop.core.changes import Changes
from instica_desktop.store import search
from instica_desktop.store.care import Care
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


@pytest.fixture
def care(store: Store) -> Iterator[Care]:
    made = Care(store)
    yield made
    made.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a file system of 4 MB, where the system lets us make one."""
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("needs the right to mount a small file system")
    yield place
    subprocess.run(["umount", str(place)], check=True)
