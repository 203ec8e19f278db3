"""Backup and restore of a whole shop: its database and its pictures in one tar file.

The database is copied as of one moment (VACUUM INTO, or pg_dump) and checked; then the pictures are added,
whose files never change once written. A picture deleted meanwhile may be missing, as it soon would be anyway.
The archive appears under its name when it is complete, the restored folder when it is checked.

Format 2 ends with a manifest that has the SHA-256 of every file before it; all are compared before anything
of an archive is used. Format 1 had no sums: of it, only the database can be checked.
"""

import contextlib
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from instica_desktop.server.storage import database as databases
from instica_desktop.server.storage import dumps
from instica_desktop.server.storage.folder import ShopFolder, locked

_MANIFEST = "manifest.json"
_DATABASE = "shop.sqlite3"
_DUMP = "shop.pgdump"
_MEDIA = "media"
_FORMAT = 2
_WITHOUT_SUMS = 1


class BackupRefused(Exception):
    """A backup or a restore cannot be made; the message says why, and nothing was changed."""


@contextlib.contextmanager
def _workplace(beside: Path) -> Iterator[Path]:
    """Give a private folder on the same disk as the result, so that moving it there is one step."""
    beside.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=f".{beside.name}.", dir=beside.parent))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _copy_database(folder: ShopFolder, address: str | None, place: Path) -> Path:
    if address:
        return dumps.dump(address, place / _DUMP)
    if not folder.database.exists():
        raise BackupRefused(f"There is no shop in {folder.root}.")
    databases.check_versions(folder.database)
    target = place / _DATABASE
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    databases.copy_database(folder.database, target)
    return target


def _manifest(name: str, sums: Mapping[str, str]) -> bytes:
    made = datetime.now(UTC).isoformat(timespec="seconds")
    facts = {"format": _FORMAT, "database": name, "schema": databases.SCHEMA_VERSION, "made": made}
    return json.dumps({**facts, "sha256": sums}, indent=1).encode()


class _Summed(io.RawIOBase):
    """Reads a file, and sums up what was read of it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._sum = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes."""
        part = self._source.read(size)
        self._sum.update(part)
        return part

    def sha256(self) -> str:
        """Return the sum of what was read so far, in hexadecimal digits."""
        return self._sum.hexdigest()


def _add(archive: tarfile.TarFile, path: Path, name: str, sums: dict[str, str]) -> None:
    """Add a file or a folder, and the sum of what was added of a file."""
    if path.is_dir():
        archive.add(path, name, recursive=False)
        return
    with path.open("rb") as source:
        summed = _Summed(source)
        archive.addfile(archive.gettarinfo(arcname=name, fileobj=source), summed)
    sums[name] = summed.sha256()


def _write_archive(target: Path, copy: Path, media: Path) -> None:
    with target.open("xb") as file:
        target.chmod(0o600)
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            sums: dict[str, str] = {}
            _add(archive, copy, copy.name, sums)
            for picture in sorted(media.rglob("*")):
                with contextlib.suppress(FileNotFoundError):  # deleted since the folder was read
                    _add(archive, picture, f"{_MEDIA}/{picture.relative_to(media).as_posix()}", sums)
            manifest = _manifest(copy.name, sums)
            entry = tarfile.TarInfo(_MANIFEST)
            entry.size, entry.mode = len(manifest), 0o600
            archive.addfile(entry, io.BytesIO(manifest))
        file.flush()
        os.fsync(file.fileno())


def back_up(data_dir: Path, target: Path, address: str | None = None) -> None:
    """Write the shop in `data_dir` (its records in `address`, if given) to `target`, also while it is served.

    Errors: `BackupRefused`, `ShopRefused` for a damaged or foreign database, `DumpFailed`, `OSError`.
    """
    folder, target = ShopFolder(data_dir.absolute()), target.absolute()
    if target.exists():
        raise BackupRefused(f"{target} is there already. Give another name, or move it away.")
    with _workplace(target) as place:
        copy = _copy_database(folder, address, place)
        _write_archive(place / "archive", copy, folder.media)
        (place / "archive").rename(target)
    databases.sync_folder(target.parent)


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, place: Path) -> None:
    """Write one file of an archive, which may come from anybody: no link, and no name that leads out."""
    parts = PurePosixPath(member.name).parts
    ours = member.name in (_MANIFEST, _DATABASE, _DUMP) or parts[:1] == (_MEDIA,)
    if not ours or ".." in parts or not (member.isfile() or member.isdir()):
        raise tarfile.TarError(f"it holds {member.name[:200]!r}")
    target = place.joinpath(*parts)
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    content = archive.extractfile(member)
    if content is not None:
        with content, target.open("xb") as file:
            shutil.copyfileobj(content, file)


def _unpack(source: Path, place: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source) as archive:
            for member in archive:
                _extract(archive, member, place)
        manifest = json.loads((place / _MANIFEST).read_bytes())
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or error
        raise BackupRefused(f"{source} is not a whole backup of a shop ({why}).") from None
    if not isinstance(manifest, dict) or manifest.get("format") not in (_WITHOUT_SUMS, _FORMAT):
        raise BackupRefused(f"{source} was made by another version of Instica Desktop.")
    if manifest["format"] != _WITHOUT_SUMS:
        _compare(source, place, manifest.get("sha256"))
    return manifest


def _compare(source: Path, place: Path, sums: object) -> None:
    """Hold every file that was unpacked to the sum its archive has of it."""
    wanted = dict[str, object](sums) if isinstance(sums, dict) else {}
    there = {
        path.relative_to(place).as_posix()
        for path in place.rglob("*")
        if path.is_file() and path != place / _MANIFEST
    }
    wrong = sorted(there ^ wanted.keys())
    for name in sorted(there & wanted.keys()):
        with (place / name).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != wanted[name]:
                wrong.append(name)
    if wrong:
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise BackupRefused(
            f"{source} is damaged at {wrong[0]}{more}. Nothing was restored. Use another backup."
        )


def _check(source: Path, place: Path, manifest: dict[str, Any], address: str | None) -> None:
    wanted = _DUMP if address else _DATABASE
    if manifest.get("database") != wanted or not (place / wanted).exists():
        other = "without" if address else "with"
        raise BackupRefused(f"{source} holds the other kind of database: restore it {other} DATABASE_URL.")
    if not address:
        databases.check_versions(place / _DATABASE)
        databases.check_whole(place / _DATABASE)


def _make_private(root: Path) -> None:
    for path in [root, *root.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)


def restore(source: Path, data_dir: Path, address: str | None = None) -> None:
    """Make a shop in the empty or absent `data_dir` (and the empty database at `address`) from a backup.

    Errors: `BackupRefused`, `ShopRefused`, `ShopInUse`, `DumpFailed`, `OSError`.
    """
    data_dir = data_dir.absolute()
    if data_dir.exists() and any(path.name != "lock" for path in data_dir.iterdir()):
        raise BackupRefused(f"{data_dir} is not empty. Restore into a new folder.")
    with _workplace(data_dir) as place:
        _check(source, place, _unpack(source, place), address)
        if address:
            dumps.load(address, place / _DUMP)
            (place / _DUMP).unlink()
        (place / _MANIFEST).unlink()
        _make_private(place)
        _move(place, data_dir)
    databases.sync_folder(data_dir.parent)


def _move(place: Path, data_dir: Path) -> None:
    """Give the restored folder its name; an empty folder in its place makes room."""
    if data_dir.exists():
        with locked(ShopFolder(data_dir)):
            (data_dir / "lock").unlink()
        data_dir.rmdir()
    place.rename(data_dir)
