"""Pictures for tables and strips: fetched once, decoded small in a worker, kept as pixmaps by size and
density."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPainter, QPixmap

from instica_desktop.core.errors import InsticaError
from instica_desktop.qtkit.lull import Lull
from instica_desktop.qtkit.paint import clip_path
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.theme.colors import color, scheme

log = logging.getLogger(__name__)

Fetch = Callable[[str], Awaitable[bytes | None]]
Place = tuple[str, int, int, float, str]
"""Picture, size, radius, density, scheme (whose hairline is drawn into it)."""

MOST_PIXELS = 50_000_000
WORKERS = 2
KEPT_BYTES = 48 * 1024 * 1024
AT_ONCE = 6
MOST_WANTED = 64
"""More than stand in a window. What was wanted before was leafed past, and is asked for when it is seen."""
RETRY_AFTER_S = 30.0
"""A table repaints often; without a pause each repaint would ask a dead network again."""


def read_square(data: bytes, side: int) -> QImage | None:
    """Decode a picture cut to a square of `side` device px, turned as its EXIF says. None when it is no
    picture.

    The size is read from the header first: more than 50 million pixels are not decoded at all.
    """
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > MOST_PIXELS:
        return None
    reader.setScaledSize(size.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    if image.isNull():
        return None
    left, top = (image.width() - side) // 2, (image.height() - side) // 2
    return image.copy(max(0, left), max(0, top), side, side)


class ImageLoader(QObject):
    """Gives pixmaps at once when they are at hand, and fetches them when not. `loaded` tells which came.

    While page after page is asked for, nothing is fetched: of the last of them, once somebody stays there.
    `fetch` is any coroutine function that returns a picture's bytes, or None when there is none.
    """

    loaded = Signal(str)

    def __init__(self, fetch: Fetch, parent: QObject) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._scope = TaskScope(self)
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="picture")
        self._kept: OrderedDict[Place, QPixmap] = OrderedDict()
        self._bytes = 0
        self._running: set[Place] = set()
        self._wanted: dict[Place, None] = {}
        self._lull = Lull(self._load_wanted, self)
        self._missing: set[str] = set()
        self._failed: dict[str, float] = {}
        self._turn = asyncio.Semaphore(AT_ONCE)

    def pixmap(self, key: str, size: int, dpr: float, radius: int = 0) -> QPixmap | None:
        """Return a square picture of `size` px with rounded corners, or None until `loaded` is emitted."""
        place: Place = (key, size, radius, dpr, scheme())
        found = self._kept.get(place)
        if found is not None:
            self._kept.move_to_end(place)
            return found
        if key and key not in self._missing and place not in self._running and self._may_ask(key):
            self._want(place)
        return None

    def _want(self, place: Place) -> None:
        """Fetch a picture soon, those that were asked for last first."""
        self._wanted.pop(place, None)
        self._wanted[place] = None
        if len(self._wanted) > MOST_WANTED:
            del self._wanted[next(iter(self._wanted))]
        self._lull.moved()

    def _load_wanted(self) -> None:
        wanted, self._wanted = list(self._wanted), {}
        for place in reversed(wanted):
            self._running.add(place)
            self._scope.spawn(self._load(place), f"picture {place[0][:80]}")

    def _may_ask(self, key: str) -> bool:
        return monotonic() - self._failed.get(key, -RETRY_AFTER_S) >= RETRY_AFTER_S

    def retry_failed(self) -> None:
        """Ask again for what could not be had, once there is a connection; whoever shows it is told."""
        keys = {*self._failed, *self._missing}
        self._failed.clear()
        self._missing.clear()
        for key in keys:
            self.loaded.emit(key)

    @property
    def busy(self) -> bool:
        """Whether pictures are on their way."""
        return bool(self._running or self._wanted)

    def forget(self, key: str) -> None:
        """Fetch a picture anew when it is next asked for."""
        self._missing.discard(key)
        self._failed.pop(key, None)
        for place in [place for place in self._kept if place[0] == key]:
            self._bytes -= _weight(self._kept.pop(place))

    def close(self) -> None:
        """Stop fetching. The workers end with what they do."""
        self._lull.stop()
        self._scope.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _load(self, place: Place) -> None:
        key, size, _, dpr, _ = place
        try:
            async with self._turn:
                data = await self._fetch(key)
                loop = asyncio.get_running_loop()
                side = round(size * dpr)
                image = await loop.run_in_executor(self._pool, read_square, data, side) if data else None
        except InsticaError as error:
            log.info("no picture: %s", error.message)
            self._failed[key] = monotonic()
            return
        finally:
            self._running.discard(place)
        if image is None:
            self._missing.add(key)
            return
        self._keep(place, _finished(image, place))
        self.loaded.emit(key)

    def _keep(self, place: Place, pixmap: QPixmap) -> None:
        self._kept[place] = pixmap
        self._bytes += _weight(pixmap)
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _weight(oldest)


def _weight(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4


def _finished(image: QImage, place: Place) -> QPixmap:
    """Round the corners and draw the hairline that keeps a dark sleeve from melting into a dark row."""
    _, size, radius, dpr, _ = place
    made = QPixmap(image.size())
    made.fill(Qt.GlobalColor.transparent)
    made.setDevicePixelRatio(dpr)
    area = QRectF(0, 0, size, size)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipPath(clip_path(area, radius))
    painter.drawImage(area, image)
    painter.setClipping(False)
    painter.setPen(color("hair"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.end()
    return made
