"""The way of every request: credentials by origin → throttle → send → read → map errors → retry → redact.

What the server is known to lack is not sent; what it has nothing for is judged in the end.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from instica_desktop.api.address import Address
from instica_desktop.api.answers import FOREIGN, Missing, Offer, error_for
from instica_desktop.api.multipart import Multipart
from instica_desktop.api.offered import Offered
from instica_desktop.api.pages import Read
from instica_desktop.api.places import Place
from instica_desktop.api.redact import Secret, mask
from instica_desktop.api.retry import Outcome, RetryPolicy
from instica_desktop.api.throttle import Clock, Host, Sleep, retry_after
from instica_desktop.api.transport import Request, Response, Stream, Transport
from instica_desktop.api.verdict import Verdicts
from instica_desktop.core.addresses import Reach
from instica_desktop.core.errors import InsticaError, NotInstica, NotOffered, ReplyLost, Throttled
from instica_desktop.core.secrets import Secrets

log = logging.getLogger(__name__)
T = TypeVar("T")

FILE_LIMIT = 25_000_000
"""The most bytes a picture may have."""
LARGE = 32 * 1024
"""Bytes from which on an answer is read beside the loop: a page of records takes some milliseconds."""
_ERROR_LIMIT = 1_000_000
_NO_PICTURE = "There is no such picture on the server."
PATIENCE = 60.0
"""Seconds one call waits in all because its host asks to slow down; then it fails as Throttled."""


@dataclass(frozen=True, slots=True)
class Call:
    """One API call. `public`: needs no key. Without `retry` it is tried once."""

    method: str
    path: str | Place
    params: Sequence[tuple[str, str]] = ()
    body: Any = field(default=None, repr=False)
    """JSON as Python values, or a `Multipart`."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    offer: Offer = Offer.MAYBE
    public: bool = False
    retry: bool = True
    own_limit: bool = False
    """Its limit is its own: a 429 is final, and says nothing about other requests to the host."""
    secrets: Sequence[str] = field(default=(), repr=False)
    """Passwords and codes in path or body: no log shows them, and no error, in case a server repeats them."""

    @property
    def place(self) -> Place:
        """Where it goes, and what kind of path that is."""
        return self.path if isinstance(self.path, Place) else Place(self.path)


class FetchedFile(msgspec.Struct, frozen=True):
    """A file as it came. `content_type` is the server's word, without parameters."""

    content: bytes
    content_type: str


class Pipeline:
    """Sends calls to one server, and fetches files from wherever it points to."""

    def __init__(
        self,
        address: Address,
        secret: Secret,
        transport: Transport,
        *,
        user_agent: str,
        retry: RetryPolicy,
        offered: Offered,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        patience: float = PATIENCE,
        waits: Sequence[Callable[[float], None]] = (),
    ) -> None:
        """`waits` are told how long each read of this server took to begin to be answered."""
        self._waits = waits
        self.address = address
        self.notice = ""
        self._secret = secret
        self._transport = transport
        self._agent = user_agent
        self._retry = retry
        self._clock = clock
        self._sleep = sleep
        self._patience = patience
        self._hosts: dict[str, Host] = {}
        self._offered = offered
        self._verdicts = Verdicts(self._ask, offered)

    def host(self, origin: str) -> Host:
        """Return the state all requests to one origin share."""
        return self._hosts.setdefault(origin, Host(self._clock, self._sleep))

    async def send(self, call: Call, read: Read[T]) -> T:
        """Carry out one call and read its answer.

        Raises:
            InsticaError: whatever of the tree fits; a write that may have reached the server is ReplyLost,
                NotInstica or ServerTrouble and is not sent again here.
        """
        self._check(call)
        request, secrets = self._request(call), self._secrets(call)

        async def act(host: Host) -> T:
            return await self._once(request, host, read, secrets)

        return await self._judged(call, self._through(self.address.origin, request.method, act, call))

    async def stream(self, call: Call, media_type: str) -> AsyncGenerator[bytes, None]:
        """Carry out one call and yield its body as it comes. Nothing is tried again once a part has come.

        Raises:
            NotInstica: the answer is of another type.
            InsticaError: as for any call; ReplyLost when the body breaks off.
        """
        self._check(call)
        request, secrets = self._request(call, media_type), self._secrets(call)

        async def act(host: Host) -> Stream:
            return await self._open(request, host, media_type, secrets)

        stream = await self._judged(call, self._through(self.address.origin, request.method, act, call))
        try:
            async for chunk in stream.chunks():
                yield chunk
        except InsticaError as error:
            mask(error, secrets)
            raise
        finally:
            await stream.aclose()

    async def pause(self, seconds: float) -> None:
        """Wait, by the client's own clock."""
        await self._sleep(seconds)

    async def fetch(self, url: str) -> FetchedFile:
        """Fetch a picture. The key goes along to the server's own origin only.

        Raises:
            AddressError: for what is not http(s) or may not be opened.
            InsticaError: as for any read.
        """
        found = self.address.resolve(url)
        origin = found.origin
        headers = {"Accept": "image/*,*/*;q=0.5", "User-Agent": self._agent}
        headers |= self._secret.headers() if origin == self.address.origin else {}
        loopback = found.reach is Reach.COMPUTER
        nearest = self.address.nearest(origin)
        request = Request("GET", found.url, headers, loopback=loopback, limit=FILE_LIMIT, nearest=nearest)

        async def act(host: Host) -> FetchedFile:
            return await self._once(request, host, _file, self._secret.among())

        try:
            return await self._through(origin, request.method, act, Call("GET", url))
        except Missing as missing:
            if missing.gone:
                raise missing.as_gone() from None
            raise NotOffered(_NO_PICTURE, status=missing.status, details=missing.details) from None

    def _check(self, call: Call) -> None:
        """Raise NotOffered for what this server is known to lack."""
        if call.offer is not Offer.WHO:
            self._offered.check(call.method, call.place.kind)

    async def _judged(self, call: Call, answer: Awaitable[T]) -> T:
        """Await the answer to a call, and learn from it what this server offers."""
        try:
            found = await answer
        except Missing as missing:
            verdict = await self._verdicts.on(call, missing)
        except NotInstica as error:
            if call.offer is not Offer.EXTRA or call.method != "GET":
                raise
            verdict = await self._verdicts.on_foreign(call, error)
        else:
            self._offered.answered(call.method, call.place.kind)
            return found
        raise verdict

    async def _ask(
        self, place: Place, offer: Offer, read: Read[T], params: tuple[tuple[str, str], ...] = ()
    ) -> T:
        """Send a read by which something else is judged."""
        return await self.send(Call("GET", place, params, offer=offer), read)

    def _request(self, call: Call, accept: str = "application/json") -> Request:
        headers = {"Accept": accept, "User-Agent": self._agent, **call.headers}
        body: Any = call.body
        if isinstance(body, Multipart):
            headers |= body.headers
        elif body is not None:
            headers["Content-Type"] = "application/json"
            body = msgspec.json.encode(body)
        if not call.public:
            headers |= self._secret.headers()
        query = f"?{urlencode(call.params)}" if call.params else ""
        url = self.address.base + call.place.path + query
        return Request(call.method, url, headers, body, self.address.loopback)

    def _secrets(self, call: Call) -> Secrets:
        return self._secret.among(call.secrets)

    async def _through(self, origin: str, method: str, act: Callable[[Host], Awaitable[T]], call: Call) -> T:
        """Try until it succeeds, is final, or patience, attempts or the host's budget are used up."""
        host, attempt = self.host(origin), 0
        deadline = self._clock() + (self._patience if call.retry else 0)
        while True:
            await host.turn(deadline)
            try:
                answer = await act(host)
            except Throttled as error:
                if call.own_limit:
                    raise
                host.slow_down(error.retry_after)
                if not call.retry:
                    raise
                continue
            except InsticaError as error:
                delay = self._retry(method, Outcome.of(error), attempt) if call.retry else None
                if delay is None or not host.may_retry():
                    raise
                await self._sleep(delay)
                attempt += 1
                continue
            host.succeeded()
            return answer

    async def _once(self, request: Request, host: Host, read: Read[T], secrets: Secrets) -> T:
        """Send once; every error leaves this with its secrets masked."""
        what = f"{request.method} {secrets.hide(urlsplit(request.url).path)}"
        started = self._clock()
        try:
            response = await self._transport.send(request)
            log.debug("%s: %d after %.0f ms", what, response.status, 1000 * (self._clock() - started))
            self._note(response, host)
            if request.method == "GET" and host is self.host(self.address.origin):
                for hear in self._waits:
                    hear(response.waited)
            if len(response.body) < LARGE:
                return _read(response, read, what, secrets)
            return await asyncio.to_thread(_read, response, read, what, secrets)
        except InsticaError as error:
            mask(error, secrets)
            log.debug("%s: %s", what, type(error).__name__)
            raise

    async def _open(self, request: Request, host: Host, media_type: str, secrets: Secrets) -> Stream:
        """Open a stream; an answer that is none is read whole and becomes its error, secrets masked."""
        what = f"{request.method} {secrets.hide(urlsplit(request.url).path)}"
        try:
            stream = await self._transport.open(request)
            try:
                head = Response(stream.status, stream.headers)
                self._note(head, host)
                if 200 <= head.status < 300 and head.media_type == media_type:
                    return stream
                whole = Response(head.status, head.headers, await _start_of(stream))
                if 200 <= head.status < 300:
                    raise NotInstica(FOREIGN, details=f"{what} → {head.status} {head.media_type}")
                raise error_for(whole, what=what, hide=secrets.hide)
            except BaseException:
                await stream.aclose()
                raise
        except InsticaError as error:
            mask(error, secrets)
            raise

    def _note(self, response: Response, host: Host) -> None:
        """Keep a notice that this version of the API will end, and a busy server's wish for time."""
        ends = response.headers.get("sunset") or response.headers.get("deprecation")
        if ends:
            self.notice = self._secret.among().hide(ends)[:200]
        if response.status == 503 and "retry-after" in response.headers:
            host.slow_down(retry_after(response, ""))


async def _start_of(stream: Stream) -> bytes:
    """Return the body of an error, as far as anybody will look at it."""
    body = bytearray()
    async for chunk in stream.chunks():
        body += chunk
        if len(body) > _ERROR_LIMIT:
            break
    return bytes(body)


def _read(response: Response, read: Read[T], what: str, secrets: Secrets) -> T:
    """Return what a success holds, or raise the error the answer stands for."""
    if not 200 <= response.status < 300:
        raise error_for(response, what=what, hide=secrets.hide)
    if "html" in response.media_type:
        raise NotInstica(FOREIGN, details=f"{what} → {response.status} {response.media_type}")
    try:
        return read(response)
    except msgspec.ValidationError as error:
        raise NotInstica(FOREIGN, details=f"{what} → {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable(response, what) from error


def _unreadable(response: Response, what: str) -> InsticaError:
    """Tell an answer that was cut off from one that never was Instica's."""
    details = f"{what} → {response.status} {response.media_type}, {len(response.body)} bytes"
    if "json" in response.media_type and response.body:
        return ReplyLost("The server's answer broke off. The app reads it again.", details=details)
    return NotInstica(FOREIGN, details=details)


def _file(response: Response) -> FetchedFile:
    return FetchedFile(response.body, response.media_type)
