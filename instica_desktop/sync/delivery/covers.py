"""The picture of a product: compared with the one the user saw, sent once, known again by its bytes.

The API names a picture by its address alone. Where the address is still the one the change was based on, no
earlier try got through; where it is another, the bytes there tell whether it is ours.
"""

import asyncio
import hashlib
from collections.abc import Awaitable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from instica_desktop.core.errors import (
    InputError,
    InsticaError,
    NetworkError,
    ServerTrouble,
    StoreError,
    Throttled,
)
from instica_desktop.core.models import Product
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.operations import TEMPORARY, Operation, OpKind
from instica_desktop.sync.attempts import Attempt, Clashed, Delivered, Verdict
from instica_desktop.sync.delivery.base import CHANGED, Delivery, Way, writing
from instica_desktop.sync.pictures import PHOTO_DAMAGED
from instica_desktop.sync.wirework import name_of_step

if TYPE_CHECKING:
    from instica_desktop.api import Fetched

FIELD = "product_image"
GONE = "The picture is no longer on this computer. Choose it again, or drop this."


class CoverDelivery(Delivery):
    """Set, replace, take away."""

    def ways(self) -> dict[OpKind, Way]:
        """Return how it is delivered."""
        return {OpKind.PRODUCT_IMAGE: self._deliver}

    async def _deliver(self, attempt: Attempt) -> Verdict:
        operation = attempt.operation
        self.reading(attempt)
        record = (await self._client.products.get(operation.uid)).record
        there, blob = record.data.product_image, operation.payload.get("blob")
        if not _based_on(operation, there):
            if await self._is_done(attempt, there):
                return _delivered(operation, record)
            if there and blob is None:
                with suppress(InsticaError):  # it is only looked at; else it is fetched when it is shown
                    await self._fetched(there)
            return Clashed(CHANGED, {FIELD: there}, ((Entity.PRODUCT, record),))
        if blob is None and operation.edits[0].new:
            raise InputError(GONE, field="image")
        key = f"{operation.uuid}:{name_of_step({FIELD: blob}, None, {FIELD: _place(there)})}"
        if blob is None:
            await writing(attempt, self._client.products.delete_image(operation.uid, key))
            return await self._seen(attempt)
        path = self._store.blobs.path(str(blob))
        if not path.exists():
            raise InputError(GONE, field="image")
        if not await self._store.blobs.is_whole(str(blob)):
            raise InputError(PHOTO_DAMAGED, field="image")
        record = (await writing(attempt, self._upload(operation, path, key))).record
        await self._keep(record.data.product_image, path)
        return _delivered(operation, record)

    def _upload(self, operation: Operation, path: Path, key: str) -> "Awaitable[Fetched[Product]]":
        name = str(operation.payload.get("name") or "picture.jpg")

        def tell(sent: int, total: int) -> None:
            self._progress(operation.uuid, sent, total)

        return self._client.products.upload_image(operation.uid, path, name, tell, key)

    async def _seen(self, attempt: Attempt) -> Verdict:
        """Read the product without its picture; failing at that undoes nothing."""
        self.reading(attempt)
        try:
            record = (await self._client.products.get(attempt.operation.uid)).record
        except InsticaError:
            return Delivered(replaced={TEMPORARY + attempt.operation.uuid: ""}, stale=True)
        return _delivered(attempt.operation, record)

    async def _is_done(self, attempt: Attempt, there: str | None) -> bool:
        """Tell whether another picture than the user saw is our own doing, or comes to the same."""
        sha256 = attempt.operation.payload.get("blob")
        if sha256 is None:  # what was to go has gone; by whom is only certain when we never asked before
            return attempt.unsure or there is None
        if not there:
            return False
        try:
            content = await self._fetched(there)
        except (NetworkError, ServerTrouble, Throttled):
            raise
        except InsticaError:
            return False  # it is nowhere we may look, which is no reason to hold up everything else
        return hashlib.sha256(content).hexdigest() == sha256

    async def _fetched(self, address: str) -> bytes:
        """Fetch theirs and keep it: it is shown when the user decides, and comes back when that is undone."""
        content = (await self._client.fetch(address)).content
        with suppress(StoreError):  # it is only quicker
            await self._store.cache.put_image(address.removeprefix(self._client.origin), content)
        return content

    async def _keep(self, address: str | None, path: Path) -> None:
        """Keep the picture under its new address, so that it shows without being fetched."""
        with suppress(StoreError, OSError):  # it is only quicker
            content = await asyncio.to_thread(path.read_bytes)
            if address:
                await self._store.cache.put_image(address.removeprefix(self._client.origin), content)


def _based_on(operation: Operation, there: str | None) -> bool:
    """Tell whether the picture is the one the change was based on, wherever the server is today."""
    base = operation.edits[0].base
    return base == operation.uid or _place(base) == _place(there)


def _place(address: str | None) -> str:
    return urlsplit(address or "").path


def _delivered(operation: Operation, record: Record[Product]) -> Delivered:
    address = record.data.product_image or ""
    return Delivered(((Entity.PRODUCT, record),), replaced={TEMPORARY + operation.uuid: address})
