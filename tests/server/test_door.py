"""The door: how long a connection may take without getting anywhere, and who leaves when the room is short.

Real sockets against the real server. What takes minutes is tried with a clock that the test sets.
"""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from waitress import wasyncore

from instica_desktop.server.web.door import Door, Patience
from tests.server.fixture import RunningServer
from tests.server.shop import HOST

_PATIENCE = 30
_HEALTH = f"GET /api/health/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
_POST = f"POST /api/auth/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100000\r\n".encode()
_POST += b"Content-Type: text/plain\r\n\r\n"
_BODY = bytes(100_000)
_LARGE = 30_000_000


class Clock:
    """A clock that stands until it is set."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Doorway:
    """A door in this process, with its clock and the connections a test made."""

    def __init__(self, application: Any, **patience: Any) -> None:
        self.clock, self._made = Clock(), ExitStack()
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        self._address = listener.getsockname()
        self._door = Door(
            application,
            listener,
            threads=2,
            largest_body=1_000_000,
            patience=Patience(**patience),
            clock=self.clock,
        )
        self._thread = threading.Thread(target=self._door.run)
        self._thread.start()

    def close(self) -> None:
        self._made.close()
        self._door.trigger.pull_trigger(self._let_go)  # in its own thread, and so are the others
        self._door.task_dispatcher.shutdown()
        self._door.trigger.pull_trigger(lambda: wasyncore.close_all(self._door._map))
        self._thread.join(_PATIENCE)
        assert not self._thread.is_alive()

    def _let_go(self) -> None:
        for visitor in list(self._door.active_channels.values()):
            visitor.handle_close()

    def connect(self, sent: bytes = b"", room: int = 0) -> socket.socket:
        """Connect and send; `room` bounds what the system takes in for us."""
        made = self._made.enter_context(socket.socket())
        made.settimeout(_PATIENCE)
        if room:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        made.connect(self._address)
        made.sendall(sent)
        return made

    def settle(self) -> None:
        """Return when the door has seen all that was sent so far."""
        for _ in range(2):
            with self.connect() as other:
                assert ask(other) == 200

    def pass_time(self, seconds: float) -> None:
        """Set the clock on and let the door look at it."""
        self.settle()
        self.clock.now += seconds
        self.settle()


def answer(sock: socket.socket) -> int:
    """Read one short answer; returns its status, 0 when the connection was closed instead."""
    response = http.client.HTTPResponse(sock)
    try:
        response.begin()
        response.read()
    except (ConnectionError, http.client.BadStatusLine):
        return 0
    finally:
        response.close()
    return response.status


def ask(sock: socket.socket) -> int:
    sock.sendall(_HEALTH)
    return answer(sock)


@pytest.fixture
def opened(data_dir: Any) -> Iterator[Callable[..., Doorway]]:
    """Open doors that are closed after the test."""
    from django.core.wsgi import get_wsgi_application

    with ExitStack() as stack:

        def opened(application: Any = None, **patience: Any) -> Doorway:
            door = Doorway(application or get_wsgi_application(), **patience)
            stack.callback(door.close)
            return door

        yield opened


def large(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
    """Answer a lot at `/large`, in pieces, and little elsewhere."""
    start("200 OK", [("Content-Type", "text/plain")])
    return (bytes(1_000_000) for _ in range(30)) if environ["PATH_INFO"] == "/large" else [b"ok"]


_LARGE_PLEASE = _HEALTH.replace(b"/api/health/", b"/large")


@pytest.mark.parametrize("sent", [b"", b"GET /api/health/ HTTP/1.1\r\nHost:"], ids=["nothing", "half"])
def test_a_header_has_to_be_whole_in_time(opened: Callable[..., Doorway], sent: bytes) -> None:
    door = opened()
    late, quick = door.connect(sent), door.connect(sent)
    door.pass_time(19)
    assert ask(quick) in (200, 400)
    door.pass_time(2)
    assert answer(late) == 0


def test_a_header_that_comes_byte_by_byte_gets_no_more_time(opened: Callable[..., Doorway]) -> None:
    door = opened()
    slow = door.connect()
    for byte in _HEALTH[:4]:
        slow.sendall(bytes([byte]))
        door.pass_time(6)
    assert answer(slow) == 0


def test_a_body_that_stands_still_is_given_up(opened: Callable[..., Doorway]) -> None:
    door = opened()
    still, trickling = door.connect(_POST + _BODY[:1000]), door.connect(_POST)
    for _ in range(4):
        door.pass_time(8)
        trickling.sendall(b"x" * 100)
    assert (answer(still), answer(trickling)) == (0, 0)


def test_a_body_on_a_slow_line_is_taken(opened: Callable[..., Doorway]) -> None:
    door = opened()
    slow = door.connect(_POST)
    for start in range(0, len(_BODY), 20_000):
        door.pass_time(29)
        slow.sendall(_BODY[start : start + 20_000])
    assert answer(slow) == 415


def test_between_two_requests_there_is_time(opened: Callable[..., Doorway]) -> None:
    door = opened()
    kept = door.connect()
    for _ in range(3):
        assert ask(kept) == 200
        door.pass_time(110)
    door.pass_time(11)
    assert answer(kept) == 0


def test_who_does_not_read_an_answer_frees_its_thread(opened: Callable[..., Doorway]) -> None:
    door = opened(large)
    lazy = [door.connect(_LARGE_PLEASE, room=4096) for _ in range(2)]  # as many as there are threads
    assert all(sock.recv(1) for sock in lazy)
    waiting = door.connect(_HEALTH)
    ticking = threading.Event()

    def tick() -> None:
        while not ticking.wait(0.01):
            door.clock.now += 5

    ticker = threading.Thread(target=tick)
    ticker.start()
    try:
        assert answer(waiting) == 200
    finally:
        ticking.set()
        ticker.join()


def test_who_reads_an_answer_slowly_gets_all_of_it(opened: Callable[..., Doorway]) -> None:
    door = opened(large)
    slow, got = door.connect(_LARGE_PLEASE, room=100_000), 0
    for step in range(1, 21):
        while got < step * 1_000_000:  # more than the system keeps for us, which comes in lumps
            got += len(slow.recv(step * 1_000_000 - got))
        door.pass_time(20)
    while piece := slow.recv(1_000_000):
        got += len(piece)
        if got > _LARGE:
            break
    assert got > _LARGE


def test_our_own_work_has_no_limit_here(opened: Callable[..., Doorway]) -> None:
    begun, ended = threading.Event(), threading.Event()

    def working(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if environ["PATH_INFO"] == "/large":
            begun.set()
            ended.wait(_PATIENCE)
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"ok"]

    door = opened(working)
    asked = door.connect(_LARGE_PLEASE)
    begun.wait(_PATIENCE)
    door.pass_time(100_000)
    ended.set()
    assert answer(asked) == 200


def test_where_the_room_is_short_the_oldest_that_say_nothing_leave(opened: Callable[..., Doorway]) -> None:
    door = opened(connections=8)
    kept = door.connect()
    assert ask(kept) == 200
    sending = door.connect(_POST + _BODY[:60_000])
    silent = []
    for _ in range(20):
        silent.append(door.connect(_HEALTH[:20]))
        door.pass_time(0.1)
        assert ask(kept) == 200
    assert [answer(sock) for sock in silent[:10]] == [0] * 10
    silent[-1].sendall(_HEALTH[20:])
    assert answer(silent[-1]) == 200
    sending.sendall(_BODY[60_000:])
    assert answer(sending) == 415


def test_the_slowest_body_leaves_before_a_quick_one(opened: Callable[..., Doorway]) -> None:
    door = opened(connections=6)
    slow = [door.connect(_POST + b"x") for _ in range(4)]
    for sock in slow:
        door.pass_time(5)
        sock.sendall(b"x" * 1000)
    quick = door.connect(_POST + _BODY[:90_000])
    for _ in range(3):
        door.settle()  # two more connections, of which one stays at most
    newest = door.connect(_POST)
    door.settle()
    quick.sendall(_BODY[90_000:])
    assert answer(quick) == 415
    newest.sendall(_BODY)
    assert answer(newest) == 415
    assert 0 in [_status_after(sock) for sock in slow]


def _status_after(sock: socket.socket) -> int:
    try:
        sock.sendall(_BODY)
    except ConnectionError:
        return 0
    return answer(sock)


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\nHost:", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n"]
)
def test_a_crowd_that_says_nothing_shuts_nobody_out(
    launch: Callable[..., RunningServer], sent: bytes
) -> None:
    server = launch()
    host = f"127.0.0.1:{server.port}".encode()
    with ExitStack() as crowd:

        def connect(said: bytes) -> socket.socket:
            made = crowd.enter_context(socket.create_connection(("127.0.0.1", server.port), _PATIENCE))
            made.sendall(said)
            return made

        upload = connect(_POST.replace(HOST.encode(), host) + _BODY[:50_000])
        for _ in range(110):
            connect(sent)
        assert answer(connect(_HEALTH.replace(HOST.encode(), host))) == 200
        upload.sendall(_BODY[50_000:])
        assert answer(upload) == 415
