"""An app killed at every step of its work, and at random: nothing is lost and nothing is done twice."""

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from instica_desktop.api import InsticaClient
from instica_desktop.core.models.common import Entity
from instica_desktop.core.query import Query
from tests.faults.shops import CountingServer
from tests.faults.victim import EVERYTHING, Life
from tests.server.fixture import ROOT
from tests.sync.world import KEY

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no fork, no kill -9")

Said = tuple[Any, ...]


_UNLIVED = {"deletes kept", "made again", "merge noted", "mirror pages stored", "mirror saved"}
"""Steps that no life comes to yet: it deletes nothing in numbers, settles no conflict and copies no shop."""


def _steps() -> list[str]:
    """Return the named steps of the app, but those at which a test of their own part listens."""
    ours = [path.read_text("utf-8") for path in (ROOT / "instica_desktop").rglob("*.py")]
    tests = [path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    listening = "\n".join(text for text in tests if re.search(r"core(\.| import )steps", text))
    named = {step for text in ours for step in re.findall(r"\breached\(\"([^\"]+)\"\)", text)}
    return sorted(step for step in named - _UNLIVED if f'"{step}"' not in listening)


STEPS = _steps()
MOST = 260
"""Statements, file acts and steps of an ordinary life, roughly; a death beyond comes to nothing."""


class Victims:
    """The process that forks the lives."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def live(self, life: Life) -> tuple[int, list[Said]]:
        """Live a life to its end; return the signal that ended it (0: none) and what was said."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(msgspec.json.encode(life).decode() + "\n")
        process.stdin.flush()
        heard: list[Said] = []
        for line in process.stdout:
            words = tuple(msgspec.json.decode(line))
            if words[0] == "ended":
                assert not os.WIFEXITED(words[1]) or not os.WEXITSTATUS(words[1]), heard
                return (os.WTERMSIG(words[1]) if os.WIFSIGNALED(words[1]) else 0), heard
            heard.append(words)
        raise AssertionError(f"the forking process ended: {heard}")

    def end(self) -> None:
        """End the process; it has no children left."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    process = Victims()
    yield process
    process.end()


@dataclass
class Account:
    """One account on the server whose app is killed, and everything it ever said."""

    victims: Victims
    server: CountingServer
    folder: Path
    items: list[str]
    order: str
    heard: list[Said] = field(default_factory=list[Said])

    def live(self, seed: int, step: str = "", number: int = 1, acts: int = 6) -> int:
        """Start the app once; return the signal that ended it."""
        life = Life(
            str(self.folder), self.server.base_url, KEY, self.items, self.order, seed, step, number, acts
        )
        ended, heard = self.victims.live(life)
        self.heard += heard
        assert ended in (0, signal.SIGKILL), f"seed {seed}: ended by {ended} after {heard}"
        assert not [words for words in heard if words[0] == "stuck"], f"seed {seed}: {heard}"
        return ended

    def check(self, what: str) -> None:
        """Start the app once more, let it send everything, and compare the server with what was saved."""
        assert self.live(0, acts=0) == 0
        assert self.heard[-1] == ("quiet",), what
        self.server.assert_once(what)
        asyncio.run(self._compare(what))

    async def _compare(self, what: str) -> None:
        client = InsticaClient(self.server.base_url, KEY)
        try:
            items = {uid: (await client.inventory.get(uid)).record.data for uid in self.items}
            parcels = [one.tracking_number for one in await client.orders.list_shipments(self.order)]
            for uid, item in items.items():
                for name in ("location", "condition_notes"):
                    self._field(uid, name, getattr(item, name), what)
                digests = [asset.sha256 for asset in item.assets]
                assert len(set(digests)) == len(digests), what
            removed = {words[3] for words in self.heard if words[:2] == ("wants", "removed")}
            for words in self._saved("photo"):
                present = {asset.sha256 for asset in items[words[2]].assets}
                assert words[3] in present | removed, f"{what}: {words}"
            wanted = {words[3] for words in self._saved("parcel")}
            assert wanted <= set(parcels), what
            assert len(set(parcels)) == len(parcels), what
            for words in self._saved("made"):
                page = await client.inventory.page(Query(Entity.ITEM, search=words[2]))
                found = [one.data for one in page.records if one.data.manual_sku == words[2]]
                assert len(found) == 1, f"{what}: {words}"
                shelf = [one[3] for one in self._saved("shelf") if one[2] == words[2]]
                assert not shelf or found[0].location == shelf[0], f"{what}: {words}"
        finally:
            await client.aclose()

    def _saved(self, kind: str) -> list[Said]:
        return [words for words in self.heard if words[0] == "saved" and words[1] == kind]

    def _field(self, uid: str, name: str, value: str | None, what: str) -> None:
        """The last value said to be saved is there, or one that was just being saved when the app died."""
        about = [words for words in self.heard if words[1:4] == ("field", uid, name)]
        saved = [at for at, words in enumerate(about) if words[0] == "saved"]
        if saved:
            assert value in {words[4] for words in about[saved[-1] :]}, f"{what}: {uid} {name}"


async def _subjects(server: CountingServer, block: int) -> tuple[list[str], str]:
    client = InsticaClient(server.base_url, KEY)
    try:
        page = await client.inventory.page(Query(Entity.ITEM).with_ordering("created"), block + 1, 10)
        waiting = Query(Entity.ORDER).with_filter("status", ["awaiting_shipment"])
        orders = await client.orders.page(waiting, 1, 10)
        return [record.data.uid for record in page.records], orders.records[-1].data.uid
    finally:
        await client.aclose()


@pytest.fixture
def account(tmp_path: Path, counted: CountingServer, victims: Victims) -> Account:
    items, order = asyncio.run(_subjects(counted, 5))
    return Account(victims, counted, tmp_path / "account", items, order)


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_a_named_step_loses_and_doubles_nothing(account: Account, step: str) -> None:
    seed = 1000 * STEPS.index(step) + 1
    for again in range(20):
        if account.live(seed + again, step, 1 + again % 3, acts=4) == signal.SIGKILL:
            break
    else:
        raise AssertionError(f"no act in tests/faults/victim.py reaches “{step}”: add one that does")
    account.check(f"killed at “{step}”, seed {seed}")


def _random_kills(account: Account, rounds: int, seed: int) -> None:
    chance, killed = random.Random(seed), 0
    for number in range(rounds):
        moment = chance.randrange(1, MOST)
        killed += account.live(seed * 1_000_000 + number, EVERYTHING, moment, acts=5) == signal.SIGKILL
        if number % 25 == 24:
            account.check(f"seed {seed}, round {number}")
    assert killed >= rounds // 2
    account.check(f"seed {seed}, {rounds} rounds")


def test_kills_at_random_lose_and_double_nothing(account: Account) -> None:
    _random_kills(account, 12, seed=1)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", [2, 3])
def test_a_hundred_kills_at_random_lose_and_double_nothing(account: Account, seed: int) -> None:
    _random_kills(account, 100, seed)
