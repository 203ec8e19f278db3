"""What the client does when the network or the server fails: the retry matrix, line by line."""

import asyncio

import pytest

from instica_desktop.core import errors
from tests.api.scripted import (
    ITEMS,
    Got,
    Scripted,
    Step,
    Wired,
    hang_up,
    page,
    reply,
    reset,
    silence,
    truncate,
    unused_port,
)

ITEM = {"uid": "a", "status": "draft"}
RETRY_WAITS = [1.0, 2.0, 4.0]


@pytest.mark.parametrize("fault", [reset, truncate, reply(503), reply(502), reply(504), reply(408)])
async def test_a_read_is_repeated_after_a_passing_fault(fault: Step) -> None:
    async with Scripted(fault, fault, page(ITEM)) as server, Wired(server.url) as wired:
        found = await wired.client.inventory.page(ITEMS)
        assert [record.data.uid for record in found.records] == ["a"]
        assert len(server.got) == 3
        assert wired.time.slept == RETRY_WAITS[:2]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (reset, errors.ReplyLost),
        (truncate, errors.ReplyLost),
        (reply(503), errors.ServerTrouble),
        (reply(500), errors.ServerTrouble),
        (reply(302, Location="/elsewhere"), errors.NotInstica),
        (reply(200, b"<html>sign in</html>", "text/html"), errors.NotInstica),
        (reply(201, b'{"uid": "a", "sta'), errors.ReplyLost),
    ],
)
async def test_a_write_with_an_unknown_outcome_is_sent_once(
    fault: Step, expected: type[errors.InsticaError]
) -> None:
    async with Scripted(fault) as server, Wired(server.url) as wired:
        with pytest.raises(expected):
            await wired.client.inventory.create({"product": "p"}, "key-1")
        with pytest.raises(expected):
            await wired.client.inventory.update("a", {"location": "A1"})
        assert [got.method for got in server.got] == ["POST", "PATCH"]
        assert wired.time.slept == []


async def test_a_delete_with_a_lost_reply_is_left_to_the_caller() -> None:
    async with Scripted(reset) as server, Wired(server.url) as wired:
        with pytest.raises(errors.ReplyLost):
            await wired.client.inventory.delete("a")
        assert len(server.got) == 1


async def test_what_was_not_sent_is_tried_again_even_a_write() -> None:
    async with Wired(f"http://127.0.0.1:{unused_port()}") as wired:
        with pytest.raises(errors.Unreachable) as caught:
            await wired.client.inventory.create({"product": "p"})
        assert wired.time.slept == RETRY_WAITS
        assert "Nothing answers" in caught.value.message


async def test_an_unknown_name_says_so() -> None:
    async with Wired("https://no-such-host.invalid") as wired:
        with pytest.raises(errors.Unreachable) as caught:
            await wired.client.account.me(retry=False)
        assert "name of the server was not found" in caught.value.message


async def test_https_to_a_plain_server_says_so() -> None:
    async with Scripted(page()) as server, Wired(f"https://127.0.0.1:{server.port}") as wired:
        with pytest.raises(errors.Unreachable) as caught:
            await wired.client.account.me(retry=False)
        assert "https" in caught.value.message


async def test_a_fault_of_the_server_is_repeated_twice_and_names_the_request() -> None:
    fault = reply(500, {"detail": "boom"}, X_Request_ID="req-77")
    async with Scripted(fault) as server, Wired(server.url) as wired:
        with pytest.raises(errors.ServerTrouble) as caught:
            await wired.client.inventory.page(ITEMS)
        assert caught.value.request_id == "req-77"
        assert "500" not in caught.value.message
        assert "500" in caught.value.details
        assert len(server.got) == 3


async def test_the_health_check_answers_at_once() -> None:
    async with Scripted(reply(503)) as server, Wired(server.url) as wired:
        with pytest.raises(errors.ServerTrouble):
            await wired.client.health.check()
        assert len(server.got) == 1
        assert "x-api-key" not in server.got[0].headers


async def test_retries_have_a_budget_per_host() -> None:
    async with Scripted(reply(503)) as server, Wired(server.url) as wired:
        for _ in range(8):
            with pytest.raises(errors.ServerTrouble):
                await wired.client.inventory.page(ITEMS)
        assert len(server.got) == 8 + 10


async def test_silence_ends_a_transfer() -> None:
    async with Scripted(silence) as server, Wired(server.url, seconds=0.2) as wired:
        with pytest.raises(errors.ReplyLost):
            await wired.client.inventory.create({"product": "p"})


@pytest.mark.long
async def test_a_slow_transfer_goes_on_as_long_as_bytes_come() -> None:
    body = b'{"count": 0, "next": null, "results": []' + b" " * 4_000 + b"}"

    async def trickle(_got: Got, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4041\r\n\r\n")
        for start in range(0, len(body), 100):
            writer.write(body[start : start + 100])
            await writer.drain()
            await asyncio.sleep(0.04)

    async with Scripted(trickle) as server, Wired(server.url, seconds=0.8) as wired:
        assert (await wired.client.inventory.page(ITEMS)).count == 0
        assert len(server.got) == 1


async def test_an_answer_without_length_that_breaks_off_is_read_again() -> None:
    half = hang_up(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"count": 1')
    async with Scripted(half, page(ITEM)) as server, Wired(server.url) as wired:
        assert (await wired.client.inventory.page(ITEMS)).count == 1


async def test_garbage_instead_of_http_is_a_lost_reply() -> None:
    async with Scripted(hang_up(b"220 mail.example ESMTP\r\n")) as server, Wired(server.url) as wired:
        with pytest.raises(errors.ReplyLost):
            await wired.client.inventory.create({"product": "p"})


async def test_cancelled_requests_give_their_slots_back() -> None:
    async with Scripted(*[silence] * 40, page(ITEM)) as server, Wired(server.url) as wired:
        calls = [asyncio.create_task(wired.client.inventory.page(ITEMS)) for _ in range(40)]
        for number in range(10):
            await server.has_got(4 * (number + 1))
            assert len(server.got) == 4 * (number + 1), "no more than four at once"
            for call in calls[4 * number : 4 * number + 4]:
                call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)
        assert (await wired.client.inventory.page(ITEMS)).count == 1


async def test_after_closing_nothing_is_sent() -> None:
    async with Scripted(page(ITEM)) as server, Wired(server.url) as wired:
        await wired.client.inventory.page(ITEMS)
        await wired.client.aclose()
        with pytest.raises(errors.NetworkError):
            await wired.client.inventory.page(ITEMS)
        assert len(server.got) == 1
        assert wired.time.slept == []
