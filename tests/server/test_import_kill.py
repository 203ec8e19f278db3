"""Imports by a real server process: killed half-way, stopped, cancelled; the counts are exact each time."""

import http.client
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.server.fixture import RunningServer

_PATIENCE = 150


def call(server: RunningServer, method: str, path: str, body: bytes | None = None, kind: str = "") -> Any:
    """Send one request below /api/v1/; return the decoded answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"X-API-Key": server.api_key, **({"Content-Type": kind} if kind else {})}
    connection.request(method, f"/api/v1/{path}", body, headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    assert response.status < 300, (response.status, content)
    return json.loads(content)


def upload(server: RunningServer, table: str, **fields: str) -> str:
    """Send a table to be imported; return the uid of the job."""
    boundary = uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in {"currency": "USD", **fields}.items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="t.csv"\r\n'
        f"Content-Type: text/csv\r\n\r\n{table}\r\n--{boundary}--\r\n"
    )
    kind = f"multipart/form-data; boundary={boundary}"
    return call(server, "POST", "inventory/import/", "".join(parts).encode(), kind)["uid"]


def until(server: RunningServer, job: str, reached: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Ask until a job has got somewhere; return how it stands then."""
    end = time.monotonic() + _PATIENCE
    while True:
        found = call(server, "GET", f"inventory/import/{job}/")
        if reached(found):
            return found
        assert time.monotonic() < end, found
        time.sleep(0.05)


def ended(job: dict[str, Any]) -> bool:
    return job["status"] not in ("queued", "running")


def table_of(count: int) -> str:
    """Return a table of so many copies of a few releases; every hundredth is refused."""
    lines = ["title,artist,catalog_number,sku,price,status"]
    for number in range(count):
        price = "-1" if number % 100 == 99 else "12.50"
        lines.append(f"Title {number % 40},Artist,CAT {number % 40},IN-{number:06d},{price},received")
    return "\n".join(lines) + "\n"


def skus(server: RunningServer) -> list[str]:
    """Return the SKUs of all items."""
    found: list[str] = []
    page = 1
    while True:
        answer = call(server, "GET", f"inventory/?page_size=100&page={page}&ordering=manual_sku")
        found += [item["manual_sku"] for item in answer["results"]]
        if answer["next"] is None:
            return found
        page += 1


@pytest.mark.timeout(300)
@pytest.mark.parametrize("count", [800, pytest.param(4000, marks=pytest.mark.long)])
def test_a_kill_half_way_loses_and_doubles_nothing(launch: Callable[..., RunningServer], count: int) -> None:
    server = launch()
    job = upload(server, table_of(count))
    killed_at = []
    for share in (0.2, 0.5):
        before = until(server, job, lambda found, share=share: found["processed"] >= count * share)
        assert before["status"] == "running"
        killed_at.append(before["processed"])
        server.kill()
        server.restart()
        assert call(server, "GET", f"inventory/import/{job}/")["processed"] >= before["processed"]
    found = until(server, job, ended)
    assert (found["status"], found["total"], found["processed"]) == ("succeeded", count, count)
    assert (found["created"], found["error_count"]) == (count - count // 100, count // 100)
    assert [error["row"] for error in found["errors"]] == list(range(101, count + 2, 100))
    wanted = [f"IN-{number:06d}" for number in range(count) if number % 100 != 99]
    assert skus(server) == wanted
    assert call(server, "GET", "products/")["count"] == 40
    assert killed_at == sorted(killed_at)


def test_a_stop_half_way_is_gone_on_with(launch: Callable[..., RunningServer]) -> None:
    server = launch()
    job = upload(server, table_of(400))
    until(server, job, lambda found: found["processed"] >= 100)
    assert server.stop() == 0
    server.restart()
    assert until(server, job, ended)["created"] == 396
    assert len(skus(server)) == 396


def test_a_cancelled_import_keeps_what_it_did(launch: Callable[..., RunningServer]) -> None:
    server = launch()
    job = upload(server, table_of(3000))
    until(server, job, lambda found: found["processed"] >= 100)
    call(server, "POST", f"inventory/import/{job}/cancel/")
    found = until(server, job, ended)
    assert found["status"] == "cancelled"
    assert found["processed"] < 3000
    assert len(skus(server)) == found["created"]


def test_others_write_while_an_import_runs(launch: Callable[..., RunningServer]) -> None:
    server = launch()
    job = upload(server, table_of(1500))
    until(server, job, lambda found: found["processed"] >= 100)
    body = json.dumps({"title": "By hand"}).encode()
    for _ in range(5):
        call(server, "POST", "products/", body, "application/json")
    assert not ended(call(server, "GET", f"inventory/import/{job}/"))
    call(server, "POST", f"inventory/import/{job}/cancel/")
    until(server, job, ended)
