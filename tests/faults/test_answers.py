"""Servers that ask to slow down, fail, refuse, or are none: the queue waits, keeps everything and goes on."""

from datetime import timedelta

import msgspec
import pytest

from instica_desktop.core.models import Asset
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind, OpState
from instica_desktop.core.query import Query
from instica_desktop.sync import Kind, ShipmentDraft
from tests.faults.shops import QUICK, FaultyWorld, noise
from tests.support.fault_proxy import PORTAL, Answer
from tests.sync.world import until

SENTENCE = b'{"detail": "Request was throttled. Expected available in 42 seconds."}'
HOUR = {"Retry-After": "Mon, 06 Jul 2026 11:00:00 GMT", "Date": "Mon, 06 Jul 2026 10:00:00 GMT"}
SOON = {"Retry-After": "Mon, 06 Jul 2026 10:00:20 GMT", "Date": "Mon, 06 Jul 2026 10:00:00 GMT"}
PAST = {"Retry-After": "Mon, 06 Jul 2026 09:00:00 GMT", "Date": "Mon, 06 Jul 2026 10:00:00 GMT"}
DIALECTS = {
    "seconds": (Answer(429, {"Retry-After": "7"}), 7),
    "zero": (Answer(429, {"Retry-After": "0"}), 1),
    "a date": (Answer(429, SOON), 20),
    "a date that is past": (Answer(429, PAST), 1),
    "only a sentence": (Answer(429, body=SENTENCE), 42),
    "negative": (Answer(429, {"Retry-After": "-30"}), 10),
    "no number": (Answer(429, {"Retry-After": "later"}, b"slow down", "text/plain"), 10),
    "nothing at all": (Answer(429, body=b""), 10),
    "a page of a gateway": (Answer(429, body=b"<h1>Too many</h1>", media_type="text/html"), 10),
    "huge": (Answer(429, {"Retry-After": "99999999999999999999"}), 900),
    "a date in an hour": (Answer(429, HOUR), 900),
}
MOST_IN_THE_CLIENT = 60
"""Seconds the client waits by itself; what is longer is the queue's to wait."""


async def test_a_server_that_asks_to_slow_down_is_understood_in_every_dialect(world: FaultyWorld) -> None:
    world.pace = QUICK
    shop = await world.open()
    items = await world.some_items(1)
    for number, (name, (answer, seconds)) in enumerate(DIALECTS.items()):
        item, value = items[number % len(items)], f"SLOW-{number}"
        world.proxy.answer("PATCH ", answer)
        began, world.hasty.slept = world.clock(), []
        await shop.edit(Entity.ITEM, item.uid, {"location": value})
        if seconds > MOST_IN_THE_CLIENT:
            await world.stuck(OpState.RETRY)
            (waiting,) = shop.operations()
            assert waiting.attempts == 0, name
            assert waiting.retry_at is not None
            assert timedelta(0) <= waiting.retry_at - began - timedelta(seconds=seconds) < timedelta(20), name
            world.clock.wrong_by += timedelta(seconds=seconds)
            world.hasty.now += seconds
            await shop.send_now()
        await world.delivered()
        if seconds <= MOST_IN_THE_CLIENT:
            assert sum(world.hasty.slept) == pytest.approx(seconds), name
        assert (await world.on_server(item.uid)).location == value, name
        assert shop.state.kind is Kind.ONLINE, name
    world.counting.assert_once()


@pytest.mark.parametrize(
    "status", [502, *(pytest.param(status, marks=pytest.mark.long) for status in (503, 504, 408))]
)
async def test_a_server_of_which_three_in_ten_answers_fail(world: FaultyWorld, status: int) -> None:
    world.pace = msgspec.structs.replace(QUICK, readback_gap=0.01)
    shop = await world.open()
    items = await world.some_items(2)
    order = await world.an_order()
    shop.work_offline(True)
    for number, item in enumerate(items):
        await shop.edit(Entity.ITEM, item.uid, {"location": f"{status}-{number}"})
    await shop.add_photos(items[0].uid, [noise(status), noise(-status)])
    await shop.ship(order.uid, ShipmentDraft(carrier="ups", tracking_number=f"T-{status}"))
    sent = shop.operations()
    world.proxy.sometimes(0.3, Answer(status), seed=status)
    shop.work_offline(False)
    await world.delivered()
    world.proxy.heal()
    for number, item in enumerate(items):
        assert (await world.on_server(item.uid)).location == f"{status}-{number}", f"seed {status}"
    parcels = (await world.order_on_server(order.uid)).shipments
    assert [one.tracking_number for one in parcels] == [f"T-{status}"], f"seed {status}"
    assert [world.counting.times(operation) for operation in sent] == [1] * len(sent), f"seed {status}"


@pytest.mark.parametrize(
    ("status", "kind"), [(401, Kind.SIGNED_OUT), (402, Kind.PLAN_LAPSED)], ids=["401", "402"]
)
async def test_a_key_or_plan_refused_in_mid_queue_pauses_all_and_loses_nothing(
    world: FaultyWorld, status: int, kind: Kind
) -> None:
    world.pace = msgspec.structs.replace(QUICK, sends_at_once=1)
    shop = await world.open()
    items = (await world.some_items(3))[:6]
    shop.work_offline(True)
    for number, item in enumerate(items):
        await shop.edit(Entity.ITEM, item.uid, {"location": f"{status}-{number}"})
    edits = shop.operations()
    refused = Answer(status, body=b'{"detail": "Not now."}')
    world.proxy.answer("PATCH ", refused, skip=2, times=10)
    shop.work_offline(False)
    await until(lambda: shop.state.kind is kind)
    await until(lambda: not shop.counts().sending)
    left = shop.operations()
    assert [one.uuid for one in left] == [one.uuid for one in edits[2:]]
    assert {one.attempts for one in left} == {0}
    assert world.proxy.seen("PATCH ") == 3  # the first that was refused held the others back
    world.proxy.heal()
    shop.try_now()
    await world.delivered()
    assert [world.counting.times(operation) for operation in edits] == [1] * 6
    for number, item in enumerate(items):
        assert (await world.on_server(item.uid)).location == f"{status}-{number}"


async def test_a_captive_portal_changes_nothing_here_and_takes_nothing(world: FaultyWorld) -> None:
    world.pace = QUICK
    shop = await world.open()
    item = (await world.some_items(4))[0]
    known = (shop.known(Entity.ITEM), shop.row(Entity.ITEM, item.uid))
    thumbnail = world.through_proxy((await _photo(world, item.uid)).thumbnail or "")
    world.proxy.answer("", PORTAL, times=10**6)
    await shop.edit(Entity.ITEM, item.uid, {"location": "PORTAL"})
    results = shop.results(Query(Entity.ITEM))
    results.open()
    await until(lambda: shop.state.kind is Kind.CAPTIVE)
    assert "sign in" in shop.state.message
    assert await shop.image(thumbnail) is None
    results.refresh()
    await results.settled()
    assert shop.known(Entity.ITEM) == known[0]
    assert [one.kind for one in shop.operations()] == [OpKind.UPDATE]
    world.proxy.heal()
    shop.try_now()
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "PORTAL"
    await until(lambda: shop.state.kind is Kind.ONLINE)
    assert (await shop.image(thumbnail) or b"")[:1] != b"<"
    world.counting.assert_once()


async def _photo(world: FaultyWorld, uid: str) -> Asset:
    await world.shop.add_photos(uid, [noise(4711)])
    await world.delivered()
    return (await world.on_server(uid)).assets[0]
