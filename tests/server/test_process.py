"""The server as a real process: how it starts, talks, is shared by writers, and ends."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.fixture import CATALOGUE, ROOT, RunningServer, start_server

_PATIENCE = 30


def _call(server: RunningServer, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=_PATIENCE)
    try:
        sent = {"X-API-Key": server.api_key, "Content-Type": "application/json", **headers}
        connection.request(method, path, json.dumps(body) if body is not None else None, sent)
        response = connection.getresponse()
        content = response.read()
        return response.status, json.loads(content) if content else None
    finally:
        connection.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for the tests that only need some server."""
    with start_server(tmp_path_factory.mktemp("process") / "shop") as running:
        yield running


def _gone(pid: int) -> bool:
    """Tell whether a process has ended (a zombie has)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def test_an_empty_folder_becomes_an_empty_shop(launch: Callable[..., RunningServer]) -> None:
    server = launch()
    assert _call(server, "GET", "/api/health/") == (200, {"status": "ok"})
    for path in ("inventory", "products", "orders"):
        assert _call(server, "GET", f"/api/v1/{path}/")[1]["count"] == 0
    assert _call(server, "GET", "/api/v1/user/me/")[0] == 200
    assert server.stop() == 0


def test_a_restart_keeps_the_records_and_replaces_the_key(launch: Callable[..., RunningServer]) -> None:
    server = launch()
    _, made = _call(server, "POST", "/api/v1/api-keys/", {"name": "Lasting"})
    _, product = _call(server, "POST", "/api/v1/products/", {"title": "Aja"})
    old_key, old_port = server.api_key, server.port
    server.kill()
    server.restart()
    assert server.port == old_port
    assert server.api_key != old_key
    path = f"/api/v1/products/{product['uid']}/"
    assert _call(server, "GET", path)[1]["title"] == "Aja"
    assert _call(server, "GET", path, **{"X-API-Key": old_key})[0] == 401
    assert _call(server, "GET", path, **{"X-API-Key": made["key"]})[0] == 200
    names = [row["name"] for row in _call(server, "GET", "/api/v1/api-keys/")[1]["results"]]
    assert sorted(names) == ["Lasting", "This computer"]


def test_exposure_holds_on_the_wire(server: RunningServer) -> None:
    assert _call(server, "GET", "/api/health/", Host="evil.example")[0] == 400
    assert _call(server, "GET", "/api/health/", Host=f"127.0.0.1:{server.port + 1}")[0] == 400
    assert _call(server, "GET", "/api/health/", Host=f"localhost:{server.port}")[0] == 200
    assert _call(server, "GET", "/api/v1/inventory/", Origin="https://evil.example")[0] == 403
    assert _call(server, "GET", "/api/v1/inventory/", **{"X-API-Key": "wrong"})[0] == 401


def test_the_connection_stays_open_between_answers(server: RunningServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=_PATIENCE)
    connection.connect()
    first = connection.sock
    for method in ("GET", "HEAD", "GET"):
        connection.request(method, "/api/health/")
        connection.getresponse().read()
    assert connection.sock is first
    connection.close()


def test_a_key_from_the_parent_is_not_printed(tmp_path: Path) -> None:
    key = "ik_" + "a1" * 20
    process = subprocess.Popen(
        [sys.executable, "-m", "instica_desktop.server", "--data", str(tmp_path / "shop"), "--parent-pipe"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(key + "\n")
    process.stdin.flush()
    base_url = process.stdout.readline().strip().removeprefix("base_url=")
    server = RunningServer(tmp_path / "shop", base_url, key, process)
    assert _call(server, "GET", "/api/v1/user/me/")[0] == 200
    process.stdin.close()  # the parent's pipe ends, so does the server, without having said more
    assert process.stdout.read() == ""
    assert process.wait(_PATIENCE) == 0
    process.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_server_dies_with_a_killed_parent(tmp_path: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from tests.server.fixture import start_server;"
        f"s = start_server(Path({str(tmp_path / 'shop')!r})); print(s.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline().split()[0])
    assert not _gone(pid)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait(_PATIENCE)
    waited = threading.Event()
    for _ in range(_PATIENCE * 20):
        if _gone(pid):
            break
        waited.wait(0.05)
    assert _gone(pid)
    parent.stdout.close()


def test_a_useless_key_and_a_taken_port_are_refused(tmp_path: Path, server: RunningServer) -> None:
    def run(port: int, line: str) -> subprocess.CompletedProcess[str]:
        arguments = ["--data", str(tmp_path / "other"), "--port", str(port), "--parent-pipe"]
        return subprocess.run(
            [sys.executable, "-m", "instica_desktop.server", *arguments],
            cwd=ROOT,
            input=line,
            capture_output=True,
            encoding="utf-8",
            timeout=_PATIENCE,
            check=False,
        )

    weak = run(0, "short\n")
    assert (weak.returncode, weak.stdout) == (2, "")
    assert "too short" in weak.stderr
    taken = run(server.port, "\n")
    assert taken.returncode == 2
    assert "Traceback" not in taken.stderr


def test_two_writers_lose_nothing(server: RunningServer) -> None:
    _, product = _call(server, "POST", "/api/v1/products/", {"title": "Aja"})
    failed: list[tuple[int, Any]] = []

    def write(number: int) -> None:
        for count in range(12):
            body = {"product": product["uid"], "manual_sku": f"{number}-{count}", "status": "received"}
            answer = _call(server, "POST", "/api/v1/inventory/", body)
            if answer[0] != 201:
                failed.append(answer)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    _, record = _call(server, "GET", f"/api/v1/products/{product['uid']}/")
    assert record["total_inventory_count"] == 48
    assert record["available_inventory_count"] == 48


def test_racing_with_one_key_makes_one_record(server: RunningServer) -> None:
    answers: list[tuple[int, Any]] = []

    def post() -> None:
        headers = {"Idempotency-Key": "race"}
        answers.append(_call(server, "POST", "/api/v1/products/", {"title": "Racing"}, **headers))

    racers = [threading.Thread(target=post) for _ in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert {status for status, _ in answers} == {201}
    assert len({record["uid"] for _, record in answers}) == 1
    assert _call(server, "GET", "/api/v1/products/?search=racing")[1]["count"] == 1


def test_of_two_changes_with_one_tag_one_wins(server: RunningServer) -> None:
    _, product = _call(server, "POST", "/api/v1/products/", {"title": "Aja"})
    path = f"/api/v1/products/{product['uid']}/"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=_PATIENCE)
    connection.request("GET", path, headers={"X-API-Key": server.api_key})
    response = connection.getresponse()
    response.read()
    tag = response.getheader("ETag") or ""
    connection.close()
    statuses: list[int] = []

    def change(title: str) -> None:
        statuses.append(_call(server, "PATCH", path, {"title": title}, **{"If-Match": tag})[0])

    racers = [threading.Thread(target=change, args=(f"Title {number}",)) for number in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(statuses) == [200, 412, 412, 412]


def test_importing_the_entry_points_does_not_import_django() -> None:
    code = "import sys, instica_desktop.server.main; print('django' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    assert found.stdout.strip() == "False"


def test_seeding_by_itself(tmp_path: Path) -> None:
    arguments = [
        "--data",
        str(tmp_path / "shop"),
        "--catalogue",
        str(CATALOGUE),
        "--items",
        "20",
        "--seed-only",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "instica_desktop.server", *arguments],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "items=20" in done.stdout


_SWALLOWED = """
import os, signal, time
from instica_desktop.server.main import Ending

class Fleeting:
    def __del__(self):  # whatever is raised in here goes nowhere
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.1)

Ending(grace=0.2).listen()
gone = Fleeting()
del gone
print("still here", flush=True)
while True:
    time.sleep(0.02)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM cannot be caught there")
def test_a_stop_that_was_swallowed_is_asked_for_again() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SWALLOWED], cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
    )
    assert (done.returncode, done.stdout) == (0, "still here\n")
    assert "SystemExit" in done.stderr  # the first one
