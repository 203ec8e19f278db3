"""Edits on their way: delivered once, whatever the network does, or the user is asked."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from instica_desktop.api.sections.inventory import InventorySection
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.core.query import Query
from instica_desktop.sync import Kind, ShipmentDraft
from tests.support.fault_proxy import Answer, Fault
from tests.sync.test_removal import a_new_item
from tests.sync.world import World, until


async def test_an_edit_made_offline_goes_out_once_after_a_restart(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(0)
    shop.work_offline(True)
    edited = await shop.edit(Entity.ITEM, item.uid, {"location": "OFF-1", "condition_notes": " Checked. "})
    assert edited.before == {"location": item.location, "condition_notes": item.condition_notes}
    assert edited.after == {"location": "OFF-1", "condition_notes": "Checked."}
    shown, mark = world.item(item.uid)
    assert (shown.location, mark.pending) == ("OFF-1", 1)
    assert (shop.state.kind, shop.state.manual) == (Kind.OFFLINE, True)
    await world.leave()

    shop = await world.enter()
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "OFF-1"
    assert (await world.on_server(item.uid)).condition_notes == "Checked."
    assert world.proxy.seen("PATCH ") == 1
    shown, mark = world.item(item.uid)
    assert (shown.location, mark.pending) == ("OFF-1", 0)
    assert {(one.field, one.value) for one in shop.history(Entity.ITEM, item.uid)} == {
        ("location", "OFF-1"),
        ("condition_notes", "Checked."),
    }


async def test_an_edit_whose_reply_was_lost_is_read_back_and_not_sent_again(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(1)
    world.proxy.fail("PATCH ", Fault.DROP_REPLY)
    await shop.edit(Entity.ITEM, item.uid, {"location": "LOST-1"})
    await world.delivered()
    assert world.proxy.seen("PATCH ") == 1
    assert (await world.on_server(item.uid)).location == "LOST-1"


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.CAPTIVE])
async def test_an_edit_that_never_reached_the_server_is_sent_again(world: World, fault: Fault) -> None:
    shop = await world.open()
    item = await world.an_item(2)
    world.proxy.fail("PATCH ", fault)
    await shop.edit(Entity.ITEM, item.uid, {"location": f"AGAIN-{fault.name}"})
    await world.delivered()
    assert world.proxy.seen("PATCH ") == 2
    assert (await world.on_server(item.uid)).location == f"AGAIN-{fault.name}"


@pytest.mark.parametrize("after", [1, 40, 300])
async def test_a_reply_cut_off_anywhere_doubles_nothing(world: World, after: int) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    world.proxy.fail("POST ", Fault.CUT, after=after)
    await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number=f"CUT-{after}"))
    await world.delivered()
    parcels = (await world.order_on_server(order.uid)).shipments
    assert [one.tracking_number for one in parcels] == [f"CUT-{after}"]
    assert world.proxy.seen("POST ") == 1


async def test_a_shipment_whose_reply_was_lost_is_found_by_its_number(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    world.proxy.fail("POST ", Fault.DROP_REPLY)
    await shop.ship(order.uid, ShipmentDraft(carrier="dhl", tracking_number="JD-1"))
    assert world.order(order.uid).status == "shipped"
    await world.delivered()
    there = await world.order_on_server(order.uid)
    assert [one.tracking_number for one in there.shipments] == ["JD-1"]
    assert there.status == "shipped"
    assert world.proxy.seen("POST ") == 1
    assert [one.uid for one in world.order(order.uid).shipments] == [there.shipments[0].uid]


async def test_a_parcel_without_number_is_not_sent_twice_without_asking(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    world.proxy.fail("POST ", Fault.DROP_REPLY)
    await shop.ship(order.uid, ShipmentDraft(carrier="other"))
    await world.stuck(OpState.CONFLICT)
    assert "may have been noted already" in shop.operations()[0].message
    assert len((await world.order_on_server(order.uid)).shipments) == 1
    await shop.discard(shop.operations()[0].uuid)
    assert len((await world.order_on_server(order.uid)).shipments) == 1


async def test_a_shipment_is_taken_back_before_and_after_it_was_sent(world: World) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    shop.work_offline(True)
    await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="BACK-1"))
    with pytest.raises(InputError) as refused:
        await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="BACK-1"))
    assert refused.value.field == "tracking_number"
    await shop.unship(order.uid, world.order(order.uid).shipments[0].uid)
    assert shop.operations() == []

    shop.work_offline(False)
    await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="BACK-2"))
    await world.delivered()
    parcel = (await world.order_on_server(order.uid)).shipments[0]
    await shop.unship(order.uid, parcel.uid)
    await world.delivered()
    there = await world.order_on_server(order.uid)
    assert (there.shipments, there.status) == ((), "awaiting_shipment")


async def test_edits_of_one_item_go_in_order_and_of_many_all_arrive(world: World) -> None:
    shop = await world.open()
    rows = await world.seen(Query(Entity.ITEM).with_ordering("created"))
    uids = [row.uid for row in (rows.row(at) for at in range(8)) if row]
    for turn in ("A", "B"):
        for uid in uids:
            await shop.edit(Entity.ITEM, uid, {"location": f"{turn}-{uid[:4]}"})
    await world.delivered()
    for uid in uids:
        assert (await world.on_server(uid)).location == f"B-{uid[:4]}"


async def test_several_status_moves_made_offline_arrive_as_legal_steps(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(0, status="draft")
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"status": "received"})
    await shop.edit(Entity.ITEM, item.uid, {"status": "ready-to-sell", "price_item_usd": Decimal("21.50")})
    await shop.edit(Entity.ITEM, item.uid, {"status": "listed"})
    assert len(shop.operations()) == 1
    shop.work_offline(False)
    await world.delivered()
    there = await world.on_server(item.uid)
    assert (there.status, there.price_item_usd) == ("listed", Decimal("21.50"))


async def test_a_status_walk_that_broke_off_half_way_goes_on(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(1, status="draft")
    shop.work_offline(True)
    for changes in ({"status": "received"}, {"status": "ready-to-sell", "price_item_usd": "9.00"}):
        await shop.edit(Entity.ITEM, item.uid, changes)
    world.proxy.fail("PATCH ", Fault.DROP_REPLY)
    shop.work_offline(False)
    await world.delivered()
    assert (await world.on_server(item.uid)).status == "ready-to-sell"
    assert world.proxy.seen("PATCH ") == 2


async def test_a_status_walk_whose_key_was_refused_half_way_goes_on(world: World) -> None:
    shop = await world.open()
    item = await a_new_item(world, "WALK-401")
    shop.work_offline(True)
    for changes in ({"status": "received"}, {"status": "ready-to-sell", "price_item_usd": "9.00"}):
        await shop.edit(Entity.ITEM, item.uid, changes)
    world.proxy.answer("PATCH ", Answer(401, body=b'{"detail": "Invalid key."}'), skip=1)
    shop.work_offline(False)
    await until(lambda: shop.state.kind is Kind.SIGNED_OUT)
    assert (await world.on_server(item.uid)).status == "received"
    shop.try_now()
    await until(lambda: not shop.operations() or shop.counts().needs_user)
    assert not shop.operations()  # the first step was our own doing, and nobody's conflict
    assert (await world.on_server(item.uid)).status == "ready-to-sell"


async def test_an_answer_that_is_overtaken_while_we_read_more_writes_over_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = await world.open()
    order = await world.an_order(0)
    world.proxy.requests.clear()
    real, changed = InventorySection.get, list[str]()

    async def get(self: InventorySection, uid: str) -> Any:
        if not changed:  # the item of the order is read behind the order
            changed.append(uid)
            await world.admin.orders.update(order.uid, {"buyer_note": "NEWER"})
            assert await shop.refresh(Entity.ORDER, order.uid)
        return await real(self, uid)

    monkeypatch.setattr(InventorySection, "get", get)
    await shop.ship(order.uid, ShipmentDraft(carrier="dhl", tracking_number="OVERTAKEN-1"))
    await world.delivered()
    assert changed
    assert world.order(order.uid).buyer_note == "NEWER"
    assert world.order(order.uid).shipment_tracking_number == "OVERTAKEN-1"


async def test_a_server_killed_in_the_middle_of_the_queue_loses_and_doubles_nothing(own_world: World) -> None:
    world = own_world
    shop = await world.open()
    rows = await world.seen(Query(Entity.ITEM))
    uids = [row.uid for row in (rows.row(at) for at in range(12)) if row]
    order = await world.an_order(0)
    shop.work_offline(True)
    for uid in uids:
        await shop.edit(Entity.ITEM, uid, {"location": f"K-{uid}"})
    await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="KILL-1"))
    shop.work_offline(False)
    await until(lambda: world.proxy.seen("PATCH ") >= 3)
    world.server.kill()
    await until(lambda: shop.state.kind is not Kind.ONLINE)
    assert shop.operations()
    world.server.start(port=world.server.port)
    await world.delivered()
    for uid in uids:
        assert (await world.on_server(uid)).location == f"K-{uid}"
    assert len((await world.order_on_server(order.uid)).shipments) == 1


async def test_an_app_that_ends_while_sending_reads_back_at_the_next_start(world: World) -> None:
    world.pace = msgspec.structs.replace(world.pace, closing=0.05)
    shop = await world.open()
    order = await world.an_order(0)
    world.proxy.fail("POST ", Fault.SILENCE)
    await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number="END-1"))
    await until(lambda: world.proxy.seen("POST ") == 1)
    await world.leave()
    shop = await world.enter(online=False)
    assert [one.state for one in shop.operations()] == [OpState.UNKNOWN]
    shop.work_offline(False)
    await world.delivered()
    assert len((await world.order_on_server(order.uid)).shipments) == 1
    assert world.proxy.seen("POST ") == 1
