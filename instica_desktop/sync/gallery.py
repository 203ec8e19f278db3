"""What is done to photos that are there: taken away, put in order, made the first. Each can be taken back."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from instica_desktop.core.acts import Act, ActKind
from instica_desktop.core.errors import InputError
from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import TEMPORARY, OpKind
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.held import held, keep

GONE = "This photo is not there any more."
Wire = dict[str, Any]


class Gallery:
    """The photos of items. Files are kept by their SHA-256 before what takes them away goes out."""

    def __init__(self, desk: Desk, picture: Callable[[str], Awaitable[bytes | None]]) -> None:
        """`picture` returns what an address shows, from this computer or the network, or None."""
        self._desk, self._picture = desk, picture

    async def keep(self, uid: str, asset: str) -> str:
        """Keep a photo's file, so that it can be added again; its SHA-256, empty when it cannot be had."""
        photo = self._photo(uid, asset)
        return await keep(self._desk.store.blobs, photo.get("sha256"), photo.get("image"), self._picture)

    async def remove(self, uid: str, asset: str, kept: str = "") -> Act:
        """Take a photo away; one that was never sent just goes. `kept`: what `keep` returned.

        Raises:
            InputError: it is not there any more.
        """
        photo = self._photo(uid, asset)
        before: Wire = {
            "photo": payload_of(photo, kept),
            "order": self._order(uid),
            "primary": bool(photo.get("is_primary")),
        }
        part = str(photo["uid"])
        await self._desk.take_back(Entity.ITEM, uid, part, OpKind.REMOVE_PHOTO, {"asset": part})
        photos = (kept,) if kept else ()
        return Act(
            kind=ActKind.PHOTO_REMOVED, entity=Entity.ITEM, uid=uid, part=part, before=before, photos=photos
        )

    async def arrange(self, uid: str, order: Sequence[str]) -> Act | None:
        """Put an item's photos in this order of their uids, and make the first stand for it; None if so."""
        before = self._arrangement(uid)
        order = [self._desk.store.outbox.real(asset) for asset in order]
        await self._desk.order_photos(uid, order)
        present = [asset for asset in order if asset in before["order"]]
        if present:
            await self._desk.primary_photo(uid, present[0])
        after = self._arrangement(uid)
        if after == before:
            return None
        kind = ActKind.PHOTOS_ORDERED
        return Act(kind=kind, entity=Entity.ITEM, uid=uid, before=before, after=after)

    async def added(self, uid: str, blobs: Sequence[str]) -> Act | None:
        """Return the act of having just added photos, known by their content; their files are kept."""
        wanted = set(blobs)
        photos = [photo for photo in self._photos(uid) if photo.get("sha256") in wanted]
        if not photos:
            return None
        made = {TEMPORARY + one.uuid: one.payload for one in self._desk.store.outbox.all()}
        digests = [str(one["sha256"]) for one in photos]
        kept = [sha256 for sha256 in digests if await held(self._desk.store.blobs, sha256)]
        after: Wire = {
            "photos": [{**payload_of(one), **made.get(one["uid"], {}), "uid": one["uid"]} for one in photos]
        }
        kind = ActKind.PHOTOS_ADDED
        return Act(kind=kind, entity=Entity.ITEM, uid=uid, after=after, photos=tuple(kept))

    # ------------------------------------------------------------ inside

    def _photos(self, uid: str) -> list[Wire]:
        return list(self._desk.shown(Entity.ITEM, uid).get("assets") or ())

    def _photo(self, uid: str, asset: str) -> Wire:
        asset = self._desk.store.outbox.real(asset)
        photo = next((one for one in self._photos(uid) if one.get("uid") == asset), None)
        if photo is None:
            raise InputError(GONE)
        return photo

    def _order(self, uid: str) -> list[str]:
        return [str(one["uid"]) for one in self._photos(uid)]

    def _arrangement(self, uid: str) -> Wire:
        return arrangement(self._photos(uid))


def arrangement(photos: Sequence[Wire]) -> Wire:
    """Return how photos stand: their order, and the one that stands for the item."""
    primary = next((str(one["uid"]) for one in photos if one.get("is_primary")), "")
    return {"order": [str(one["uid"]) for one in photos], "primary": primary}


def payload_of(photo: Wire, blob: str = "") -> Wire:
    """Return what a photo is added with, of one that is there."""
    sha256 = blob or str(photo.get("sha256") or "")
    facts = {name: photo.get(name) for name in ("width", "height", "bytes")}
    return {"blob": sha256, "name": "photo.jpg", "kind": photo.get("kind") or "item", **facts}
