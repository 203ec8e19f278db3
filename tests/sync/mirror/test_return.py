"""The connection or the session comes back: what is open is looked at at once, and so is everything else."""

from collections.abc import Callable

import pytest

from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.sync import Kind, Results
from tests.support.fault_proxy import Answer, Fault
from tests.sync.mirror.conftest import settled
from tests.sync.world import World, until

ITEMS, PRODUCTS = Query(Entity.ITEM), Query(Entity.PRODUCT)
TO_SHIP = Query(Entity.ORDER).with_filter("status", ["awaiting_shipment"])
ALWAYS = 9999

Break = Callable[[World], None]


def key_refused(world: World) -> None:
    world.proxy.answer("", Answer(401, body=b'{"detail": "Invalid API key."}'), times=ALWAYS)


def network_gone(world: World) -> None:
    world.proxy.fail("", Fault.RESET, times=ALWAYS)


def portal(world: World) -> None:
    world.proxy.fail("", Fault.CAPTIVE, times=ALWAYS)


def server_trouble(world: World) -> None:
    world.proxy.answer("", Answer(503), times=ALWAYS)


def by_choice(world: World) -> None:
    world.shop.work_offline(True)


WAYS: dict[Kind, Break] = {
    Kind.SIGNED_OUT: key_refused,
    Kind.OFFLINE: network_gone,
    Kind.CAPTIVE: portal,
    Kind.TROUBLE: server_trouble,
}


async def copied(world: World) -> tuple[Results, Results, Results]:
    """Have the whole shop here, and a list of each kind open that the copy stands for."""
    await world.open()
    world.shop.mirror.start()
    await settled(world)
    items, products, orders = [await world.seen(query) for query in (ITEMS, PRODUCTS, TO_SHIP)]
    assert items.from_copy
    assert products.from_copy
    assert orders.from_copy
    return items, products, orders


async def away(world: World, kind: Kind) -> None:
    """Lose the connection in one way."""
    WAYS[kind](world)
    world.shop.try_now()
    await until(lambda: world.shop.state.kind is kind, lambda: str(world.shop.state))


async def changed_elsewhere(world: World, number: str) -> Callable[[], bool]:
    """Change one record of each kind on the server; return what tells whether all of it is seen here."""
    item = (await world.admin.inventory.page(ITEMS, 1, 1)).records[0].data
    product = (await world.admin.products.page(PRODUCTS, 1, 1)).records[0].data
    order = await world.an_order()
    await world.admin.inventory.update(item.uid, {"location": number})
    await world.admin.products.update(product.uid, {"title": number})
    await world.admin.orders.add_shipment(order.uid, {"carrier": "dhl", "tracking_number": number})

    def seen() -> bool:
        shown = world.shop.row(Entity.PRODUCT, product.uid)
        assert shown is not None
        assert isinstance(shown.data, Product)
        fresh = world.item(item.uid)[0].location == number and shown.data.title == number
        return fresh and world.order(order.uid).status == "shipped"

    return seen


@pytest.mark.parametrize("kind", WAYS)
async def test_whatever_the_way_back_every_list_is_fresh_at_once(own_world: World, kind: Kind) -> None:
    world = own_world
    _, _, orders = await copied(world)
    before = orders.number
    await away(world, kind)
    seen = await changed_elsewhere(world, f"BACK-{len(kind)}")
    assert not seen()
    world.proxy.heal()
    world.shop.try_now()
    await until(seen, "a kind of record waits for its own time")
    await until(lambda: orders.number == (before or 0) - 1)


async def test_going_online_again_makes_every_list_fresh_at_once(own_world: World) -> None:
    world = own_world
    _, _, orders = await copied(world)
    before = orders.number
    by_choice(world)
    seen = await changed_elsewhere(world, "ONLINE-1")
    world.shop.work_offline(False)
    await until(seen, "a kind of record waits for its own time")
    await until(lambda: orders.number == (before or 0) - 1)


async def test_what_is_open_is_asked_for_at_once_whoever_works_on_it(own_world: World) -> None:
    world = own_world
    lists = await copied(world)
    for results in lists:
        uid = (await results.uids())[0]
        row = frozenset({results.ids[0]})
        results.on_changes(Changes(results.query.entity, row, frozenset({uid}), origin=Origin.LOCAL))
    by_choice(world)
    world.shop.work_offline(False)
    await until(lambda: all(results.from_server for results in lists))


async def test_the_copy_stands_for_the_server_again_once_it_has_looked(own_world: World) -> None:
    world = own_world
    lists = await copied(world)
    by_choice(world)
    at_once: list[bool] = []

    def back() -> None:
        if world.shop.state.can_read and not at_once:
            fresh = any(world.shop.mirror.fresh(entity) for entity in Entity)
            at_once.append(fresh or any(results.from_copy for results in lists))

    world.shop.on_state.append(back)
    world.shop.work_offline(False)
    await until(lambda: at_once)
    assert at_once == [False]
    await until(lambda: all(results.from_copy and not results.from_server for results in lists))
