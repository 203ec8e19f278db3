"""What turns out to be damaged while the shop is open is mended at once: a new copy, a new file of edits."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from instica_desktop.core.errors import StoreError
from instica_desktop.store.store import Store
from instica_desktop.sync.pace import Pace

if TYPE_CHECKING:
    from instica_desktop.store.care import Care

log = logging.getLogger(__name__)

COPY_RENEWED = (
    "This computer’s copy of the shop was damaged. It is begun anew and fills again from the server; "
    "your waiting edits are untouched."
)
COPY_STAYS = (
    "This computer’s copy of the shop is damaged and cannot be begun anew now. Your waiting edits are safe. "
    "Start the app again; if that does not help, check the disk."
)
COPY_SPOILT = (
    "This computer’s copy of the shop is damaged again and again. The next start begins it anew; your "
    "waiting edits are safe. Check the disk."
)
EDITS_RENEWED = (
    "The file of your waiting edits was damaged. They were still in memory and are in a new file now; "
    "nothing is sent until you have seen them."
)
EDITS_IN_MEMORY = (
    "The file of your waiting edits is damaged and a new one cannot be written. They are in memory: leave "
    "the app open, export them in Activity, and make room on the disk. It is tried again by itself."
)
MOST = 3
"""So often a copy is begun anew in one run; a disk that spoils it more often needs another kind of help."""


class Mending:
    """Listens to a store, from whatever thread it speaks. `close` waits for what is under way."""

    def __init__(
        self, store: Store, care: Callable[[], "Care"], pace: Pace, say: Callable[[str], None]
    ) -> None:
        """`care` gives the care of the files; `say` is told in a sentence what was mended."""
        self._store = store
        self._care = care
        self._pace = pace
        self._say = say
        self._loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._times = 0
        store.on_damage = self._met

    async def close(self) -> None:
        """Begin nothing more; what is begun comes to its end."""
        self._closing.set()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def settled(self) -> None:
        """Wait for what is being mended."""
        await asyncio.gather(*self._tasks.values())

    def _met(self, what: str) -> None:
        with suppress(RuntimeError):  # the loop has ended: the next start mends it
            self._loop.call_soon_threadsafe(self._begin, what)

    def _begin(self, what: str) -> None:
        under_way = self._tasks.get(what)
        if self._closing.is_set() or (under_way and not under_way.done()):
            return
        if what == "outbox":
            self._store.outbox.hold_back()
        work = self._mend_edits() if what == "outbox" else self._mend_copy()
        self._tasks[what] = asyncio.create_task(work, name=f"mend {what}")

    async def _mend_copy(self) -> None:
        self._times += 1
        if self._times > MOST:
            if self._times == MOST + 1:
                self._say(COPY_SPOILT)
            return
        try:
            await self._care().mend_copy()
        except StoreError as error:
            log.info("The copy cannot be begun anew: %s %s", error.message, error.details)
            self._say(COPY_STAYS)
        else:
            self._say(COPY_RENEWED)

    async def _mend_edits(self) -> None:
        told = False
        while not self._closing.is_set():
            try:
                await self._care().mend_edits()
            except StoreError as error:
                log.info("The waiting edits cannot be written anew: %s %s", error.message, error.details)
                if not told:
                    self._say(EDITS_IN_MEMORY)
                told = True
            else:
                self._say(EDITS_RENEWED)
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pace.longest_backoff):
                    await self._closing.wait()
        with suppress(StoreError):  # the newest copy is older than what was in memory
            await self._care().back_up()
