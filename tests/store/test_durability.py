"""What was said to be saved is there after kill -9, on a full disk, and beside a damaged file."""

import asyncio
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from instica_desktop.core.errors import Damaged, DiskFull, InUse, NewerFile
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.store.store import Store
from tests.store.support import NOW, call_newer, fill, found, item, query, run, update, waiting
from tests.store.victim import POINTS

ITEM = Entity.ITEM
ROOT = Path(__file__).resolve().parents[2]
_TIMES = {"begin": (7,), "before commit": (1, 8), "after commit": (5,), "before fsync": (3,)}


def _killed(folder: Path, point: str, number: int) -> list[list[str]]:
    """Let a process die at a point; return what it had been told is saved."""
    command = [sys.executable, "-m", "tests.store.victim", str(folder), point, str(number)]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=50, check=False)
    assert child.returncode < 0, child.stderr  # by a signal, not by an error
    return [line.split() for line in child.stdout.splitlines()]


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
@pytest.mark.parametrize(
    ("point", "number"), [(point, n) for point in POINTS for n in _TIMES.get(point, (4,))]
)
def test_what_was_saved_survives_a_kill(tmp_path: Path, point: str, number: int) -> None:
    folder = tmp_path / "account"
    said = _killed(folder, point, number)
    assert said or (point, number) == ("before commit", 1)
    store = Store.open(folder)
    try:
        _check_outbox(store, said)
        for what, uid, index in said:
            if what == "item":
                assert found(store, query(search=f"word{index}")) == [uid]
        assert not store.outbox.needs_confirmation
        run(store.outbox.add(update("after", "name", "A", "B")))  # and life goes on
    finally:
        run(store.close())


def _check_outbox(store: Store, said: list[list[str]]) -> None:
    kept = {one.uuid: one for one in store.outbox.all()}
    done = {uuid for what, uuid, _ in said if what == "done"}
    told = {uuid for what, uuid, _ in said if what in ("edit", "photo")}
    assert len(told - done - kept.keys()) <= 1  # a `done` may be committed and not yet told
    assert told - done - kept.keys() <= {uuid for what, uuid, _ in said if what == "sending"}
    assert not done & kept.keys()
    assert len(kept.keys() - told) <= 1  # at most the one that was being saved
    for what, uuid, blob in said:
        if what == "photo":
            content = store.blobs.path(blob).read_bytes()
            assert hashlib.sha256(content).hexdigest() == blob == kept[uuid].payload["blob"]
        if what == "sending" and uuid in kept:
            assert kept[uuid].state is OpState.SENDING


def _filled(store: Store) -> int:
    """Save edits until the disk is full; return how many were saved."""
    for saved in range(10_000):
        try:
            run(store.outbox.add(update(f"u{saved}", "name", "A", "long " * 100)))
        except DiskFull:
            return saved
    raise AssertionError("the file has no limit")


def test_a_full_disk_refuses_the_edit_and_keeps_the_others(folder: Path) -> None:
    store = Store.open(folder, outbox_pages=24)
    try:
        saved = _filled(store)
        assert saved > 3
        before = store.outbox.all()
        assert len(before) == saved
        with pytest.raises(DiskFull):
            run(store.outbox.add_many([update(f"v{at}", "name", "A", "long " * 100) for at in range(20)]))
        assert store.outbox.all() == before
        for one in before[: len(before) // 2]:
            run(store.outbox.discard(one.uuid))
        run(store.outbox.add(update("now there is room", "name", "A", "B")))
        before = store.outbox.all()
    finally:
        run(store.close())
    again = Store.open(folder)
    assert again.outbox.all() == before
    run(again.close())


def test_a_full_disk_refuses_a_page_whole(folder: Path) -> None:
    store = Store.open(folder, cache_pages=300)
    try:
        run(store.cache.upsert(ITEM, [item("kept", name="Blue")]))
        with pytest.raises(DiskFull):
            run(
                store.cache.upsert(
                    ITEM, [item(f"u{at}", name="Blue", notes="x" * 2000) for at in range(1000)]
                )
            )
        assert found(store, query(search="blue")) == ["kept"]
        assert store.cache.known(ITEM) == 1
        run(store.outbox.add(update("kept", "name", "Blue", "Red")))  # the other file has room
        run(store.cache.upsert(ITEM, [item("small", name="Blue")]))
        assert found(store, query(search="blue")) == ["kept", "small"]
    finally:
        run(store.close())


def _spoil(path: Path, *tables: str) -> None:
    """Overwrite the first page of some tables or indexes."""
    connection = apsw.Connection(str(path))
    sql = "SELECT rootpage FROM sqlite_schema WHERE name=?"
    pages = [row[0] for name in tables for row in connection.execute(sql, (name,))]
    connection.close()
    assert len(pages) == len(tables)
    with open(path, "r+b") as file:
        for page in pages:
            file.seek((page - 1) * 4096)
            file.write(os.urandom(4096))


def test_a_damaged_cache_is_noticed_and_rebuilt_and_edits_stay(store: Store) -> None:
    run(store.cache.upsert(ITEM, [item(f"u{at}", name="Blue") for at in range(50)]))
    run(store.outbox.add(update("u1", "name", "Blue", "Red")))
    run(store.close())
    _spoil(store.folder / "cache.db", "inventory", "inventory_by_created")
    again = Store.open(store.folder)
    with pytest.raises(Damaged):
        again.cache.first_ids(query())
    run(again.close())
    third = Store.open(store.folder)
    try:
        assert third.cache.known(ITEM) == 0
        assert len(third.outbox.all()) == 1
        run(third.cache.upsert(ITEM, [item("u1", name="Blue")]))
        assert found(third, query(search="red")) == ["u1"]
    finally:
        run(third.close())


@pytest.mark.parametrize("content", [b"", b"not a database" * 5000, b"SQLite format 3\0" + b"\xff" * 9000])
def test_a_file_that_is_no_database_is_replaced(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "cache.db").write_bytes(content)
    (folder / "outbox.db").write_bytes(content)
    store = Store.open(folder)
    try:
        assert store.outbox.needs_confirmation == bool(content)
        run(store.cache.upsert(ITEM, [item("a")]))
        run(store.outbox.add(update("a", "name", "A", "B")))
        aside = list(folder.glob("outbox-damaged-*.db"))
        assert [path.read_bytes() for path in aside] == ([content] if content else [])
    finally:
        run(store.close())


def test_another_programs_database_is_not_ours(folder: Path) -> None:
    folder.mkdir()
    other = apsw.Connection(str(folder / "outbox.db"))
    other.execute("PRAGMA application_id=7; PRAGMA user_version=3; CREATE TABLE theirs(x)")
    other.close()
    before = (folder / "outbox.db").read_bytes()
    store = Store.open(folder)
    run(store.close())
    (aside,) = folder.glob("outbox-damaged-*.db")
    assert aside.read_bytes() == before


def test_the_newest_good_copy_stands_in_for_a_damaged_outbox(store: Store) -> None:
    for hour in range(3):
        run(store.outbox.add(update(f"u{hour}", "name", "A", "B")))
        run(store.back_up(NOW.replace(hour=hour)))
    run(store.close())
    newest = max((store.folder / "backups").iterdir())
    newest.write_bytes(newest.read_bytes()[:5000])
    _spoil(store.folder / "outbox.db", "operations")
    again = Store.open(store.folder)
    try:
        assert [one.uid for one in again.outbox.all()] == ["u0", "u1"]
        assert again.outbox.needs_confirmation
        run(again.outbox.add(update("new", "name", "A", "B")))
    finally:
        run(again.close())


@pytest.mark.parametrize("name", ["cache.db", "outbox.db"])
@pytest.mark.parametrize("crashed", [False, True])
def test_a_newer_file_is_refused_and_not_a_byte_changes(
    store: Store, tmp_path: Path, name: str, crashed: bool
) -> None:
    run(store.outbox.add(update("a", "name", "A", "B")))
    if not crashed:
        run(store.close())
    writer = apsw.Connection(str(store.folder / name))
    call_newer(writer, name)
    copy = tmp_path / "copy"
    if not crashed:
        writer.close()
    shutil.copytree(store.folder, copy)  # crashed: the new version stands in the -wal alone
    if crashed:
        writer.close()
    kept = (".db", ".db-wal")
    before = {path.name: path.read_bytes() for path in copy.iterdir() if path.name.endswith(kept)}
    with pytest.raises(NewerFile):
        Store.open(copy)
    assert before == {path.name: path.read_bytes() for path in copy.iterdir() if path.name in before}
    assert any("wal" in file for file in before) == crashed


def test_two_windows_cannot_hold_one_profile(store: Store) -> None:
    with pytest.raises(InUse):
        Store.open(store.folder)
    script = (
        "import sys, pathlib; from instica_desktop.store.store import Store; "
        "Store.open(pathlib.Path(sys.argv[1]))"
    )
    child = subprocess.run(
        [sys.executable, "-c", script, str(store.folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "InUse" in child.stderr
    run(store.close())
    again = Store.open(store.folder)
    run(again.close())


def test_outbox_commits_wait_for_the_disk(store: Store) -> None:
    modes = [
        asyncio.run(worker.run(lambda db: db.execute("PRAGMA synchronous").fetchone()))
        for worker in (store.outbox._writer, store.cache._writer)  # pyright: ignore[reportPrivateUsage]
    ]
    assert modes == [(2,), (1,)]  # FULL, NORMAL


@pytest.mark.parametrize("name", ["outbox.db", "cache.db"])
def test_a_file_cut_off_beside_a_rollback_journal_opens(store: Store, tmp_path: Path, name: str) -> None:
    """A fresh file has one until it is in the mode we use; who only reads may not take back what is in it."""
    fill(store)
    run(store.close())
    writer = apsw.Connection(str(store.folder / name))
    writer.execute("PRAGMA journal_mode=DELETE; PRAGMA cache_size=2; BEGIN; CREATE TABLE t(x)").fetchall()
    writer.execute("INSERT INTO t SELECT randomblob(3000) FROM json_each('[1,2,3,4,5,6,7,8,9]')")
    cut_off = tmp_path / "cut off"
    shutil.copytree(store.folder, cut_off)
    writer.close()
    assert (cut_off / f"{name}-journal").stat().st_size
    again = Store.open(cut_off)
    try:
        assert waiting(again) == ["u1", "u2", "u3"]
        assert again.cache.known(ITEM) == 40
        assert not again.outbox.needs_confirmation
    finally:
        run(again.close())
