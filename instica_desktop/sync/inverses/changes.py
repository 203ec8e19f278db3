"""Changes of a parcel or an offer: the values before are written over those the act left, no others."""

from collections.abc import Mapping
from typing import Any

import msgspec

from instica_desktop.core.acts import Act, Turn
from instica_desktop.core.operations import Edit, Operation, OpKind, OpState
from instica_desktop.store.coalesce import part_of
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.inverses.again import Again, found
from instica_desktop.sync.inverses.base import Irreversible
from instica_desktop.sync.parts import OFFER_GONE, PARCEL_GONE, Parts
from instica_desktop.sync.turning import to_decide

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
            part = self._part(act)
            theirs = await self._given_up(act, str(part["uid"]))
            left = {field: value for field, value in act.before.items() if field not in theirs}
            words = await self._write(act, part, left, act.after)
        stood = {field: value for field, value in theirs.items() if value is not NOTHING}
        return Turn(msgspec.structs.replace(act, before={**act.before, **stood}), words)

    async def redo(self, act: Act) -> Turn:
        """Write what the act wrote, based on what was there before it."""
        async with self._desk.lock:
            words = await self._write(act, self._part(act), act.after, act.before)
        return Turn(act, words)

    def _part(self, act: Act) -> Wire:
        parcel = self._kind is OpKind.EDIT_SHIPMENT
        record = self._desk.shown(act.entity, act.uid)
        part = found(record.get("shipments" if parcel else "listings"), self._again.real(act.part))
        if part is None:
            raise Irreversible(PARCEL_GONE if parcel else OFFER_GONE)
        return part

    async def _write(self, act: Act, part: Wire, wanted: Wire, base: Mapping[str, Any]) -> str:
        edits = tuple(Edit(field, base.get(field), value) for field, value in wanted.items())
        await self._parts.change(act.entity, act.uid, self._kind, part, edits)
        return to_decide(part, wanted, base)

    async def _given_up(self, act: Act, part: str) -> Wire:
        """Let go of what of the act waits for a decision. Returns the server's values there, by field."""
        theirs: Wire = {}
        for operation in self._again.waiting(act, self._kind):
            mine = {edit.field for edit in operation.edits} & act.after.keys()
            if operation.state is not OpState.CONFLICT or part_of(operation) != part or not mine:
                continue
            theirs |= {field: operation.theirs.get(field, NOTHING) for field in mine}
            await self._desk.store.outbox.settle(_without(operation, mine))
        if theirs:
            await self._desk.show(act.entity, self._again.real(act.uid))
        return theirs


NOTHING = object()
"""Stands for a value the server does not have."""


def _without(operation: Operation, fields: set[str]) -> Settlement:
    edits = tuple(edit for edit in operation.edits if edit.field not in fields)
    if not edits:
        return Settlement(drop=(operation.uuid,))
    theirs = {field: value for field, value in operation.theirs.items() if field not in fields}
    fresh: Wire = {} if theirs else {"state": OpState.QUEUED, "message": "", "retry_at": None}
    after = msgspec.structs.replace(operation, edits=edits, theirs=theirs, **fresh)
    return Settlement(swap={operation.uuid: after})
