"""Backups of the waiting edits and the way back, cut off and killed at any step."""

import asyncio
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest

from instica_desktop.core import steps
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.store import backups
from instica_desktop.store import care as care_module
from instica_desktop.store.care import Care
from instica_desktop.store.checking import examine
from instica_desktop.store.schema import OUTBOX
from instica_desktop.store.store import RESTORING, Store
from tests.store.support import (
    NOW,
    due,
    fill,
    found,
    operation,
    query,
    reseal,
    run,
    spoil_table,
    update,
    waiting,
)

ITEM = Entity.ITEM
ROOT = Path(__file__).resolve().parents[2]
_FIXTURES = Path(__file__).parent / "fixtures"


def test_a_backup_tells_when_it_was_made_and_how_many_edits_it_holds(store: Store, care: Care) -> None:
    fill(store)
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
    fill(store)
    copy = run(care.back_up())
    for one in store.outbox.all()[:2]:
        run(store.outbox.discard(one.uuid))
    run(store.outbox.add(update("u9", "name", "Blue 9", "Green")))
    told: list[str] = []
    care.on_change.append(lambda: told.append("changed"))

    note = run(care.restore(copy.path))

    assert waiting(store) == ["u1", "u2", "u3"]
    assert (note.edits, note.copied, note.chosen) == (3, copy.at, True)
    assert told == ["changed"]
    assert store.outbox.needs_confirmation
    assert found(store, query(search="red")) == ["u1"]  # the edit is laid over its record again
    safe = next(one for one in run(care.backups()) if one.before_restore)
    assert safe.path.name == note.aside
    run(care.restore(safe.path))
    assert waiting(store) == ["u3", "u9"]


def test_an_edit_saved_while_what_waits_is_copied_is_in_the_copy(
    store: Store, care: Care, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    copy = run(care.back_up())
    real, late = care_module.keep_safe, update("u9", "name", "Blue 9", "Green")

    async def restore() -> None:
        loop = asyncio.get_running_loop()

        def slowly(*parts: Any) -> Path:
            safe = real(*parts)
            if late.uuid not in {one.uuid for one in store.outbox.all()}:
                asyncio.run_coroutine_threadsafe(store.outbox.add(late), loop).result()
            return safe

        with monkeypatch.context() as busy:
            busy.setattr(care_module, "keep_safe", slowly)
            await care.restore(copy.path)

    run(restore())
    assert waiting(store) == ["u1", "u2", "u3"]
    safe = [one for one in run(care.backups()) if one.before_restore]
    assert [one.edits for one in safe] == [4]
    run(care.restore(safe[0].path))
    assert waiting(store) == ["u1", "u2", "u3", "u9"]


def test_what_comes_back_is_read_back_before_it_is_sent(store: Store, care: Care) -> None:
    fill(store)
    copy = run(care.back_up())
    run(care.restore(copy.path))
    assert {one.state for one in store.outbox.all()} == {OpState.UNKNOWN}
    run(care.confirm())
    assert care.restored is None
    assert len(due(store.outbox, datetime.now(UTC))) == 3


def test_a_backup_that_is_spoilt_just_then_leaves_what_waits_as_it_is(
    store: Store, care: Care, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    copy, before = run(care.back_up()), store.outbox.all()
    real, met = care_module.owner_in, list[str]()

    def then_spoilt(path: Path) -> str:
        owner = real(path)
        writer = apsw.Connection(str(path))
        writer.execute("UPDATE operations SET body=CAST(replace(CAST(body AS TEXT), 'Red', 'Bad') AS BLOB)")
        writer.close()
        return owner

    store.on_damage = met.append
    monkeypatch.setattr(care_module, "owner_in", then_spoilt)
    with pytest.raises(InputError, match="This backup cannot be used"):
        run(care.restore(copy.path))
    assert (met, store.outbox.all(), store.outbox.needs_confirmation) == ([], before, False)
    assert [one.path for one in run(care.backups())] == [copy.path]  # nothing had to be kept safe


def test_what_another_version_made_comes_back_for_that_one(store: Store, care: Care) -> None:
    """Not what was sent since; and none takes the place of another, whatever their numbers."""
    fill(store)
    outbox, (first, second, _) = store.folder / "outbox.db", store.outbox.all()
    copy = run(care.back_up())
    run(store.outbox.set_state(second.uuid, OpState.SENDING))
    run(store.outbox.done(second.uuid))
    for path, wanted in ((copy.path, f"'{first.uuid}', '{second.uuid}'"), (outbox, f"'{first.uuid}'")):
        writer = apsw.Connection(str(path))
        writer.execute(f'UPDATE operations SET body=\'{{"kind": "teleport"}}\' WHERE uuid IN ({wanted})')
        if path == outbox:
            writer.execute(f"UPDATE operations SET uuid='older' WHERE uuid='{first.uuid}'")
        writer.close()
        reseal(path)
    run(store.close())
    again = Store.open(store.folder)
    try:
        assert (again.outbox.aside, waiting(again)) == (1, ["u3"])
        whole = Care(again)
        run(whole.restore(copy.path))
        whole.close()
        assert waiting(again) == ["u3"]
    finally:
        run(again.close())
    reader = apsw.Connection(str(outbox))
    aside = [str(row[0]) for row in reader.execute("SELECT uuid FROM unreadable ORDER BY seq")]
    reader.close()
    assert aside == ["older", first.uuid]


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
    fill(store)
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
    fill(store)
    run(store.back_up(NOW))
    run(store.close())
    for path in store.folder.glob("outbox.db*"):
        path.unlink()
    again = Store.open(store.folder)
    try:
        assert waiting(again) == ["u1", "u2", "u3"]
        assert again.outbox.needs_confirmation
    finally:
        run(again.close())


@pytest.mark.parametrize("gone", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_an_outbox_lost_before_its_first_backup_is_said(store: Store, gone: Callable[[Path], Any]) -> None:
    fill(store)
    run(store.close())
    gone(store.folder / "outbox.db")
    for _ in range(2):
        again = Store.open(store.folder)
        restored = Care(again).restored
        assert restored is not None
        assert restored.copied is None
        assert waiting(again) == []
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
        assert {one.state for one in others[:-1]} == {OpState.QUEUED}  # their seals say that they are whole
        assert again.outbox.needs_confirmation
    finally:
        run(again.close())


def test_a_damaged_outbox_without_any_backup_still_says_whose_edits_it_holds(store: Store) -> None:
    run(store.outbox.own("https://a.test\nann"))
    run(store.outbox.add(update("u1", "name", "A", "B")))
    run(store.close())
    spoil_table(store.folder / "outbox.db", "operations_of")
    again = Store.open(store.folder)
    assert (again.outbox.owner, waiting(again)) == ("https://a.test\nann", ["u1"])
    run(again.close())


def test_of_the_lists_of_a_damaged_outbox_only_what_is_whole_comes_back(store: Store) -> None:
    outbox = store.outbox
    for number in range(4):
        run(outbox.add(update(f"u{number}", "name", "A", "B", uuid=f"e{number}")))
        run(outbox.done(f"e{number}"))
        if number == 0:
            run(outbox.add(update("u9", "name", "A", "B", uuid="again")))
            run(store.back_up(NOW))
            run(outbox.done("again"))  # it waits in the backup: then it is no delivery
    run(store.close())
    writer = apsw.Connection(str(store.folder / "outbox.db"))
    writer.execute("UPDATE history SET value=x'7b22ff' WHERE uid='u2'")
    writer.execute("UPDATE deliveries SET entity='nothing' WHERE uid='u3'")
    writer.close()
    spoil_table(store.folder / "outbox.db", "operations_of")
    again = Store.open(store.folder)
    try:
        kept = {uid for number in range(4) for uid in (f"u{number}",) if again.outbox.history(ITEM, uid)}
        assert kept == {"u0", "u1", "u3"}
        assert [len(again.outbox.history(ITEM, uid)) for uid in ("u0", "u9")] == [1, 1]
        assert [one.uuid for one in again.outbox.deliveries()] == ["e2", "e1", "e0"]
        assert [one.uuid for one in again.outbox.all()] == ["again"]
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
    fill(store)
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
        assert waiting(again) == ["u1", "u2", "u3"]
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
    fill(store)
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
        assert waiting(again) == uids
        assert again.outbox.needs_confirmation == (uids != ["u9"])
        copies = backups.listed(again.backups, OUTBOX)
        assert [copy.edits for copy in copies if copy.before_restore] == [1]  # u9 is kept either way
    finally:
        run(again.close())


def test_a_backup_of_another_account_is_not_restored(store: Store, care: Care, tmp_path: Path) -> None:
    run(store.outbox.own("https://a.test\nann"))
    other = Store.open(tmp_path / "other")
    run(other.outbox.own("https://a.test\nbob"))
    run(other.outbox.add(update("u1", "name", "A", "B")))
    theirs = run(other.back_up(NOW))
    run(other.close())
    store.backups.mkdir()
    shutil.copy(theirs, store.backups)
    with pytest.raises(InputError, match="another account"):
        run(care.restore(store.backups / theirs.name))
    assert waiting(store) == []
    assert not store.outbox.needs_confirmation


def test_a_letter_that_is_none_any_more_does_not_keep_the_shop_shut(store: Store) -> None:
    """SQLite finds nothing wrong with it."""
    fill(store)
    run(store.back_up(NOW))
    run(store.close())
    writer = apsw.Connection(str(store.folder / "outbox.db"))
    writer.execute("UPDATE operations SET body=CAST(replace(body, '\"Red\"', x'22ff22') AS BLOB) WHERE seq=1")
    writer.close()
    (finding,) = examine(store.folder).findings
    assert finding.message.startswith("outbox.db is damaged at the waiting edit of record u1.")
    again = Store.open(store.folder)
    assert waiting(again) == ["u1", "u2", "u3"]
    assert [one.uid for one in again.outbox.in_state(OpState.DAMAGED)] == ["u1"]  # as the backup has it
    assert not again.outbox.needs_confirmation
    run(again.close())
    writer = apsw.Connection(str(store.folder / "outbox.db"))
    writer.execute("UPDATE operations SET uuid=CAST(x'ff' AS TEXT) WHERE seq=2")
    writer.close()
    third = Store.open(store.folder)
    assert waiting(third) == ["u1", "u2", "u3"]
    assert [one.uid for one in third.outbox.in_state(OpState.DAMAGED)] == ["u1", "u2"]
    run(third.close())


def test_a_backup_with_a_spoilt_edit_is_passed_over_and_said(store: Store) -> None:
    fill(store)
    run(store.back_up(NOW))
    run(store.outbox.add(update("u4", "name", "Blue 4", "Green")))
    newer = run(store.back_up(NOW + timedelta(hours=1)))
    run(store.outbox.add(update("u5", "name", "Blue 5", "Green")))
    run(store.close())
    writer = apsw.Connection(str(newer))
    writer.execute("UPDATE operations SET body=CAST(replace(CAST(body AS TEXT), 'Red', 'Bad') AS BLOB)")
    writer.close()
    (store.folder / "outbox.db").write_bytes(b"no database" * 999)
    assert [one.part for one in examine(store.folder).findings] == ["edits", "backups"]
    again = Store.open(store.folder)
    try:
        restored = Care(again).restored
        assert restored is not None
        assert (restored.copied, restored.passed_over, restored.salvaged) == (NOW, 1, 1)
        states = {one.uid: one.state for one in again.outbox.all()}
        unknown = dict.fromkeys(("u2", "u3", "u4"), OpState.UNKNOWN)
        assert states == {
            "u1": OpState.DAMAGED,
            **unknown,
        }  # u4 is whole in the one that is damaged elsewhere
        assert again.outbox.all()[0].edits[0].new == "Red"
    finally:
        run(again.close())
