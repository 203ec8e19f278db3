"""Whether answers take long: longer than a person waits gladly, and than they usually take here."""

from collections import deque

LATEST = 5
"""So many answers are looked at together: a single late one says nothing."""
FLOOR = 3.0
"""Seconds under which no answer is called slow, however quick the others were."""
TIMES = 4.0
"""So many times the usual is slow; under half of that it is over."""
DRIFT = 0.02
"""How much of each answer goes into what is usual. What is slow all day becomes the usual after an hour."""


class Slowness:
    """Told how long each answer took, in seconds; `slow` follows with some reluctance both ways."""

    def __init__(self) -> None:
        self.slow = False
        self._usual: float | None = None
        self._latest: deque[float] = deque(maxlen=LATEST)

    @property
    def limit(self) -> float:
        """How long an answer may take before it counts as slow."""
        return max(FLOOR, TIMES * (self._usual or 0.0))

    @property
    def takes(self) -> float:
        """How long answers take now: the middle of the latest."""
        return sorted(self._latest)[len(self._latest) // 2] if self._latest else 0.0

    def note(self, seconds: float) -> None:
        """Take note of an answer."""
        self._latest.append(seconds)
        if self._usual is None:
            self._usual = min(seconds, FLOOR / TIMES)
        else:
            self._usual += DRIFT * (seconds - self._usual)
        if self.slow:
            self.slow = self.takes > self.limit / 2
        elif len(self._latest) == LATEST:
            self.slow = self.takes > self.limit

    def overdue(self) -> None:
        """Take note that an answer has not begun after `limit` seconds."""
        self.slow = True

    def forget(self) -> None:
        """Begin anew: the network is another one by now, or was gone in between."""
        self.slow = False
        self._latest.clear()
