"""Two windows on one shop: the second is turned away, and takes over once the first is gone."""

import os
import signal
import subprocess
import sys

import pytest

from instica_desktop.core.errors import InUse
from instica_desktop.core.models.common import Entity
from instica_desktop.store.store import Store
from tests.faults.shops import QUICK, FaultyWorld
from tests.server.fixture import ROOT

HOLDER = """
import pathlib, sys
from instica_desktop.store.store import Store
store = Store.open(pathlib.Path(sys.argv[1]))
print(len(store.outbox.all()), flush=True)
sys.stdin.read()
"""


def _holding(world: FaultyWorld) -> "subprocess.Popen[str]":
    """Open the account in another process, which holds it until its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(world.folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


async def test_a_second_process_is_turned_away_and_the_first_goes_on(world: FaultyWorld) -> None:
    world.pace = QUICK
    shop = await world.open()
    item = (await world.some_items(24))[0]
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"location": "FIRST"})
    _, complaint = _holding(world).communicate(timeout=30)
    assert "Another window of Instica Desktop has this shop open." in complaint
    shop.work_offline(False)
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "FIRST"
    world.counting.assert_once("two processes")


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9")
async def test_the_second_takes_over_what_a_killed_first_left(world: FaultyWorld) -> None:
    world.pace = QUICK
    shop = await world.open()
    item = (await world.some_items(24))[1]
    shop.work_offline(True)
    await shop.edit(Entity.ITEM, item.uid, {"location": "LEFT"})
    await world.leave()
    first = _holding(world)
    assert first.stdout is not None
    assert first.stdout.readline().strip() == "1"
    with pytest.raises(InUse):
        Store.open(world.folder)
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=30)
    await world.enter()
    await world.delivered()
    assert (await world.on_server(item.uid)).location == "LEFT"
    world.counting.assert_once("two processes")
