"""Writing values back over an edit, wherever that edit is by now: waiting, stuck, or on the server."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from instica_desktop.core.acts import Act, ActKind
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import GONE, Edit, Operation, OpKind, OpState
from instica_desktop.core.statuses import item_status, may_move
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.conflicts import same
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.edits import checked, snapshot
from instica_desktop.sync.wirework import shown as as_shown

NOT_HERE = "It cannot be taken back any more: the record was deleted meanwhile."
TO_DECIDE = "It was changed elsewhere. Open Activity (F8) to choose."
"""Nothing of it is done before the user has chosen."""
PART_TO_DECIDE = "A part of it was changed elsewhere. Open Activity (F8) to choose."


class Gone(InputError):
    """What was to be written back has nowhere to go any more."""


class Turning:
    """Takes edits of fields back, and makes them again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def write(
        self, entity: Entity, uid: str, wanted: Mapping[str, Any], left: Mapping[str, Any]
    ) -> str:
        """Write `wanted` over what an edit `left`. Returns what is not as it was, in a sentence.

        Raises:
            Gone: it never can be.
            InputError: a value cannot be saved as things stand.
        """
        async with self._desk.lock:
            uid = self._desk.store.outbox.real(uid)
            if self._desk.store.cache.by_uid(entity, uid) is None:
                raise Gone(NOT_HERE)
            rest = await self._unstuck(entity, uid, dict(wanted), left)
            words = await self._write(entity, uid, rest, left) if rest else ""
            await self._desk.show(entity, uid)
        return words

    async def _write(self, entity: Entity, uid: str, wanted: dict[str, Any], left: Mapping[str, Any]) -> str:
        row = self._desk.row(entity, uid)
        own = self._desk.store.outbox.for_object(entity, uid)
        now = as_shown(row.raw, own)
        stays = _no_way_back(now, wanted, own)
        if stays and len(wanted) == 1:
            raise Gone(stays)
        if stays:
            del wanted["status"]
        clean = _checked(entity, now, wanted)
        rest = len(clean) == len(wanted) and not stays
        asked = to_decide(now, clean, left, whole=rest)
        edits = tuple(Edit(name, left.get(name), value) for name, value in clean.items())
        if edits:
            seen = snapshot(entity, now)
            await self._desk.add(row, entity, OpKind.UPDATE, edits=edits, seen=seen)
        return " ".join(part for part in (stays, asked) if part)

    async def _unstuck(
        self, entity: Entity, uid: str, wanted: dict[str, Any], left: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Take fields out of edits that wait for the user to decide. Returns those that were in none.

        Where an edit began before this act, what it wrote by then stays to be decided about.
        """
        for operation in self._desk.store.outbox.for_object(entity, uid):
            stuck = operation.kind is OpKind.UPDATE and operation.state is OpState.CONFLICT
            if stuck and (mine := written_by(operation, wanted, left)):
                with suppress(KeyError):  # it was decided about just now
                    await self._desk.store.outbox.settle(taken_out(operation, mine))
                    wanted = {name: value for name, value in wanted.items() if name not in mine}
        return wanted


def to_decide(
    now: Mapping[str, Any], wanted: Mapping[str, Any], left: Mapping[str, Any], *, whole: bool = True
) -> str:
    """Say that the user will be asked, where a field holds neither what is wanted nor what was left."""
    others = [name for name in wanted if not same(name, now.get(name), left.get(name))]
    others = [name for name in others if not same(name, now.get(name), wanted[name])]
    if not others:
        return ""
    return TO_DECIDE if whole and len(others) == len(wanted) else PART_TO_DECIDE


def together(acts: Sequence[Act], words: Sequence[str]) -> str:
    """Return in one what is to be said of acts: what waits as a whole waits only if all of them do.

    An offer that follows a price waits with it.
    """
    asked = {act.uid for act, said in zip(acts, words, strict=True) if said == TO_DECIDE}
    free = [
        act
        for act, said in zip(acts, words, strict=True)
        if said != TO_DECIDE and not (act.kind is ActKind.REVISED and act.uid in asked)
    ]
    said = [PART_TO_DECIDE if free and one == TO_DECIDE else one for one in words]
    return " ".join(dict.fromkeys(one for one in said if one))


def written_by(operation: Operation, wanted: Mapping[str, Any], left: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is `wanted` of the fields to which an edit writes what an act `left`."""
    return {
        edit.field: wanted[edit.field]
        for edit in operation.edits
        if edit.field in wanted and same(edit.field, edit.new, left.get(edit.field))
    }


def taken_out(operation: Operation, values: Mapping[str, Any]) -> Settlement:
    """Return what becomes of an edit that is stuck without what was written last to some of its fields."""
    edits = tuple(
        Edit(edit.field, edit.base, values.get(edit.field, edit.new))
        for edit in operation.edits
        if edit.field not in values or not same(edit.field, values[edit.field], edit.base)
    )
    if not edits:
        return Settlement(drop=(operation.uuid,))
    named = {edit.field for edit in edits}
    theirs = operation.theirs
    theirs = theirs if theirs == GONE else {name: value for name, value in theirs.items() if name in named}
    fresh: dict[str, Any] = {} if theirs else {"state": OpState.QUEUED, "message": "", "retry_at": None}
    after = msgspec.structs.replace(operation, edits=edits, theirs=theirs, **fresh)
    return Settlement(swap={operation.uuid: after})


def _checked(entity: Entity, now: Mapping[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what has to be written, checked like every edit. Whether a status may move was asked before."""
    status = {name: value for name, value in wanted.items() if name == "status"}
    rest = {name: value for name, value in wanted.items() if name != "status"}
    clean = checked(entity, {**now, **status}, rest)
    return clean | {name: value for name, value in status.items() if not same(name, now.get(name), value)}


def _no_way_back(now: Mapping[str, Any], wanted: Mapping[str, Any], own: list[Operation]) -> str:
    """Return why a status cannot be written back; empty when it can be, or was never sent."""
    old, new = str(now.get("status") or ""), str(wanted.get("status") or "")
    if not new or old == new or may_move(old, new) or _unsent(own, new):
        return ""
    return f"The status stays “{item_status(old).label}”: there is no way back to “{item_status(new).label}”."


def _unsent(own: list[Operation], status: str) -> bool:
    """Tell whether an edit that has certainly not been sent began at a status: back there, it just goes."""
    return any(
        edit.field == "status" and edit.base == status and one.state in (OpState.QUEUED, OpState.REFUSED)
        for one in own
        for edit in one.edits
    )
