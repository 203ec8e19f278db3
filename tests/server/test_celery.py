"""Jobs done by Celery's workers: a real broker, two real workers on one database, one killed at work."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.server.brokers import BROKERS
from tests.server.fixture import ROOT
from tests.server.test_import_kill import table_of

_PATIENCE = 150
_LEASE_SECONDS = 3

pytestmark = pytest.mark.timeout(300)

_ENQUEUE = """
import sys
from pathlib import Path
from instica_desktop.server.settings import configure
from instica_desktop.server.storage.database import open_database
from instica_desktop.server.storage.folder import ShopFolder
folder = ShopFolder(Path(sys.argv[1]))
folder.prepare()
configure(folder.root, hosts=(), jobs="celery", broker=sys.argv[2])
open_database(folder)
from instica_desktop.server.operations.jobs import enqueue
from instica_desktop.server.shop import ensure_owner
from instica_desktop.server.storage.transactions import writing
(folder.jobs / "table.csv").write_text(sys.stdin.read(), encoding="utf-8")
columns = {"title": "product_title", "artist": "artist", "sku": "manual_sku", "price": "price_item_usd"}
mapping = {field: column for column, field in columns.items()}
payload = {"mapping": mapping, "mode": "create", "dry_run": False, "currency": "USD"}
with writing():
    enqueue(ensure_owner().organization, "csv_import", payload, file="table.csv")
"""


def _until(reached: Callable[[], Any]) -> Any:
    """Ask until the answer is true; return it."""
    end = time.monotonic() + _PATIENCE
    while not (found := reached()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


Spawn = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def spawn(tmp_path: Path) -> Iterator[Spawn]:
    """Start processes that end with the test."""
    running: list[subprocess.Popen[bytes]] = []

    def start(*command: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        with (tmp_path / f"{len(running)}.log").open("wb") as log:
            running.append(
                subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=subprocess.STDOUT)
            )
        return running[-1]

    yield start
    for process in reversed(running):
        process.kill()
        process.wait(30)


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Run a broker that keeps nothing; gives its URL."""
    folder = tmp_path / "broker"
    folder.mkdir()
    with request.param(folder) as url:
        yield url


def _enqueue(shop: Path, broker: str, count: int) -> None:
    subprocess.run(
        [sys.executable, "-c", _ENQUEUE, str(shop), broker],
        input=table_of(count).encode(),
        cwd=ROOT,
        check=True,
        timeout=_PATIENCE,
    )


def _worker(spawn: Spawn, shop: Path, broker: str) -> subprocess.Popen[bytes]:
    module = [sys.executable, "-m", "instica_desktop.server.jobs", "--data", str(shop), "--broker", broker]
    return spawn(*module, "--pool", "solo", "--lease", str(_LEASE_SECONDS))


def _read(shop: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(shop / "shop.sqlite3", timeout=60)) as connection:
        return connection.execute(query).fetchall()


def _job(shop: Path) -> dict[str, Any]:
    names = ("status", "processed", "created_count", "error_count", "lease_by", "attempts")
    return dict(zip(names, _read(shop, f"SELECT {', '.join(names)} FROM shop_job")[0], strict=True))


@pytest.mark.parametrize("count", [3_000, pytest.param(40_000, marks=pytest.mark.long)])
def test_a_worker_killed_at_work_is_replaced_by_the_other(
    tmp_path: Path, spawn: Spawn, broker: str, count: int
) -> None:
    shop = tmp_path / "shop"
    _enqueue(shop, broker, count)
    workers = {worker.pid: worker for worker in (_worker(spawn, shop, broker) for _ in range(2))}
    _until(lambda: _job(shop)["processed"] >= count * 0.3)
    _until(lambda: len(_read(shop, "SELECT 1 FROM shop_jobhand")) == 2)  # both are at it
    at_work = int(_job(shop)["lease_by"].split(":")[1])
    workers[at_work].send_signal(signal.SIGKILL)
    workers[at_work].wait(30)
    left = _job(shop)
    assert (left["status"], left["processed"] < count) == ("running", True)
    _until(lambda: _job(shop)["status"] != "running")
    done = _job(shop)
    assert (done["status"], done["processed"]) == ("succeeded", count)
    assert (done["created_count"], done["error_count"]) == (count - count // 100, count // 100)
    found = [sku for (sku,) in _read(shop, "SELECT manual_sku FROM shop_item ORDER BY manual_sku")]
    assert found == [f"IN-{number:06d}" for number in range(count) if number % 100 != 99]
    assert _read(shop, "SELECT COUNT(*) FROM shop_product") == [(40,)]
    assert list((shop / "jobs").iterdir()) == []


def test_a_job_asked_for_without_a_broker_is_found_later(tmp_path: Path, spawn: Spawn, broker: str) -> None:
    shop = tmp_path / "shop"
    nobody = f"{urlsplit(broker).scheme}://127.0.0.1:9//"
    _enqueue(shop, nobody, 20)
    assert _job(shop)["status"] == "queued"
    _worker(spawn, shop, broker)
    _until(lambda: _job(shop)["status"] == "succeeded")
    assert _read(shop, "SELECT COUNT(*) FROM shop_item") == [(20,)]
