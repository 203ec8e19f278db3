"""Orders that share a tracking number: finding them on this computer, and noting what the user agreed to."""

from contextlib import suppress
from typing import Any

import msgspec

from instica_desktop.core.decided import Decided
from instica_desktop.core.errors import StoreError
from instica_desktop.core.models import Order
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind, OpState
from instica_desktop.core.query import Query
from instica_desktop.core.sharing import SAME, Agreed, with_agreed, with_number
from instica_desktop.core.tracking_numbers import compared
from instica_desktop.store.settlement import Settlement
from instica_desktop.store.store import Store

MOST_READ = 500
"""How many orders that a short number finds are looked through; the server knows the others."""
_NUMBERED = frozenset({OpKind.ADD_SHIPMENT, OpKind.EDIT_SHIPMENT})


async def found_on(store: Store, uid: str, number: str) -> list[dict[str, Any]]:
    """Return the other orders on which a number is a question: what the API calls `also_on`."""
    return [one for one in await known_with(store, uid, number) if one["address"] != SAME]


async def known_with(store: Store, uid: str, number: str) -> list[dict[str, Any]]:
    """Return the other orders with a number, as far as they are known here (`core.sharing.with_number`).

    Parcels that wait to be sent count.
    """
    row = store.cache.by_uid(Entity.ORDER, store.outbox.real(uid))
    if not number or row is None or not isinstance(row.data, Order):
        return []
    ids = await store.cache.ids(Query(Entity.ORDER).with_search(number))
    rows = store.cache.rows(Entity.ORDER, ids[:MOST_READ])
    return with_number(number, row.data, [one.data for one in rows if one and isinstance(one.data, Order)])


async def note_agreed(store: Store, uid: str, agreed: Agreed) -> None:
    """Note that numbers may be on an order and on others: for the steps of each, and for what waits.

    Which of two parcels reaches the server first, and so which is asked about, nobody knows.
    """
    if not agreed:
        return
    store.decided(Decided(entity=Entity.ORDER, uid=uid, agreed=agreed))
    for other in dict.fromkeys(other for uids in agreed.values() for other in uids):
        theirs = {number: [uid] for number, uids in agreed.items() if other in uids}
        store.decided(Decided(entity=Entity.ORDER, uid=other, agreed=theirs))
        for operation in store.outbox.for_object(Entity.ORDER, other):
            if compared(number_of(operation)) in theirs and operation.state is not OpState.SENDING:
                after = msgspec.structs.replace(operation, seen=with_agreed(operation.seen, theirs))
                with suppress(KeyError, StoreError):  # it has just been sent; or it will be asked about
                    await store.outbox.settle(Settlement(swap={operation.uuid: after}))


def number_of(operation: Operation) -> str:
    """Return the tracking number that an operation gives a parcel; empty for none."""
    if operation.kind not in _NUMBERED:
        return ""
    edited = {edit.field: edit.new for edit in operation.edits}
    return str(edited.get("tracking_number") or operation.payload.get("tracking_number") or "")
