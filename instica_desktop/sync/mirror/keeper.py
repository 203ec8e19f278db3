"""Keeps this computer's copy of the shop whole and fresh: scans what is missing, then follows the changes.

It works one kind of record after the other, gives way to whoever looks or sends, stops without a connection
and goes on by itself where it stopped.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

import msgspec

from instica_desktop.core.errors import (
    Forbidden,
    InsticaError,
    NotOffered,
    StoreError,
    Throttled,
    Unreadable,
)
from instica_desktop.core.models.common import Entity
from instica_desktop.store.cache import Cache
from instica_desktop.store.mirror import FRESH, NEVER, SCANNING, Progress
from instica_desktop.store.values import from_millis, millis
from instica_desktop.sync.connection import Connection, Link
from instica_desktop.sync.mirror.ahead import Ahead
from instica_desktop.sync.mirror.bars import Bars
from instica_desktop.sync.mirror.gate import Gate
from instica_desktop.sync.mirror.reading import Reader, Server
from instica_desktop.sync.mirror.state import MirrorState, Part, part_of
from instica_desktop.sync.pace import Pace

if TYPE_CHECKING:
    from instica_desktop.api import InsticaClient
    from instica_desktop.sync.mirror.documents import Documents
    from instica_desktop.sync.mirror.thumbnails import Pictures, Thumbnails

log = logging.getLogger(__name__)

ORDER = (Entity.ITEM, Entity.PRODUCT, Entity.ORDER)
"""What is copied first: what the day begins with. A product then finds the SKUs of its items here."""
OUR_FAULT = "The copy stopped because of a fault of ours. It is tried again later."
_FULL_DISK_WAIT = 60.0
TWICE = 2
"""So many audits in a row have to differ before everything is read again: the first may meet a change."""


class Mirror:
    """The copy of one account, between `start` and `close`; `pause`, `resume`, `cancel` are the user's."""

    def __init__(
        self,
        cache: Cache,
        server: Callable[[Entity], Server],
        client: "InsticaClient",
        link: Link,
        pictures: "Pictures",
        *,
        pace: Pace,
        clock: Callable[[], datetime],
        busy: Callable[[], bool],
        throttled: Callable[[], bool],
        tell: Callable[[], None],
    ) -> None:
        """`tell` is called on any change of `state`.

        `busy`: rows are waited for or edits are being sent.
        """
        self._cache = cache
        self._tables = cache.mirror
        self._pictures = pictures
        self._client = client
        self._link = link
        self._pace = pace
        self._clock = clock
        self._tell = tell
        self._gate = Gate(pace.mirror_at_once, busy, throttled)
        self._readers = {
            entity: Reader(entity, partial(server, entity), cache, self._gate, pace.page) for entity in ORDER
        }
        self._progress = dict.fromkeys(ORDER, Progress())
        self._known = False  # whether that is what stands in the file
        self._learn()
        self._ahead = Ahead(self._readers)
        self._furthest = 0.0
        self._looked: dict[Entity, float] = {}
        self._wanted: set[Entity] = set()  # to be looked at now
        self._doubted: set[Entity] = set()  # to be read again as a whole
        self._accepted: set[Entity] = set()  # may become empty
        self._bars = Bars()
        self._stuck = False  # some kind could not be brought up, and the others were
        self._wake = asyncio.Event()
        self._dropped: set[Entity] = set()  # scans that begin anew
        self._task: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None  # the work before, until it has let go
        self._failures = 0
        self._message = ""
        self._paused = False
        self._emptying = False  # the copy is being emptied
        self._begins = False  # as soon as that is done
        self._closed = False
        self._idle = asyncio.Event()
        link.observers.append(self._link_changed)

    # ------------------------------------------------------------ what the user does

    def start(self) -> None:
        """Begin, or go on."""
        if self._emptying:
            self._begins = True
        elif self._task is None and not self._paused and not self._closed:
            self._task = asyncio.create_task(self._after(self._ending), name="mirror")

    async def close(self) -> None:
        """Stop; the next run goes on from here."""
        self._closed = True
        if self._link_changed in self._link.observers:
            self._link.observers.remove(self._link_changed)
        self._stop()
        if self._ending:
            await asyncio.gather(self._ending, return_exceptions=True)

    @asynccontextmanager
    async def anew(self) -> AsyncGenerator[None]:
        """Let go of the copy while it is emptied, then begin from nothing; paused, it stays paused."""
        self._begins, self._emptying = self._task is not None, True
        self._stop()
        try:
            if self._ending:
                await asyncio.gather(self._ending, return_exceptions=True)
            yield
        finally:
            self._emptying = False
            self._forget()
            if self._begins:
                self.start()
            self._tell()

    def stop(self) -> None:
        """Stop, and say nothing of it: no copy is wanted. What came is kept; `resume` goes on."""
        self._paused = self._begins = False
        self._stop()
        self._tell()

    def pause(self) -> None:
        """Stop until `resume`."""
        self._paused = True
        self._stop()
        self._tell()

    def resume(self) -> None:
        """Go on after `pause` or `cancel`."""
        self._paused = False
        self.start()
        self._tell()

    def cancel(self) -> None:
        """Stop until `resume`, which then begins the scan under way anew; what came is kept."""
        self._dropped |= {entity for entity, progress in self._progress.items() if progress.phase == SCANNING}
        self._furthest = 0.0
        self.pause()

    def keep_photos(self, every: bool) -> None:
        """Fetch and keep every photo in full, whatever room that takes, or only what lists show."""
        self._cache.keep_all_images(every)
        self._thumbnails.keep_all = every
        self._wake.set()

    def look(self) -> None:
        """Look for changes now."""
        self._wanted |= set(ORDER)
        self._idle.clear()
        self._wake.set()

    def check(self) -> None:
        """Read everything again, as it is done by itself once a day."""
        self._doubted |= set(ORDER)
        self.look()

    async def settled(self) -> None:
        """Wait until everything that is due is done."""
        await self._idle.wait()

    def accept_empty(self, entity: Entity) -> None:
        """Believe that the server has none of these records any more: they leave this computer too."""
        self._accepted.add(entity)
        self.look()

    # ------------------------------------------------------------ how things stand

    @property
    def state(self) -> MirrorState:
        """How far the copy is."""
        parts = {entity: self._part(entity, progress) for entity, progress in self._progress.items()}
        return MirrorState(
            parts=parts,
            running=self._task is not None,
            paused=self._paused,
            message=self._message,
            counting=bool(self._ahead.uncounted(self._progress)),
            furthest=self._furthest,
        )

    def complete(self, entity: Entity) -> bool:
        """Tell whether all records of a kind were here once; what came later may be missing."""
        return bool(self._progress[entity].completed)

    def fresh(self, entity: Entity) -> bool:
        """Tell whether all records of a kind are here as the server had them a moment ago."""
        progress, looked = self._progress[entity], self._looked.get(entity)
        unsure = entity in self._wanted or entity in self._bars
        if self._task is None or looked is None or not progress.completed or unsure:
            return False
        recent = asyncio.get_running_loop().time() - looked < 3 * self._pace.mirror_every
        return recent and progress.phase == FRESH and not progress.again and not progress.differing

    def checked(self, entity: Entity) -> datetime | None:
        """Return when the copy of a kind was last compared with the server; None before it is complete."""
        progress = self._progress[entity]
        return from_millis(progress.checked) if progress.completed else None

    def document(self, name: str) -> bytes | None:
        """Return the JSON of `account`, `platforms` or `plan` as last read, or None."""
        return self._tables.document(name)

    def _part(self, entity: Entity, progress: Progress) -> Part:
        return part_of(
            progress, self._pace.page, counted=self._ahead.count_of(entity), barred=entity in self._bars
        )

    # ------------------------------------------------------------ the work

    @cached_property
    def _thumbnails(self) -> "Thumbnails":
        from instica_desktop.sync.mirror.thumbnails import Thumbnails  # the first rows do not wait for it

        return Thumbnails(self._cache, self._pictures)

    @cached_property
    def _documents(self) -> "Documents":
        from instica_desktop.sync.mirror.documents import Documents, sources

        return Documents(sources(self._client), self._tables, self._pace, self._clock)

    def _stop(self) -> None:
        task, self._task = self._task, None
        if task:
            task.cancel()
            self._ending = task

    async def _after(self, ending: asyncio.Task[None] | None) -> None:
        """Work once the work before has let go of everything."""
        if ending:
            await asyncio.gather(ending, return_exceptions=True)
        await self._run()

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            wait = await self._turn() if self._link.state.can_read else None
            try:
                async with asyncio.timeout(wait):
                    if self._idle.is_set() or self._stuck:
                        await self._use_the_rest()
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _use_the_rest(self) -> None:
        """Do what may be broken off at any time: put the search index in order, fetch pictures."""
        try:
            await self._cache.tidy(self._may_go_on, filter(self.complete, ORDER))
            await self._thumbnails.fetch(self._may_fetch)
        except StoreError as error:
            log.info("The copy could not be put in order: %s %s", error.message, error.details)
        except Exception:
            log.exception("The copy could not be put in order")

    def _may_go_on(self) -> bool:
        return not self._wake.is_set()

    def _may_fetch(self) -> bool:
        return self._link.state.can_read and not self._wake.is_set()

    async def _turn(self) -> float | None:
        """Do what is due; return how long to wait for more."""
        try:
            if not self._known:
                self._read_progress()
            await self._ahead.count(self._progress)
            stuck = [words for entity in ORDER if (words := await self._got_on(entity))]
            await self._documents.read()
        except InsticaError as error:
            return self._failed(error)
        except Exception:
            log.exception("The copy of the shop could not go on")
            stuck = [OUR_FAULT]
        self._failures, self._stuck = 0, bool(stuck)
        self._say(stuck[0] if stuck else "")
        return self._pace.longest_backoff if stuck else self._rest()

    async def _got_on(self, entity: Entity) -> str:
        """Bring one kind up; return what is in the way of that and keeps no other kind waiting."""
        try:
            await self._advance(entity)
        except (Forbidden, NotOffered) as error:  # others may well be read
            self._wanted.discard(entity)
            self._bars.put(entity, error)
            self._tell()
        except Unreadable as error:
            return error.message
        except InsticaError:
            raise
        except Exception:
            log.exception("The copy of one kind of record could not go on: %s", entity.value)
            return OUR_FAULT
        return ""

    def _rest(self) -> float:
        if self._wanted:
            return 0.0
        now = asyncio.get_running_loop().time()
        due = min(map(self._due, ORDER))
        if due > now:
            self._idle.set()
        return max(0.0, due - now)

    def _due(self, entity: Entity) -> float:
        """Return when a kind is looked at again by itself, by the loop's clock."""
        looked = self._looked.get(entity, 0.0) + self._pace.mirror_every
        return max(looked, self._bars.until(entity))

    async def _advance(self, entity: Entity) -> None:
        began = asyncio.get_running_loop().time()
        progress = self._progress[entity]
        last = self._looked.get(entity)
        recent = last is not None and began - last < self._pace.mirror_every and not progress.again
        if entity not in self._wanted and (recent or began < self._bars.until(entity)):
            return
        self._wanted.discard(entity)
        progress = self._as_wished(entity, progress)
        try:
            progress = await self._bring_up(entity, progress)
        except BaseException:
            self._wanted.add(entity)
            raise
        if progress.phase == FRESH and not progress.deltas:  # a scan is followed by a look at once
            began = float("-inf")
        self._looked[entity] = began
        self._bars.lift(entity)
        self._note(entity, progress)

    async def _bring_up(self, entity: Entity, progress: Progress) -> Progress:
        from instica_desktop.sync.mirror.delta import Delta  # the first rows do not wait for them
        from instica_desktop.sync.mirror.scan import Scan

        reader = self._readers[entity]
        if not self._wants_scan(progress):
            return await Delta(reader, self._tables, self._clock).run(progress)
        progress = msgspec.structs.replace(progress, again=False)
        tell = partial(self._note, entity)
        return await Scan(reader, self._tables, self._pace, self._clock, tell).run(progress)

    def _as_wished(self, entity: Entity, progress: Progress) -> Progress:
        if entity in self._accepted:
            progress = msgspec.structs.replace(progress, empty_accepted=True)
        if entity in self._doubted:
            progress = msgspec.structs.replace(progress, again=True)
        if entity in self._dropped and progress.phase == SCANNING:
            progress = msgspec.structs.replace(progress, phase=FRESH if progress.completed else NEVER)
        for wishes in (self._accepted, self._doubted, self._dropped):
            wishes.discard(entity)
        return progress

    def _wants_scan(self, progress: Progress) -> bool:
        age = millis(self._clock()) - progress.completed
        return (
            progress.phase != FRESH
            or progress.again
            or progress.differing >= TWICE
            or not 0 <= age < self._pace.mirror_again * 1000
        )

    def _failed(self, error: InsticaError) -> float | None:
        self._link.report(error)
        self._say(error.message)
        if isinstance(error, Throttled):
            self._gate.refused()
            return error.retry_after
        if isinstance(error, StoreError):
            return _FULL_DISK_WAIT
        self._failures += 1
        return self._pace.delay(self._failures) if self._link.state.can_read else None

    # ------------------------------------------------------------ inside

    def _forget(self) -> None:
        """Know of the copy what stands in its file, and nothing else."""
        self._progress, self._known = dict.fromkeys(ORDER, Progress()), False
        self._learn()
        for known in (self._looked, self._bars, self._wanted, self._doubted, self._accepted, self._dropped):
            known.clear()
        self._ahead.clear()
        self._furthest = 0.0
        self._documents.clear()
        self._failures, self._stuck, self._message = 0, False, ""
        self._idle.clear()

    def _learn(self) -> None:
        """Read how far the copy is; where that cannot be read now, it is before any work."""
        with suppress(StoreError):
            self._read_progress()

    def _read_progress(self) -> None:
        self._progress = {entity: self._tables.progress(entity) for entity in ORDER}
        self._known = True

    def _note(self, entity: Entity, progress: Progress) -> None:
        self._progress[entity] = progress
        state = self.state
        self._furthest = (state.share or 0.0) if state.copying else 0.0
        self._tell()

    def _say(self, message: str) -> None:
        if message != self._message:
            self._message = message
            self._tell()

    def _link_changed(self, before: Connection, now: Connection) -> None:
        """Look at everything as soon as the server can be read; break off when the user works offline.

        What changed while it could not be read is not here, however short a time ago the last look was.
        """
        if now.can_read and not before.can_read:
            self._failures = 0
            self.look()
        elif now.manual and self._task is not None:
            self._stop()
            self.start()
