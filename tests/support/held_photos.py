"""Photos that are kept one by one, when a test says so."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from instica_desktop.sync.keeping import Keeping


class Held:
    """Lets so many photos be kept, and no more until told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.free = asyncio.Semaphore(0)
        keep: Callable[..., Awaitable[Any]] = Keeping.keep

        async def slowly(keeping: Keeping, *parts: Any) -> Any:
            await self.free.acquire()
            return await keep(keeping, *parts)

        monkeypatch.setattr(Keeping, "keep", slowly)

    def let(self, number: int) -> None:
        """Let so many more be kept."""
        for _ in range(number):
            self.free.release()
