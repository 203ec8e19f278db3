"""Photos waiting to be sent: files named by the SHA-256 of their content, durable when `put` returns."""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

from instica_desktop.store.files import private_folder, replacing, speaking, sync_folder


class Blobs:
    """A folder of photos. The outbox refers to them by hash."""

    def __init__(self, folder: Path, executor: Executor, in_use: Callable[[], set[str]]) -> None:
        """`in_use` names the hashes that operations still refer to; those are never swept."""
        self._folder = private_folder(folder)
        self._executor = executor
        self._in_use = in_use
        self._fresh: dict[str, int] = {}
        """Kept in this session and perhaps not yet named by an operation, with the number of the put."""
        self._puts = 0

    async def put(self, source: Path | bytes) -> str:
        """Keep a photo durably and return its SHA-256; the source is left alone.

        Raises:
            DiskFull: there is no room; nothing was kept.
            StoreError: the source cannot be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._put, source)

    def path(self, sha256: str) -> Path:
        """Return where a photo lies."""
        if not (len(sha256) == 64 and all(char in "0123456789abcdef" for char in sha256)):
            raise ValueError("not a SHA-256")
        return self._folder / sha256

    async def sweep(self, keep: set[str]) -> None:
        """Drop the photos that neither `keep` nor any operation names.

        One that was put just now stays: its operation may not be written yet. It stays until an operation
        named it and is gone, or until the next start.
        """
        kept, seen = keep | self._in_use(), dict(self._fresh)
        await asyncio.get_running_loop().run_in_executor(self._executor, self._sweep, kept, seen)

    def _put(self, source: Path | bytes) -> str:
        with speaking():
            content = source if isinstance(source, bytes) else source.read_bytes()  # photos are 20 MB at most
            digest = hashlib.sha256(content).hexdigest()
            target = self.path(digest)
            if not (target.exists() and target.read_bytes() == content):
                with replacing(target, durable=True) as file:
                    file.write(content)
            self._puts += 1
            self._fresh[digest] = self._puts
            return digest

    def _sweep(self, kept: set[str], seen: dict[str, int]) -> None:
        for digest in kept:  # named by an operation: from now on that alone decides, unless it was put again
            if digest in seen and self._fresh.get(digest) == seen[digest]:
                del self._fresh[digest]
        with speaking():
            for path in self._folder.iterdir():
                if path.name not in kept and path.name not in self._fresh:
                    path.unlink(missing_ok=True)
            sync_folder(self._folder)
