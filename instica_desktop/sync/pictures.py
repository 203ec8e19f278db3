"""Pictures as bytes: what they are by content, how large by their header, and without their metadata.

JPEG keeps JFIF, colour profile and Adobe segments; PNG and WebP lose their text, time and EXIF chunks.
Nothing is decoded here and no pixel changes.
"""

import struct
from collections.abc import Iterator

import msgspec

from instica_desktop.core.errors import InputError

_HEIF = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"heim", b"heis")
_SOF = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_DROPPED = frozenset({b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"})
_WEBP_DROPPED = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS = 0x08 | 0x04  # “has EXIF”, “has XMP” in the VP8X chunk

DAMAGED = "This picture is damaged and cannot be read. Take it again, or save it anew and add that file."
PHOTO_DAMAGED = (
    "The photo was damaged on this computer’s disk after it was added, so it is not sent. Add it again, then "
    "drop this one."
)
NOT_ONE = "This is not a photo. Photos are JPEG, PNG or WebP files."


class Header(msgspec.Struct, frozen=True):
    """Kind (`jpeg`, `png`, `webp`) and size in pixels as stored, before any rotation."""

    kind: str
    width: int
    height: int


def header(content: bytes) -> Header:
    """Return what a file says it is, by its content.

    Raises:
        InputError: for anything but a whole header of JPEG, PNG or WebP.
    """
    try:
        if content[:3] == b"\xff\xd8\xff":
            return _jpeg(content)
        if content[:8] == _PNG:
            return Header("png", *struct.unpack(">II", content[16:24]))
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError):
        raise InputError(DAMAGED, field="image") from None
    raise InputError(_refusal(content), field="image")


def stripped(content: bytes, kind: str) -> bytes:
    """Return the picture without position, camera and other metadata; every pixel is as before.

    Raises:
        InputError: when the file is not whole.
    """
    try:
        parts = {"jpeg": _jpeg_kept, "png": _png_kept, "webp": _webp_kept}[kind](content)
        return b"".join(parts)
    except (struct.error, IndexError, ValueError):
        raise InputError(DAMAGED, field="image") from None


def _refusal(content: bytes) -> str:
    if not content:
        return "This file is empty."
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF:
        return "HEIC photos cannot be used here. Save it as JPEG and add that file."
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF pictures cannot be used here. Save it as JPEG or PNG and add that file."
    if content[:4] in (b"II*\0", b"MM\0*"):
        return "TIFF and raw photos cannot be used here. Save it as JPEG and add that file."
    return NOT_ONE


# ---------------------------------------------------------------- JPEG


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (marker, start, end) up to the end of the image; a scan reaches to the next marker."""
    at = 2
    while True:
        while content[at] == 0xFF and content[at + 1] == 0xFF:
            at += 1
        if content[at] != 0xFF:
            raise ValueError("no marker")
        marker = content[at + 1]
        if marker == 0xD9:
            yield marker, at, at + 2
            return
        if marker in _BARE:
            yield marker, at, at + 2
            at += 2
            continue
        end = at + 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
        if marker == 0xDA:
            end = _scan_end(content, end)
        yield marker, at, end
        at = end


def _scan_end(content: bytes, at: int) -> int:
    while True:
        at = content.index(b"\xff", at)
        if content[at + 1] != 0 and content[at + 1] not in _BARE:
            return at
        at += 2


def _jpeg(content: bytes) -> Header:
    try:
        for marker, start, _ in _segments(content):
            if marker in _SOF:
                height, width = struct.unpack(">HH", content[start + 5 : start + 9])
                return Header("jpeg", width, height)
            if marker == 0xDA:
                break
    except ValueError:
        pass
    raise InputError(DAMAGED, field="image")


def _jpeg_kept(content: bytes) -> Iterator[bytes]:
    yield content[:2]
    for marker, start, end in _segments(content):
        if _is_kept(marker, content[start + 4 : start + 16]):
            yield content[start:end]


def _is_kept(marker: int, begin: bytes) -> bool:
    if marker == 0xFE:  # a comment
        return False
    if not 0xE0 <= marker <= 0xEF:
        return True
    return (
        (marker == 0xE0 and begin.startswith(b"JFIF\0"))
        or (marker == 0xE2 and begin.startswith(b"ICC_PROFILE\0"))
        or (marker == 0xEE and begin.startswith(b"Adobe"))
    )


# ---------------------------------------------------------------- PNG


def _png_kept(content: bytes) -> Iterator[bytes]:
    yield content[:8]
    at = 8
    while True:
        size, name = struct.unpack(">I4s", content[at : at + 8])
        end = at + 12 + size
        if end > len(content):
            raise ValueError("cut off")
        if name not in _PNG_DROPPED:
            yield content[at:end]
        if name == b"IEND":
            return
        at = end


# ---------------------------------------------------------------- WebP


def _webp(content: bytes) -> Header:
    name = content[12:16]
    if name == b"VP8X":
        width = int.from_bytes(content[24:27], "little") + 1
        return Header("webp", width, int.from_bytes(content[27:30], "little") + 1)
    if name == b"VP8L":
        bits = struct.unpack("<I", content[21:25])[0]
        return Header("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if name == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return Header("webp", width & 0x3FFF, height & 0x3FFF)
    raise InputError(DAMAGED, field="image")


def _webp_kept(content: bytes) -> Iterator[bytes]:
    chunks = b"".join(_webp_chunks(content))
    yield b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP"
    yield chunks


def _webp_chunks(content: bytes) -> Iterator[bytes]:
    at, end = 12, min(len(content), 8 + struct.unpack("<I", content[4:8])[0])
    while at + 8 <= end:
        name, size = struct.unpack("<4sI", content[at : at + 8])
        after = at + 8 + size + size % 2
        if at + 8 + size > len(content):
            raise ValueError("cut off")
        if name == b"VP8X":
            yield content[at : at + 8] + bytes([content[at + 8] & ~_WEBP_FLAGS]) + content[at + 9 : after]
        elif name not in _WEBP_DROPPED:
            yield content[at:after]
        at = after
