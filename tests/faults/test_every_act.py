"""Each act of SQLite on its files in the life of one edit fails, once and for good, or with the power.

An act is a single write, sync, truncation or deletion. Those of the outbox are few and precious, those of the
copy many: the ones tried by default are drawn from both alike. The number of the act stands in every failure.
"""

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.faults.cycle import Cycle, PhotoCycle, PhotoPowerCut, PowerCut, Subject
from tests.faults.shops import FaultyWorld
from tests.support.fault_disk import Power, failing_disk
from tests.support.fault_sqlite import ERRORS, Switch

PAGE = 10
"""Rows a list reads at once: fewer acts on the copy, of the same kinds."""

Make = Callable[[Subject, Switch, Power, int], Cycle]
Choose = Callable[[list[str], str], list[int]]
"""Which of the acts are to fail in a way; the first has the number 1."""
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


PHOTOS: dict[str, tuple[bool, Make]] = {
    "once": (False, lambda subject, switch, power, number: PhotoCycle(subject, switch, number)),
    "power cut, some written": (
        True,
        lambda subject, switch, power, number: PhotoPowerCut(
            subject, switch, number, lambda: power.cut(random.Random(number))
        ),
    ),
}
"""The same of photos that are added, put in order and taken back."""


async def _through(
    world: FaultyWorld,
    template: Path,
    ways: Iterable[str],
    choose: Choose,
    makes: dict[str, tuple[bool, Make]] = WAYS,
) -> None:
    block, whole_life = (40, PowerCut) if makes is WAYS else (41, PhotoPowerCut)
    subject = await Subject.ready(world, block, template, page=PAGE)
    switch, power = Switch(), Power()
    tried = failed = 0
    with failing_disk(switch, power):
        switch.arm(10**9, forever=False)
        whole = whole_life(subject, switch, 0, power.cut)
        await whole.run()
        acts = switch.acts[: whole.reach]
        for way in ways:
            forever, make = makes[way]
            for number in choose(acts, way):
                switch.arm(number, forever=forever, error=ERRORS[number % 2])
                await make(subject, switch, power, number).run()
                tried, failed = tried + 1, failed + bool(switch.failed)
    assert failed > tried // 2, f"only {failed} of {tried} acts failed"
    world.counting.assert_once(f"{ways}")


def _some(acts: list[str], way: str) -> list[int]:
    """Return the numbers of some acts on either file, a sync of each among them."""
    chance = random.Random(way)
    found: set[int] = set()
    for file in ("outbox", "cache"):
        for kind in (f"write {file}", f"sync {file}"):
            numbers = [at for at, act in enumerate(acts, 1) if act.startswith(kind)]
            assert numbers, acts
            found.add(chance.choice(numbers))
    return sorted(found)


def _all(acts: list[str], way: str) -> list[int]:
    return list(range(1, len(acts) + 1))


def _one(acts: list[str], way: str) -> list[int]:
    return _some(acts, way)[:1]


async def test_some_acts_fail(world: FaultyWorld, tmp_path: Path) -> None:
    await _through(world, tmp_path / "template", WAYS, _some)


async def test_some_acts_fail_while_photos_are_sent(world: FaultyWorld, tmp_path: Path) -> None:
    await _through(world, tmp_path / "template", ["power cut, some written"], _one, PHOTOS)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("way", PHOTOS)
async def test_every_act_fails_while_photos_are_sent(world: FaultyWorld, tmp_path: Path, way: str) -> None:
    await _through(
        world, tmp_path / "template", [way], lambda acts, way: list(range(1, len(acts) + 1)), PHOTOS
    )


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("way", WAYS)
async def test_every_act_fails(world: FaultyWorld, tmp_path: Path, way: str) -> None:
    await _through(world, tmp_path / "template", [way], _all)
