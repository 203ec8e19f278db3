"""What a new edit does to the operations already waiting for the same object. Pure functions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from instica_desktop.core.operations import (
    AGAIN,
    GONE,
    NEEDS_USER,
    PARTS,
    TEMPORARY,
    Edit,
    Operation,
    OpKind,
    OpState,
)
from instica_desktop.core.sharing import agreed_in, together, with_agreed

_OPEN = frozenset({OpState.QUEUED, OpState.REFUSED})
"""States in which nothing of an operation has reached the server: never sent, or turned down whole."""
_MAKES = frozenset({OpKind.ADD_PHOTO, OpKind.ADD_SHIPMENT, OpKind.ADD_LISTING})
"""Kinds whose payload is what they make, a part of a record with a temporary uid of its own."""
_LAST_WINS = frozenset({OpKind.ORDER_PHOTOS, OpKind.PRIMARY_PHOTO})
"""Kinds of which only the last counts."""


def absorb(waiting: Sequence[Operation], new: Operation) -> tuple[Operation, Operation | None] | None:
    """Merge an update into one of the object's waiting operations.

    Returns (the operation it was merged into, what that becomes; None when nothing is left of it),
    or None when `new` stands alone. Only the last operation that changes fields may take it in, only while
    nothing of that operation can have reached the server; a refused one becomes a fresh one (new uuid).
    A create that may have got through all the same is looked for first, and the update follows it.
    """
    if new.kind in PARTS:
        return _absorb_part(waiting, new)
    if new.kind is OpKind.DELETE:
        deletes = (one for one in waiting if one.kind is OpKind.DELETE)
        same = next((one for one in deletes if one.state is not OpState.DAMAGED), None)
        return (same, _renewed(same, new, seen=new.seen)) if same else None
    if new.kind is OpKind.PRODUCT_IMAGE:
        return _absorb_picture(waiting, new)
    if new.kind is not OpKind.UPDATE:
        return None
    changing = [one for one in waiting if one.kind in (OpKind.CREATE, OpKind.UPDATE, OpKind.DELETE)]
    if not changing or changing[-1].state not in _OPEN:
        return None
    target = changing[-1]
    if target.kind is OpKind.UPDATE:
        edits = merged(target.edits, new.edits)
        return target, (_renewed(target, new, edits=edits) if edits else None)
    if target.kind is OpKind.CREATE and not uncertain(target):
        fields = {**target.payload.get("fields", {}), **{edit.field: edit.new for edit in new.edits}}
        edits = merged(target.edits, new.edits) if AGAIN in target.payload or target.edits else ()
        return target, _renewed(target, new, payload={**target.payload, "fields": fields}, edits=edits)
    return None


def uncertain(operation: Operation) -> bool:
    """Tell whether what was turned down may be there all the same: the server failed on the last try."""
    return operation.state is OpState.REFUSED and operation.attempts > 0


def _absorb_part(waiting: Sequence[Operation], new: Operation) -> tuple[Operation, Operation | None] | None:
    """Merge a change of a parcel or an offer into the last operation that makes or changes the same."""
    mine = [one for one in waiting if part_of(one) == part_of(new)]
    if not mine or mine[-1].state not in _OPEN:
        return None
    target = mine[-1]
    if target.kind is new.kind:
        edits = merged(target.edits, new.edits)
        seen = with_agreed(target.seen, agreed_in(new.seen))
        return target, (_renewed(target, new, edits=edits, seen=seen) if edits else None)
    if target.kind in _MAKES and target.state is OpState.QUEUED and not target.attempts:
        fields = {edit.field: edit.new for edit in new.edits}
        seen = with_agreed(target.seen, agreed_in(new.seen))
        return target, _renewed(target, new, payload={**target.payload, **fields}, seen=seen)
    return None


def _absorb_picture(
    waiting: Sequence[Operation], new: Operation
) -> tuple[Operation, Operation | None] | None:
    """Let the last picture chosen take the place of the one before; back to what there was, nothing is left.

    A product made here has no picture to go back to: its picture is based on its uid.
    """
    mine = [one for one in waiting if one.kind is OpKind.PRODUCT_IMAGE]
    if not mine or mine[-1].state not in _OPEN:
        return None
    target = mine[-1]
    edits = tuple(one for one in merged(target.edits, new.edits) if one.new or one.base != new.uid)
    return target, _renewed(target, new, edits=edits, payload=new.payload) if edits else None


def part_of(operation: Operation) -> str:
    """Return the uid of the photo, parcel or offer an operation is about; empty for the record itself."""
    if operation.kind in _MAKES:
        return TEMPORARY + operation.uuid
    named = operation.payload
    return str(named.get("asset") or named.get("shipment") or named.get("listing") or "")


def superseded(waiting: Iterable[Operation], new: Operation) -> list[Operation]:
    """Return the waiting operations that `new` leaves nothing of: of an order of photos the last one counts.

    The new one keeps its own place: what it names may have been made after what it supersedes. A deletion is
    the user's word about one that was damaged.
    """
    if new.kind is OpKind.DELETE:
        return [one for one in waiting if one.kind is new.kind and one.state is OpState.DAMAGED]
    unsent = [one for one in waiting if one.state in _OPEN]
    if new.kind in _LAST_WINS:
        return [one for one in unsent if one.kind is new.kind]
    if new.kind is OpKind.REMOVE_PHOTO:
        return [one for one in unsent if one.kind is OpKind.PRIMARY_PHOTO and part_of(one) == part_of(new)]
    if new.kind in (OpKind.DELIST, OpKind.REMOVE_SHIPMENT):
        stuck = [one for one in waiting if one.kind is new.kind and one.state in NEEDS_USER]
        changing = [one for one in unsent if one.kind in PARTS]
        return [one for one in (*stuck, *changing) if part_of(one) == part_of(new)]
    return []


def gathered(own: Sequence[Operation]) -> list[tuple[Operation, Operation | None]]:
    """Return what becomes of an object's edits in conflict and of those behind them that stand on them.

    There is one question for each field, about what was written last. What was taken back meanwhile is asked
    of nobody: it just goes. None stands for an operation of which nothing is left.
    """
    for clashed in own:
        if clashed.state is OpState.CONFLICT and clashed.edits and clashed.theirs != GONE:
            changed = _taken_in(clashed, [one for one in own if one.seq > clashed.seq])
            if changed:
                return changed
    return []


def _taken_in(clashed: Operation, later: Iterable[Operation]) -> list[tuple[Operation, Operation | None]]:
    edits, changed = {edit.field: edit for edit in clashed.edits}, list[tuple[Operation, Operation | None]]()
    agreed = agreed_in(clashed.seen)
    for operation in later:
        if operation.kind is not clashed.kind or part_of(operation) != part_of(clashed):
            continue
        taken = [
            edit
            for edit in operation.edits
            if operation.state in _OPEN and edit.field in edits and edit.base == edits[edit.field].new
        ]
        edits |= {edit.field: Edit(edit.field, edits[edit.field].base, edit.new) for edit in taken}
        rest = tuple(edit for edit in operation.edits if edit not in taken)
        if taken:
            agreed = together(agreed, agreed_in(operation.seen))
            changed.append((operation, msgspec.structs.replace(operation, edits=rest) if rest else None))
    asked = msgspec.structs.replace(clashed, seen=with_agreed(clashed.seen, agreed))
    return [(clashed, _still_asked(asked, edits.values())), *changed] if changed else []


def _still_asked(clashed: Operation, edits: Iterable[Edit]) -> Operation | None:
    """Return an edit in conflict with other values; without a field to ask about it goes out."""
    left = tuple(edit for edit in edits if edit.new != edit.base)
    theirs = {edit.field: clashed.theirs[edit.field] for edit in left if edit.field in clashed.theirs}
    fresh: dict[str, Any] = {} if theirs else {"state": OpState.QUEUED, "message": ""}
    return msgspec.structs.replace(clashed, edits=left, theirs=theirs, **fresh) if left else None


def orphaned(dropped: Operation, later: Iterable[Operation]) -> list[tuple[Operation, Operation | None]]:
    """Return the later operations that name the part `dropped` would have made, and what becomes of each.

    An order of photos goes on without the one; a choice, a change or an end of what never comes to be goes.
    """
    part = part_of(dropped) if dropped.kind in _MAKES else ""
    found: list[tuple[Operation, Operation | None]] = []
    for operation in later if part else ():
        if operation.kind is OpKind.ORDER_PHOTOS and part in operation.payload["order"]:
            order = [uid for uid in operation.payload["order"] if uid != part]
            found.append((operation, msgspec.structs.replace(operation, payload={"order": order})))
        elif operation.kind not in _MAKES and part_of(operation) == part:
            found.append((operation, None))
    return found


def merged(old: Iterable[Edit], new: Iterable[Edit]) -> tuple[Edit, ...]:
    """Return edits by field: the first base, the last value; an edit back to its base drops out."""
    found = {edit.field: edit for edit in old}
    for edit in new:
        before = found.get(edit.field)
        found[edit.field] = Edit(edit.field, before.base, edit.new) if before else edit
    return tuple(edit for edit in found.values() if edit.new != edit.base)


def _renewed(target: Operation, new: Operation, **changes: Any) -> Operation:
    """Return `target` with more in it; once refused, it goes out under a uuid the server has not seen."""
    if target.state is OpState.REFUSED:
        changes |= {"uuid": new.uuid, "state": OpState.QUEUED, "message": "", "errors": {}}
        changes |= {"attempts": 0, "retry_at": None}
    return msgspec.structs.replace(target, **changes)


def without(dropped: Operation, later: Iterable[Operation]) -> list[Operation]:
    """Return the later updates that stood on what `dropped` would have written, put on what it stood on."""
    bases = {edit.field: edit for edit in dropped.edits}
    changed: list[Operation] = []
    for operation in later:
        if part_of(operation) != part_of(dropped):
            continue
        edits = tuple(
            Edit(edit.field, bases[edit.field].base, edit.new)
            if edit.field in bases and edit.base == bases[edit.field].new
            else edit
            for edit in operation.edits
        )
        for edit in operation.edits:  # what stands on this one's value is no longer ours to move
            bases.pop(edit.field, None)
        if edits != operation.edits:
            changed.append(msgspec.structs.replace(operation, edits=edits))
    return changed


def renamed(operation: Operation, replaced: Mapping[str, str]) -> Operation:
    """Return the operation with temporary uids replaced by real ones, wherever they stand."""
    return msgspec.structs.replace(
        operation,
        uid=replaced.get(operation.uid, operation.uid),
        payload=_swap(operation.payload, replaced),
        seen=_swap(operation.seen, replaced),
        edits=tuple(
            Edit(edit.field, _swap(edit.base, replaced), _swap(edit.new, replaced))
            for edit in operation.edits
        ),
    )


def texts_of(operation: Operation) -> set[str]:
    """Return every text in an operation that `renamed` may replace."""
    values = (edit for one in operation.edits for edit in (one.base, one.new))
    return {operation.uid, *_texts([operation.payload, operation.seen, *values])}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():  # pyright: ignore[reportUnknownVariableType]
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _texts(part)


def mentions(value: Any, uids: frozenset[str]) -> bool:
    """Tell whether any of `uids` stands somewhere in a JSON value."""
    if isinstance(value, str):
        return value in uids
    if isinstance(value, Mapping):
        return any(mentions(part, uids) for part in value.values())  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return any(mentions(part, uids) for part in value)  # pyright: ignore[reportUnknownVariableType]
    return False


def _swap(value: Any, replaced: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return replaced.get(value, value)
    if isinstance(value, Mapping):
        return {key: _swap(part, replaced) for key, part in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return [_swap(part, replaced) for part in value]  # pyright: ignore[reportUnknownVariableType]
    return value
