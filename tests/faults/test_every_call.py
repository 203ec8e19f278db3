"""Each call of SQLite in the life of one edit fails, once and for good: nothing said to be saved is lost."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.faults.cycle import Cycle, Subject
from tests.faults.shops import FaultyWorld
from tests.support.fault_sqlite import ERRORS, Switch, failing_sqlite

SOME = 16
"""Calls that fail by default, spread over the cycle; all of them in the long form."""


async def _through(
    world: FaultyWorld, block: int, template: Path, *, forever: bool, all_of_them: bool
) -> None:
    subject = await Subject.ready(world, block, template)
    switch = Switch()
    with failing_sqlite(switch):
        switch.arm(10**9, forever=False)
        whole = Cycle(subject, switch, 0)
        await whole.run()
        assert whole.reach > 3 * SOME
        for number in _chosen(whole.reach, all_of_them):
            switch.arm(number, forever=forever, error=ERRORS[number % len(ERRORS)])
            await Cycle(subject, switch, number).run()
    world.counting.assert_once("the i-th call")


def _chosen(calls: int, all_of_them: bool) -> Iterable[int]:
    """Return the calls that fail: all, or some that differ from run to run of the worker's number."""
    stride = 1 if all_of_them else max(1, calls // SOME)
    return range(1 + stride // 2 if not all_of_them else 1, calls + 1, stride)


@pytest.mark.parametrize("forever", [False, True], ids=["once", "for good"])
async def test_some_calls_fail(world: FaultyWorld, tmp_path: Path, forever: bool) -> None:
    await _through(world, 6 + forever, tmp_path / "template", forever=forever, all_of_them=False)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("forever", [False, True], ids=["once", "for good"])
async def test_every_call_fails(world: FaultyWorld, tmp_path: Path, forever: bool) -> None:
    await _through(world, 8 + forever, tmp_path / "template", forever=forever, all_of_them=True)
