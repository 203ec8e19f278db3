"""Deletes that wait until their message has gone, so that taking one back costs nothing.

They are on the disk like every edit; only this run holds them. However it ends, the next start sends them.
"""

import asyncio
from collections.abc import Callable, Iterable

from instica_desktop.store.outbox import Outbox

LONGEST = 3600.0
"""Seconds after which what is held goes, whoever forgot to let it."""


class Holds:
    """What is held, by the name of the message it waits for. `let_go` is called when some of it is not."""

    def __init__(self, outbox: Outbox, let_go: Callable[[], None]) -> None:
        self._outbox = outbox
        self._let_go = let_go
        self._names: dict[str, set[str]] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def hold(self, name: str, uuids: Iterable[str]) -> None:
        """Hold operations, those that are not kept yet included."""
        held = set(uuids)
        self._outbox.hold(held)
        self._names.setdefault(name, set()).update(held)
        if name not in self._timers:
            self.keep(name, LONGEST)

    def keep(self, name: str, seconds: float) -> None:
        """Hold for so many seconds from now."""
        if name in self._names:
            if timer := self._timers.pop(name, None):
                timer.cancel()
            self._timers[name] = asyncio.get_running_loop().call_later(seconds, self.release, name)

    def release(self, name: str) -> None:
        """Let go what waited for a message."""
        if timer := self._timers.pop(name, None):
            timer.cancel()
        if held := self._names.pop(name, None):
            self._outbox.let_go(held)
            self._let_go()

    def close(self) -> None:
        """End: what is held stays so, and is sent by the next start."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
