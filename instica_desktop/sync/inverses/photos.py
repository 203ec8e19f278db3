"""Photos added and removed: what an act added goes, and what it removed is added again where it was."""

from typing import Any

from instica_desktop.core.acts import Act, Turn
from instica_desktop.core.errors import InputError
from instica_desktop.core.operations import OpKind
from instica_desktop.store.coalesce import part_of
from instica_desktop.sync.desk import Desk
from instica_desktop.sync.inverses.again import Again
from instica_desktop.sync.inverses.base import Irreversible
from instica_desktop.sync.uploads import MOST_PHOTOS

Wire = dict[str, Any]
NO_FILES = (
    "The files of {number} of these photos are no longer on this computer, so they cannot be added again."
)
NO_FILE = "The file of this photo is no longer on this computer, so it cannot be added again."
ALL_GONE = "These photos are not there any more, or the server keeps them in another form."
SOME_GONE = "{number} of them had been removed already."
TOO_MANY = f"An item can have up to {MOST_PHOTOS} photos. Remove one, then try again."


class _Photos:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._again = Again(desk)

    def _photos(self, act: Act) -> list[Wire]:
        return list(self._desk.shown(act.entity, act.uid).get("assets") or ())

    def _find(self, act: Act, uid: str, blob: str) -> Wire | None:
        """Return a photo by its uid; one that was made again without our knowing, by its content."""
        photos = self._photos(act)
        by_uid = (one for one in photos if one.get("uid") == self._again.real(uid))
        by_content = (one for one in photos if blob and one.get("sha256") == blob)
        return next(by_uid, None) or next(by_content, None)

    async def _removed(self, act: Act, photo: Wire) -> None:
        part = str(photo["uid"])
        payload = {"asset": part}
        await self._desk.take_back(act.entity, act.uid, part, OpKind.REMOVE_PHOTO, payload)

    def _is_lost(self, act: Act, photo: Wire) -> bool:
        """Tell whether a photo is neither there, nor on its way off, nor on this computer."""
        blob = str(photo.get("blob") or "")
        on_its_way = {part_of(one) for one in self._again.waiting(act, OpKind.REMOVE_PHOTO)}
        if self._find(act, photo["uid"], blob) or self._again.real(photo["uid"]) in on_its_way:
            return False
        return not blob or not self._desk.store.blobs.path(blob).exists()

    async def _added(self, act: Act, uid: str, payload: Wire) -> bool:
        """Add a photo again; True when it was never taken away on the server."""
        kept = await self._again.kept(act, uid, OpKind.REMOVE_PHOTO)
        if kept or self._find(act, uid, str(payload.get("blob") or "")) is not None:
            return True
        if not payload.get("blob") or not self._desk.store.blobs.path(str(payload["blob"])).exists():
            raise Irreversible(NO_FILE)
        if len(self._photos(act)) >= MOST_PHOTOS:
            raise InputError(TOO_MANY, field="image")
        await self._again.made(act, uid, OpKind.ADD_PHOTO, payload)
        return False


class AddedInverse(_Photos):
    """Takes away just the photos an act added, and adds them again."""

    async def undo(self, act: Act) -> Turn:
        """Remove them, the last first, wherever they are by now."""
        gone = 0
        for photo in reversed(act.after["photos"]):
            there = self._find(act, photo["uid"], photo["blob"])
            gone += there is None
            if there is not None:
                await self._removed(act, there)
        if not gone:
            return Turn(act)
        number = len(act.after["photos"])
        return Turn(act, ALL_GONE if gone == number else SOME_GONE.format(number=gone))

    async def redo(self, act: Act) -> Turn:
        """Add them once more, in their order: all of them, or none."""
        lost = sum(self._is_lost(act, photo) for photo in act.after["photos"])
        if lost:
            raise Irreversible(NO_FILE if lost == 1 else NO_FILES.format(number=lost))
        for photo in act.after["photos"]:
            payload = {name: value for name, value in photo.items() if name != "uid"}
            await self._added(act, photo["uid"], payload)
        return Turn(act)


class RemovedInverse(_Photos):
    """Adds a removed photo again, in its place; removes it again."""

    async def undo(self, act: Act) -> Turn:
        """Add it; its place comes back, and that it stood for the item."""
        await self._added(act, act.part, act.before["photo"])
        await self._put_in_place(act)
        return Turn(act)

    async def redo(self, act: Act) -> Turn:
        """Remove it again."""
        there = self._find(act, act.part, act.before["photo"]["blob"])
        if there is None:
            return Turn(act, ALL_GONE)
        await self._removed(act, there)
        return Turn(act)

    async def _put_in_place(self, act: Act) -> None:
        there = self._find(act, act.part, act.before["photo"]["blob"])
        if there is None:
            return
        uid = str(there["uid"])
        wanted = [uid if one == act.part else self._again.real(one) for one in act.before["order"]]
        present = [str(one["uid"]) for one in self._photos(act)]
        others = [one for one in present if one != uid]
        at = next((others.index(one) for one in reversed(wanted[: wanted.index(uid)]) if one in others), -1)
        target = [*others[: at + 1], uid, *others[at + 1 :]]
        await self._desk.order_photos(act.uid, target)
        if act.before["primary"]:
            await self._desk.primary_photo(act.uid, uid)
