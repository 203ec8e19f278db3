"""`doctor --check`, `--repair` and the rest as scripts use them: real processes on files really damaged."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import apsw
import pytest

from instica_desktop.app.cli import main
from instica_desktop.app.doctor import REPAIR, WHOLE
from instica_desktop.core.ages import day_and_clock
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.store.store import Store
from tests.server.fixture import ROOT
from tests.store.support import NOW, item, make_newer, operation, reseal, run, spoil_table, update

ITEM = Entity.ITEM


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shop with nine records, two edits and a photo to send, backed up with one edit fewer. Closed."""
    home = tmp_path / "data" / "accounts" / "northside"
    home.parent.mkdir(parents=True)
    store = Store.open(home)
    run(store.cache.upsert(ITEM, [item(f"u{at}", name="Blue") for at in range(9)]))
    run(store.outbox.add(update("u1", "name", "Blue", "Red")))
    photo = run(store.blobs.put(b"photo"))
    run(store.outbox.add(operation("u2", OpKind.ADD_PHOTO, payload={"blob": photo})))
    run(store.back_up(NOW))
    run(store.outbox.add(update("u3", "name", "Blue", "Green")))
    run(store.close())
    return home


class Doctor:
    """Runs `doctor` on a profile in this process."""

    def __init__(self, profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._profile, self._capsys = profile, capsys

    def __call__(self, *arguments: str) -> tuple[int, str]:
        """Return the exit code and what was printed."""
        code = main(["--profile", str(self._profile), "doctor", *arguments])
        captured = self._capsys.readouterr()
        return code, captured.out + captured.err

    def json(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """Return the exit code and what was printed of the one shop."""
        code, printed = self(*arguments, "--json")
        (outcome,) = json.loads(printed)
        return code, outcome


@pytest.fixture
def doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Doctor:
    return Doctor(tmp_path, capsys)


def _uids(folder: Path) -> list[str]:
    store = Store.open(folder)
    try:
        return [one.uid for one in store.outbox.all()]
    finally:
        run(store.close())


def test_a_whole_shop_is_well(folder: Path, doctor: Doctor) -> None:
    code, printed = doctor("--check")
    assert (code, printed) == (
        0,
        "northside\n  All is well: 9 records, 3 edits and 1 photo waiting.\n",
    )


def test_a_damaged_copy_is_found_by_a_check_and_begun_anew_by_a_repair(folder: Path, doctor: Doctor) -> None:
    (folder / "cache.db").write_bytes((folder / "cache.db").read_bytes()[:9000])
    code, found = doctor.json("--check")
    assert code == 1
    assert found["found"] == found["left"] == ["This computer’s copy of the shop is damaged."]
    code, mended = doctor.json("--repair")
    assert code == 0
    assert mended["done"] == ["The copy of the shop was begun anew; it fills again from the server."]
    assert (mended["left"], mended["records"], mended["edits"]) == ([], 0, 3)
    assert _uids(folder) == ["u1", "u2", "u3"]


def test_a_damaged_outbox_gives_way_to_its_backup(folder: Path, doctor: Doctor) -> None:
    damaged = b"no database" * 999
    (folder / "outbox.db").write_bytes(damaged)
    code, printed = doctor("--repair")
    assert code == 0
    assert "with 2 edits stands in for the waiting edits" in printed
    assert "nothing is sent before you say so" in printed
    assert [path.read_bytes() for path in folder.glob("outbox-damaged-*")] == [damaged]
    store = Store.open(folder)
    try:
        assert store.outbox.needs_confirmation
        assert {one.state for one in store.outbox.all()} == {OpState.UNKNOWN}
    finally:
        run(store.close())


@pytest.mark.parametrize("gone", [False, True], ids=["empty", "gone"])
def test_an_outbox_that_is_empty_or_gone_is_found_and_its_backup_takes_its_place(
    folder: Path, doctor: Doctor, gone: bool
) -> None:
    (folder / "outbox.db").unlink() if gone else (folder / "outbox.db").write_bytes(b"")
    how, when = "gone" if gone else "empty", day_and_clock(NOW)
    wrong = (
        f"outbox.db, the file of the waiting edits, is {how}; the backup of {when} takes its place when it "
        "is mended."
    )
    assert doctor("--check") == (1, f"northside\n  Wrong: {wrong}\n")  # once
    assert wrong in doctor()[1]
    code, printed = doctor("--repair")
    assert code == 0
    assert f"  Found: {wrong}\n" in printed
    assert "with 2 edits stands in for the waiting edits" in printed
    assert doctor("--check")[0] == 0


def test_an_outbox_that_is_gone_with_its_backups_is_said_as_far_as_it_is_known(
    folder: Path, doctor: Doctor
) -> None:
    for path in (folder / "outbox.db", *(folder / "backups").iterdir()):
        path.unlink()
    code, printed = doctor("--check")
    assert code == 1
    assert (
        "outbox.db, the file of the waiting edits, is gone; there is no backup of it. Whether edits waited "
        "in it, nothing here tells."
    ) in printed
    code, printed = doctor("--repair")
    assert (code, "there was no backup" in printed) == (0, True)
    store = Store.open(folder)
    assert store.outbox.needs_confirmation
    run(store.close())


def test_a_spoilt_log_is_found_once_and_mended(folder: Path, doctor: Doctor) -> None:
    async def killed() -> None:
        store = Store.open(folder)
        await store.outbox.add(update("u4", "name", "Blue", "Grey"))
        await store.outbox.add(update("u5", "name", "Blue", "Teal"))
        log = bytearray((folder / "outbox.db-wal").read_bytes())
        log[32 + 24 + 1] ^= 1
        file = (folder / "outbox.db").read_bytes()
        await store.close()
        (folder / "outbox.db").write_bytes(file)
        (folder / "outbox.db-wal").write_bytes(log)

    asyncio.run(killed())
    code, printed = doctor("--check")
    assert (code, printed.count("outbox.db-wal")) == (1, 1)
    assert REPAIR in doctor()[1]
    code, printed = doctor("--repair")
    assert (code, "is in order again" in printed) == (0, True)
    assert _uids(folder) == ["u1", "u2", "u3", "u4", "u5"]


def _without_index(path: Path, name: str, statement: str) -> None:
    """Run a statement that an index does not hear of."""
    schema = apsw.Connection(str(path))
    schema.execute("PRAGMA writable_schema=ON")
    (index,) = schema.execute("SELECT * FROM sqlite_schema WHERE name=?", (name,)).fetchall()
    schema.execute("DELETE FROM sqlite_schema WHERE name=?", (name,))
    schema.close()
    writer = apsw.Connection(str(path))
    writer.execute(statement)
    writer.execute("PRAGMA writable_schema=ON")
    writer.execute("INSERT INTO sqlite_schema VALUES (?,?,?,?,?)", index)
    writer.close()


def test_an_index_is_mended_without_going_back_to_a_backup(folder: Path, doctor: Doctor) -> None:
    _without_index(folder / "outbox.db", "operations_of", "UPDATE operations SET entity='order' WHERE seq=3")
    reseal(folder / "outbox.db")
    assert doctor("--check")[0] == 1
    assert doctor("--repair")[0] == 0
    store = Store.open(folder)
    try:
        assert [one.uid for one in store.outbox.all()] == ["u1", "u2", "u3"]
        assert not store.outbox.needs_confirmation
    finally:
        run(store.close())


def test_a_spoilt_edit_is_named_with_its_cause_and_held_back(folder: Path, doctor: Doctor) -> None:
    writer = apsw.Connection(str(folder / "outbox.db"))
    writer.execute("UPDATE operations SET body=CAST(replace(CAST(body AS TEXT), 'Red', 'Rad') AS BLOB)")
    writer.execute("UPDATE operations SET body=CAST(replace(CAST(body AS TEXT), 'Green', '') AS BLOB)")
    writer.close()
    code, found = doctor.json("--check")
    assert code == 1
    of_u1, of_u3 = found["left"]
    assert of_u1.startswith(
        "outbox.db is damaged at the waiting edit of record u1. When it is mended, it is taken"
    )
    assert of_u3.startswith("outbox.db is damaged at the waiting edit of record u3. No backup has it.")
    code, mended = doctor.json("--repair")
    assert (code, mended["left"]) == (0, [])
    assert mended["done"][0].startswith(
        "2 edits that were damaged are held back. Open the shop: Activity says"
    )
    store = Store.open(folder)
    try:
        assert [one.uid for one in store.outbox.in_state(OpState.DAMAGED)] == ["u1", "u3"]
        assert not store.outbox.needs_confirmation
    finally:
        run(store.close())


def test_the_plain_report_names_the_file_the_edit_and_what_to_do(folder: Path, doctor: Doctor) -> None:
    code, printed = doctor()
    assert code == 0
    assert "northside" in printed
    assert WHOLE in printed
    writer = apsw.Connection(str(folder / "outbox.db"))
    writer.execute("UPDATE operations SET body=CAST(replace(CAST(body AS TEXT), 'Red', 'Rad') AS BLOB)")
    writer.close()
    code, printed = doctor()
    assert code == 1
    assert (
        "outbox.db is damaged at the waiting edit of record u1. When it is mended, it is taken from"
        in printed
    )
    assert REPAIR in printed
    assert doctor("--repair")[0] == 0
    assert doctor()[0] == 0


def test_an_edit_of_another_version_is_said_and_is_no_damage(folder: Path, doctor: Doctor) -> None:
    writer = apsw.Connection(str(folder / "outbox.db"))
    writer.execute('UPDATE operations SET body=\'{"kind": "teleport"}\' WHERE uid="u3"')
    writer.close()
    reseal(folder / "outbox.db")
    code, printed = doctor()
    assert code == 0
    assert "1 edit cannot be read by this version" in printed
    assert REPAIR not in printed


def test_what_cannot_be_mended_is_said(folder: Path, doctor: Doctor) -> None:
    next((folder / "blobs").iterdir()).unlink()
    code, outcome = doctor.json("--repair")
    assert code == 1
    assert outcome["left"] == ["1 photo to be sent cannot be found."]


def test_without_a_backup_what_can_be_read_comes_back(folder: Path, doctor: Doctor) -> None:
    for path in (folder / "backups").iterdir():
        path.unlink()
    spoil_table(folder / "outbox.db", "history_of")
    spoil_table(folder / "outbox.db", "history")
    code, outcome = doctor.json("--repair")
    assert code == 0
    assert "there was no backup. 3 edits could still be read" in outcome["done"][0]
    assert _uids(folder) == ["u1", "u2", "u3"]


def test_damaged_backups_are_put_aside(folder: Path, doctor: Doctor) -> None:
    (copy,) = (folder / "backups").iterdir()
    copy.write_bytes(b"no database" * 999)
    assert doctor("--check")[0] == 1
    code, outcome = doctor.json("--repair")
    assert (code, outcome["done"]) == (0, ["1 damaged backup put aside."])
    assert (folder / "backups" / f"unusable-{copy.name}").exists()


def test_a_newer_file_is_left_alone(folder: Path, doctor: Doctor) -> None:
    make_newer(folder / "outbox.db")
    before = (folder / "outbox.db").read_bytes()
    for act in ("--check", "--repair", "--back-up", "--reset-copy"):
        code, outcome = doctor.json(act)
        assert code == 1, act
        assert "newer version" in outcome["left"][0]
    assert (folder / "outbox.db").read_bytes() == before


def test_backups_are_made_listed_and_restored(folder: Path, doctor: Doctor) -> None:
    assert doctor("--back-up")[0] == 0
    code, outcome = doctor.json("--backups")
    assert code == 0
    assert [copy["edits"] for copy in outcome["backups"]] == [3, 2]
    older = outcome["backups"][1]["name"]
    code, printed = doctor("--restore", older)
    assert code == 0
    assert "2 edits" in printed
    assert _uids(folder) == ["u1", "u2"]
    assert doctor("--restore", "no such backup")[0] == 2
    assert doctor("--restore", "newest")[0] == 0
    assert _uids(folder) == ["u1", "u2", "u3"]


def test_the_copy_is_emptied_and_the_edits_stay(folder: Path, doctor: Doctor) -> None:
    code, outcome = doctor.json("--reset-copy")
    assert code == 0
    assert (outcome["records"], outcome["edits"], outcome["photos"]) == (0, 3, 1)
    assert _uids(folder) == ["u1", "u2", "u3"]


def test_a_shop_another_process_has_open_is_left_alone(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder)
    try:
        for act in ("--check", "--repair", "--reset-copy"):
            command = [sys.executable, "-m", "instica_desktop", "--profile", str(tmp_path), "doctor", act]
            child = subprocess.run(
                command, cwd=ROOT, env=os.environ, capture_output=True, encoding="utf-8", check=False
            )
            assert child.returncode == 4, child.stderr
            assert "has this shop open. Close it there" in child.stdout
        assert store.cache.known(ITEM) == 9
    finally:
        run(store.close())


def test_wrong_usage_is_said(folder: Path, doctor: Doctor) -> None:
    code, printed = doctor("--check", "--account", "southside")
    assert code == 2
    assert "northside" in printed
    assert doctor("--account", "northside")[0] == 2
    other = folder.with_name("southside")
    run(Store.open(other).close())
    code, printed = doctor("--restore", "newest")
    assert code == 2
    assert "northside, southside" in printed
    assert doctor("--check", "--account", "northside")[0] == 0


def test_a_computer_without_a_shop_has_nothing_to_mend(doctor: Doctor) -> None:
    assert doctor("--repair") == (0, "No shop is on this computer yet.\n")
