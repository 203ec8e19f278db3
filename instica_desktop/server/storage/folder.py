"""The data folder of a shop: what lies where, who may read it, and the lock that keeps a second server out.

The folder holds buyers' addresses, so it is 0700 and every file in it 0600.
"""

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO


class ShopInUse(Exception):
    """Another process has this shop open; the message names folder and process."""


@dataclass(frozen=True)
class ShopFolder:
    """The places in a data folder."""

    root: Path

    @property
    def database(self) -> Path:
        """The database file."""
        return self.root / "shop.sqlite3"

    @property
    def backups(self) -> Path:
        """Copies of the database made before each migration."""
        return self.root / "backups"

    @property
    def media(self) -> Path:
        """Uploaded pictures, the only folder whose files are served."""
        return self.root / "media"

    @property
    def sleeves(self) -> Path:
        """Drawn sleeve pictures; may be deleted at any time, they are drawn again."""
        return self.root / "sleeves"

    @property
    def temporary(self) -> Path:
        """Uploads on their way in."""
        return self.root / "tmp"

    @property
    def mail(self) -> Path:
        """Mail that went out through the file backend, the default: a local shop has no mail server."""
        return self.root / "mail"

    @property
    def messages(self) -> Path:
        """Text messages that went out through the file backend."""
        return self.root / "messages"

    @property
    def jobs(self) -> Path:
        """Files that jobs work on; workers on several machines share this folder."""
        return self.root / "jobs"

    @property
    def secret_file(self) -> Path:
        """What all processes of a team's server sign with."""
        return self.root / "secret"

    @property
    def lock_file(self) -> Path:
        """Locked while a server or a seeding has the shop open; holds its process id."""
        return self.root / "lock"

    def prepare(self, *, shared: bool = False) -> None:
        """Make the folder and its parts, closed to other users.

        Part-written uploads and copies of a dead run are dropped, unless the folder is `shared` with servers
        that may be writing them; see also `sweeping`.
        """
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.root.chmod(0o700)
        parts = (self.backups, self.media, self.sleeves, self.temporary, self.jobs, self.mail, self.messages)
        for part in parts:
            part.mkdir(exist_ok=True, mode=0o700)
        if shared:
            return
        for left_over in (*self.temporary.iterdir(), *self.backups.glob("*.partial*")):
            left_over.unlink(missing_ok=True)


def in_words(error: Exception) -> str:
    """Return what an error says; for one of the system's, which file it is about and why it was refused."""
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be used: {error.strerror or type(error).__name__}."
    return str(error)


def _take(handle: IO[str]) -> bool:
    if sys.platform == "win32":
        import msvcrt

        handle.seek(1 << 30)  # a byte nobody reads, so that the process id stays readable
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def locked(folder: ShopFolder) -> Iterator[None]:
    """Hold the shop for this process; the system releases it whatever way the process ends.

    Errors: `ShopInUse` when another process holds it.
    """
    folder.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="ascii") as handle:
        if not _take(handle):
            handle.seek(0)
            holder = handle.read(20).strip() or "unknown"
            raise ShopInUse(
                f"The shop in {folder.root} is already open in another server (process {holder})."
            )
        handle.seek(0)
        handle.truncate()
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        yield


def write_private(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file, whole or in pieces; it appears whole or not at all, and is safe against a power cut.

    Only its owner may read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.writelines([content] if isinstance(content, bytes) else content)
            handle.flush()
            os.fsync(handle.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
