"""Which operations may go out now. Pure functions.

Per object first in, first out; objects are independent. What waits for the user holds up only what builds
on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import NEEDS_USER, SENDABLE, Operation, OpKind
from instica_desktop.store.coalesce import mentions

LONGEST_WAIT = timedelta(minutes=15)
"""Nothing is told to wait longer; a moment further off means that the computer's clock was set back."""

_FIELDS = frozenset({OpKind.UPDATE})
_PARCELS = frozenset({OpKind.ADD_SHIPMENT, OpKind.REMOVE_SHIPMENT})


def ready(operations: Iterable[Operation], now: datetime) -> list[Operation]:
    """Return what may be sent now, oldest first, at most one per object."""
    by_object: dict[tuple[Entity, str], list[Operation]] = defaultdict(list)
    unmade: set[str] = set()
    for operation in operations:
        by_object[operation.entity, operation.uid].append(operation)
        if operation.kind is OpKind.CREATE:
            unmade.add(operation.uid)
    heads = [head for own in by_object.values() if (head := _head(own)) is not None]
    due = [head for head in heads if is_due(head.retry_at, now)]
    return sorted((head for head in due if not _waits(head, unmade)), key=lambda head: head.seq)


def is_due(moment: datetime | None, now: datetime) -> bool:
    """Tell whether what waits until a moment need wait no longer."""
    return moment is None or not timedelta(0) < moment - now <= LONGEST_WAIT


def next_due(operations: Iterable[Operation]) -> datetime | None:
    """Return when the next operation that is only waiting for its time will be due."""
    return min((one.retry_at for one in operations if one.state in SENDABLE and one.retry_at), default=None)


def _head(own: Sequence[Operation]) -> Operation | None:
    """Return the first operation of an object that needs no user and stands on none that does."""
    stuck: list[Operation] = []
    for operation in own:
        if operation.state in NEEDS_USER:
            stuck.append(operation)
        elif any(_builds_on(operation, earlier) for earlier in stuck):
            return None
        else:
            return operation if operation.state in SENDABLE else None
    return None


def _builds_on(later: Operation, earlier: Operation) -> bool:
    if earlier.kind is OpKind.CREATE or later.kind is OpKind.DELETE or earlier.kind is OpKind.DELETE:
        return True
    if later.kind in _FIELDS and earlier.kind in _FIELDS:
        fields = {edit.field for edit in earlier.edits}
        return any(edit.field in fields for edit in later.edits)
    return any(later.kind in group and earlier.kind in group for group in (_PARCELS,))


def _waits(operation: Operation, unmade: set[str]) -> bool:
    """Tell whether an operation names something whose create is unsent; its own create does not count."""
    others = frozenset(unmade - {operation.uid})
    values = [operation.payload, [edit.new for edit in operation.edits]]
    return bool(others) and mentions(values, others)
