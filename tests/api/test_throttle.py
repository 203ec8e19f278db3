"""Servers that ask to slow down, in every dialect; one host's wish slows all requests to it."""

import asyncio
from typing import Any

import pytest

from instica_desktop.api.throttle import retry_after
from instica_desktop.api.transport import Response
from instica_desktop.core import errors
from tests.api.scripted import ITEMS, Scripted, Wired, page, reply

ITEM = {"uid": "a"}
SENTENCE = "Request was throttled. Expected available in 30 seconds."
DATE = "Mon, 06 Jul 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "detail", "seconds"),
    [
        ({"retry-after": "7"}, SENTENCE, 7),
        ({"retry-after": "7.5"}, "", 7.5),
        ({"retry-after": "0"}, SENTENCE, 1),
        ({"retry-after": "999999"}, "", 900),
        ({"retry-after": "Mon, 06 Jul 2026 10:00:42 GMT", "date": DATE}, "", 42),
        ({"retry-after": "Mon, 06 Jul 2026 09:00:00 GMT", "date": DATE}, "", 1),
        ({"retry-after": "soon"}, SENTENCE, 30),
        ({}, SENTENCE, 30),
        ({}, "Slow down for 2 minutes, then 5 seconds.", 120),
        ({}, "Try again in 1 hour.", 900),
        ({}, "Too many requests.", 10),
        ({}, "", 10),
    ],
)
def test_every_dialect_is_understood(headers: dict[str, str], detail: str, seconds: float) -> None:
    assert retry_after(Response(429, headers), detail) == seconds


async def test_throttling_costs_no_attempt() -> None:
    slow = reply(429, {"detail": "Expected available in 3 seconds."})
    async with Scripted(*[slow] * 9, page(ITEM)) as server, Wired(server.url) as wired:
        assert (await wired.client.inventory.page(ITEMS)).count == 1
        assert wired.time.slept == [3.0] * 9


async def test_a_throttled_write_was_not_done_and_goes_out_later() -> None:
    async with (
        Scripted(reply(429, {}, Retry_After="5"), reply(201, ITEM)) as server,
        Wired(server.url) as wired,
    ):
        made = await wired.client.inventory.create({"product": "p"}, "once")
        assert made.record.data.uid == "a"
        assert [got.headers["idempotency-key"] for got in server.got] == ["once", "once"]
        assert wired.time.slept == [5.0]


async def test_a_long_wait_is_handed_to_the_caller_and_holds_for_the_whole_host() -> None:
    async with Scripted(reply(429, {}, Retry_After="600"), page(ITEM)) as server, Wired(server.url) as wired:
        with pytest.raises(errors.Throttled) as caught:
            await wired.client.inventory.page(ITEMS)
        assert caught.value.retry_after == 600
        assert "10 minutes" in caught.value.message
        assert wired.client.throttled_until == wired.time.now + 600
        with pytest.raises(errors.Throttled):
            await wired.client.products.get("p")
        assert len(server.got) == 1
        wired.time.now += 600
        assert wired.client.throttled_until is None
        assert (await wired.client.inventory.page(ITEMS)).count == 1


async def test_other_calls_wait_with_the_throttled_one() -> None:
    async with Scripted(reply(429, {}, Retry_After="20"), page(ITEM)) as server, Wired(server.url) as wired:
        first = asyncio.create_task(wired.client.inventory.page(ITEMS))
        await server.has_got(1)
        await first
        others = await asyncio.gather(*(wired.client.inventory.page(ITEMS) for _ in range(3)))
        assert [found.count for found in others] == [1, 1, 1]
        assert wired.time.slept == [20.0]


async def test_an_endless_throttle_ends_with_the_patience() -> None:
    async with Scripted(reply(429, {}, Retry_After="9")) as server, Wired(server.url, patience=30) as wired:
        with pytest.raises(errors.Throttled):
            await wired.client.inventory.page(ITEMS)
        assert len(server.got) == 4


async def test_a_busy_server_may_name_its_time() -> None:
    async with Scripted(reply(503, {}, Retry_After="30"), page(ITEM)) as server, Wired(server.url) as wired:
        assert (await wired.client.inventory.page(ITEMS)).count == 1
        assert sum(wired.time.slept) == 30


@pytest.mark.parametrize("header", [{"Sunset": DATE}, {"Deprecation": "@1793750400"}])
async def test_the_end_of_a_version_is_noticed(header: dict[str, Any]) -> None:
    async with Scripted(reply(200, {"status": "ok"}, **header)) as server, Wired(server.url) as wired:
        await wired.client.health.check()
        assert wired.client.notice == next(iter(header.values()))
