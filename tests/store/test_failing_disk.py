"""Photos, backups, upgrades, edits taken back and copied pages on a disk that fails, or without power.

Each act on a file fails: a write, sync, truncation, renaming, making or deletion. Once, and all goes on; from
then on, as after a kill; and with the power, which takes with it what was not synced, wholly or in part. Each
call of SQLite fails as well. The way and the number of the act stand in every failure; a few are drawn by
default, with the way as seed.
"""

from pathlib import Path

import pytest

from tests.store.stories import STORIES
from tests.store.trials import WAYS, tried

FEW = 2
# What fails while SQLite closes a file or takes a transaction back, only apsw tells.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. None:pytest.PytestUnraisableExceptionWarning"
)


@pytest.mark.parametrize("story", STORIES)
def test_some_acts_on_files_fail(tmp_path: Path, story: str) -> None:
    tried(STORIES[story], tmp_path, WAYS, FEW)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("story", STORIES)
def test_every_act_on_a_file_fails(tmp_path: Path, story: str, way: str) -> None:
    tried(STORIES[story], tmp_path, (way,), None)


@pytest.mark.parametrize("story", STORIES)
def test_some_calls_of_sqlite_fail(tmp_path: Path, story: str) -> None:
    tried(STORIES[story], tmp_path, WAYS[:2], 1, calls=True)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("way", WAYS[:2])
@pytest.mark.parametrize("story", STORIES)
def test_every_call_of_sqlite_fails(tmp_path: Path, story: str, way: str) -> None:
    tried(STORIES[story], tmp_path, (way,), None, calls=True)
