"""What follows moves comes soon after a single one, and once after many."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from instica_desktop.qtkit import lull
from instica_desktop.qtkit.lull import FOLLOWS_MS, QUIET_MS, Lull

Move = Callable[[int], int | None]
SOON = 20


@pytest.fixture
def move(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Move]:
    """Return what makes a move at a time in ms, once what was due was called, and tells the wait."""
    owner = QObject()
    one, now = Lull(lambda: None, owner, SOON), 0

    def at(time: int) -> int | None:
        nonlocal now
        if one.wait is not None and now + one.wait <= time:
            one.stop()
        now = time
        one.moved()
        return one.wait

    monkeypatch.setattr(lull, "monotonic", lambda: now / 1000)
    yield at
    one.stop()


def test_a_single_move_is_followed_soon(move: Move) -> None:
    assert [move(at * FOLLOWS_MS) for at in range(3)] == [SOON, SOON, SOON]


def test_while_a_key_is_held_nothing_follows_until_it_is_let_go(move: Move) -> None:
    held = [move(at) for at in (0, *range(400, 1400, 33))]
    assert held == [SOON, SOON, *[QUIET_MS] * (len(held) - 2)]


def test_what_comes_in_one_turn_is_one_move(move: Move) -> None:
    assert [move(0), move(0), move(1), move(500), move(500)] == [SOON] * 5


def test_what_follows_is_called_once(qtbot: QtBot) -> None:
    owner, called = QObject(), list[str]()
    one = Lull(lambda: called.append("act"), owner)
    for _ in range(3):
        one.moved()
    qtbot.waitUntil(lambda: bool(called))
    assert (called, one.wait) == (["act"], None)
    one.moved()
    one.stop()
    assert one.wait is None
