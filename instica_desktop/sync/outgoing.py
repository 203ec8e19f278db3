"""What can be done with the list of waiting changes as a whole: order it, export it, look back on it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import NEEDS_USER, OpState
from instica_desktop.store.deliveries import Delivery
from instica_desktop.store.store import Store
from instica_desktop.sync.export import Progress, export
from instica_desktop.sync.queue import all_stuck


class Outgoing:
    """The waiting changes of one account."""

    def __init__(self, store: Store, clock: Callable[[], datetime], changed: Callable[[], None]) -> None:
        """`changed` is called when the order is another one."""
        self._store = store
        self._clock = clock
        self._changed = changed

    def objects(self) -> list[tuple[Entity, str]]:
        """Return the records that wait to be sent, in the order they are sent in."""
        own = self._store.outbox.queues()
        return [(one[0].entity, one[0].uid) for one in own if any(op.state not in _STILL for op in one)]

    def stuck(self) -> bool:
        """Tell whether something waits, and all of it builds on what needs the user."""
        return all_stuck(self._store.outbox.queues(), self._store.outbox.unmade)

    async def move(self, key: tuple[Entity, str], step: int) -> bool:
        """Send a record's changes before the record above (-1) or after the one below (+1).

        The changes of one record keep their order. Returns whether there was somewhere to go.
        """
        order = self.objects()
        at = order.index(key) + step if key in order else -1
        if not 0 <= at < len(order):
            return False
        await self._store.outbox.move(key, order[at])
        self._changed()
        return True

    def sent_today(self) -> int:
        """Return how many changes reached the server since midnight."""
        now = self._clock().astimezone()
        return self._store.outbox.sent_since(now.replace(hour=0, minute=0, second=0, microsecond=0))

    def deliveries(self, limit: int = 100) -> list[Delivery]:
        """Return what was sent last, newest first."""
        return self._store.outbox.deliveries(limit)

    async def export(self, target: Path, progress: Progress | None = None) -> int:
        """Write all unsent changes and photos into a .zip file for this user alone; returns how many changes.

        Raises:
            StoreError: it could not be written; what was there before is untouched.
        """
        return await export(self._store, target, self._clock(), progress)


_STILL = NEEDS_USER | {OpState.SENDING, OpState.UNKNOWN}
