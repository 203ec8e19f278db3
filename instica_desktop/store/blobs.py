"""Photos waiting to be sent: files named by the SHA-256 of their content, durable when `put` returns."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
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
        self._held: Counter[str] = Counter()

    async def put(self, source: Path | bytes) -> str:
        """Keep a photo durably and return its SHA-256; the source is left alone.

        It is safe from sweeping until `release`, by when an operation names it.

        Raises:
            DiskFull: there is no room; nothing was kept.
            StoreError: the source cannot be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._put, source)

    async def release(self, sha256: str) -> None:
        """End what `put` began: from now on only what operations name is kept."""
        await asyncio.get_running_loop().run_in_executor(self._executor, self._release, sha256)

    async def hold(self, names: Iterable[str]) -> None:
        """Keep photos from being swept, those put only later included; each ends with a `release`."""
        await asyncio.get_running_loop().run_in_executor(self._executor, self._held.update, list(names))

    def is_held(self, sha256: str) -> bool:
        """Tell whether somebody still wants a photo, be it here or not."""
        return sha256 in self._held

    async def free(self, sha256: str) -> None:
        """Drop a photo that was delivered, unless another operation names it."""
        if sha256 not in self._in_use():
            path = self.path(sha256)
            await asyncio.get_running_loop().run_in_executor(self._executor, self._drop, path)

    async def is_whole(self, sha256: str) -> bool:
        """Compare a photo with its name, byte by byte; False as well when it is not here."""
        path = self.path(sha256)
        return await asyncio.get_running_loop().run_in_executor(self._executor, is_whole, path)

    def path(self, sha256: str) -> Path:
        """Return where a photo lies."""
        if not (len(sha256) == 64 and all(char in "0123456789abcdef" for char in sha256)):
            raise ValueError("not a SHA-256")
        return self._folder / sha256

    async def sweep(self, keep: set[str]) -> None:
        """Drop the photos that neither `keep` nor any operation names.

        One that was put just now stays until its `release`: its operation may not be written yet.
        """
        kept = keep | self._in_use()
        await asyncio.get_running_loop().run_in_executor(self._executor, self._sweep, kept)

    def _put(self, source: Path | bytes) -> str:
        with speaking():
            content = source if isinstance(source, bytes) else source.read_bytes()  # photos are 20 MB at most
            digest = hashlib.sha256(content).hexdigest()
            self._held[digest] += 1
            target = self.path(digest)
            if not (target.exists() and target.read_bytes() == content):
                with replacing(target, durable=True) as file:
                    file.write(content)
            return digest

    def _release(self, sha256: str) -> None:
        self._held[sha256] -= 1
        if self._held[sha256] <= 0:
            del self._held[sha256]

    def _sweep(self, kept: set[str]) -> None:
        with speaking():
            for path in self._folder.iterdir():
                if path.name not in kept:
                    self._drop(path)
            sync_folder(self._folder)

    def _drop(self, path: Path) -> None:
        with speaking():
            if path.name not in self._held:
                path.unlink(missing_ok=True)


def is_whole(path: Path) -> bool:
    """Tell whether a file is what its name says, the SHA-256 of its content."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == path.name
    except OSError:
        return False
