"""A TCP proxy in front of a real server that fails on purpose: late, cut off, reset, silent, reply lost.

    async with FaultProxy(server.port) as proxy:
        client = InsticaClient(proxy.url, key)
        proxy.fail("PATCH ", Fault.DROP_REPLY)       # the next PATCH is carried out, its answer never arrives
        proxy.answer("GET ", Answer(429, {"Retry-After": "7"}))
        proxy.sometimes(0.3, Answer(503), seed=1)    # 3 of 10 requests, before or after they were carried out
        proxy.lack("GET", "/api/v1/orders/{uid}/", Answer(404))  # as a server that has no such endpoint
        ...
        assert proxy.seen("PATCH ") == 1

It speaks just enough HTTP to know where a request begins and how long it says it is, and to name the server's
own port as the host.
"""

import asyncio
import random
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from socket import SO_LINGER, SOL_SOCKET
from types import TracebackType
from typing import Self

_METHODS = (b"GET ", b"POST ", b"PATCH ", b"DELETE ", b"PUT ")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TRICKLE = 0.02
"""Seconds between two bytes of an answer that trickles."""


class Fault(Enum):
    """How a request fails."""

    RESET = auto()  # the connection breaks before anything reaches the server
    DROP_REPLY = auto()  # the server does it; the connection breaks before a byte of the answer
    CUT = auto()  # the server does it; the connection breaks after `after` bytes of the answer
    SILENCE = auto()  # the server does it; nothing ever comes back, and the connection stays open
    CAPTIVE = auto()  # somebody else answers with a page of HTML; nothing reaches the server
    CUT_REQUEST = auto()  # the connection breaks after a `share` of the request's body
    ANSWER = auto()  # `reply` comes in the server's place; nothing reaches the server
    REPLACE = auto()  # the server does it; `reply` comes in place of its answer
    TRICKLE = auto()  # the server does it; `after` bytes of the answer come one by one, then silence


@dataclass(frozen=True)
class Answer:
    """What somebody in the way answers: a gateway, a captive portal, a server that asks to slow down."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b"{}"
    media_type: str = "application/json"

    def wire(self) -> bytes:
        """Return it as it goes over the wire; the connection ends with it."""
        own = {"Content-Type": self.media_type, "Content-Length": str(len(self.body)), "Connection": "close"}
        lines = [f"{name}: {value}" for name, value in (own | dict(self.headers)).items()]
        return "\r\n".join([f"HTTP/1.1 {self.status} Said", *lines, "", ""]).encode() + self.body


PORTAL = Answer(200, body=b"<html><body>Sign in to this network</body></html>", media_type="text/html")


@dataclass
class _Rule:
    begins: bytes
    fault: Fault
    times: int
    after: int = 0
    share: float = 1.0
    reply: Answer = PORTAL
    skip: int = 0


@dataclass
class _Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    fault: _Rule | None = None
    passed: int = 0
    room: int = 0

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
    _lacking: dict[tuple[str, str], Answer] = field(default_factory=dict[tuple[str, str], Answer])
    _chance: random.Random | None = None
    _share: float = 0.0
    _trouble: Answer = PORTAL
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])

    @property
    def url(self) -> str:
        """The address to use instead of the server's."""
        return f"http://127.0.0.1:{self.port}"

    def fail(self, begins: str, fault: Fault, *, times: int = 1, after: int = 0, share: float = 1.0) -> None:
        """Let the next `times` requests whose first line begins like this fail."""
        self._rules.append(_Rule(begins.encode(), fault, times, after, share))

    def answer(
        self, begins: str, reply: Answer, *, times: int = 1, skip: int = 0, done: bool = False
    ) -> None:
        """Answer `times` such requests in the server's place, after the next `skip` of them.

        `done`: the server carries them out, and its own answer is lost.
        """
        fault = Fault.REPLACE if done else Fault.ANSWER
        self._rules.append(_Rule(begins.encode(), fault, times, reply=reply, skip=skip))

    def lack(self, method: str, template: str, reply: Answer) -> None:
        """Answer every request of an endpoint like this until `offer`; `{…}` stands for one segment."""
        self._lacking[method, template] = reply

    def offer(self) -> None:
        """Let the server answer for all its endpoints again."""
        self._lacking.clear()

    def sometimes(self, share: float, reply: Answer, seed: int) -> None:
        """Answer a share of all requests like this: half of them before, half after they were carried out."""
        self._chance, self._share, self._trouble = random.Random(seed), share, reply

    def heal(self) -> None:
        """Forget all faults; what trickles falls silent."""
        self._rules.clear()
        self._lacking.clear()
        self._chance = None

    def seen(self, begins: str) -> int:
        """Return how many requests began like this, those that failed included."""
        return sum(line.startswith(begins) for line in self.requests)

    def asked(self, method: str, template: str) -> int:
        """Return how many requests there were of an endpoint."""
        return sum(is_of(method, template, line) for line in self.requests)

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
                client.room = _size(chunk, client.fault.share if client.fault else 1.0)
                await asyncio.sleep(self.latency)
            if client.fault and client.fault.fault in (Fault.RESET, Fault.CAPTIVE, Fault.ANSWER):
                await _instead(client, chunk)
                return
            if client.fault and client.fault.fault is Fault.CUT_REQUEST:
                if len(chunk) >= client.room:
                    server.writer.write(chunk.replace(mine, theirs)[: client.room])
                    await server.writer.drain()
                    client.abort()
                    return
                client.room -= len(chunk)
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
            if rule.fault is Fault.REPLACE:
                client.writer.write(rule.reply.wire())
                await client.writer.drain()
                return
            if rule.fault is Fault.TRICKLE:
                await self._trickle(client, chunk, rule)
                continue
            room = rule.after - client.passed if rule.fault is Fault.CUT else 0
            client.writer.write(chunk[: max(0, room)])
            client.passed += len(chunk)
            if len(chunk) >= room:
                await asyncio.sleep(0)
                client.abort()
                return

    async def _trickle(self, client: _Connection, chunk: bytes, rule: _Rule) -> None:
        room = max(0, rule.after - client.passed)
        for at in range(min(len(chunk), room)):
            if rule not in self._rules:
                return
            client.writer.write(chunk[at : at + 1])
            await client.writer.drain()
            await asyncio.sleep(_TRICKLE)
        client.passed += len(chunk)

    def _rule_for(self, line: bytes) -> _Rule | None:
        for (method, template), reply in self._lacking.items():
            if is_of(method, template, line.decode()):
                return _Rule(line, Fault.ANSWER, 0, reply=reply)
        for rule in self._rules:
            if rule.times and line.startswith(rule.begins):
                if rule.skip:
                    rule.skip -= 1
                    continue
                rule.times -= 1
                return rule
        if self._chance is not None and self._chance.random() < self._share:
            fault = self._chance.choice((Fault.ANSWER, Fault.REPLACE))
            return _Rule(line, fault, 0, reply=self._trouble)
        return None


def is_of(method: str, template: str, line: str) -> bool:
    """Tell whether a request's first line is one of an endpoint, whose `{…}` stand for one segment each."""
    path = re.sub(r"\\{[^/]+\\}", "[^/?]+", re.escape(template))
    return re.match(f"{method} {path}[ ?]", line) is not None


def _size(chunk: bytes, share: float) -> int:
    """Return the bytes of a request up to a share of its body, its head included."""
    head = chunk.split(b"\r\n\r\n", 1)[0]
    found = _LENGTH.search(head)
    return len(head) + 4 + (int(share * int(found[1])) if found else 0)


async def _instead(client: _Connection, chunk: bytes) -> None:
    """Answer in the server's place once the whole request was heard, or break the connection."""
    if client.fault is None or client.fault.fault is Fault.RESET:
        client.abort()
        return
    left = client.room - len(chunk)
    while left > 0 and (more := await client.reader.read(65536)):
        left -= len(more)
    client.writer.write(client.fault.reply.wire())
    await client.writer.drain()
