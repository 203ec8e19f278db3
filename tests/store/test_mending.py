"""Files that turn out to be damaged while they are open are replaced while they are open."""

import asyncio
from pathlib import Path

import apsw
import pytest

from instica_desktop.core import steps
from instica_desktop.core.errors import Damaged, DiskFull, StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, OpKind, OpState
from instica_desktop.store import exchange
from instica_desktop.store import store as store_module
from instica_desktop.store.care import Care
from instica_desktop.store.outbox import Outbox
from instica_desktop.store.rules import Rules
from instica_desktop.store.settlement import Note, Settlement
from instica_desktop.store.store import CACHE_DAMAGED, SPOILT, Store
from tests.store.support import NOW, fill, found, item, operation, query, run, spoil_table, update, waiting

ITEM = Entity.ITEM


def spoil(path: Path) -> None:
    """Destroy a database and its log while they are open; the connections notice when they read again."""
    for name in (path, path.with_name(f"{path.name}-wal")):
        size = name.stat().st_size
        with open(name, "r+b") as file:
            file.write(b"\xa5" * size)


def _use_the_copy(store: Store) -> None:
    """Write and read: what is in memory still may go well for a while."""
    for at in range(300):
        run(store.cache.upsert(ITEM, [item(f"v{at}", name="Blue")]))
        store.cache.known(ITEM)


def states(outbox: Outbox) -> list[tuple[str, OpState, int]]:
    return [(one.uid, one.state, one.place) for one in outbox.all()]


def test_a_spoilt_copy_is_replaced_while_it_is_open(store: Store) -> None:
    met: list[str] = []
    store.on_damage = met.append
    fill(store, 300)
    before = store.outbox.all()
    spoil(store.folder / "cache.db")
    with pytest.raises(StoreError):
        _use_the_copy(store)
    assert "cache" in met
    assert (store.folder / CACHE_DAMAGED).exists()

    run(Care(store).mend_copy())
    assert not Rules(store.cache).outdated

    assert store.outbox.all() == before
    assert not store.outbox.needs_confirmation
    assert store.cache.known(ITEM) == 0
    run(store.cache.upsert(ITEM, [item("u1", name="Blue 1"), item("u7", name="Blue 7")]))
    assert found(store, query(search="red")) == ["u1"]
    assert sorted(found(store, query())) == ["u1", "u7"]  # by all connections
    assert not (store.folder / CACHE_DAMAGED).exists()
    assert not (store.folder / SPOILT).exists()
    run(store.close())
    again = Store.open(store.folder)
    assert again.cache.known(ITEM) == 2
    run(again.close())


def test_a_damaged_copy_on_a_disk_that_takes_no_sign_of_it_keeps_nobody_waiting(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, 300)
    spoil(store.folder / "cache.db")

    def refused(path: Path) -> None:
        raise StoreError("The disk is read-only.")

    monkeypatch.setattr(store_module, "mark", refused)
    for _ in range(2):
        with pytest.raises(StoreError, match="damaged"):
            run(asyncio.wait_for(_read_all(store), 20))


@pytest.mark.allow_log("What a damaged file asks for")
def test_a_thread_outlives_whoever_hears_of_the_damage_and_fails(store: Store) -> None:
    def fails(_which: str) -> None:
        raise RuntimeError("nobody is prepared for this")

    fill(store, 300)
    store.on_damage = fails
    spoil(store.folder / "cache.db")
    for _ in range(2):
        with pytest.raises(StoreError, match="damaged"):
            run(asyncio.wait_for(_read_all(store), 20))


async def _read_all(store: Store) -> None:
    """Read and write beside the loop until something is damaged."""
    for at in range(300):
        await store.cache.count(query(search=f"Blue {at}"))
        await store.cache.upsert(ITEM, [item(f"w{at}", name="Blue")])


def test_a_spoilt_outbox_is_written_anew_from_memory(store: Store) -> None:
    met: list[str] = []
    store.on_damage = met.append
    outbox = store.outbox
    run(outbox.own("https://a.test\nann"))
    early = run(outbox.add(update("u0", "name", "A", "B")))
    run(outbox.done(early.uuid))  # in the history, and in the copy
    create = run(outbox.add(operation("tmp-c", OpKind.CREATE)))
    run(outbox.done(create.uuid, replaced={"tmp-c": "real"}))
    run(store.back_up(NOW))
    sent, stuck, last = run(outbox.add_many([update(f"u{at}", "name", "A", "B") for at in (1, 2, 3)]))
    run(outbox.set_state(sent.uuid, OpState.SENDING, attempts=1))
    run(outbox.set_state(stuck.uuid, OpState.CONFLICT, theirs={"name": "C"}))
    run(outbox.move((ITEM, last.uid), (ITEM, stuck.uid)))
    before = outbox.all()
    spoil(store.folder / "outbox.db")
    with pytest.raises(Damaged):
        run(store.back_up())  # the writer itself still has all of it in memory
    assert met == ["outbox"]
    kept = [(one.uid, one.place) for one in outbox.all()]
    assert [(one.uid, one.place) for one in before] == kept

    note = run(Care(store).mend_edits())

    assert (note.running, note.edits) == (True, 3)
    assert outbox.needs_confirmation
    assert {uid: state for uid, state, _ in states(outbox)} == {
        "u1": OpState.UNKNOWN,  # it may have arrived
        "u2": OpState.CONFLICT,
        "u3": OpState.QUEUED,
    }
    assert [(one.uid, one.place) for one in outbox.all()] == kept
    assert [entry.reason for entry in outbox.history(ITEM, "u0")] == ["delivered"]
    assert list(store.folder.glob("outbox-damaged-*.db"))
    run(outbox.add(update("u9", "name", "A", "B")))
    after = outbox.all()
    run(store.close())
    again = Store.open(store.folder)
    try:
        assert again.outbox.all() == after
        assert again.outbox.needs_confirmation
        assert again.outbox.owner == "https://a.test\nann"
        assert again.outbox.real("tmp-c") == "real"
        restored = Care(again).restored
        assert restored is not None
        assert restored.running
        run(again.outbox.confirm())
    finally:
        run(again.close())


def test_damage_of_pages_that_are_in_memory_is_seen_when_the_file_is_looked_over(store: Store) -> None:
    met: list[str] = []
    store.on_damage = met.append
    run(store.outbox.add_many([update(f"u{at}", "name", "A", "long " * 300) for at in range(20)]))
    run(store.close())
    opened = Store.open(store.folder, store.publish)
    opened.on_damage = met.append
    try:
        before = opened.outbox.all()
        run(opened.look_over())
        assert met == []
        spoil_table(store.folder / "outbox.db", "operations")
        run(opened.outbox.set_state(before[0].uuid, OpState.SENDING))  # the writer has it in memory
        assert met == []
        run(opened.look_over())
        assert met == ["outbox"]
        run(opened.renew_outbox(NOW))
        assert [one.uuid for one in opened.outbox.all()] == [one.uuid for one in before]
        run(opened.look_over())
        (store.folder / "outbox.db").rename(store.folder / "away.db")
        run(opened.look_over())  # it cannot be read just now: that is no damage
        (store.folder / "away.db").rename(store.folder / "outbox.db")
        assert met == ["outbox"]
    finally:
        run(opened.close())


def test_a_spoilt_letter_inside_an_edit_is_damage_too(store: Store) -> None:
    met: list[str] = []
    store.on_damage = met.append
    one = run(store.outbox.add(update("u1", "name", "A", "B")))
    run(store.outbox.settle(Settlement(notes=(Note(ITEM, "u1", Edit("name", None, "x"), "dropped"),))))
    other = apsw.Connection(str(store.folder / "outbox.db"))
    other.execute("UPDATE operations SET body=x'7b22ff'")
    other.execute("UPDATE history SET value=x'7b22ff'")
    other.close()
    with pytest.raises(Damaged):
        run(store.outbox.set_state(one.uuid, OpState.SENDING))
    with pytest.raises(Damaged):
        store.outbox.history(ITEM, "u1")
    assert met == ["outbox", "outbox"]
    run(store.renew_outbox(NOW))
    assert store.outbox.all() == [one]


class Cut(Exception):
    """Ends an act in the middle, as the end of the process does."""


@pytest.mark.parametrize("step", ["outbox written anew", "damaged outbox aside", "new outbox in place"])
def test_cut_off_anywhere_the_next_start_ends_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    fill(store)
    before = waiting(store)
    spoil(store.folder / "outbox.db")

    def cut(reached: str) -> None:
        if reached == step:
            raise Cut

    monkeypatch.setattr(steps, "listener", cut)
    with pytest.raises(Cut):
        run(store.renew_outbox(NOW))
    monkeypatch.setattr(steps, "listener", None)
    run(store.close())
    again = Store.open(store.folder)
    try:
        assert waiting(again) == before
        assert again.outbox.needs_confirmation
        run(again.outbox.add(update("u8", "name", "A", "B")))
    finally:
        run(again.close())


def test_where_no_file_can_be_written_the_edits_stay_in_memory_until_one_can(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    before = store.outbox.all()
    spoil(store.folder / "outbox.db")

    def full(*_: object) -> None:
        raise DiskFull("There is no room left on the disk.")

    monkeypatch.setattr(store_module, "fresh_outbox", full)
    with pytest.raises(DiskFull):
        run(store.renew_outbox(NOW))
    assert store.outbox.all() == before
    assert store.outbox.needs_confirmation
    with pytest.raises(StoreError):
        run(store.outbox.add(update("u9", "name", "A", "B")))
    assert store.outbox.all() == before
    monkeypatch.undo()
    run(store.renew_outbox(NOW))
    assert store.outbox.all() == before
    run(store.outbox.settle(Settlement(notes=(Note(ITEM, "u1", Edit("name", None, "x"), "dropped"),))))
    assert len(store.outbox.history(ITEM, "u1")) == 1


def test_what_was_read_from_a_damaged_file_outlives_a_try_that_failed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(store.back_up(NOW))
    run(store.outbox.add(update("u1", "name", "A", "B", uuid="late")))
    run(store.outbox.done("late"))
    run(store.outbox.add(update("u2", "name", "A", "B")))

    def failing(step: str) -> None:
        if step == "damaged outbox aside":
            raise StoreError("The new one cannot be put there.")

    monkeypatch.setattr(steps, "listener", failing)
    with pytest.raises(StoreError):
        run(store.renew_outbox(NOW))
    monkeypatch.setattr(steps, "listener", None)
    run(store.renew_outbox(NOW))
    assert waiting(store) == ["u2"]
    assert [entry.reason for entry in store.outbox.history(ITEM, "u1")] == ["delivered"]
    assert [one.uuid for one in store.outbox.deliveries()] == ["late"]


def test_where_nothing_at_all_can_be_opened_the_store_still_closes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    before = waiting(store)
    spoil(store.folder / "outbox.db")

    def refused(*_: object, **__: object) -> None:
        raise apsw.CantOpenError("too many files are open")

    monkeypatch.setattr(exchange, "connect", refused)
    with pytest.raises(StoreError):
        run(store.renew_outbox(NOW))
    with pytest.raises(StoreError):
        store.outbox.history(ITEM, "u1")
    monkeypatch.undo()
    run(store.close())  # whoever waited for a file does so no longer
    again = Store.open(store.folder)
    assert waiting(again) == before
    run(again.close())
