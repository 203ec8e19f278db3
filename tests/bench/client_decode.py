"""A page of 100 items into typed records with their raw bytes, against `json.loads` of the same page.

python -m tests.bench.client_decode
"""

import json
import statistics
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from instica_desktop.api import Response
from instica_desktop.api.pages import page_of
from instica_desktop.core.models import InventoryItem
from tests.server.fixture import start_server

ROUNDS = 200


def seconds(act: Callable[[], object]) -> float:
    """Return how long one call takes: the median of many."""
    taken: list[float] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def fetched_page() -> bytes:
    """Return a page of 100 items as a real server sends it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        start_server(Path(folder) / "shop", items=300) as server,
    ):
        request = urllib.request.Request(
            f"{server.base_url}/api/v1/inventory/?page_size=100", headers={"X-API-Key": server.api_key}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()


def main() -> None:
    """Print both times in ms, and their ratio."""
    body = fetched_page()
    response = Response(200, {"content-type": "application/json"}, body)
    read = page_of(InventoryItem)
    assert len(read(response).records) == 100
    typed, plain = seconds(lambda: read(response)), seconds(lambda: json.loads(body))
    print(
        f"{len(body):,} bytes: typed with raw {1000 * typed:.2f} ms, json.loads {1000 * plain:.2f} ms, "
        f"{plain / typed:.2f} times as fast"
    )


if __name__ == "__main__":
    main()
