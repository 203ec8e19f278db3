"""What the user does, made durable: each act is checked, kept in the outbox, and shown at once."""

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from instica_desktop.core.changes import Changes, Origin
from instica_desktop.core.decided import Decided
from instica_desktop.core.errors import InputError, StoreError
from instica_desktop.core.meanwhile import PARTS, basis, news
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import GONE, TEMPORARY, Edit, Operation, OpKind, OpState
from instica_desktop.core.overlay_listings import by_copies, copies
from instica_desktop.core.steps import reached
from instica_desktop.store.cache import CachedRow
from instica_desktop.store.settlement import Settlement
from instica_desktop.store.store import Store
from instica_desktop.sync.decisions import fates_of_rewriting, rewritten
from instica_desktop.sync.edits import Edited, checked, snapshot
from instica_desktop.sync.wirework import shown as as_shown

log = logging.getLogger(__name__)

NOT_SENT = frozenset(
    {OpState.QUEUED, OpState.RETRY, OpState.REFUSED, OpState.PAUSED_AUTH, OpState.PAUSED_PLAN}
)
"""States in which an operation has certainly not reached the server."""


def is_unsent(operation: Operation) -> bool:
    """Tell whether nothing of an operation is on the server: never sent, or its record is gone from there."""
    return operation.state in NOT_SENT or operation.theirs == GONE


NOTHING: Mapping[str, Any] = {}
_TRIES = 3
_BEING_SENT = "This is being sent right now. Try again in a moment."

Along = Callable[[dict[str, Any], Mapping[str, Any]], Settlement]
"""(record as an edit leaves it, its fields until then) → what is to be kept together with the edit."""


def nothing_along(_now: dict[str, Any], _was: Mapping[str, Any]) -> Settlement:
    """Most edits stand alone."""
    return Settlement()


class Desk:
    """Takes edits, orders of photos and parcels. `added` is called after each, when it is on the disk."""

    def __init__(self, store: Store, clock: Callable[[], datetime], added: Callable[[], None]) -> None:
        self.store = store
        self._clock = clock
        self._added = added
        self.lock = asyncio.Lock()

    def now(self) -> datetime:
        """Return the time as this computer has it."""
        return self._clock()

    # ------------------------------------------------------------ fields

    async def edit(
        self,
        entity: Entity,
        uid: str,
        changes: Mapping[str, Any],
        *,
        shown: Mapping[str, Any] = NOTHING,
        along: Along = nothing_along,
    ) -> Edited:
        """See `Shop.edit`. `along` is kept in the same transaction."""
        async with self.lock:
            for _ in range(_TRIES):
                with suppress(KeyError):  # what it was to solve was decided about just now: look again
                    return await self._edit(entity, self.store.outbox.real(uid), changes, shown, along)
        raise InputError(_BEING_SENT)

    async def _edit(
        self, entity: Entity, uid: str, changes: Mapping[str, Any], shown: Mapping[str, Any], along: Along
    ) -> Edited:
        row, own = self.row(entity, uid), self.store.outbox.for_object(entity, uid)
        before = as_shown(row.raw, own)
        after = checked(entity, before, changes)
        if not after:
            return Edited({}, {})
        was = {field: shown.get(field, before.get(field)) for field in after}
        solved = _solved(own, after)
        left = [field for field in after if not any(field in values for _, values in solved)]
        what = Settlement()
        for operation, values in solved:
            what = what.along_with(rewritten(operation, values))
        if left:
            edits = tuple(Edit(field, was[field], after[field]) for field in left)
            seen = {**snapshot(entity, before), **basis(entity, before)}
            update = self.made(row, entity, OpKind.UPDATE, edits=edits, seen=seen)
            what = what.along_with(Settlement(add=(update,)))
        now = as_shown(row.raw, [*(what.swap.get(one.uuid, one) for one in own), *what.add])
        now = self._with_copies(now) if entity is Entity.ITEM else now
        await self.store.outbox.settle(what.along_with(along(now, was)))
        reached("operation kept")
        for operation, values in solved:
            fates = fates_of_rewriting(operation, values)
            self.store.decided(Decided(entity=entity, uid=uid, fates=fates))
        await self.show(entity, uid)
        return Edited(was, after)

    # ------------------------------------------------------------ photos

    async def order_photos(self, uid: str, order: Sequence[str]) -> None:
        """See `Shop.order_photos`."""
        present = [str(asset["uid"]) for asset in self._photos(uid)]
        wanted = [asset for asset in dict.fromkeys(order) if asset in present]
        wanted += [asset for asset in present if asset not in wanted]
        if wanted != present:
            await self.act(Entity.ITEM, uid, OpKind.ORDER_PHOTOS, {"order": wanted})

    async def primary_photo(self, uid: str, asset: str) -> None:
        """See `Shop.primary_photo`."""
        chosen = next((photo for photo in self._photos(uid) if photo["uid"] == asset), None)
        if chosen is not None and not chosen.get("is_primary"):
            await self.act(Entity.ITEM, uid, OpKind.PRIMARY_PHOTO, {"asset": asset})

    # ------------------------------------------------------------ inside

    async def take_back(
        self, entity: Entity, uid: str, thing: str, kind: OpKind, payload: dict[str, Any]
    ) -> None:
        """Drop the operation that would make a thing, if certainly not sent; else add one of `kind`.

        One that waits for a decision has made nothing.
        """
        async with self.lock:
            uid, thing = self.store.outbox.real(uid), self.store.outbox.real(thing)
            making = self.store.outbox.get(thing.removeprefix(TEMPORARY))
            if making is None or not _made_nothing(making) or not await self.dropped(making):
                await self.add(self.row(entity, uid), entity, kind, payload=payload)
            await self.show(entity, uid)

    async def act(self, entity: Entity, uid: str, kind: OpKind, payload: dict[str, Any], **more: Any) -> None:
        """Keep an operation on a record and show it."""
        async with self.lock:
            uid = self.store.outbox.real(uid)
            await self.add(self.row(entity, uid), entity, kind, payload=payload, **more)
            await self.show(entity, uid)

    async def dropped(self, operation: Operation) -> bool:
        """Drop an operation; False when it has just been sent, or is being sent."""
        try:
            await self.store.outbox.discard(operation.uuid)
        except KeyError:
            return False
        return True

    def row(self, entity: Entity, uid: str) -> CachedRow:
        """Return the record as it stands on this computer.

        Raises:
            InputError: it is not here, or about to be deleted.
        """
        row = self.store.cache.by_uid(entity, self.store.outbox.real(uid))
        if row is None:
            raise InputError("This record is not on this computer any more. It may be deleted elsewhere.")
        if row.mark.leaves:
            raise InputError("This record is being deleted. Drop its deletion in Activity to change it.")
        return row

    def rows(self, entity: Entity, uids: Sequence[str]) -> dict[str, CachedRow]:
        """Return many records at once. Raises like `row`."""
        found = self.store.cache.by_uids(entity, uids)
        for uid in uids:
            row = found.get(uid)
            if row is None or row.mark.leaves:
                self.row(entity, uid)
        return found

    def shown(self, entity: Entity, uid: str) -> dict[str, Any]:
        """Return a record as the user sees it, on the wire."""
        uid = self.store.outbox.real(uid)
        record = as_shown(self.row(entity, uid).raw, self.store.outbox.for_object(entity, uid))
        return self._with_copies(record) if entity is Entity.ITEM else record

    def _with_copies(self, item: dict[str, Any]) -> dict[str, Any]:
        """Return an item with what waits to be done, by other copies, to the offers it shares with them."""
        pending = self.store.outbox.pending
        waiting = [one for uid in copies(item) for one in pending(Entity.ITEM, uid)]
        return by_copies(item, waiting) if waiting else item

    def news(self, entity: Entity, uid: str, seen: Mapping[str, Any]) -> dict[str, Any]:
        """See `Shop.news`."""
        real = {name: [self.store.outbox.real(part) for part in seen[name]] for name in PARTS & seen.keys()}
        return news(entity, {**seen, **real}, self.shown(entity, uid))

    def _photos(self, uid: str) -> list[dict[str, Any]]:
        return list(self.shown(Entity.ITEM, uid).get("assets") or ())

    def made(self, row: CachedRow, entity: Entity, kind: OpKind, **what: Any) -> Operation:
        """Return a new operation on a record, not yet kept."""
        return Operation(
            uuid=str(uuid.uuid4()),
            entity=entity,
            uid=row.uid,
            kind=kind,
            title=title_of(row.data),
            created=self._clock(),
            **what,
        )

    async def add(self, row: CachedRow, entity: Entity, kind: OpKind, **what: Any) -> Operation:
        """Keep an operation on a record; on the disk when it returns."""
        operation = self.made(row, entity, kind, **what)
        kept = await self.store.outbox.add(operation)
        reached("operation kept")
        return kept

    async def show(self, entity: Entity, uid: str) -> None:
        """Bring the screen up to date. The edit is safe already, whatever the cache can or cannot take."""
        await self.show_all(entity, [uid])

    async def show_all(self, entity: Entity, uids: Sequence[str]) -> None:
        """Bring many records up to date in one go."""
        self._added()
        try:
            await self.store.cache.reproject(entity, uids)
        except StoreError as error:
            log.info("An edit is saved but not yet in the search index: %s", error.details or error.message)
            rows: list[int | None] = []
            with suppress(StoreError):
                rows = self.store.cache.row_ids(entity, uids)
            ids = frozenset(row for row in rows if row is not None)
            self.store.publish(Changes(entity, ids, frozenset(uids), origin=Origin.LOCAL))


def _solved(own: Sequence[Operation], after: Mapping[str, Any]) -> list[tuple[Operation, dict[str, Any]]]:
    """Return the edits in conflict that an edit of the same fields solves, each with its values."""
    found: list[tuple[Operation, dict[str, Any]]] = []
    left = dict(after)
    for operation in own:
        fields = [edit.field for edit in operation.edits if edit.field in left]
        asked = operation.state is OpState.CONFLICT and operation.kind is OpKind.UPDATE
        if asked and fields:
            found.append((operation, {field: left.pop(field) for field in fields}))
    return found


def _made_nothing(operation: Operation) -> bool:
    never_tried = operation.state in NOT_SENT and not operation.attempts
    return never_tried or operation.state is OpState.CONFLICT


def title_of(data: Any) -> str:
    """Return what to call a record in the list of changes."""
    listing = getattr(data, "inventory_item_listing", None)
    sold = listing.title if listing else None
    product = getattr(data, "product", None)
    names = (
        product.title if product else None,
        getattr(data, "title", None),
        getattr(data, "name", None),
        sold,
        getattr(data, "order_id", None),
    )
    return next((str(name) for name in names if name), data.uid)
