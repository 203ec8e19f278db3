"""What a second worker process brings: answers a second of two workers, divided by those of one.

The clients run on the same machine and take their share of it: with two cores expect less than 2.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

_HOST = "shop.example"
_CLIENTS = 8
_REQUESTS = 30
_SERVER = [sys.executable, "-m", "instica_desktop.server"]


def _environment(database: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": database}


def _key(folder: Path, database: str) -> str:
    command = [*_SERVER, "--data", str(folder), "--make-key", "Measurement"]
    said = subprocess.check_output(command, env=_environment(database), encoding="utf-8")
    return said.strip().partition("=")[2]


def _ask(address: str, key: str) -> None:
    with httpx.Client(base_url=address, headers={"Host": _HOST, "X-API-Key": key}, timeout=60) as client:
        for page in range(1, _REQUESTS + 1):
            client.get("/api/v1/inventory/", params={"page": page, "page_size": 25}).raise_for_status()


def answers_a_second(folder: Path, database: str, workers: int) -> float:
    """Start a team's server with so many workers and ask it from several clients at once."""
    key = _key(folder, database)
    options = ["--team", "--allowed-host", _HOST, "--bind", "127.0.0.1:0", "--workers", str(workers)]
    command = [*_SERVER, "--data", str(folder), *options]
    with subprocess.Popen(
        command, env=_environment(database), stdout=subprocess.PIPE, encoding="utf-8"
    ) as server:
        assert server.stdout is not None
        address = "http://" + server.stdout.readline().strip().partition("=")[2]
        with ThreadPoolExecutor(_CLIENTS) as pool:
            list(pool.map(_ask, [address] * _CLIENTS, [key] * _CLIENTS))  # warm
            started = time.perf_counter()
            list(pool.map(_ask, [address] * _CLIENTS, [key] * _CLIENTS))
            taken = time.perf_counter() - started
        server.terminate()
    return _CLIENTS * _REQUESTS / taken


def ratio_of_two_workers(folder: Path, database: str) -> float:
    """Return how much more two worker processes answer than one. Unthrottled."""
    (folder / "server.toml").write_text("requests_per_minute = 0\n", encoding="utf-8")
    one, two = (answers_a_second(folder, database, workers) for workers in (1, 2))
    print(f"answers a second: one worker {one:.0f}, two workers {two:.0f}")
    return two / one
