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
        self._content = memoryview(content)
        self._begin(_part_of(field, name, image_type(content)), len(content), fields, progress)

    def _begin(
        self, lead: Callable[[str], str], size: int, fields: Mapping[str, str], progress: Progress | None
    ) -> None:
        boundary = uuid4().hex
        texts = "".join(_part(boundary, key) + f"\r\n{value}\r\n" for key, value in fields.items())
        self._head = (texts + lead(boundary)).encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._size = size
        self._progress = progress
        self.headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Content-Length": str(len(self._head) + size + len(self._tail)),
        }

    async def __call__(self) -> AsyncIterator[bytes]:
        """Yield the body in pieces, telling the progress before each."""
        sent = 0
        yield self._head
        async for piece in self._pieces():
            self._tell(sent)
            yield piece
            sent += len(piece)
        self._tell(sent)
        yield self._tail

    async def _pieces(self) -> AsyncIterator[bytes]:
        for start in range(0, self._size, CHUNK):
            yield bytes(self._content[start : start + CHUNK])

    def _tell(self, sent: int) -> None:
        if self._progress is not None:
            self._progress(sent, self._size)


class FileUpload(Multipart):
    """One form with one file that is read from disk while it is sent, however large it is.

    Raises:
        InputError: when the file cannot be opened; while sending, when it has become shorter.
    """

    def __init__(
        self,
        field: str,
        path: Path,
        media_type: str,
        fields: Mapping[str, str],
        progress: Progress | None,
    ) -> None:
        self._path = path
        try:
            size = path.stat().st_size
        except OSError as error:
            raise _unreadable(error, field) from error
        self._field = field
        self._begin(_part_of(field, path.name, media_type), size, fields, progress)

    async def _pieces(self) -> AsyncIterator[bytes]:
        left = self._size
        try:
            with await asyncio.to_thread(self._path.open, "rb") as file:
                while left:
                    piece = await asyncio.to_thread(file.read, min(CHUNK, left))
                    if not piece:
                        raise InputError(
                            "This file became shorter while it was sent. Try again.", field=self._field
                        )
                    left -= len(piece)
                    yield piece
        except OSError as error:
            raise _unreadable(error, self._field) from error


def _unreadable(error: OSError, field: str) -> InputError:
    return InputError(
        "This file cannot be opened. It may have been moved or deleted.",
        field=field,
        details=type(error).__name__,
    )


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


def _part_of(field: str, name: str, media_type: str) -> Callable[[str], str]:
    """Return what makes the head of a file's part once the boundary is known."""
    return lambda boundary: _part(boundary, field, name) + f"Content-Type: {media_type}\r\n\r\n"


def _part(boundary: str, field: str, filename: str | None = None) -> str:
    name = "" if filename is None else f'; filename="{_quoted(filename)}"'
    return f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(field)}"{name}\r\n'


def _quoted(text: str) -> str:
    """Escape a name as browsers do, so that it cannot end its header."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
