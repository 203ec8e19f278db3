"""Changes of a parcel or an offer: the values before are written over those the act left, no others."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from instica_desktop.core.acts import Act, Turn
from instica_desktop.core.operations import Edit, OpKind, OpState
from instica_desktop.store.coalesce import part_of
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.inverses.again import DROPPABLE, Again, found
from instica_desktop.sync.inverses.base import Irreversible
from instica_desktop.sync.parts import OFFER_GONE, PARCEL_GONE, Parts
from instica_desktop.sync.turning import taken_out, to_decide, written_by

Wire = dict[str, Any]


class ChangeInverse:
    """Writes values of a part back. Where a field holds something else by now, the user decides."""

    def __init__(self, desk: Desk, parts: Parts, kind: OpKind) -> None:
        """`kind` is EDIT_SHIPMENT or REVISE_LISTING."""
        self._desk, self._parts, self._kind = desk, parts, kind
        self._again = Again(desk)

    async def undo(self, act: Act) -> Turn:
        """Write what was there before; a change that waits for a decision is dropped, and theirs stands."""
        async with self._desk.lock:
            rest = await self._unstuck(act)
            words = await self._write(act, self._part(act), rest, act.after) if rest else ""
        return Turn(act, words)

    async def redo(self, act: Act) -> Turn:
        """Write what the act wrote, based on what was there before it."""
        async with self._desk.lock:
            words = await self._write(act, self._part(act), act.after, act.before)
        return Turn(act, words)

    def _part(self, act: Act) -> Wire:
        part = self._there(act)
        if part is None:
            raise Irreversible(PARCEL_GONE if self._kind is OpKind.EDIT_SHIPMENT else OFFER_GONE)
        return part

    def _there(self, act: Act) -> Wire | None:
        record = self._desk.shown(act.entity, act.uid)
        parts = record.get("shipments" if self._kind is OpKind.EDIT_SHIPMENT else "listings")
        return found(parts, self._again.real(act.part))

    async def _write(self, act: Act, part: Wire, wanted: Wire, base: Mapping[str, Any]) -> str:
        edits = tuple(Edit(field, base.get(field), value) for field, value in wanted.items())
        await self._parts.change(act.entity, act.uid, self._kind, part, edits, act.agreed)
        return to_decide(part, wanted, base)

    async def _unstuck(self, act: Act) -> Wire:
        """Take the act's values out of changes that wait for a decision. Returns those that were in none.

        Of a part that is not there any more, no change can go out.
        """
        states = {OpState.CONFLICT} if self._there(act) is not None else DROPPABLE
        part = self._again.real(act.part)
        rest: Wire = act.before
        for operation in self._again.waiting(act, self._kind):
            mine = written_by(operation, rest, act.after)
            if mine and part_of(operation) == part and operation.state in states:
                with suppress(KeyError):  # it was decided about just now
                    await self._desk.store.outbox.settle(taken_out(operation, mine))
                    rest = {field: value for field, value in rest.items() if field not in mine}
        if len(rest) < len(act.before):
            await self._desk.show(act.entity, self._again.real(act.uid))
        return rest
