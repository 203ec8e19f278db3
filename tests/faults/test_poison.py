"""Operations that cannot be read, sent or understood: each is set aside and blocks none of the others."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import apsw
import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind, OpState
from instica_desktop.sync.push import OUR_FAULT
from tests.faults.shops import QUICK, FaultyWorld
from tests.sync.world import until

ASIDE = pytest.mark.allow_log(r"ERROR instica_desktop\.sync\.push: An operation broke the sender")


def _put(folder: Path, uid: str, **body: Any) -> None:
    """Put an operation into the file of a closed shop, as another version might have."""
    whole = {"uuid": "poison", "entity": "inventory", "uid": uid, "created": "2026-01-01T00:00:00Z"} | body
    connection = apsw.Connection(str(folder / "outbox.db"))
    sql = "INSERT INTO operations(uuid, entity, uid, body) VALUES ('poison', ?, ?, ?)"
    connection.execute(sql, (whole["entity"], uid, json.dumps(whole).encode()))
    connection.close()


@ASIDE
@pytest.mark.parametrize(
    ("body", "stays"),
    [
        ({"kind": "teleport"}, False),
        ({"kind": "update", "state": "levitating"}, False),
        ({"kind": "update", "edits": "none at all"}, False),
        ({"kind": "add_photo", "payload": {}}, True),
        ({"kind": "order_photos", "payload": {"order": 7}}, True),
        ({"kind": "remove_shipment", "payload": {"shipment": ""}}, True),
        ({"kind": "create", "entity": "orders", "payload": {"fields": []}}, True),
    ],
    ids=["kind", "state", "edits", "no blob", "no order", "no shipment", "no fields"],
)
async def test_what_cannot_be_read_or_sent_blocks_nothing(
    world: FaultyWorld, body: dict[str, Any], stays: bool
) -> None:
    world.pace = QUICK
    shop = await world.open()
    poisoned, other = (await world.some_items(14))[:2]
    await world.leave()
    value = f"{body['kind']}-{stays}-{len(str(body))}"
    _put(world.folder, poisoned.uid, **body)

    shop = await world.enter()
    await shop.edit(Entity.ITEM, other.uid, {"location": value})
    await until(lambda: [one.uuid for one in shop.operations()] == (["poison"] if stays else []))
    assert (await world.on_server(other.uid)).location == value
    if stays:
        await until(lambda: shop.operations()[0].state is OpState.REFUSED, f"{shop.operations()}")
        assert shop.operations()[0].message
    await shop.edit(Entity.ITEM, poisoned.uid, {"location": value})
    await until(lambda: [one.uuid for one in shop.operations()] == (["poison"] if stays else []))
    assert (await world.on_server(poisoned.uid)).location == value
    await world.leave()

    shop = await world.enter()  # and the shop opens again
    assert [one.uuid for one in shop.operations()] == (["poison"] if stays else [])


@ASIDE
async def test_a_fault_of_ours_sets_one_operation_aside(
    world: FaultyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.pace = QUICK
    shop = await world.open()
    poisoned, *others = (await world.some_items(14))[2:6]
    courier: Any = shop._courier  # pyright: ignore[reportPrivateUsage]
    deliver = courier.deliver

    async def broken(attempt: Any) -> Any:
        if attempt.operation.uid == poisoned.uid:
            raise TypeError("a fault of ours")
        return await deliver(attempt)

    monkeypatch.setattr(courier, "deliver", broken)
    shop.work_offline(True)
    for item in (poisoned, *others):
        await shop.edit(Entity.ITEM, item.uid, {"location": f"P-{item.uid}"})
    shop.work_offline(False)
    await world.settled([OpState.REFUSED])
    (aside,) = shop.operations()
    assert (aside.uid, aside.message) == (poisoned.uid, OUR_FAULT)
    for item in others:
        assert (await world.on_server(item.uid)).location == f"P-{item.uid}"
    monkeypatch.undo()
    await shop.retry(aside.uuid)
    await world.delivered()
    assert (await world.on_server(poisoned.uid)).location == f"P-{poisoned.uid}"
    assert world.counting.times(aside) == 1


async def test_a_photo_of_a_refused_create_waits_and_holds_up_nobody(world: FaultyWorld) -> None:
    world.pace = QUICK
    shop = await world.open()
    other = (await world.some_items(14))[6]
    shop.work_offline(True)
    fields = {"product": {"uid": "no-such-product", "title": "?"}, "condition_item": "nm"}
    made = await shop.create(Entity.ITEM, fields, "A record of no product")
    later = Operation(
        uuid="later",
        entity=Entity.ITEM,
        uid=made.uid,
        kind=OpKind.REMOVE_PHOTO,
        payload={"asset": "x"},
        created=world.clock() - timedelta(days=1),
    )
    await world.store.outbox.add(later)
    await shop.edit(Entity.ITEM, other.uid, {"location": "NOT HELD UP"})
    shop.work_offline(False)
    await until(lambda: [one.uuid for one in shop.operations()] == [made.uuid, "later"])
    await until(lambda: shop.operations()[0].state is OpState.REFUSED)
    assert shop.operations()[1].state is OpState.QUEUED
    assert (await world.on_server(other.uid)).location == "NOT HELD UP"
