"""What the window keeps of what it said: problems stay until somebody has read them."""

from instica_desktop.features import notices
from instica_desktop.features.notices import LIMIT, NoticeLog


def test_plain_notices_go_before_a_problem_nobody_has_read() -> None:
    log = NoticeLog()
    problem = log.add("The disk is full.", problem=True)
    for number in range(LIMIT + 5):
        log.add(f"Saved {number}")
    assert problem in log.all
    assert len(log.all) == LIMIT
    assert log.all[0].words == f"Saved {LIMIT + 4}"


def test_unread_problems_stay_whatever_their_number() -> None:
    log = NoticeLog()
    kept = [log.add(f"Problem {number}", problem=True) for number in range(LIMIT + 1)]
    assert log.problems == kept[::-1]
    log.add("Saved")
    assert log.problems == kept[::-1]


def test_what_was_read_makes_room_oldest_first() -> None:
    log = NoticeLog()
    old = [log.add(f"Problem {number}", problem=True) for number in range(LIMIT)]
    log.read()
    new = log.add("Something new", problem=True)
    assert log.problems == [new, *old[:0:-1]]
    log.add("Saved")
    assert log.problems == [new, *old[:0:-1]]


def test_there_is_an_end_to_it() -> None:
    log = NoticeLog()
    for number in range(notices.MOST + 3):
        log.add(f"Problem {number}", problem=True)
    assert len(log.all) == notices.MOST
