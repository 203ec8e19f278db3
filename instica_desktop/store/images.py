"""Pictures fetched from a server, kept as files up to a size; the ones unused longest go first.

Each file begins with the checksum of its content: a disposable cache is not synced to disk, so a power cut
may leave a file empty or torn, and such a file counts as not there.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from zlib import crc32

from instica_desktop.core.settings_spec import BY_KEY
from instica_desktop.store.files import private_folder, replacing, speaking

MB = 1_000_000
_LOST = "lost"
"""The file that says that pictures were lost. Those of pictures stand in folders."""
DEFAULT_LIMIT = BY_KEY["photo_room_mb"].default * MB


class ImageFiles:
    """A folder of pictures by URL. All calls belong in one thread."""

    def __init__(self, folder: Path, limit: int = DEFAULT_LIMIT) -> None:
        """`limit` is in bytes, of all pictures together."""
        self._folder = folder
        self.limit = limit
        self.keep_all = False
        """Whether nothing makes room for anything, whatever the limit."""
        self._total: int | None = None

    def put(self, url: str, content: bytes) -> None:
        """Keep a picture.

        Raises:
            DiskFull: there is no room; nothing was kept.
        """
        with speaking():
            path = self._path(url)
            private_folder(path.parent)
            before = _size(path)
            with replacing(path, durable=False) as file:
                file.write(crc32(content).to_bytes(4, "big") + content)
            self._total = self._measured() if self._total is None else self._total + _size(path) - before
            self._fit()

    def get(self, url: str) -> bytes | None:
        """Return a picture, or None when it is not here or not whole; what is not whole goes."""
        path = self._path(url)
        try:
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        if content[:4] == crc32(content[4:]).to_bytes(4, "big"):
            return content[4:]
        self._lose(path)
        return None

    def clear(self) -> int:
        """Drop all pictures and return how many bytes that freed.

        They come again when they are shown; where all are to be kept, by themselves.
        """
        with speaking():
            freed = self._measured()
            for path in self._files():
                path.unlink(missing_ok=True)
            self._total = 0
            if self.keep_all and freed:  # only now: there may have been no room for it
                self._note_lost()
            return freed

    def has(self, url: str) -> bool:
        """Tell whether a picture is here, without reading it; this does not count as using it."""
        return self._path(url).exists()

    def size(self) -> int:
        """Return how many bytes all pictures take."""
        if self._total is None:
            self._total = self._measured()
        return self._total

    def keep_within(self, limit: int, *, keep_all: bool) -> None:
        """Change the limit, and drop at once what no longer fits."""
        self.limit, self.keep_all = limit, keep_all
        with speaking():
            self.size()
            self._fit()

    def has_room(self) -> bool:
        """Tell whether more pictures can come without others making room for them."""
        return self.size() < self.limit * 0.8

    def missing(self, urls: Sequence[str]) -> list[str]:
        """Return those pictures that are not here."""
        return [url for url in urls if not self.has(url)]

    def lost(self) -> bool:
        """Tell whether pictures that were here are gone, and have not been looked for since (`sought`)."""
        return (self._folder / _LOST).exists()

    def sought(self) -> None:
        """Forget that pictures were lost: whoever fetches them looks for all of them."""
        (self._folder / _LOST).unlink(missing_ok=True)

    def _lose(self, path: Path) -> None:
        """Delete a picture that may be wanted, and note durably enough that one is gone."""
        with suppress(OSError):  # a disk that takes no note deletes no file either, or both come back
            self._note_lost()
            path.unlink(missing_ok=True)

    def _note_lost(self) -> None:
        (self._folder / _LOST).touch(mode=0o600)

    def _path(self, url: str) -> Path:
        name = sha256(url.encode()).hexdigest()
        return self._folder / name[:2] / name

    def _files(self) -> list[Path]:
        return [path for path in self._folder.glob("??/*") if not path.name.startswith(".")]

    def _measured(self) -> int:
        return sum(map(_size, self._files()))

    def _fit(self) -> None:
        if self.size() > self.limit and not self.keep_all:
            self._shrink()

    def _shrink(self) -> None:
        """Drop the pictures unused longest until a tenth of the room is free."""
        stats = sorted((path.stat().st_mtime_ns, path.stat().st_size, path) for path in self._files())
        self._total = sum(size for _, size, _ in stats)
        for _, size, path in stats:
            if self._total <= self.limit * 0.9:
                return
            self._lose(path)
            self._total -= size


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
