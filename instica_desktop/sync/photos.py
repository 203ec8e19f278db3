"""Photos of an item: made fit, kept durably, shown at once, sent like every edit."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from instica_desktop.core.errors import InputError
from instica_desktop.core.intake import Taken, TakenState
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import OpKind
from instica_desktop.core.steps import reached
from instica_desktop.store.settlement import Settlement
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.uploads import MOST_PHOTOS, PhotoResult, Prepared, name_of, prepare

Progress = Callable[[int, int], None]
"""(done, of)."""
FULL = f"An item can have up to {MOST_PHOTOS} photos. Remove some to add more."


class Photos:
    """Adds photos to items; `taken` in a call is what was written down of the photo before."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._workers = ThreadPoolExecutor(2, thread_name_prefix="photo")

    def close(self) -> None:
        """Let the worker threads go once they have finished."""
        self._workers.shutdown(wait=False, cancel_futures=True)

    async def prepare(self, source: Path | bytes, name: str = "") -> Prepared:
        """See `uploads.prepare`; it works in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, prepare, source, name)

    async def add(
        self, uid: str, sources: Sequence[Path | bytes], kind: str, progress: Progress | None
    ) -> list[PhotoResult]:
        """See `Shop.add_photos`."""
        found: list[PhotoResult] = []
        for at, source in enumerate(sources):
            try:
                found.append(await self._add(uid, source, kind))
            except InputError as error:
                found.append(PhotoResult(name_of(source), error=error))
            if progress:
                progress(at + 1, len(sources))
        return found

    async def _add(self, uid: str, source: Path | bytes, kind: str) -> PhotoResult:
        ready = await self.prepare(source)
        sha256, duplicate = await self.keep(uid, ready, kind)
        return PhotoResult(ready.name, sha256, duplicate=duplicate)

    async def keep(
        self, uid: str, ready: Prepared, kind: str, taken: Taken | None = None
    ) -> tuple[str, bool]:
        """Keep a photo and what adds it; return its SHA-256, and whether the item had it before.

        The file of one that was `taken` and added is held when it returns: undo may need it.

        Raises:
            InputError: the item takes no more photos, or is not here.
            KeyError: `taken` is wanted no more; nothing was kept.
        """
        sha256 = await self._desk.store.blobs.put(ready.content)
        reached("photo kept")
        added = False
        try:
            async with self._desk.lock:
                added = await self._keep(uid, sha256, ready, kind, taken)
                return sha256, not added
        finally:
            if taken is None or not added:
                await self._desk.store.blobs.release(sha256)

    def check_room(self, uid: str) -> None:
        """Raise InputError unless an item is here and takes one more photo."""
        if len(self._shown(uid)) >= MOST_PHOTOS:
            raise InputError(FULL, field="image")

    async def _keep(self, uid: str, sha256: str, ready: Prepared, kind: str, taken: Taken | None) -> bool:
        desk = self._desk
        uid = desk.store.outbox.real(uid)
        if any(asset.get("sha256") == sha256 for asset in self._shown(uid)):
            return False
        self.check_room(uid)
        payload = {
            "blob": sha256,
            "name": ready.name,
            "kind": kind,
            "width": ready.width,
            "height": ready.height,
            "bytes": len(ready.content),
        }
        made = desk.made(desk.row(Entity.ITEM, uid), Entity.ITEM, OpKind.ADD_PHOTO, payload=payload)
        if taken is None:
            await desk.store.outbox.add(made)
        else:
            made = msgspec.structs.replace(made, uuid=taken.uuid)
            after = msgspec.structs.replace(taken, state=TakenState.KEPT, sha256=sha256)
            await desk.store.outbox.settle(Settlement(add=(made,)), desk.store.intake.settling(after))
            desk.store.intake.settled(after)
        reached("operation kept")
        await desk.show(Entity.ITEM, uid)
        return True

    def _shown(self, uid: str) -> list[dict[str, Any]]:
        return list(self._desk.shown(Entity.ITEM, uid).get("assets") or ())
