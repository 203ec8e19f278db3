"""Delivers one operation and says how it went. Reads before it writes wherever that can prevent harm.

Creates, parcels and photos of uncertain outcome are looked for by what identifies them (SKU, tracking number,
SHA-256), twice with a pause between, before they are sent again under the same Idempotency-Key.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from instica_desktop.core.errors import Clash, InputError, InsticaError, NotFound
from instica_desktop.core.models import Asset, InventoryItem
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.operations import TEMPORARY, Operation, OpKind
from instica_desktop.core.query import Query
from instica_desktop.core.steps import reached
from instica_desktop.store.store import Store
from instica_desktop.sync.attempts import Attempt, Clashed, Delivered, Verdict
from instica_desktop.sync.conflicts import decide
from instica_desktop.sync.decisions import keep_merged
from instica_desktop.sync.pace import Pace
from instica_desktop.sync.wirework import continued, creating, patches, wire_of

if TYPE_CHECKING:
    from instica_desktop.api import Fetched, InsticaClient
    from instica_desktop.api.sections.base import RecordSection

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""(uuid of the operation, bytes sent, bytes in all)."""

_CLASHES = 3
"""How often an update is compared anew because the record changed between reading and writing."""


class Courier:
    """Knows how each kind of operation reaches the server."""

    def __init__(self, client: "InsticaClient", store: Store, pace: Pace, progress: Progress) -> None:
        self._client = client
        self._store = store
        self._pace = pace
        self._progress = progress
        self._ways: dict[OpKind, Callable[[Attempt], Awaitable[Verdict]]] = {
            OpKind.CREATE: self._create,
            OpKind.UPDATE: self._update,
            OpKind.DELETE: self._delete,
            OpKind.ADD_PHOTO: self._add_photo,
            OpKind.REMOVE_PHOTO: self._remove_photo,
            OpKind.ORDER_PHOTOS: self._order_photos,
            OpKind.PRIMARY_PHOTO: self._primary_photo,
            OpKind.ADD_SHIPMENT: self._add_shipment,
            OpKind.REMOVE_SHIPMENT: self._remove_shipment,
        }

    async def deliver(self, attempt: Attempt) -> Verdict:
        """Deliver one operation.

        Raises:
            InsticaError: it did not arrive, or nobody can tell (`attempt.wrote`).
        """
        return await self._ways[attempt.operation.kind](attempt)

    def section(self, entity: Entity) -> "RecordSection[Any]":
        """Return the part of the client that has this kind of record."""
        sections: dict[Entity, RecordSection[Any]] = {
            Entity.PRODUCT: self._client.products,
            Entity.ITEM: self._client.inventory,
            Entity.ORDER: self._client.orders,
        }
        return sections[entity]

    # ------------------------------------------------------------ records

    async def _update(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        section = self.section(operation.entity)
        for last in (False,) * (_CLASHES - 1) + (True,):
            fetched = await section.get(operation.uid)
            remote = wire_of(fetched.record)
            edits = continued(operation.edits, remote) if attempt.unsure else operation.edits
            decision = decide(edits, remote)
            if decision.theirs:
                return Clashed(CHANGED, decision.theirs, ((operation.entity, fetched.record),))
            operation = await keep_merged(self._store.outbox, operation, decision.merged)
            if not decision.send:
                return Delivered(((operation.entity, fetched.record),))
            try:
                fetched = await self._patch(attempt, section, fetched, decision.send)
            except Clash:
                if last:
                    raise
                continue
            return Delivered(((operation.entity, fetched.record),))
        raise AssertionError("the last round returns or raises")

    async def _patch(
        self, attempt: Attempt, section: "RecordSection[Any]", fetched: "Fetched[Any]", send: dict[str, Any]
    ) -> "Fetched[Any]":
        status = str(wire_of(fetched.record).get("status") or "")
        for step, fields in enumerate(patches(send, status)):
            key = f"{attempt.operation.uuid}:{step}"
            call = section.update(attempt.operation.uid, fields, fetched.etag, key)
            fetched = await _writing(attempt, call)
        return fetched

    async def _create(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        fields: dict[str, Any] = operation.payload.get("fields", {})
        if attempt.unsure:
            if not fields.get("manual_sku"):
                return Clashed(PERHAPS_MADE)
            found = await self._look_twice(lambda: self._with_sku(operation.entity, fields["manual_sku"]))
            if len(found) > 1:
                return Clashed(SEVERAL)
            if found:
                return self._made(attempt, found[0])
        section = self.section(operation.entity)
        fetched = await _writing(attempt, section.create(creating(fields), operation.uuid))
        return self._made(attempt, fetched.record)

    def _made(self, attempt: Attempt, record: Record[Any]) -> Delivered:
        operation = attempt.operation
        temporary = {operation.uid: record.data.uid} if operation.uid.startswith(TEMPORARY) else {}
        return Delivered(((operation.entity, record),), replaced=temporary)

    async def _with_sku(self, entity: Entity, sku: str) -> list[Record[Any]]:
        page = await self.section(entity).page(Query(entity, search=sku))
        return [record for record in page.records if getattr(record.data, "manual_sku", None) == sku]

    async def _delete(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        try:
            section = self.section(operation.entity)
            await _writing(attempt, section.delete(operation.uid, idempotency_key=operation.uuid))
        except NotFound:
            pass  # somebody was faster
        return Delivered(gone=((operation.entity, operation.uid),))

    # ------------------------------------------------------------ photos

    async def _add_photo(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        uid, sha256 = operation.uid, str(operation.payload["blob"])
        assets = await self._client.inventory.list_assets(uid)
        same = next((asset for asset in assets if asset.sha256 == sha256), None)
        if same is None and attempt.unsure and any(_may_be(asset, operation) for asset in assets):
            return Clashed(
                "The photo may have arrived already. Look at the item, then send it again or drop it."
            )
        if same is None:
            path = self._store.blobs.path(sha256)
            if not path.exists():
                raise InputError("The photo is no longer on this computer. Add it again.", field="image")
            same = await _writing(attempt, self._upload(attempt, path))
        return await self._seen_again(attempt, {TEMPORARY + operation.uuid: same.uid})

    def _upload(self, attempt: Attempt, path: Any) -> Awaitable[Any]:
        operation, payload = attempt.operation, attempt.operation.payload
        return self._client.inventory.add_asset(
            operation.uid,
            path,
            str(payload.get("name") or "photo.jpg"),
            str(payload.get("kind") or "item"),
            operation.uuid,
            lambda sent, total: self._progress(operation.uuid, sent, total),
        )

    async def _remove_photo(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        try:
            asset = str(operation.payload["asset"])
            await _writing(attempt, self._client.inventory.delete_asset(operation.uid, asset, operation.uuid))
        except NotFound:
            pass
        return await self._seen_again(attempt)

    async def _order_photos(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        present = [asset.uid for asset in await self._client.inventory.list_assets(operation.uid)]
        wanted = [uid for uid in operation.payload["order"] if uid in present]
        wanted += [uid for uid in present if uid not in wanted]
        if wanted != present:
            call = self._client.inventory.reorder_assets(operation.uid, wanted, operation.uuid)
            await _writing(attempt, call)
        return await self._seen_again(attempt)

    async def _primary_photo(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        asset = str(operation.payload["asset"])
        fields = {"is_primary": True}
        try:
            call = self._client.inventory.update_asset(operation.uid, asset, fields, operation.uuid)
            await _writing(attempt, call)
        except NotFound:
            pass  # the photo was removed meanwhile: there is nothing left to choose
        return await self._seen_again(attempt)

    # ------------------------------------------------------------ parcels

    async def _add_shipment(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        fields = dict(operation.payload)
        number = str(fields.get("tracking_number") or "").strip()

        async def same() -> list[Any]:
            parcels = await self._client.orders.list_shipments(operation.uid)
            if not number:
                return [one for one in parcels if one.carrier == fields.get("carrier")]
            return [one for one in parcels if (one.tracking_number or "").strip() == number]

        found = await self._look_twice(same) if attempt.unsure else (await same() if number else [])
        if found and not number:
            return Clashed(
                "The parcel may have been noted already. Look at the order, then send it again or drop it."
            )
        parcel = found[0] if found else None
        if parcel is None:
            call = self._client.orders.add_shipment(operation.uid, fields, operation.uuid)
            parcel = await _writing(attempt, call)
        return await self._seen_again(attempt, {TEMPORARY + operation.uuid: parcel.uid})

    async def _remove_shipment(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        try:
            shipment = str(operation.payload["shipment"])
            call = self._client.orders.delete_shipment(operation.uid, shipment, operation.uuid)
            await _writing(attempt, call)
        except NotFound:
            pass
        return await self._seen_again(attempt)

    # ------------------------------------------------------------ reading back

    async def _look_twice(self, look: Callable[[], Awaitable[list[T]]]) -> list[T]:
        """Look for something that may have been made; a server may be slow to show it."""
        found = await look()
        if not found:
            await asyncio.sleep(self._pace.readback_gap)
            found = await look()
        return found

    async def _seen_again(self, attempt: Attempt, replaced: dict[str, str] | None = None) -> Delivered:
        """Read the changed record, and the item of an order. Failing at that undoes no delivery."""
        operation = attempt.operation
        try:
            record = (await self.section(operation.entity).get(operation.uid)).record
        except NotFound:
            if attempt.wrote:
                return Delivered(replaced=replaced or {}, stale=True)
            raise
        except InsticaError:
            return Delivered(replaced=replaced or {}, stale=True)
        records = [(operation.entity, record), *await self._sold_item(record)]
        return Delivered(tuple(records), replaced=replaced or {})

    async def _sold_item(self, record: Record[Any]) -> list[tuple[Entity, Record[InventoryItem]]]:
        listing = getattr(record.data, "inventory_item_listing", None)
        item = listing.inventory_item if listing else None
        if item is None or not item.uid:
            return []
        try:
            return [(Entity.ITEM, (await self._client.inventory.get(item.uid)).record)]
        except InsticaError:
            return []


async def _writing(attempt: Attempt, call: Awaitable[T]) -> T:
    """Await a write; from here on, only a definite answer tells whether it was done."""
    attempt.wrote = True
    reached("about to write")
    return await call


CHANGED = "This was changed on the server as well. Choose which value to keep."


def _may_be(asset: Asset, operation: Operation) -> bool:
    """Tell whether a photo of which the server gives no digest can be the one an operation adds."""
    return asset.sha256 is None and (
        asset.created is None or asset.created > operation.created - CLOCKS_DIFFER
    )


CLOCKS_DIFFER = timedelta(minutes=10)
SEVERAL = "There are several items with this SKU on the server. Keep one of them."
PERHAPS_MADE = "This may have been made already. Look for it on the server, then send it again or drop it."
