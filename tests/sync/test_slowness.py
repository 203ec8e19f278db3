"""When answers count as slow: measured against what is usual here."""

import pytest

from instica_desktop.sync.slowness import FLOOR, LATEST, Slowness


def fed(*seconds: float) -> Slowness:
    slowness = Slowness()
    for one in seconds:
        slowness.note(one)
    return slowness


def test_a_single_late_answer_says_nothing() -> None:
    assert not fed(*[0.1] * 20, 9.0).slow


def test_several_late_answers_do_and_quick_ones_end_it() -> None:
    slowness = fed(*[0.1] * 20, *[9.0] * LATEST)
    assert slowness.slow
    for _ in range(LATEST):
        slowness.note(0.1)
    assert not slowness.slow


def test_nobody_calls_quick_answers_slow_for_being_slower_than_usual() -> None:
    assert not fed(*[0.01] * 50, *[FLOOR * 0.9] * LATEST).slow


def test_it_does_not_flicker_at_the_limit() -> None:
    slowness = fed(*[0.5] * 20, *[FLOOR * 1.5] * LATEST)
    assert slowness.slow
    for _ in range(LATEST):
        slowness.note(FLOOR * 0.9)
    assert slowness.slow


def test_what_is_slow_all_day_becomes_the_usual() -> None:
    slowness = fed(*[0.2] * 20, *[6.0] * LATEST)
    assert slowness.slow
    for _ in range(400):
        slowness.note(6.0)
    assert not slowness.slow
    assert slowness.limit > 6.0


def test_the_first_answers_of_a_slow_network_are_told_too() -> None:
    assert fed(*[8.0] * LATEST).slow


@pytest.mark.parametrize("usual", [0.05, 2.0])
def test_an_answer_that_does_not_come_is_told_before_it_comes(usual: float) -> None:
    slowness = fed(*[usual] * 200)
    assert slowness.limit == pytest.approx(max(FLOOR, 4 * usual), rel=0.1)
    slowness.overdue()
    assert slowness.slow
    slowness.forget()
    assert not slowness.slow
