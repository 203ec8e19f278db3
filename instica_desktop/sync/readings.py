"""What a list reads from this computer in the background."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from typing import Any


async def all_ended(tasks: Iterable[asyncio.Task[Any]]) -> None:
    """Wait until tasks end, however that is. Unlike those of `gather` they go on when this is cancelled."""
    if waited := set(tasks):
        await asyncio.wait(waited)


class Readings:
    """Keeps readings until they end. `ended` is told of each, with what broke it off or None."""

    def __init__(self, name: str, ended: Callable[[BaseException | None], None]) -> None:
        self._name = name
        self._ended = ended
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether something is being read."""
        return bool(self._tasks)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin to read."""
        task = asyncio.create_task(work, name=self._name)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def stop(self) -> None:
        """Break everything off."""
        for task in tuple(self._tasks):
            task.cancel()

    async def ended(self) -> None:
        """Wait for what is being read now, which goes on should the waiting be given up."""
        await all_ended(self._tasks)

    def _done(self, task: asyncio.Task[None]) -> None:
        """Tell how it ended; what was cancelled before it began ends here too."""
        self._tasks.discard(task)
        self._ended(None if task.cancelled() else task.exception())
