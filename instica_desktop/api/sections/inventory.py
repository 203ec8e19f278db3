"""Inventory items, their photos, and what is done to many. Source: api-reference, Inventory.

All but the list, the details and the making of an item is assumed.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path

from instica_desktop.api.answers import Offer
from instica_desktop.api.jobs import JobHandle
from instica_desktop.api.multipart import FileUpload, Multipart, Progress, content_of
from instica_desktop.api.pages import Page, data_of, list_of, nothing, page_of
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.api.places import segment
from instica_desktop.api.sections.base import PAGE_SIZE, Fields, RecordSection, idempotent
from instica_desktop.api.wishes import NO_WISHES, ImportWishes
from instica_desktop.core.models import Asset, InventoryItem, Listing
from instica_desktop.core.models.analytics import InventoryAnalytics
from instica_desktop.core.models.bulk import BulkResult
from instica_desktop.core.models.common import Entity
from instica_desktop.core.models.jobs import ImportRow, Job
from instica_desktop.core.query import Query


class InventorySection(RecordSection[InventoryItem]):
    """`/api/v1/inventory/`."""

    def __init__(self, pipeline: Pipeline) -> None:
        super().__init__(pipeline, Entity.ITEM, InventoryItem)

    async def list_assets(self, uid: str) -> tuple[Asset, ...]:
        """Return an item's photos in their order."""
        return await self._part("GET", self._path(uid, "assets"), list_of(Asset))

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
        place = self._path(uid, "assets")
        return await self._part("POST", place, data_of(Asset), body=form, idempotency_key=idempotency_key)

    async def update_asset(self, uid: str, asset: str, fields: Fields, idempotency_key: str = "") -> Asset:
        """Change a photo's `kind`, `position` or `is_primary`."""
        place, body = self._path(uid, "assets", asset), dict(fields)
        return await self._part("PATCH", place, data_of(Asset), body=body, idempotency_key=idempotency_key)

    async def delete_asset(self, uid: str, asset: str, idempotency_key: str = "") -> None:
        """Remove a photo.

        Raises:
            NotFound: it is gone already.
        """
        place = self._path(uid, "assets", asset)
        await self._part("DELETE", place, nothing, idempotency_key=idempotency_key)

    async def reorder_assets(self, uid: str, order: Sequence[str], idempotency_key: str = "") -> None:
        """Put the photos in this order of their uids."""
        place, body = self._path(uid, "assets/reorder"), {"order": list(order)}
        await self._part("POST", place, nothing, body=body, idempotency_key=idempotency_key)

    async def list_listings(self, uid: str) -> tuple[Listing, ...]:
        """Return an item's offers on marketplaces."""
        return await self._part("GET", self._path(uid, "listings"), list_of(Listing))

    async def add_listing(self, uid: str, fields: Fields, idempotency_key: str = "") -> Listing:
        """Put an item on offer: `platform`, and `price_usd` and `title` where they differ from the item's.

        What the marketplace itself refuses comes back as a listing that is `failed`, with its `error`.

        Raises:
            ValidationFailed: on `platform` (not connected, on offer there already), `status` or `price_usd`.
            PlanLapsed: the plan covers no more listings.
        """
        place, body = self._path(uid, "listings"), dict(fields)
        return await self._part("POST", place, data_of(Listing), body=body, idempotency_key=idempotency_key)

    async def update_listing(
        self, uid: str, listing: str, fields: Fields, idempotency_key: str = ""
    ) -> Listing:
        """Change an offer's `price_usd` or `title`.

        Raises:
            Clash: it has been sold.
        """
        place, body = self._path(uid, "listings", listing), dict(fields)
        return await self._part("PATCH", place, data_of(Listing), body=body, idempotency_key=idempotency_key)

    async def delist(self, uid: str, listing: str, idempotency_key: str = "") -> Listing:
        """Take an offer off. It comes back `failed` when the marketplace did not end it; ask again to retry.

        Raises:
            Clash: it has been sold.
        """
        place = self._path(uid, "listings", listing, "delist")
        return await self._part("POST", place, data_of(Listing), idempotency_key=idempotency_key)

    async def bulk(
        self,
        action: str,
        uids: Sequence[str],
        changes: Fields | None = None,
        *,
        dry_run: bool = False,
        idempotency_key: str = "",
    ) -> tuple[BulkResult, ...]:
        """Do one act to at most 500 items, all or nothing for each; `dry_run` only says what would happen.

        `action` is update, set_status, adjust_price, list, delist or delete. A result for each item.

        Raises:
            PlanLapsed: the plan does not include this.
            ValidationFailed: on `changes`, when they could not be made to any item.
        """
        body = {"action": action, "uids": list(uids), "changes": dict(changes or {}), "dry_run": dry_run}
        headers = idempotent(idempotency_key)
        call = Call("POST", f"{self._root}bulk/", body=body, headers=headers, offer=Offer.EXTRA)
        return await self._pipeline.send(call, list_of(BulkResult))

    async def analytics(self) -> InventoryAnalytics:
        """Return counts and sums by status, age, month and platform."""
        call = Call("GET", f"{self._root}analytics/", offer=Offer.EXTRA)
        return await self._pipeline.send(call, data_of(InventoryAnalytics))

    def export(self, query: Query) -> AsyncGenerator[bytes, None]:
        """Yield the CSV of a query's items as it comes, never all of it at once.

        Whoever may stop before its end reads it in `contextlib.aclosing`, which frees the connection.

        Raises:
            ReplyLost: it broke off; what came is not the whole.
        """
        call = Call("GET", f"{self._root}export/", query.params(), offer=Offer.EXTRA)
        return self._pipeline.stream(call, "text/csv")

    async def import_csv(
        self,
        path: Path,
        mapping: Mapping[str, str] | None = None,
        *,
        mode: str = "create",
        dry_run: bool = False,
        wishes: ImportWishes = NO_WISHES,
        idempotency_key: str = "",
        progress: Progress | None = None,
    ) -> JobHandle:
        """Send a CSV file to be imported; returns the job that does it.

        `mapping` is {field: name of the column}, guessed by the server when there is none; `mode` is create,
        update or upsert. `progress` is told how much of the file is sent. What the file does not decide and
        `wishes` do not either ends the job as `failed`, with the readings among its errors.

        Raises:
            InputError: when the file cannot be opened.
            ValidationFailed: on `file` or `mapping`, when it cannot be imported.
            PlanLapsed: the plan does not include this.
        """
        fields = {"mode": mode, "dry_run": "true" if dry_run else "false", **wishes.fields()}
        if mapping:
            fields["mapping"] = json.dumps(dict(mapping))
        form = await asyncio.to_thread(FileUpload, "file", path, "text/csv", fields, progress)
        headers = idempotent(idempotency_key)
        call = Call("POST", f"{self._root}import/", body=form, headers=headers, offer=Offer.EXTRA)
        job = await self._pipeline.send(call, data_of(Job))
        return JobHandle(self._pipeline, self._job(job.uid), job)

    async def import_job(self, uid: str) -> JobHandle:
        """Return an import that was begun before.

        Raises:
            NotFound: the server does not have it.
        """
        handle = JobHandle(self._pipeline, self._job(uid), Job(uid=uid))
        await handle.refresh()
        return handle

    async def import_rows(
        self, uid: str, result: str = "", page: int = 1, page_size: int = PAGE_SIZE
    ) -> Page[ImportRow]:
        """Return what became of an import's rows, in the order of the file, a page at a time.

        `result` narrows them to new, changed, same, error or excluded ones.

        Raises:
            NotFound: the server does not have the import, or the page is past the last one.
        """
        params = [("page", str(page)), ("page_size", str(page_size))]
        if result:
            params.append(("result", result))
        call = Call("GET", f"{self._job(uid)}rows/", params)
        return await self._pipeline.send(call, page_of(ImportRow))

    def _job(self, uid: str) -> str:
        return f"{self._root}import/{segment(uid)}/"
