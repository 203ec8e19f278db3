"""The local shop's server as a child process: starts, comes back after a crash, ends with us."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from instica_desktop.app.local_server import LocalServer
from instica_desktop.core.errors import InUse, StoreError
from tests.server.fixture import ROOT

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def status(server: LocalServer, path: str = "/api/v1/inventory/", *, key: str | None = None) -> int:
    request = urllib.request.Request(
        server.address.base_url + path, headers={"X-API-Key": key or server.address.api_key}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def command_line(server: LocalServer) -> str:
    return Path(f"/proc/{server.pid}/cmdline").read_text()


def environment(server: LocalServer) -> list[str]:
    return Path(f"/proc/{server.pid}/environ").read_text().split("\0")


async def test_it_starts_with_the_key_it_was_given_and_stops(tmp_path: Path) -> None:
    server = LocalServer(tmp_path / "shop", tmp_path)
    await server.start()
    try:
        assert status(server) == 200
        assert status(server, key="ik_somebody_else") == 401
        assert server.address.api_key not in command_line(server)
    finally:
        await server.stop()
    assert server.pid is None
    with pytest.raises(OSError, match="refused"):
        status(server)


async def test_it_keeps_few_heaps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MALLOC_ARENA_MAX", raising=False)
    server = LocalServer(tmp_path / "shop", tmp_path)
    await server.start()
    try:
        assert "MALLOC_ARENA_MAX=2" in environment(server)
    finally:
        await server.stop()


async def test_its_log_is_private_and_one_of_an_older_version_becomes_so(tmp_path: Path) -> None:
    log = tmp_path / "local-server.log"
    log.touch()
    log.chmod(0o644)
    server = LocalServer(tmp_path / "shop", tmp_path)
    await server.start()
    try:
        assert log.stat().st_mode & 0o777 == 0o600
    finally:
        await server.stop()


@pytest.mark.parametrize("name", ["shop", "local-server.log"])
async def test_a_folder_or_log_that_cannot_be_written_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir() if name.endswith("log") else (tmp_path / name).write_text("not a folder")
    with pytest.raises(StoreError) as caught:
        await LocalServer(tmp_path / "shop", tmp_path).start()
    assert "could not be opened here" in caught.value.message
    assert str(tmp_path / name) in caught.value.details


async def test_it_comes_back_after_a_crash_with_the_same_address_and_key(tmp_path: Path) -> None:
    server = LocalServer(tmp_path / "shop", tmp_path)
    said: list[str] = []
    back = asyncio.Event()

    def heard(words: str) -> None:
        said.append(words)
        if server.restarts:
            back.set()

    server.on_event = heard
    await server.start()
    try:
        server.kill()
        async with asyncio.timeout(30):
            await back.wait()
        assert status(server) == 200
        assert "stopped unexpectedly" in said[0]
        assert "running again" in said[-1]
    finally:
        await server.stop()


async def test_it_stays_down_when_told_not_to_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard, ended = asyncio.Event(), LocalServer._ended  # pyright: ignore[reportPrivateUsage]

    def hear(server: LocalServer, *how: Any) -> None:
        ended(server, *how)
        heard.set()

    monkeypatch.setattr(LocalServer, "_ended", hear)
    server = LocalServer(tmp_path / "shop", tmp_path)
    await server.start()
    server.may_restart = False
    server.kill()
    async with asyncio.timeout(30):
        await heard.wait()
    assert server._restarting is None  # pyright: ignore[reportPrivateUsage]
    await server.stop()


async def test_a_second_one_on_the_same_shop_is_refused_in_words(tmp_path: Path) -> None:
    first = LocalServer(tmp_path / "shop", tmp_path)
    second = LocalServer(tmp_path / "shop", tmp_path)
    await first.start()
    try:
        with pytest.raises(InUse, match="already open"):
            await second.start()
    finally:
        await first.stop()


async def test_a_shop_that_cannot_be_opened_is_said_with_details(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir(mode=0o700)
    (tmp_path / "shop" / "shop.sqlite3").write_bytes(b"this is not a database" * 200)
    server = LocalServer(tmp_path / "shop", tmp_path)

    with pytest.raises(StoreError) as failure:
        await server.start()
    assert failure.value.details


OLDER = """
import sys
from pathlib import Path
from instica_desktop.server.settings import configure
from instica_desktop.server.storage import database
from instica_desktop.server.storage.folder import ShopFolder

folder = ShopFolder(Path(sys.argv[1]))
folder.prepare()
configure(folder.root, hosts=())
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

call_command("migrate", "shop", "0011", verbosity=0)
models = MigrationLoader(connection).project_state(("shop", "0011_shared_imports")).apps
shop = models.get_model("shop", "Organization").objects.create(slug="shop")
product = models.get_model("shop", "Product").objects.create(uid="p", organization=shop, title="Øre")
copies = models.get_model("shop", "Item").objects
for number in range(5):
    copies.create(uid=f"i{number}", organization=shop, product=product)
with connection.cursor() as cursor:
    cursor.execute(f"PRAGMA application_id={database.APPLICATION_ID}")
    cursor.execute("PRAGMA user_version=11")
"""


def older_shop(folder: Path) -> None:
    """Make the shop of a version that found and ordered records otherwise."""
    subprocess.run([sys.executable, "-c", OLDER, str(folder)], cwd=ROOT, check=True, timeout=60)


async def test_it_tells_how_far_it_is_while_it_brings_an_older_shop_up_to_date(tmp_path: Path) -> None:
    older_shop(tmp_path / "shop")
    server = LocalServer(tmp_path / "shop", tmp_path)
    shares: list[float] = []
    server.on_preparing = shares.append
    await server.start()
    try:
        assert shares[0] == 0.0
        assert shares[-1] == 1.0
        assert len(shares) > 2
        assert shares == sorted(shares)
        assert status(server) == 200
    finally:
        await server.stop()
    shares.clear()
    await server.start()
    await server.stop()
    assert not shares


async def test_an_update_that_is_broken_off_is_made_by_the_next_start(tmp_path: Path) -> None:
    older_shop(tmp_path / "shop")
    server = LocalServer(tmp_path / "shop", tmp_path)
    begun = asyncio.Event()
    server.on_preparing = lambda share: begun.set()
    starting = asyncio.create_task(server.start())
    await begun.wait()
    process = server._process
    assert process is not None
    await server.stop(timeout=60)
    assert process.returncode == 0, "it had to be killed"
    await asyncio.gather(starting, return_exceptions=True)
    await server.start()
    assert status(server, "/api/v1/inventory/?search=ore") == 200
    await server.stop()


PARENT = """
import asyncio, sys
from pathlib import Path
from instica_desktop.app.local_server import LocalServer

async def main():
    server = LocalServer(Path(sys.argv[1]), Path(sys.argv[2]))
    await server.start()
    print(server.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "shop"), str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while _runs(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


async def test_it_listens_where_it_did_last_time_unless_somebody_else_does(tmp_path: Path) -> None:
    first = LocalServer(tmp_path / "shop", tmp_path)
    await first.start()
    await first.stop()
    again = LocalServer(tmp_path / "shop", tmp_path)
    assert again.address.port == first.address.port
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", first.address.port))
        other.listen()
        assert LocalServer(tmp_path / "shop", tmp_path).address.port != first.address.port
    (tmp_path / "shop.port").write_text("nonsense")
    assert LocalServer(tmp_path / "shop", tmp_path).address.port > 0
