"""An order that is shipped, here or known to be elsewhere, leaves the list of those to ship at once."""

from array import array

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.sync import Results, ShipmentDraft
from tests.sync.world import World, until

TO_SHIP = Query(Entity.ORDER).with_filter("status", ["awaiting_shipment"])
SHIPPED = Query(Entity.ORDER).with_filter("status", ["shipped"])


def draft(number: str) -> ShipmentDraft:
    return ShipmentDraft(carrier="usps", tracking_number=number)


def has(results: Results, uid: str) -> bool:
    """Tell whether an order is among the rows, which are as many as are counted."""
    uids = [row.uid for row in map(results.row, range(len(results.ids))) if row]
    assert len(results.ids) == results.count
    return uid in uids


async def test_a_shipped_order_moves_from_one_list_to_the_other_before_it_is_sent(own_world: World) -> None:
    shop = await own_world.open()
    uid = (await own_world.an_order(2)).uid
    waiting, shipped = await own_world.seen(TO_SHIP), await own_world.seen(SHIPPED)
    assert waiting.from_server
    assert waiting.count is not None
    assert shipped.count is not None
    before = (waiting.count, shipped.count)
    own_world.store.outbox.hold_back()  # connected, and nothing is sent: the server's pages stay as they are
    await shop.ship(uid, draft("MOVED-1"))
    for results in (waiting, shipped, await own_world.seen(TO_SHIP), await own_world.seen(SHIPPED)):
        ours = results.query == SHIPPED
        assert has(results, uid) is ours
        assert results.count == before[ours] + (1 if ours else -1)
        results.refresh()
        await results.settled()
        assert results.from_server
        assert has(results, uid) is ours
        assert results.count == before[ours] + (1 if ours else -1)

    await own_world.store.outbox.confirm()
    shop._added()  # pyright: ignore[reportPrivateUsage]
    await own_world.delivered()
    for results in (waiting, shipped):
        ours = results.query == SHIPPED
        assert has(results, uid) is ours
        assert results.count == before[ours] + (1 if ours else -1)
        results.refresh()
        await results.settled()
        assert has(results, uid) is ours
        assert results.count == before[ours] + (1 if ours else -1)


async def test_an_order_known_to_be_shipped_elsewhere_leaves_the_list(own_world: World) -> None:
    shop = await own_world.open()
    uid = (await own_world.an_order(1)).uid
    waiting = await own_world.seen(TO_SHIP)
    before = waiting.count
    assert before is not None
    await own_world.admin.orders.add_shipment(uid, {"carrier": "dhl", "tracking_number": "ELSE-1"})
    assert has(waiting, uid)
    await shop.refresh(Entity.ORDER, uid)
    assert not has(waiting, uid)
    assert waiting.count == before - 1


async def test_an_order_comes_back_where_it_stood_when_its_shipment_is_undone(own_world: World) -> None:
    shop = await own_world.open()
    uid = (await own_world.an_order(2)).uid
    waiting = await own_world.seen(TO_SHIP)
    at = waiting.index_of(uid)
    before = waiting.count
    own_world.store.outbox.hold_back()
    await shop.ship(uid, draft("BACK-1"))
    assert waiting.index_of(uid) is None
    await shop.unship(uid, own_world.order(uid).shipments[0].uid)
    assert (waiting.index_of(uid), waiting.count) == (at, before)
    await own_world.store.outbox.confirm()


async def test_offline_the_order_leaves_too(own_world: World) -> None:
    shop = await own_world.open()
    uid = (await own_world.an_order()).uid
    (await own_world.seen(TO_SHIP)).close()  # offline the list is as it was read last
    shop.work_offline(True)
    waiting = await own_world.seen(TO_SHIP)
    before = waiting.count
    assert before is not None
    await shop.ship(uid, draft("OFF-1"))
    assert not has(waiting, uid)
    assert waiting.count == before - 1
    assert (await own_world.seen(TO_SHIP)).count == before - 1
    shop.work_offline(False)
    await own_world.delivered()
    await until(lambda: waiting.count == before - 1 and not has(waiting, uid))


async def test_a_list_of_which_only_a_part_is_known_counts_an_order_that_moved_on_at_once(
    own_world: World,
) -> None:
    shop = await own_world.open()
    waiting = shop.results(TO_SHIP)
    waiting.open()
    await waiting.settled()
    uids = await waiting.uids()
    waiting.close()
    unseen = uids[-1]
    part = shop.results(TO_SHIP)
    part.open()
    await part.settled()
    assert part.from_server
    part._theirs[2:] = array("q", bytes(8 * (len(part._theirs) - 2)))  # pyright: ignore[reportPrivateUsage]
    part._lay_in()  # pyright: ignore[reportPrivateUsage]
    assert part.index_of(unseen) is None
    before, told = part.number, list[object]()
    assert before is not None
    assert before == len(uids)
    part.listeners.append(told.append)
    own_world.store.outbox.hold_back()
    await shop.ship(unseen, draft("UNSEEN-1"))
    assert part.number == before - 1
    assert told
    part.refresh()
    await part.settled()
    assert part.number == before - 1  # the server has it still
    await own_world.store.outbox.confirm()
    shop._added()  # pyright: ignore[reportPrivateUsage]
    await own_world.delivered()
    assert part.number == before - 1
    part.refresh()
    await part.settled()
    assert part.number == before - 1  # the server has counted it out
    part.close()
