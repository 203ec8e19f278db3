"""How fast one host may be asked: its wishes (429, Retry-After) and our budget of retries."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from instica_desktop.api.transport import Response
from instica_desktop.core.errors import Throttled

SHORTEST = 1.0
LONGEST = 15 * 60.0
UNSAID = 10.0
"""Seconds to wait when a server says “slow down” but not for how long."""
BUDGET = 10.0
REFUND = 0.5
"""A retry costs 1 of the budget, a success gives this much back: a dead host is not hammered."""

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(minute|hour)?", re.IGNORECASE)
_UNITS = {"": 1, "minute": 60, "hour": 3600}

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]


class Host:
    """One host: all requests to it share its throttle and its budget."""

    def __init__(self, clock: Clock, sleep: Sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._until = 0.0
        self._budget = BUDGET

    @property
    def throttled_until(self) -> float | None:
        """The time by the client's clock before which nothing is sent, or None when sending is free."""
        return self._until if self._until > self._clock() else None

    def slow_down(self, seconds: float) -> None:
        """Send nothing to this host for so long; a longer wait in force stays."""
        self._until = max(self._until, self._clock() + seconds)

    async def turn(self, deadline: float) -> None:
        """Wait until this host may be asked.

        Raises:
            Throttled: at once, when that would be later than `deadline`.
        """
        while (until := self.throttled_until) is not None:
            if until > deadline:
                raise throttled(until - self._clock())
            await self._sleep(until - self._clock())

    def may_retry(self) -> bool:
        """Take one retry from the budget; False when it is used up."""
        if self._budget < 1:
            return False
        self._budget -= 1
        return True

    def succeeded(self) -> None:
        """Give a part of a retry back."""
        self._budget = min(BUDGET, self._budget + REFUND)


def throttled(seconds: float, details: str = "") -> Throttled:
    """Return the error that says how long to wait."""
    shown = f"{round(seconds)} seconds" if seconds < 90 else f"{round(seconds / 60)} minutes"
    return Throttled(
        f"The server asks us to slow down. The app goes on by itself in about {shown}.",
        retry_after=seconds,
        details=details,
    )


def retry_after(response: Response, detail: str, *, unsaid: float = UNSAID) -> float:
    """Return the seconds a server asks to wait: its header, else its sentence, within 1 s to 15 min."""
    seconds = _from_header(response)
    if seconds is None:
        found = _NUMBER.search(detail)
        seconds = float(found[1]) * _UNITS[(found[2] or "").lower()] if found else unsaid
    return min(LONGEST, max(SHORTEST, seconds))


def _from_header(response: Response) -> float | None:
    """Read `Retry-After`: seconds, or a date, which is measured by the server's own clock if it tells it."""
    value = response.headers.get("retry-after", "").strip()
    if not value:
        return None
    try:
        return float(value) if value[:1].isdigit() else _date(value) - _date(response.headers.get("date", ""))
    except ValueError:
        return None


def _date(value: str) -> float:
    from email.utils import parsedate_to_datetime

    return parsedate_to_datetime(value).timestamp() if value else datetime.now(UTC).timestamp()
