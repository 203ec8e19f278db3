"""Which operations may go out now. Pure functions.

Per object first in, first out; objects are independent. What waits for the user holds up only what builds
on it. A record that is to be deleted is not changed before.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from instica_desktop.core.errors import ASK_AGAIN
from instica_desktop.core.operations import NEEDS_USER, SENDABLE, TEMPORARY, Operation, OpKind, OpState
from instica_desktop.store.coalesce import mentions, part_of
from instica_desktop.store.places import objects_in_order

LONGEST_WAIT = timedelta(minutes=15)
"""Nothing is told to wait longer; a moment further off means that the computer's clock was set back."""
LONGEST_HELD = timedelta(seconds=ASK_AGAIN)
"""The same for what is refused because this server does not offer it."""

_PARCELS = frozenset({OpKind.ADD_SHIPMENT, OpKind.REMOVE_SHIPMENT, OpKind.EDIT_SHIPMENT})
_PHOTOS = frozenset({OpKind.ADD_PHOTO, OpKind.REMOVE_PHOTO, OpKind.ORDER_PHOTOS, OpKind.PRIMARY_PHOTO})
_OFFERS = frozenset({OpKind.ADD_LISTING, OpKind.REVISE_LISTING, OpKind.DELIST})
_FOR_SALE = frozenset({"status", "price_item_usd", "price_shipping_usd"})
"""Fields that decide whether and for how much an item may be offered."""


def ready(operations: Iterable[Operation], now: datetime) -> list[Operation]:
    """Return what may be sent now, in the order it is sent, at most one per object."""
    waiting = list(operations)
    unmade = {one.uid for one in waiting if one.kind is OpKind.CREATE}
    return list(due_heads(objects_in_order(waiting).values(), unmade, now))


def due_heads(
    queues: Iterable[Sequence[Operation]], unmade: Container[str], now: datetime
) -> Iterator[Operation]:
    """Yield the operation of each object that may be sent now. `unmade`: uids whose creates are unsent."""
    for own in queues:
        head = head_of(own)
        if head is None or not is_due(head.retry_at, now):
            continue
        if not _waits(head, unmade):
            yield head


def all_stuck(queues: Iterable[Sequence[Operation]], unmade: Container[str]) -> bool:
    """Tell whether operations wait and none of them can go out before the user has decided."""
    waiting = False
    for own in queues:
        head = head_of(own)
        if any(one.state is OpState.SENDING for one in own) or (head and not _waits(head, unmade)):
            return False
        waiting = waiting or any(one.state in SENDABLE for one in own)
    return waiting


def is_due(moment: datetime | None, now: datetime, longest: timedelta = LONGEST_WAIT) -> bool:
    """Tell whether what waits until a moment need wait no longer."""
    return moment is None or not timedelta(0) < moment - now <= longest


def next_due(operations: Iterable[Operation], now: datetime) -> datetime | None:
    """Return when the next operation will be due that is not yet, and only waits for its time."""
    times = [one.retry_at for one in operations if one.state in SENDABLE]
    return min((time for time in times if time is not None and not is_due(time, now)), default=None)


def worth_asking(operations: Iterable[Operation], now: datetime) -> list[Operation]:
    """Return what was refused because this server does not offer it, a while ago."""
    return [one for one in operations if _held(one) and is_due(one.retry_at, now, LONGEST_HELD)]


def next_asking(operations: Iterable[Operation], now: datetime) -> datetime | None:
    """Return when the next operation will be worth asking for."""
    times = [one.retry_at for one in operations if _held(one) and one.retry_at is not None]
    return min((time for time in times if not is_due(time, now, LONGEST_HELD)), default=None)


def head_of(own: Sequence[Operation]) -> Operation | None:
    """Return the first operation of an object that needs no user and stands on none that does."""
    if any(operation.state is OpState.SENDING for operation in own):
        return None
    deleting = _deleting(own)
    if deleting is not None:
        return deleting
    stuck: list[Operation] = []
    for operation in own:
        if operation.state in NEEDS_USER or any(_builds_on(operation, earlier) for earlier in stuck):
            stuck.append(operation)
        else:
            return operation if operation.state in SENDABLE else None
    return None


def _held(operation: Operation) -> bool:
    return operation.state is OpState.REFUSED and operation.retry_at is not None


def _deleting(own: Sequence[Operation]) -> Operation | None:
    """Return the delete that makes everything else pointless, unless something is under way or unmade."""
    delete = next((one for one in own if one.kind is OpKind.DELETE and one.state in SENDABLE), None)
    others = [one for one in own if one is not delete]
    if delete is None or any(one.state is OpState.UNKNOWN or one.kind is OpKind.CREATE for one in others):
        return None
    return delete


def _builds_on(later: Operation, earlier: Operation) -> bool:
    if earlier.kind is OpKind.CREATE or later.kind is OpKind.DELETE or earlier.kind is OpKind.DELETE:
        return True
    if later.kind is OpKind.UPDATE and earlier.kind is OpKind.UPDATE:
        return bool(_fields(later) & _fields(earlier))
    if later.kind in (OpKind.ADD_LISTING, OpKind.REVISE_LISTING) and earlier.kind is OpKind.UPDATE:
        return bool(_fields(earlier) & _FOR_SALE)
    if later.kind in _PHOTOS and earlier.kind is OpKind.ADD_PHOTO:
        return mentions(later.payload, frozenset({TEMPORARY + earlier.uuid}))
    if later.kind is OpKind.PRODUCT_IMAGE and earlier.kind is OpKind.PRODUCT_IMAGE:
        return True
    if later.kind in _OFFERS and earlier.kind in _OFFERS:
        return part_of(later) == part_of(earlier)
    return later.kind in _PARCELS and earlier.kind in _PARCELS


def _fields(operation: Operation) -> set[str]:
    return {edit.field for edit in operation.edits}


def _waits(operation: Operation, unmade: Container[str]) -> bool:
    """Tell whether an operation names something whose create is unsent; its own create does not count."""
    values = [operation.payload, [edit.new for edit in operation.edits]]
    return any(uid in unmade and uid != operation.uid for uid in _temporary(values))


def _temporary(value: object) -> Iterator[str]:
    """Yield the temporary uids that stand somewhere in a JSON value."""
    if isinstance(value, str):
        if value.startswith(TEMPORARY):
            yield value
    elif isinstance(value, dict):
        for part in value.values():  # pyright: ignore[reportUnknownVariableType]
            yield from _temporary(part)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list | tuple):
        for part in value:  # pyright: ignore[reportUnknownVariableType]
            yield from _temporary(part)  # pyright: ignore[reportUnknownArgumentType]
