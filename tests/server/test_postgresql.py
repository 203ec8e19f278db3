"""The same answers on PostgreSQL: part of this folder's tests run there too, where one is installed.

`make test-postgresql` runs all of them; what is only about PostgreSQL stands here as well.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from instica_desktop.server.storage.engines import UnusableAddress, database_settings
from instica_desktop.server.storage.folder import ShopFolder
from tests.server.databases import CLUSTER, connect, database_for, postgresql_only, sqlite_only
from tests.server.fixture import ROOT, RunningServer, ServerFailed
from tests.server.shop import Shop

_SCRIPT = ROOT / "scripts" / "postgres.sh"
_SHORT = ("test_lists.py", "test_tags.py", "test_postgresql.py")


def _installed() -> bool:
    if sys.platform != "linux":
        return False
    return subprocess.run([_SCRIPT, "--found"], capture_output=True, check=False).returncode == 0


@sqlite_only
@pytest.mark.timeout(120)
@pytest.mark.skipif(not _installed(), reason="PostgreSQL is not installed")
def test_lists_and_search_answer_alike() -> None:
    paths = [f"tests/server/{name}" for name in _SHORT]
    quick = ("-k", "not few_queries")  # what is long is left to `make test-postgresql`
    command = [_SCRIPT, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *quick, *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "address", ["shop", "mysql://a:b@c/d", "postgres://a:secret@host", "postgres://[::1/x"]
)
def test_an_unusable_address_is_named_without_its_password(tmp_path: Path, address: str) -> None:
    with pytest.raises(UnusableAddress, match="postgres://user:password@host") as caught:
        database_settings(ShopFolder(tmp_path), address)
    assert "secret" not in str(caught.value)


@postgresql_only
def test_every_text_sorts_by_code_point(shop: Shop) -> None:
    connection = connect(shop.data_dir)
    other = connection.execute(
        "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " JOIN pg_collation l ON l.oid = a.attcollation"
        " WHERE c.relname LIKE 'shop\\_%' AND c.relkind = 'r' AND l.collname <> 'C' AND a.attnum > 0"
    ).fetchall()
    connection.close()
    assert other == []


@postgresql_only
def test_a_newer_database_is_refused(launch: Callable[..., RunningServer], tmp_path: Path) -> None:
    launch().stop()
    connection = connect(tmp_path / "shop")
    connection.execute(
        "INSERT INTO django_migrations(app, name, applied) VALUES ('shop', '9999_later', now())"
    )
    connection.close()
    with pytest.raises(ServerFailed, match="newer version"):
        launch()


@postgresql_only
def test_two_servers_serve_one_database(launch: Callable[..., RunningServer], tmp_path: Path) -> None:
    import httpx

    one, two = launch(items=5), launch()
    assert database_for(tmp_path / "shop") != CLUSTER
    for server in (one, two):
        # The key of the later start is the one that counts for both.
        answer = httpx.get(f"{server.base_url}/api/v1/inventory/", headers={"X-API-Key": two.api_key})
        assert answer.json()["count"] == 5


@postgresql_only
def test_writes_of_one_organization_wait_for_each_other_and_others_do_not(
    shop: Shop, other_shop: Shop
) -> None:
    from django.db import connection as ours

    from instica_desktop.server.storage.transactions import writing

    def free(organization: int | None) -> bool:
        probe = connect(shop.data_dir)
        sql = "SELECT pg_try_advisory_lock(%s, %s)"
        held = probe.execute(sql, [0x494E5343, organization or 0]).fetchone()[0]
        probe.close()
        return held

    with writing(shop.organization.pk):
        assert ours.in_atomic_block
        assert not free(shop.organization.pk)
        assert free(other_shop.organization.pk)
        assert not free(None)
        with writing():  # a savepoint of the one that holds the lock
            assert free(other_shop.organization.pk)
    assert free(shop.organization.pk)
    with writing():
        assert not free(None)
