"""Photos of an item: found by their SHA-256, so that none is there twice. A broken upload starts anew."""

from collections.abc import Awaitable, Sequence
from pathlib import Path

from instica_desktop.core.errors import InputError, NotFound
from instica_desktop.core.models import Asset
from instica_desktop.core.operations import TEMPORARY, Operation, OpKind, is_temporary
from instica_desktop.sync.attempts import Attempt, Clashed, Verdict
from instica_desktop.sync.delivery.base import Delivery, Way, made_since, writing
from instica_desktop.sync.pictures import PHOTO_DAMAGED

PERHAPS_THERE = "The photo may have arrived already. Look at the item, then send it again or drop it."
MOVED = "The photos were put in another order on the server since. Put them in order anew, or drop this."
CHOSEN = "Another photo was made the first on the server since. Choose anew, or drop this."
NEVER_SENT = "The photo that was chosen was never sent. Choose another one, or drop this."


class PhotoDelivery(Delivery):
    """Add, remove, order, choose."""

    def ways(self) -> dict[OpKind, Way]:
        """Return how each kind is delivered."""
        return {
            OpKind.ADD_PHOTO: self._add,
            OpKind.REMOVE_PHOTO: self._remove,
            OpKind.ORDER_PHOTOS: self._order,
            OpKind.PRIMARY_PHOTO: self._choose,
        }

    async def _add(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        uid, sha256 = operation.uid, str(operation.payload["blob"])
        assets = await self._client.inventory.list_assets(uid)
        same = next((asset for asset in assets if asset.sha256 == sha256), None)
        if same is None and attempt.unsure and any(_may_be(asset, operation) for asset in assets):
            return Clashed(PERHAPS_THERE)
        if same is None:
            path = self._store.blobs.path(sha256)
            if not path.exists():
                raise InputError("The photo is no longer on this computer. Add it again.", field="image")
            if not await self._store.blobs.is_whole(sha256):
                raise InputError(PHOTO_DAMAGED, field="image")
            same = await writing(attempt, self._upload(attempt, path))
        return await self.seen_again(attempt, {TEMPORARY + operation.uuid: same.uid})

    def _upload(self, attempt: Attempt, path: Path) -> Awaitable[Asset]:
        operation, payload = attempt.operation, attempt.operation.payload
        return self._client.inventory.add_asset(
            operation.uid,
            path,
            str(payload.get("name") or "photo.jpg"),
            str(payload.get("kind") or "item"),
            operation.uuid,
            lambda sent, total: self._progress(operation.uuid, sent, total),
        )

    async def _remove(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        try:
            asset = str(operation.payload["asset"])
            await writing(attempt, self._client.inventory.delete_asset(operation.uid, asset, operation.uuid))
        except NotFound:
            pass
        return await self.seen_again(attempt)

    async def _order(self, attempt: Attempt) -> Verdict:
        """Put the photos in order: those removed meanwhile are left out, those added come behind."""
        operation = attempt.operation
        present = [asset.uid for asset in await self._client.inventory.list_assets(operation.uid)]
        was = operation.payload.get("was")
        if was is not None and not attempt.unsure and not _alike(was, present):
            return await self.clashed(attempt, MOVED)
        wanted = [uid for uid in operation.payload["order"] if uid in present]
        wanted += [uid for uid in present if uid not in wanted]
        if wanted != present:
            call = self._client.inventory.reorder_assets(operation.uid, wanted, operation.uuid)
            await writing(attempt, call)
        return await self.seen_again(attempt)

    async def _choose(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        asset = str(operation.payload["asset"])
        if is_temporary(asset):
            raise InputError(NEVER_SENT)
        fields = {"is_primary": True}
        present = await self._client.inventory.list_assets(operation.uid)
        was, first = operation.payload.get("was"), next((one.uid for one in present if one.is_primary), "")
        if was in {one.uid for one in present} and first not in (was, asset):
            return await self.clashed(attempt, CHOSEN)
        try:
            if any(one.uid == asset and not one.is_primary for one in present):
                call = self._client.inventory.update_asset(operation.uid, asset, fields, operation.uuid)
                await writing(attempt, call)
        except NotFound:
            pass  # the photo was removed meanwhile: there is nothing left to choose
        return await self.seen_again(attempt)


def _may_be(asset: Asset, operation: Operation) -> bool:
    """Tell whether a photo of which the server gives no digest can be the one an operation adds."""
    return asset.sha256 is None and made_since(asset.created, operation)


def _alike(was: Sequence[str], present: Sequence[str]) -> bool:
    """Tell whether the photos still there are in the order they were; those that came do not count."""
    return [uid for uid in was if uid in present] == [uid for uid in present if uid in was]
