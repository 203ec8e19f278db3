"""What the last run left, and what an update of the app asks for: taken up without making the start wait."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import partial

from instica_desktop.core.errors import StoreError
from instica_desktop.store.rules import Rules
from instica_desktop.store.store import Store
from instica_desktop.sync.pace import Pace

log = logging.getLogger(__name__)

NOT_TAKEN_UP = (
    "Your waiting edits cannot be sent yet: their file cannot be written. Make room on the disk; it is tried "
    "again by itself. You can look at everything meanwhile."
)
KEPT_ASIDE = (
    "Edits that another version of Instica Desktop made wait on this computer, and this version cannot read "
    "them. Nothing of them is sent. Update the program to go on with them."
)
TAKEN_UP = "Your waiting edits can be sent again."
NEW_RULES = (
    "This version finds and orders records in a new way. The copy on this computer is brought up to date in "
    "the background; until that is done, a search without a connection can miss records."
)
PIECE = 50
"""Records that are brought up to date in one transaction: an edit waits for no more than that."""


class Upkeep:
    """The tasks of the start that may take long. `close` breaks them off; the next start goes on."""

    def __init__(self, store: Store, pace: Pace, say: Callable[[str], None]) -> None:
        """`say` is told in a sentence what the user should know."""
        self._store = store
        self._rules = Rules(store.cache)
        self._pace = pace
        self._say = say
        self._tasks: list[asyncio.Task[None]] = []
        self.outdated = False
        """Whether some records are still found and ordered as an earlier version did it."""
        self.renewed: float | None = None
        """How far (0 to 1) bringing them up to date is; None while there is nothing to do."""

    async def close(self) -> None:
        """Break off what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def recover(self, begin: Callable[[], None]) -> None:
        """Take up the edits of the last run and call `begin`; where that fails, as soon as it can be."""
        if self._store.outbox.aside:
            self._say(KEPT_ASIDE)
        if await self._recovered():
            begin()
        else:
            self._say(NOT_TAKEN_UP)
            self._tasks.append(asyncio.create_task(self._recover_later(begin), name="recover"))

    async def tidy(self) -> None:
        """Lay the edits over the copy again, and drop the photos that were sent."""
        store = self._store
        sweeps = (partial(files.sweep, set()) for files in (store.blobs, store.taken))
        for tidy in (store.cache.reproject_pending, *sweeps):
            try:
                await tidy()
            except StoreError as error:  # no reason not to connect and send
                log.info("The copy of the shop is not tidy yet: %s", error.details or error.message)

    def renew(self, done: Callable[[], None], on: Callable[[], None] = lambda: None) -> None:
        """Begin to bring the records up to date with this version's rules, then call `done`.

        `on` is called with each piece and at the end, once `renewed` has moved on.
        """
        try:
            self.outdated = self._rules.outdated
        except StoreError:
            return  # what is damaged is begun anew, by the rules of this version
        if self.outdated:
            self._tasks.append(asyncio.create_task(self._renew(done, on), name="new rules"))

    async def _recovered(self) -> bool:
        try:
            await self._store.outbox.recover()
        except StoreError as error:
            log.info("The waiting edits are not taken up yet: %s %s", error.message, error.details)
            return False
        except Exception:
            log.exception("The waiting edits are not taken up yet")
            return False
        return True

    async def _recover_later(self, begin: Callable[[], None]) -> None:
        failures = 0
        while True:
            await asyncio.sleep(self._pace.delay(failures))
            failures += 1
            if await self._recovered():
                begin()
                self._say(TAKEN_UP)
                return

    async def _renew(self, done: Callable[[], None], on: Callable[[], None]) -> None:
        loop, told = asyncio.get_running_loop(), False
        began = loop.time()
        while await self._renew_piece():
            if not told:
                self._say(NEW_RULES)
            told = True
            self._look()
            on()
            await asyncio.sleep(loop.time() - began)  # half of the time is left to everything else
            began = loop.time()
        self.outdated, self.renewed = False, None
        on()
        done()

    def _look(self) -> None:
        with contextlib.suppress(StoreError):  # the next piece may tell
            self.renewed = self._rules.share

    async def _renew_piece(self) -> bool:
        """Renew a piece, as soon as it can be: a damaged copy is soon another. Tell if there is more."""
        failures = 0
        while True:
            try:
                return await self._rules.renew(PIECE)
            except StoreError as error:
                log.info("The copy is not up to date with this version: %s %s", error.message, error.details)
            await asyncio.sleep(self._pace.delay(failures))
            failures += 1
