"""How many pages of the mirror may be on their way at once: as many as the server keeps up with.

Two, and one more after each round of answers while fewer come than this computer can well take: pages that
arrive together make the window wait. Half as many after a slow answer or a 429 (as TCP does it), and only one
while the user waits for rows or edits are being sent: they come first.
"""

from collections.abc import Callable

SLOW = 2.0
"""Seconds from which on an answer may count as slow at all."""
SLOWER = 4.0
"""How many times slower than the quickest of late an answer has to be."""
ENOUGH = 0.08
"""Seconds from one page to the next that are quick enough: some 1,250 records a second."""
_USUAL = 2.0
_FORGETS = 1.02
"""The quickest answer is taken for a little slower after each one, so that it does not stand for ever."""


class Gate:
    """The width of the way to the server."""

    def __init__(self, most: int, busy: Callable[[], bool], throttled: Callable[[], bool]) -> None:
        """`busy`: something more important is under way. `throttled`: the server wants no requests now."""
        self._most = float(most)
        self._busy = busy
        self._throttled = throttled
        self._width = min(_USUAL, self._most)
        self._quickest = SLOW

    @property
    def width(self) -> int:
        """How many requests may be under way now."""
        return 1 if self._busy() else int(self._width)

    def answered(self, seconds: float) -> None:
        """Take note of how long an answer took."""
        self._quickest = min(self._quickest * _FORGETS, seconds)
        if self._throttled() or (seconds > SLOW and seconds > SLOWER * self._quickest):
            self.refused()
        elif self._width < _USUAL or seconds / self._width > ENOUGH:
            self._width = min(self._most, self._width + 1 / self._width)
        else:
            self._width = max(_USUAL, self._width - 1 / self._width)

    def refused(self) -> None:
        """Take note that it was too much."""
        self._width = max(1.0, self._width / 2)
