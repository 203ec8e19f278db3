"""The cache as screens and synchronising see it: what is written is found, in order, and announced."""

import asyncio
import sys
import threading
from datetime import timedelta
from decimal import Decimal

import pytest

from instica_desktop.core import wire
from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.errors import StoreError
from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.operations import Edit, OpKind, OpState
from instica_desktop.core.query import ORDERINGS
from instica_desktop.store.store import Store
from tests.store.support import NOW, found, item, operation, query, record, run, update

ITEM, PRODUCT, ORDER = Entity.ITEM, Entity.PRODUCT, Entity.ORDER


def test_a_record_comes_back_with_its_unknown_fields_and_its_age(store: Store) -> None:
    sent = item("a", price_total_usd="12.50", novelty={"deep": [1]})
    run(store.cache.upsert(ITEM, [sent], fetched_at=NOW))
    row = store.cache.by_uid(ITEM, "a")
    assert row is not None
    assert row.raw == sent.raw
    assert row.data.price_total_usd == Decimal("12.50")  # pyright: ignore[reportAttributeAccessIssue]
    assert row.fetched_at == NOW
    assert store.cache.as_of(ITEM) == store.cache.oldest(ITEM) == NOW
    assert store.cache.known(ITEM) == 1
    assert store.cache.row_ids(ITEM, ["b", "a"]) == [None, row.id]
    assert store.cache.rows(ITEM, [row.id, 7, row.id]) == [row, None, row]


def test_only_what_changed_is_announced(store: Store, announced: list[Changes]) -> None:
    run(store.cache.upsert(ITEM, [item("a"), item("b")], fetched_at=NOW))
    assert announced[-1].uids == {"a", "b"}
    assert announced[-1].order
    later = NOW + timedelta(minutes=1)
    run(store.cache.upsert(ITEM, [item("a"), item("b", condition_notes="Split seam")], fetched_at=later))
    assert announced[-1].uids == {"b"}
    assert not announced[-1].order  # nothing that sorts or finds it has changed
    assert store.cache.oldest(ITEM) == later
    assert len(announced) == 2
    run(store.cache.upsert(ITEM, [item("a")], fetched_at=later))
    assert len(announced) == 2


def test_the_last_of_two_records_with_one_uid_counts(store: Store) -> None:
    run(store.cache.upsert(ITEM, [item("a", name="Old"), item("a", name="New")]))
    assert found(store, query(search="new")) == ["a"]
    assert found(store, query(search="old")) == []
    assert store.cache.known(ITEM) == 1


def test_a_changed_record_leaves_no_trace_of_what_it_was(store: Store) -> None:
    old = {
        "name": "Blue Train",
        "status": "listed",
        "tags": ["Jazz"],
        "location": "A1",
        "price_total_usd": "5.00",
    }
    new = {
        "name": "Giant Steps",
        "status": "sold",
        "tags": ["Bop"],
        "location": "B2",
        "price_total_usd": None,
    }
    run(store.cache.upsert(ITEM, [item("a", **old), item("b", price_total_usd="4.00")]))
    run(store.cache.upsert(ITEM, [item("a", **new)]))
    for gone in (query(search="train"), query(status="listed"), query(tags="jazz"), query(location="a1")):
        assert found(store, gone) == []
    for there in (query(search="giant"), query(status="sold"), query(tags="bop"), query(location="b2")):
        assert found(store, there) == ["a"]
    assert found(store, query(ordering="-price_total_usd")) == ["b", "a"]


def test_a_changed_age_moves_a_row_and_announces_both_ids(store: Store, announced: list[Changes]) -> None:
    run(
        store.cache.upsert(
            ITEM, [item("a", name="Solo"), item("b", created="2025-02-01T00:00:00Z", name="Solo")]
        )
    )
    before = store.cache.row_id(ITEM, "a")
    run(store.cache.upsert(ITEM, [item("a", created="2025-03-01T00:00:00Z", name="Solo")]))
    after = store.cache.row_id(ITEM, "a")
    assert announced[-1].ids == {before, after}
    assert store.cache.known(ITEM) == 2
    assert found(store, query()) == found(store, query(search="solo")) == ["a", "b"]


def test_a_record_of_another_age_within_its_second_is_found_once(store: Store) -> None:
    old = item("a", created="2025-01-02T00:00:00.100Z", status="listed", tags=["Jazz"])
    others = [item("b", created="2025-01-02T00:00:00.150Z", status="listed"), item("c", status="listed")]
    run(store.cache.upsert(ITEM, [old, *others]))
    before = store.cache.row_id(ITEM, "a")
    run(store.cache.upsert(ITEM, [item("a", created="2025-01-02T00:00:00.200Z", status="listed", tags=[])]))
    assert store.cache.row_id(ITEM, "a") == before
    assert found(store, query(status="listed")) == ["a", "b", "c"]
    assert found(store, query(tags="jazz")) == []
    run(store.cache.upsert(ITEM, [item("a", created="2025-01-02T00:00:00.300Z", status="sold")]))
    assert found(store, query(status="listed")) == ["b", "c"]
    assert found(store, query(status="sold")) == ["a"]


def test_a_removed_record_is_found_nowhere(store: Store, announced: list[Changes]) -> None:
    run(store.cache.upsert(ITEM, [item("a", name="Blue", tags=["Jazz"]), item("b", name="Blue")]))
    run(store.cache.remove(ITEM, ["a", "never-seen"]))
    assert announced[-1].uids == {"a"}
    assert found(store, query()) == found(store, query(search="blue")) == ["b"]
    assert found(store, query(tags="jazz")) == []
    assert store.cache.known(ITEM) == 1
    assert store.cache.tags(ITEM) == []


def test_facets_count_records_and_keep_the_spelling(store: Store) -> None:
    pressings = [item("a", tags=["First Press", "Jazz"]), item("b", tags=["Jazz"], location="A 1"), item("c")]
    run(store.cache.upsert(ITEM, pressings))
    assert store.cache.tags(ITEM) == [("Jazz", 2), ("First Press", 1)]
    assert store.cache.tags(ITEM, "PRESS") == [("First Press", 1)]
    assert store.cache.locations("a") == [("A 1", 1)]


def test_products_are_found_by_the_skus_of_their_items(store: Store) -> None:
    run(store.cache.upsert(PRODUCT, [record(PRODUCT, "p", title="Kind of Blue")]))
    run(store.cache.upsert(ITEM, [item("a", manual_sku="KOB-17", product={"uid": "p"})]))
    assert found(store, query(PRODUCT, "kob17")) == ["p"]
    run(store.cache.upsert(PRODUCT, [record(PRODUCT, "p", title="Kind of Blue (mono)")]))
    assert found(store, query(PRODUCT, "kob mono")) == ["p"]
    run(store.cache.remove(ITEM, ["a"]))
    assert found(store, query(PRODUCT, "kob")) == []
    assert found(store, query(PRODUCT, "kind")) == ["p"]


def test_unsent_edits_show_sort_and_are_searched(store: Store, announced: list[Changes]) -> None:
    run(store.cache.upsert(ITEM, [item("a", price_total_usd="9.00"), item("b", price_total_usd="5.00")]))
    edit = operation("b", edits=(Edit("price_item_usd", "5.00", "20.00"), Edit("name", "", "Sunship")))
    run(store.outbox.add(edit))
    run(store.cache.reproject(ITEM, ["b"]))
    assert announced[-1].origin is Origin.LOCAL
    assert found(store, query(ordering="price_high_low")) == ["b", "a"]
    assert found(store, query(search="sunsh")) == ["b"]
    row = store.cache.by_uid(ITEM, "b")
    assert row is not None
    assert row.mark.pending == 1
    assert row.mark.fields == {"price_item_usd", "name"}
    assert b"Sunship" not in row.raw
    run(store.outbox.discard(edit.uuid))
    run(store.cache.reproject(ITEM, ["b"]))
    assert found(store, query(ordering="price_high_low")) == ["a", "b"]
    assert found(store, query(search="sunsh")) == []


def test_a_page_from_the_server_keeps_the_unsent_edit_on_top(store: Store) -> None:
    run(store.cache.upsert(ITEM, [item("a", name="Old", location="A1")]))
    run(store.outbox.add(update("a", "name", "Old", "Mine")))
    run(store.cache.upsert(ITEM, [item("a", name="Theirs", location="B2")]))
    assert found(store, query(search="mine", location="b2")) == ["a"]
    assert found(store, query(search="theirs")) == []


def test_something_made_here_is_a_row_until_the_server_has_it(store: Store, announced: list[Changes]) -> None:
    fields = {"title": "New one", "name": "Fresh pressing", "status": "draft"}
    create = operation("tmp-1", OpKind.CREATE, payload={"fields": fields})
    run(store.outbox.add(create))
    run(store.cache.reproject(ITEM, ["tmp-1"]))
    row = store.cache.by_uid(ITEM, "tmp-1")
    assert row is not None
    assert (row.raw, row.data.title, row.fetched_at) == (b"{}", "New one", NOW)  # pyright: ignore
    assert found(store, query(search="fresh", status="draft")) == ["tmp-1"]
    assert store.cache.as_of(ITEM) is None
    run(store.outbox.done(create.uuid, replaced={"tmp-1": "real"}))
    assert store.cache.by_uid(ITEM, "tmp-1") is None  # at once, before the row is gone
    run(store.cache.reproject(ITEM, ["tmp-1"]))
    run(store.cache.upsert(ITEM, [item("real", name="Fresh pressing")]))
    assert found(store, query(search="fresh")) == ["real"]
    assert store.cache.known(ITEM) == 1


def test_a_record_to_be_deleted_stays_with_its_mark(store: Store) -> None:
    run(store.cache.upsert(ITEM, [item("a")]))
    run(store.outbox.add(operation("a", OpKind.DELETE, state=OpState.SENDING)))
    row = store.cache.by_uid(ITEM, "a")
    assert row is not None
    assert row.mark.deleted
    assert row.mark.sending


def test_opening_again_finds_edits_and_made_rows(store: Store) -> None:
    run(store.cache.upsert(ITEM, [item("a", name="Old")]))
    run(store.outbox.add_many([update("a", "name", "Old", "Mine"), operation("tmp-1", OpKind.CREATE)]))
    run(store.close())
    again = Store.open(store.folder)
    try:
        assert (
            found(again, query(search="mine")) == []
        )  # the crash came before the row was brought up to date
        run(again.cache.reproject_pending())
        assert found(again, query(search="mine")) == ["a"]
        assert found(again, query()) == ["tmp-1", "a"]
        for one in again.outbox.all():
            run(again.outbox.done(one.uuid))
        run(again.cache.reproject_pending())
        assert found(again, query(search="mine")) == []
        assert found(again, query()) == ["a"]
    finally:
        run(again.close())


def test_a_cancelled_caller_still_hears_what_was_committed(store: Store, announced: list[Changes]) -> None:
    async def cancel_at_once() -> None:
        writing = asyncio.ensure_future(store.cache.upsert(ITEM, [item("a")]))
        await asyncio.sleep(0)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        await store.cache.set_meta("after", "it")  # the same thread: the write before it is done

    run(cancel_at_once())
    assert announced[-1].uids == {"a"}
    assert store.cache.get_meta("after") == "it"


def test_a_cancelled_search_makes_room_for_the_next(store: Store) -> None:
    run(store.cache.upsert(ITEM, [item(f"u{n}", name="Blue") for n in range(2000)]))

    async def newer_wins() -> int:
        older = [
            asyncio.ensure_future(store.cache.ids(query(search="blue", ordering="name"))) for _ in range(20)
        ]
        await asyncio.sleep(0)
        for task in older:
            task.cancel()
        found_now = await store.cache.ids(query(search="blue"))
        await asyncio.gather(*older, return_exceptions=True)
        return len(found_now)

    assert run(newer_wins()) == 2000


def test_rows_are_read_while_others_are_written(store: Store) -> None:
    async def both() -> None:
        writing = asyncio.ensure_future(store.cache.upsert(ITEM, [item(f"u{n}") for n in range(500)]))
        while not writing.done():
            assert len(store.cache.first_ids(query(), 10)) in (0, 10)  # none of the page or all of it
            await asyncio.sleep(0)

    run(both())


def test_meta_is_kept_over_a_restart(store: Store) -> None:
    assert store.cache.get_meta("mirror") is None
    run(store.cache.set_meta("mirror", "page 7"))
    run(store.close())
    again = Store.open(store.folder)
    try:
        assert again.cache.get_meta("mirror") == "page 7"
    finally:
        run(again.close())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_only_this_user_can_read(store: Store) -> None:
    run(store.cache.upsert(ITEM, [item("a")]))
    run(store.cache.put_image("https://x/y.jpg", b"picture"))
    run(store.blobs.put(b"photo"))
    run(store.back_up(NOW))
    assert store.folder.stat().st_mode & 0o777 == 0o700
    loose = [path for path in store.folder.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]
    assert loose == []
    assert len([path for path in store.folder.rglob("*") if path.is_file()]) > 6


def test_an_unknown_ordering_or_filter_is_our_mistake(store: Store) -> None:
    with pytest.raises(ValueError, match="ordering"):
        store.cache.first_ids(query(ordering="colour"))
    with pytest.raises(ValueError, match="filter"):
        store.cache.first_ids(query(colour="red"))


def test_every_documented_ordering_works_on_every_entity(store: Store) -> None:
    run(store.cache.upsert(PRODUCT, [record(PRODUCT, "p", title="T")]))
    run(store.cache.upsert(ITEM, [item("i")]))
    run(store.cache.upsert(ORDER, [record(ORDER, "o", status="shipped")]))
    for entity, uid in ((PRODUCT, "p"), (ITEM, "i"), (ORDER, "o")):
        for ordering in sorted(ORDERINGS[entity]):
            assert found(store, query(entity, ordering=ordering)) == [uid]


def test_after_closing_everything_refuses(store: Store) -> None:
    run(store.cache.count(query()))  # a thread begins with its first job
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("store-")]
    assert threads
    run(store.close())
    run(store.close())
    with pytest.raises(StoreError):
        store.cache.first_ids(query())
    assert not any(thread.is_alive() for thread in threads)


def test_a_record_that_strays_from_the_contract_is_kept_and_can_be_edited(store: Store) -> None:
    """What the client took from a foreign server (null lists, numbers for text) the cache takes too."""
    raw = b'{"uid": "a", "name": "Blue Train", "tags": null, "price_item_usd": 12.5, "location": 7}'
    run(store.cache.upsert(ITEM, [Record(wire.read(InventoryItem, raw), raw), item("b")], fetched_at=NOW))

    row = store.cache.by_uid(ITEM, "a")
    assert row is not None
    assert row.raw == raw
    run(store.outbox.add(update("a", "condition_notes", None, "Plays clean.")))
    run(store.cache.reproject(ITEM, ["a"]))
    edited = store.cache.by_uid(ITEM, "a")
    assert edited is not None
    assert isinstance(edited.data, InventoryItem)
    assert (edited.data.condition_notes, edited.data.tags) == ("Plays clean.", ())
    assert set(found(store, query(search="blue"))) == {"a"}
