"""A computer whose clock jumps by a day, forward or back, at any moment: nothing waits for it."""

from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpState
from instica_desktop.sync import Kind
from tests.faults.shops import QUICK, FaultyWorld
from tests.support.fault_proxy import Answer, Fault
from tests.sync.world import until

JUMPS = pytest.mark.parametrize("days", [1, -1], ids=["forward", "back"])


@JUMPS
async def test_an_operation_that_waits_for_its_time(world: FaultyWorld, days: int) -> None:
    world.pace = QUICK
    shop = await world.open()
    items = (await world.some_items(15))[:2]
    world.proxy.answer("PATCH ", Answer(429, {"Retry-After": "600"}))
    await shop.edit(Entity.ITEM, items[0].uid, {"location": f"CLOCK-{days}"})
    await world.stuck(OpState.RETRY)
    (waiting,) = shop.operations()
    world.clock.wrong_by += timedelta(days=days)
    world.hasty.now += 600
    await shop.edit(Entity.ITEM, items[1].uid, {"location": f"ALSO-{days}"})
    await world.delivered()
    assert (await world.on_server(items[0].uid)).location == f"CLOCK-{days}"
    assert (await world.on_server(items[1].uid)).location == f"ALSO-{days}"
    assert world.counting.times(waiting) == 1


async def test_a_pause_the_server_asks_for_holds_before_it_is_on_the_disk(
    world: FaultyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.pace = QUICK
    shop = await world.open()
    item = (await world.some_items(15))[4]
    note, pauses = world.store.outbox.set_state, list[datetime | None]()

    async def noted(uuid: str, state: OpState, **more: Any) -> Operation | None:
        if state is OpState.RETRY:
            pauses.append(shop.pause)
        return await note(uuid, state, **more)

    monkeypatch.setattr(world.store.outbox, "set_state", noted)
    world.proxy.answer("PATCH ", Answer(429, {"Retry-After": "600"}))
    await shop.edit(Entity.ITEM, item.uid, {"location": "PAUSE"})
    await world.stuck(OpState.RETRY)
    assert pauses == [shop.pause]
    assert shop.pause is not None


@JUMPS
async def test_a_connection_that_waits_for_its_next_try(world: FaultyWorld, days: int) -> None:
    world.pace = msgspec.structs.replace(QUICK, check_every=0.05, check_when_refused=0.05)
    shop = await world.open()
    item = (await world.some_items(15))[2]
    world.proxy.fail("", Fault.RESET, times=10**6)
    await until(lambda: shop.state.kind is Kind.OFFLINE)
    world.clock.wrong_by += timedelta(days=days)
    await shop.edit(Entity.ITEM, item.uid, {"location": f"OFF-{days}"})
    seen = world.proxy.seen("GET ")
    await until(lambda: world.proxy.seen("GET ") > seen + 2)
    world.proxy.heal()
    await world.delivered()
    assert (await world.on_server(item.uid)).location == f"OFF-{days}"


@JUMPS
async def test_a_clock_that_jumped_between_two_runs(world: FaultyWorld, days: int) -> None:
    world.pace = QUICK
    shop = await world.open()
    item = (await world.some_items(15))[3]
    world.proxy.answer("PATCH ", Answer(429, {"Retry-After": "600"}))
    await shop.edit(Entity.ITEM, item.uid, {"location": f"RUN-{days}"})
    await world.stuck(OpState.RETRY)
    await world.leave()
    world.clock.wrong_by += timedelta(days=days)
    world.hasty.now += 600
    await world.enter()
    await world.delivered()
    assert (await world.on_server(item.uid)).location == f"RUN-{days}"
