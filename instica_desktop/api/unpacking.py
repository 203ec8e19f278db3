"""Bodies as they were before they were packed for the way, a piece at a time and never more than asked for.

One packing at most is taken: two of them turn some hundred bytes into gigabytes, and no server of ours packs
twice. The HTTP library would unpack all it is given, each piece whole, before anybody could look at its size.
"""

import zlib
from collections.abc import Iterator

from instica_desktop.core.errors import NotInstica, ReplyLost

ACCEPTED = "gzip, deflate"
PIECE = 64 * 1024
"""Bytes that are unpacked at once."""
TOO_LARGE = "The answer is far larger than anything Instica sends, so it was not read."
OTHERWISE = (
    "The answer is packed in a way this app does not read. Something between this computer and the server "
    "may have changed it: try another network, or tell whoever runs the server."
)
BROKEN = "The answer was damaged on its way. Check your network, then try again."
_GZIP, _ZLIB, _BARE = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class Unpacking:
    """The body of one answer. `limit` is in bytes, unpacked; None for what is looked at piece by piece."""

    def __init__(self, encoding: str, limit: int | None = None) -> None:
        """`encoding` is the header `Content-Encoding` as it came.

        Raises:
            NotInstica: it is packed twice, or otherwise than we said we take it.
        """
        self._kind = encoding.strip().lower()
        if self._kind not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise NotInstica(OTHERWISE, details=f"Content-Encoding: {encoding[:100]}")
        self._packed = self._kind not in ("", "identity")
        self._left = limit
        self._inner = zlib.decompressobj(_GZIP if "gzip" in self._kind else _ZLIB) if self._packed else None
        self._begun = False

    def pieces(self, came: bytes) -> Iterator[bytes]:
        """Yield what a part of the body as it came over the wire unpacks to.

        Raises:
            NotInstica: it is more than the limit.
            ReplyLost: it is damaged.
        """
        while came:
            piece, came = self._next(came)
            yield self._counted(piece)

    def end(self) -> bytes:
        """Return what is left when nothing more comes over the wire. Raises like `pieces`."""
        if self._inner is None or not self._begun:
            return b""
        piece = self._inner.flush()
        if not self._inner.eof:
            raise ReplyLost(BROKEN, details="the packed body has no end")
        return self._counted(piece)

    def _counted(self, piece: bytes) -> bytes:
        if self._left is not None:
            self._left -= len(piece)
            if self._left < 0:
                raise NotInstica(TOO_LARGE)
        return piece

    def _next(self, came: bytes) -> tuple[bytes, bytes]:
        if self._inner is None:
            return came, b""
        try:
            piece = self._inner.decompress(came, PIECE)
        except zlib.error as error:
            if self._kind != "deflate" or self._begun:
                raise ReplyLost(BROKEN, details=str(error)) from error
            self._inner, self._begun = zlib.decompressobj(_BARE), True  # some servers mean it so
            return self._next(came)
        self._begun = True
        return piece, b"" if self._inner.eof else self._inner.unconsumed_tail
