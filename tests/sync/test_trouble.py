"""Edits that cannot simply be delivered: conflicts, refusals, gone records, refused keys. Nothing is lost."""

from datetime import datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpState
from instica_desktop.core.query import Query
from instica_desktop.sync import Kind
from instica_desktop.sync.pace import Pace
from tests.support.fault_proxy import Answer, Fault
from tests.sync.world import FAST, World, create, until


async def test_the_same_field_changed_on_both_sides_asks_and_keeps_the_loser(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(10)
    await world.admin.inventory.update(item.uid, {"location": "THEIRS", "condition_notes": "theirs too"})
    await shop.edit(Entity.ITEM, item.uid, {"location": "MINE", "manual_sku": "SKU-MINE"})
    await world.stuck(OpState.CONFLICT)
    (stuck,) = shop.operations()
    assert stuck.theirs == {"location": "THEIRS"}
    assert (await world.on_server(item.uid)).location == "THEIRS"
    shown, mark = world.item(item.uid)
    assert mark.conflict
    assert (shown.location, shown.condition_notes) == ("MINE", "theirs too")

    await shop.resolve(stuck.uuid, {"location": "theirs"})
    await world.delivered()
    there = await world.on_server(item.uid)
    assert (there.location, there.manual_sku) == ("THEIRS", "SKU-MINE")
    assert ("location", "MINE") in {(one.field, one.value) for one in shop.history(Entity.ITEM, item.uid)}


async def test_mine_goes_over_theirs_when_chosen_and_theirs_is_kept(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(11)
    await world.admin.inventory.update(item.uid, {"location": "THEIRS"})
    await shop.edit(Entity.ITEM, item.uid, {"location": "MINE"})
    await world.stuck(OpState.CONFLICT)
    await shop.resolve(shop.operations()[0].uuid, {"location": "mine"})
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "MINE"
    reasons = {one.value: one.reason for one in shop.history(Entity.ITEM, item.uid)}
    assert reasons["THEIRS"] == "mine was kept"


async def test_editing_a_field_in_conflict_settles_it(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(12)
    await world.admin.inventory.update(item.uid, {"location": "THEIRS"})
    await shop.edit(Entity.ITEM, item.uid, {"location": "MINE"})
    await world.stuck(OpState.CONFLICT)
    await shop.edit(Entity.ITEM, item.uid, {"location": "BOTH"})
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "BOTH"


async def test_a_conflict_holds_up_nothing_else(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(13)
    await world.admin.inventory.update(item.uid, {"location": "THEIRS"})
    await shop.edit(Entity.ITEM, item.uid, {"location": "MINE"})
    await world.stuck(OpState.CONFLICT)
    await shop.edit(Entity.ITEM, item.uid, {"condition_notes": "past it"})
    await world.stuck(OpState.CONFLICT)
    assert (await world.on_server(item.uid)).condition_notes == "past it"


async def test_the_same_change_on_both_sides_is_no_conflict_and_not_sent(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(14)
    await world.admin.inventory.update(item.uid, {"price_item_usd": "77"})
    await shop.edit(Entity.ITEM, item.uid, {"price_item_usd": Decimal("77.00")})
    await world.delivered()
    assert world.proxy.seen("PATCH ") == 0


async def test_a_refused_edit_shows_its_reason_at_the_field_and_blocks_no_other(world: World) -> None:
    shop = await world.open()
    item, other = await world.an_item(0, status="sold"), await world.an_item(16)
    await shop.edit(Entity.ITEM, item.uid, {"status": "listed", "location": "SHELF"})  # only the server knows
    await world.stuck(OpState.REFUSED)
    (refused,) = shop.operations()
    assert list(refused.errors) == ["status"]
    assert refused.errors["status"][0]
    assert world.item(item.uid)[1].refused
    assert shop.counts().needs_user == 1

    await shop.edit(Entity.ITEM, other.uid, {"location": "FREE"})
    await until(lambda: len(shop.operations()) == 1)
    assert (await world.on_server(other.uid)).location == "FREE"

    await shop.edit(Entity.ITEM, item.uid, {"status": "sold"})
    await world.delivered()
    there = await world.on_server(item.uid)
    assert (there.status, there.location) == ("sold", "SHELF")


async def test_a_key_that_is_refused_pauses_everything_and_loses_nothing(world: World) -> None:
    admin_shop = await world.open()
    made = await world.admin.keys.create("short-lived")
    await world.leave()
    assert made.key is not None
    world.key = made.key
    shop = await world.enter()
    item, other = await world.an_item(17), await world.an_item(18)
    await world.admin.keys.delete(made.id)
    await shop.edit(Entity.ITEM, item.uid, {"location": "PAUSED-1"})
    await shop.edit(Entity.ITEM, other.uid, {"location": "PAUSED-2"})
    await until(lambda: shop.state.kind is Kind.SIGNED_OUT)
    await until(lambda: not shop.counts().sending)
    assert [one.attempts for one in shop.operations()] == [0, 0]
    assert "changes are kept" in shop.state.message
    await world.leave()

    world.key = world.server.api_key
    shop = await world.enter()
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "PAUSED-1"
    assert (await world.on_server(other.uid)).location == "PAUSED-2"
    assert admin_shop is not shop


async def test_an_edit_of_a_record_that_is_gone_says_so_and_can_be_dropped(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(0, status="received")
    await world.admin.inventory.delete(item.uid)
    await shop.edit(Entity.ITEM, item.uid, {"location": "NOWHERE"})
    await world.stuck(OpState.CONFLICT)
    assert "no longer on the server" in shop.operations()[0].message
    assert world.item(item.uid)[0].location == "NOWHERE"
    await shop.discard(shop.operations()[0].uuid)
    assert shop.row(Entity.ITEM, item.uid) is None
    assert [one.value for one in shop.history(Entity.ITEM, item.uid)] == ["NOWHERE"]


async def test_an_edit_taken_back_before_it_was_sent_leaves_nothing_to_send(world: World) -> None:
    shop = await world.open()
    item = await world.an_item(19)
    shop.work_offline(True)
    edited = await shop.edit(Entity.ITEM, item.uid, {"location": "OOPS"})
    await shop.edit(Entity.ITEM, item.uid, edited.before)
    assert shop.operations() == []
    shown, mark = world.item(item.uid)
    assert (shown.location, mark.pending) == (item.location, 0)


async def test_a_new_item_is_made_once_and_its_edits_follow_it(world: World) -> None:
    shop = await world.open()
    product = (await world.an_item(20)).product
    assert product is not None
    shop.work_offline(True)
    fields = {"product": {"uid": product.uid}, "condition_item": "nm"}
    made = await create(shop, Entity.ITEM, fields, product.title)
    await shop.edit(Entity.ITEM, made.uid, {"location": "NEW-1"})
    world.proxy.fail("POST ", Fault.DROP_REPLY)
    shop.work_offline(False)
    await world.delivered()
    sku = made.payload["fields"]["manual_sku"]
    page = await world.admin.inventory.page(Query(Entity.ITEM, search=sku))
    assert [(one.data.manual_sku, one.data.location) for one in page.records] == [(sku, "NEW-1")]
    assert world.proxy.seen("POST ") == 1


async def test_a_retry_that_comes_due_while_the_sender_looks_is_not_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, readings = world.now(), 0

    def stepping() -> datetime:
        nonlocal readings
        readings += 1
        return begun + timedelta(milliseconds=10 * readings)

    monkeypatch.setattr(world, "now", stepping)
    shop = await world.open()
    item = await world.an_item(14)
    for tenths in range(20):  # of a millisecond: somewhere the time falls between two readings
        wait = 0.0101 + tenths / 1000 * 3
        monkeypatch.setattr(Pace, "delay", lambda _pace, _failures, wait=wait: wait)
        world.proxy.fail("PATCH ", Fault.RESET, times=2)
        await shop.edit(Entity.ITEM, item.uid, {"location": f"DUE-{tenths}"})
        await world.delivered()
    assert (await world.on_server(item.uid)).location == "DUE-19"


FULL = Answer(507, body=b'{"detail": "The disk is full."}')


async def test_a_server_without_room_holds_up_what_is_to_be_stored_and_nothing_else(world: World) -> None:
    world.pace = msgspec.structs.replace(FAST, when_full=600)
    shop = await world.open()
    first, second = await world.an_item(20), await world.an_item(21)
    world.proxy.answer("PATCH ", FULL)
    await shop.edit(Entity.ITEM, first.uid, {"location": "KEPT"})
    await world.stuck(OpState.RETRY)
    (waits,) = shop.operations()
    assert "no room left" in waits.message
    assert (waits.attempts, waits.retry_at is not None) == (0, True)
    await shop.edit(Entity.ITEM, second.uid, {"location": "KEPT"})
    assert shop.held
    assert shop.full is not None
    assert await shop.refresh(Entity.ITEM, first.uid)
    assert (shop.state.kind, world.proxy.seen("PATCH ")) == (Kind.ONLINE, 1)
    assert [world.item(one.uid)[0].location for one in (first, second)] == ["KEPT", "KEPT"]
    assert {one.state for one in shop.operations()} == {OpState.RETRY, OpState.QUEUED}


async def test_what_had_no_room_is_sent_once_there_is_some(world: World) -> None:
    world.pace = msgspec.structs.replace(FAST, when_full=0.05)
    shop = await world.open()
    item = await world.an_item(20)
    world.proxy.answer("PATCH ", FULL, times=3)
    await shop.edit(Entity.ITEM, item.uid, {"location": "KEPT"})
    await world.delivered()
    assert world.proxy.seen("PATCH ") == 4
    assert (await world.on_server(item.uid)).location == "KEPT"


@pytest.mark.parametrize("way", ["send now", "retry", "refresh"])
async def test_a_server_without_room_is_asked_at_once_when_somebody_wants_it(world: World, way: str) -> None:
    world.pace = msgspec.structs.replace(FAST, when_full=600)
    shop = await world.open()
    items = [await world.an_item(at) for at in (20, 21, 22)]
    world.proxy.answer("PATCH ", FULL, times=2)
    await shop.edit(Entity.ITEM, items[0].uid, {"location": "ASKED"})
    await world.stuck(OpState.RETRY)
    for item in items[1:]:
        await shop.edit(Entity.ITEM, item.uid, {"location": "ASKED"})

    async def ask() -> None:
        match way:
            case "send now":
                await shop.send_now()
            case "retry":
                await shop.retry(shop.operations()[0].uuid)
            case _:
                shop.ask_again()

    assert world.proxy.seen("PATCH ") == 1
    await ask()
    await until(lambda: world.proxy.seen("PATCH ") == 2 and not shop.counts().sending)
    assert (len(shop.operations()), shop.held) == (3, True)  # one was asked with, in vain
    await ask()
    await world.delivered()
    assert shop.full is None
    assert not shop.held
