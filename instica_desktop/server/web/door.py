"""The door of a server without a proxy: who is connected, and how long they may get nowhere.

waitress lets a connection stay for as long as something moves now and then, and lets nobody else in while it
has its most: a hundred connections that never say what they want shut it. So each step of a request has a
limit, and where the room gets short, those that wait for nothing of ours are closed, the most tedious first.
"""

import enum
import logging
import socket
import struct
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher


@dataclass(frozen=True)
class Patience:
    """How long the other side may take. Times in seconds, from when it is its turn.

    The figures for header and body are those of Apache's `mod_reqtimeout`, rounded.
    """

    header: float = 20
    """For a whole header, or the first one of a connection to begin."""
    idle: float = 120
    """Between two requests."""
    stretch: float = 30
    """A body that is sent, or an answer that is read, has to come this much further …"""
    progress: int = 15_000
    """… by so many bytes."""
    connections: int = 100
    """Connections at once."""


class Turn(enum.Enum):
    """What the other side has to do next."""

    BEGIN = enum.auto()
    """Send a header: the first one, or the rest of one."""
    ASK = enum.auto()
    """Send another request, or leave."""
    GO_ON = enum.auto()
    """Send the rest of a body, or read the rest of an answer."""
    WAIT = enum.auto()


def _on_its_way(connection: socket.socket) -> int:
    """Return how many bytes the other side has not taken yet; 0 where the system does not say."""
    if sys.platform != "linux":
        return 0
    import fcntl
    import termios

    return struct.unpack("i", fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4)))[0]


class Visitor(HTTPChannel):
    """One connection, and how it gets on."""

    server: "Door"
    socket: Any

    def __init__(self, server: "Door", *arguments: Any, **options: Any) -> None:
        self._stage: tuple[Turn, int] = (Turn.BEGIN, 0)
        self._since = self._checked = server.clock()
        self._moved = self._moved_then = 0
        self._heard = 0
        self.has_asked = False
        super().__init__(server, *arguments, **options)

    def _turn(self) -> Turn:
        if self.total_outbufs_len:
            return Turn.GO_ON
        if self.requests:
            return Turn.WAIT
        if self.request is None:
            return Turn.ASK if self.has_asked else Turn.BEGIN
        return Turn.GO_ON if self.request.headers_finished else Turn.BEGIN

    def received(self, data: bytes) -> bool:
        """Take what came; notes where a request begins and ends."""
        before = self.request
        going_on = super().received(data)
        if self.request is None or self.request is not before:
            self._heard += 1
        return going_on

    def recv(self, buffer_size: int) -> bytes:
        """Read, counting."""
        data = super().recv(buffer_size)
        self._moved += len(data)
        return data

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Write, counting."""
        sent = super().send(data, do_close)
        self._moved += sent
        return sent

    def look(self, now: float, patience: Patience) -> None:
        """See how far it has come, and leave when that takes too long."""
        stage = (self._turn(), self._heard)
        if stage != self._stage:
            self._stage, self._since, self._checked = stage, now, now
            self._moved, self._moved_then = 0, -_on_its_way(self.socket)
        elif self._is_late(now, patience):
            self.leave()

    def _is_late(self, now: float, patience: Patience) -> bool:
        if self._stage[0] is not Turn.GO_ON:
            return self.strain(now, patience) > 1
        if now - self._checked < patience.stretch:
            return False
        moved = self._moved - _on_its_way(self.socket)
        came = moved - self._moved_then
        self._checked, self._moved_then = now, moved
        return came < patience.progress

    def strain(self, now: float, patience: Patience) -> float:
        """Return the share of our patience that is used up; who moves more than is asked strains it less."""
        turn, waited = self._stage[0], now - self._since
        if turn is Turn.WAIT:
            return 0
        if turn is Turn.GO_ON:
            return waited / patience.stretch / (1 + self._moved / patience.progress)
        return waited / (patience.header if turn is Turn.BEGIN else patience.idle)

    def leave(self) -> None:
        """Close in this turn of the loop, also where the other side reads nothing and the socket is full."""
        self.will_close = True
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)


class Door(TcpWSGIServer):
    """A server that listens already, on a socket of the caller's; `run` serves until `SystemExit`.

    `clock` gives seconds and never goes back.
    """

    channel_class = Visitor
    active_channels: dict[int, Visitor]
    trigger: Any
    _map: dict[int, Any]

    def __init__(
        self,
        application: Any,
        listener: socket.socket,
        *,
        threads: int,
        largest_body: int,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.patience = patience or Patience()
        self.clock = clock
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news
        adjustments = Adjustments(
            sockets=[listener],
            threads=threads,
            ident=None,
            max_request_body_size=largest_body,
            clear_untrusted_proxy_headers=True,
            connection_limit=self.patience.connections + 3,  # ours, and who is just leaving
            cleanup_interval=0,  # `maintenance` in each turn of the loop
        )
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(threads)
        place = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(
            application,
            _sock=listener,
            dispatcher=dispatcher,
            adj=adjustments,
            sockinfo=place,
            bind_socket=False,
        )

    def add_task(self, task: Any) -> None:
        """Let a thread answer the request of a visitor, waitress's task."""
        task.has_asked = True
        super().add_task(task)

    def maintenance(self, now: float) -> None:
        """Let go who takes too long; a place is kept free for who comes next, if anybody can be let go."""
        moment = self.clock()
        visitors = [visitor for visitor in self.active_channels.values() if not visitor.will_close]
        for visitor in visitors:
            visitor.look(moment, self.patience)
        staying = [visitor for visitor in visitors if not visitor.will_close]
        too_many = len(staying) - (self.patience.connections - 1)
        if too_many > 0:
            idle = [visitor for visitor in staying if not visitor.requests]
            idle.sort(key=lambda visitor: visitor.strain(moment, self.patience), reverse=True)
            for visitor in idle[:too_many]:
                visitor.leave()
