"""An edit spoilt inside a file that SQLite finds whole: held back as a backup has it, and said."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from instica_desktop.core.ages import day_and_clock
from instica_desktop.core.errors import Damaged, NewerFile
from instica_desktop.core.intake import Taken, TakenState
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, Operation, OpKind, OpState, is_unreadable
from instica_desktop.store.care import Care
from instica_desktop.store.checking import examine
from instica_desktop.store.outbox import UNCONFIRMED
from instica_desktop.store.seals import SEALED, spoilt
from instica_desktop.store.settlement import Note, Settlement
from instica_desktop.store.store import Store
from tests.store.support import NOW, due, make_newer, operation, run, update

ITEM = Entity.ITEM


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed shop: two edits are in a backup, one of them was changed since, and a third came after it."""
    home = tmp_path / "account"
    store = Store.open(home)
    run(store.outbox.own("https://a.test\nann"))
    run(store.outbox.add(update("u1", "location", "A", "B-1", uuid="first", title="Kind of Blue")))
    run(store.outbox.add(update("u2", "notes", "", "fine", uuid="second", title="Blue Train")))
    run(store.back_up(NOW))
    run(store.outbox.add(update("u1", "location", "B-1", "C-3")))
    run(store.outbox.add(update("u3", "manual_sku", "", "S-1", uuid="third", title="Giant Steps")))
    run(store.close())
    return home


def _change(path: Path, statement: str) -> None:
    """Change a file as the disk does: no seal follows."""
    connection = apsw.Connection(str(path))
    connection.execute(statement)
    connection.close()


def _letter(path: Path, uuid: str, before: str, after: str) -> None:
    """Change letters inside the body of an edit, which stays JSON."""
    where = f"WHERE uuid='{uuid}'"
    body = f"CAST(replace(CAST(body AS TEXT), '{before}', '{after}') AS BLOB)"
    _change(path, f"UPDATE operations SET body={body} {where}")


class Opened:
    """Opens a shop's folder until the test ends, or it is opened again."""

    def __init__(self) -> None:
        self._store: Store | None = None

    def __call__(self, folder: Path) -> Store:
        self.close()
        self._store = Store.open(folder)
        return self._store

    def close(self) -> None:
        if self._store is not None:
            run(self._store.close())


@pytest.fixture
def opened() -> Iterator[Opened]:
    made = Opened()
    yield made
    made.close()


def _by_uuid(store: Store) -> dict[str, Operation]:
    return {one.uuid: one for one in store.outbox.all()}


def test_a_changed_letter_is_never_sent_and_the_backup_has_it(folder: Path, opened: Opened) -> None:
    _letter(folder / "outbox.db", "first", "C-3", "C-8")
    (finding,) = examine(folder).findings
    when = day_and_clock(NOW)
    assert finding.message == (
        "outbox.db is damaged at the waiting edit of “Kind of Blue”. When it is mended, it is taken from the "
        f"backup of {when} and waits for your word in Activity."
    )
    store = opened(folder)
    there = _by_uuid(store)
    held = there["first"]
    assert (held.state, held.edits) == (OpState.DAMAGED, (Edit("location", "A", "B-1"),))
    assert f"This is how the backup of {when} has it" in held.message
    assert "The damaged one reads “Shelf A → C-8”" in held.message
    assert [one.uuid for one in due(store.outbox, NOW)] == ["second", "third"]  # everything else goes on
    assert (store.outbox.counts().damaged, store.outbox.needs_confirmation) == (1, False)
    run(store.outbox.add(update("u1", "location", "B-1", "D-4", uuid="later")))
    assert "first" in _by_uuid(store)  # what is held takes nothing in
    assert [one.uuid for one in due(store.outbox, NOW)] == ["second", "third"]  # it builds on what is held
    assert examine(folder).findings == ()
    assert _by_uuid(opened(folder))["first"] == held
    (aside,) = folder.glob("outbox-damaged-*.db")  # nothing is deleted
    assert b"C-8" in aside.read_bytes()


@pytest.mark.parametrize("byte", ["x'ff'", "x'00'", "x'2c'"])
def test_a_body_that_cannot_be_read_is_held_too(folder: Path, opened: Opened, byte: str) -> None:
    broken = f"CAST(substr(body, 1, 30) || {byte} || substr(body, 32) AS BLOB)"
    _change(folder / "outbox.db", f"UPDATE operations SET body={broken} WHERE uuid='second'")
    assert "“Blue Train”" in examine(folder).findings[0].message
    held = _by_uuid(opened(folder))["second"]
    assert (held.state, held.edits) == (OpState.DAMAGED, (Edit("notes", "", "fine"),))


def test_what_no_backup_has_is_said_and_cannot_be_sent(folder: Path, opened: Opened) -> None:
    _letter(folder / "outbox.db", "third", "S-1", "S-9")
    assert "“Giant Steps”. No backup has it." in examine(folder).findings[0].message
    store = opened(folder)
    lost = _by_uuid(store)["third"]
    assert is_unreadable(lost)
    assert (lost.entity, lost.uid, lost.title) == (ITEM, "u3", "Giant Steps")
    assert "no backup has it" in lost.message
    assert "“SKU none → S-9”, which may not be what you wrote" in lost.message
    assert [one.uuid for one in due(store.outbox, NOW)] == ["first", "second"]
    run(store.outbox.discard("third"))
    assert list(_by_uuid(opened(folder))) == ["first", "second"]


@pytest.mark.parametrize("column", ["uuid", "entity", "uid", "place", "seq"])
def test_each_column_of_an_edit_is_under_its_seal(folder: Path, opened: Opened, column: str) -> None:
    other = "77" if column in ("place", "seq") else "'strange'"
    _change(folder / "outbox.db", f"UPDATE operations SET {column}={other} WHERE uuid='second'")
    store = opened(folder)
    (held,) = store.outbox.in_state(OpState.DAMAGED)
    assert (held.uuid, held.uid, held.entity) == ("second", "u2", ITEM)
    assert len(store.outbox.all()) == 3


def test_the_newest_backup_that_has_it_whole_is_taken(folder: Path, opened: Opened) -> None:
    store = opened(folder)
    newer = run(store.back_up(NOW + timedelta(hours=1)))
    opened.close()
    _letter(newer, "first", "C-3", "C-5")
    _letter(folder / "outbox.db", "first", "C-3", "C-8")
    _letter(folder / "outbox.db", "third", "S-1", "S-9")
    there = _by_uuid(opened(folder))
    assert there["first"].edits == (Edit("location", "A", "B-1"),)
    assert there["third"].edits == (Edit("manual_sku", "", "S-1"),)  # of the newer one


def test_a_create_that_nothing_is_left_of_holds_up_what_builds_on_it(folder: Path, opened: Opened) -> None:
    store = opened(folder)
    made = operation("tmp-new", OpKind.CREATE, uuid="new", payload={"fields": {"manual_sku": "S-2"}})
    run(store.outbox.add(made))
    run(store.outbox.add(operation("tmp-new", OpKind.ADD_PHOTO, uuid="photo", payload={"blob": "0" * 64})))
    opened.close()
    _letter(folder / "outbox.db", "new", "S-2", "S-3")
    store = opened(folder)
    assert is_unreadable(_by_uuid(store)["new"])
    assert "photo" not in [one.uuid for one in due(store.outbox, NOW)]
    run(store.cache.reproject_pending())
    assert store.cache.by_uid(ITEM, "tmp-new") is not None
    run(store.outbox.discard("new"))
    assert "photo" not in _by_uuid(store)


def test_an_edit_is_looked_for_under_the_name_its_record_has_by_now(folder: Path, opened: Opened) -> None:
    store = opened(folder)
    run(
        store.outbox.add(
            operation("tmp-c", OpKind.CREATE, uuid="c", payload={"fields": {"manual_sku": "S-3"}})
        )
    )
    run(store.outbox.set_state("c", OpState.SENDING))
    run(store.outbox.add(update("tmp-c", "location", None, "E-5", uuid="on it")))
    run(store.back_up(NOW + timedelta(hours=1)))
    run(store.outbox.done("c", replaced={"tmp-c": "real"}))
    opened.close()
    _letter(folder / "outbox.db", "on it", "E-5", "E-6")
    held = _by_uuid(opened(folder))["on it"]
    assert (held.state, held.uid, held.edits) == (OpState.DAMAGED, "real", (Edit("location", None, "E-5"),))


def test_what_is_read_while_the_shop_is_open_is_held_to_its_seal(folder: Path, opened: Opened) -> None:
    store = opened(folder)
    met: list[str] = []
    store.on_damage = met.append
    run(store.outbox.settle(Settlement(notes=(Note(ITEM, "u1", Edit("name", None, "x"), "dropped"),))))
    before = store.outbox.all()
    _letter(folder / "outbox.db", "first", "C-3", "C-8")
    _change(folder / "outbox.db", "UPDATE history SET field='nome'")
    with pytest.raises(Damaged):
        run(store.outbox.set_state("first", OpState.SENDING))  # it would go out with this
    with pytest.raises(Damaged):
        store.outbox.history(ITEM, "u1")
    run(store.look_over())
    with pytest.raises(Damaged):
        run(store.back_up(NOW + timedelta(hours=1)))
    assert met == ["outbox"] * 4
    run(Care(store).mend_edits())
    assert store.outbox.all() == before  # all of it is in memory
    assert store.outbox.needs_confirmation


def test_the_photo_of_an_edit_that_cannot_be_read_is_kept_until_that_is_dropped(
    folder: Path, opened: Opened
) -> None:
    store = opened(folder)
    photo = run(store.blobs.put(b"photo"))
    run(store.outbox.add(operation("u4", OpKind.ADD_PHOTO, uuid="photo", payload={"blob": photo})))
    run(store.blobs.release(photo))
    opened.close()
    _letter(folder / "outbox.db", "photo", photo, photo[::-1])
    store = opened(folder)
    run(store.blobs.sweep(set()))
    assert store.blobs.path(photo).read_bytes() == b"photo"
    run(store.outbox.discard("photo"))
    run(store.blobs.sweep(set()))
    assert not store.blobs.path(photo).exists()


def test_a_spoilt_name_sends_no_edit_to_another_record(folder: Path, opened: Opened) -> None:
    store = opened(folder)
    run(store.outbox.add(operation("tmp-c", OpKind.CREATE, uuid="c")))
    run(store.outbox.done("c", replaced={"tmp-c": "real"}))
    run(store.outbox.add(update("tmp-c", "location", None, "E-5", uuid="before")))
    assert _by_uuid(store)["before"].uid == "real"
    _change(folder / "outbox.db", "UPDATE renamings SET real='other'")
    with pytest.raises(Damaged):
        run(store.outbox.add(update("tmp-c", "notes", None, "late", uuid="after")))
    assert "after" not in _by_uuid(store)


# ------------------------------------------------------------ what else a person made


def _taken(uuid: str) -> Taken:
    return Taken(uuid=uuid, drop="d", entity=ITEM, uid="u1", name=f"{uuid}.jpg", path="/a.jpg")


def test_a_photo_on_its_way_is_refused_until_the_person_agrees(folder: Path, opened: Opened) -> None:
    store = opened(folder)
    run(store.intake.note([_taken("old")]))
    run(store.back_up(NOW + timedelta(hours=1)))
    run(store.intake.note([_taken("new")]))
    opened.close()
    changed = "CAST(replace(CAST(body AS TEXT), 'a.jpg', 'b.jpg') AS BLOB)"
    _change(folder / "outbox.db", f"UPDATE intake SET body={changed}")
    assert len(examine(folder).findings) == 2
    store = opened(folder)
    (again,) = store.intake.all()
    assert (again.uuid, again.path, again.state) == ("old", "/a.jpg", TakenState.REFUSED)
    assert "This is how a backup has it" in again.reason
    (lost,) = store.outbox.in_state(OpState.DAMAGED)
    assert "photo that was being added" in lost.message


def test_a_spoilt_name_of_a_record_comes_from_a_backup(folder: Path, opened: Opened) -> None:
    store = opened(folder)
    for uuid in ("c", "d"):
        run(store.outbox.add(operation(f"tmp-{uuid}", OpKind.CREATE, uuid=uuid)))
        run(store.outbox.done(uuid, replaced={f"tmp-{uuid}": f"real-{uuid}"}))
        if uuid == "c":
            run(store.back_up(NOW + timedelta(hours=1)))
    opened.close()
    _change(folder / "outbox.db", "UPDATE renamings SET real='wrong'")
    store = opened(folder)
    assert store.outbox.renamings == {"tmp-c": "real-c"}
    (lost,) = store.outbox.in_state(OpState.DAMAGED)
    assert "a record that was made here" in lost.message


def test_nothing_is_sent_while_it_is_not_known_whether_it_may(folder: Path, opened: Opened) -> None:
    _change(folder / "outbox.db", "UPDATE meta SET value='https://b.test' WHERE key='owner'")
    assert "nothing is sent until you have looked" in examine(folder).findings[0].message
    store = opened(folder)
    assert store.outbox.owner == "https://a.test\nann"
    restored = Care(store).restored
    assert restored is not None
    assert (restored.notes, restored.edits) == (True, 3)
    run(store.outbox.confirm())
    assert not opened(folder).outbox.needs_confirmation
    opened.close()
    _change(folder / "outbox.db", f"INSERT INTO meta(key, value) VALUES ('{UNCONFIRMED[:-1]}', '1')")
    assert opened(folder).outbox.needs_confirmation


def test_a_history_is_mended_when_a_repair_looks_through_it(folder: Path, opened: Opened) -> None:
    store = opened(folder)
    run(store.outbox.discard("second"))
    run(store.outbox.settle(Settlement(notes=(Note(ITEM, "u1", Edit("name", None, "x"), "dropped"),))))
    run(store.back_up(NOW + timedelta(hours=1)))
    opened.close()
    _change(folder / "outbox.db", "UPDATE history SET reason='drowned'")
    assert [one.mend for one in examine(folder).findings] == ["hold"]
    store = Store.open(folder, thorough=True)
    assert [entry.reason for entry in store.outbox.history(ITEM, "u1")] == ["dropped"]
    assert store.outbox.counts().damaged == 0
    run(store.close())
    assert examine(folder).findings == ()


# ------------------------------------------------------------ what the file says of itself


@pytest.mark.parametrize("version", [0, 3, 5, 1000])
def test_a_spoilt_number_of_the_version_is_damage_not_another_version(
    folder: Path, opened: Opened, version: int
) -> None:
    _change(folder / "outbox.db", f"PRAGMA user_version={version}")
    (finding,) = examine(folder).findings
    assert "damaged" in finding.message
    store = opened(folder)
    assert store.outbox.needs_confirmation
    assert sorted(_by_uuid(store)) == ["first", "second", "third"]


def test_a_newer_file_is_still_told_from_a_damaged_one(folder: Path) -> None:
    make_newer(folder / "outbox.db")
    with pytest.raises(NewerFile):
        Store.open(folder)
    _change(folder / "outbox.db", "UPDATE meta SET seal=x'00' WHERE key='schema'")  # of another kind of seal
    with pytest.raises(NewerFile):
        Store.open(folder)


def test_a_letter_of_what_the_tables_are_is_damage(folder: Path, opened: Opened) -> None:
    """SQLite finds such a file whole, and then knows no column of that name."""
    connection = apsw.Connection(str(folder / "outbox.db"))
    connection.execute("PRAGMA writable_schema=ON")
    connection.execute("UPDATE sqlite_schema SET sql=replace(sql, 'place', 'plece') WHERE name='operations'")
    connection.close()
    store = opened(folder)
    assert store.outbox.needs_confirmation
    assert {"first", "second"} <= _by_uuid(store).keys()


def test_every_table_of_what_a_person_made_has_seals(folder: Path) -> None:
    connection = apsw.Connection(str(folder / "outbox.db"))
    names = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
    columns = {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in names}
    connection.close()
    ours = {name: found for name, found in columns.items() if not name.startswith("sqlite_")}
    assert ours.keys() - SEALED.keys() == {"deliveries"}  # of what was sent, for the list of the day
    for name, sealed in SEALED.items():
        assert set(ours[name]) - set(sealed) - {"seq", "id"} == {"seal"}


def test_every_row_is_written_with_its_seal(folder: Path, opened: Opened) -> None:
    store = opened(folder)
    run(store.intake.note([_taken("a")]))
    run(store.outbox.move((ITEM, "u3"), (ITEM, "u1")))
    run(store.outbox.add(operation("tmp-c", OpKind.CREATE, uuid="c")))
    run(store.outbox.settle(Settlement(notes=(Note(ITEM, "tmp-c", Edit("name", None, "x"), "dropped"),))))
    run(store.outbox.done("c", replaced={"tmp-c": "real"}))
    store.outbox.history(ITEM, "real")
    opened.close()
    connection = apsw.Connection(str(folder / "outbox.db"))
    assert spoilt(connection) == []
    counts = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in SEALED}
    connection.close()
    assert counts == {"operations": 3, "unreadable": 0, "intake": 1, "renamings": 1, "meta": 2, "history": 1}
