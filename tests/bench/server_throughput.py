"""What a second worker process brings: answers a second of two workers, divided by those of one.

PostgreSQL and the clients run on the same machine and take their share of it: with two cores expect much less
than 2. A quota (`cores`) gives each worker part of a core, so that nobody has to share.
"""

import http.client
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.cores import held_to

_HOST = "shop.example"
_CLIENTS = 8
_REQUESTS = 20
_SERVER = [sys.executable, "-m", "instica_desktop.server"]


def _environment(database: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database}


def _key(folder: Path, database: str) -> str:
    command = [*_SERVER, "--data", str(folder), "--make-key", "Measurement"]
    said = subprocess.check_output(command, env=_environment(database), encoding="utf-8")
    return said.strip().partition("=")[2]


def _ask(address: str, key: str) -> None:
    """Read pages of 100 items, and do nothing with them: the client shall cost as little as possible."""
    connection = http.client.HTTPConnection(address, timeout=60)
    for page in range(1, _REQUESTS + 1):
        headers = {"Host": _HOST, "X-API-Key": key}
        connection.request("GET", f"/api/v1/inventory/?page_size=100&page={page}", headers=headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"the server answers {answer.status}")
    connection.close()


def _workers_of(server: int) -> list[int]:
    children = Path(f"/proc/{server}/task/{server}/children").read_text()
    return [int(pid) for pid in children.split()]


def answers_a_second(folder: Path, database: str, workers: int, share: float | None) -> float:
    """Start a team's server with so many workers and ask it from several clients at once."""
    key = _key(folder, database)
    options = ["--team", "--allowed-host", _HOST, "--bind", "127.0.0.1:0", "--workers", str(workers)]
    command = [*_SERVER, "--data", str(folder), *options]
    with subprocess.Popen(
        command, env=_environment(database), stdout=subprocess.PIPE, encoding="utf-8"
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip().partition("=")[2]
        with ThreadPoolExecutor(_CLIENTS) as pool:
            list(pool.map(_ask, [address] * _CLIENTS, [key] * _CLIENTS))  # warm; then all workers are there
            with held_to(share, _workers_of(server.pid)):
                started = time.perf_counter()
                list(pool.map(_ask, [address] * _CLIENTS, [key] * _CLIENTS))
                taken = time.perf_counter() - started
        server.terminate()
    return _CLIENTS * _REQUESTS / taken


def ratio_of_two_workers(folder: Path, database: str, share: float | None = None) -> float:
    """Return how much more two workers answer than one, each held to a share of a core. Unthrottled."""
    (folder / "server.toml").write_text("requests_per_minute = 0\n", encoding="utf-8")
    one, two = (answers_a_second(folder, database, workers, share) for workers in (1, 2))
    print(f"answers a second: one worker {one:.0f}, two workers {two:.0f}")
    return two / one
