"""How fast the mirror may ask: more while it goes well, fewer when it does not, one while others wait."""

from instica_desktop.sync.mirror.gate import ENOUGH, SLOW, Gate

FAR = 5 * ENOUGH
"""An answer from far away: even four at once bring fewer pages than this computer takes."""


def test_answers_from_far_away_widen_it_to_the_most_and_not_beyond() -> None:
    gate = Gate(4, lambda: False, lambda: False)
    widths = []
    for _ in range(20):
        gate.answered(FAR)
        widths.append(gate.width)
    assert widths == sorted(widths)
    assert widths[-1] == 4


def test_two_at_once_are_enough_of_a_server_nearby() -> None:
    gate = Gate(4, lambda: False, lambda: False)
    for _ in range(20):
        gate.answered(ENOUGH)
    assert gate.width == 2
    for _ in range(20):
        gate.answered(FAR)
    for _ in range(20):
        gate.answered(ENOUGH)
    assert gate.width == 2


def test_a_slow_answer_and_a_refusal_halve_it() -> None:
    gate = Gate(4, lambda: False, lambda: False)
    for _ in range(20):
        gate.answered(FAR)
    gate.answered(SLOW + 1)
    assert gate.width == 2
    gate.refused()
    assert gate.width == 1
    gate.refused()
    assert gate.width == 1


def test_a_server_that_is_always_slow_is_not_taken_for_overloaded() -> None:
    gate = Gate(4, lambda: False, lambda: False)
    for _ in range(20):
        gate.answered(SLOW + 1)
    gate.answered(SLOW + 1.5)
    assert gate.width >= 2


def test_a_throttled_host_halves_it_whatever_the_answer_took() -> None:
    throttled = False
    gate = Gate(4, lambda: False, lambda: throttled)
    for _ in range(20):
        gate.answered(FAR)
    throttled = True
    gate.answered(FAR)
    assert gate.width == 2


def test_whoever_waits_comes_first() -> None:
    busy = True
    gate = Gate(4, lambda: busy, lambda: False)
    for _ in range(20):
        gate.answered(FAR)
    assert gate.width == 1
    busy = False
    assert gate.width == 4
