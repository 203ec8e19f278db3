"""What is pending on a record, as a table shows it."""

from collections.abc import Sequence

import msgspec

from instica_desktop.core.operations import GONE, Operation, OpKind, OpState
from instica_desktop.store.projection import hidden

_PHOTOS = (OpKind.ADD_PHOTO, OpKind.REMOVE_PHOTO, OpKind.ORDER_PHOTOS, OpKind.PRIMARY_PHOTO)
_SHIPMENTS = (OpKind.ADD_SHIPMENT, OpKind.REMOVE_SHIPMENT, OpKind.EDIT_SHIPMENT)
_LISTINGS = (OpKind.ADD_LISTING, OpKind.REVISE_LISTING, OpKind.DELIST)


class Mark(msgspec.Struct, frozen=True):
    """How many operations wait on a record, which states occur among them, and the fields they touch.

    `gone`: the server no longer has the record, whether or not an edit of it waits. `deleted`: it is to be
    deleted from here; `leaves`: that goes by itself, so nothing more can be done to the record.
    """

    pending: int = 0
    sending: bool = False
    unknown: bool = False
    conflict: bool = False
    gone: bool = False
    refused: bool = False
    damaged: bool = False
    deleted: bool = False
    leaves: bool = False
    fields: frozenset[str] = frozenset()


NOTHING = Mark()
GONE_MARK = Mark(gone=True)


def mark_of(operations: Sequence[Operation], *, gone: bool = False) -> Mark:
    """Return the mark of a record from its operations. `gone`: it is known to be on the server no more."""
    if not operations:
        return GONE_MARK if gone else NOTHING
    states = {operation.state for operation in operations}
    return Mark(
        pending=len(operations),
        sending=OpState.SENDING in states,
        unknown=OpState.UNKNOWN in states,
        conflict=OpState.CONFLICT in states,
        gone=gone or any(operation.theirs == GONE for operation in operations),
        refused=OpState.REFUSED in states,
        damaged=OpState.DAMAGED in states,
        deleted=any(operation.kind is OpKind.DELETE for operation in operations),
        leaves=hidden(operations),
        fields=frozenset(field for operation in operations for field in _fields(operation)),
    )


def _fields(operation: Operation) -> list[str]:
    if operation.kind is OpKind.CREATE:
        return list(operation.payload.get("fields", {}))
    if operation.kind in _PHOTOS:
        return ["assets"]
    if operation.kind in _SHIPMENTS:
        return ["shipments"]
    if operation.kind in _LISTINGS:
        return ["listings"]
    return [edit.field for edit in operation.edits]
