"""The outbox: what is merged and what never is, order per object, temporary uids, states, history."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import AGAIN, Edit, Operation, OpKind, OpState
from instica_desktop.store.outbox import Outbox, OutboxCounts
from instica_desktop.store.settlement import Note, Settlement
from instica_desktop.store.store import Store
from tests.store.support import NOW, due, operation, run, update

ITEM = Entity.ITEM
NEVER_TOUCHED = [state for state in OpState if state not in (OpState.QUEUED, OpState.REFUSED)]


@pytest.fixture
def outbox(store: Store) -> Outbox:
    return store.outbox


def edits(outbox: Outbox, uid: str = "a") -> list[tuple[Edit, ...]]:
    return [one.edits for one in outbox.for_object(ITEM, uid)]


def reopened(store: Store) -> list[Operation]:
    """Return what another start would find, and open the store again for nobody."""
    run(store.close())
    again = Store.open(store.folder)
    try:
        return again.outbox.all()
    finally:
        run(again.close())


def test_edits_of_a_queued_update_merge_field_by_field(outbox: Outbox) -> None:
    first = run(outbox.add(update("a", "location", "A1", "B2")))
    second = run(outbox.add(update("a", "location", "B2", "C3")))
    assert second.uuid == first.uuid
    assert edits(outbox) == [(Edit("location", "A1", "C3"),)]
    run(outbox.add(update("a", "name", "Old", "New")))
    assert edits(outbox) == [(Edit("location", "A1", "C3"), Edit("name", "Old", "New"))]
    assert outbox.counts() == OutboxCounts(waiting=1)


def test_an_edit_back_to_what_it_was_drops_out(store: Store, outbox: Outbox) -> None:
    run(outbox.add_many([update("a", "location", "A1", "B2"), update("a", "name", "Old", "New")]))
    run(outbox.add(update("a", "location", "B2", "A1")))
    assert edits(outbox) == [(Edit("name", "Old", "New"),)]
    nothing = run(outbox.add(update("a", "name", "New", "Old")))
    assert nothing.edits == ()
    assert outbox.all() == []
    assert outbox.counts() == OutboxCounts()
    assert reopened(store) == []


def test_what_stands_on_an_edit_in_conflict_is_one_question_with_it(outbox: Outbox) -> None:
    first = run(outbox.add(update("a", "location", "A1", "B2")))
    run(outbox.set_state(first.uuid, OpState.SENDING))
    run(outbox.add_many([update("a", "location", "B2", "C3"), update("a", "name", "Old", "New")]))
    run(outbox.set_state(first.uuid, OpState.CONFLICT, theirs={"location": "X9"}))
    assert edits(outbox) == [(Edit("location", "A1", "C3"),), (Edit("name", "Old", "New"),)]
    back = run(outbox.add(update("a", "location", "C3", "A1")))  # behind a decision nobody heard of yet
    assert back.edits == (Edit("name", "Old", "New"),)
    assert edits(outbox) == [(Edit("name", "Old", "New"),)]


@pytest.mark.parametrize("state", sorted(set(NEVER_TOUCHED) - {OpState.CONFLICT}))
def test_nothing_is_merged_into_what_may_have_been_sent(outbox: Outbox, state: OpState) -> None:
    first = run(outbox.add(update("a", "location", "A1", "B2")))
    run(outbox.set_state(first.uuid, state))
    run(outbox.add(update("a", "location", "B2", "C3")))
    assert edits(outbox) == [(Edit("location", "A1", "B2"),), (Edit("location", "B2", "C3"),)]
    run(outbox.add(update("a", "location", "C3", "D4")))  # the second one is queued and takes this in
    assert edits(outbox) == [(Edit("location", "A1", "B2"),), (Edit("location", "B2", "D4"),)]


def test_a_refused_update_takes_the_correction_in_and_goes_out_anew(outbox: Outbox) -> None:
    first = run(outbox.add(update("a", "price_item_usd", "5.00", "-1")))
    later = NOW + timedelta(hours=1)  # when it is worth asking again
    why = {"price_item_usd": ["Too low"]}
    run(outbox.set_state(first.uuid, OpState.REFUSED, message="No", errors=why, retry_at=later))
    assert outbox.counts() == OutboxCounts(needs_user=1)
    fixed = run(outbox.add(update("a", "price_item_usd", "-1", "6.00")))
    assert fixed.uuid != first.uuid  # the server has seen the old one
    assert (fixed.state, fixed.errors, fixed.message, fixed.retry_at) == (OpState.QUEUED, {}, "", None)
    assert outbox.all() == [fixed]
    assert edits(outbox) == [(Edit("price_item_usd", "5.00", "6.00"),)]


def test_an_edit_of_something_unsent_goes_into_its_create(outbox: Outbox) -> None:
    create = operation("tmp-1", OpKind.CREATE, payload={"fields": {"name": "A", "product": "p"}})
    run(outbox.add_many([create, update("tmp-1", "name", "A", "B")]))
    (only,) = outbox.all()
    assert only.payload == {"fields": {"name": "B", "product": "p"}}


def test_an_update_after_a_delete_stands_alone(outbox: Outbox) -> None:
    run(
        outbox.add_many(
            [update("a", "name", "A", "B"), operation("a", OpKind.DELETE), update("a", "name", "B", "C")]
        )
    )
    assert [one.kind for one in outbox.for_object(ITEM, "a")] == [OpKind.UPDATE, OpKind.DELETE, OpKind.UPDATE]


def test_a_deletion_takes_the_place_of_one_that_was_damaged(outbox: Outbox) -> None:
    damaged = run(outbox.add(operation("a", OpKind.DELETE)))
    run(outbox.set_state(damaged.uuid, OpState.DAMAGED))
    again = run(outbox.add(operation("a", OpKind.DELETE)))
    assert [(one.uuid, one.state) for one in outbox.all()] == [(again.uuid, OpState.QUEUED)]
    assert again.uuid != damaged.uuid


def test_the_same_operation_twice_is_kept_once(outbox: Outbox) -> None:
    photo = operation("a", OpKind.ADD_PHOTO, payload={"blob": "0" * 64})
    first, second = run(outbox.add_many([photo, photo]))
    assert first == second
    assert outbox.all() == [first]


def test_add_many_is_all_or_nothing(outbox: Outbox) -> None:
    unwritable = operation("b", OpKind.ADD_PHOTO, payload={"blob": object()})
    with pytest.raises(TypeError):
        run(outbox.add_many([operation("a", OpKind.DELETE), unwritable]))
    assert outbox.all() == []


def test_only_the_first_operation_of_an_object_may_go(outbox: Outbox) -> None:
    photo = operation("a", OpKind.ADD_PHOTO, payload={"blob": "0" * 64})
    run(outbox.add_many([photo, update("a", "name", "A", "B"), update("b", "name", "A", "B")]))
    assert [one.uid for one in due(outbox, NOW)] == ["a", "b"]
    run(outbox.set_state(photo.uuid, OpState.SENDING))
    assert [one.uid for one in due(outbox, NOW)] == ["b"]  # the object is busy, others are independent
    run(outbox.set_state(photo.uuid, OpState.RETRY, attempts=1, retry_at=NOW + timedelta(seconds=30)))
    assert [one.uid for one in due(outbox, NOW)] == ["b"]
    assert due(outbox, NOW + timedelta(seconds=30))[0].uuid == photo.uuid
    run(outbox.done(photo.uuid))
    assert [one.uid for one in due(outbox, NOW)] == ["a", "b"]


@pytest.mark.parametrize(
    "state", [OpState.CONFLICT, OpState.REFUSED, OpState.PAUSED_AUTH, OpState.PAUSED_PLAN]
)
def test_what_waits_for_someone_is_not_sent_and_blocks_only_its_object(
    outbox: Outbox, state: OpState
) -> None:
    first = run(outbox.add(operation("a", OpKind.DELETE)))
    run(outbox.add(update("b", "name", "A", "B")))
    run(outbox.set_state(first.uuid, state))
    assert [one.uid for one in due(outbox, NOW)] == ["b"]


def test_what_names_an_unsent_thing_waits_and_learns_its_uid(store: Store, outbox: Outbox) -> None:
    product = operation("tmp-p", OpKind.CREATE, entity=Entity.PRODUCT, payload={"fields": {"title": "New"}})
    made = operation("tmp-i", OpKind.CREATE, payload={"fields": {"product": "tmp-p"}})
    photo = operation("tmp-i", OpKind.ADD_PHOTO, payload={"blob": "0" * 64})
    order = operation("tmp-i", OpKind.ORDER_PHOTOS, payload={"order": [f"tmp-{photo.uuid}", "x"]})
    run(outbox.add_many([product, made, photo, order]))
    assert [one.uuid for one in due(outbox, NOW)] == [product.uuid]
    run(outbox.done(product.uuid, replaced={"tmp-p": "prd_1"}))
    (head,) = due(outbox, NOW)
    assert head.payload == {"fields": {"product": "prd_1"}}
    run(outbox.done(made.uuid, replaced={"tmp-i": "itm_1"}))
    assert [one.uuid for one in outbox.for_object(ITEM, "itm_1")] == [photo.uuid, order.uuid]
    assert outbox.for_object(ITEM, "tmp-i") == []
    run(outbox.done(photo.uuid, replaced={f"tmp-{photo.uuid}": "ast_1"}))
    (last,) = due(outbox, NOW)
    assert last.payload == {"order": ["ast_1", "x"]}
    assert reopened(store) == [last]


def test_dropping_a_create_drops_what_hangs_on_it(outbox: Outbox) -> None:
    create = operation("tmp-1", OpKind.CREATE)
    photo = operation("tmp-1", OpKind.ADD_PHOTO, payload={"blob": "0" * 64})
    other = operation("b", OpKind.DELETE)
    run(outbox.add_many([create, photo, other]))
    assert run(outbox.discard(create.uuid)).uuid == create.uuid
    assert [one.uuid for one in outbox.all()] == [other.uuid]
    with pytest.raises(KeyError):
        run(outbox.discard(create.uuid))


def test_dropping_an_edit_puts_the_next_one_on_its_base(outbox: Outbox) -> None:
    first = run(outbox.add(update("a", "name", "A", "B")))
    run(outbox.set_state(first.uuid, OpState.UNKNOWN))
    run(outbox.add(update("a", "name", "B", "C")))
    run(outbox.set_state(outbox.all()[1].uuid, OpState.UNKNOWN))
    run(outbox.add(update("a", "name", "C", "D")))
    run(outbox.discard(first.uuid))
    assert edits(outbox) == [(Edit("name", "A", "C"),), (Edit("name", "C", "D"),)]


def test_a_start_after_a_crash_makes_sending_unknown(store: Store, outbox: Outbox) -> None:
    sent = run(outbox.add(update("a", "name", "A", "B")))
    run(outbox.add(update("b", "name", "A", "B")))
    run(outbox.set_state(sent.uuid, OpState.SENDING, attempts=2))
    run(store.close())
    again = Store.open(store.folder)
    try:
        assert again.outbox.counts() == OutboxCounts(waiting=1, sending=1)
        (unknown,) = run(again.outbox.recover())
        assert (unknown.uuid, unknown.state, unknown.attempts) == (sent.uuid, OpState.UNKNOWN, 2)
        assert again.outbox.counts() == OutboxCounts(waiting=2)
        assert run(again.outbox.recover()) == []
    finally:
        run(again.close())


def test_a_fresh_start_forgets_what_failed_before(outbox: Outbox) -> None:
    one = run(outbox.add(update("a", "name", "A", "B")))
    run(outbox.set_state(one.uuid, OpState.CONFLICT, message="Changed", theirs={"name": "C"}, attempts=3))
    kept = run(outbox.set_state(one.uuid, OpState.CONFLICT))
    assert kept is not None
    assert (kept.message, kept.theirs, kept.attempts) == ("Changed", {"name": "C"}, 3)
    fresh = run(outbox.set_state(one.uuid, OpState.QUEUED))
    assert fresh is not None
    assert (fresh.message, fresh.theirs, fresh.attempts) == ("", {}, 3)
    assert run(outbox.set_state("gone", OpState.QUEUED)) is None


def test_what_is_being_sent_says_nothing_of_the_try_before(outbox: Outbox) -> None:
    one = run(outbox.add(update("a", "name", "A", "B")))
    failed = {"message": "The network broke.", "errors": {"name": ["Too long."]}, "theirs": {"name": "C"}}
    run(outbox.set_state(one.uuid, OpState.RETRY, **failed))
    sent = run(outbox.set_state(one.uuid, OpState.SENDING))
    assert sent is not None
    assert (sent.message, sent.errors, sent.theirs) == ("", {}, {})


def test_what_happened_to_a_thing_made_here_is_told_under_the_uid_the_server_gave(outbox: Outbox) -> None:
    made = run(outbox.add(operation("tmp-1", OpKind.CREATE, payload={"fields": {"name": "New"}})))
    run(outbox.settle(Settlement(notes=(Note(ITEM, "tmp-1", Edit("name", "Old", "Mine"), "dropped"),))))
    run(outbox.done(made.uuid, replaced={"tmp-1": "itm_1"}))
    assert [(one.field, one.reason) for one in outbox.history(ITEM, "itm_1")] == [("name", "dropped")]
    assert outbox.history(ITEM, "tmp-1") == []


def test_edits_that_went_into_a_record_made_again_are_delivered_with_it(outbox: Outbox) -> None:
    edit = Edit("location", "A", "B")
    payload = {"fields": {"location": "B"}, AGAIN: ""}
    made = run(outbox.add(operation("tmp-1", OpKind.CREATE, payload=payload, edits=(edit,))))
    run(outbox.add(update("tmp-1", "location", "B", "C")))
    run(outbox.add(update("tmp-1", "name", None, "New")))
    (waiting,) = outbox.all()
    assert waiting.payload["fields"] == {"location": "C", "name": "New"}
    run(outbox.done(made.uuid, replaced={"tmp-1": "itm_1"}))
    told = {(one.field, one.before, one.value, one.reason) for one in outbox.history(ITEM, "itm_1")}
    assert told == {("location", "A", "C", "delivered"), ("name", None, "New", "delivered")}


def test_history_keeps_delivered_edits_and_losing_values(outbox: Outbox) -> None:
    one = run(outbox.add(update("a", "price_item_usd", "5.00", "6.00")))
    lost = Note(ITEM, "a", Edit("name", "Old", "Mine"), "conflict")
    run(outbox.settle(Settlement(notes=(lost,))))
    run(outbox.done(one.uuid))
    newest, older = outbox.history(ITEM, "a")
    assert (newest.field, newest.before, newest.value, newest.reason) == (
        "price_item_usd",
        "5.00",
        "6.00",
        "delivered",
    )
    assert (older.field, older.before, older.value, older.reason) == ("name", "Old", "Mine", "conflict")
    assert outbox.history(ITEM, "b") == []


def test_nothing_is_sent_before_a_restored_outbox_is_confirmed(store: Store) -> None:
    run(store.outbox.add(update("a", "name", "A", "B")))
    run(store.back_up(NOW))
    run(store.close())
    (store.folder / "outbox.db").write_bytes(b"not a database at all" * 1000)
    again = Store.open(store.folder)
    assert again.outbox.needs_confirmation
    assert len(again.outbox.all()) == 1
    run(again.close())
    third = Store.open(store.folder)
    try:
        assert third.outbox.needs_confirmation  # also after another start
        run(third.outbox.confirm())
        assert len(due(third.outbox, NOW)) == 1
    finally:
        run(third.close())


@pytest.fixture
def blob_store(folder: Path) -> Iterator[Store]:
    opened = Store.open(folder)
    yield opened
    run(opened.close())


def test_photos_are_kept_while_an_operation_needs_them(blob_store: Store, tmp_path: Path) -> None:
    source = tmp_path / "photo.jpg"
    source.write_bytes(b"jpeg bytes")
    needed = run(blob_store.blobs.put(source))
    kept = run(blob_store.blobs.put(b"kept"))
    loose = hashlib.sha256(b"loose").hexdigest()
    blob_store.blobs.path(loose).write_bytes(b"loose")  # as an earlier session left it
    assert source.read_bytes() == blob_store.blobs.path(needed).read_bytes()
    run(blob_store.outbox.add(operation("a", OpKind.ADD_PHOTO, payload={"blob": needed})))
    run(blob_store.blobs.sweep({kept}))
    assert [blob_store.blobs.path(sha).exists() for sha in (needed, kept, loose)] == [True, True, False]
    for sha in (needed, kept):
        run(blob_store.blobs.release(sha))
    run(blob_store.blobs.sweep({kept}))
    assert [blob_store.blobs.path(sha).exists() for sha in (needed, kept, loose)] == [True, True, False]
    with pytest.raises(ValueError, match="SHA-256"):
        blob_store.blobs.path("../outbox.db")
