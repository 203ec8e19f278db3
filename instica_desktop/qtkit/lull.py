"""What follows a person's moves: soon after a single one, and after the last where one follows the other.

A key that is held comes some thirty times a second. What takes a frame or more, and is of no use any more
with the next key, would make each of them wait for the one before.
"""

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer

FOLLOWS_MS = 120
"""Moves closer together than this follow each other: nobody presses a key so often, and a busy machine shows
it later than it was."""
QUIET_MS = 70
"""So long after the last of them they have ended: keys repeat every 25 to 40 ms."""


class Lull(QObject):
    """Calls `act` some `soon` ms after a move, or once moves that follow each other have ended."""

    def __init__(self, act: Callable[[], object], parent: QObject, soon: int = 0) -> None:
        super().__init__(parent)
        self._soon = soon
        self._moved = float("-inf")
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(act)

    @property
    def wait(self) -> int | None:
        """So many ms after the last move `act` is to be called; None when it is not."""
        return self._timer.interval() if self._timer.isActive() else None

    def moved(self) -> None:
        """Note a move; several before `act` is called soon are one."""
        now = monotonic()
        follows = (now - self._moved) * 1000 < FOLLOWS_MS
        self._moved = now
        if self.wait in (None, QUIET_MS):
            self._timer.start(QUIET_MS if follows else self._soon)

    def stop(self) -> None:
        """Do not call `act` for what was noted."""
        self._timer.stop()
