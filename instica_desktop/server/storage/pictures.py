"""Uploaded pictures.

Checked from the header before decoding, kept byte for byte, with a small picture beside.

The original bytes stay as they came, because their SHA-256 is how a client recognizes its photo. Width and
height are those a person sees, after the EXIF orientation.
"""

import hashlib
import io
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError
from rest_framework.exceptions import ValidationError

from instica_desktop.server.storage.folder import ShopFolder, write_private
from instica_desktop.server.storage.transactions import if_undone

MOST_BYTES = 20_000_000
MOST_PIXELS = 50_000_000
THUMBNAIL = 128
_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_NOT_A_PICTURE = "Send a JPEG, PNG or WebP picture."

Image.MAX_IMAGE_PIXELS = None  # our own limit is lower and is checked before anything is decoded


@dataclass(frozen=True)
class Picture:
    """A checked picture that is not kept yet; `stem` is where it will lie below the media folder."""

    stem: str
    suffix: str
    content: bytes
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
            "bytes": len(self.content),
            "sha256": self.sha256,
        }


def _refuse(message: str) -> ValidationError:
    return ValidationError({"image": [message]})


def _small(image: Image.Image) -> bytes:
    image.draft("RGB", (THUMBNAIL * 2, THUMBNAIL * 2))
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((THUMBNAIL, THUMBNAIL))
    if upright.mode not in ("RGB", "L"):
        opaque = Image.new("RGB", upright.size, "white")
        layer = upright.convert("RGBA")
        opaque.paste(layer, mask=layer.getchannel("A"))
        upright = opaque
    output = io.BytesIO()
    upright.convert("RGB").save(output, "JPEG", quality=85)
    return output.getvalue()


def _decoded(content: bytes) -> tuple[str, tuple[int, int], bytes]:
    with Image.open(io.BytesIO(content), formats=tuple(_SUFFIXES)) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            raise _refuse(f"The picture has {width} × {height} pixels; at most 50 megapixels are allowed.")
        turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)
        size = (height, width) if turned else (width, height)
        return image.format or "", size, _small(image)


def read_picture(upload: Any) -> Picture:
    """Return an uploaded file as a picture. Errors.

    `ValidationError` on `image` (kind, bytes, pixels, damage).
    """
    if upload.size > MOST_BYTES:
        raise _refuse("The picture is larger than 20 MB.")
    content = upload.read()
    upload.seek(0)
    try:
        kind, (width, height), thumbnail = _decoded(content)
    except UnidentifiedImageError:
        raise _refuse(_NOT_A_PICTURE) from None
    except (OSError, ValueError, SyntaxError, IndexError, MemoryError):  # Pillow's ways to say “damaged”
        raise _refuse("The picture is damaged and cannot be read.") from None
    name = uuid.uuid4().hex
    digest = hashlib.sha256(content).hexdigest()
    return Picture(f"{name[:2]}/{name}", _SUFFIXES[kind], content, thumbnail, width, height, digest)


def _folder() -> ShopFolder:
    return settings.SHOP_FOLDER


def picture_file(name: str) -> Path:
    """Return the file of an uploaded picture, by its name below the media folder (from the database)."""
    return _folder().media / name


def keep_picture(picture: Picture) -> None:
    """Write both files, inside a transaction; they are durable when this returns, and go if it is undone."""
    if_undone(lambda: drop_pictures([picture.stem]))
    write_private(picture_file(f"{picture.stem}{picture.suffix}"), picture.content)
    write_private(picture_file(f"{picture.stem}.thumb.jpg"), picture.thumbnail)


def drop_pictures(stems: Iterable[str]) -> None:
    """Delete the files of pictures whose rows are gone."""
    for stem in stems:
        for suffix in (*_SUFFIXES.values(), ".thumb.jpg"):
            picture_file(f"{stem}{suffix}").unlink(missing_ok=True)
