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
from tests.store.support import reseal
from tests.sync.world import create, until

ASIDE = pytest.mark.allow_log(r"ERROR instica_desktop\.sync\.push: An operation broke the sender")


UNREADABLE: tuple[dict[str, Any], ...] = (
    {"kind": "teleport"},
    {"kind": "update", "state": "levitating"},
    {"kind": "update", "edits": "none at all"},
)
UNSENDABLE: tuple[dict[str, Any], ...] = (
    {"kind": "add_photo", "payload": {}},
    {"kind": "order_photos", "payload": {"order": 7}},
    {"kind": "remove_shipment", "payload": {"shipment": ""}},
    {"kind": "create", "entity": "orders", "payload": {"fields": []}},
)


def _put(folder: Path, uid: str, name: str, **body: Any) -> None:
    """Put an operation into the file of a closed shop, as another version might have."""
    whole = {"uuid": name, "entity": "inventory", "uid": uid, "created": "2026-01-01T00:00:00Z"} | body
    connection = apsw.Connection(str(folder / "outbox.db"))
    sql = "INSERT INTO operations(uuid, entity, uid, body) VALUES (?, ?, ?, ?)"
    connection.execute(sql, (name, whole["entity"], uid, json.dumps(whole).encode()))
    connection.close()
    reseal(folder / "outbox.db")


@ASIDE
async def test_what_cannot_be_read_or_sent_blocks_nothing(world: FaultyWorld) -> None:
    world.pace = QUICK
    shop = await world.open()
    *poisoned, other = (await world.some_items(14))[: len(UNREADABLE + UNSENDABLE) + 1]
    await world.leave()
    for number, (item, body) in enumerate(zip(poisoned, UNREADABLE + UNSENDABLE, strict=True)):
        _put(world.folder, item.uid, f"poison-{number}", **body)
    stays = [f"poison-{number}" for number in range(len(UNREADABLE), len(poisoned))]

    shop = await world.enter()
    await shop.edit(Entity.ITEM, other.uid, {"location": "PAST THE POISON"})
    await until(lambda: [one.uuid for one in shop.operations()] == stays, f"{shop.operations()}")
    assert (await world.on_server(other.uid)).location == "PAST THE POISON"
    await until(lambda: {one.state for one in shop.operations()} == {OpState.REFUSED}, f"{shop.operations()}")
    assert all(one.message for one in shop.operations())
    for item in poisoned:
        await shop.edit(Entity.ITEM, item.uid, {"location": "IN SPITE OF IT"})
    await until(lambda: [one.uuid for one in shop.operations()] == stays, f"{shop.operations()}")
    for item in poisoned:
        assert (await world.on_server(item.uid)).location == "IN SPITE OF IT"
    await world.leave()

    shop = await world.enter()  # and the shop opens again
    assert [one.uuid for one in shop.operations()] == stays


@ASIDE
async def test_a_fault_of_ours_sets_one_operation_aside(
    world: FaultyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.pace = QUICK
    shop = await world.open()
    poisoned, *others = (await world.some_items(24))[2:6]
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
    other = (await world.some_items(24))[6]
    shop.work_offline(True)
    fields = {"product": {"uid": "no-such-product", "title": "?"}, "condition_item": "nm"}
    made = await create(shop, Entity.ITEM, fields, "A record of no product")
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
