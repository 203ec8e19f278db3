"""Bringing back what was deleted: an unsent deletion is dropped; a record that is gone is made again.

Made again, a record goes by another uid, and its marketplace offers and the links of orders stay away.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from instica_desktop.core.acts import Act
from instica_desktop.core.errors import InputError, StoreError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, Operation, OpKind, OpState
from instica_desktop.core.steps import reached
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync import keepsakes
from instica_desktop.sync.covers import FIELD as COVER
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.inverses.base import Irreversible
from instica_desktop.sync.keepsakes import Keepsake
from instica_desktop.sync.recreate import (
    Kept,
    Photo,
    at_hand,
    chosen_again,
    creatable,
    made_again,
    photo_again,
)
from instica_desktop.sync.removal import Removal
from instica_desktop.sync.wirework import decoded, own_sku

UNSURE = (
    "Nobody knows yet whether this deletion reached the server. Once that is known, it can be taken back: "
    "try again in a moment."
)
NOT_KEPT = "It is deleted on the server, and what was kept of it is not on this computer any more."


_TRIES = 4
"""How often it is looked again whether a deletion that was just being sent has arrived."""


class _Plan(msgspec.Struct):
    """What brings records back, in one transaction, and what of them stays away."""

    uids: list[str] = []
    moved: dict[str, str] = {}
    drop: list[str] = []
    add: list[Operation] = []
    files: list[str] = []
    made: int = 0
    photos_lost: int = 0
    cover_lost: int = 0
    offers_lost: int = 0
    new_skus: int = 0

    @property
    def words(self) -> str:
        """What is not as it was, in sentences."""
        said = [
            "It was made again, under a new number." if self.made == 1 else "",
            f"{self.made:,} were made again, under new numbers." if self.made > 1 else "",
            _number(self.photos_lost, "photo") + " could not be brought back." if self.photos_lost else "",
            "Its picture could not be brought back." if self.cover_lost == 1 else "",
            "Their pictures could not be brought back." if self.cover_lost > 1 else "",
            _number(self.offers_lost, "offer") + " did not come back." if self.offers_lost else "",
            "A SKU was given where there was none." if self.new_skus else "",
        ]
        return " ".join(part for part in said if part)


class Bringing:
    """Takes deletions back."""

    def __init__(
        self,
        desk: Desk,
        removal: Removal,
        kept: Kept,
        finished: Callable[[Entity, str], Awaitable[None]],
        shown_again: Callable[[Entity], None],
    ) -> None:
        """`kept` returns a picture that is here, `finished` waits for what is being sent of a record.

        `shown_again` is called when records come back into the lists.
        """
        self._desk = desk
        self._removal = removal
        self._kept = kept
        self._finished = finished
        self._shown_again = shown_again

    async def back(self, act: Act) -> str:
        """Bring the records of a deletion back. Returns what is not as it was, in sentences.

        Raises:
            Irreversible: it was sent, and what was kept is lost.
            InputError: nobody knows yet whether it was sent.
        """
        for _ in range(_TRIES):
            await self._sent(act)
            async with self._desk.lock:
                if self._under_way(act):
                    continue
                plan = await self._planned(act)
                try:
                    settlement = Settlement(moved=plan.moved, drop=tuple(plan.drop), add=tuple(plan.add))
                    await self._desk.store.outbox.settle(settlement)
                except KeyError:
                    continue  # one was sent just now: see what came of it
                finally:
                    await keepsakes.release(self._desk.store, plan.files)
                reached("brought back")
                self._removal.holds.release(act.photos[0])
                await self._desk.show_all(act.entity, [*act.uids, *plan.moved.values()])
            self._shown_again(act.entity)
            return plan.words
        raise InputError(UNSURE)

    def _under_way(self, act: Act) -> bool:
        states = {one.state for uid in act.uids if (one := self._removal.deletion(act.entity, uid))}
        return bool(states & {OpState.UNKNOWN, OpState.SENDING})

    async def _sent(self, act: Act) -> None:
        for uid in act.uids:
            delete = self._removal.deletion(act.entity, uid)
            if delete is not None and delete.state is OpState.SENDING:
                await self._finished(act.entity, delete.uid)

    # ------------------------------------------------------------ what has to be done

    async def _planned(self, act: Act) -> _Plan:
        store, plan = self._desk.store, _Plan()
        real = {uid: store.outbox.real(uid) for uid in act.uids}
        here = store.cache.by_uids(act.entity, list(real.values()))
        gone: list[str] = []
        for uid in act.uids:
            if delete := self._removal.deletion(act.entity, uid):
                plan.drop.append(delete.uuid)
            elif real[uid] not in here:
                gone.append(uid)
        try:
            kept = await self._keepsakes(act, gone)
            for uid in gone:
                await self._bring(plan, act.entity, kept[uid])
        except BaseException:
            await keepsakes.release(store, plan.files)
            raise
        return plan

    async def _keepsakes(self, act: Act, uids: Sequence[str]) -> dict[str, Keepsake]:
        """Return what is kept of records: as they were deleted, or as they stood when it was decided so."""
        if not uids:
            return {}
        since: Mapping[str, str] = act.before.get("since", {})
        try:
            found = await keepsakes.kept(self._desk.store, str(act.before["kept"]))
            for uid, file in since.items():
                later = (await keepsakes.kept(self._desk.store, file)).values()
                found |= {one: kept for one in uids for kept in later if self._same(one, uid)}
        except StoreError as error:
            raise Irreversible(NOT_KEPT, details=error.details) from error
        return found

    def _same(self, one: str, other: str) -> bool:
        real = self._desk.store.outbox.real
        return real(one) == real(other)

    async def _bring(self, plan: _Plan, entity: Entity, kept: Keepsake) -> None:
        if kept.waiting:  # it was never sent: it waits again, as it did
            plan.add += [self._as_named_now(operation) for operation in kept.waiting]
            return
        record = decoded(bytes(kept.record))
        fields = self._named_now(creatable(entity, record))
        create = made_again(entity, _title(entity, record), fields, self._desk.now())
        plan.moved[self._desk.store.outbox.real(kept.uid)] = create.uid
        plan.add.append(create)
        plan.made += 1
        plan.new_skus += entity is Entity.ITEM and fields.get("manual_sku") in (None, own_sku(create.uuid))
        plan.offers_lost += sum(one.get("status") == "listed" for one in record.get("listings") or ())
        if entity is Entity.PRODUCT:
            await self._bring_cover(plan, create, str(record.get(COVER) or ""))
        await self._bring_photos(plan, create, record)

    async def _bring_photos(self, plan: _Plan, create: Operation, record: Mapping[str, Any]) -> None:
        for at, asset in enumerate(record.get("assets") or ()):
            photo = await at_hand(self._content, await self._named(asset))
            if photo is None:
                plan.photos_lost += 1
                continue
            plan.files.append(await self._desk.store.blobs.put(photo.content))
            operation = photo_again(photo, create)
            plan.add.append(operation)
            if asset.get("is_primary") and at:
                plan.add.append(chosen_again(operation))

    async def _bring_cover(self, plan: _Plan, create: Operation, address: str) -> None:
        content = await self._kept(address) if address else None
        plan.cover_lost += bool(address) and content is None
        if content is None:
            return
        name = await self._desk.store.blobs.put(content)
        plan.files.append(name)
        payload = {"blob": name, "name": "picture.jpg", "bytes": len(content)}
        edits = (Edit(COVER, create.uid, f"blob:{name}"),)
        plan.add.append(photo_again(Photo(payload, content), create, kind=OpKind.PRODUCT_IMAGE, edits=edits))

    async def _named(self, asset: dict[str, Any]) -> dict[str, Any]:
        """Return a photo with the name of its content, which the server has none for before it drew it."""
        if asset.get("sha256"):
            return asset
        content = await self._kept(str(asset.get("image") or ""))
        return asset if content is None else {**asset, "sha256": hashlib.sha256(content).hexdigest()}

    async def _content(self, address: str, name: str) -> bytes | None:
        return await self._kept(f"blob:{name}") or await self._kept(address)

    # ------------------------------------------------------------ what it is called now

    def _named_now(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return fields with their product as it is called now: it may have been made again, too."""
        product: dict[str, Any] | str | None = fields.get("product")
        if not isinstance(product, dict):
            return fields
        uid = self._desk.store.outbox.real(str(product["uid"]))
        return {**fields, "product": {**product, "uid": uid}}

    def _as_named_now(self, operation: Operation) -> Operation:
        fields: dict[str, Any] | None = operation.payload.get("fields")
        if fields is None:
            return operation
        payload = {**operation.payload, "fields": self._named_now(fields)}
        return msgspec.structs.replace(operation, payload=payload)


def _title(entity: Entity, record: Mapping[str, Any]) -> str:
    product: Mapping[str, Any] = (record.get("product") if entity is Entity.ITEM else record) or {}
    return str(product.get("title") or record.get("title") or "")


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' if count > 1 else ''}"
