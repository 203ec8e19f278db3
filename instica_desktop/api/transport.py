"""The one seam to the HTTP library: what is sent, what comes back, and the httpx behind it.

httpx is imported when the first request is made, in a thread: it costs 0.2 s and more, and the window must
answer meanwhile.
Redirects are never followed, cookies never kept, and proxies and `.netrc` never asked for loopback, nor where
it matters which computer a connection ends at: of a proxy's connections nobody here knows that.
"""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from instica_desktop.api.failures import translated
from instica_desktop.api.nearness import watch_for
from instica_desktop.api.unpacking import ACCEPTED, Unpacking
from instica_desktop.core.addresses import Reach
from instica_desktop.core.errors import NetworkError, ReplyLost, Unreachable

if TYPE_CHECKING:
    from http.cookiejar import CookieJar

    import httpx

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 30.0
"""A transfer ends after this long without a byte, however long it takes as a whole."""
SLOWEST = 512
"""Bytes a second below which an answer ends too: one that trickles would hold its place for hours."""
CONNECTIONS = 4
"""Requests under way at once. The pool is larger, since a cancelled request can lose its slot."""

TRICKLES = "The answer came too slowly to wait for. The network may be crowded or weak here."
BAD_PROXY = (
    "The proxy set on this computer is of a kind this app cannot use. "
    "Set an http proxy, or none, then try again."
)

Body = bytes | Callable[[], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. Headers and body are left out of the repr: they may hold secrets."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: Body | None = field(default=None, repr=False)
    loopback: bool = False
    limit: int = 64_000_000
    """The most bytes an answer may have, unpacked."""
    nearest: Reach = Reach.COMPUTER
    """How near to this computer the connection may end, whatever the name of the host says."""


@dataclass(frozen=True, slots=True)
class Response:
    """One whole HTTP answer; header names are in lower case. `waited`: seconds until it began."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    waited: float = 0.0

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Stream(Protocol):
    """An answer whose body is read piece by piece. Close it, whether read to its end or not."""

    status: int
    headers: Mapping[str, str]

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes, unpacked.

        Raises:
            ReplyLost: the body broke off.
        """
        ...

    async def aclose(self) -> None:
        """Give the connection back."""
        ...


class Transport(Protocol):
    """Whatever can carry a request."""

    async def send(self, request: Request) -> Response:
        """Send and return the whole answer, whatever its status.

        Raises:
            Unreachable: nothing was sent.
            ReplyLost: something may have been sent and no whole answer came, or it came too slowly.
            NotInstica: the answer is larger than anything the API gives.
        """
        ...

    async def open(self, request: Request) -> Stream:
        """Send and return the answer once its head is there, whatever its status.

        Raises:
            Unreachable: nothing was sent.
            ReplyLost: something may have been sent and no answer came.
        """
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...


class HttpxTransport:
    """The network by httpx: a client for each way of connecting, made when it is first needed."""

    def __init__(self, *, connect: float = CONNECT_SECONDS, silence: float = SILENCE_SECONDS) -> None:
        self._connect = connect
        self._silence = silence
        self._slots = asyncio.Semaphore(CONNECTIONS)
        self._clients: dict[tuple[bool, Reach], httpx.AsyncClient] = {}
        self._making = asyncio.Lock()
        self._closed = False

    async def send(self, request: Request) -> Response:
        """See `Transport.send`."""
        client = await self._client(request)
        import httpx

        async with self._slots:
            begun = monotonic()
            try:
                async with _Head(self._connect + 2 * self._silence) as head:
                    response = await client.send(_built(client, request, head), stream=True)
                waited = monotonic() - begun
                try:
                    body = await _whole(response, request.limit, Flow(self._silence))
                finally:
                    await response.aclose()
            except (httpx.TransportError, httpx.InvalidURL) as error:
                raise translated(error) from error
        return Response(response.status_code, dict(response.headers), body, waited)

    async def open(self, request: Request) -> Stream:
        """See `Transport.open`. The stream keeps its slot until it is closed."""
        client = await self._client(request)
        import httpx

        await self._slots.acquire()
        try:
            async with _Head(self._connect + 2 * self._silence) as head:
                response = await client.send(_built(client, request, head), stream=True)
        except BaseException as error:
            self._slots.release()
            if isinstance(error, httpx.TransportError | httpx.InvalidURL):
                raise translated(error) from error
            raise
        return _HttpxStream(response, self._slots.release, Flow(self._silence))

    async def aclose(self) -> None:
        """See `Transport.aclose`."""
        async with self._making:
            self._closed = True
            clients = list(self._clients.values())
            self._clients.clear()
        for client in clients:
            await client.aclose()

    async def _client(self, request: Request) -> "httpx.AsyncClient":
        """Return the client for a request; it is made beside the loop, since the imports take long.

        No connection serves requests of two kinds: one that may end anywhere would be of use to others.
        """
        way = (request.loopback, request.nearest)
        async with self._making:
            if self._closed:
                raise NetworkError("The connection to this shop was closed.")
            if way not in self._clients:
                direct = request.loopback or request.nearest is not Reach.COMPUTER
                self._clients[way] = await asyncio.to_thread(self._make, direct)
            return self._clients[way]

    def _make(self, direct: bool) -> "httpx.AsyncClient":
        import httpx

        with suppress(ImportError):  # httpx would import it inside the loop, at the first connection
            import_module("anyio._backends._asyncio")
        for chatty in ("httpx", "httpcore"):  # they would log whole URLs, and at DEBUG response headers
            logging.getLogger(chatty).setLevel(logging.WARNING)
        try:
            return httpx.AsyncClient(
                verify=_trust(),
                trust_env=not direct,
                follow_redirects=False,
                cookies=_no_cookies(),
                headers={"Accept-Encoding": ACCEPTED},
                timeout=httpx.Timeout(self._silence, connect=self._connect, pool=None),
                limits=httpx.Limits(max_connections=2 * CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            )
        except (ImportError, ValueError) as error:
            raise Unreachable(BAD_PROXY, details=type(error).__name__) from error


class _HttpxStream:
    """An answer of httpx, read piece by piece."""

    def __init__(self, response: "httpx.Response", closed: Callable[[], None], flow: "Flow") -> None:
        self._flow = flow
        self.status = response.status_code
        self.headers: Mapping[str, str] = dict(response.headers)
        self._response = response
        self._closed: Callable[[], None] | None = closed

    async def chunks(self) -> AsyncIterator[bytes]:
        import httpx

        unpacking = Unpacking(self.headers.get("content-encoding", ""))
        try:
            async for came in self._response.aiter_raw():
                self._flow.note(self._response.num_bytes_downloaded)
                for piece in unpacking.pieces(came):
                    yield piece
        except (httpx.TransportError, httpx.StreamError) as error:
            raise translated(error) from error
        if rest := unpacking.end():
            yield rest

    async def aclose(self) -> None:
        closed, self._closed = self._closed, None
        if closed is not None:
            try:
                await self._response.aclose()
            finally:
                closed()


def _built(client: "httpx.AsyncClient", request: Request, head: "_Head") -> "httpx.Request":
    watched = request.nearest is not Reach.COMPUTER
    return client.build_request(
        request.method,
        request.url,
        headers=request.headers,
        content=head.content_of(request),
        extensions={"trace": watch_for(request.nearest)} if watched else None,
    )


def _trust() -> ssl.SSLContext:
    """Return the system's own store of certificates, which knows what its administrator added."""
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _no_cookies() -> "CookieJar":
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


class Flow:
    """Watches that a body keeps coming: in every window of so many seconds at least `SLOWEST` bytes each.

    There is no limit to the whole: a large answer over a slow line may take as long as it needs.
    """

    def __init__(self, window: float, clock: Callable[[], float] = monotonic) -> None:
        self._window = window
        self._clock = clock
        self._since = clock()
        self._had = 0

    def note(self, received: int) -> None:
        """Take note of how many bytes there are by now.

        Raises:
            ReplyLost: the last window brought too few.
        """
        now = self._clock()
        if now - self._since < self._window:
            return
        rate = (received - self._had) / (now - self._since)
        if rate < SLOWEST:
            raise ReplyLost(TRICKLES, details=f"{rate:.0f} bytes a second after {received} bytes")
        self._since, self._had = now, received


class _Head:
    """Gives the head of an answer a time, which begins when the request's body has been handed over."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._timeout = asyncio.timeout(None)

    async def __aenter__(self) -> "_Head":
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._timeout.__aexit__(kind, error, trace)
        except TimeoutError as late:
            raise ReplyLost(TRICKLES, details=f"no head after {self._seconds:g} s") from late

    def content_of(self, request: Request) -> bytes | AsyncIterator[bytes] | None:
        """Return what is to be sent; the time begins now, or with the last piece."""
        if callable(request.body):
            return self._pieces(request.body())
        self._begin()
        return request.body

    async def _pieces(self, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for piece in body:
            yield piece
        self._begin()

    def _begin(self) -> None:
        self._timeout.reschedule(asyncio.get_running_loop().time() + self._seconds)


async def _whole(response: "httpx.Response", limit: int, flow: Flow) -> bytes:
    unpacking = Unpacking(response.headers.get("content-encoding", ""), limit)
    pieces: list[bytes] = []
    async for came in response.aiter_raw():
        flow.note(response.num_bytes_downloaded)
        pieces += unpacking.pieces(came)
    return b"".join([*pieces, unpacking.end()])
