"""Uploaded pictures: what the small ones look like, how much memory they take, how many are read at once."""

import io
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageOps

from instica_desktop.server.storage.thumbnails import SIDE, thumbnail
from instica_desktop.server.web.rooms import DECODING
from tests.server.fixture import ROOT
from tests.server.shop import Shop, picture
from tests.server.waiting import until
from tests.support.pictures import flat_png

_SIDE = 4_000
_WHOLE = _SIDE * _SIDE * 4
"""Bytes of the pixels of a picture of this side, as Pillow holds them."""
_TILES = 24_000_000
"""What the shrinking itself may take, and then some."""
_MEASURE = """
import sys
import threading
from pathlib import Path
from PIL import Image
from instica_desktop.server.storage.allocator import memory_given_back
from instica_desktop.server.storage.thumbnails import thumbnail

def kilobytes(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name + ":"))

def read(path):
    with memory_given_back():
        thumbnail_of(path)

def thumbnail_of(path):
    with Image.open(path) as image:
        return thumbnail(image)

def read_in_threads(times):
    for _ in range(times):
        thread = threading.Thread(target=read, args=sys.argv[2:])
        thread.start()
        thread.join()

Image.MAX_IMAGE_PIXELS = None
read(sys.argv[1])
before = kilobytes("VmRSS")
read_in_threads(4)
print(kilobytes("VmHWM") - before, kilobytes("VmRSS") - before)
"""


def _drawing(mode: str, size: tuple[int, int] = (1_250, 700)) -> Image.Image:
    """Return a picture with something to tell its sides by."""
    image = Image.new("RGBA", size, (20, 60, 200, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0] // 2, size[1] // 3), fill=(220, 30, 30, 255))
    draw.ellipse((size[0] // 2, size[1] // 2, size[0], size[1]), fill=(250, 240, 90, 255))
    draw.rectangle((0, size[1] // 2, size[0] // 3, size[1]), fill=(0, 0, 0, 0))
    if mode == "I;16":
        deep = image.convert("L").convert("I").point(lambda value: value * 256)
        return deep.convert("I;16")
    if mode == "P":
        return image.quantize(32)
    return image.convert(mode)


def _plain_way(image: Image.Image, mode: str) -> Image.Image:
    """Return the small picture as one makes it where memory does not matter."""
    whole = ImageOps.exif_transpose(image)
    if mode == "I;16":
        whole = whole.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    layer = whole.convert("RGBA")
    layer.thumbnail((SIDE, SIDE), Image.Resampling.BOX, None)
    opaque = Image.new("RGB", layer.size, "white")
    opaque.paste(layer, mask=layer.getchannel("A"))
    return opaque


def _difference(one: Image.Image, other: Image.Image) -> float:
    """Return the mean difference of two pictures of one size, in steps of 255."""
    pairs = zip(one.tobytes(), other.tobytes(), strict=True)
    return sum(abs(first - second) for first, second in pairs) / len(one.tobytes())


@pytest.mark.parametrize("orientation", [1, 2, 3, 6, 8])
@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "LA"),
        ("PNG", "L"),
        ("PNG", "1"),
        ("PNG", "P"),
        ("PNG", "I;16"),
        ("JPEG", "RGB"),
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("WEBP", "RGBA"),
    ],
)
def test_the_small_picture_is_upright_and_right(kind: str, mode: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    _drawing(mode).save(file, kind, exif=exif)
    with Image.open(file) as image:
        small, size = thumbnail(image)
    assert size == ((700, 1_250) if orientation in (6, 8) else (1_250, 700))
    with Image.open(file) as image, Image.open(io.BytesIO(small)) as shown:
        wanted = _plain_way(image, mode)
        assert abs(shown.width - wanted.width) + abs(shown.height - wanted.height) <= 1
        assert _difference(shown.resize(wanted.size), wanted) < 6


@pytest.mark.parametrize("size", [(1, 1), (3, 40_000), (40_000, 3), (127, 128), (257, 256)])
def test_a_picture_of_any_shape_has_a_small_one(size: tuple[int, int]) -> None:
    file = io.BytesIO(picture(size=size))
    with Image.open(file) as image:
        small, whole = thumbnail(image)
    assert whole == size
    with Image.open(io.BytesIO(small)) as shown:
        assert max(shown.size) == min(SIDE, max(size))


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's account of a process's memory")
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_there_is_one_copy_of_the_pixels_and_it_is_given_back(mode: str, tmp_path: Path) -> None:
    first, large = flat_png(tmp_path / "first.png", 400, mode), flat_png(tmp_path / "large.png", _SIDE, mode)
    command = [sys.executable, "-c", _MEASURE, str(first), str(large)]
    said = subprocess.check_output(command, cwd=ROOT, encoding="utf-8")
    most, kept = (int(kilobytes) * 1024 for kilobytes in said.split())
    assert most > 0.9 * _WHOLE  # it was decoded
    assert most < _WHOLE + _TILES
    assert kept < _TILES // 2


def test_a_webp_picture_may_have_fewer_pixels(shop: Shop) -> None:
    uid = shop.item()["uid"]
    file = io.BytesIO()
    Image.new("RGB", (5_000, 5_001)).save(file, "WEBP", quality=1, method=0)
    errors = shop.errors(shop.upload(f"inventory/{uid}/assets/", file.getvalue()))
    words = (
        "The picture has 5000 × 5001 pixels; a WebP may have 25 megapixels at most. Send it as a JPEG or PNG."
    )
    assert errors == {"image": [words]}


def test_a_photo_with_further_pictures_behind_it_is_a_jpeg(shop: Shop) -> None:
    uid = shop.item()["uid"]
    file = io.BytesIO()
    shots = [Image.new("RGB", (320, 240), colour) for colour in ("red", "blue")]
    shots[0].save(file, "MPO", save_all=True, append_images=shots[1:])
    made = shop.upload(f"inventory/{uid}/assets/", file.getvalue())
    assert made.status_code == 201
    served = shop.client.get(made.json()["image"])
    assert (served["Content-Type"], served.content) == ("image/jpeg", file.getvalue())


def test_nothing_of_an_upload_is_read_for_an_item_that_is_not_there(shop: Shop) -> None:
    with DECODING.entered(DECODING.places):
        assert shop.upload("inventory/nobody/assets/", picture()).status_code == 404
        assert shop.upload("products/nobody/image/", picture()).status_code == 404


def _uploading(shop: Shop, answers: list[Any], shade: int) -> threading.Thread:
    from django.db import connection
    from django.test import Client

    uid, client = shop.item()["uid"], Client(**shop.client.defaults)

    def upload() -> None:
        file = io.BytesIO(picture(shade=shade))
        file.name = "photo.png"
        answers.append(client.post(f"/api/v1/inventory/{uid}/assets/", {"image": file}))
        connection.close()

    waiting = DECODING.waiting
    thread = threading.Thread(target=upload)
    thread.start()
    until(lambda: DECODING.waiting > waiting)
    return thread


def test_some_uploads_wait_and_more_are_told_to_come_back(shop: Shop) -> None:
    answers: list[Any] = []
    uid = shop.item()["uid"]
    with DECODING.entered(DECODING.places):
        threads = [_uploading(shop, answers, shade) for shade in range(3)]
        refused = shop.upload(f"inventory/{uid}/assets/", picture(shade=9))
        assert refused.status_code == 429
        assert refused["Retry-After"] == "3"
        words = "Other pictures are being read just now. Expected available in 3 seconds."
        assert refused.json() == {"detail": words}
        assert shop.get("inventory/").status_code == 200
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [201] * 3
    assert shop.upload(f"inventory/{uid}/assets/", picture(shade=9)).status_code == 201
