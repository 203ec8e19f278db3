"""Whether the server can be reached, in plain words, and the coming back after it could not."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from instica_desktop.core.errors import (
    AddressError,
    InsticaError,
    NetworkError,
    NotInstica,
    PlanLapsed,
    ServerFull,
    ServerTrouble,
    SignedOut,
    Throttled,
)
from instica_desktop.sync.owner import OtherAccount
from instica_desktop.sync.pace import Pace
from instica_desktop.sync.slowness import Slowness
from instica_desktop.system.logs import redact

log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What the status bar distinguishes."""

    ONLINE = "online"
    CONNECTING = "connecting"
    OFFLINE = "offline"
    TROUBLE = "trouble"  # the server answers, but fails
    SIGNED_OUT = "signed_out"
    PLAN_LAPSED = "plan_lapsed"  # reading works, changes are not taken
    CAPTIVE = "captive"  # something else answers in the server's place
    OTHER_ACCOUNT = "other_account"  # the server takes us for somebody else: nothing is read or sent


class Connection(msgspec.Struct, frozen=True):
    """How things stand. `manual`: the user chose to work offline. `next_try`: when it is tried again.

    `wait` is how many seconds lay before the next try when it was planned; a clock that was set since makes
    nothing of `next_try`. `slow`: everything works, but answers take long. `why`: what went wrong, in words.
    `prepared`: how far (0 to 1) the server is with an update of its data, before which it cannot answer.
    """

    kind: Kind
    since: datetime
    next_try: datetime | None = None
    message: str = ""
    details: str = ""
    manual: bool = False
    wait: float = 0.0
    slow: bool = False
    why: str = ""
    prepared: float | None = None

    @property
    def can_read(self) -> bool:
        """Whether records may be asked for."""
        return self.kind in (Kind.ONLINE, Kind.PLAN_LAPSED)

    @property
    def can_send(self) -> bool:
        """Whether changes may be sent."""
        return self.kind is Kind.ONLINE


WORDS: dict[Kind, str] = {
    Kind.ONLINE: "Connected",
    Kind.CONNECTING: "Connecting",
    Kind.OFFLINE: "Offline. You can go on working; changes are sent when the server answers again.",
    Kind.TROUBLE: "The server has trouble. Your changes are kept and sent when it has recovered.",
    Kind.SIGNED_OUT: "The key is no longer accepted. Connect again with a valid key; your changes are kept.",
    Kind.PLAN_LAPSED: "The plan does not cover changes at present. Renew it to send what is waiting.",
    Kind.CAPTIVE: "Something else answers in the server’s place. This network may want you to sign in first.",
    Kind.OTHER_ACCOUNT: "Another account answers. Nothing is read or sent, so that nothing gets mixed up.",
}
SLOW = "Answers take long. You can go on working; changes are sent as they get through."
OUR_FAULT = "An answer could not be taken because of a fault of ours. It is tried again."
MANUAL = "Working offline, as you chose. Changes wait on this computer."
_REFUSED = (Kind.SIGNED_OUT, Kind.PLAN_LAPSED, Kind.OTHER_ACCOUNT)


def kind_of(error: InsticaError) -> Kind | None:
    """Return the state an error puts the connection in, or None when it says nothing about it."""
    match error:
        case OtherAccount():
            return Kind.OTHER_ACCOUNT
        case NotInstica():
            return Kind.CAPTIVE
        case NetworkError() | AddressError():
            return Kind.OFFLINE
        case ServerFull():
            return None  # it answers, and can be read
        case ServerTrouble():
            return Kind.TROUBLE
        case SignedOut():
            return Kind.SIGNED_OUT
        case PlanLapsed():
            return Kind.PLAN_LAPSED
        case _:
            return None


class Link:
    """Watches over the connection. `check` asks the server for a sign of life and raises our errors."""

    def __init__(
        self, check: Callable[[], Awaitable[None]], *, pace: Pace, clock: Callable[[], datetime]
    ) -> None:
        self._check = check
        self._pace = pace
        self._clock = clock
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._failures = 0
        self._looked_for = False  # somebody asked for a look without delay
        self._plan_lapsed: PlanLapsed | None = None
        self._due: float | None = None  # the next try by a clock nobody sets
        self._slowness = Slowness()
        self.state = Connection(Kind.CONNECTING, clock(), message=WORDS[Kind.CONNECTING])
        self.observers: list[Callable[[Connection, Connection], None]] = []
        """Called with (before, now) on every change of state."""
        self.ticks: list[Callable[[], None]] = []
        """Called after each successful look at the server."""

    def start(self) -> None:
        """Begin to connect and to keep watch."""
        self._task = asyncio.create_task(self._watch(), name="connection")

    async def close(self) -> None:
        """Stop watching."""
        task, self._task = self._task, None
        if task:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def report(self, error: InsticaError) -> None:
        """Take note of what went wrong elsewhere; what says nothing about the connection is ignored."""
        kind = kind_of(error)
        if kind is None or self.state.manual:
            return
        if isinstance(error, PlanLapsed):
            self._plan_lapsed = error
        was_online = self.state.kind is Kind.ONLINE
        if was_online or kind is not self.state.kind:
            self._fail(kind, error)
            self._wake.set()

    def answered(self, seconds: float) -> None:
        """Take note of how long the server took to begin an answer."""
        self._slowness.note(seconds)
        self._show_slowness()

    def preparing(self, share: float) -> None:
        """Take note of how far a server that is being started is with an update of its data."""
        if self.state.kind is Kind.CONNECTING:
            self._set(msgspec.structs.replace(self.state, prepared=share))

    def try_now(self) -> None:
        """Look at the server at once; a refused plan counts as renewed until it is refused again."""
        self._failures = 0
        self._plan_lapsed = None
        if not self.state.manual:
            if self.state.kind is not Kind.ONLINE:
                self._become(Kind.CONNECTING)
            self._looked_for = True
            self._wake.set()

    def work_offline(self, chosen: bool) -> None:
        """Leave the network alone until this is called with False."""
        if chosen:
            self._set(Connection(Kind.OFFLINE, self._clock(), message=MANUAL, manual=True))
        elif self.state.manual:
            self._become(Kind.CONNECTING)
        self._looked_for = True
        self._wake.set()

    # ------------------------------------------------------------ the watch

    async def _watch(self) -> None:
        while True:
            if not self.state.manual:
                await self._look()
            await self._rest()

    async def _look(self) -> None:
        self._looked_for = False
        late = asyncio.get_running_loop().call_later(self._slowness.limit, self._overdue)
        try:
            await self._check()
        except Throttled:
            return  # it answers, only not now: nothing about the connection has changed
        except InsticaError as error:
            if not self.state.manual:
                self._fail(kind_of(error) or Kind.TROUBLE, error)
            return
        except Exception as error:  # whatever it is, the watch goes on, and says so
            log.exception("A look at the server ended in a fault of ours")
            if not self.state.manual:
                self._fail(Kind.TROUBLE, InsticaError(OUR_FAULT, details=redact(repr(error))))
            return
        finally:
            late.cancel()
        if self.state.manual:
            return
        self._failures = 0
        self._succeeded()

    def _succeeded(self) -> None:
        if self._plan_lapsed is None:
            self._become(Kind.ONLINE)
        else:
            self._fail(Kind.PLAN_LAPSED, self._plan_lapsed)
        for tick in tuple(self.ticks):
            try:
                tick()
            except Exception:
                log.exception("Somebody could not take that the server was looked at")

    def _overdue(self) -> None:
        """Say that an answer is long in coming while it still may come."""
        self._slowness.overdue()
        self._show_slowness()

    def _show_slowness(self) -> None:
        slow = self._slowness.slow
        if self.state.kind is Kind.ONLINE and self.state.slow != slow:
            message = SLOW if slow else WORDS[Kind.ONLINE]
            self._set(msgspec.structs.replace(self.state, slow=slow, message=message))

    async def _rest(self) -> None:
        """Wait for the next look; a report of trouble in between only changes when that is."""
        while True:
            self._wake.clear()
            if self._looked_for and not self.state.manual:
                return
            try:
                async with asyncio.timeout(self._until_next()):  # wait_for can swallow our cancellation
                    await self._wake.wait()
            except TimeoutError:
                if self.state.kind is Kind.PLAN_LAPSED:
                    self._plan_lapsed = None
                return

    def _until_next(self) -> float | None:
        if self.state.manual:
            return None
        if self._due is None:
            return self._pace.check_every
        return max(0.0, self._due - asyncio.get_running_loop().time())

    def _fail(self, kind: Kind, error: InsticaError) -> None:
        wait = self._pace.check_when_refused if kind in _REFUSED else self._pace.delay(self._failures)
        self._failures += 1
        self._due = asyncio.get_running_loop().time() + wait
        self._slowness.forget()
        since = self.state.since if kind is self.state.kind else self._clock()
        self._set(
            Connection(
                kind,
                since,
                next_try=self._clock() + timedelta(seconds=wait),
                message=WORDS[kind],
                details=_details(error),
                wait=wait,
                why=error.message,
            )
        )

    def _become(self, kind: Kind) -> None:
        if kind is not self.state.kind or self.state.manual:
            self._set(Connection(kind, self._clock(), message=WORDS[kind]))

    def _set(self, state: Connection) -> None:
        before, self.state = self.state, state
        if state.next_try is None:
            self._due = None
        if before == state:
            return
        for observer in tuple(self.observers):
            try:
                observer(before, state)
            except Exception:
                log.exception("Somebody could not take that the connection changed")  # the watch goes on


def _details(error: InsticaError) -> str:
    return " ".join(part for part in (error.message, error.details) if part)
