"""Each act of SQLite on its files in the life of one edit fails, once and for good, or with the power.

An act is a single write, sync, truncation or deletion. Those of the outbox are few and precious, those of the
copy many: the ones tried by default are drawn from both alike. The number of the act stands in every failure.
"""

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.faults.cycle import Cycle, PowerCut, Subject
from tests.faults.shops import FaultyWorld
from tests.support.fault_disk import Power, failing_disk
from tests.support.fault_sqlite import ERRORS, Switch

SOME = 2
"""Acts on either file that fail by default."""
PAGE = 10
"""Rows a list reads at once: fewer acts on the copy, of the same kinds."""

Make = Callable[[Subject, Switch, Power, int], Cycle]
WAYS: dict[str, tuple[bool, Make]] = {
    "once": (False, lambda subject, switch, power, number: Cycle(subject, switch, number)),
    "for good": (True, lambda subject, switch, power, number: Cycle(subject, switch, number)),
    "power cut": (True, lambda subject, switch, power, number: PowerCut(subject, switch, number, power.cut)),
    "power cut, some written": (
        True,
        lambda subject, switch, power, number: PowerCut(
            subject, switch, number, lambda: power.cut(random.Random(number))
        ),
    ),
}


async def _through(world: FaultyWorld, template: Path, way: str, *, all_of_them: bool) -> None:
    subject = await Subject.ready(world, 40 + list(WAYS).index(way), template, page=PAGE)
    switch, power = Switch(), Power()
    forever, make = WAYS[way]
    with failing_disk(switch, power):
        switch.arm(10**9, forever=False)
        whole = make(subject, switch, power, 0)
        await whole.run()
        acts = switch.acts[: whole.reach]
        numbers = range(1, len(acts) + 1) if all_of_them else list(_some(acts, seed=len(way)))
        failed = 0
        for number in numbers:
            switch.arm(number, forever=forever, error=ERRORS[number % 2])
            await make(subject, switch, power, number).run()
            failed += bool(switch.failed)
        assert failed > len(numbers) // 2, f"only {failed} of {len(numbers)} acts failed"
    world.counting.assert_once(way)


def _some(acts: list[str], seed: int) -> Iterable[int]:
    """Return the numbers of some acts on either file; of its few syncs one at least."""
    chance = random.Random(seed)
    for file in ("outbox", "cache"):
        numbers = [at for at, act in enumerate(acts, 1) if file in act]
        assert len(numbers) > SOME, f"seed {seed}: {acts}"
        syncs = [at for at in numbers if acts[at - 1].startswith("sync")]
        yield from {*chance.sample(numbers, SOME), *chance.sample(syncs, min(1, len(syncs)))}


@pytest.mark.parametrize("way", WAYS)
async def test_some_acts_fail(world: FaultyWorld, tmp_path: Path, way: str) -> None:
    await _through(world, tmp_path / "template", way, all_of_them=False)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("way", WAYS)
async def test_every_act_fails(world: FaultyWorld, tmp_path: Path, way: str) -> None:
    await _through(world, tmp_path / "template", way, all_of_them=True)
