"""Pictures for the screen: from a photo that waits to be sent, from the cache, or from the network."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from instica_desktop.core.errors import AddressError, InsticaError, NotFound, NotOffered, StoreError
from instica_desktop.store.store import Store
from instica_desktop.sync.connection import Link

if TYPE_CHECKING:
    from instica_desktop.api import InsticaClient

_BLOB = "blob:"


class Images:
    """Fetches each picture once, however often it is asked for, and the one asked for last first."""

    def __init__(self, client: "InsticaClient", store: Store, link: Link, at_once: int) -> None:
        self._client = client
        self._store = store
        self._link = link
        self._free = at_once
        self._waiting: list[asyncio.Future[None]] = []
        self._fetching: dict[str, asyncio.Task[bytes | None]] = {}
        self._missing: set[str] = set()

    async def get(self, url: str) -> bytes | None:
        """Return a picture's bytes, or None when it cannot be had now."""
        if url.startswith(_BLOB):
            return await asyncio.to_thread(_read, self._store, url.removeprefix(_BLOB))
        if not url or url in self._missing:
            return None
        task = self._fetching.get(url)
        if task is None:
            task = self._fetching[url] = asyncio.create_task(self._have(url), name="picture")
            task.add_done_callback(lambda done: self._fetching.pop(url, None))
        return await asyncio.shield(task)

    async def kept(self, url: str) -> bytes | None:
        """Return a picture's bytes if they are on this computer; the network is not asked."""
        if url.startswith(_BLOB):
            return await self.get(url)
        return await self._store.cache.get_image(self._key(url)) if url else None

    async def missing(self, urls: Sequence[str]) -> list[str]:
        """Return those pictures that are not on this computer, and not known not to be anywhere."""
        asked = {self._key(url): url for url in urls if url not in self._missing}
        return [asked[key] for key in await self._store.cache.missing_images(list(asked))]

    async def close(self) -> None:
        """Break off what is being fetched."""
        tasks = list(self._fetching.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _have(self, url: str) -> bytes | None:
        kept = await self.kept(url)
        if kept is not None or not self._link.state.can_read:
            return kept
        await self._turn()
        try:
            return await self._fetch(url)
        finally:
            self._next()

    async def _fetch(self, url: str) -> bytes | None:
        try:
            content = (await self._client.fetch(url)).content
        except (NotFound, NotOffered, AddressError):
            self._missing.add(url)  # asking again in this session gives the same answer
            return None
        except InsticaError:
            return None
        try:
            await self._store.cache.put_image(self._key(url), content)
        except StoreError:
            pass  # a full disk keeps no pictures, but shows them
        return content

    def _key(self, url: str) -> str:
        """Return what a picture is kept under: the server's own by path, wherever the server is today."""
        return url.removeprefix(self._client.origin)

    async def _turn(self) -> None:
        if self._free:
            self._free -= 1
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine in self._waiting:
                self._waiting.remove(mine)
            elif not mine.cancelled():
                self._next()
            raise

    def _next(self) -> None:
        while self._waiting:
            mine = self._waiting.pop()
            if not mine.done():
                mine.set_result(None)
                return
        self._free += 1


def _read(store: Store, sha256: str) -> bytes | None:
    try:
        path: Path = store.blobs.path(sha256)
        return path.read_bytes()
    except (OSError, ValueError):
        return None
