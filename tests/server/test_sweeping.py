"""Parts of files whose writing was cut off go at the next start, and by their age while the server runs."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from instica_desktop.server.storage.folder import ShopFolder
from instica_desktop.server.storage.sweeping import KEPT_FOR, keep_swept, sweep
from tests.server.fixture import RunningServer

_NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
PARTS = (
    "tmp/abc.upload",
    "backups/shop-1.partial",
    "media/ab/.abcd.jpg.4711.0a1b2c3d",
    "sleeves/.abcd-600.png.4711.0a1b2c3d",
    "mail/.20261123.log.4711.0a1b2c3d",
    "messages/.20261123.txt.4711.0a1b2c3d",
)
WHOLE = (
    "media/ab/abcd.jpg",
    "media/ab/.keep",
    "sleeves/abcd-600.png",
    "backups/shop-1.sqlite3",
    "jobs/1.csv",
)


@pytest.fixture
def folder(tmp_path: Path) -> ShopFolder:
    folder = ShopFolder(tmp_path / "shop")
    folder.prepare()
    for name in (*PARTS, *WHOLE):
        path = folder.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
        _age(path, timedelta(hours=1))
    return folder


def _age(path: Path, age: timedelta) -> None:
    moment = (_NOW - age).timestamp()
    os.utime(path, (moment, moment))


def _there(folder: ShopFolder) -> set[str]:
    return {name for name in (*PARTS, *WHOLE) if (folder.root / name).exists()}


def test_parts_go_and_whole_files_stay(folder: ShopFolder) -> None:
    assert sweep(folder, _NOW) == len(PARTS)
    assert _there(folder) == set(WHOLE)


def test_what_is_being_written_stays(folder: ShopFolder) -> None:
    for name in PARTS[1:]:
        _age(folder.root / name, KEPT_FOR + timedelta(minutes=1))
    assert sweep(folder, _NOW - KEPT_FOR) == len(PARTS) - 1
    assert _there(folder) == {PARTS[0], *WHOLE}


@pytest.mark.parametrize(("alone", "left"), [(True, set[str]()), (False, {PARTS[0]})])
def test_a_start_sweeps_what_it_may(folder: ShopFolder, alone: bool, left: set[str]) -> None:
    now = datetime.now(UTC).timestamp()
    os.utime(folder.root / PARTS[0], (now - 60, now - 60))  # of another server that is at work, perhaps
    ended = keep_swept(folder, alone=alone)
    wait_for(lambda: _there(folder) == {*left, *WHOLE})
    ended.set()


def wait_for(so: Callable[[], bool]) -> None:
    """Wait until something is so. Errors: `AssertionError` after half a minute."""
    import time

    end = time.monotonic() + 30
    while not so():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def test_a_server_killed_in_an_upload_leaves_nothing_after_its_next_start(
    launch: Callable[..., RunningServer],
) -> None:
    server = launch()
    part = server.data_dir / "media" / "ab"
    part.mkdir()
    (part / ".abcd.jpg.4711.0a1b2c3d").write_bytes(b"half")
    (server.data_dir / "tmp" / "abc.upload").write_bytes(b"half")
    server.kill()
    server.start()
    wait_for(lambda: not [*part.iterdir(), *(server.data_dir / "tmp").iterdir()])
