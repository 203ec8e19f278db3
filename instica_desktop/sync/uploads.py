"""Making a dropped photo fit to send: checked by its content, upright, without metadata.

The original stays as it is. Limits are the API's: JPEG, PNG or WebP, 20 MB, 50 megapixels, 24 photos an item.
"""

import io
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from instica_desktop.core.errors import InputError
from instica_desktop.sync.pictures import DAMAGED, Header, header, stripped

if TYPE_CHECKING:
    from PIL import Image

MOST_BYTES = 20_000_000
MOST_PIXELS = 50_000_000
MOST_PHOTOS = 24
PASTED = "Pasted photo"
FOLDER = "This is a folder. Open it and drop the photos that are in it."
NO_FILE = "This is no file with a photo in it."
_SUFFIXES = {"jpeg": ".jpg", "png": ".png", "webp": ".webp"}
_LARGE = "This photo is {size:.0f} MB; up to 20 MB can be sent. Save it smaller and add that file."
_ORIENTATION = 0x0112


class Prepared(msgspec.Struct, frozen=True):
    """A photo ready to be kept and sent; size in pixels as a person sees it."""

    content: bytes
    name: str
    width: int
    height: int


class PhotoResult(msgspec.Struct, frozen=True):
    """What became of one source: saved (`sha256`), there already (`duplicate`), or refused (`error`)."""

    name: str
    sha256: str = ""
    duplicate: bool = False
    error: InputError | None = None

    @property
    def ok(self) -> bool:
        """Whether the item has the photo now."""
        return self.error is None


def name_of(source: Path | bytes) -> str:
    """Return what to call a source; a pasted picture has no name of its own."""
    return source.name if isinstance(source, Path) else PASTED


def prepare(source: Path | bytes, name: str = "") -> Prepared:
    """Return a photo as it will be sent. Blocks for up to some hundred ms: call it in a worker thread.

    `name` is what the user knows it by, if not by the file's own name.

    Raises:
        InputError: in plain words, when it cannot be used.
    """
    content = _content(source)
    found = header(content)
    if found.width * found.height > MOST_PIXELS:
        raise InputError(
            f"This picture has {found.width:,} × {found.height:,} pixels, "
            f"{found.width * found.height / 1_000_000:.0f} megapixels; up to 50 can be sent. "
            "Save it smaller and add that file.",
            field="image",
        )
    clean, width, height = _clean(content, found)
    if len(clean) > MOST_BYTES:
        raise InputError(_LARGE.format(size=len(clean) / 1_000_000), field="image")
    stem = Path(name or name_of(source)).stem[:100] or "photo"
    return Prepared(clean, stem + _SUFFIXES[found.kind], width, height)


def _content(source: Path | bytes) -> bytes:
    try:
        size = _size(source) if isinstance(source, Path) else len(source)
        if size > MOST_BYTES:
            raise InputError(_LARGE.format(size=size / 1_000_000), field="image")
        return source.read_bytes() if isinstance(source, Path) else source
    except OSError as error:
        raise InputError(
            "This file cannot be opened. Check that it is still there and may be read.",
            field="image",
            details=str(error),
        ) from error


def _size(path: Path) -> int:
    """Return the size of a file; what is none, such as a pipe, might never end."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise InputError(FOLDER if stat.S_ISDIR(found.st_mode) else NO_FILE, field="image")
    return found.st_size


def _clean(content: bytes, found: Header) -> tuple[bytes, int, int]:
    """Return the picture upright and without metadata, with its size. Decoding it shows any damage."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=(found.kind.upper(),)) as image:
            if image.getexif().get(_ORIENTATION, 1) not in range(2, 9):
                image.draft(None, (found.width // 8, found.height // 8))
                image.load()
                return stripped(content, found.kind), found.width, found.height
            upright = ImageOps.exif_transpose(image)
            return _saved(upright, found.kind, image.info.get("icc_profile")), *upright.size
    except InputError:
        raise
    except (OSError, ValueError, SyntaxError, IndexError, MemoryError, Image.DecompressionBombError):
        raise InputError(DAMAGED, field="image") from None  # these are Pillow's ways to say so


def _saved(image: "Image.Image", kind: str, profile: bytes | None) -> bytes:
    from PIL import Image

    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    if image.mode == "P" and (palette := image.getpalette("RGBA" if "transparency" in image.info else "RGB")):
        fresh.putpalette(palette, "RGBA" if "transparency" in image.info else "RGB")
    output = io.BytesIO()
    options: dict[str, object] = {"icc_profile": profile} if profile else {}
    if kind == "jpeg":
        options |= {"quality": 93, "subsampling": 0 if image.width * image.height < 4_000_000 else 2}
    fresh.save(output, kind.upper(), **options)
    return stripped(output.getvalue(), kind)
