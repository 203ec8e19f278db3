"""An app killed at every step of its work, and at random: nothing is lost and nothing is done twice."""

import asyncio
import random
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.killing import KilledAccount, Victims, subjects
from tests.faults.lives import COMES_TO, PLOTS
from tests.faults.shops import CountingServer
from tests.faults.victim import EVERYTHING
from tests.server.fixture import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no fork, no kill -9")

Begin = Callable[[str], KilledAccount]


def _steps() -> list[str]:
    """Return the named steps of the app, but those at which a test of their own part listens."""
    ours = [path.read_text("utf-8") for path in (ROOT / "instica_desktop").rglob("*.py")]
    tests = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    listening = "\n".join(text for text in tests if re.search(r"core(\.| import )steps", text))
    named = {step for text in ours for step in re.findall(r"\breached\(\"([^\"]+)\"\)", text)}
    return sorted(step for step in named if f'"{step}"' not in listening)


STEPS = _steps()
MOMENTS = {"day": 260, "clearing": 450, "regretting": 300, "settling": 300, "copying": 500, "dropping": 1500}
"""Statements, file acts and steps of a life of a plot, roughly; a death beyond comes to nothing."""

ACTS = {"day": 5, "clearing": 2, "regretting": 2, "settling": 4, "copying": 2, "dropping": 1}
"""What is done in one life of a plot."""


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    process = Victims()
    yield process
    process.end()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CountingServer]:
    """A shop that is copied quickly."""
    with CountingServer.launch(tmp_path_factory.mktemp("kills") / "shop", items=60) as server:
        yield server


@pytest.fixture
def begin(request: pytest.FixtureRequest, tmp_path: Path, counted: CountingServer, victims: Victims) -> Begin:
    """Return what makes an account whose lives have a plot."""

    def account(plot: str) -> KilledAccount:
        server: CountingServer = request.getfixturevalue("small") if plot == "copying" else counted
        server.begin()
        items, order = asyncio.run(subjects(server))
        return KilledAccount(victims, server, tmp_path / plot, items, order, plot)

    return account


@pytest.mark.parametrize(
    ("step", "plot"), [*((step, COMES_TO.get(step, "day")) for step in STEPS), ("done", "clearing")]
)
def test_a_kill_at_a_named_step_loses_and_doubles_nothing(begin: Begin, step: str, plot: str) -> None:
    account = begin(plot)
    seed = 1000 * STEPS.index(step) + 1
    for again in range(20):
        account.others(again)
        if account.live(seed + again, step, 1 + again % 3, ACTS[account.plot]) == signal.SIGKILL:
            break
    else:
        raise AssertionError(f"no act in tests/faults/lives.py reaches “{step}”: add one that does")
    account.others(20)
    if plot == "regretting":  # what was just being brought back was not said to be saved: see that it is, too
        assert account.live(seed + 20, acts=ACTS[plot]) == 0
    account.check(f"killed at “{step}”, seed {seed}")


def _random_kills(account: KilledAccount, rounds: int, seed: int) -> None:
    chance, killed = random.Random(seed), 0
    for number in range(rounds):
        moment = chance.randrange(1, MOMENTS[account.plot])
        ended = account.live(seed * 1_000_000 + number, EVERYTHING, moment, ACTS[account.plot])
        killed += ended == signal.SIGKILL
        account.others(number)
        if number % 25 == 24:
            account.check(f"seed {seed}, round {number}")
    assert killed >= rounds // 2, f"only {killed} of {rounds} were killed"
    account.check(f"seed {seed}, {rounds} rounds")


@pytest.mark.parametrize(
    ("plot", "rounds"),
    [("day", 6), ("clearing", 2), ("regretting", 2), ("settling", 2), ("copying", 2), ("dropping", 6)],
)
def test_kills_at_random_lose_and_double_nothing(begin: Begin, plot: str, rounds: int) -> None:
    _random_kills(begin(plot), rounds, seed=1)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize("plot", PLOTS)
def test_a_hundred_kills_at_random_lose_and_double_nothing(begin: Begin, plot: str, seed: int) -> None:
    _random_kills(begin(plot), 100, seed)
