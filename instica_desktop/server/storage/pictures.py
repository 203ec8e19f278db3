"""Uploaded pictures.

Checked from the header before decoding, kept byte for byte, with a small picture beside.

The original bytes stay as they came, because their SHA-256 is how a client recognizes its photo. Width and
height are those a person sees, after the EXIF orientation. The pixels of a few pictures at most are in memory
at once, and no longer than it takes to look at them.
"""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image, UnidentifiedImageError
from rest_framework.exceptions import ValidationError

from instica_desktop.server.storage.allocator import memory_given_back
from instica_desktop.server.storage.folder import ShopFolder, write_private
from instica_desktop.server.storage.thumbnails import decoding_bytes, thumbnail
from instica_desktop.server.storage.transactions import if_undone
from instica_desktop.server.web.rooms import DECODING

MOST_BYTES = 20_000_000
MOST_PIXELS = 50_000_000
_BYTES_A_PLACE = 200_000_000
"""Memory that decoding may take for each place in the room of decoders: a PNG of `MOST_PIXELS`."""
_FORMATS = ("JPEG", "PNG", "WEBP")
_SUFFIXES = {"JPEG": ".jpg", "MPO": ".jpg", "PNG": ".png", "WEBP": ".webp"}
"""By Pillow's format; MPO is a JPEG with further pictures behind it, as some cameras make them."""
_NOT_A_PICTURE = "Send a JPEG, PNG or WebP picture."
_DAMAGED = "The picture is damaged and cannot be read."
_DAMAGE = (OSError, ValueError, SyntaxError, IndexError, MemoryError)
"""Pillow's ways to say “damaged”."""

Image.MAX_IMAGE_PIXELS = None  # our own limit is lower and is checked before anything is decoded


@dataclass(frozen=True)
class Picture:
    """A checked picture that is not kept yet; `stem` is where it will lie below the media folder.

    `upload` has its bytes, until the request ends.
    """

    stem: str
    suffix: str
    upload: Any
    thumbnail: bytes
    width: int
    height: int
    sha256: str

    def columns(self) -> dict[str, Any]:
        """Return what a photo's row stores of it."""
        return {
            "suffix": self.suffix,
            "width": self.width,
            "height": self.height,
            "bytes": self.upload.size,
            "sha256": self.sha256,
        }


def _refuse(message: str) -> ValidationError:
    return ValidationError({"image": [message]})


def _opened(upload: Any) -> Image.Image:
    upload.seek(0)
    return Image.open(upload, formats=_FORMATS)


def _places_for(image: Image.Image) -> int:
    """Return how many places in the room of decoders a picture needs. Errors: `ValidationError`."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise _refuse(f"The picture has {width} × {height} pixels; at most 50 megapixels are allowed.")
    places = -(-decoding_bytes(image) // _BYTES_A_PLACE)
    if places > DECODING.places:
        most = width * height * DECODING.places * _BYTES_A_PLACE // decoding_bytes(image) // 1_000_000
        kind = {"WEBP": "WebP"}.get(image.format or "", image.format)
        raise _refuse(
            f"The picture has {width} × {height} pixels; a {kind} may have {most} megapixels at most. "
            "Send it as a JPEG or PNG."
        )
    return max(1, places)


def _examined(upload: Any) -> tuple[str, int]:
    """Return format and places of an upload, by its header alone. Errors: `ValidationError`."""
    try:
        with _opened(upload) as image:
            return image.format or "", _places_for(image)
    except UnidentifiedImageError:
        raise _refuse(_NOT_A_PICTURE) from None
    except _DAMAGE:
        raise _refuse(_DAMAGED) from None


def _decoded(upload: Any) -> tuple[bytes, tuple[int, int]] | None:
    """Return small picture and size, None for a damaged one: an error would hold on to the pixels."""
    try:
        with _opened(upload) as image:
            return thumbnail(image)
    except _DAMAGE:
        return None


def read_picture(upload: Any) -> Picture:
    """Return an uploaded file as a picture.

    Errors: `ValidationError` on `image` (kind, bytes, pixels, damage), `Throttled` when many are being read.
    """
    if upload.size > MOST_BYTES:
        raise _refuse("The picture is larger than 20 MB.")
    kind, places = _examined(upload)
    with DECODING.entered(places), memory_given_back():
        decoded = _decoded(upload)
    if decoded is None:
        raise _refuse(_DAMAGED)
    small, (width, height) = decoded
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    name = uuid.uuid4().hex
    stem = f"{name[:2]}/{name}"
    return Picture(stem, _SUFFIXES[kind], upload, small, width, height, digest.hexdigest())


def _folder() -> ShopFolder:
    return settings.SHOP_FOLDER


def picture_file(name: str) -> Path:
    """Return the file of an uploaded picture, by its name below the media folder (from the database)."""
    return _folder().media / name


def keep_picture(picture: Picture) -> None:
    """Write both files, inside a transaction; they are durable when this returns, and go if it is undone."""
    if_undone(lambda: drop_pictures([picture.stem]))
    write_private(picture_file(f"{picture.stem}{picture.suffix}"), picture.upload.chunks())
    write_private(picture_file(f"{picture.stem}.thumb.jpg"), picture.thumbnail)


def drop_pictures(stems: Iterable[str]) -> None:
    """Delete the files of pictures whose rows are gone."""
    for stem in stems:
        for suffix in {*_SUFFIXES.values(), ".thumb.jpg"}:
            picture_file(f"{stem}{suffix}").unlink(missing_ok=True)
