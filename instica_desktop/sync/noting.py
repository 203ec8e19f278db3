"""Writing down what a person gave, at once and in order, and copying what may not stay where it is."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from instica_desktop.core.errors import StoreError
from instica_desktop.core.intake import Taken, TakenState
from instica_desktop.core.steps import reached
from instica_desktop.store.store import Store
from instica_desktop.sync.sources import Source, passing

log = logging.getLogger(__name__)

OUR_FAULT = "Instica Desktop could not add this because of a fault of its own. Try again, or dismiss it."
NOT_WRITTEN = "This could not be written down: {why} Free some room, then try again."
Given = tuple[Taken, Source]


class Noting:
    """What was given and is not on the disk yet. What the disk does not take stays here, refused in words."""

    def __init__(
        self, store: Store, say: Callable[[str], None], changed: Callable[[Iterable[Taken]], None]
    ) -> None:
        """`changed` is told of what was given, written down, or refused by the disk."""
        self._store = store
        self._book = store.intake
        self._say = say
        self._changed = changed
        self._coming: dict[str, Given] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._one_by_one = asyncio.Lock()

    def coming(self) -> list[Taken]:
        """Return what is not on the disk, in order."""
        return [one for one, _ in self._coming.values()]

    def has(self, one: Taken) -> bool:
        """Tell whether something is not on the disk."""
        return one.uuid in self._coming

    def take(self, given: Sequence[Given]) -> None:
        """Begin to write down what was given; `written` waits for that."""
        if given:
            self._coming |= {one.uuid: (one, source) for one, source in given}
            self._changed([one for one, _ in given])
            task = asyncio.create_task(self._write(given), name="note photos")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def take_again(self, taken: Sequence[Taken]) -> None:
        """Try once more to write down what the disk did not take."""
        self.take([(one, self._coming[one.uuid][1]) for one in taken])

    async def written(self) -> None:
        """Wait until all that was given is written down, or refused."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    def forget(self, taken: Iterable[Taken]) -> None:
        """Let go of what was dismissed."""
        for one in taken:
            self._coming.pop(one.uuid, None)

    async def _write(self, given: Sequence[Given]) -> None:
        held: list[str] = []
        try:
            async with self._one_by_one:
                taken = [await self._with_bytes(one, source, held) for one, source in given]
                await self._book.note(taken)
                reached("intake noted")
                self.forget(taken)
            await self._copy(await asyncio.to_thread(passing, taken), held)  # nobody waits for that to note
            self._changed(taken)
        except StoreError as error:
            self._not_written(
                [one for one, _ in given if self.has(one)], NOT_WRITTEN.format(why=error.message)
            )
        except Exception:
            log.exception("What was dropped could not be written down")
            self._not_written([one for one, _ in given if self.has(one)], OUR_FAULT)
        finally:
            for digest in held:
                await self._store.taken.release(digest)

    async def _with_bytes(self, one: Taken, source: Source, held: list[str]) -> Taken:
        if not isinstance(source, bytes):
            return one
        held.append(await self._store.taken.put(source))
        return msgspec.structs.replace(one, copy=held[-1])

    async def _copy(self, taken: Sequence[Taken], held: list[str]) -> None:
        """Copy files that may go at any moment. One that cannot be copied is read where it is, if it is."""
        copied: dict[str, str] = {}
        for one in taken:
            try:
                held.append(await self._store.taken.put(Path(one.path)))
                copied[one.uuid] = held[-1]
            except StoreError as error:
                log.info("A dropped file is not copied: %s %s", error.message, error.details)
        await self._book.copied(copied)
        reached("intake copied")

    def _not_written(self, taken: Sequence[Taken], why: str) -> None:
        for one in taken:
            refused = msgspec.structs.replace(one, state=TakenState.REFUSED, reason=why)
            self._coming[one.uuid] = (refused, self._coming[one.uuid][1])
        if taken:
            self._say(why)
        self._changed(taken)
