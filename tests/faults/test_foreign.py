"""A server that knows the published calls only, or lacks one path: the app does without, and says so.

It stays online, asks again rarely, holds what cannot be delivered with its reason, and delivers it once the
server has the path.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

import pytest

from instica_desktop.core.errors import ASK_AGAIN
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import GONE, Operation, OpKind, OpState
from instica_desktop.core.query import Query
from instica_desktop.sync import Kind, Shop
from tests.api.endpoints import ENDPOINTS, Endpoint
from tests.faults.acts import ACTS, Check
from tests.faults.shops import QUICK, FaultyWorld
from tests.support.fault_proxy import PORTAL, Answer, is_of
from tests.sync.mirror.conftest import look, settled
from tests.sync.world import until

ANSWERS = {
    404: Answer(404, body=b'{"detail": "Not found."}'),
    405: Answer(405, body=b'{"detail": "Method not allowed."}'),
    501: Answer(501, body=b'{"detail": "Not implemented."}'),
}
FORBIDDEN = Answer(403, body=b'{"detail": "Not for this key."}')
ITEM, PRODUCT, ORDER = "/api/v1/inventory/{uid}/", "/api/v1/products/{uid}/", "/api/v1/orders/{uid}/"
PHOTOS, OFFERS, PARCELS = f"{ITEM}assets/", f"{ITEM}listings/", f"{ORDER}shipments/"
NEEDS: dict[OpKind, tuple[str, ...]] = {
    OpKind.UPDATE: (f"PATCH {ITEM}",),
    OpKind.DELETE: (f"DELETE {ITEM}",),
    OpKind.ADD_PHOTO: (f"GET {PHOTOS}", f"POST {PHOTOS}"),
    OpKind.REMOVE_PHOTO: (f"DELETE {PHOTOS}{{asset}}/",),
    OpKind.ORDER_PHOTOS: (f"POST {PHOTOS}reorder/",),
    OpKind.PRIMARY_PHOTO: (f"PATCH {PHOTOS}{{asset}}/",),
    OpKind.ADD_SHIPMENT: (f"GET {PARCELS}", f"POST {PARCELS}", f"GET {ORDER}"),
    OpKind.REMOVE_SHIPMENT: (f"DELETE {PARCELS}{{shipment}}/",),
    OpKind.EDIT_SHIPMENT: (f"PATCH {PARCELS}{{shipment}}/",),
    OpKind.ADD_LISTING: (f"POST {OFFERS}",),
    OpKind.REVISE_LISTING: (f"GET {OFFERS}", f"PATCH {OFFERS}{{listing}}/"),
    OpKind.DELIST: (f"POST {OFFERS}{{listing}}/delist/",),
    OpKind.PRODUCT_IMAGE: (f"POST {PRODUCT}image/", f"GET {PRODUCT}"),
}
"""What each kind of edit cannot do without, of what is not published."""
READS = ("GET /api/v1/platforms/", "GET /api/v1/subscriptions/status/", f"GET {PRODUCT}", f"GET {ORDER}")
LISTS = {
    Entity.PRODUCT: "/api/v1/products/",
    Entity.ITEM: "/api/v1/inventory/",
    Entity.ORDER: "/api/v1/orders/",
}
OURS = [endpoint for endpoint in ENDPOINTS if endpoint.mark == "O"]
CASES = [(kind, endpoint) for kind, endpoints in NEEDS.items() for endpoint in endpoints]


def _name(value: Any) -> str:
    match value:
        case Answer():
            return str(value.status)
        case (OpKind() as kind, str(endpoint)):
            return f"{kind.value} without {endpoint}"
        case list():
            return "all"
        case _:
            return str(value)


def _each(cases: Sequence[Any], answers: Collection[Any]) -> list[Any]:
    """Return each case with each answer; one answer of each, in turns, is for every run."""
    return [
        pytest.param(
            case,
            answer,
            id=f"{_name(case)}-{_name(answer)}",
            marks=[] if at % len(answers) == turn else pytest.mark.long,
        )
        for at, case in enumerate(cases)
        for turn, answer in enumerate(answers)
    ]


def _parted(endpoint: str) -> tuple[str, str]:
    method, _, path = endpoint.partition(" ")
    return method, path


def _tries(endpoint: str, status: int) -> int:
    """Return how often an endpoint is asked for until it counts as lacking: two other records are tried."""
    return 3 if status == 404 and endpoint in (f"GET {PRODUCT}", f"GET {ORDER}") else 1


class Watch:
    """How the connection stood since it was first there."""

    def __init__(self, shop: Shop) -> None:
        self.kinds: set[Kind] = {shop.state.kind}
        shop.on_state.append(lambda: self.kinds.add(shop.state.kind))

    def assert_online(self) -> None:
        """Fail when it was ever shown as anything else, but for the user's own choice."""
        assert self.kinds <= {Kind.ONLINE, Kind.CONNECTING, Kind.OFFLINE}


async def _waiting(world: FaultyWorld, kind: OpKind, number: int) -> tuple[Operation, Check]:
    """Do an act while offline."""
    item = (await world.some_items(20))[list(ACTS).index(kind) % 10]
    act, before = ACTS[kind], {one.uuid for one in world.shop.operations()}
    subject = await act.ready(world, item, number)
    world.shop.work_offline(True)
    holds = await act.do(world, subject, number)
    (operation,) = [one for one in world.shop.operations() if one.uuid not in before]
    return operation, holds


async def _started_anew(world: FaultyWorld) -> Shop:
    """Start the app anew, offline: it has never seen of this server what it lacks."""
    await world.leave()
    shop = await world.enter(online=False)
    world.fetch_through_proxy()
    return shop


async def _something_else(world: FaultyWorld, kind: OpKind) -> None:
    """Deliver an edit that needs none of the paths a kind of edit needs."""
    (held,) = world.shop.operations()
    item = (await world.some_items(21))[0]
    if kind is OpKind.PRODUCT_IMAGE:
        await world.shop.edit(Entity.ITEM, item.uid, {"location": f"ELSE-{held.uuid[:8]}"})
    else:
        assert item.product
        await world.shop.refresh(Entity.PRODUCT, item.product.uid)
        await world.shop.edit(Entity.PRODUCT, item.product.uid, {"catalog_number": f"ELSE {held.uuid[:8]}"})
    await until(lambda: [one.uuid for one in world.shop.operations()] == [held.uuid])


async def _an_hour_later(world: FaultyWorld, seconds: float = ASK_AGAIN + 1) -> None:
    world.clock.wrong_by += timedelta(seconds=seconds)
    world.hasty.now += seconds
    await world.shop.send_now()


@pytest.mark.parametrize(("case", "status"), _each(CASES, ANSWERS))
async def test_an_act_on_a_lacking_path_is_held_and_said_and_goes_out_once_it_is_there(
    world: FaultyWorld, case: tuple[OpKind, str], status: int
) -> None:
    (kind, lacking), world.pace = case, QUICK
    await world.open()
    number = 10 * CASES.index(case) + list(ANSWERS).index(status)
    operation, holds = await _waiting(world, kind, number)
    method, path = _parted(lacking)
    world.proxy.lack(method, path, ANSWERS[status])
    shop, before = await _started_anew(world), world.proxy.asked(method, path)
    watch = Watch(shop)
    shop.work_offline(False)
    await world.stuck(OpState.REFUSED)
    (held,) = shop.operations()
    assert "This server does not offer" in held.message
    assert held.theirs != GONE
    assert shop.row(operation.entity, operation.uid) is not None
    assert world.counting.times(operation) == 0
    asked = world.proxy.asked(method, path)
    assert asked - before <= _tries(lacking, status)

    await _an_hour_later(world, ASK_AGAIN / 2)
    await _something_else(world, kind)
    assert world.proxy.asked(method, path) == asked

    world.proxy.offer()
    await _an_hour_later(world)
    await world.delivered()
    assert await holds()
    assert world.counting.times(operation) == 1
    watch.assert_online()


async def test_trying_again_asks_again_at_once(world: FaultyWorld) -> None:
    world.pace = QUICK
    shop = await world.open()
    operation, holds = await _waiting(world, OpKind.ADD_SHIPMENT, 777)
    world.proxy.lack("GET", PARCELS, ANSWERS[404])
    shop.work_offline(False)
    await world.stuck(OpState.REFUSED)
    await shop.retry(operation.uuid)
    await world.stuck(OpState.REFUSED)
    await until(lambda: world.proxy.asked("GET", PARCELS) == 2)
    world.proxy.offer()
    await shop.retry(operation.uuid)
    await world.delivered()
    assert await holds()


async def test_dropping_a_parcel_that_is_held_keeps_the_order(world: FaultyWorld) -> None:
    world.pace = QUICK
    shop = await world.open()
    operation, _ = await _waiting(world, OpKind.ADD_SHIPMENT, 778)
    world.proxy.lack("POST", PARCELS, ANSWERS[404])
    shop.work_offline(False)
    await world.stuck(OpState.REFUSED)
    await shop.discard(operation.uuid)
    assert shop.operations() == []
    assert world.order(operation.uid).status == "awaiting_shipment"


@pytest.mark.parametrize("status", ANSWERS)
async def test_no_record_leaves_where_none_can_be_asked_for(world: FaultyWorld, status: int) -> None:
    world.pace = QUICK
    shop = await world.open()
    order = await world.an_order()
    world.proxy.lack("GET", ORDER, ANSWERS[status])
    assert not await shop.refresh(Entity.ORDER, order.uid)
    assert shop.row(Entity.ORDER, order.uid) is not None
    assert shop.state.kind is Kind.ONLINE


async def test_a_record_leaves_once_others_can_be_asked_for(world: FaultyWorld) -> None:
    world.pace = QUICK
    shop = await world.open()
    order = await world.an_order()
    world.proxy.answer(f"GET /api/v1/orders/{order.uid}/", ANSWERS[404])
    assert await shop.refresh(Entity.ORDER, order.uid)
    assert shop.row(Entity.ORDER, order.uid) is None


# ------------------------------------------------------------ reading


async def _copied(world: FaultyWorld) -> None:
    """Copy the shop, and look twice more for changes."""
    world.shop.mirror.start()
    await settled(world)
    await look(world, 2)


async def _counts(world: FaultyWorld) -> dict[Entity, int]:
    admin = world.admin
    sections = {Entity.PRODUCT: admin.products, Entity.ITEM: admin.inventory, Entity.ORDER: admin.orders}
    return {entity: (await section.page(Query(entity), 1, 1)).count for entity, section in sections.items()}


@pytest.mark.parametrize(("lacking", "status"), _each(READS, ANSWERS))
async def test_the_shop_is_copied_without_what_a_server_lacks(
    world: FaultyWorld, lacking: str, status: int
) -> None:
    world.pace = QUICK
    shop = await world.open()
    watch = Watch(shop)
    method, path = _parted(lacking)
    world.proxy.lack(method, path, ANSWERS[status])
    await _copied(world)
    assert {entity: shop.known(entity) for entity in Entity} == await _counts(world)
    assert world.proxy.asked(method, path) <= _tries(lacking, status)
    assert shop.mirror.state.message == ""
    watch.assert_online()


@pytest.mark.parametrize(("entity", "answer"), _each([*LISTS], [FORBIDDEN, *ANSWERS.values()]))
async def test_a_kind_that_cannot_be_listed_holds_up_no_other_and_is_asked_for_rarely(
    world: FaultyWorld, entity: Entity, answer: Answer
) -> None:
    world.pace = QUICK
    shop = await world.open()
    watch = Watch(shop)
    world.proxy.lack("GET", LISTS[entity], answer)
    shop.mirror.start()
    await settled(world)
    others = [one for one in Entity if one is not entity]
    assert [shop.mirror.complete(one) for one in others] == [True, True]
    assert not shop.mirror.complete(entity)
    assert not shop.mirror.state.copying
    assert world.proxy.asked("GET", LISTS[entity]) <= 2
    watch.assert_online()

    world.proxy.offer()
    await _an_hour_later(world)
    shop.mirror.look()
    await until(lambda: shop.mirror.complete(entity))
    assert shop.known(entity) == (await _counts(world))[entity]


async def test_a_page_in_place_of_one_path_is_no_portal(world: FaultyWorld) -> None:
    world.pace = QUICK
    shop = await world.open()
    watch = Watch(shop)
    world.proxy.lack("GET", "/api/v1/platforms/", PORTAL)
    await _copied(world)
    assert world.proxy.asked("GET", "/api/v1/platforms/") == 1
    assert shop.mirror.document("plan")
    watch.assert_online()


# ------------------------------------------------------------ everything at once


@pytest.mark.parametrize(("lacking", "status"), _each([OURS], ANSWERS))
async def test_a_server_of_the_published_calls_alone(
    world: FaultyWorld, lacking: list[Endpoint], status: int
) -> None:
    world.pace = QUICK
    await world.open()
    acts = await _all_waiting(world, 1000 + 100 * list(ANSWERS).index(status))
    for endpoint in lacking:
        world.proxy.lack(endpoint.method, endpoint.path, ANSWERS[status])
    shop, asked = await _started_anew(world), len(world.proxy.requests)
    watch = Watch(shop)
    shop.work_offline(False)
    await until(lambda: not shop.counts().waiting and not shop.counts().sending)
    await _copied(world)
    assert shop.mirror.state.complete
    held = {one.uuid: one for one in shop.operations()}
    (made,) = [one for one, _ in acts.values() if one.kind is OpKind.CREATE]
    assert held.keys() == acts.keys() - {made.uuid}
    assert {one.state for one in held.values()} == {OpState.REFUSED}
    assert all("This server does not offer" in one.message for one in held.values())
    assert await acts[made.uuid][1]()
    at_once = world.pace.sends_at_once  # edits that go out side by side ask side by side
    for endpoint in lacking:
        tried = sum(is_of(endpoint.method, endpoint.path, line) for line in world.proxy.requests[asked:])
        assert tried < _tries(f"{endpoint.method} {endpoint.path}", status) + at_once, endpoint
    world.proxy.offer()
    await _an_hour_later(world)
    await world.delivered()
    for operation, holds in acts.values():
        assert await holds(), operation.kind
        assert world.counting.times(operation) == 1, operation.kind
    watch.assert_online()


async def _all_waiting(world: FaultyWorld, number: int) -> dict[str, tuple[Operation, Check]]:
    """Do every kind of act while offline, each on a record of its own."""
    items = await world.some_items(22)
    in_turn = sorted(ACTS, key=[OpKind.ADD_SHIPMENT, OpKind.PRODUCT_IMAGE].__contains__)
    subjects: dict[OpKind, str] = {}
    for at, kind in enumerate(in_turn):  # an order that waits is left for the parcel that is only added
        world.shipped = ""
        subjects[kind] = await ACTS[kind].ready(world, items[at % len(items)], number + at)
    world.shop.work_offline(True)
    acts: dict[str, tuple[Operation, Check]] = {}
    for at, kind in reversed(list(enumerate(in_turn))):
        holds = await ACTS[kind].do(world, subjects[kind], number + at)
        (operation,) = [one for one in world.shop.operations() if one.uuid not in acts]
        assert operation.kind is kind
        acts[operation.uuid] = operation, holds
    return acts


async def test_every_endpoint_the_app_asks_for_is_tried_here(world: FaultyWorld) -> None:
    """What the app asks for besides needs a test above, as soon as it asks for it."""
    world.pace = QUICK
    shop = await world.open()
    for number, kind in enumerate(ACTS):
        _, holds = await _waiting(world, kind, 2000 + number)
        shop.work_offline(False)
        await world.delivered()
        assert await holds(), kind
    await _copied(world)
    tried = {_parted(endpoint) for _, endpoint in CASES} | {_parted(endpoint) for endpoint in READS}
    asked = {(one.method, one.path) for one in OURS if world.proxy.asked(one.method, one.path)}
    assert asked <= tried, asked - tried
    named = {(one.method, one.path) for one in OURS}
    assert {_parted(endpoint) for _, endpoint in CASES} <= named
    assert set(NEEDS) == set(OpKind) - {OpKind.CREATE}, "making a record is published"
