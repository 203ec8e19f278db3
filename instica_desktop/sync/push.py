"""Sends the outbox: each object's operations in order, a few objects at once, each at most once.

`sending` is on the disk before the first byte leaves. A send that the app's end cuts off stays `sending`
there and is of unknown outcome at the next start; what is of unknown outcome is read back before a resend.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.errors import (
    InsticaError,
    PlanLapsed,
    ServerFull,
    ServerTrouble,
    SignedOut,
    StoreError,
    Throttled,
)
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind, OpState
from instica_desktop.core.steps import reached
from instica_desktop.store.store import Store
from instica_desktop.sync.attempts import Attempt, Clashed, Delivered, Verdict, after_error
from instica_desktop.sync.connection import Connection, Link
from instica_desktop.sync.courier import Courier
from instica_desktop.sync.pace import Pace
from instica_desktop.sync.queue import due_heads, is_due, next_asking, next_due, worth_asking
from instica_desktop.sync.wirework import derived

log = logging.getLogger(__name__)

OUR_FAULT = (
    "Instica Desktop could not send this change because of a fault of its own. "
    "It is kept: try again, or drop it."
)
_PAUSED = (OpState.PAUSED_AUTH, OpState.PAUSED_PLAN)


class Sender:
    """Empties the outbox whenever the connection allows it."""

    def __init__(
        self,
        store: Store,
        courier: Courier,
        link: Link,
        *,
        pace: Pace,
        clock: Callable[[], datetime],
        changed: Callable[[], None],
    ) -> None:
        """`changed` is called after every change of an operation."""
        self._store = store
        self._outbox = store.outbox
        self._courier = courier
        self._link = link
        self._pace = pace
        self._clock = clock
        self._changed = changed
        self._wake = asyncio.Event()
        self._under_way: dict[tuple[Entity, str], asyncio.Task[None]] = {}
        self._task: asyncio.Task[None] | None = None
        self._slow_until: datetime | None = None
        self._full_until: datetime | None = None
        self._hurried = False  # somebody wants a server without room to be asked now
        self._faults: dict[str, int] = {}

    def start(self) -> None:
        """Begin to send."""
        self._task = asyncio.create_task(self._run(), name="outbox")

    async def close(self) -> None:
        """Let sends under way finish briefly; what does not stays `sending` on the disk."""
        task, self._task = self._task, None
        if task:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        sends = list(self._under_way.values())
        if sends:
            await asyncio.wait(sends, timeout=self._pace.closing)
        for send in sends:
            send.cancel()
        await asyncio.gather(*sends, return_exceptions=True)

    def wake(self) -> None:
        """Look at the outbox now."""
        self._wake.set()

    async def finished(self, entity: Entity, uid: str) -> None:
        """Wait, not for ever, until nothing of a record is under way."""
        if task := self._under_way.get((entity, uid)):
            await asyncio.wait({task}, timeout=self._pace.longest_backoff)

    @property
    def pause(self) -> datetime | None:
        """Until when the server wants nothing more; None when it takes what there is."""
        return None if is_due(self._slow_until, self._clock()) else self._slow_until

    @property
    def full(self) -> datetime | None:
        """When a server without room is asked again; None while it takes what is sent, or nothing is."""
        counts = self._outbox.counts()
        return self._full_until if counts.waiting or counts.sending else None

    def ask_for_room(self) -> None:
        """Ask a server without room at once, with one edit."""
        if self._full_until is not None:
            self._full_until, self._hurried = self._clock(), True
            self.wake()

    def on_link(self, before: Connection, now: Connection) -> None:
        """Go on when the connection is back; what a refused key or plan held up is due again."""
        self.wake()

    # ------------------------------------------------------------ the loop

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            wait = await self._started() if self._link.state.can_send else None
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):  # wait_for can swallow our cancellation
                    await self._wake.wait()

    async def _started(self) -> float | None:
        try:
            return await self._start_what_is_due()
        except Exception:  # nothing ends the loop: edits would wait for ever, and nobody would know
            log.exception("What is due could not be sent just now")
            return self._pace.longest_backoff

    async def _start_what_is_due(self) -> float | None:
        """Start what is due, and return the seconds until something else will be by itself.

        None when only an event can change that. Both by one reading of the clock: what comes due between
        two of them would be neither started nor waited for.
        """
        try:
            await self._unpause()
        except StoreError as error:  # a disk that takes nothing just now must not end the loop
            log.info("What was paused stays so for now: %s", error.details or error.message)
        if self._hurried:
            self._hurried = False
            await self._cached(self._outbox.due_now())
        now = self._clock()
        await self._ask_again(now)
        self._start_due(now)
        return self._until_due(now)

    async def _unpause(self) -> None:
        paused = self._outbox.in_state(*_PAUSED)
        if paused:
            await self._outbox.queue_again(*_PAUSED)
            for entity in {operation.entity for operation in paused}:
                uids = frozenset(operation.uid for operation in paused if operation.entity is entity)
                rows = frozenset(row for row in self._store.cache.row_ids(entity, list(uids)) if row)
                self._store.publish(Changes(entity, rows, uids, origin=Origin.LOCAL))
            self._changed()

    async def _ask_again(self, now: datetime) -> None:
        """Send once more, a while later, what this server did not offer: it may by now."""
        if self._outbox.needs_confirmation:
            return
        for operation in worth_asking(self._outbox.timed(), now):
            state = OpState.UNKNOWN if operation.attempts else OpState.QUEUED
            with suppress(KeyError):  # it was decided about just now
                await self._set_state(operation, state, idle=True)

    def _start_due(self, now: datetime) -> None:
        held_up = not (is_due(self._slow_until, now) and is_due(self._full_until, now))
        if self._outbox.needs_confirmation or held_up:
            return
        for operation in due_heads(self._outbox.going(), self._outbox.unmade, now):
            key = (operation.entity, operation.uid)
            if len(self._under_way) >= (1 if self._full_until else self._pace.sends_at_once):
                return
            if key not in self._under_way and operation.uuid not in self._outbox.held:
                task = asyncio.create_task(self._send(operation), name=f"send {operation.kind.value}")
                self._under_way[key] = task
                task.add_done_callback(lambda done, key=key: self._sent(key))

    def _sent(self, key: tuple[Entity, str]) -> None:
        self._under_way.pop(key, None)
        self.wake()

    def _until_due(self, now: datetime) -> float | None:
        busy = self._under_way
        waiting = [one for one in self._outbox.timed() if (one.entity, one.uid) not in busy]
        pauses = [until for until in (self._slow_until, self._full_until) if not is_due(until, now)]
        held = None if self._outbox.needs_confirmation else next_asking(self._outbox.timed(), now)
        times = [time for time in (*pauses, held, next_due(waiting, now)) if time]
        return min(((time - now).total_seconds() for time in times), default=None)

    # ------------------------------------------------------------ one operation

    async def _send(self, queued: Operation) -> None:
        try:
            operation = await self._set_state(queued, OpState.SENDING)
            reached("sending noted")
            if operation is not None and self._outbox.needs_confirmation:  # asked for while that was noted
                await self._set_state(operation, OpState.UNKNOWN)
            elif operation is not None:
                attempt = Attempt(operation, unsure=queued.state is OpState.UNKNOWN)
                with attempt.hold:
                    await self._try(attempt)
        except StoreError as error:
            log.info("An operation could not be noted: %s", error.details or error.message)
            await self._disk_failed(queued)
        except Exception:
            log.exception("An operation broke the sender; it is set aside")
            await self._set_aside(queued)

    async def _set_aside(self, operation: Operation) -> None:
        """Show an operation we failed on by our own fault, so that it blocks nothing and is not lost."""
        try:
            tries = operation.attempts + 1  # nobody knows how far this one came
            await self._set_state(operation, OpState.REFUSED, message=OUR_FAULT, attempts=tries)
        except StoreError:
            await self._disk_failed(operation)

    async def _disk_failed(self, operation: Operation) -> None:
        """Wait for room, however long. Delivered or not, it is read back before any resend."""
        while True:
            await asyncio.sleep(self._pace.longest_backoff)
            now = self._outbox.get(operation.uuid)
            if now is None or now.state is not OpState.SENDING:
                return
            try:
                await self._set_state(now, OpState.UNKNOWN)
            except StoreError as error:
                log.info("The disk still takes nothing: %s", error.details or error.message)

    async def _try(self, attempt: Attempt) -> None:
        try:
            verdict = await self._courier.deliver(attempt)
        except StoreError:
            raise
        except InsticaError as error:
            await self._failed(attempt, error)
            return
        reached("answer in")
        await self._settle(attempt, verdict)

    async def _settle(self, attempt: Attempt, verdict: Verdict) -> None:
        operation, asked = attempt.operation, attempt.asked
        self._faults.pop(operation.uuid, None)
        await self._has_room()
        for entity, record in verdict.records:
            await self._cached(self._store.cache.upsert(entity, [record], origin=Origin.PUSH, asked=asked))
        reached("answer cached")
        if isinstance(verdict, Clashed):
            await self._set_state(
                operation, OpState.CONFLICT, message=verdict.message, theirs=dict(verdict.theirs)
            )
            # what stood behind it is one with it now, and may have taken it back
            await self._cached(
                self._store.cache.reproject(operation.entity, [operation.uid], origin=Origin.PUSH)
            )
        else:
            await self._delivered(operation, verdict)

    async def _has_room(self) -> None:
        """Let go what waits for room, once the server has taken something again."""
        if self._full_until is not None:
            self._full_until = None
            await self._cached(self._outbox.due_now())

    async def _delivered(self, operation: Operation, verdict: Delivered) -> None:
        entity, uid = operation.entity, operation.uid
        if verdict.stale:
            await self._cached(self._derive(operation, verdict))
        for of, gone in verdict.gone:  # first: cut off after `done`, it would stand here again
            await self._cached(self._store.cache.remove(of, [gone], origin=Origin.PUSH))
        await self._outbox.done(operation.uuid, replaced=verdict.replaced or None)
        reached("done")
        if "blob" in operation.payload and not verdict.stale:
            await self._cached(self._store.blobs.free(str(operation.payload["blob"])))
        uids = list(dict.fromkeys((uid, verdict.replaced.get(uid, uid))))
        await self._cached(self._store.cache.reproject(entity, uids, origin=Origin.PUSH))
        self._changed()

    async def _cached(self, write: Awaitable[object]) -> None:
        """Bring the cache up to date; it can be rebuilt, so its trouble is none of the outbox's."""
        try:
            await write
        except StoreError as error:
            log.info("A delivered change is not in the cache yet: %s", error.details or error.message)

    async def _derive(self, operation: Operation, verdict: Delivered) -> None:
        """Write what the delivered change made of the record, since the server could not be asked again."""
        row = self._store.cache.by_uid(operation.entity, operation.uid)
        if row is not None:
            record = derived(operation.entity, row.raw, operation, verdict.replaced)
            await self._store.cache.upsert(
                operation.entity, [record], fetched_at=row.fetched_at, origin=Origin.PUSH
            )

    async def _failed(self, attempt: Attempt, error: InsticaError) -> None:
        operation = attempt.operation
        fault = isinstance(error, ServerTrouble) and error.status == 500
        if fault:
            self._faults[operation.uuid] = self._faults.get(operation.uuid, 0) + 1
        then = after_error(error, attempt, faults=self._faults.get(operation.uuid, 0), pace=self._pace)
        now = self._clock()
        if isinstance(error, Throttled):  # before the disk is waited for: nothing goes out meanwhile
            self._slow_until = now + timedelta(seconds=error.retry_after)
        if isinstance(error, ServerFull):
            self._full_until = now + timedelta(seconds=self._pace.when_full)
        attempts = 0 if then.certain else operation.attempts + then.spent
        if attempt.unsure and then.state is OpState.REFUSED and not then.certain:
            attempts = max(1, attempts)  # an earlier try may have done it: whoever takes it up looks first
        await self._set_state(
            operation,
            then.state,
            attempts=attempts,
            retry_at=now + timedelta(seconds=then.wait) if then.wait else None,
            message=then.message,
            errors=then.errors,
            theirs=then.theirs,
        )
        if isinstance(error, SignedOut | PlanLapsed) or not fault:
            self._link.report(error)

    async def _set_state(self, operation: Operation, state: OpState, **more: Any) -> Operation | None:
        """Move an operation durably, and have its record repainted. Returns what it is by now, if it is."""
        now = await self._outbox.set_state(operation.uuid, state, **more)
        row = self._store.cache.row_id(operation.entity, operation.uid)
        if row is not None:
            uids = frozenset({operation.uid})
            self._store.publish(Changes(operation.entity, frozenset({row}), uids, origin=Origin.LOCAL))
        if operation.kind is OpKind.DELETE:  # one that needs the user stands in the lists again
            await self._cached(self._store.cache.reproject(operation.entity, [operation.uid]))
        self._changed()
        return now
