"""How fast the mirror may ask: more while it goes well, fewer when it does not, one while others wait."""

from instica_desktop.sync.mirror.gate import SLOW, Gate


def test_quick_answers_widen_it_to_the_most_and_not_beyond() -> None:
    gate = Gate(4, lambda: False, lambda: False)
    widths = []
    for _ in range(20):
        gate.answered(0.05)
        widths.append(gate.width)
    assert widths == sorted(widths)
    assert widths[-1] == 4


def test_a_slow_answer_and_a_refusal_halve_it() -> None:
    gate = Gate(4, lambda: False, lambda: False)
    for _ in range(20):
        gate.answered(0.05)
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
        gate.answered(0.05)
    throttled = True
    gate.answered(0.05)
    assert gate.width == 2


def test_whoever_waits_comes_first() -> None:
    busy = True
    gate = Gate(4, lambda: busy, lambda: False)
    for _ in range(20):
        gate.answered(0.05)
    assert gate.width == 1
    busy = False
    assert gate.width == 4
