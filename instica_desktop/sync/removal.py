"""Deleting records, with a way back: dropped while it is held or waits, made again once it was sent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

import msgspec

from instica_desktop.core.acts import WITH_PHOTOS, Act, ActKind
from instica_desktop.core.errors import InputError
from instica_desktop.core.meanwhile import PARTS, basis, news
from instica_desktop.core.models import InventoryItem, Product
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import NEEDS_USER, TEMPORARY, Operation, OpKind
from instica_desktop.core.steps import reached
from instica_desktop.store.cache import CachedRow
from instica_desktop.store.settlement import Settlement
from instica_desktop.store.waiting import PRODUCT
from instica_desktop.sync import keepsakes
from instica_desktop.sync.conflicts import PHOTOS, changed_since, names_of_photos
from instica_desktop.sync.desk import NOT_SENT, Desk
from instica_desktop.sync.edits import snapshot
from instica_desktop.sync.holding import Holds
from instica_desktop.sync.keepsakes import Keepsake
from instica_desktop.sync.watching import UNWATCHED, Watch
from instica_desktop.sync.wirework import decoded
from instica_desktop.sync.wirework import shown as as_shown

MANY = 50
"""More records than this are deleted only when their number was typed."""
SHARE = 0.2
"""And so is more than this share of all that is known."""
AT_ONCE = 500
"""Records in one transaction."""
Known = Mapping[str, Mapping[str, Any]]
NOTHING_KNOWN: Known = {}
DERIVED = frozenset({"status", "price_item_usd", "price_shipping_usd"})
"""Fields that offers and parcels of ours change along the way."""
BACK = "Stopped. Putting back what was taken off the lists"
NEEDS_CONNECTION = "Deleting several records at once needs a connection. Nothing was deleted."


class Deleted(msgspec.Struct, frozen=True):
    """What a deletion did, and the acts for taking it back; each is held by the first of its photos."""

    entity: Entity
    uids: tuple[str, ...]
    acts: tuple[Act, ...]


def needs_number(wanted: int, known: int) -> bool:
    """Tell whether deleting so many of so many asks for the number to be typed."""
    return wanted > 1 and (wanted > MANY or wanted > SHARE * known)


class Removal:
    """Deletes items and products. What is deleted leaves the lists at once, and the server a moment later."""

    def __init__(
        self,
        desk: Desk,
        online: Callable[[], bool],
        holds: Holds,
        hold: float,
        shown_again: Callable[[Entity], None],
    ) -> None:
        """What is deleted is held for `hold` seconds, unless it is held on or let go.

        `shown_again` is called when records come back into the lists.
        """
        self._desk = desk
        self._online = online
        self._hold = hold
        self._shown_again = shown_again
        self.holds = holds

    async def delete(
        self,
        entity: Entity,
        uids: Sequence[str],
        typed: int | None = None,
        watch: Watch = UNWATCHED,
        *,
        known: Known = NOTHING_KNOWN,
    ) -> Deleted:
        """Delete records. Several at once need a connection, many the number `typed` by the user.

        `known` holds, by uid, what was seen of a record that is not deleted for the first time.

        Raises:
            InputError: nothing was deleted, and why.
            Stopped: `watch` was told to stop; nothing was deleted.
        """
        store = self._desk.store
        wanted = tuple(dict.fromkeys(store.outbox.real(uid) for uid in uids))
        self.check(entity, len(wanted), typed)
        acts: list[Act] = []
        try:
            for some in _chunks(wanted):
                watch.tell(sum(len(act.uids) for act in acts), len(wanted))
                photos = len(wanted) <= WITH_PHOTOS
                acts.append(await self._delete_some(entity, some, known, photos=photos))
        except Exception:
            await self._as_before(entity, acts, watch)
            raise
        for act in acts:
            self.holds.keep(act.photos[0], self._hold)
        watch.tell(len(wanted), len(wanted))
        return Deleted(entity, wanted, tuple(acts))

    def hold_on(self, name: str) -> None:
        """Hold a deletion for as long again."""
        self.holds.keep(name, self._hold)

    def check(self, entity: Entity, number: int, typed: int | None = None) -> None:
        """Raise InputError where so many records cannot be deleted now."""
        if entity is Entity.ORDER:
            raise InputError("Orders are not deleted here: their marketplace keeps them.")
        if number > 1 and not self._online():
            raise InputError(NEEDS_CONNECTION)
        if needs_number(number, self._desk.store.cache.known(entity)) and typed != number:
            raise InputError(f"Type {number} to delete so many. Nothing was deleted.", field="count")

    def changed(self, entity: Entity, uid: str, known: Mapping[str, Any]) -> bool:
        """Tell whether a record holds anything but what was known of it, our own edits aside."""
        row = self._desk.row(entity, uid)
        ours = _seen(row, entity, self._desk.store.outbox.for_object(entity, uid)).keys()
        seen, there = {name: was for name, was in known.items() if name in ours}, decoded(row.raw)
        return bool(changed_since(seen, there) or news(entity, seen, there))

    async def drop(self, entity: Entity, watch: Watch = UNWATCHED) -> None:
        """Drop the deletes of a kind that were not sent; their records are listed again.

        What is being sent goes on, and what needs the user stays for him to decide.
        """
        outbox = self._desk.store.outbox
        uuids = [uuid for uuid in outbox.deletes(entity) if self._unsent(uuid)]
        outbox.hold(uuids)
        try:
            dropped = [uid for some in _chunks(uuids) for uid in await self._drop_some(some)]
        finally:
            outbox.let_go(uuids)
        watch.name(BACK)
        watch.show(0, len(dropped))
        shown = 0
        for some in _chunks(dropped):
            await self._desk.show_all(entity, some)
            shown += len(some)
            watch.show(shown, len(dropped))
        for of in {entity, Entity.PRODUCT}:  # a product goes only with its copies
            self._shown_again(of)

    # ------------------------------------------------------------ inside

    async def _drop_some(self, uuids: Sequence[str]) -> list[str]:
        """Drop those of some deletes that are not sent by then; return their records."""
        outbox = self._desk.store.outbox
        async with self._desk.lock:
            while True:
                drop = {uuid: one.uid for uuid in uuids if (one := outbox.get(uuid)) and self._unsent(uuid)}
                try:
                    await outbox.settle(Settlement(drop=tuple(drop)))
                except KeyError:  # one began to be sent just now: it is known by now
                    continue
                return list(drop.values())

    def _unsent(self, uuid: str) -> bool:
        one = self._desk.store.outbox.get(uuid)
        return one is not None and one.state in NOT_SENT - NEEDS_USER

    async def _as_before(self, entity: Entity, acts: Sequence[Act], watch: Watch) -> None:
        """Take back what was not sent yet; it is held, so that is all of it. Done on the disk first."""
        watch.name(BACK)
        number, shown = sum(len(act.uids) for act in acts), 0
        watch.show(0, number)
        for act in reversed(acts):
            async with self._desk.lock:
                waiting = [one for uid in act.uids if (one := self.deletion(act.entity, uid))]
                back = await keepsakes.kept(self._desk.store, act.photos[0])
                again = [operation for one in back.values() for operation in one.waiting]
                drop = tuple(one.uuid for one in waiting)
                await self._desk.store.outbox.settle(Settlement(drop=drop, add=tuple(again)))
            self.holds.release(act.photos[0])
            await keepsakes.release(self._desk.store, act.photos)
        for act in acts:
            await self._desk.show_all(act.entity, act.uids)
            shown += len(act.uids)
            watch.show(shown, number)
        if acts:
            self._shown_again(entity)

    def deletion(self, entity: Entity, uid: str) -> Operation | None:
        """Return the delete that waits for a record."""
        outbox = self._desk.store.outbox
        own = outbox.pending(entity, outbox.real(uid))
        return next((one for one in own if one.kind is OpKind.DELETE), None)

    async def _delete_some(self, entity: Entity, uids: Sequence[str], known: Known, *, photos: bool) -> Act:
        store = self._desk.store
        async with self._desk.lock:
            rows = self._rows(entity, uids)
            while True:
                act, drop, new = await self._planned(entity, uids, rows, known, photos=photos)
                self.holds.hold(act.photos[0], [one.uuid for one in new])
                try:
                    await store.outbox.settle(Settlement(drop=drop, add=new))
                    break
                except BaseException as error:
                    self.holds.release(act.photos[0])
                    await keepsakes.release(store, act.photos)
                    if not isinstance(error, KeyError):  # else one is being sent just now: delete it then
                        raise
            reached("deletes kept")
            await self._desk.show_all(entity, uids)
        return act

    def _rows(self, entity: Entity, uids: Sequence[str]) -> dict[str, CachedRow]:
        found = self._desk.rows(entity, uids)
        if entity is Entity.PRODUCT and any(
            cast(Product, row.data).inventory_items for row in found.values()
        ):
            raise InputError("This product has items. Delete or move them first.")
        return found

    async def _planned(
        self, entity: Entity, uids: Sequence[str], rows: dict[str, CachedRow], known: Known, *, photos: bool
    ) -> tuple[Act, tuple[str, ...], tuple[Operation, ...]]:
        """Return the act, the operations to drop and those to add. What the act needs is kept and held."""
        store, drop = self._desk.store, list[str]()
        new, kept, names = list[Operation](), list[Keepsake](), list[str]()
        leaving = self._leaving() if entity is Entity.PRODUCT else {}
        for uid in uids:
            row, own = rows[uid], store.outbox.for_object(entity, uid)
            only_here = _only_here(own)
            record = _record(row, own)
            kept.append(Keepsake(uid, msgspec.Raw(record), tuple(own) if only_here else ()))
            if photos and (entity is Entity.ITEM):
                names += keepsakes.names_of(decoded(record))
            if only_here:
                drop.append(own[0].uuid)
            else:
                payload: dict[str, Any] = {"keep": True} if photos else {}
                payload |= {PRODUCT: of} if (of := _product_of(row)) else {}
                payload |= {"after": leaving[uid]} if uid in leaving else {}
                now = _seen(row, entity, own)
                seen = now | {name: was for name, was in known.get(uid, {}).items() if name in now}
                new.append(self._desk.made(row, entity, OpKind.DELETE, seen=seen, payload=payload))
        file = await keepsakes.keep(store, kept)
        await store.blobs.hold(names)
        before = {"uids": tuple(uids), "kept": file}
        act = Act(kind=ActKind.DELETE, entity=entity, uid=uids[0], before=before, photos=(file, *names))
        return act, tuple(drop), tuple(new)

    def _leaving(self) -> dict[str, list[str]]:
        """Return, by product, the names of the deletes of its copies: it can only go after them."""
        store, found = self._desk.store, dict[str, list[str]]()
        uids = store.outbox.deleting(Entity.ITEM)
        for row in store.cache.by_uids(Entity.ITEM, uids).values() if len(uids) <= AT_ONCE else ():
            product, delete = cast(InventoryItem, row.data).product, self.deletion(Entity.ITEM, row.uid)
            if product and delete:
                found.setdefault(product.uid, []).append(TEMPORARY + delete.uuid)
        return found


def _product_of(row: CachedRow) -> str:
    item = row.data
    return item.product.uid if isinstance(item, InventoryItem) and item.product else ""


def _chunks(uids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (uids[at : at + AT_ONCE] for at in range(0, len(uids), AT_ONCE))


def _record(row: CachedRow, own: Sequence[Operation]) -> bytes:
    return msgspec.json.encode(as_shown(row.raw, own)) if own else row.raw


def _seen(row: CachedRow, entity: Entity, own: Sequence[Operation]) -> dict[str, Any]:
    """Return what the server's record held when it was deleted here, but for what our own edits change."""
    ours = {edit.field for one in own for edit in one.edits}
    if any(one.kind is not OpKind.UPDATE for one in own):
        ours |= DERIVED
    record = decoded(row.raw)
    seen = {field: value for field, value in snapshot(entity, record).items() if field not in ours}
    live = basis(entity, as_shown(row.raw, own))
    seen |= {name: live[name] for name in PARTS & live.keys()}
    if PHOTOS in record:  # those on their way are known by their content
        sent = [str(one.payload["blob"]) for one in own if one.kind is OpKind.ADD_PHOTO]
        seen[PHOTOS] = [*names_of_photos(record), *sent]
    return seen


def _only_here(own: Sequence[Operation]) -> bool:
    """Tell whether a record was made here and certainly not sent."""
    return bool(own) and own[0].kind is OpKind.CREATE and own[0].state in NOT_SENT and not own[0].attempts
