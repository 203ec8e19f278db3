"""The backup ladder: what is kept, what is dropped, what is never touched."""

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from instica_desktop.server.storage.database import ShopRefused, back_up
from instica_desktop.server.storage.folder import ShopFolder
from instica_desktop.server.storage.ladder import climb, kept, ladder

_NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> ShopFolder:
    folder = ShopFolder(tmp_path)
    folder.prepare()
    with sqlite3.connect(folder.database) as connection:
        connection.execute("CREATE TABLE t(a)")
    connection.close()
    return folder


def test_six_hours_seven_days_and_four_weeks_are_kept() -> None:
    hourly = [_NOW - timedelta(hours=hour) for hour in range(24 * 60)]
    keep = sorted(kept(hourly), reverse=True)
    assert keep[:6] == hourly[:6]
    assert len({moment.date() for moment in keep if _NOW - moment < timedelta(days=7)}) == 7
    assert len({moment.isocalendar()[:2] for moment in keep}) == 4
    assert len(keep) <= 6 + 7 + 4


def test_old_copies_outlive_a_pause() -> None:
    old = [_NOW - timedelta(days=300 + day) for day in range(3)]
    assert kept([_NOW, *old]) == {_NOW, *old}


def test_a_copy_is_made_only_after_a_change(folder: ShopFolder) -> None:
    first = climb(folder)
    assert first is not None
    assert climb(folder) is None
    later = datetime.now(UTC).timestamp() + 5
    os.utime(folder.database, (later, later))
    assert climb(folder) not in (None, first)


def test_what_is_not_kept_is_dropped_but_copies_before_a_migration_stay(folder: ShopFolder) -> None:
    before_migration = back_up(folder, 1)
    for minute in range(30):
        (folder.backups / f"shop-20250101T00{minute:02d}00000000Z.sqlite3").touch()
    made = climb(folder)
    assert before_migration.exists()
    assert set(ladder(folder).values()) == {
        made,
        folder.backups / "shop-20250101T002900000000Z.sqlite3",
    }


def test_a_damaged_shop_drops_nothing(folder: ShopFolder) -> None:
    good = climb(folder)
    folder.database.write_bytes(b"SQLite format 3\0" + b"\xff" * 4080)
    later = datetime.now(UTC).timestamp() + 5
    os.utime(folder.database, (later, later))
    with pytest.raises((ShopRefused, sqlite3.DatabaseError)):
        climb(folder)
    assert list(ladder(folder).values()) == [good]


def test_a_part_written_copy_is_cleared_away(folder: ShopFolder) -> None:
    (folder.backups / "shop-x.partial").touch()
    folder.prepare()
    assert list(folder.backups.iterdir()) == []
