"""Does on an open shop what the settings say of its copy: whether there is one, and which photos it keeps."""

import asyncio
import logging

from instica_desktop.core.errors import StoreError
from instica_desktop.store.images import MB
from instica_desktop.store.store import Store
from instica_desktop.sync import Shop
from instica_desktop.system.prefs import Prefs

log = logging.getLogger(__name__)

SETTINGS = ("mirror", "keep_photos", "photo_room_mb")


class Copying:
    """Follows the settings from `start` to `close`."""

    def __init__(self, shop: Shop, store: Store, prefs: Prefs) -> None:
        """Made before anything is fetched: a large limit must hold from the first picture on."""
        self._shop = shop
        self._store = store
        self._prefs = prefs
        self._fitting: set[asyncio.Task[None]] = set()
        self._set_limit()

    def start(self) -> None:
        """Begin to copy, if that is wanted, and to follow the settings."""
        self._prefs.observers.append(self._changed)
        self._set_limit()
        if self._prefs["mirror"]:
            self._shop.mirror.keep_photos(self._every)
            self._shop.mirror.start()

    async def close(self) -> None:
        """Follow no more."""
        if self._changed in self._prefs.observers:
            self._prefs.observers.remove(self._changed)
        await asyncio.gather(*self._fitting)

    def _set_limit(self) -> None:
        self._store.images.limit, self._store.images.keep_all = self._limit, self._every

    @property
    def _limit(self) -> int:
        return int(self._prefs["photo_room_mb"]) * MB

    @property
    def _every(self) -> bool:
        return bool(self._prefs["mirror"] and self._prefs["keep_photos"])

    def _changed(self, key: str) -> None:
        if key not in SETTINGS:
            return
        mirror = self._shop.mirror
        if key == "mirror":
            if self._prefs["mirror"]:
                mirror.resume()
            else:
                mirror.stop()
        task = asyncio.get_running_loop().create_task(self._fit(), name="room for photos")
        self._fitting.add(task)
        task.add_done_callback(self._fitting.discard)

    async def _fit(self) -> None:
        """Drop the photos there is no room for any more, or fetch those there is room for now."""
        try:
            await self._shop.care.keep_pictures_within(self._limit, keep_all=self._every)
        except StoreError as error:
            log.info("Photos could not be dropped: %s %s", error.message, error.details)
        self._shop.mirror.keep_photos(self._every)
