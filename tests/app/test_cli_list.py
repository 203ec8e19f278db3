"""`list`, `doctor`, `seed` and `serve` as scripts use them: real processes, a real server."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.fixture import ROOT, RunningServer, start_server
from tests.support.fault_proxy import Answer, FaultProxy


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with start_server(tmp_path_factory.mktemp("shop") / "data", items=260) as running:
        yield running


def run(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "instica_desktop", *arguments],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def keys(server: RunningServer) -> dict[str, str]:
    return {"INSTICA_BASE_URL": server.base_url, "INSTICA_API_KEY": server.api_key}


def listed(result: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert result.stdout.startswith("["), result.stderr
    return json.loads(result.stdout)


def test_all_matching_records_come_as_one_array(server: RunningServer, tmp_path: Path) -> None:
    result = run("--profile", str(tmp_path), "list", "inventory", "--json", env=keys(server))

    records = listed(result)
    assert result.returncode == 0
    assert len(records) == len({record["uid"] for record in records}) == 260
    assert [record["created"] for record in records] == sorted(
        (record["created"] for record in records), reverse=True
    )


def test_search_status_ordering_and_limit(server: RunningServer, tmp_path: Path) -> None:
    common = ("--profile", str(tmp_path), "list", "inventory", "--json")
    cheap = listed(
        run(
            *common,
            "--status",
            "listed,sold",
            "--ordering",
            "price_total_usd",
            "--limit",
            "7",
            env=keys(server),
        )
    )

    assert len(cheap) == 7
    assert {record["status"] for record in cheap} <= {"listed", "sold"}
    prices = [float(record["price_total_usd"]) for record in cheap]
    assert prices == sorted(prices)


def test_without_the_server_the_copy_answers_with_a_warning(tmp_path: Path) -> None:
    profile = str(tmp_path / "profile")
    with start_server(tmp_path / "data", items=120) as server:
        env = keys(server)
        online = listed(run("--profile", profile, "list", "inventory", "--json", env=env))

    offline = run("--profile", profile, "list", "inventory", "--json", env=env)
    asked_for = run("--profile", profile, "list", "inventory", "--json", "--offline", env=env)

    assert offline.returncode == 4
    assert "Warning" in offline.stderr
    assert [record["uid"] for record in listed(offline)] == [record["uid"] for record in online]
    assert listed(offline) == online
    assert (asked_for.returncode, asked_for.stderr) == (0, "")
    assert listed(asked_for) == online


def test_unreachable_with_nothing_cached(tmp_path: Path) -> None:
    env = {"INSTICA_BASE_URL": "http://127.0.0.1:9", "INSTICA_API_KEY": "ik_nobody_listens"}

    result = run("--profile", str(tmp_path), "list", "orders", "--json", env=env)

    assert (result.returncode, result.stdout) == (3, "")
    assert "ik_nobody_listens" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("list", "inventory", "--ordering", "colour"), 2, "no ordering of inventory"),
        (("list", "orders", "--tags", "jazz"), 2, "cannot be filtered by tags"),
        (("list", "inventory", "--status", "on-fire"), 1, "on-fire"),
        (("list", "records"), 2, "invalid choice"),
        (("list", "inventory", "--limit", "-3"), 2, "whole number"),
        (("serve", "--data", "x", "--port", "70000"), 2, "not a port"),
    ],
)
def test_wrong_usage_says_what_is_wrong(
    server: RunningServer, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    result = run("--profile", str(tmp_path), *arguments, env=keys(server))

    assert result.returncode == code
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_a_wrong_key_and_no_shop_are_said(server: RunningServer, tmp_path: Path) -> None:
    wrong = run(
        "--profile",
        str(tmp_path),
        "list",
        "inventory",
        env={**keys(server), "INSTICA_API_KEY": "ik_wrong_key_1"},
    )
    nothing = run("--profile", str(tmp_path / "empty"), "list", "inventory")

    assert wrong.returncode == nothing.returncode == 1
    assert "key" in wrong.stderr.lower()
    assert "No shop is connected" in nothing.stderr
    assert "ik_wrong_key_1" not in wrong.stderr


def test_doctor_reports_versions_paths_keyring_and_server(server: RunningServer, tmp_path: Path) -> None:
    good = run("--profile", str(tmp_path), "doctor", "--json", env=keys(server))
    bad = run(
        "--profile", str(tmp_path), "doctor", env={**keys(server), "INSTICA_BASE_URL": "http://127.0.0.1:9"}
    )

    report = json.loads(good.stdout)
    assert good.returncode == 0
    assert report["server"]["health"] == "ok"
    assert {"Qt", "Python", "SQLite (cache, outbox)"} <= set(report["versions"])
    assert str(tmp_path) in report["paths"]["data"]
    assert bad.returncode == 1
    assert server.api_key not in good.stdout + bad.stdout + bad.stderr


def test_doctor_takes_a_server_that_does_not_say_how_it_is_for_well(
    server: RunningServer, tmp_path: Path
) -> None:
    async def through_proxy() -> subprocess.CompletedProcess[str]:
        async with FaultProxy(server.port) as proxy:
            proxy.lack("GET", "/api/health/", Answer(404, body=b'{"detail": "Not found."}'))
            env = {**keys(server), "INSTICA_BASE_URL": proxy.url}
            return await asyncio.to_thread(run, "--profile", str(tmp_path), "doctor", "--json", env=env)

    done = asyncio.run(through_proxy())
    assert done.returncode == 0
    assert json.loads(done.stdout)["server"]["health"].startswith("ok")


def test_seed_fills_and_serve_prints_two_lines(tmp_path: Path) -> None:
    seeded = run("seed", "--data", str(tmp_path / "shop"), "--items", "150", "--seed", "7")
    assert seeded.returncode == 0, seeded.stderr
    child = subprocess.Popen(
        [sys.executable, "-m", "instica_desktop", "serve", "--data", str(tmp_path / "shop")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with child:
        assert child.stdout is not None
        base_url = child.stdout.readline().strip().removeprefix("base_url=")
        key = child.stdout.readline().strip().removeprefix("api_key=")
        env = {"INSTICA_BASE_URL": base_url, "INSTICA_API_KEY": key}
        records = listed(run("--profile", str(tmp_path / "p"), "list", "inventory", "--json", env=env))
        second = run("serve", "--data", str(tmp_path / "shop"))
        child.terminate()

    assert len(records) == 150
    assert second.returncode != 0
    assert "Traceback" not in second.stderr
