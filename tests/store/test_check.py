"""The check of an account's files, on files that are really damaged."""

import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from instica_desktop.core.errors import Damaged, NewerFile
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, OpKind
from instica_desktop.store.care import EDITS_DAMAGED, Care
from instica_desktop.store.checking import Report, examine
from instica_desktop.store.settlement import Note, Settlement
from instica_desktop.store.store import Store
from tests.store.support import NOW, fill, item, operation, reseal, run, update, waiting

ITEM = Entity.ITEM
ROOT = Path(__file__).resolve().parents[2]
_FIXTURES = Path(__file__).parent / "fixtures"


def test_a_whole_account_is_found_whole_while_it_is_open(store: Store, care: Care) -> None:
    fill(store)
    run(care.back_up())
    report = run(care.check())
    assert report == Report(records=40, edits=3, photos=1, backups=1)


_TAKES_IT = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    print(*connection.execute("PRAGMA journal_mode=DELETE").fetchone())
except sqlite3.OperationalError as error:
    print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="only there are locks lost with another handle of the file")
def test_a_check_lets_go_of_no_lock_on_what_is_open(store: Store, care: Care) -> None:
    fill(store)
    run(care.check())
    for name in ("cache.db", "outbox.db"):
        command = [sys.executable, "-c", _TAKES_IT, str(store.folder / name)]
        other = subprocess.run(command, capture_output=True, text=True, timeout=50, check=True)
        assert other.stdout == "database is locked\n"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE operations SET uid='u9' WHERE uid='u1'", ["operations 1"]),
        ("UPDATE history SET reason='drowned'", ["history 1"]),
        (
            "UPDATE history SET reason='drowned'; UPDATE operations SET uid='u9'",
            ["operations 1", "history 1"],
        ),
    ],
)
def test_what_is_spoilt_on_the_disk_of_an_open_shop_is_written_anew_from_memory(
    store: Store, care: Care, statement: str, found: list[str]
) -> None:
    met: list[str] = []
    store.on_damage = met.append
    run(store.outbox.add(update("u1", "name", "Blue", "Red")))
    note = Note(ITEM, "u1", Edit("name", None, "x"), "dropped")
    run(store.outbox.settle(Settlement(notes=(note,))))
    before = store.outbox.all()
    writer = apsw.Connection(str(store.folder / "outbox.db"))
    writer.execute(statement)
    writer.close()
    (finding,) = run(care.check()).findings
    assert (finding.message, finding.mend) == (EDITS_DAMAGED, "hold")
    assert [line.split(",")[0] for line in finding.details.splitlines()] == found
    assert met == ["outbox"]
    run(care.mend_edits())
    assert store.outbox.all() == before
    assert run(care.check()).findings == ()


def test_the_look_every_few_minutes_reads_no_history(store: Store) -> None:
    """It may be long, and is held to its seals wherever it is read."""
    met: list[str] = []
    store.on_damage = met.append
    note = Note(ITEM, "u1", Edit("name", None, "x"), "dropped")
    run(store.outbox.settle(Settlement(notes=(note,))))
    writer = apsw.Connection(str(store.folder / "outbox.db"))
    writer.execute("UPDATE history SET reason='drowned'")
    writer.close()
    run(store.look_over())
    assert met == []
    with pytest.raises(Damaged):
        store.outbox.history(ITEM, "u1")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE tallies SET known=known+1 WHERE entity='inventory'", "the number of records"),
        ("DELETE FROM inventory_raw WHERE id=(SELECT min(id) FROM inventory)", "without their contents"),
        ("DELETE FROM inventory_links WHERE uid='u5'", "a filter does not find"),
        ("DELETE FROM terms", "filters that lead nowhere"),
        ("INSERT INTO inventory_links VALUES (1, 2, 'nobody', 3)", "filters that lead nowhere"),
        ("UPDATE spans SET spans=json_set(spans, '$.status[1]', 'a')", "find in some order"),
        ("UPDATE inventory SET k_price=3 WHERE uid='u5'", "find in some order"),
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
    fill(store)
    run(store.close())
    writer = apsw.Connection(str(store.folder / "cache.db"))
    writer.execute("UPDATE inventory_fts_data SET block=zeroblob(8) WHERE id > 10")
    writer.close()
    report = examine(store.folder)
    assert [(finding.part, finding.mend) for finding in report.findings] == [("records", "reset")]
    assert report.edits == 3


def test_photos_that_are_missing_or_spoiled_are_named(store: Store) -> None:
    fill(store)
    other = run(store.blobs.put(b"another photo"))
    run(store.outbox.add(operation("u4", OpKind.ADD_PHOTO, payload={"blob": other})))
    run(store.close())
    store.blobs.path(other).write_bytes(b"something else")
    next(path for path in (store.folder / "blobs").iterdir() if path.name != other).unlink()
    words = [finding.message for finding in examine(store.folder).findings]
    assert words == ["1 photo to be sent cannot be found.", "1 photo to be sent cannot be used any more."]


def test_edits_of_another_version_are_named_and_kept(store: Store) -> None:
    fill(store)
    run(store.close())
    writer = apsw.Connection(str(store.folder / "outbox.db"))
    writer.execute('UPDATE operations SET body=\'{"kind": "teleport"}\' WHERE seq=1')
    writer.close()
    (damage,) = examine(store.folder).findings
    assert damage.message.startswith(
        "outbox.db is damaged at the waiting edit of record u1. No backup has it."
    )
    reseal(store.folder / "outbox.db")  # as that version would have done
    for _ in range(2):  # before and after this version has put it aside
        (finding,) = examine(store.folder).findings
        assert finding.message.startswith("1 edit cannot be read by this version")
        opened = Store.open(store.folder)
        assert opened.outbox.aside == 1
        run(opened.close())


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
    fill(store)
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
        assert waiting(again) == ["u1", "u2", "u3"]
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
    fill(store)
    run(store.close())
    names = ("cache.db", "outbox.db")
    before = [(store.folder / name).read_bytes() for name in names]
    examine(store.folder)
    assert [(store.folder / name).read_bytes() for name in names] == before
