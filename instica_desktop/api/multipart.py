"""Files on their way up, with progress. A body can be sent again from its start."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from uuid import uuid4

from instica_desktop.core.errors import InputError

Progress = Callable[[int, int], None]
"""Called with the bytes sent and the bytes in all; starts again at 0 when a file is sent again."""

LARGEST = 20 * 1024 * 1024
"""Bytes of the largest photo the API takes."""
CHUNK = 64 * 1024
_SIGNATURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


class Multipart:
    """One form with one file in it."""

    def __init__(
        self, field: str, name: str, content: bytes, fields: Mapping[str, str], progress: Progress | None
    ) -> None:
        boundary = uuid4().hex
        texts = "".join(_part(boundary, key) + f"\r\n{value}\r\n" for key, value in fields.items())
        lead = _part(boundary, field, name) + f"Content-Type: {image_type(content)}\r\n\r\n"
        self._head = (texts + lead).encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._content = memoryview(content)
        self._progress = progress
        self.headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(len(self._head) + len(content) + len(self._tail)),
        }

    async def __call__(self) -> AsyncIterator[bytes]:
        """Yield the body in pieces, telling the progress before each."""
        total = len(self._content)
        yield self._head
        for start in range(0, total, CHUNK):
            self._tell(start, total)
            yield bytes(self._content[start : start + CHUNK])
        self._tell(total, total)
        yield self._tail

    def _tell(self, sent: int, total: int) -> None:
        if self._progress is not None:
            self._progress(sent, total)


async def content_of(source: Path | bytes) -> bytes:
    """Return the bytes of a photo.

    Raises:
        InputError: when it is gone, cannot be read, or is larger than the API takes.
    """
    content = source if isinstance(source, bytes) else await asyncio.to_thread(_read, source)
    if len(content) > LARGEST:
        raise InputError(
            "This photo is larger than 20 MB. Save it smaller, then add it again.", field="image"
        )
    return content


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise InputError(
            "This photo cannot be opened. It may have been moved or deleted; add it again.",
            field="image",
            details=type(error).__name__,
        ) from error


def image_type(content: bytes) -> str:
    """Return the media type by the first bytes: JPEG, PNG, WebP, or that of any file."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next(
        (kind for start, kind in _SIGNATURES if content.startswith(start)), "application/octet-stream"
    )


def _part(boundary: str, field: str, filename: str | None = None) -> str:
    name = "" if filename is None else f'; filename="{_quoted(filename)}"'
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(field)}"{name}\r\n'


def _quoted(text: str) -> str:
    """Escape a name as browsers do, so that it cannot end its header."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
