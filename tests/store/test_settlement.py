"""A decision of the user in the outbox: whole or not at all, in memory as on the disk."""

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, OpKind, OpState
from instica_desktop.store.outbox import Outbox
from instica_desktop.store.settlement import Note, Settlement
from instica_desktop.store.store import Store
from tests.store.support import operation, run, update

ITEM = Entity.ITEM


@pytest.fixture
def outbox(store: Store) -> Outbox:
    return store.outbox


def told(outbox: Outbox, uid: str) -> list[tuple[str, object, str]]:
    return [(one.field, one.value, one.reason) for one in outbox.history(ITEM, uid)]


def note(uid: str, value: str) -> Note:
    return Note(ITEM, uid, Edit("name", None, value), "dropped")


def test_an_operation_takes_anothers_place_and_later_ones_follow_the_object(
    store: Store, outbox: Outbox
) -> None:
    first, photo = update("old", "name", "A", "B"), operation("old", OpKind.ADD_PHOTO, payload={"blob": "b"})
    other = operation("x", OpKind.CREATE, payload={"fields": {"product": {"uid": "old"}}})
    run(outbox.add_many([first, photo, other]))
    run(outbox.set_state(photo.uuid, OpState.CONFLICT))
    delivered = Note(ITEM, "old", Edit("name", None, "long ago"), "delivered")
    run(outbox.settle(Settlement(notes=(delivered,))))
    made = operation("tmp-1", OpKind.CREATE)
    late = operation("tmp-1", OpKind.ADD_PHOTO, payload={"blob": "c"})
    run(
        outbox.settle(
            Settlement(
                moved={"old": "tmp-1"}, notes=(note("old", "B"),), swap={first.uuid: made}, add=(late,)
            )
        )
    )
    assert [one.uuid for one in outbox.for_object(ITEM, "tmp-1")] == [made.uuid, photo.uuid, late.uuid]
    assert outbox.for_object(ITEM, "old") == []
    assert outbox.all()[-2].payload == {"fields": {"product": {"uid": "tmp-1"}}}
    assert told(outbox, "tmp-1") == [("name", "B", "dropped"), ("name", "long ago", "delivered")]

    run(outbox.done(made.uuid, replaced={"tmp-1": "new"}))
    assert outbox.real("old") == outbox.real("tmp-1") == "new"
    assert [one.uid for one in outbox.all()] == ["new", "x", "new"]
    before = outbox.all()
    run(store.close())
    again = Store.open(store.folder)
    try:
        assert again.outbox.all() == before
        assert again.outbox.real("old") == "new"
        assert len(told(again.outbox, "new")) == 2
    finally:
        run(again.close())


def test_a_decision_about_something_gone_changes_nothing(store: Store, outbox: Outbox) -> None:
    kept = run(outbox.add(update("a", "name", "A", "B")))
    for wanted in (
        Settlement(notes=(note("a", "B"),), swap={"gone": operation("a")}),
        Settlement(notes=(note("a", "B"),), moved={"a": "b"}, drop=(kept.uuid, "gone")),
    ):
        with pytest.raises(KeyError):
            run(outbox.settle(wanted))
        assert outbox.all() == [kept]
        assert told(outbox, "a") == []
        assert outbox.real("a") == "a"
    run(store.close())
    again = Store.open(store.folder)
    try:
        assert again.outbox.all() == [kept]
    finally:
        run(again.close())
