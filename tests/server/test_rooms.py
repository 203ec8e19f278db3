"""Rooms for slow work: how many are in them, how many wait, who is refused, and in which turn."""

import threading
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from rest_framework.exceptions import Throttled

from instica_desktop.server.web.rooms import DECODING, HASHING, THREADS, Room
from tests.server.waiting import until

pytestmark = pytest.mark.usefixtures("data_dir")  # the words of a refusal need Django's settings


def _room(places: int, waiting: int) -> Room:
    return Room(places, waiting, busy="Others are at it.", pause=7)


def _enter(room: Room, places: int, done: Callable[[], None]) -> threading.Thread:
    def work() -> None:
        with room.entered(places):
            done()

    before = room.waiting
    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: room.waiting > before)
    return thread


def test_more_than_work_and_wait_are_refused_with_the_time_to_come_back() -> None:
    room, done = _room(2, 1), threading.Event()
    with room.entered(), room.entered():
        waiter = _enter(room, 1, done.set)
        with pytest.raises(Throttled) as refused, room.entered():
            pass
        assert refused.value.wait == 7
        assert str(refused.value.detail) == "Others are at it. Expected available in 7 seconds."
        assert not done.is_set()
    waiter.join()
    assert done.is_set()
    assert room.waiting == 0


def test_nobody_waits_where_there_is_no_room_to_wait() -> None:
    room = _room(1, 0)
    with room.entered(), pytest.raises(Throttled), room.entered():
        pass
    with room.entered():
        pass


def test_who_needs_the_whole_room_is_not_overtaken() -> None:
    room, order = _room(2, 3), list[str]()
    with ExitStack() as inside:
        inside.enter_context(room.entered())
        threads = [_enter(room, 2, lambda: order.append("large"))]
        threads.append(_enter(room, 1, lambda: order.append("small")))  # a place is free, but not its turn
        assert order == []
    for thread in threads:
        thread.join()
    assert order == ["large", "small"]


def test_a_place_is_free_again_after_an_error() -> None:
    room = _room(1, 0)
    for _ in range(3):
        with pytest.raises(ValueError, match="damaged"), room.entered():
            raise ValueError("damaged")


def test_slow_work_leaves_three_threads_for_others() -> None:
    assert THREADS - DECODING.capacity - HASHING.capacity == 3
    assert (DECODING.places, HASHING.places) == (2, 2)
