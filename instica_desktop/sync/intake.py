"""From the hand to the outbox: what a person dropped is written down first, then kept, one after another.

`take` returns at once. What it was given is on the disk a moment later, in its order and with the record it
was given to; from then on no change of screens, no end of the program and no kill loses any of it. One worker
of the shop takes it from there; what it has not come to is taken up at the next start.
"""

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec

from instica_desktop.core.acts import Act
from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.errors import DiskFull, InputError, StoreError
from instica_desktop.core.intake import Refusal, Taken, TakenState, refusals
from instica_desktop.core.models.common import Entity
from instica_desktop.core.steps import reached
from instica_desktop.store.store import Store
from instica_desktop.sync.keeping import Keeping, NotYet
from instica_desktop.sync.noting import OUR_FAULT, Noting
from instica_desktop.sync.pace import Pace
from instica_desktop.sync.photos import FULL
from instica_desktop.sync.sources import Source, name_of

log = logging.getLogger(__name__)

NO_ROOM = "There is no room left on the disk. What was dropped is added as soon as there is room."
ONE_PICTURE = "A product has one picture: the first of those was taken."


class Added(msgspec.Struct, frozen=True):
    """What came of one drop: the record, each photo’s SHA-256 in order, the change of a product’s picture.

    The files of photos are `held`, for undo: whoever is told hands them back with `Intake.let_go`.
    """

    entity: Entity
    uid: str
    photos: tuple[str, ...]
    cover: Act | None = None
    held: tuple[str, ...] = ()


class Intake:
    """Pictures on their way into one shop. `close` leaves nothing unwritten."""

    def __init__(
        self,
        store: Store,
        keeping: Keeping,
        pace: Pace,
        say: Callable[[str], None],
        added: Callable[[Added], bool],
    ) -> None:
        """`say` is told a plain sentence, `added` what came of a drop once all of it is settled.

        `added` returns whether somebody listens, who then lets go of the files.
        """
        self._store = store
        self._book = store.intake
        self._keeping = keeping
        self._pace = pace
        self._say = say
        self._added = added
        self._notes = Noting(store, say, self._look)
        self._covers: dict[str, Act] = {}
        self._held: dict[str, list[str]] = {}
        self._later: set[tuple[Entity, str]] = set()
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    # ------------------------------------------------------------ giving

    def take(self, entity: Entity, uid: str, sources: Sequence[Source], kind: str = "item") -> None:
        """Take what a person gave to a record, in this order. It counts as `left` from now on."""
        if entity is Entity.PRODUCT and len(sources) > 1:
            self._say(ONE_PICTURE)
            sources = sources[:1]
        drop = uuid.uuid4().hex
        self._notes.take([(_taken(drop, entity, uid, one, kind), one) for one in sources])
        self.begin()

    def begin(self) -> None:
        """Begin to keep what waits, also what the last run left."""
        if self._task is None and not self._closing:
            self._task = asyncio.create_task(self._run(), name="intake")

    async def written(self) -> None:
        """Wait until what was given is on the disk, or refused."""
        await self._notes.written()

    async def close(self) -> None:
        """Write down what was given just now, let the picture at hand be kept, then stop."""
        await self.written()
        self._closing = True
        self._wake.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=self._pace.closing)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    # ------------------------------------------------------------ looking

    @property
    def left(self) -> int:
        """How many pictures are not kept yet."""
        return sum(one.state is TakenState.WAITING for one in self._all())

    def progress(self, entity: Entity, uid: str) -> tuple[int, int] | None:
        """Return (done, of) what is being added to a record; None when nothing is."""
        own = self._of(entity, uid)
        waiting = {one.drop for one in own if one.state is TakenState.WAITING}
        states = [one.state for one in own if one.drop in waiting]
        return (len(states) - states.count(TakenState.WAITING), len(states)) if states else None

    def refusals(self, entity: Entity, uid: str) -> list[Refusal]:
        """Return what was refused for a record and not dismissed, oldest first."""
        return refusals(self._of(entity, uid))

    # ------------------------------------------------------------ deciding

    async def cancel(self, entity: Entity, uid: str) -> None:
        """Add no more to a record of what was given to it; what was kept stays."""
        await self.written()
        await self._strike([one for one in self._of(entity, uid) if one.state is TakenState.WAITING])

    async def dismiss(self, uuids: Sequence[str]) -> None:
        """Forget what was refused."""
        await self._strike([one for one in self._all() if one.uuid in uuids])

    async def try_again(self, uuids: Sequence[str]) -> None:
        """Try once more to add what was refused."""
        again = [
            msgspec.structs.replace(one, state=TakenState.WAITING, reason="")
            for one in self._all()
            if one.uuid in uuids and one.state is TakenState.REFUSED
        ]
        written = [one for one in again if not self._notes.has(one)]
        await self._book.change(written, TakenState.REFUSED)
        self._notes.take_again([one for one in again if self._notes.has(one)])
        self._look(again)

    async def _strike(self, gone: Sequence[Taken]) -> None:
        await self._book.forget(gone)
        self._notes.forget(gone)
        await self._free(gone)
        self._look(gone)

    def _look(self, taken: Iterable[Taken]) -> None:
        """Look anew at what there is to do, and have these records shown anew."""
        self._tell(taken)
        self._wake.set()

    async def let_go(self, added: Added) -> None:
        """Let go of the files of what was added: from now on only who holds them keeps them."""
        for sha256 in added.held:
            await self._store.blobs.release(sha256)
            await self._store.blobs.free(sha256)

    # ------------------------------------------------------------ keeping

    async def _run(self) -> None:
        failures = 0
        while not self._closing:
            self._wake.clear()
            try:
                await self._settle()
                await self._keeping.copy_addressed()
                one = self._next()
                if one is not None:
                    await self._step(one)
                elif self._later:
                    self._later.clear()
                    await self._pause(failures := failures + 1)
                else:
                    failures = 0
                    await self._wake.wait()
            except StoreError as error:
                log.info("A dropped photo is not kept yet: %s %s", error.message, error.details)
                if isinstance(error, DiskFull) and not failures:
                    self._say(NO_ROOM)
                await self._pause(failures := failures + 1)

    async def _pause(self, failures: int) -> None:
        """Wait before the next try; closing waits for none."""
        try:
            async with asyncio.timeout(self._pace.delay(failures)):
                while not self._closing:
                    await self._wake.wait()
                    self._wake.clear()
        except TimeoutError:
            pass

    def _next(self) -> Taken | None:
        """Return what is kept next: in order, but what cannot be kept now holds up no other record."""
        waiting = (one for one in self._book.all() if one.state is TakenState.WAITING)
        return next((one for one in waiting if (one.entity, one.uid) not in self._later), None)

    async def _step(self, one: Taken) -> None:
        """Keep one picture, or refuse it in words."""
        cover: Act | None = None
        try:
            after, cover = await self._keeping.keep(one)
        except KeyError:
            return  # it was cancelled, or what it builds on was decided about: the loop looks again
        except NotYet:
            self._later.add((one.entity, one.uid))
            return
        except InputError as error:
            after = await self._refused(one, error.message)
        except StoreError:
            raise
        except Exception:
            log.exception("A dropped picture broke the intake; it is set aside")
            after = await self._refused(one, OUR_FAULT)
        reached("intake step done")
        if cover is not None:
            self._covers[one.drop] = cover
        if after.state is TakenState.KEPT and one.entity is Entity.ITEM:
            self._held.setdefault(one.drop, []).append(after.sha256)
        if not after.needs_source:
            await self._free([one])
        self._tell([one])

    async def _refused(self, one: Taken, reason: str) -> Taken:
        """Refuse a picture; where there is room for no more, all that came with it and still waits."""
        rest = [other for other in self._book.all() if other.drop == one.drop and other.uuid != one.uuid]
        with_it = rest if reason == FULL else []
        waiting = [other for other in with_it if other.state is TakenState.WAITING]
        refused = [
            msgspec.structs.replace(each, state=TakenState.REFUSED, reason=reason) for each in (one, *waiting)
        ]
        await self._book.change(refused)
        return refused[0]

    async def _settle(self) -> None:
        """Forget what was kept of drops of which nothing waits any more, and tell what came of each."""
        drops: dict[str, list[Taken]] = {}
        for one in self._all():
            drops.setdefault(one.drop, []).append(one)
        for own in drops.values():
            done = [one for one in own if one.state in (TakenState.KEPT, TakenState.THERE)]
            if done and not any(one.state is TakenState.WAITING for one in own):
                await self._book.forget((*done, *self._outdated(done[-1])))
                await self._tell_outcome(own)

    def _outdated(self, kept: Taken) -> list[Taken]:
        """Return what was refused for a product before it got a picture: it has one, and only one."""
        own = self._of(kept.entity, kept.uid) if kept.entity is Entity.PRODUCT else []
        return [one for one in own if one.state is TakenState.REFUSED and one.seq < kept.seq]

    async def _tell_outcome(self, drop: Sequence[Taken]) -> None:
        """Tell what came of a drop: what was added, as one, and in passing what was not."""
        first, cover = drop[0], self._covers.pop(drop[0].drop, None)
        kept = tuple(one.sha256 for one in drop if one.state is TakenState.KEPT)
        held = tuple(self._held.pop(first.drop, ()))
        added = Added(first.entity, self._store.outbox.real(first.uid), kept, cover, held)
        if not (kept and self._added(added)):
            await self.let_go(added)
        if words := outcome(drop):
            self._say(words)
        self._tell(drop)

    async def _free(self, taken: Iterable[Taken]) -> None:
        """Drop copies nobody needs any more; the next start would, too."""
        for copy in {one.copy for one in taken if one.copy}:
            try:
                await self._store.taken.free(copy)
            except StoreError as error:
                log.info("A copy is not dropped yet: %s", error.message)

    # ------------------------------------------------------------ inside

    def _all(self) -> list[Taken]:
        return [*self._book.all(), *self._notes.coming()]

    def _of(self, entity: Entity, uid: str) -> list[Taken]:
        real = self._store.outbox.real
        wanted = real(uid)
        return [one for one in self._all() if one.entity is entity and real(one.uid) == wanted]

    def _tell(self, taken: Iterable[Taken]) -> None:
        """Have the records shown anew, with what is under way."""
        for entity, uid in {(one.entity, one.uid): None for one in taken}:
            real = self._store.outbox.real(uid)
            row: int | None = None
            with suppress(StoreError):
                row = self._store.cache.row_id(entity, real)
            ids = frozenset[int]() if row is None else frozenset({row})
            self._store.publish(Changes(entity, ids, frozenset({uid, real}), origin=Origin.LOCAL))


def outcome(taken: Sequence[Taken]) -> str:
    """Return a passing word about what of a drop was not added; empty when all was."""
    there = [one.name for one in taken if one.state is TakenState.THERE]
    refused = sum(one.state is TakenState.REFUSED for one in taken)
    words: list[str] = []
    if there:
        words.append(
            f"{there[0]} is among the photos already."
            if len(there) == 1
            else f"{len(there):,} of these are among the photos already."
        )
    if refused:
        many = "1 photo was" if refused == 1 else f"{refused:,} photos were"
        words.append(f"{many} not added. The reason stands at the record.")
    return " ".join(words)


def _taken(drop: str, entity: Entity, uid: str, source: Source, kind: str) -> Taken:
    return Taken(
        uuid=str(uuid.uuid4()),
        drop=drop,
        entity=entity,
        uid=uid,
        name=name_of(source),
        kind=kind,
        path=str(source.absolute()) if isinstance(source, Path) else "",
        address=source if isinstance(source, str) else "",
    )
