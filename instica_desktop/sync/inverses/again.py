"""What inverses of photos, parcels and offers do alike: ending a part, keeping it, making it again."""

from typing import Any

from instica_desktop.core.acts import Act
from instica_desktop.core.operations import TEMPORARY, Operation, OpKind, OpState
from instica_desktop.core.steps import reached
from instica_desktop.store.coalesce import part_of
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.desk import NOT_SENT, Desk

DROPPABLE = NOT_SENT | {OpState.CONFLICT}
"""States in which what would end or change something has certainly not done so."""

Wire = dict[str, Any]
NOTHING: Wire = {}


def found(parts: Any, uid: str) -> Wire | None:
    """Return the part of a record that goes by a uid, as the user sees it."""
    return next((dict(part) for part in parts or () if part.get("uid") == uid), None)


class Again:
    """Ends parts of records and brings them back. What is made again is known by its former uid as well."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def real(self, uid: str) -> str:
        """Return what something goes by now."""
        return self._desk.store.outbox.real(uid)

    def waiting(self, act: Act, *kinds: OpKind) -> list[Operation]:
        """Return the operations of some kinds that wait on an act's record, oldest first."""
        own = self._desk.store.outbox.for_object(act.entity, self.real(act.uid))
        return [one for one in own if one.kind in kinds]

    def asked(self, act: Act, kind: OpKind) -> bool:
        """Tell whether what is to make an act's part waits for the user to decide."""
        part, stuck = self.real(act.part), OpState.CONFLICT
        return any(part_of(one) == part and one.state is stuck for one in self.waiting(act, kind))

    async def kept(self, act: Act, part: str, ending: OpKind) -> bool:
        """Drop what waits to end a part; False when nothing does, or it is on its way already."""
        part = self.real(part)
        async with self._desk.lock:
            for operation in self.waiting(act, ending):
                if part_of(operation) != part or operation.state not in DROPPABLE:
                    continue
                if await self._desk.dropped(operation):
                    await self._desk.show(act.entity, self.real(act.uid))
                    return True
        return False

    async def made(self, act: Act, part: str, kind: OpKind, payload: Wire, seen: Wire = NOTHING) -> str:
        """Make a part again; returns its new temporary uid, by which the former one is known from now on."""
        async with self._desk.lock:
            operation = self._desk.made(
                self._desk.row(act.entity, act.uid), act.entity, kind, payload=payload, seen=seen
            )
            fresh = TEMPORARY + operation.uuid
            again = {self.real(part): fresh} if part else {}
            await self._desk.store.outbox.settle(Settlement(add=(operation,), again=again))
            reached("operation kept")
            await self._desk.show(act.entity, operation.uid)
        return fresh
