"""Each call of SQLite in the life of one edit fails, once and for good: nothing said to be saved is lost."""

from pathlib import Path

import pytest

from tests.faults.cycle import Cycle, Subject
from tests.faults.shops import FaultyWorld
from tests.support.fault_sqlite import ERRORS, Switch, failing_sqlite


async def _through(world: FaultyWorld, block: int, template: Path, *, stride: int, ways: list[bool]) -> None:
    """Let every call at a stride fail; `ways`, taken in turns, tell whether for good."""
    subject = await Subject.ready(world, block, template)
    switch = Switch()
    with failing_sqlite(switch):
        switch.arm(10**9, forever=False)
        whole = Cycle(subject, switch, 0)
        await whole.run()
        assert whole.reach > 60
        for turn, number in enumerate(range(1 + stride // 2, whole.reach + 1, stride)):
            switch.arm(number, forever=ways[turn % len(ways)], error=ERRORS[number % len(ERRORS)])
            await Cycle(subject, switch, number).run()
    world.counting.assert_once("the i-th call")


async def test_some_calls_fail(world: FaultyWorld, tmp_path: Path) -> None:
    await _through(world, 6, tmp_path / "template", stride=11, ways=[False, True])


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("forever", [False, True], ids=["once", "for good"])
async def test_every_call_fails(world: FaultyWorld, tmp_path: Path, forever: bool) -> None:
    await _through(world, 8 + forever, tmp_path / "template", stride=1, ways=[forever])
