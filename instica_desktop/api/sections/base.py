"""What the sections with records of their own share: page, get, create, update, delete, all."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Generic, TypeVar

from instica_desktop.api.answers import Offer
from instica_desktop.api.pages import Fetched, Page, Read, nothing, page_of, record_of
from instica_desktop.api.pipeline import Call, Pipeline
from instica_desktop.api.places import Place
from instica_desktop.core.circles import Circles
from instica_desktop.core.errors import NotFound
from instica_desktop.core.models.common import Entity, Record
from instica_desktop.core.query import Query

T = TypeVar("T")
Part = TypeVar("Part")
Fields = Mapping[str, Any]
"""Wire field names and values; decimals and times may be Python's own."""

PAGE_SIZE = 100
"""The largest page the API gives."""


class RecordSection(Generic[T]):
    """The records of one entity. Writes are never repeated when their outcome is unknown."""

    def __init__(self, pipeline: Pipeline, entity: Entity, kind: type[T]) -> None:
        self._pipeline = pipeline
        self._root = f"/api/v1/{entity.value}/"
        self._kind = kind
        self._entity = entity

    async def page(
        self, query: Query, page: int = 1, page_size: int = PAGE_SIZE, *, updated_after: str = ""
    ) -> Page[T]:
        """Return one page of a query, counted from 1. `updated_after` is an ISO 8601 time.

        Raises:
            NotFound: past the last page.
        """
        params = [*query.params(), ("page", str(page)), ("page_size", str(page_size))]
        if updated_after:
            params.append(("updated_after", updated_after))
        call = Call("GET", self._root, params, offer=Offer.ROOT if page == 1 else Offer.PAGE)
        return await self._pipeline.send(call, page_of(self._kind))

    async def all(self, query: Query, *, updated_after: str = "") -> AsyncIterator[Record[T]]:
        """Yield every record of a query once, page by page, even if records move between pages meanwhile.

        Raises:
            Unreadable: the list goes round in circles.
        """
        seen: set[str] = set()
        circles, number = Circles(), 1
        while True:
            try:
                page = await self.page(query, number, updated_after=updated_after)
            except NotFound:
                return  # the list grew shorter while we read it
            before = len(seen)
            for record in page.records:
                uid = str(getattr(record.data, "uid", ""))
                if uid not in seen:
                    seen.add(uid)
                    yield record
            if not page.has_more:
                return
            circles.note(len(seen) - before, unread=page.skipped, count=page.count)
            number += 1

    async def get(self, uid: str) -> Fetched[T]:
        """Return one record as it stands on the server.

        Raises:
            NotFound: the server itself says that it is gone.
        """
        call = Call("GET", self._path(uid), offer=Offer.RECORD)
        return await self._pipeline.send(call, record_of(self._kind))

    async def create(self, fields: Fields, idempotency_key: str = "") -> Fetched[T]:
        """Make a record. The same key with the same fields makes it once, where the server honours keys."""
        call = Call(
            "POST", self._root, body=dict(fields), headers=idempotent(idempotency_key), offer=Offer.ROOT
        )
        return await self._pipeline.send(call, record_of(self._kind))

    async def update(
        self, uid: str, fields: Fields, etag: str | None = None, idempotency_key: str = ""
    ) -> Fetched[T]:
        """Change these fields only. `idempotency_key` names the change in the server's own books.

        Raises:
            Clash: the record is no longer the one of `etag`.
            ValidationFailed: with messages by field.
        """
        call = Call(
            "PATCH",
            self._path(uid),
            body=dict(fields),
            headers=if_match(etag) | idempotent(idempotency_key),
            offer=Offer.PART,
        )
        return await self._pipeline.send(call, record_of(self._kind))

    async def delete(self, uid: str, etag: str | None = None, idempotency_key: str = "") -> None:
        """Delete a record.

        Raises:
            NotFound: it is gone already.
            Clash: it is no longer the one of `etag`, or others depend on it.
        """
        headers = if_match(etag) | idempotent(idempotency_key)
        await self._pipeline.send(Call("DELETE", self._path(uid), headers=headers, offer=Offer.PART), nothing)

    def _path(self, uid: str, *more: str) -> Place:
        """Return where a record is, or what is below it: words and names take turns."""
        return Place.below(self._root, uid, *more)

    async def _part(
        self, method: str, place: Place, read: Read[Part], *, body: Any = None, idempotency_key: str = ""
    ) -> Part:
        """Read or change what belongs to a record."""
        call = Call(method, place, body=body, headers=idempotent(idempotency_key), offer=Offer.PART)
        return await self._pipeline.send(call, read)


def idempotent(key: str) -> dict[str, str]:
    """Return the header that lets a server recognise a POST it has seen."""
    return {"Idempotency-Key": key} if key else {}


def if_match(etag: str | None) -> dict[str, str]:
    """Return the header that binds a write to a version."""
    return {"If-Match": etag} if etag else {}
