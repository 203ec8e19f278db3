"""A tiny HTTP server on loopback that does what a script says, faults included, and remembers what it got."""

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from instica_desktop.api import HttpxTransport, InsticaClient, Retries
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query

KEY = "ik_live_0123456789abcdef"
ITEMS = Query(Entity.ITEM)


@dataclass
class Got:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Step = Callable[[Got, asyncio.StreamWriter], Awaitable[None]]
"""Answers one request, or does not."""


def reply(status: int = 200, body: Any = b"", content_type: str = "application/json", **more: str) -> Step:
    """Answer with a body (JSON unless bytes) and further headers (`retry_after` → `Retry-After`)."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Length": str(len(content)), **{k.replace("_", "-"): v for k, v in more.items()}}
    if content_type:
        headers["Content-Type"] = content_type
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return raw(f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode() + content)


def raw(content: bytes) -> Step:
    """Send these bytes."""

    async def step(_got: Got, writer: asyncio.StreamWriter) -> None:
        writer.write(content)
        await writer.drain()

    return step


def page(*records: Any) -> Step:
    """Answer with one page of records."""
    return reply(body={"count": len(records), "next": None, "previous": None, "results": list(records)})


def hang_up(content: bytes) -> Step:
    """Send these bytes and close."""

    async def step(_got: Got, writer: asyncio.StreamWriter) -> None:
        writer.write(content)
        await writer.drain()
        writer.close()

    return step


async def reset(_got: Got, writer: asyncio.StreamWriter) -> None:
    """Reset the connection instead of answering."""
    sock: socket.socket = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


truncate = hang_up(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"c')
"""Announce more than is sent, then close."""


async def silence(_got: Got, _writer: asyncio.StreamWriter) -> None:
    """Never answer."""
    await asyncio.Event().wait()


class Scripted:
    """Follows a script, one step per request; the last step repeats. `async with` starts and stops it."""

    def __init__(self, *steps: Step, tls: ssl.SSLContext | None = None) -> None:
        self._steps = list(steps)
        self._tls = tls
        self._tasks: set[asyncio.Task[None]] = set()
        self.got: list[Got] = []
        self.port = 0
        self._arrived = asyncio.Condition()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def has_got(self, count: int) -> None:
        """Wait until so many requests have come."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.got) >= count)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                got = await _read(reader)
                async with self._arrived:
                    self.got.append(got)
                    self._arrived.notify_all()
                step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
                await step(got, writer)
                if writer.is_closing():
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Got:
    start = await reader.readexactly(1)
    if start == b"\x16":  # the first byte of TLS: hang up, as servers of plain http do
        raise ConnectionError
    head = (start + await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Got(method, target, headers, body)


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)
        await asyncio.sleep(0)


class Wired:
    """A client of a scripted server, on a fake clock, with the longest jitter each time."""

    def __init__(self, url: str, *, key: str | None = KEY, seconds: float = 20.0, **more: Any) -> None:
        self.time = FakeTime()
        self.client = InsticaClient(
            url,
            key,
            transport=HttpxTransport(connect=seconds, silence=seconds),
            retry=Retries(pick=lambda _low, high: high),
            clock=self.time.clock,
            sleep=self.time.sleep,
            **more,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self.client.aclose()


def unused_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
