"""Dropping a waiting edit, and what it takes to have it back."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from instica_desktop.core.acts import Act, ActKind
from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import GONE, Operation, OpKind
from instica_desktop.core.steps import reached
from instica_desktop.store.coalesce import part_of
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.decisions import Decisions
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.held import held
from instica_desktop.sync.keepsakes import release

EDITED_SINCE = "This was edited again since, so the dropped edit is not made again."


class Dropping:
    """Drops edits, and puts them back as they stood, with all that went or changed with them."""

    def __init__(self, desk: Desk, decisions: Decisions, shown_again: Callable[[Entity], None]) -> None:
        """`shown_again` is called when records come back into the lists."""
        self._desk, self._decisions, self._shown_again = desk, decisions, shown_again

    async def drop(self, uuid: str) -> Act | None:
        """Drop an edit. None when nothing can bring it back: its record is no longer on the server.

        Raises:
            InputError: it is being sent, or gone.
        """
        outbox = self._desk.store.outbox
        dropped = outbox.get(uuid)
        own = outbox.for_object(dropped.entity, dropped.uid) if dropped else []
        blobs = [str(one.payload["blob"]) for one in own if "blob" in one.payload]
        photos = tuple([blob for blob in blobs if await held(self._desk.store.blobs, blob)])
        try:
            await self._decisions.discard(uuid)
        except BaseException:
            await release(self._desk.store, photos)
            raise
        if dropped is None or dropped.theirs == GONE:
            await release(self._desk.store, photos)
            return None
        left = {one.uuid: one for one in outbox.for_object(dropped.entity, outbox.real(dropped.uid))}
        before = [one for one in own if one.uuid not in left or left[one.uuid].edits != one.edits]
        before += [one for one in own if one not in before and left[one.uuid].payload != one.payload]
        after = [left[one.uuid] for one in before if one.uuid in left]
        if dropped.kind is OpKind.DELETE:
            for entity in {dropped.entity, Entity.PRODUCT}:  # a product goes only with its copies
                self._shown_again(entity)
        return Act(
            kind=ActKind.DROPPED,
            entity=dropped.entity,
            uid=dropped.uid,
            part=uuid,
            before={"operations": msgspec.to_builtins(before)},
            after={"operations": msgspec.to_builtins(after)},
            photos=photos,
        )

    async def drop_with_record(self, entity: Entity, uid: str) -> None:
        """Drop all that waits for a record which is gone from the server. Raises like `drop`."""
        await self._decisions.discard_with_record(entity, uid)
        await self._desk.show(entity, uid)

    def waits(self, uuid: str) -> bool:
        """Tell whether an edit is there to be dropped."""
        return self._desk.store.outbox.get(uuid) is not None

    async def put_back(self, act: Act) -> None:
        """Make the edit again, as it stood.

        Raises:
            InputError: its record is gone, or what it is about was edited again since.
        """
        outbox = self._desk.store.outbox
        before, after = (_operations(side["operations"]) for side in (act.before, act.after))
        async with self._desk.lock:
            uid = outbox.real(act.uid)
            if all(one.kind is not OpKind.CREATE for one in before):
                self._desk.row(act.entity, uid)
            changed = {one.uuid for one in after if outbox.get(one.uuid) != one}
            back = tuple(one for one in before if one.uuid not in changed)
            self._check(act, back)
            await outbox.settle(Settlement(back=back))
            reached("operation kept")
            await self._desk.show(act.entity, uid)
            rows = frozenset(row for row in self._desk.store.cache.row_ids(act.entity, [uid]) if row)
            changes = Changes(act.entity, rows, frozenset({uid}), origin=Origin.LOCAL, order=True)
            self._desk.store.publish(changes)
        if any(one.kind is OpKind.CREATE for one in back):
            self._shown_again(act.entity)

    def _check(self, act: Act, back: Iterable[Operation]) -> None:
        """Raise InputError where a later edit of the same fields waits: it would be lost."""
        known = {one.uuid for one in back}
        waiting = self._desk.store.outbox.for_object(act.entity, self._desk.store.outbox.real(act.uid))
        for one in back:
            fields = {edit.field for edit in one.edits}
            for other in waiting:
                if other.uuid not in known and part_of(other) == part_of(one) and _of(other, fields):
                    raise InputError(EDITED_SINCE)


def _of(operation: Operation, fields: set[str]) -> bool:
    return any(edit.field in fields for edit in operation.edits)


def _operations(plain: Any) -> list[Operation]:
    return msgspec.convert(plain, list[Operation])
