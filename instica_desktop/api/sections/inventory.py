"""Inventory items and their photos. Source: api-reference, Inventory; asset paths are assumed."""

from collections.abc import Sequence
from pathlib import Path

from instica_desktop.api.multipart import Multipart, Progress, content_of
from instica_desktop.api.pages import data_of, list_of, nothing
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.api.sections.base import Fields, RecordSection, idempotent
from instica_desktop.core.models import Asset, InventoryItem
from instica_desktop.core.models.common import Entity


class InventorySection(RecordSection[InventoryItem]):
    """`/api/v1/inventory/`."""

    def __init__(self, pipeline: Pipeline) -> None:
        super().__init__(pipeline, Entity.ITEM, InventoryItem)

    async def list_assets(self, uid: str) -> tuple[Asset, ...]:
        """Return an item's photos in their order."""
        return await self._pipeline.send(Call("GET", self._path(uid, "assets")), list_of(Asset))

    async def add_asset(
        self,
        uid: str,
        source: Path | bytes,
        name: str,
        kind: str = "item",
        idempotency_key: str = "",
        progress: Progress | None = None,
    ) -> Asset:
        """Add a photo (`kind` = item, container, label or other). One the item has is returned as it is.

        Raises:
            InputError: when the file cannot be opened or is larger than 20 MB.
            ValidationFailed: on `image`, when it is no picture the server takes.
        """
        form = Multipart("image", name, await content_of(source), {"kind": kind}, progress)
        call = Call("POST", self._path(uid, "assets"), body=form, headers=idempotent(idempotency_key))
        return await self._pipeline.send(call, data_of(Asset))

    async def update_asset(self, uid: str, asset: str, fields: Fields) -> Asset:
        """Change a photo's `kind`, `position` or `is_primary`."""
        call = Call("PATCH", self._path(uid, "assets", asset), body=dict(fields))
        return await self._pipeline.send(call, data_of(Asset))

    async def delete_asset(self, uid: str, asset: str) -> None:
        """Remove a photo.

        Raises:
            NotFound: it is gone already.
        """
        await self._pipeline.send(Call("DELETE", self._path(uid, "assets", asset)), nothing)

    async def reorder_assets(self, uid: str, order: Sequence[str]) -> None:
        """Put the photos in this order of their uids."""
        call = Call("POST", self._path(uid, "assets", "reorder"), body={"order": list(order)})
        await self._pipeline.send(call, nothing)
