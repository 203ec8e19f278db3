"""Every kind of operation, with every way in which its request or its answer can be lost."""

from collections.abc import Callable

import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from tests.faults.acts import ACTS
from tests.faults.shops import QUICK, FaultyWorld
from tests.support.fault_proxy import PORTAL, Answer, Fault, FaultProxy
from tests.sync.world import until

ELSEWHERE = Answer(302, {"Location": "/somewhere-else/"}, b"")
WAYS: dict[str, Callable[[FaultProxy, str], None]] = {
    "nothing was sent": lambda proxy, begins: proxy.fail(begins, Fault.RESET),
    "the answer was lost": lambda proxy, begins: proxy.fail(begins, Fault.DROP_REPLY),
    "the answer was cut": lambda proxy, begins: proxy.fail(begins, Fault.CUT, after=60),
    "a captive portal took it": lambda proxy, begins: proxy.answer(begins, PORTAL),
    "a redirect took it": lambda proxy, begins: proxy.answer(begins, ELSEWHERE),
    "a redirect came after it was done": lambda proxy, begins: proxy.answer(begins, ELSEWHERE, done=True),
    "a gateway refused it": lambda proxy, begins: proxy.answer(begins, Answer(503)),
    "a gateway gave up waiting": lambda proxy, begins: proxy.answer(begins, Answer(504), done=True),
}


def test_every_kind_of_operation_has_its_act() -> None:
    assert set(ACTS) == set(OpKind), "a kind of operation without an act in tests/faults/acts.py"


def _some_ways(kind: OpKind) -> list[str]:
    """Return the loss of the answer, and some other ways: each meets some kinds, each kind some ways."""
    names, place = list(WAYS), list(ACTS).index(kind)
    others = {names[(3 * place + step) % len(names)] for step in range(3)}
    return [name for name in names if name in others or name == "the answer was lost"]


KINDS = pytest.mark.parametrize("kind", ACTS, ids=lambda kind: kind.value)


@KINDS
async def test_it_is_carried_out_exactly_once(world: FaultyWorld, kind: OpKind) -> None:
    await _exactly_once(world, kind, _some_ways(kind))


@pytest.mark.long
@KINDS
async def test_it_is_carried_out_exactly_once_in_every_way(world: FaultyWorld, kind: OpKind) -> None:
    await _exactly_once(world, kind, list(WAYS))


async def _exactly_once(world: FaultyWorld, kind: OpKind, ways: list[str]) -> None:
    world.pace = QUICK
    shop = await world.open()
    act = ACTS[kind]
    place = list(ACTS).index(kind)
    item = (await world.some_items(0))[place % 10]
    for number, what in enumerate(ways, 100 * place + len(ways)):
        subject = await act.ready(world, item, number)
        shop.work_offline(True)
        holds = await act.do(world, subject, number)
        (operation,) = shop.operations()
        assert operation.kind is kind
        WAYS[what](world.proxy, act.writes)
        before = world.proxy.seen(act.writes)
        shop.work_offline(False)
        await world.delivered()
        assert await holds(), what
        assert world.counting.times(operation) == 1, what
        assert world.proxy.seen(act.writes) > before, what
        world.proxy.heal()


async def test_a_status_walk_that_broke_off_goes_on_with_requests_of_their_own(world: FaultyWorld) -> None:
    world.pace = QUICK
    shop = await world.open()
    item = await world.an_item(status="draft")
    shop.work_offline(True)
    for changes in ({"status": "received"}, {"status": "ready-to-sell", "price_item_usd": "9.00"}):
        await shop.edit(Entity.ITEM, item.uid, changes)
    (operation,) = shop.operations()
    world.proxy.fail("PATCH ", Fault.DROP_REPLY)
    shop.work_offline(False)
    await world.delivered()
    assert (await world.on_server(item.uid)).status == "ready-to-sell"
    assert world.counting.times(operation) == 2
    world.counting.assert_once("a walk")


async def test_mine_kept_after_the_answer_was_lost_is_a_request_of_its_own(world: FaultyWorld) -> None:
    """A server that knows requests by their key would answer the old one again and change nothing."""
    world.pace = QUICK
    shop = await world.open(silence=0.5)
    item = (await world.some_items(0))[-1]
    world.proxy.fail("PATCH ", Fault.SILENCE)
    await shop.edit(Entity.ITEM, item.uid, {"location": "MINE"})
    await until(lambda: world.proxy.seen("PATCH ") == 1)
    while (await world.on_server(item.uid)).location != "MINE":
        pass
    await world.admin.inventory.update(item.uid, {"location": "THEIRS"})
    world.proxy.heal()
    await world.stuck(OpState.CONFLICT)
    (operation,) = shop.operations()
    await shop.resolve(operation.uuid, {"location": "mine"})
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "MINE"
    assert world.counting.times(operation) == 2
    world.counting.assert_once("mine was kept")
