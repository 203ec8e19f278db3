"""Answers that come byte by byte and then not at all: said, worked around, and given up for others."""

import msgspec
import pytest

from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from instica_desktop.sync import Kind, slowness
from instica_desktop.sync.connection import SLOW, WORDS
from tests.faults.shops import QUICK, FaultyWorld
from tests.support.fault_proxy import Fault
from tests.sync.world import until

LISTS = "GET /api/v1/inventory/?"
STATUSES = ("draft", "received", "ready-to-sell", "listed")
"""As many lists as the client has requests under way at once; the copy of the shop wants one more."""


async def test_an_app_whose_every_answer_trickles_says_so_and_works_on(
    world: FaultyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slowness, "FLOOR", 0.2)
    world.pace = QUICK
    shop = await world.open(silence=0.6)
    item = (await world.some_items(44))[0]
    (await world.seen(Query(Entity.ITEM))).close()
    said: list[tuple[Kind, bool, str]] = []

    def say() -> None:
        said.append((shop.state.kind, shop.state.slow, shop.state.message))

    shop.on_state.append(say)
    world.proxy.fail("GET ", Fault.TRICKLE, times=10**6, after=20)
    results = shop.results(Query(Entity.ITEM))
    results.open()
    shop.try_now()
    say()
    await until(lambda: (Kind.ONLINE, True, SLOW) in said, f"{said}")
    await shop.edit(Entity.ITEM, item.uid, {"location": "SLOWLY"})
    await until(lambda: (Kind.OFFLINE, False, WORDS[Kind.OFFLINE]) in said, f"{said}")
    assert results.row(0) is not None
    shown, mark = world.item(item.uid)
    assert (shown.location, mark.pending) == ("SLOWLY", True)
    assert (await world.on_server(item.uid)).location != "SLOWLY"
    world.proxy.heal()
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "SLOWLY"
    await until(lambda: shop.state.kind is Kind.ONLINE and not results.loading and results.from_server)
    assert results.error is None
    world.counting.assert_once()


async def test_lists_that_trickle_leave_their_places_to_an_edit(world: FaultyWorld) -> None:
    world.pace = msgspec.structs.replace(QUICK, page=100)
    shop = await world.open(silence=0.4)
    item = (await world.some_items(44))[1]
    world.proxy.fail(LISTS, Fault.TRICKLE, times=10**6, after=10**9)
    lists = [shop.results(Query(Entity.ITEM).with_filter("status", [status])) for status in STATUSES]
    for one in lists:
        one.open()
    shop.mirror.start()
    await until(lambda: world.proxy.seen(LISTS) >= len(STATUSES), "the places were never taken")
    await shop.edit(Entity.ITEM, item.uid, {"location": "PAST THE TRICKLE"})
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "PAST THE TRICKLE"
    assert not any(one.from_server for one in lists)
    world.proxy.heal()
    shop.try_now()
    for one in lists:
        await until(lambda one=one: one.from_server and not one.loading, f"{one.query}: {one.error}")
        assert one.error is None
    await until(lambda: world.store.cache.mirror.progress(Entity.ITEM).pages)
    world.counting.assert_once()
