"""Backup and restore of a whole shop: the same records and pictures come back, nothing half made is left."""

import io
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from instica_desktop.server.storage.archive import BackupRefused, back_up, restore
from instica_desktop.server.storage.database import ShopRefused
from instica_desktop.server.storage.dumps import DumpFailed
from instica_desktop.server.storage.folder import ShopFolder, ShopInUse, locked
from tests.server.databases import database_for, postgresql_only, sqlite_only
from tests.server.fixture import ROOT, RunningServer
from tests.server.shop import picture

_Launch = Callable[..., RunningServer]


def _get(server: RunningServer, path: str) -> httpx.Response:
    return httpx.get(server.base_url + path, headers={"X-API-Key": server.api_key}).raise_for_status()


def _with_photo(server: RunningServer) -> str:
    """Give an item a photo; return the item's uid."""
    uid = _get(server, "/api/v1/inventory/?page_size=1").json()["results"][0]["uid"]
    httpx.post(
        f"{server.base_url}/api/v1/inventory/{uid}/assets/",
        headers={"X-API-Key": server.api_key},
        files={"image": ("a.png", picture())},
    ).raise_for_status()
    return uid


def _shown(server: RunningServer, uid: str) -> tuple[int, bytes]:
    count = _get(server, "/api/v1/inventory/?search=a").json()["count"]
    photo = _get(server, f"/api/v1/inventory/{uid}/").json()["assets"][-1]["image"]
    return count, _get(server, photo.removeprefix(server.base_url)).content


def test_a_shop_comes_back_with_its_pictures(launch: _Launch, tmp_path: Path) -> None:
    server = launch(items=30)
    uid = _with_photo(server)
    before = _shown(server, uid)
    saved, again = tmp_path / "saved.tar", tmp_path / "again"
    back_up(tmp_path / "shop", saved, database_for(tmp_path / "shop"))  # while the server runs
    server.stop()
    assert saved.stat().st_mode & 0o777 == 0o600
    restore(saved, again, database_for(again))
    assert _shown(launch("again"), uid) == before
    assert before[1] == picture()
    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in (again / "media").rglob("*")}
    assert modes == {True: 0o700, False: 0o600}
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@sqlite_only
def test_the_commands(launch: _Launch, tmp_path: Path) -> None:
    launch(items=5).stop()

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "instica_desktop", *arguments],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": ""},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    saved = str(tmp_path / "saved.tar")
    assert run("backup", "--data", str(tmp_path / "shop"), "--to", saved).returncode == 0
    twice = run("backup", "--data", str(tmp_path / "shop"), "--to", saved)
    assert (twice.returncode, twice.stdout) == (1, "")
    assert "is there already" in twice.stderr
    assert run("restore", "--from", saved, "--data", str(tmp_path / "again")).returncode == 0
    full = run("restore", "--from", saved, "--data", str(tmp_path / "again"))
    assert full.returncode == 1
    assert "is not empty" in full.stderr
    none = run("backup", "--data", str(tmp_path / "none"), "--to", str(tmp_path / "none.tar"))
    assert none.returncode == 1
    assert "There is no shop" in none.stderr


def _archive(path: Path, **files: bytes) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name.replace("__", "/"))
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    "content",
    [b"", b"no archive", b"SQLite format 3\0" + bytes(2000)],
)
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad").write_bytes(content)
    with pytest.raises(BackupRefused, match="not a whole backup"):
        restore(tmp_path / "bad", tmp_path / "shop")
    assert [path.name for path in tmp_path.iterdir()] == ["bad"]


def test_a_strange_archive_is_refused(tmp_path: Path) -> None:
    strange = _archive(tmp_path / "a.tar", **{"..__out": b"x"})
    with pytest.raises(BackupRefused):
        restore(strange, tmp_path / "deep" / "shop")
    assert not (tmp_path / "out").exists()
    with pytest.raises(BackupRefused, match="another version"):
        restore(_archive(tmp_path / "b.tar", **{"manifest.json": b'{"format": 9}'}), tmp_path / "shop")
    other = b'{"format": 1, "database": "shop.pgdump"}'
    with pytest.raises(BackupRefused, match="with DATABASE_URL"):
        restore(_archive(tmp_path / "c.tar", **{"manifest.json": other}), tmp_path / "shop")
    manifest = {"manifest.json": b'{"format": 1, "database": "shop.sqlite3"}'}
    foreign = _archive(tmp_path / "d.tar", **manifest, **{"shop.sqlite3": b"no database" * 99})
    with pytest.raises(ShopRefused, match="not a shop database"):
        restore(foreign, tmp_path / "shop")
    assert not (tmp_path / "shop").exists()


@sqlite_only
def test_a_damaged_backup_is_not_restored(launch: _Launch, tmp_path: Path) -> None:
    launch(items=50).stop()
    back_up(tmp_path / "shop", tmp_path / "saved.tar")
    content = bytearray((tmp_path / "saved.tar").read_bytes())
    (tmp_path / "cut.tar").write_bytes(content[: len(content) // 2])
    with pytest.raises(BackupRefused, match="not a whole backup"):
        restore(tmp_path / "cut.tar", tmp_path / "again")
    content[200_000:260_000] = b"\xff" * 60_000
    (tmp_path / "bad.tar").write_bytes(content)
    with pytest.raises(BackupRefused, match=r"damaged at shop\.sqlite3\. Nothing was restored"):
        restore(tmp_path / "bad.tar", tmp_path / "again")
    assert not (tmp_path / "again").exists()


def _repacked(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """Write an archive anew with other contents, or without some."""
    with tarfile.open(source) as whole, tarfile.open(target, "w") as archive:
        for entry in whole:
            file = whole.extractfile(entry)
            content = change(entry.name, file.read()) if file else b""
            if content is not None:
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
    return target


@sqlite_only
def test_one_changed_bit_in_any_file_of_a_backup_is_named(launch: _Launch, tmp_path: Path) -> None:
    server = launch(items=3)
    _with_photo(server)
    server.stop()
    saved = tmp_path / "saved.tar"
    back_up(tmp_path / "shop", saved)
    with tarfile.open(saved) as archive:
        names = [entry.name for entry in archive if entry.isfile()]
    assert names[0] == "shop.sqlite3"
    assert names[-1] == "manifest.json"
    pictures = [name for name in names if name.startswith("media/")]
    assert pictures

    for number, spoilt in enumerate(("shop.sqlite3", pictures[-1])):

        def flip(name: str, content: bytes, spoilt: str = spoilt) -> bytes:
            return bytes([content[0] ^ 1]) + content[1:] if name == spoilt else content

        def drop(name: str, content: bytes, spoilt: str = spoilt) -> bytes | None:
            return None if name == spoilt else content

        for change in (flip, drop):
            bad = _repacked(saved, tmp_path / f"{number}-{change.__name__}.tar", change)
            with pytest.raises(BackupRefused, match=f"damaged at {spoilt}"):
                restore(bad, tmp_path / "again")
            assert not (tmp_path / "again").exists()


@sqlite_only
def test_a_backup_of_the_first_format_is_restored_and_its_database_checked(
    launch: _Launch, tmp_path: Path
) -> None:
    server = launch(items=3)
    uid = _with_photo(server)
    before = _shown(server, uid)
    server.stop()
    back_up(tmp_path / "shop", tmp_path / "saved.tar")
    old = b'{"format": 1, "database": "shop.sqlite3", "schema": 1}'

    def first(name: str, content: bytes) -> bytes:
        return old if name == "manifest.json" else content

    restore(_repacked(tmp_path / "saved.tar", tmp_path / "old.tar", first), tmp_path / "again")
    assert _shown(launch("again"), uid) == before

    def spoil(name: str, content: bytes) -> bytes:
        return (
            content[:9000] + bytes(4096) + content[13096:] if name == "shop.sqlite3" else first(name, content)
        )

    with pytest.raises(ShopRefused, match="damaged"):
        restore(_repacked(tmp_path / "saved.tar", tmp_path / "bad.tar", spoil), tmp_path / "third")
    assert not (tmp_path / "third").exists()


@sqlite_only
def test_a_folder_in_use_is_not_restored_into(launch: _Launch, tmp_path: Path) -> None:
    launch(items=3).stop()
    back_up(tmp_path / "shop", tmp_path / "saved.tar")
    with locked(ShopFolder(tmp_path / "again")), pytest.raises(ShopInUse):
        restore(tmp_path / "saved.tar", tmp_path / "again")
    restore(tmp_path / "saved.tar", tmp_path / "again")
    assert launch("again").api_key


@postgresql_only
def test_a_database_with_records_is_left_alone(launch: _Launch, tmp_path: Path) -> None:
    launch(items=5).stop()
    back_up(tmp_path / "shop", tmp_path / "saved.tar", database_for(tmp_path / "shop"))
    shutil.rmtree(tmp_path / "shop")
    with pytest.raises(DumpFailed, match="already exists"):
        restore(tmp_path / "saved.tar", tmp_path / "shop", database_for(tmp_path / "shop"))
    assert not (tmp_path / "shop").exists()
    assert _get(launch(), "/api/v1/inventory/").json()["count"] == 5
