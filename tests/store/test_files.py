"""Pictures by least use, the ladder of copies, migrations."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from instica_desktop.core.errors import Damaged, DiskFull
from instica_desktop.store import backups
from instica_desktop.store.database import connect, one
from instica_desktop.store.images import ImageFiles
from instica_desktop.store.migrations import Schema, bring_up, inspect
from instica_desktop.store.store import Store
from tests.store.support import NOW, operation, run

_STEPS = (
    "CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT NOT NULL);",
    "ALTER TABLE notes ADD COLUMN at INTEGER;",
)
FIRST, SECOND = Schema(77, _STEPS[:1]), Schema(77, _STEPS)


def test_pictures_unused_longest_make_room(tmp_path: Path) -> None:
    images = ImageFiles(tmp_path, limit=1100)
    for number in range(3):
        images.put(f"u{number}", bytes([number]) * 300)
    for number, path in enumerate(sorted(tmp_path.glob("??/*"), key=lambda path: path.read_bytes()[4])):
        os.utime(path, (1000 + number, 1000 + number))
    assert images.get("u0") == bytes(300)  # used just now
    images.put("u3", b"3" * 300)
    assert images.get("u1") is None
    assert [images.get(url) is not None for url in ("u0", "u2", "u3")] == [True, True, True]
    again = ImageFiles(tmp_path, limit=1000)  # another start counts what is there
    again.put("u4", b"4" * 300)
    assert sum(path.stat().st_size for path in tmp_path.glob("??/*")) <= 1000


def test_a_torn_picture_is_not_there(tmp_path: Path) -> None:
    images = ImageFiles(tmp_path)
    images.put("u", b"picture")
    (path,) = tmp_path.glob("??/*")
    path.write_bytes(path.read_bytes()[:-2])
    assert images.get("u") is None
    path.write_bytes(b"")
    assert images.get("u") is None
    images.put("u", b"picture")
    assert images.get("u") == b"picture"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_no_room_for_a_picture_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fdopen

    def full(handle: int, mode: str) -> object:
        os.close(handle)
        return real(os.open("/dev/full", os.O_WRONLY), mode)

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(DiskFull):
        ImageFiles(tmp_path).put("u", b"picture")
    assert list(tmp_path.glob("??/*")) == []


def test_the_ladder_keeps_hours_days_and_weeks(tmp_path: Path) -> None:
    start = datetime(2026, 1, 5, tzinfo=UTC)
    moments = [start + timedelta(minutes=20 * step) for step in range(3 * 24 * 40)]
    copies = [tmp_path / moment.strftime("outbox-%Y%m%dT%H%M%SZ.db") for moment in moments]
    names = sorted(path.name for path in backups.kept(copies))
    kept = [datetime.strptime(name, "outbox-%Y%m%dT%H%M%SZ.db").replace(tzinfo=UTC) for name in names]
    end = moments[-1]
    assert end in kept
    assert len([moment for moment in kept if end - moment < timedelta(hours=6)]) == 6
    assert len({moment.date() for moment in kept if end - moment < timedelta(days=7)}) == 7
    assert len({moment.isocalendar()[:2] for moment in kept}) == 4
    assert len(kept) <= 6 + 7 + 4


def test_copies_are_thinned_out_and_whole(store: Store) -> None:
    for hour in range(9):
        run(store.outbox.add(operation(f"u{hour}")))
        newest = run(store.back_up(NOW.replace(hour=hour)))
    copies = backups.existing(store.folder / "backups")
    assert len(copies) == 6
    assert copies[0] == newest
    copy = apsw.Connection(str(newest), flags=apsw.SQLITE_OPEN_READONLY)
    assert one(copy, "SELECT count(*) FROM operations") == 9
    copy.close()
    assert sorted(path.name for path in (store.folder / "backups").iterdir()) == sorted(
        path.name for path in copies
    )


def test_a_damaged_outbox_is_never_copied_over_a_good_copy(tmp_path: Path) -> None:
    source, folder = tmp_path / "outbox.db", tmp_path / "backups"
    connection = apsw.Connection(str(source))
    connection.execute("CREATE TABLE t(x); CREATE INDEX i ON t(x)")
    connection.executemany("INSERT INTO t VALUES (?)", [(f"{at:0500}",) for at in range(50)])
    connection.close()
    good = backups.back_up(source, folder, NOW)
    with open(source, "r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 2)
    content = good.read_bytes()
    with pytest.raises(Damaged):
        backups.back_up(source, folder, NOW)
    assert good.read_bytes() == content
    assert list(folder.iterdir()) == [good]


def _made(path: Path, schema: Schema) -> None:
    path.touch()
    connection = connect(path, write=True)
    bring_up(connection, path, schema, inspect(path, schema))
    connection.close()


def test_a_migration_keeps_the_data_and_a_copy_from_before(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    _made(path, FIRST)
    connection = connect(path, write=True)
    connection.execute("INSERT INTO notes(text) VALUES ('kept')")
    connection.close()
    _made(path, SECOND)
    assert inspect(path, SECOND) == 2
    connection = connect(path, write=False)
    assert connection.execute("SELECT text, at FROM notes").fetchall() == [("kept", None)]
    connection.close()
    before = connect(tmp_path / "x.db.before-2", write=False)
    assert one(before, "PRAGMA user_version") == 1
    assert one(before, "SELECT text FROM notes") == "kept"
    before.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    _made(path, FIRST)
    broken = Schema(
        77, (*FIRST.steps, "ALTER TABLE notes ADD COLUMN at INTEGER; INSERT INTO nowhere VALUES (1);")
    )
    with pytest.raises(apsw.SQLError):
        _made(path, broken)
    assert inspect(path, FIRST) == 1
    _made(path, SECOND)
    assert inspect(path, SECOND) == 2
