"""A list's pages in their order, several on their way at once, handed out in batches while more arrive."""

import asyncio
from collections.abc import AsyncIterator

from instica_desktop.core.errors import NotFound
from instica_desktop.sync.mirror.reading import OLDEST_FIRST, Read, Reader

_AHEAD = 3
"""How many batches may wait for the disk before no more is asked for."""


class Stream:
    """The pages from `first` on. After a failure what came before the gap is still handed out."""

    def __init__(self, reader: Reader, first: int, last: int, batch: int) -> None:
        """`last` is a guess; each answer tells better."""
        self._reader = reader
        self._next = first
        self._due = first
        self._last = max(first, last)
        self._batch = batch
        self._ready: dict[int, Read] = {}
        self._running: dict[int, asyncio.Task[None]] = {}
        self._error: Exception | None = None
        self._news = asyncio.Event()
        self._closed = False

    async def batches(self) -> AsyncIterator[list[Read]]:
        """Yield the pages without a gap, as many at a time as are stored together; each is to be released.

        Raises:
            InsticaError: a page did not come, after everything before it was handed out.
        """
        while True:
            self._fill()
            whole = self._whole()
            if whole and (len(whole) >= self._batch or not self._running):
                self._due += len(whole)
                yield [self._ready.pop(number) for number in whole]
            elif self._running:
                self._news.clear()
                await self._news.wait()
            elif self._error is not None:
                raise self._error
            else:
                return

    async def close(self) -> None:
        """Break off what is under way, and let go of what nobody took."""
        self._closed = True  # or each that ends would ask for the next page in its place
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for read in self._ready.values():
            read.hold.close()
        self._ready.clear()

    def _whole(self) -> list[int]:
        number = self._due
        while number in self._ready and number - self._due < self._batch:
            number += 1
        return list(range(self._due, number))

    def _fill(self) -> None:
        while (
            not self._closed
            and self._error is None
            and self._next <= self._last
            and len(self._running) < self._reader.gate.width
            and self._next - self._due < _AHEAD * self._batch
        ):
            task = asyncio.create_task(self._one(self._next), name=f"mirror page {self._next}")
            self._running[self._next] = task
            self._next += 1

    async def _one(self, number: int) -> None:
        try:
            read = await self._reader.page(OLDEST_FIRST, number)
        except NotFound as error:
            self._last = min(self._last, number - 1)
            if number == 1:
                self._error = error
        except Exception as error:  # noqa: BLE001  whoever takes the batches is told
            self._error = self._error or error
        else:
            self._ready[number] = read
            pages = -(-read.count // self._reader.size)
            self._last = max(pages, number + 1 if read.has_more else 1)
        finally:
            del self._running[number]
            self._fill()
            self._news.set()
