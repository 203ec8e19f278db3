"""The database file: versions, refusals, backups, migrations, permissions, pragmas."""

import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from instica_desktop.server.storage.database import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    ShopRefused,
    back_up,
    check_versions,
    read_versions,
)
from instica_desktop.server.storage.engines import journal_mode
from instica_desktop.server.storage.folder import ShopFolder, ShopInUse, locked, write_private
from tests.server.databases import sqlite_only
from tests.server.fixture import ROOT, RunningServer, ServerFailed
from tests.server.shop import Shop


def _file(path: Path, version: int, application: int = APPLICATION_ID) -> Path:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t(a)")
        connection.execute("INSERT INTO t VALUES (1)")
        connection.execute(f"PRAGMA application_id={application}")
        connection.execute(f"PRAGMA user_version={version}")
    connection.close()
    return path


def test_the_schema_version_is_the_number_of_the_last_migration(shop: Shop) -> None:
    from django.db.migrations.loader import MigrationLoader

    (leaf,) = MigrationLoader(None).graph.leaf_nodes("shop")
    assert int(leaf[1][:4]) == SCHEMA_VERSION


def test_no_migration_is_missing(shop: Shop) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "shop", check=True, dry_run=True, verbosity=0)


@sqlite_only
def test_the_file_carries_our_marks(shop: Shop) -> None:
    assert read_versions(shop.data_dir / "shop.sqlite3") == (APPLICATION_ID, SCHEMA_VERSION)


@sqlite_only
def test_the_connection_is_as_careful_as_promised(shop: Shop) -> None:
    from django.db import connection

    def pragma(name: str) -> object:
        with connection.cursor() as cursor:
            return cursor.execute(f"PRAGMA {name}").fetchone()[0]

    assert pragma("journal_mode") == journal_mode().lower()
    assert pragma("synchronous") == 2
    assert pragma("foreign_keys") == 1
    assert pragma("trusted_schema") == 0
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_wal_is_for_repaired_sqlite_only() -> None:
    assert journal_mode((3, 40, 1)) == "TRUNCATE"
    assert journal_mode((3, 51, 2)) == "TRUNCATE"
    assert journal_mode((3, 51, 3)) == "WAL"


def test_versions_are_told_apart(tmp_path: Path) -> None:
    assert check_versions(tmp_path / "none") == 0
    (tmp_path / "empty").touch()
    assert check_versions(tmp_path / "empty") == 0
    assert check_versions(_file(tmp_path / "old", 1)) == 1
    with pytest.raises(ShopRefused, match="newer version"):
        check_versions(_file(tmp_path / "new", SCHEMA_VERSION + 1))
    with pytest.raises(ShopRefused, match="another program"):
        check_versions(_file(tmp_path / "other", 1, application=7))
    (tmp_path / "text").write_text("no database" * 20)
    with pytest.raises(ShopRefused, match="not a shop database"):
        check_versions(tmp_path / "text")


@sqlite_only
def test_a_newer_file_is_refused_without_changing_a_byte(
    tmp_path: Path, launch: Callable[..., RunningServer]
) -> None:
    data = tmp_path / "shop"
    data.mkdir()
    database = _file(data / "shop.sqlite3", SCHEMA_VERSION + 1)
    before = hashlib.sha256(database.read_bytes()).hexdigest(), database.stat().st_mtime_ns
    with pytest.raises(ServerFailed, match="newer version"):
        launch()
    assert (hashlib.sha256(database.read_bytes()).hexdigest(), database.stat().st_mtime_ns) == before


def test_a_backup_is_a_checked_private_copy(tmp_path: Path) -> None:
    folder = ShopFolder(tmp_path)
    folder.prepare()
    _file(folder.database, 1)
    copy = back_up(folder, 1)
    assert copy.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT a FROM t").fetchall() == [(1,)]
    connection.close()
    assert list(folder.backups.iterdir()) == [copy]


def test_a_damaged_file_is_never_kept_as_a_backup(tmp_path: Path) -> None:
    folder = ShopFolder(tmp_path)
    folder.prepare()
    with sqlite3.connect(folder.database) as connection:
        connection.execute("CREATE TABLE t(a)")
        connection.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 200)
    connection.close()
    content = bytearray(folder.database.read_bytes())
    content[4096 * 3 : 4096 * 4] = b"\xff" * 4096
    folder.database.write_bytes(content)
    with pytest.raises((ShopRefused, sqlite3.DatabaseError)):
        back_up(folder, 1)
    assert list(folder.backups.iterdir()) == []


_FIRST_SCHEMA = """
import sys
from pathlib import Path
from instica_desktop.server.settings import configure
from instica_desktop.server.storage.folder import ShopFolder
ShopFolder(Path(sys.argv[1])).prepare()
configure(Path(sys.argv[1]), hosts=())
from django.core.management import call_command
call_command("migrate", "shop", "0001", verbosity=0)
"""


@sqlite_only
def test_an_older_shop_is_backed_up_and_migrated(
    tmp_path: Path, launch: Callable[..., RunningServer]
) -> None:
    data = tmp_path / "shop"
    subprocess.run([sys.executable, "-c", _FIRST_SCHEMA, str(data)], cwd=ROOT, check=True)
    with sqlite3.connect(data / "shop.sqlite3") as connection:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA user_version=1")
    connection.close()
    launch().stop()
    assert read_versions(data / "shop.sqlite3") == (APPLICATION_ID, SCHEMA_VERSION)
    (backup,) = (data / "backups").iterdir()
    assert read_versions(backup) == (APPLICATION_ID, 1)
    assert "format1" in backup.name


@sqlite_only
def test_one_process_holds_the_folder(tmp_path: Path, launch: Callable[..., RunningServer]) -> None:
    server = launch()
    said = f"already open in another server \\(process {server.pid}\\)"
    with pytest.raises(ShopInUse, match=said), locked(ShopFolder(tmp_path / "shop")):
        pass
    with pytest.raises(ServerFailed, match="already open"):
        launch()
    server.kill()
    with locked(ShopFolder(tmp_path / "shop")):
        pass


@sqlite_only
def test_folder_and_files_are_private(tmp_path: Path, launch: Callable[..., RunningServer]) -> None:
    launch(items=5).stop()
    root = tmp_path / "shop"
    modes = {path: path.stat().st_mode & 0o777 for path in [root, *root.rglob("*")]}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    write_private(tmp_path / "a" / "b", b"one")
    write_private(tmp_path / "a" / "b", b"two")
    assert (tmp_path / "a" / "b").read_bytes() == b"two"
    with pytest.raises(TypeError):
        write_private(tmp_path / "a" / "b", "text")  # pyright: ignore[reportArgumentType]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]
    assert (tmp_path / "a" / "b").read_bytes() == b"two"


_THIRD_SCHEMA = """
import sys
from pathlib import Path
from instica_desktop.server.settings import configure
from instica_desktop.server.storage.folder import ShopFolder
ShopFolder(Path(sys.argv[1])).prepare()
configure(Path(sys.argv[1]), hosts=())
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
call_command("migrate", "shop", "0003", verbosity=0)
models = MigrationLoader(connection).project_state(("shop", "0003_subscriptions")).apps
organization = models.get_model("shop", "Organization").objects.create()
models.get_model("shop", "User").objects.create(organization=organization, username="owner")
tags = {"tags": ["Hard Bop"], "tag_keys": "\\nhard bop\\n", "organization": organization}
product = models.get_model("shop", "Product").objects.create(title="Blue Train", type="digital", **tags)
item = models.get_model("shop", "Item").objects.create(product=product, name="Blue Train", **tags)
with connection.cursor() as cursor:
    for kind, row in (("product", product), ("item", item)):
        words = "INSERT INTO shop_search_%s(rowid, words) VALUES (%d, 'blue train')" % (kind, row.pk)
        cursor.execute(words)
    cursor.execute("PRAGMA user_version=3")
    cursor.execute("PRAGMA application_id=%d" % int(sys.argv[2]))
"""


@sqlite_only
def test_tags_and_types_of_an_older_shop_are_found(
    tmp_path: Path, launch: Callable[..., RunningServer]
) -> None:
    command = [sys.executable, "-c", _THIRD_SCHEMA, str(tmp_path / "shop"), str(APPLICATION_ID)]
    subprocess.run(command, cwd=ROOT, check=True)
    server = launch()

    def count(query: str) -> int:
        address = f"{server.base_url}/api/v1/{query}"
        return httpx.get(address, headers={"X-API-Key": server.api_key}).json()["count"]

    assert count("inventory/?tags=hard bop") == count("products/?tags=rd b") == 1
    assert count("inventory/?search=blue tr") == count("products/?search=train") == 1
    assert count("inventory/?type=digital") == 1
    assert count("inventory/?tags=bop") == count("inventory/?type=physical") == 0
