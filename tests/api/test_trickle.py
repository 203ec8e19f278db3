"""Answers that trickle: too slow to wait for, however long one waits. A slow but steady one arrives whole."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from instica_desktop.api.transport import SLOWEST, Flow, HttpxTransport, Request, Response
from instica_desktop.core.errors import ReplyLost

SILENCE = 0.4
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
Answer = Callable[[asyncio.StreamWriter], "asyncio.Future[None]"]


async def drip(writer: asyncio.StreamWriter, content: bytes, size: int, gap: float) -> None:
    """Write a few bytes at a time."""
    for at in range(0, len(content), size):
        writer.write(content[at : at + size])
        await writer.drain()
        await asyncio.sleep(gap)


@asynccontextmanager
async def server(quick: bytes, slow: bytes, size: int, gap: float) -> AsyncIterator[str]:
    """Answer every request: `quick` at once, then `slow` piece by piece; give the address."""
    ended: list[asyncio.Task[None]] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        ended.append(task)
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(quick)
            await drip(writer, slow, size, gap)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/"
    finally:
        listening.close()
        for task in ended:
            task.cancel()
        await asyncio.gather(*ended, return_exceptions=True)


async def fetched(url: str, *, connect: float = 0.1) -> Response:
    transport = HttpxTransport(connect=connect, silence=SILENCE)
    try:
        async with asyncio.timeout(20):
            return await transport.send(Request("GET", url, {}, loopback=True))
    finally:
        await transport.aclose()


def test_a_body_of_one_byte_now_and_then_is_given_up() -> None:
    async def run() -> None:
        async with server(HEAD % 100_000, b"x" * 100_000, size=1, gap=0.02) as url:
            with pytest.raises(ReplyLost) as caught:
                await fetched(url)
            assert "too slowly" in caught.value.message
            assert "bytes a second" in caught.value.details

    asyncio.run(run())


def test_a_head_of_one_byte_now_and_then_is_given_up() -> None:
    async def run() -> None:
        async with server(b"", HEAD % 0 + b"X-Never: " * 10_000, size=1, gap=0.02) as url:
            with pytest.raises(ReplyLost) as caught:
                await fetched(url)
            assert "no head" in caught.value.details

    asyncio.run(run())


def test_a_large_answer_over_a_slow_line_arrives_whole() -> None:
    size = 60_000

    async def run() -> Response:
        async with server(HEAD % size, b"x" * size, size=1_000, gap=SILENCE * 3 / 60) as url:
            return await fetched(url)

    response = asyncio.run(run())
    assert len(response.body) == size
    assert response.waited > 0


def test_the_rate_is_looked_at_in_windows_and_never_over_the_whole() -> None:
    now = [0.0]
    flow = Flow(30.0, lambda: now[0])
    received = 0
    for _ in range(200):  # an hour and forty minutes of just enough
        now[0] += 30.0
        received += 30 * SLOWEST
        flow.note(received)
    now[0] += 29.0
    flow.note(received + 1)  # a pause within a window
    now[0] += 1.0
    with pytest.raises(ReplyLost):
        flow.note(received + 30)
