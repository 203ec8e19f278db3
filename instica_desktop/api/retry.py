"""When to send again, as one callable over (method, outcome, attempt). The only layer that retries.

The matrix: what was certainly not sent is sent again; a read is repeated after a lost or busy answer;
a write whose outcome is not known never is. Whoever asked for it reads it back first.
"""

import random
from collections.abc import Callable
from enum import Enum, auto
from typing import Protocol

from instica_desktop.core.errors import (
    InsticaError,
    NotInstica,
    ReplyLost,
    ServerFull,
    ServerTrouble,
    Unreachable,
)

LONGEST = 60.0
FIRST = 1.0


class Outcome(Enum):
    """How one try ended, as far as sending again goes. Throttling is not among them: it costs no attempt."""

    NOTHING_SENT = auto()
    REPLY_LOST = auto()
    BUSY = auto()  # 408, 502, 503, 504
    FAILED = auto()  # 500
    FINAL = auto()  # an answer that will not change soon, or one that is not Instica's

    @classmethod
    def of(cls, error: InsticaError) -> "Outcome":
        """Return the outcome an error stands for."""
        match error:
            case Unreachable():
                return cls.NOTHING_SENT
            case NotInstica():
                return cls.FINAL
            case ReplyLost():
                return cls.REPLY_LOST
            case ServerFull():
                return cls.FINAL
            case ServerTrouble(status=500):
                return cls.FAILED
            case ServerTrouble():
                return cls.BUSY
            case _:
                return cls.FINAL


class RetryPolicy(Protocol):
    """Decides after each failed try."""

    def __call__(self, method: str, outcome: Outcome, attempt: int) -> float | None:
        """Return the seconds to wait before sending again, or None to give up. `attempt` counts from 0."""
        ...


class Retries:
    """The policy in force: full jitter `random(0, min(60 s, 1 s · 2ⁿ))`, three retries, two after a 500."""

    def __init__(self, *, most: int = 3, pick: Callable[[float, float], float] = random.uniform) -> None:
        self._most = most
        self._pick = pick

    def __call__(self, method: str, outcome: Outcome, attempt: int) -> float | None:
        """See `RetryPolicy`."""
        if attempt >= self._allowed(method, outcome):
            return None
        return self._pick(0, min(LONGEST, FIRST * 2**attempt))

    def _allowed(self, method: str, outcome: Outcome) -> int:
        if outcome is Outcome.NOTHING_SENT:
            return self._most
        if outcome is Outcome.FINAL or method not in ("GET", "HEAD"):
            return 0
        return min(2, self._most) if outcome is Outcome.FAILED else self._most


NO_RETRIES = Retries(most=0)
"""Each request is tried once."""
