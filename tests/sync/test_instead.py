"""A change of a parcel that was removed elsewhere: what was typed becomes another parcel, or is dropped."""

import pytest

from instica_desktop.core.acts import Step
from instica_desktop.core.errors import InputError
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.sync import ShipmentDraft
from tests.sync.world import World, until

FIRST = ShipmentDraft(carrier="ups", tracking_number="WRONG-1", service="Ground", weight_grams=400)


async def corrected_too_late(world: World) -> tuple[str, str]:
    """Correct the number of a parcel that a colleague removes meanwhile; returns order and operation."""
    shop = await world.open()
    order = await world.an_order()
    await shop.ship(order.uid, FIRST)
    await world.delivered()
    (parcel,) = await world.admin.orders.list_shipments(order.uid)
    shop.work_offline(True)
    right = ShipmentDraft(carrier="ups", tracking_number="RIGHT-1")
    await shop.parts.edit_parcel(order.uid, parcel.uid, right, {"tracking_number": "WRONG-1"})
    await world.admin.orders.delete_shipment(order.uid, parcel.uid)
    shop.work_offline(False)
    await world.stuck(OpState.CONFLICT)
    (stuck,) = shop.operations()
    assert stuck.theirs == {}
    return order.uid, stuck.uuid


async def test_what_was_typed_becomes_another_parcel_with_all_that_the_first_had(world: World) -> None:
    uid, uuid = await corrected_too_late(world)
    act = await world.shop.instead.add_parcel(uuid)
    (waiting,) = world.shop.operations()
    assert waiting.kind is OpKind.ADD_SHIPMENT
    await world.delivered()
    (there,) = await world.admin.orders.list_shipments(uid)
    assert (there.carrier, there.tracking_number, there.service, there.weight_grams) == (
        "ups",
        "RIGHT-1",
        "Ground",
        400,
    )
    await world.shop.inverses.undo(Step(words="another parcel", acts=(act,)))
    await world.delivered()
    assert await world.admin.orders.list_shipments(uid) == ()


async def test_what_was_changed_behind_it_goes_along(world: World) -> None:
    shop = await world.open()
    order = await world.an_order()
    await shop.ship(order.uid, FIRST)
    await world.delivered()
    parcel = world.order(order.uid).shipments[0].uid
    shop.work_offline(True)
    right = ShipmentDraft(carrier="ups", tracking_number="RIGHT-2", service="Signed")
    await shop.parts.edit_parcel(order.uid, parcel, right, {"tracking_number": "WRONG-1"})
    (first,) = shop.operations()
    await world.store.outbox.set_state(first.uuid, OpState.UNKNOWN)  # so that the next one stands alone
    await shop.parts.edit_parcel(order.uid, parcel, right, {"service": "Ground"})
    assert len(shop.operations()) == 2
    await world.admin.orders.delete_shipment(order.uid, parcel)
    shop.work_offline(False)
    await until(lambda: OpState.CONFLICT in {one.state for one in shop.operations()}, "it is asked")
    await shop.instead.add_parcel(shop.operations()[0].uuid)
    await world.delivered()
    (there,) = await world.admin.orders.list_shipments(order.uid)
    assert (there.tracking_number, there.service) == ("RIGHT-2", "Signed")


async def test_what_was_decided_already_is_not_decided_again(world: World) -> None:
    uid, uuid = await corrected_too_late(world)
    await world.shop.instead.add_parcel(uuid)
    with pytest.raises(InputError, match="meanwhile"):
        await world.shop.instead.add_parcel(uuid)
    await world.delivered()
    assert len(await world.admin.orders.list_shipments(uid)) == 1


async def test_an_order_that_has_the_number_by_now_gets_it_no_second_time(world: World) -> None:
    uid, uuid = await corrected_too_late(world)
    await world.shop.ship(uid, ShipmentDraft(carrier="ups", tracking_number="RIGHT-1"))
    with pytest.raises(InputError, match="this number already"):
        await world.shop.instead.add_parcel(uuid)
    assert uuid in {one.uuid for one in world.shop.operations()}
