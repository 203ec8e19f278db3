"""Deleting records, with a way back while nothing was sent."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.errors import InputError
from instica_desktop.core.meanwhile import PARTS, basis
from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Operation, OpKind, OpState
from instica_desktop.core.steps import reached
from instica_desktop.store.cache import CachedRow
from instica_desktop.sync.conflicts import PHOTOS, names_of_photos
from instica_desktop.sync.desk import NOT_SENT, Desk
from instica_desktop.sync.edits import snapshot
from instica_desktop.sync.wirework import decoded, shown

MANY = 50
"""More records than this are deleted only when their number was typed."""
SHARE = 0.2
"""And so is more than this share of all that is known."""
DERIVED = frozenset({"status", "price_item_usd", "price_shipping_usd"})
"""Fields that offers and parcels of ours change along the way."""
TOO_LATE = "It was deleted on the server before it could be taken back."


class Deleted(msgspec.Struct, frozen=True):
    """What a deletion did, for taking it back: the waiting deletes, and unsent things that just went."""

    entity: Entity
    uids: tuple[str, ...]
    deletes: tuple[str, ...] = ()
    dropped: tuple[Operation, ...] = ()


def needs_number(wanted: int, known: int) -> bool:
    """Tell whether deleting so many of so many asks for the number to be typed."""
    return wanted > 1 and (wanted > MANY or wanted > SHARE * known)


class Removal:
    """Deletes items and products. What is deleted leaves the lists at once."""

    def __init__(self, desk: Desk, online: Callable[[], bool], shown_again: Callable[[Entity], None]) -> None:
        """`shown_again` is called when records come back into the lists."""
        self._desk = desk
        self._online = online
        self._shown_again = shown_again

    async def delete(self, entity: Entity, uids: Sequence[str], typed: int | None = None) -> Deleted:
        """Delete records. Several at once need a connection, many the number `typed` by the user.

        Raises:
            InputError: nothing was deleted, and why.
        """
        store = self._desk.store
        async with self._desk.lock:
            wanted = tuple(dict.fromkeys(store.outbox.real(uid) for uid in uids))
            self._check(entity, wanted, typed)
            dropped: list[Operation] = []
            new: list[Operation] = []
            for uid in wanted:
                own = store.outbox.for_object(entity, uid)
                if _only_here(own) and await self._desk.dropped(own[0]):
                    dropped += own
                else:
                    row = self._desk.row(entity, uid)
                    new.append(self._desk.made(row, entity, OpKind.DELETE, seen=_seen(row, entity, own)))
            kept = await store.outbox.add_many(new)
            reached("deletes kept")
            rows = frozenset(row for row in store.cache.row_ids(entity, list(wanted)) if row)
            for uid in wanted:
                await self._desk.show(entity, uid)
            store.publish(Changes(entity, rows, frozenset(wanted), origin=Origin.LOCAL, order=True))
        return Deleted(entity, wanted, tuple(one.uuid for one in kept), tuple(dropped))

    async def restore(self, deleted: Deleted) -> None:
        """Take a deletion back.

        Raises:
            InputError: some or all of it has reached the server; the rest is back.
        """
        store, late = self._desk.store, 0
        async with self._desk.lock:
            for uuid in deleted.deletes:
                operation = store.outbox.get(uuid)
                sent = operation is None or operation.state in (OpState.SENDING, OpState.UNKNOWN)
                late += operation is None or sent or not await self._desk.dropped(operation)
            await store.outbox.add_many(deleted.dropped)
            for uid in deleted.uids:
                await self._desk.show(deleted.entity, uid)
        self._shown_again(deleted.entity)
        if late:
            raise InputError(TOO_LATE)

    def is_only_here(self, entity: Entity, uid: str) -> bool:
        """Tell whether a record was made here and certainly not sent: deleting it just takes it away."""
        return _only_here(self._desk.store.outbox.for_object(entity, uid))

    def _check(self, entity: Entity, uids: Sequence[str], typed: int | None) -> None:
        if entity is Entity.ORDER:
            raise InputError("Orders are not deleted here: their marketplace keeps them.")
        if len(uids) > 1 and not self._online():
            raise InputError("Deleting several records at once needs a connection. Nothing was deleted.")
        if needs_number(len(uids), self._desk.store.cache.known(entity)) and typed != len(uids):
            raise InputError(f"Type {len(uids)} to delete so many. Nothing was deleted.", field="count")
        for uid in uids:
            data = self._desk.row(entity, uid).data
            if isinstance(data, Product) and data.inventory_items:
                raise InputError("This product has items. Delete or move them first.")


def _seen(row: CachedRow, entity: Entity, own: Sequence[Operation]) -> dict[str, Any]:
    """Return what the server's record held when it was deleted here, but for what our own edits change."""
    ours = {edit.field for one in own for edit in one.edits}
    if any(one.kind is not OpKind.UPDATE for one in own):
        ours |= DERIVED
    record = decoded(row.raw)
    seen = {field: value for field, value in snapshot(entity, record).items() if field not in ours}
    live = basis(entity, shown(row.raw, own))
    seen |= {name: live[name] for name in PARTS & live.keys()}
    if PHOTOS in record:  # those on their way are known by their content
        sent = [str(one.payload["blob"]) for one in own if one.kind is OpKind.ADD_PHOTO]
        seen[PHOTOS] = [*names_of_photos(record), *sent]
    return seen


def _only_here(own: Sequence[Operation]) -> bool:
    """Tell whether a record was made here and certainly not sent."""
    return bool(own) and own[0].kind is OpKind.CREATE and own[0].state in NOT_SENT and not own[0].attempts
