"""Every kind of operation, with every way in which its request or its answer can be lost."""

from collections.abc import Callable

import pytest

from instica_desktop.core.operations import OpKind
from tests.faults.acts import ACTS
from tests.faults.shops import QUICK, FaultyWorld
from tests.support.fault_proxy import PORTAL, Answer, Fault, FaultProxy

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


@pytest.mark.parametrize("kind", ACTS, ids=lambda kind: kind.value)
async def test_it_is_carried_out_exactly_once(world: FaultyWorld, kind: OpKind) -> None:
    world.pace = QUICK
    shop = await world.open()
    act = ACTS[kind]
    item = (await world.some_items(0))[list(ACTS).index(kind)]
    for number, (what, fail) in enumerate(WAYS.items(), 100 * list(ACTS).index(kind)):
        subject = await act.ready(world, item, number)
        shop.work_offline(True)
        holds = await act.do(world, subject, number)
        (operation,) = shop.operations()
        assert operation.kind is kind
        fail(world.proxy, act.writes)
        before = world.proxy.seen(act.writes)
        shop.work_offline(False)
        await world.delivered()
        assert await holds(), what
        assert world.counting.times(operation) == 1, what
        assert world.proxy.seen(act.writes) > before, what
        world.proxy.heal()
