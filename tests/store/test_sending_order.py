"""Which objects are sent first, what was sent, and what one operation makes of the others."""

import random
from datetime import timedelta

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, Operation, OpKind, OpState
from instica_desktop.store.deliveries import KEPT
from instica_desktop.store.places import rank
from instica_desktop.store.queues import UnderWay
from instica_desktop.store.store import Store
from instica_desktop.store.values import millis
from tests.store.support import operation, run, update

ITEM = Entity.ITEM


def order(store: Store) -> list[str]:
    return [own[0].uid for own in store.outbox.queues()]


def kinds(store: Store, uid: str = "a") -> list[OpKind]:
    return [one.kind for one in store.outbox.for_object(ITEM, uid)]


def test_objects_are_moved_past_each_other_and_stay_so(store: Store) -> None:
    outbox = store.outbox
    for uid in ("a", "b", "a", "c"):
        run(outbox.add(operation(uid, OpKind.ADD_PHOTO, payload={"blob": "0" * 64})))
    first, second = (one.uuid for one in outbox.for_object(ITEM, "a"))
    run(outbox.move((ITEM, "a"), (ITEM, "c")))
    assert order(store) == ["b", "c", "a"]
    run(outbox.move((ITEM, "c"), (ITEM, "b")))
    assert order(store) == ["c", "b", "a"]
    assert [one.uuid for one in outbox.all()][-2:] == [first, second]
    run(outbox.add(update("d", "name", "1", "2")))
    run(outbox.add(update("c", "name", "1", "2")))
    assert order(store) == ["c", "b", "a", "d"]
    run(outbox.move((ITEM, "a"), (ITEM, "not there")))
    assert order(store) == ["c", "b", "a", "d"]
    run(store.close())
    again = Store.open(store.folder)
    try:
        assert order(again) == ["c", "b", "a", "d"]
        assert [one.uuid for one in again.outbox.for_object(ITEM, "a")] == [first, second]
    finally:
        run(again.close())


def test_what_was_paused_is_queued_again_at_once(store: Store) -> None:
    outbox = store.outbox
    for uid in ("a", "b", "c"):
        one = run(outbox.add(update(uid, "name", "1", "2")))
        run(outbox.set_state(one.uuid, OpState.PAUSED_AUTH if uid != "c" else OpState.REFUSED, message="No"))
    run(outbox.queue_again(OpState.PAUSED_AUTH, OpState.PAUSED_PLAN))
    assert [(one.uid, one.state, one.message) for one in outbox.all()] == [
        ("a", OpState.QUEUED, ""),
        ("b", OpState.QUEUED, ""),
        ("c", OpState.REFUSED, "No"),
    ]
    assert outbox.in_state(OpState.PAUSED_AUTH) == []


def test_deliveries_are_noted_for_thirty_days(store: Store) -> None:
    outbox = store.outbox
    old, new = (run(outbox.add(update(uid, "name", "1", "2", title=uid.upper()))) for uid in "ab")
    run(outbox.done(old.uuid))
    (delivery,) = outbox.deliveries()
    assert (delivery.uuid, delivery.uid, delivery.title, delivery.kind) == (old.uuid, "a", "A", OpKind.UPDATE)
    assert outbox.sent_since(delivery.at) == 1
    assert outbox.sent_since(delivery.at + timedelta(seconds=1)) == 0

    def age(connection: object) -> None:
        past = millis(delivery.at - KEPT - timedelta(minutes=1))
        connection.execute("UPDATE deliveries SET at=?", (past,))  # pyright: ignore

    run(outbox._writer.run(age))  # pyright: ignore[reportPrivateUsage, reportArgumentType]
    run(outbox.done(new.uuid))
    assert [one.uuid for one in outbox.deliveries()] == [new.uuid]


def test_only_the_last_order_and_choice_of_photos_counts_while_nothing_was_sent(store: Store) -> None:
    outbox = store.outbox
    run(outbox.add(operation("a", OpKind.ORDER_PHOTOS, payload={"order": ["x", "y"]})))
    run(outbox.add(operation("a", OpKind.PRIMARY_PHOTO, payload={"asset": "x"})))
    added = run(outbox.add(operation("a", OpKind.ADD_PHOTO, payload={"blob": "0" * 64})))
    wanted = [f"tmp-{added.uuid}", "y", "x"]
    run(outbox.add(operation("a", OpKind.ORDER_PHOTOS, payload={"order": wanted})))
    run(outbox.add(operation("a", OpKind.PRIMARY_PHOTO, payload={"asset": "y"})))
    assert kinds(store) == [OpKind.ADD_PHOTO, OpKind.ORDER_PHOTOS, OpKind.PRIMARY_PHOTO]
    ordered, chosen = outbox.for_object(ITEM, "a")[1:]
    assert (ordered.payload["order"], chosen.payload["asset"]) == (wanted, "y")


@pytest.mark.parametrize("state", [OpState.SENDING, OpState.UNKNOWN, OpState.RETRY])
def test_an_order_that_may_have_been_sent_is_left_alone(store: Store, state: OpState) -> None:
    first = run(store.outbox.add(operation("a", OpKind.ORDER_PHOTOS, payload={"order": ["x", "y"]})))
    run(store.outbox.set_state(first.uuid, state))
    run(store.outbox.add(operation("a", OpKind.ORDER_PHOTOS, payload={"order": ["y", "x"]})))
    assert kinds(store) == [OpKind.ORDER_PHOTOS] * 2


def test_with_a_photo_that_is_dropped_goes_what_names_it(store: Store) -> None:
    outbox = store.outbox
    added = run(outbox.add(operation("a", OpKind.ADD_PHOTO, payload={"blob": "0" * 64})))
    part = f"tmp-{added.uuid}"
    run(outbox.add(operation("a", OpKind.ORDER_PHOTOS, payload={"order": ["x", part, "y"]})))
    run(outbox.add(operation("a", OpKind.PRIMARY_PHOTO, payload={"asset": part})))
    run(outbox.discard(added.uuid))
    (left,) = outbox.for_object(ITEM, "a")
    assert left.payload == {"order": ["x", "y"]}


def revision(listing: str, base: str, new: str) -> Operation:
    edits = (Edit("price_usd", base, new),)
    return operation("a", OpKind.REVISE_LISTING, payload={"listing": listing}, edits=edits)


def test_changes_of_one_offer_merge_and_its_end_leaves_nothing_of_them(store: Store) -> None:
    outbox = store.outbox
    run(outbox.add(revision("l1", "10.00", "11.00")))
    run(outbox.add(revision("l2", "20.00", "21.00")))
    run(outbox.add(revision("l1", "11.00", "12.00")))
    assert [one.edits[0].new for one in outbox.all()] == ["12.00", "21.00"]
    assert outbox.all()[0].edits[0].base == "10.00"
    run(outbox.add(operation("a", OpKind.DELIST, payload={"listing": "l1"})))
    assert [one.payload["listing"] for one in outbox.all()] == ["l2", "l1"]


def test_a_change_of_an_offer_that_was_not_sent_goes_into_it(store: Store) -> None:
    outbox = store.outbox
    made = run(outbox.add(operation("a", OpKind.ADD_LISTING, payload={"platform": "ebay", "price_usd": "9"})))
    run(outbox.add(revision(f"tmp-{made.uuid}", "9", "8.50")))
    (only,) = outbox.all()
    assert (only.uuid, only.payload["price_usd"]) == (made.uuid, "8.50")


def test_a_delete_is_kept_once_and_buries_what_waited(store: Store) -> None:
    outbox = store.outbox
    run(outbox.add(update("a", "name", "1", "2")))
    first = run(outbox.add(operation("a", OpKind.DELETE)))
    again = run(outbox.add(operation("a", OpKind.DELETE)))
    assert again.uuid == first.uuid
    assert outbox.deleting(ITEM) == ["a"]
    run(outbox.set_state(first.uuid, OpState.REFUSED))
    assert outbox.deleting(ITEM) == []  # the server keeps it, so the lists show it again
    run(outbox.set_state(first.uuid, OpState.QUEUED))
    run(outbox.done(first.uuid))
    assert outbox.all() == []
    (entry,) = outbox.history(ITEM, "a")
    assert (entry.field, entry.value, entry.reason) == ("name", "2", "deleted with the record")


def going(store: Store) -> list[str]:
    return [own[0].uid for own in store.outbox.going()]


def test_what_is_held_or_needs_the_user_is_not_looked_at_to_send_others(store: Store) -> None:
    outbox = store.outbox
    deletes = [run(outbox.add(operation(uid, OpKind.DELETE))) for uid in "abcdef"]
    outbox.hold(one.uuid for one in deletes[:3])
    assert going(store) == ["d", "e", "f"]
    run(outbox.set_state(deletes[3].uuid, OpState.REFUSED))
    assert going(store) == ["e", "f"]
    outbox.let_go(one.uuid for one in reversed(deletes[:2]))
    assert going(store) == ["a", "b", "e", "f"]
    outbox.hold(["not kept yet"])
    run(outbox.add(operation("g", OpKind.DELETE, uuid="not kept yet")))
    assert going(store) == ["a", "b", "e", "f"]
    run(outbox.set_state(deletes[3].uuid, OpState.QUEUED))
    run(outbox.done(deletes[0].uuid))
    outbox.let_go([deletes[2].uuid, "not kept yet"])
    assert going(store) == ["b", "c", "d", "e", "f", "g"]
    assert order(store) == ["b", "c", "d", "e", "f", "g"]


@pytest.mark.parametrize("seed", range(8))
def test_the_line_that_follows_is_the_one_that_is_sorted_anew(store: Store, seed: int) -> None:
    chance, outbox = random.Random(seed), store.outbox
    for _ in range(60):
        there = outbox.all()
        one = chance.choice(there) if there else None
        match chance.randrange(7) if one else 0:
            case 1 if one:
                run(outbox.set_state(one.uuid, chance.choice((OpState.REFUSED, OpState.QUEUED))))
            case 2 if one:
                run(outbox.done(one.uuid))
            case 3 if one:
                run(outbox.move((ITEM, one.uid), (ITEM, chance.choice(there).uid)))
            case 4 if one:
                outbox.hold([one.uuid])
            case 5 if one:
                outbox.let_go(set(outbox.held))
            case _:
                run(outbox.add(operation(chance.choice("abcdefgh"), OpKind.ORDER_PHOTOS)))
        ranks = {uid: min(rank(own) for own in outbox.for_object(ITEM, uid)) for uid in order(store)}
        assert sorted(order(store)) == sorted({own.uid for own in outbox.all()})
        free = {
            own.uid for own in outbox.all() if own.state is OpState.QUEUED and own.uuid not in outbox.held
        }
        assert going(store) == sorted(free, key=ranks.__getitem__)


def test_how_far_sending_is_is_known_without_looking_at_what_waits(store: Store) -> None:
    outbox = store.outbox
    sent, stuck, _ = [run(outbox.add(update(uid, "name", "1", "2"))) for uid in "abc"]
    assert outbox.under_way() == UnderWay((), 3, 0)
    run(outbox.set_state(sent.uuid, OpState.SENDING))
    assert outbox.under_way() == UnderWay((sent.uuid,), 3, 0)
    run(outbox.done(sent.uuid))
    run(outbox.set_state(stuck.uuid, OpState.REFUSED))
    assert outbox.under_way() == UnderWay((), 1, 2)
    run(outbox.discard(stuck.uuid))
    assert outbox.under_way() == UnderWay((), 1, 2)
