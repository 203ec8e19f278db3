"""Emptying the copy, what takes the room, and trouble at opening or with a full disk."""

import asyncio
import contextlib
import os
import shutil
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from instica_desktop.core.errors import DiskFull, StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind
from instica_desktop.store import backups
from instica_desktop.store import store as store_module
from instica_desktop.store.care import Care
from instica_desktop.store.checking import examine
from instica_desktop.store.files import Lock
from instica_desktop.store.schema import OUTBOX
from instica_desktop.store.store import CACHE_DAMAGED, Store
from tests.store.support import (
    NOW,
    fill,
    found,
    item,
    operation,
    query,
    record,
    run,
    spoil_table,
    update,
    waiting,
)

ITEM = Entity.ITEM
ROOT = Path(__file__).resolve().parents[2]
_FIXTURES = Path(__file__).parent / "fixtures"


def test_a_reset_empties_the_copy_and_leaves_the_edits(store: Store, care: Care) -> None:
    fill(store, 3000)
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


def test_a_copy_that_is_filled_again_in_another_order_agrees_with_itself(store: Store, care: Care) -> None:
    records = [
        (Entity.PRODUCT, record(Entity.PRODUCT, "p1", title="Aja")),
        (ITEM, item("u1", price_total_usd="9.00")),
    ]
    for filled in (records, records[::-1]):
        for entity, one in filled:
            run(store.cache.upsert(entity, [one]))
        assert run(care.check()).findings == ()
        assert run(care.reset()) is True


def test_a_copy_too_damaged_to_be_emptied_makes_way_for_a_new_one(store: Store) -> None:
    fill(store, 400)
    run(store.close())
    spoil_table(store.folder / "cache.db", "inventory")
    again = Store.open(store.folder)
    try:
        assert run(Care(again).reset()) is True
        assert again.cache.known(ITEM) == 0
        run(again.cache.upsert(ITEM, [item("u1", name="Blue 1")]))
        assert found(again, query(search="red")) == ["u1"]
        assert not (store.folder / CACHE_DAMAGED).exists()
    finally:
        run(again.close())


@pytest.mark.parametrize("asked_again", [False, True])
def test_a_copy_that_can_neither_be_emptied_nor_made_is_begun_anew_at_the_next_start(
    store: Store, monkeypatch: pytest.MonkeyPatch, asked_again: bool
) -> None:
    fill(store, 400)
    run(store.close())
    spoil_table(store.folder / "cache.db", "inventory")
    again = Store.open(store.folder)

    def refused(*_: object) -> None:
        raise StoreError("The folder cannot be written.")

    try:
        with monkeypatch.context() as full:
            full.setattr(store_module, "fresh_cache", refused)
            assert run(Care(again).reset()) is False
            with pytest.raises(StoreError):
                again.cache.known(ITEM)
            assert len(again.outbox.all()) == 3
        assert (again.folder / CACHE_DAMAGED).exists()  # begun anew at the next start, or by the next wish
        if asked_again:
            assert run(Care(again).reset()) is True
            assert again.cache.known(ITEM) == 0
    finally:
        run(again.close())
    third = Store.open(store.folder)
    try:
        assert third.cache.known(ITEM) == 0
        assert len(third.outbox.all()) == 3
    finally:
        run(third.close())


def test_sizes_say_what_takes_the_room(store: Store, care: Care) -> None:
    fill(store, 500)
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


@pytest.mark.parametrize("keep_all", [True, False])
def test_pictures_that_are_all_to_be_kept_are_fetched_again_when_they_were_dropped(
    store: Store, care: Care, keep_all: bool
) -> None:
    run(care.keep_pictures_within(10_000, keep_all=keep_all))
    assert run(care.clear_pictures()) == 0
    assert not run(store.cache.images_lost())  # there were none
    run(store.cache.put_image("https://x/y.jpg", b"p" * 5000))
    assert run(care.clear_pictures()) == 5004
    assert run(store.cache.images_lost()) == keep_all


def _fill_up(path: Path) -> None:
    """Write until there is no room left."""
    with open(path, "wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"x" * 4096)


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
    assert store.folder.joinpath(f"outbox.db.before-{OUTBOX.version}").exists()
    assert not list(store.folder.glob("cache.db.before-*"))
    assert examine(folder).findings == ()


def test_a_cache_no_version_of_ours_made_is_begun_anew(store: Store) -> None:
    fill(store)
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
        assert run(Care(store).reset()) is True  # no room to write that it is empty: the old one made some
        assert store.cache.known(ITEM) == 0
        assert waiting(store) == ["u1"]
    finally:
        run(store.close())


def test_a_backup_that_fails_half_way_leaves_no_half_file(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)

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


def test_a_photo_put_twice_is_safe_until_both_have_let_go(store: Store) -> None:
    photo = run(store.blobs.put(b"a photo"))
    assert run(store.blobs.put(b"a photo")) == photo
    run(store.blobs.release(photo))
    run(store.blobs.sweep(set()))
    assert store.blobs.path(photo).exists()
    run(store.blobs.release(photo))
    run(store.blobs.sweep(set()))
    assert not store.blobs.path(photo).exists()
