"""A TCP proxy in front of a real server that fails on purpose: late, cut off, reset, silent, reply lost.

    async with FaultProxy(server.port) as proxy:
        client = InsticaClient(proxy.url, key)
        proxy.fail("PATCH ", Fault.DROP_REPLY)       # the next PATCH is carried out, its answer never arrives
        ...
        assert proxy.seen("PATCH ") == 1

It speaks just enough HTTP to know where a request begins and to name the server's own port as the host.
"""

import asyncio
import struct
from dataclasses import dataclass, field
from enum import Enum, auto
from socket import SO_LINGER, SOL_SOCKET
from types import TracebackType
from typing import Self

_METHODS = (b"GET ", b"POST ", b"PATCH ", b"DELETE ", b"PUT ")


class Fault(Enum):
    """How a request fails."""

    RESET = auto()  # the connection breaks before anything reaches the server
    DROP_REPLY = auto()  # the server does it; the connection breaks before a byte of the answer
    CUT = auto()  # the server does it; the connection breaks after `after` bytes of the answer
    SILENCE = auto()  # the server does it; nothing ever comes back, and the connection stays open
    CAPTIVE = auto()  # somebody else answers with a page of HTML; nothing reaches the server


@dataclass
class _Rule:
    begins: bytes
    fault: Fault
    times: int
    after: int


@dataclass
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    fault: _Rule | None = None
    passed: int = 0

    def abort(self) -> None:
        """Break the connection with a reset rather than an orderly end."""
        socket = self.writer.get_extra_info("socket")
        if socket is not None:
            socket.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


@dataclass
class FaultProxy:
    """Listens on a free loopback port and passes on to `upstream`. `latency` is in seconds per request."""

    upstream: int
    latency: float = 0.0
    port: int = 0
    requests: list[str] = field(default_factory=list[str])
    _rules: list[_Rule] = field(default_factory=list[_Rule])
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    @property
    def url(self) -> str:
        """The address to use instead of the server's."""
        return f"http://127.0.0.1:{self.port}"

    def fail(self, begins: str, fault: Fault, *, times: int = 1, after: int = 0) -> None:
        """Let the next `times` requests whose first line begins like this fail."""
        self._rules.append(_Rule(begins.encode(), fault, times, after))

    def heal(self) -> None:
        """Forget all faults."""
        self._rules.clear()

    def seen(self, begins: str) -> int:
        """Return how many requests began like this, those that failed included."""
        return sum(line.startswith(begins) for line in self.requests)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        client = _Connection(reader, writer)
        try:
            await self._serve(client)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _serve(self, client: _Connection) -> None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        except OSError:
            client.abort()
            return
        server = _Connection(reader, writer)
        ways = [
            asyncio.create_task(self._requests(client, server)),
            asyncio.create_task(self._replies(client, server)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            writer.close()

    async def _requests(self, client: _Connection, server: _Connection) -> None:
        """Pass requests on, each with the server's own port as its host."""
        mine, theirs = f"127.0.0.1:{self.port}".encode(), f"127.0.0.1:{self.upstream}".encode()
        while chunk := await client.reader.read(65536):
            if chunk.startswith(_METHODS):
                line = chunk.split(b"\r\n", 1)[0]
                self.requests.append(line.decode())
                client.fault, client.passed = self._rule_for(line), 0
                await asyncio.sleep(self.latency)
            if client.fault and client.fault.fault in (Fault.RESET, Fault.CAPTIVE):
                await _instead(client)
                return
            server.writer.write(chunk.replace(mine, theirs))
            await server.writer.drain()

    async def _replies(self, client: _Connection, server: _Connection) -> None:
        while chunk := await server.reader.read(65536):
            rule = client.fault
            if rule is None:
                client.writer.write(chunk)
                await client.writer.drain()
                continue
            if rule.fault is Fault.SILENCE:
                continue
            room = rule.after - client.passed if rule.fault is Fault.CUT else 0
            client.writer.write(chunk[: max(0, room)])
            client.passed += len(chunk)
            if len(chunk) >= room:
                await asyncio.sleep(0)
                client.abort()
                return

    def _rule_for(self, line: bytes) -> _Rule | None:
        for rule in self._rules:
            if rule.times and line.startswith(rule.begins):
                rule.times -= 1
                return rule
        return None


async def _instead(client: _Connection) -> None:
    """Answer in the server's place, or break the connection."""
    if client.fault and client.fault.fault is Fault.CAPTIVE:
        page = b"<html><body>Sign in to this network</body></html>"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n"
        client.writer.write(head.encode() + b"Connection: close\r\n\r\n" + page)
        await client.writer.drain()
    else:
        client.abort()
