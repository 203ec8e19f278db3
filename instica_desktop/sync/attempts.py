"""One try at delivering an operation: what is known of it, how it can end, and what an error means for it."""

from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import msgspec

from instica_desktop.core.errors import (
    AddressError,
    Clash,
    InputError,
    InsticaError,
    NetworkError,
    NotFound,
    NotOffered,
    PlanLapsed,
    Rejected,
    ServerFull,
    ServerTrouble,
    SignedOut,
    Throttled,
    Unreachable,
    ValidationFailed,
)
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.operations import GONE, Operation, OpState
from instica_desktop.sync.pace import Pace

MOST_FAULTS = 2
"""How often an operation is sent again after the server failed on it (500)."""


class Attempt(msgspec.Struct):
    """A try under way. `unsure`: an earlier try may have got through. `wrote`: this one may have.

    `asked` is the number of the request that read what it returns (of the cache's `tickets`), while `hold`
    is open; without one, the answer to our own change came just now.
    """

    operation: Operation
    unsure: bool = False
    wrote: bool = False
    asked: int | None = None
    hold: ExitStack = msgspec.field(default_factory=ExitStack)


class Delivered(msgspec.Struct, frozen=True):
    """It is on the server. `records` are as they stand there now; `replaced`: temporary uid → real one.

    `stale`: the record could not be read again after the change, so it has to be derived.
    """

    records: tuple[tuple[Entity, Record[Any]], ...] = ()
    gone: tuple[tuple[Entity, str], ...] = ()
    replaced: Mapping[str, str] = {}
    stale: bool = False


class Clashed(msgspec.Struct, frozen=True):
    """The user has to decide: `theirs` by field (empty: look for yourself), in words."""

    message: str
    theirs: Mapping[str, Any] = {}
    records: tuple[tuple[Entity, Record[Any]], ...] = ()


Verdict = Delivered | Clashed


class Next(msgspec.Struct, frozen=True):
    """What becomes of an operation after an error.

    `wait` is in seconds, after which even what is refused is tried again; `spent`: the try counts;
    `certain`: nothing of this or any earlier try is there.
    """

    state: OpState
    message: str = ""
    wait: float = 0.0
    spent: bool = False
    certain: bool = False
    errors: Mapping[str, tuple[str, ...]] = {}
    theirs: Mapping[str, Any] | None = None


def after_error(error: InsticaError, attempt: Attempt, *, faults: int, pace: Pace) -> Next:
    """Return what an error means for the operation. `faults` counts the 500s it met, this one included."""
    again = OpState.UNKNOWN if attempt.unsure else OpState.RETRY
    perhaps = OpState.UNKNOWN if attempt.unsure or attempt.wrote else OpState.RETRY
    certain = attempt.wrote or not attempt.unsure
    wait = pace.delay(attempt.operation.attempts)
    match error:
        case SignedOut():
            return Next(OpState.UNKNOWN if attempt.unsure else OpState.PAUSED_AUTH, error.message)
        case PlanLapsed():
            return Next(OpState.UNKNOWN if attempt.unsure else OpState.PAUSED_PLAN, error.message)
        case NotFound(part=False):
            order = attempt.operation.entity is Entity.ORDER
            return Next(OpState.CONFLICT, ORDER_GONE if order else GONE_WORDS, theirs=GONE)
        case Clash() if attempt.operation.attempts < MOST_FAULTS:
            return Next(OpState.UNKNOWN, error.message, wait=wait, spent=True)
        case Rejected() | InputError():
            return _refused(error, certain=certain)
        case Throttled():
            return Next(again, PAUSE, wait=error.retry_after)
        case Unreachable() | AddressError():
            return Next(again, error.message)
        case ServerFull():
            return Next(again, error.message, wait=pace.when_full)
        case ServerTrouble(status=500) if faults > MOST_FAULTS:
            return Next(OpState.REFUSED, _support(error))
        case NetworkError() | ServerTrouble():
            return Next(perhaps, error.message, wait=wait, spent=True)
        case _:
            return Next(perhaps, error.message, wait=wait, spent=True)


def _refused(error: InsticaError, *, certain: bool) -> Next:
    match error:
        case ValidationFailed():
            return Next(OpState.REFUSED, error.message, certain=certain, errors=error.fields)
        case NotOffered():
            return Next(OpState.REFUSED, error.message, wait=max(1.0, error.again), certain=certain)
        case NotFound():
            return Next(OpState.REFUSED, PART_GONE, certain=certain)
        case _:
            return Next(OpState.REFUSED, error.message, certain=certain and not isinstance(error, Clash))


PAUSE = "The server asked for a pause."
GONE_WORDS = (
    "This record is no longer on the server, so the change has nowhere to go. "
    "Make it again, or drop the change."
)
PART_GONE = "What this change is about is no longer on the server, so it has nowhere to go. Drop the change."
ORDER_GONE = (
    "This order is no longer on the server, so the change has nowhere to go. Orders come from marketplaces "
    "and cannot be made again here: note what you need, then drop the change."
)


def _support(error: ServerTrouble) -> str:
    name = f" and mention {error.request_id}" if error.request_id else ""
    return f"The server failed on this change more than once. Try again later, or contact support{name}."
