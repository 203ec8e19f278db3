"""The care of an account's files: check, backups, restore, reset, sizes; on files that are really damaged."""

import asyncio
import contextlib
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from instica_desktop.core import steps
from instica_desktop.core.errors import DiskFull, InputError, NewerFile, StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.store import backups
from instica_desktop.store.care import Care
from instica_desktop.store.checking import Report, examine
from instica_desktop.store.files import Lock
from instica_desktop.store.schema import OUTBOX
from instica_desktop.store.store import RESTORING, Store
from tests.store.support import NOW, found, item, operation, query, run, spoil_table, update

ITEM = Entity.ITEM
ROOT = Path(__file__).resolve().parents[2]
_FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def care(store: Store) -> Iterator[Care]:
    made = Care(store)
    yield made
    made.close()


def _fill(store: Store, count: int = 40) -> None:
    """Give a store records, three edits and a photo to send."""
    run(
        store.cache.upsert(
            ITEM, [item(f"u{at}", name=f"Blue {at}", manual_sku=f"S-{at}") for at in range(count)]
        )
    )
    run(store.outbox.add(update("u1", "name", "Blue 1", "Red")))
    run(store.outbox.add(update("u2", "location", None, "A-1")))
    photo = run(store.blobs.put(b"photo"))
    run(store.outbox.add(operation("u3", OpKind.ADD_PHOTO, payload={"blob": photo})))
    run(store.cache.reproject_pending())


def _uids(store: Store) -> list[str]:
    return [one.uid for one in store.outbox.all()]


# ---------------------------------------------------------------- check


def test_a_whole_account_is_found_whole_while_it_is_open(store: Store, care: Care) -> None:
    _fill(store)
    run(care.back_up())
    report = run(care.check())
    assert report == Report(records=40, edits=3, photos=1, backups=1)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE tallies SET known=known+1 WHERE entity='inventory'", "the number of records"),
        ("DELETE FROM inventory_raw WHERE id=(SELECT min(id) FROM inventory)", "without their contents"),
        ("DELETE FROM inventory_links WHERE uid='u5'", "a filter does not find"),
        ("DELETE FROM terms", "filters that lead nowhere"),
        ("INSERT INTO inventory_links VALUES (1, 2, 'nobody', 3)", "filters that lead nowhere"),
        ("DELETE FROM inventory_fts WHERE rowid=(SELECT min(id) FROM inventory)", "search does not know"),
    ],
)
def test_what_does_not_agree_is_named(store: Store, statement: str, words: str) -> None:
    run(
        store.cache.upsert(
            ITEM, [item(f"u{at}", name="Blue", status="listed", location=f"A-{at}") for at in range(9)]
        )
    )
    run(store.close())
    writer = apsw.Connection(str(store.folder / "cache.db"))
    writer.execute(statement)
    writer.close()
    findings = examine(store.folder).findings
    assert any(words in finding.message for finding in findings), findings
    assert {finding.mend for finding in findings} == {"reset"}


def test_a_spoiled_search_index_is_found(store: Store) -> None:
    _fill(store)
    run(store.close())
    writer = apsw.Connection(str(store.folder / "cache.db"))
    writer.execute("UPDATE inventory_fts_data SET block=zeroblob(8) WHERE id > 10")
    writer.close()
    report = examine(store.folder)
    assert [(finding.part, finding.mend) for finding in report.findings] == [("records", "reset")]
    assert report.edits == 3


def test_photos_that_are_missing_or_spoiled_are_named(store: Store) -> None:
    _fill(store)
    other = run(store.blobs.put(b"another photo"))
    run(store.outbox.add(operation("u4", OpKind.ADD_PHOTO, payload={"blob": other})))
    run(store.close())
    store.blobs.path(other).write_bytes(b"something else")
    next(path for path in (store.folder / "blobs").iterdir() if path.name != other).unlink()
    words = [finding.message for finding in examine(store.folder).findings]
    assert words == ["1 photo to be sent cannot be found.", "1 photo to be sent cannot be used any more."]


def test_edits_of_another_version_are_named_and_kept(store: Store) -> None:
    _fill(store)
    run(store.close())
    writer = apsw.Connection(str(store.folder / "outbox.db"))
    writer.execute('UPDATE operations SET body=\'{"kind": "teleport"}\' WHERE seq=1')
    writer.close()
    for _ in range(2):  # before and after this version has put it aside
        (finding,) = examine(store.folder).findings
        assert finding.message.startswith("1 edit cannot be read by this version")
        run(Store.open(store.folder).close())


def _random_bytes(path: Path) -> None:
    spoiled = random.Random(7)
    content = bytearray(path.read_bytes())
    for _ in range(200):
        content[spoiled.randrange(100, len(content))] = spoiled.randrange(256)
    path.write_bytes(content)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def _wrong_application(path: Path) -> None:
    writer = apsw.Connection(str(path))
    writer.execute("PRAGMA application_id=77")
    writer.close()


@pytest.mark.parametrize("spoil", [_random_bytes, _cut, _wrong_application])
@pytest.mark.parametrize("name", ["cache.db", "outbox.db"])
def test_a_damaged_file_is_found_and_the_next_start_mends_it(
    store: Store, name: str, spoil: Callable[[Path], None]
) -> None:
    _fill(store)
    run(store.back_up(NOW))
    run(store.close())
    spoil(store.folder / name)
    part, mend = ("records", "reset") if name == "cache.db" else ("edits", "restore")
    findings = examine(store.folder).findings
    assert [(finding.part, finding.mend) for finding in findings if finding.mend] == [(part, mend)]
    if name == "cache.db":
        (store.folder / "cache.damaged").touch()
    again = Store.open(store.folder)
    try:
        assert _uids(again) == ["u1", "u2", "u3"]
        assert again.outbox.needs_confirmation == (name == "outbox.db")
    finally:
        run(again.close())
    assert examine(store.folder).mends == set()


def test_a_newer_file_is_named_and_not_to_be_mended(store: Store) -> None:
    run(store.close())
    writer = apsw.Connection(str(store.folder / "cache.db"))
    writer.execute("PRAGMA user_version=99")
    writer.close()
    (finding,) = examine(store.folder).findings
    assert "newer version" in finding.message
    assert not finding.mend
    with pytest.raises(NewerFile):
        Store.open(store.folder)


def test_a_check_changes_nothing(store: Store) -> None:
    _fill(store)
    run(store.close())
    names = ("cache.db", "outbox.db")
    before = [(store.folder / name).read_bytes() for name in names]
    examine(store.folder)
    assert [(store.folder / name).read_bytes() for name in names] == before


# ---------------------------------------------------------------- backups and restore


def test_a_backup_tells_when_it_was_made_and_how_many_edits_it_holds(store: Store, care: Care) -> None:
    _fill(store)
    run(store.back_up(NOW))
    run(store.outbox.discard(store.outbox.all()[0].uuid))
    run(store.back_up(NOW + timedelta(hours=1)))
    spoiled = run(store.back_up(NOW + timedelta(hours=2)))
    spoiled.write_bytes(b"no database" * 999)
    listed = run(care.backups())
    assert [copy.edits for copy in listed] == [None, 2, 3]
    assert [copy.at for copy in listed] == [NOW + timedelta(hours=hours) for hours in (2, 1, 0)]
    with pytest.raises(InputError):
        run(care.restore(spoiled))


def test_a_restore_while_edits_wait_keeps_them_as_a_backup(store: Store, care: Care) -> None:
    _fill(store)
    copy = run(care.back_up())
    for one in store.outbox.all()[:2]:
        run(store.outbox.discard(one.uuid))
    run(store.outbox.add(update("u9", "name", "Blue 9", "Green")))
    told: list[str] = []
    care.on_change.append(lambda: told.append("changed"))

    note = run(care.restore(copy.path))

    assert _uids(store) == ["u1", "u2", "u3"]
    assert (note.edits, note.copied, note.chosen) == (3, copy.at, True)
    assert told == ["changed"]
    assert store.outbox.needs_confirmation
    assert store.outbox.heads(NOW + timedelta(days=999)) == []
    assert found(store, query(search="red")) == ["u1"]  # the edit is laid over its record again
    safe = next(one for one in run(care.backups()) if one.before_restore)
    assert safe.path.name == note.aside
    run(care.restore(safe.path))
    assert _uids(store) == ["u3", "u9"]


def test_what_comes_back_is_read_back_before_it_is_sent(store: Store, care: Care) -> None:
    _fill(store)
    copy = run(care.back_up())
    run(care.restore(copy.path))
    assert {one.state for one in store.outbox.all()} == {OpState.UNKNOWN}
    run(care.confirm())
    assert care.restored is None
    assert len(store.outbox.heads(datetime.now(UTC))) == 3


def test_what_was_made_on_the_server_since_does_not_come_back(store: Store, care: Care) -> None:
    create = operation("tmp-c1", OpKind.CREATE, uuid="c1", payload={"fields": {"name": "New"}})
    run(store.outbox.add_many([create, update("tmp-c1", "name", "New", "Newer")]))
    later = operation("tmp-c1", OpKind.ADD_PHOTO, payload={"blob": run(store.blobs.put(b"x"))})
    run(store.outbox.add(later))
    copy = run(care.back_up())
    run(store.outbox.done("c1", replaced={"tmp-c1": "real"}))
    run(care.restore(copy.path))
    assert [(one.kind, one.uid) for one in store.outbox.all()] == [(OpKind.ADD_PHOTO, "real")]


def test_a_backup_of_version_1_can_be_restored(store: Store, care: Care) -> None:
    store.backups.mkdir()
    old = store.backups / "outbox-20250101T000000Z.db"
    shutil.copy(_FIXTURES / "outbox-v1.db", old)
    assert [copy.edits for copy in run(care.backups())] == [2]
    run(care.restore(old))
    assert [one.uuid for one in store.outbox.all()] == ["u1", "u2"]
    run(store.close())
    again = Store.open(store.folder)
    assert [one.uuid for one in again.outbox.all()] == ["u1", "u2"]
    assert again.outbox.needs_confirmation
    run(again.close())


def test_a_restored_outbox_says_what_it_is_after_another_start(store: Store) -> None:
    _fill(store)
    run(store.back_up(NOW))
    run(store.close())
    (store.folder / "outbox.db").write_bytes(b"no database" * 999)
    for _ in range(2):
        again = Store.open(store.folder)
        restored = Care(again).restored
        assert restored is not None
        assert (restored.copied, restored.edits, restored.chosen) == (NOW, 3, False)
        assert {one.state for one in again.outbox.all()} == {OpState.UNKNOWN}
        run(again.close())


def test_a_lost_outbox_is_not_taken_for_a_new_one(store: Store) -> None:
    _fill(store)
    run(store.back_up(NOW))
    run(store.close())
    for path in store.folder.glob("outbox.db*"):
        path.unlink()
    again = Store.open(store.folder)
    try:
        assert _uids(again) == ["u1", "u2", "u3"]
        assert again.outbox.needs_confirmation
    finally:
        run(again.close())


def test_what_can_be_read_of_a_damaged_outbox_comes_back_for_the_user_to_look_at(store: Store) -> None:
    run(store.outbox.add(update("u0", "name", "A", "B")))
    run(store.back_up(NOW))
    later = [update(f"v{at}", "notes", "", "long " * 300) for at in range(40)]
    run(store.outbox.add_many(later))
    run(store.outbox.set_state(later[-1].uuid, OpState.SENDING))
    run(store.close())
    content = bytearray((store.folder / "outbox.db").read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = random.Random(7).randbytes(4096)
    (store.folder / "outbox.db").write_bytes(content)
    again = Store.open(store.folder)
    try:
        restored = Care(again).restored
        assert restored is not None
        first, *others = again.outbox.all()
        assert (first.uid, first.state) == ("u0", OpState.UNKNOWN)
        assert 5 < len(others) == restored.salvaged < 40
        assert {one.uid for one in others} < {one.uid for one in later}
        assert others[-1].state is OpState.UNKNOWN  # it may have arrived
        assert {one.state for one in others[:-1]} == {OpState.REFUSED}
        assert again.outbox.needs_confirmation
    finally:
        run(again.close())


class Cut(Exception):
    """Ends an act in the middle, as the end of the process does."""


@pytest.mark.parametrize(
    "step", ["restore begun", "damaged outbox aside", "backup in place", "restore noted"]
)
def test_a_restore_cut_off_anywhere_is_begun_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    _fill(store)
    run(store.back_up(NOW))
    run(store.close())
    damaged = b"no database" * 999
    (store.folder / "outbox.db").write_bytes(damaged)

    def cut(reached: str) -> None:
        if reached == step:
            raise Cut

    monkeypatch.setattr(steps, "listener", cut)
    with pytest.raises(Cut):
        Store.open(store.folder)
    monkeypatch.setattr(steps, "listener", None)
    assert (store.folder / RESTORING).exists()
    again = Store.open(store.folder)
    try:
        assert _uids(again) == ["u1", "u2", "u3"]
        assert again.outbox.needs_confirmation
        assert damaged in [path.read_bytes() for path in store.folder.glob("outbox-damaged-*.db")]
        assert not (store.folder / RESTORING).exists()
    finally:
        run(again.close())


_DIES = """
import asyncio, os, pathlib, signal, sys
from instica_desktop.core import steps
from instica_desktop.store.care import Care
from instica_desktop.store.store import Store

def die(step):
    if step == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

async def restored(store):
    await Care(store).restore(next(store.backups.glob("outbox-*.db")))

steps.listener = die
store = Store.open(pathlib.Path(sys.argv[1]))
asyncio.run(restored(store))
"""


@pytest.mark.skipif(os.name != "posix", reason="no kill -9")
@pytest.mark.parametrize(
    ("step", "uids"), [("backup made", ["u9"]), ("backup taken over", ["u1", "u2", "u3"])]
)
def test_a_kill_in_the_middle_of_a_restore_leaves_one_or_the_other(
    store: Store, step: str, uids: list[str]
) -> None:
    _fill(store)
    run(store.back_up(NOW))
    for one in store.outbox.all():
        run(store.outbox.discard(one.uuid))
    run(store.outbox.add(update("u9", "name", "Blue 9", "Green")))
    run(store.close())
    command = [sys.executable, "-c", _DIES, str(store.folder), step]
    child = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=50, check=False)
    assert child.returncode < 0, child.stderr  # by a signal, not by an error
    again = Store.open(store.folder)
    try:
        assert _uids(again) == uids
        assert again.outbox.needs_confirmation == (uids != ["u9"])
        copies = backups.listed(again.backups, OUTBOX)
        assert [copy.edits for copy in copies if copy.before_restore] == [1]  # u9 is kept either way
    finally:
        run(again.close())


# ---------------------------------------------------------------- reset and sizes


def test_a_reset_empties_the_copy_and_leaves_the_edits(store: Store, care: Care) -> None:
    _fill(store, 3000)
    create = operation("tmp-n", OpKind.CREATE, payload={"fields": {"name": "Brand new", "manual_sku": "N"}})
    run(store.outbox.add(create))
    run(store.cache.set_meta("user", "who"))
    run(store.cache.set_meta("mirror", "page 7"))
    before, size = store.outbox.all(), run(care.sizes())
    told: list[str] = []
    care.on_reset.append(lambda: told.append("forget"))

    assert run(care.reset()) is True

    assert store.outbox.all() == before
    assert store.blobs.path(str(before[2].payload["blob"])).exists()
    assert told == ["forget"]
    assert found(store, query()) == ["tmp-n"]  # what exists only here is still to be seen
    assert (store.cache.get_meta("user"), store.cache.get_meta("mirror")) == ("who", None)
    assert run(care.sizes()).records < size.records / 4  # the room is given back
    assert run(care.check()).findings == ()
    run(store.cache.upsert(ITEM, [item("u1", name="Blue 1")]))
    assert found(store, query(search="red")) == ["u1"]


def test_a_copy_too_damaged_to_be_emptied_is_begun_anew_at_the_next_start(store: Store, care: Care) -> None:
    _fill(store, 400)
    run(store.close())
    spoil_table(store.folder / "cache.db", "inventory")
    again = Store.open(store.folder)
    try:
        assert run(Care(again).reset()) is False
    finally:
        run(again.close())
    third = Store.open(store.folder)
    try:
        assert third.cache.known(ITEM) == 0
        assert len(third.outbox.all()) == 3
    finally:
        run(third.close())


def test_sizes_say_what_takes_the_room(store: Store, care: Care) -> None:
    _fill(store, 500)
    run(store.cache.put_image("https://x/y.jpg", b"p" * 5000))
    run(store.back_up())
    sizes = run(care.sizes())
    assert sizes.photos == len(b"photo")
    assert sizes.pictures == 5004
    assert sizes.backups == sum(copy.size for copy in run(care.backups()))
    assert 0 < sizes.search < sizes.records
    assert sizes.free > 0
    assert run(care.clear_pictures()) == 5004
    assert run(care.sizes()).pictures == 0
    assert run(store.cache.get_image("https://x/y.jpg")) is None
    assert store.blobs.path(str(store.outbox.all()[2].payload["blob"])).exists()


# ---------------------------------------------------------------- photos, steps up, trouble at opening


def test_a_photo_whose_edit_is_not_written_yet_is_not_swept(store: Store) -> None:
    async def dropped() -> str:
        sweep = asyncio.ensure_future(store.blobs.sweep(set()))  # the start's, while a photo is dropped
        digest = await store.blobs.put(b"just now")
        await sweep
        await store.blobs.sweep(set())
        return digest

    digest = run(dropped())
    assert store.blobs.path(digest).exists()
    one = run(store.outbox.add(operation("a", OpKind.ADD_PHOTO, payload={"blob": digest})))
    run(store.blobs.release(digest))
    run(store.blobs.sweep(set()))
    run(store.outbox.done(one.uuid))
    run(store.blobs.sweep(set()))  # delivered: its photo goes in the same session
    assert not store.blobs.path(digest).exists()


def test_an_older_cache_is_brought_up_in_place_without_a_copy(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    for name in ("cache", "outbox"):
        shutil.copy(_FIXTURES / f"{name}-v1.db", folder / f"{name}.db")
    store = Store.open(folder)
    run(store.close())
    assert store.folder.joinpath("outbox.db.before-2").exists()
    assert not store.folder.joinpath("cache.db.before-2").exists()
    assert examine(folder).findings == ()


def test_a_cache_no_version_of_ours_made_is_begun_anew(store: Store) -> None:
    _fill(store)
    run(store.close())
    writer = apsw.Connection(str(store.folder / "cache.db"))
    writer.execute("PRAGMA user_version=1")  # the step to 2 finds its columns there already
    writer.close()
    again = Store.open(store.folder)
    try:
        assert again.cache.known(ITEM) == 0
        assert len(again.outbox.all()) == 3
    finally:
        run(again.close())


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_said_with_a_way_out(store: Store) -> None:
    run(store.close())
    (store.folder / "outbox.db").chmod(0)
    with pytest.raises(StoreError, match="doctor --repair"):
        Store.open(store.folder)
    (store.folder / "outbox.db").chmod(0o600)


def test_a_lock_that_cannot_be_made_is_said_with_a_way_out(folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    (folder / "lock").mkdir(parents=True)
    with pytest.raises(StoreError, match="Nothing was changed") as caught:
        Store.open(folder)
    assert str(folder) in caught.value.message


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


def _fill_up(path: Path) -> None:
    """Write until there is no room left."""
    with open(path, "wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"x" * 4096)


@pytest.mark.skipif(shutil.which("mount") is None, reason="needs mount")
def test_a_full_disk_while_backing_up_leaves_what_is_there(small_disk: Path) -> None:
    store = Store.open(small_disk / "account")
    try:
        for at in range(100):
            run(store.outbox.add(update(f"u{at}", "notes", "", "long " * 300)))
        first = run(store.back_up(NOW))
        content = first.read_bytes()
        _fill_up(small_disk / "filler")
        with pytest.raises(DiskFull):
            run(store.back_up(NOW + timedelta(hours=1)))
        assert [path.name for path in store.backups.iterdir()] == [first.name]
        assert first.read_bytes() == content
        with pytest.raises(DiskFull):
            run(Care(store).restore(first))
        assert len(store.outbox.all()) == 100
        assert not store.outbox.needs_confirmation
    finally:
        run(store.close())


@pytest.mark.skipif(shutil.which("mount") is None, reason="needs mount")
def test_a_copy_can_be_emptied_when_the_disk_is_full(small_disk: Path) -> None:
    store = Store.open(small_disk / "account")
    run(store.cache.upsert(ITEM, [item(f"u{at}", name="Blue") for at in range(300)]))
    run(store.outbox.add(update("u1", "name", "Blue", "Red")))
    run(store.close())
    store = Store.open(small_disk / "account")
    _fill_up(small_disk / "filler")
    try:
        assert run(Care(store).reset()) is False  # no room to write down that it is empty
        assert store.cache.known(ITEM) == 300
    finally:
        run(store.close())
    (small_disk / "filler").unlink()
    store = Store.open(small_disk / "account")
    try:
        assert store.cache.known(ITEM) == 0
        assert _uids(store) == ["u1"]
    finally:
        run(store.close())


def test_a_backup_that_fails_half_way_leaves_no_half_file(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(store)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        run(store.back_up(NOW))
    monkeypatch.undo()
    assert list(store.backups.iterdir()) == []
    assert backups.listed(store.backups, OUTBOX) == []


def test_a_folder_in_use_is_left_alone(store: Store) -> None:
    with pytest.raises(StoreError, match="Another window"):
        Lock(store.folder / "lock")
