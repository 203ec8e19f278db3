"""Pictures are fetched once, decoded small and kept."""

import asyncio
import struct
import zlib
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QImage

from instica_desktop.core.errors import Unreachable
from instica_desktop.qtkit import lull
from instica_desktop.qtkit.images import MOST_WANTED, ImageLoader, read_square
from instica_desktop.qtkit.widgets.dropped import png


def picture(width: int = 40, height: int = 20, colour: str = "#ff0000") -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return png(image)


def huge_header() -> bytes:
    """Return a PNG that says it is 20,000 × 20,000 and holds nothing."""
    body = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + body
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


class Shelf:
    """Where the pictures come from, counting who asked."""

    def __init__(self, pictures: dict[str, bytes]) -> None:
        self.pictures = pictures
        self.asked: list[str] = []
        self.offline = False

    async def fetch(self, key: str) -> bytes | None:
        self.asked.append(key)
        await asyncio.sleep(0)
        if self.offline:
            raise Unreachable("No connection.")
        return self.pictures.get(key)


async def settled(loader: ImageLoader) -> None:
    while loader.busy:  # noqa: ASYNC110 - the loader has no event of its own
        await asyncio.sleep(0.002)


def test_a_picture_is_cut_to_a_square() -> None:
    image = read_square(picture(), 16)
    assert image is not None
    assert (image.width(), image.height()) == (16, 16)


def test_what_is_no_picture_or_too_large_is_none() -> None:
    assert read_square(b"GIF? no", 16) is None
    assert read_square(b"", 16) is None
    assert read_square(huge_header(), 16) is None
    assert read_square(picture()[:60], 16) is None


def test_a_picture_is_fetched_once_for_all_who_ask(run: Any, qtbot: Any) -> None:
    shelf = Shelf({"a": picture()})

    async def main() -> None:
        owner = QObject()
        loader = ImageLoader(shelf.fetch, owner)
        heard: list[str] = []
        loader.loaded.connect(heard.append)
        assert loader.pixmap("a", 36, 2.0, 6) is None
        assert loader.pixmap("a", 36, 2.0, 6) is None
        await settled(loader)
        found = loader.pixmap("a", 36, 2.0, 6)
        assert found is not None
        assert (found.width(), found.devicePixelRatio()) == (72, 2.0)
        assert found.toImage().pixelColor(0, 0).alpha() == 0  # the corner is round
        assert found.toImage().pixelColor(36, 36) == QColor("#ff0000")
        assert heard == ["a"]
        loader.close()

    run(main())
    assert shelf.asked == ["a"]


def test_what_is_not_there_is_not_asked_for_again(run: Any) -> None:
    shelf = Shelf({"broken": b"nothing"})

    async def main() -> None:
        owner = QObject()
        loader = ImageLoader(shelf.fetch, owner)
        for _ in range(3):
            for key in ("gone", "broken", ""):
                assert loader.pixmap(key, 36, 1.0) is None
            await settled(loader)
        loader.forget("gone")
        loader.pixmap("gone", 36, 1.0)
        await settled(loader)
        loader.close()

    run(main())
    assert shelf.asked == ["broken", "gone", "gone"]  # what was asked for last comes first


def test_what_is_leafed_past_is_not_fetched_and_what_is_seen_comes_first(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lull, "FOLLOWS_MS", 600_000)
    pages = [[f"{page}-{at}" for at in range(20)] for page in range(10)]
    shelf = Shelf({key: picture() for page in pages for key in page})

    async def main() -> None:
        owner = QObject()
        loader = ImageLoader(shelf.fetch, owner)
        for page in pages:
            for key in page:
                loader.pixmap(key, 36, 1.0)
        assert shelf.asked == []
        await settled(loader)
        loader.close()

    run(main())
    seen = [key for page in pages for key in page][::-1]
    assert shelf.asked == seen[:MOST_WANTED]


def test_without_a_connection_it_waits_before_it_asks_again(run: Any) -> None:
    shelf = Shelf({"a": picture()})
    shelf.offline = True

    async def main() -> None:
        owner = QObject()
        loader = ImageLoader(shelf.fetch, owner)
        for _ in range(3):
            assert loader.pixmap("a", 36, 1.0) is None
            await settled(loader)
        assert shelf.asked == ["a"]
        shelf.offline = False
        loader.retry_failed()
        loader.pixmap("a", 36, 1.0)
        await settled(loader)
        assert loader.pixmap("a", 36, 1.0) is not None
        loader.close()

    run(main())


def test_what_could_not_be_had_is_asked_for_again_by_whoever_shows_it(run: Any) -> None:
    shelf = Shelf({})

    async def main() -> None:
        owner = QObject()
        loader = ImageLoader(shelf.fetch, owner)
        told: list[str] = []
        loader.loaded.connect(told.append)
        assert loader.pixmap("a", 36, 1.0) is None  # nobody has it while there is no connection
        await settled(loader)
        shelf.pictures["a"] = picture()
        loader.retry_failed()
        assert told == ["a"]
        loader.pixmap("a", 36, 1.0)
        await settled(loader)
        assert loader.pixmap("a", 36, 1.0) is not None
        loader.close()

    run(main())
