"""The steps of Undo that photos of items and pictures of products leave."""

from collections.abc import Callable, Coroutine
from typing import Any, cast

from instica_desktop.core.models import InventoryItem
from instica_desktop.core.models.common import Entity
from instica_desktop.features.context import Context
from instica_desktop.features.undo import AnyStep, Closures
from instica_desktop.sync.covers import Cover
from instica_desktop.sync.desk import title_of
from instica_desktop.sync.intake import Added

GONE = "These photos are not there any more, or the server keeps them in another form."


def photo_step(context: Context, added: Added) -> AnyStep:
    """Return the step of what was dropped, pasted or chosen together."""
    row = context.shop.row(added.entity, added.uid)
    title = title_of(row.data) if row is not None else ""
    if added.before is not None:
        return picture_step(context, added.uid, title, added.before)
    count = len(added.photos)
    words = f"{'photo' if count == 1 else f'{count} photos'} of {title}"
    photos = _Photos(context, added.uid, added.photos)
    return Closures(Entity.ITEM, added.uid, words, photos.back, photos.again)


def picture_step(context: Context, uid: str, title: str, before: Cover) -> AnyStep:
    """Return the step of a change of a product's picture; `before` is what it showed."""
    swap = _Swap(context, uid, before)
    return Closures(Entity.PRODUCT, uid, f"picture of {title}", swap.turn, swap.turn)


class _Photos:
    """Takes photos away that were added, and adds them again. They are known by their content."""

    def __init__(self, context: Context, uid: str, photos: tuple[str, ...]) -> None:
        self._shop, self._say, self._uid = context.shop, context.ui.say, uid
        self._photos = photos
        self._taken_back: list[bytes] = []

    async def back(self) -> None:
        """Remove them, wherever they are by now."""
        row = self._shop.row(Entity.ITEM, self._uid)
        assets = cast(InventoryItem, row.data).assets if row is not None else ()
        found = [asset for asset in assets if asset.sha256 in self._photos]
        contents = [await self._shop.image(asset.image or "") for asset in found]
        self._taken_back = [content for content in contents if content is not None]
        for asset in found:
            await self._shop.remove_photo(self._uid, asset.uid)
        if not found:
            self._say(GONE)

    async def again(self) -> None:
        """Add them once more."""
        await self._shop.add_photos(self._uid, self._taken_back)


class _Swap:
    """Turns to the picture there was before, and back again."""

    def __init__(self, context: Context, uid: str, before: Cover) -> None:
        self._put_back: Callable[[str, Cover], Coroutine[Any, Any, Cover]] = context.shop.covers.put_back
        self._uid = uid
        self._other = before

    async def turn(self) -> None:
        """Show the other picture."""
        self._other = await self._put_back(self._uid, self._other)
