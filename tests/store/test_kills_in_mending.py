"""Killed while a damaged outbox is mended, at its steps and at random: what can be read comes back."""

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from instica_desktop.store.care import Care
from instica_desktop.store.checking import examine
from instica_desktop.store.store import Store
from tests.server.fixture import ROOT
from tests.store.stories import BEFORE, nothing_missing, spoil
from tests.store.support import run
from tests.store.trials import Stage

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no fork, no kill -9")

STEPS = {
    False: ("restore begun", "damaged outbox aside", "backup in place", "restore noted"),
    True: ("outbox written anew", "damaged outbox aside", "new outbox in place"),
}
MOMENTS = {False: 40, True: 60}
"""Statements, file acts and steps of one mending, roughly."""
RUNNING = pytest.mark.parametrize("running", [False, True], ids=["at a start", "running"])


@pytest.fixture(scope="module")
def victims() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.store.mending_victim"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed shop with a backup, and what came after it."""
    folder = tmp_path_factory.mktemp("mending") / "account"
    run(_made(folder))
    return folder


async def _made(folder: Path) -> None:
    store = Store.open(folder)
    stage = Stage(store, Care(store))
    for deed in BEFORE:
        await deed(stage)
    stage.care.close()
    await store.close()


def _killed(victims: subprocess.Popen[str], folder: Path, running: bool, step: str, number: int) -> bool:
    """Mend in a process that dies, then open what it left; tell whether it died."""
    assert victims.stdin is not None
    assert victims.stdout is not None
    if not running:
        spoil(folder)
    victims.stdin.write(json.dumps([str(folder), running, step, number]) + "\n")
    victims.stdin.flush()
    status = int(victims.stdout.readline())
    where = f"{step}, {number}"
    assert status in (0, signal.SIGKILL), f"{where}: ended by {status}"
    for _ in range(2):  # and once more, as nothing is mended then
        store = Store.open(folder)
        try:
            nothing_missing(store)
        except AssertionError as error:
            raise AssertionError(f"{where}: {error}") from error
        finally:
            asyncio.run(store.close())
    assert not examine(folder).findings, where
    return status == signal.SIGKILL


@pytest.mark.parametrize(
    ("running", "step"), [(running, step) for running, steps in STEPS.items() for step in steps]
)
def test_a_kill_at_a_step_of_mending(
    victims: subprocess.Popen[str], template: Path, tmp_path: Path, running: bool, step: str
) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "account"))
    assert _killed(victims, folder, running, step, 1)


def _at_random(victims: subprocess.Popen[str], template: Path, home: Path, running: bool, times: int) -> None:
    chance, killed = random.Random(times), 0
    for number in range(times):
        folder = Path(shutil.copytree(template, home / f"account-{number}"))
        killed += _killed(victims, folder, running, "any", chance.randrange(1, MOMENTS[running]))
        shutil.rmtree(folder)
    assert killed >= times // 2, f"only {killed} of {times} were killed"


@RUNNING
def test_kills_at_random_in_mending(
    victims: subprocess.Popen[str], template: Path, tmp_path: Path, running: bool
) -> None:
    _at_random(victims, template, tmp_path, running, 3)


@pytest.mark.long
@pytest.mark.timeout(600)
@RUNNING
def test_two_hundred_kills_at_random_in_mending(
    victims: subprocess.Popen[str], template: Path, tmp_path: Path, running: bool
) -> None:
    _at_random(victims, template, tmp_path, running, 200)
