"""What is done to a record of which an edit needs the user: on this computer alone, no server is asked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from instica_desktop.core.ages import utc_now
from instica_desktop.core.errors import Forbidden, InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import AGAIN, GONE, PARCEL, Edit, OpKind, OpState
from instica_desktop.store.marks import mark_of
from instica_desktop.store.store import Store
from instica_desktop.sync.attempts import Attempt, Verdict
from instica_desktop.sync.connection import Link
from instica_desktop.sync.courier import Courier
from instica_desktop.sync.decisions import Decisions
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.instead import Instead
from instica_desktop.sync.push import Sender
from tests.store.support import item, operation, record, update
from tests.sync.world import FAST

ITEM = Entity.ITEM
DAMAGED = OpState.DAMAGED


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "account")
    yield opened
    opened.let_go()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store, utc_now, lambda: None)


@pytest.fixture
def decisions(store: Store) -> Decisions:
    return Decisions(store, utc_now, _nowhere)


async def _nowhere(_url: str) -> None:
    return None


async def test_an_edit_of_a_record_whose_making_is_in_question_stands_behind_it(
    store: Store, desk: Desk
) -> None:
    fields = {"product": {"uid": "p", "title": "Blue Train"}, "location": "A-1"}
    again = Edit("location", "Z-9", "A-1")
    create = operation(
        "tmp-c", OpKind.CREATE, uuid="c", payload={"fields": fields, AGAIN: ""}, edits=(again,)
    )
    await store.outbox.add(create)
    await store.outbox.set_state(
        "c", OpState.CONFLICT, theirs={AGAIN: {"uid": "other", "title": "Blue Train"}}
    )
    await store.cache.reproject(ITEM, ["tmp-c"])
    await desk.edit(ITEM, "tmp-c", {"location": "B-2"})
    assert desk.shown(ITEM, "tmp-c")["location"] == "B-2"
    made, edit = store.outbox.for_object(ITEM, "tmp-c")
    assert (made.edits, made.state) == ((again,), OpState.CONFLICT)
    assert (edit.kind, edit.edits) == (OpKind.UPDATE, (Edit("location", "A-1", "B-2"),))


# ------------------------------------------------------------ a deletion that needs the user


@pytest.mark.parametrize("state", [OpState.REFUSED, OpState.CONFLICT, DAMAGED])
async def test_a_record_whose_deletion_needs_the_user_can_be_edited(
    store: Store, desk: Desk, state: OpState
) -> None:
    await store.cache.upsert(ITEM, [item("a", location="A-1")])
    await store.outbox.add(operation("a", OpKind.DELETE, uuid="delete"))
    with pytest.raises(InputError, match="being deleted"):
        desk.row(ITEM, "a")
    await store.outbox.set_state("delete", state)
    await desk.edit(ITEM, "a", {"location": "B-2"})
    assert desk.rows(ITEM, ["a"])["a"].mark.deleted


def test_a_record_leaves_though_another_edit_of_it_needs_the_user() -> None:
    stuck = update("a", "location", "A-1", "B-2", state=DAMAGED)
    assert mark_of([stuck, operation("a", OpKind.DELETE)]).leaves
    assert not mark_of([stuck, operation("a", OpKind.DELETE, state=OpState.REFUSED)]).leaves


# ------------------------------------------------------------ what may be on the server already


class Refusing:
    """Delivers nothing, for lack of a right that is asked for before anything else."""

    async def deliver(self, attempt: Attempt) -> Verdict:
        raise Forbidden("This key may not read items.", status=403)


async def test_what_may_be_made_already_is_looked_for_after_a_refusal_too(
    store: Store, decisions: Decisions
) -> None:
    async def _alive() -> None:
        return None

    link = Link(_alive, pace=FAST, clock=utc_now)
    courier = cast(Courier, Refusing())
    sender = Sender(store, courier, link, pace=FAST, clock=utc_now, changed=lambda: None)
    made = await store.outbox.add(operation("tmp-c", OpKind.CREATE, uuid="c", payload={"fields": {}}))
    for _ in range(2):  # also when that is all that happens the second time
        unsure = await store.outbox.set_state(made.uuid, OpState.UNKNOWN)
        assert unsure is not None
        await sender._send(unsure)
        refused = store.outbox.get(made.uuid)
        assert refused is not None
        assert (refused.state, refused.attempts) == (OpState.REFUSED, 1)
        await decisions.retry(made.uuid)
        (again,) = store.outbox.all()
        assert (again.state, again.attempts) == (OpState.UNKNOWN, 0)


# ------------------------------------------------------------ what was damaged waits for its own word


async def _gone(store: Store, *waiting: Any) -> None:
    """Have a record that is no longer on the server, and what waits for it."""
    asset = {"uid": "photo", "sha256": "0" * 64, "image": "/photo.jpg"}
    product = {"uid": "p", "title": "Blue Train"}
    await store.cache.upsert(ITEM, [item("a", product=product, location="A-1", notes="", assets=[asset])])
    for one in waiting:
        await store.outbox.add(msgspec.structs.replace(one, state=OpState.QUEUED))
        await store.outbox.set_state(
            one.uuid, one.state, theirs=GONE if one.state is OpState.CONFLICT else {}
        )


@pytest.mark.parametrize("first", [True, False])
async def test_a_damaged_edit_is_no_part_of_the_record_made_again(
    store: Store, decisions: Decisions, first: bool
) -> None:
    stuck = update("a", "location", "A-1", "B-2", uuid="stuck", state=OpState.CONFLICT)
    damaged = update("a", "condition_notes", "", "spoilt", uuid="damaged", state=DAMAGED)
    taken_off = operation("a", OpKind.REMOVE_PHOTO, uuid="off", payload={"asset": "photo"}, state=DAMAGED)
    photo = operation("a", OpKind.ADD_PHOTO, uuid="add", payload={"blob": "0" * 64}, state=DAMAGED)
    await _gone(store, *((damaged, stuck) if first else (stuck, damaged)), taken_off, photo)
    found = await decisions.recreation("stuck")
    assert (found.fields["location"], found.photos_lost) == ("B-2", 1)  # as nobody took the photo off
    assert "condition_notes" not in found.fields
    await decisions.recreate("stuck")
    create, *held = store.outbox.all()
    assert create.payload["fields"]["location"] == "B-2"
    assert [edit.field for edit in create.edits] == ["location"]
    assert [(one.uuid, one.state, one.uid) for one in held] == [
        (name, DAMAGED, create.uid) for name in ("damaged", "off", "add")
    ]


async def test_a_damaged_correction_is_no_part_of_another_parcel(store: Store, desk: Desk) -> None:
    order = record(Entity.ORDER, "o", status="shipped", created="2025-01-02T00:00:00Z", shipments=[])
    await store.cache.upsert(Entity.ORDER, [order])
    about = {"shipment": "gone", PARCEL: {"carrier": "ups", "tracking_number": "1"}}
    for uuid, value in (("stuck", "2"), ("damaged", "3")):
        edits = (Edit("tracking_number", "1", value),)
        correction = operation("o", OpKind.EDIT_SHIPMENT, uuid=uuid, payload=about, edits=edits)
        await store.outbox.add(msgspec.structs.replace(correction, entity=Entity.ORDER))
        await store.outbox.set_state(uuid, OpState.CONFLICT if uuid == "stuck" else DAMAGED)
    await Instead(desk).add_parcel("stuck")
    held, made = store.outbox.all()
    assert (held.uuid, held.state) == ("damaged", DAMAGED)
    assert (made.kind, made.payload["tracking_number"]) == (OpKind.ADD_SHIPMENT, "2")
