"""The server of a team: what it refuses to start without, its key and secret, several processes at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.server.databases import postgresql_only
from tests.server.fixture import ROOT, environment
from tests.server.shop import picture

_PATIENCE = 60
_HOST = "shop.example"


def _command(data: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "instica_desktop.server", "--data", str(data), *arguments]


def _run(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(data, *arguments),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=_PATIENCE,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "address", "said"),
    [
        (["--team", "--allowed-host", _HOST], "", "DATABASE_URL"),
        (["--team"], "postgres://a@127.0.0.1:1/shop", "--allowed-host"),
        (["--team", "--allowed-host", _HOST], "postgres://a:secret@127.0.0.1:1/shop", "cannot be reached"),
        (["--team", "--allowed-host", _HOST], "sqlite:///x", "must look like"),
        (["--make-key", "Till"], "", "DATABASE_URL"),
        (["--team", "--allowed-host", "*"], "", "is not a host name"),
        (["--team", "--allowed-host", "https://shop.example"], "", "is not a host name"),
        (["--team", "--bind", "8000"], "", "is not HOST:PORT"),
        (["--team", "--workers", "0"], "", "from 1 to 64"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, arguments: list[str], address: str, said: str) -> None:
    done = _run(tmp_path / "shop", *arguments, DATABASE_URL=address)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret@" not in done.stderr


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    from instica_desktop.server.team import _secret  # pyright: ignore[reportPrivateUsage]

    first = _secret(tmp_path / "secret")
    assert len(first) >= 48
    assert _secret(tmp_path / "secret") == first
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder the team's servers share."""
    return tmp_path_factory.mktemp("team") / "shop"


@pytest.fixture(scope="module")
def team(data: Path) -> Iterator[tuple[str, str]]:
    """Two servers with two workers each on one folder and database: the address of each."""
    running: list[subprocess.Popen[str]] = []
    addresses: list[str] = []
    for _ in range(2):
        command = _command(data, "--team", "--allowed-host", _HOST, "--bind", "127.0.0.1:0")
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(data), stdout=subprocess.PIPE, encoding="utf-8"
        )
        running.append(process)
        assert process.stdout is not None
        addresses.append("http://" + process.stdout.readline().strip().removeprefix("listening="))
    yield addresses[0], addresses[1]
    for process in running:
        process.terminate()
        assert process.wait(_PATIENCE) == 0
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture(scope="module")
def key(team: tuple[str, str], data: Path) -> str:
    """A key made by the command; it is printed once and works on both servers."""
    done = _run(data, "--make-key", "Till", DATABASE_URL=environment(data)["DATABASE_URL"])
    assert done.returncode == 0, done.stderr
    name, _, value = done.stdout.strip().partition("=")
    assert name == "api_key"
    return value


def _client(address: str, key: str, **headers: str) -> httpx.Client:
    return httpx.Client(
        base_url=f"{address}/api/v1/", headers={"Host": _HOST, "X-API-Key": key, **headers}, timeout=_PATIENCE
    )


@postgresql_only
def test_what_one_server_writes_the_other_shows(team: tuple[str, str], key: str) -> None:
    with _client(team[0], key) as one, _client(team[1], key) as two:
        product = one.post("products/", json={"title": "Aja"}).json()
        item = two.post("inventory/", json={"product": product["uid"]}).json()
        sent = two.post(f"inventory/{item['uid']}/assets/", files={"image": ("a.png", picture())}).json()
        shown = one.get(sent["image"].replace(f"http://{_HOST}", team[0]))
        assert shown.headers["Content-Type"] == "image/png"
        assert one.get(f"products/{product['uid']}/").json()["total_inventory_count"] == 1


@postgresql_only
def test_one_key_sent_to_both_makes_one_record(team: tuple[str, str], key: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def post(number: int) -> str:
        with _client(team[number % 2], key, **{"Idempotency-Key": "race"}) as client:
            return client.post("products/", json={"title": "Racing"}).raise_for_status().json()["uid"]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(post, range(8)))) == 1


@postgresql_only
def test_writers_on_both_servers_lose_nothing(team: tuple[str, str], key: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with _client(team[0], key) as client:
        uid = client.post("products/", json={"title": "Counted"}).json()["uid"]

    def write(number: int) -> None:
        with _client(team[number % 2], key) as client:
            for _ in range(5):
                client.post("inventory/", json={"product": uid, "status": "received"}).raise_for_status()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with _client(team[1], key) as client:
        assert client.get(f"products/{uid}/").json()["available_inventory_count"] == 40


@postgresql_only
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": f"http://{_HOST}"}, 200),
        ({"Origin": f"https://{_HOST}"}, 403),
        ({"Origin": f"https://{_HOST}", "X-Forwarded-Proto": "https"}, 200),
        ({"Origin": "https://evil.example", "X-Forwarded-Proto": "https"}, 403),
        ({"Host": "evil.example"}, 400),
        ({"Host": "127.0.0.1"}, 400),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"X-API-Key": "ik_wrong"}, 401),
    ],
)
def test_who_may_ask(team: tuple[str, str], key: str, headers: dict[str, str], status: int) -> None:
    with _client(team[0], key, **headers) as client:
        assert client.get("inventory/").status_code == status


@postgresql_only
def test_links_follow_the_proxys_scheme(team: tuple[str, str], key: str) -> None:
    with _client(team[0], key, **{"X-Forwarded-Proto": "https"}) as client:
        for title in ("One", "Two"):
            client.post("products/", json={"title": title}).raise_for_status()
        assert client.get("products/?page_size=1").json()["next"].startswith(f"https://{_HOST}/api/v1/")
