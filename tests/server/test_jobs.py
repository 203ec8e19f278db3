"""Jobs: one worker at a time, each piece with its checkpoint, taken over where a dead worker left off."""

import errno
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.server.shop import Shop

KIND = "counting"


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A kind of job that counts from its checkpoint to `to`; `before` is called ahead of each piece."""
    from instica_desktop.server.jobs import kinds
    from instica_desktop.server.models import Artist

    scene: dict[str, Any] = {"before": lambda number: None, "inside": lambda number: None}

    def handler(job: Any, turns: Any) -> Iterator[Callable[[Any], None]]:
        for number in range(job.checkpoint, job.payload["to"]):
            scene["before"](number)

            def piece(job: Any, number: int = number) -> None:
                key = f"{job.uid}-{number}"
                Artist.objects.create(
                    organization=job.organization, name=str(number), spelled=key, folded=key
                )
                scene["inside"](number)
                job.processed = job.checkpoint = number + 1

            yield piece

    monkeypatch.setitem(kinds.KINDS, KIND, handler)
    return scene


def enqueue(shop: Shop, to: int = 5) -> Any:
    from instica_desktop.server.operations.jobs import enqueue

    return enqueue(shop.organization, KIND, {"to": to}, user=shop.user)


def work(job: Any, worker: str = "one") -> Any:
    from instica_desktop.server.jobs.run import run_ready

    run_ready(worker, uid=job.uid)
    job.refresh_from_db()
    return job


def counted(job: Any) -> list[int]:
    from instica_desktop.server.models import Artist

    rows = Artist.objects.filter(folded__startswith=job.uid).values_list("name", flat=True)
    return sorted(int(name) for name in rows)


def expire(job: Any) -> None:
    from django.utils import timezone

    from instica_desktop.server.models import Job

    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_done_and_says_so(shop: Shop, counting: dict[str, Any]) -> None:
    job = work(enqueue(shop))
    assert (job.status, job.processed, counted(job)) == ("succeeded", 5, [0, 1, 2, 3, 4])
    assert job.started_at <= job.finished_at
    assert (job.lease_by, job.lease_until) == ("", None)


def test_only_one_of_two_workers_gets_a_job(shop: Shop, counting: dict[str, Any]) -> None:
    from instica_desktop.server.operations.jobs import claim

    job = enqueue(shop)
    assert claim("one", job.uid) is not None
    assert claim("two", job.uid) is None


def test_claiming_at_once_gives_it_to_one(shop: Shop, counting: dict[str, Any]) -> None:
    from django.db import connections

    from instica_desktop.server.operations.jobs import claim

    job, got = enqueue(shop), []

    def take(name: str) -> None:
        if claim(name, job.uid) is not None:
            got.append(name)
        connections.close_all()

    racers = [threading.Thread(target=take, args=(str(number),)) for number in range(6)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert len(got) == 1


def test_an_expired_lease_is_taken_over_at_the_checkpoint(shop: Shop, counting: dict[str, Any]) -> None:
    from instica_desktop.server.jobs.run import run
    from instica_desktop.server.operations.jobs import claim

    job, stopped = enqueue(shop), [False]

    def stop_after_two(number: int) -> None:
        stopped[0] = number == 1

    counting["inside"] = stop_after_two
    taken = claim("one", job.uid)
    assert taken is not None
    run(taken, "one", ended=lambda: stopped[0])
    assert counted(job) == [0, 1]
    assert work(job, "two").status == "running"  # still the first one's
    expire(job)
    assert work(job, "two").status == "succeeded"
    assert counted(job) == [0, 1, 2, 3, 4]


def test_who_lost_the_lease_commits_nothing_more(shop: Shop, counting: dict[str, Any]) -> None:
    job = enqueue(shop)

    def another_takes_over(number: int) -> None:
        if number == 2:
            counting["before"] = lambda number: None
            expire(job)
            work(job, "two")

    counting["before"] = another_takes_over
    assert work(job, "one").status == "succeeded"
    assert counted(job) == [0, 1, 2, 3, 4]


@pytest.mark.allow_log(r"ERROR instica_desktop\.server\.jobs\.run: Job .* failed")
def test_a_failed_piece_leaves_nothing_and_is_tried_again(shop: Shop, counting: dict[str, Any]) -> None:
    def fail(number: int) -> None:
        if number == 3:
            raise RuntimeError("out of luck")

    counting["inside"] = fail
    job = work(enqueue(shop))
    assert (job.status, job.checkpoint, counted(job)) == ("queued", 3, [0, 1, 2])
    assert work(job).status == "queued"  # not before its pause is over
    counting["inside"] = lambda number: None
    expire(job)
    assert work(job).status == "succeeded"
    assert counted(job) == [0, 1, 2, 3, 4]


@pytest.mark.allow_log(r"ERROR instica_desktop\.server\.jobs\.run: Job .* failed")
def test_one_that_never_gets_on_is_given_up(shop: Shop, counting: dict[str, Any]) -> None:
    from instica_desktop.server.operations.jobs import MOST_ATTEMPTS

    def fail(number: int) -> None:
        raise RuntimeError("out of luck")

    counting["inside"] = fail
    job = enqueue(shop)
    for _ in range(MOST_ATTEMPTS):
        assert job.status == "queued"
        expire(job)
        work(job)
    assert (job.status, job.error_count, counted(job)) == ("failed", 1, [])


@pytest.mark.allow_log(r"ERROR instica_desktop\.server\.jobs\.run: Job .* failed")
def test_one_that_has_no_room_waits_for_it_however_long(shop: Shop, counting: dict[str, Any]) -> None:
    from instica_desktop.server.operations.jobs import MOST_ATTEMPTS

    def no_room(number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    counting["inside"] = no_room
    job = enqueue(shop)
    for _ in range(MOST_ATTEMPTS + 2):
        expire(job)
        work(job)
        assert (job.status, job.attempts, job.lease_until is not None) == ("queued", 0, True)
    counting["inside"] = lambda number: None
    expire(job)
    assert (work(job).status, counted(job)) == ("succeeded", [0, 1, 2, 3, 4])


def test_one_that_kills_its_workers_is_given_up(shop: Shop, counting: dict[str, Any]) -> None:
    from instica_desktop.server.operations.jobs import MOST_ATTEMPTS, claim

    job = enqueue(shop)
    for number in range(MOST_ATTEMPTS):
        assert claim(f"dead {number}", job.uid) is not None
        expire(job)
    job = work(job)
    assert (job.status, job.error_count, counted(job)) == ("failed", 1, [])


def test_its_own_failure_names_the_reason_and_keeps_what_was_done(
    shop: Shop, counting: dict[str, Any]
) -> None:
    from instica_desktop.server.jobs.work import Fault, JobFailed

    def fail(number: int) -> None:
        if number == 2:
            raise JobFailed(Fault("The file ends here.", 3, "title"), Fault("Which?", 0, "side", ("a", "b")))

    counting["before"] = fail
    job = work(enqueue(shop))
    assert (job.status, job.processed, counted(job)) == ("failed", 2, [0, 1])
    assert job.errors == [
        {"row": 3, "field": "title", "column": "", "message": "The file ends here.", "readings": []},
        {"row": 0, "field": "side", "column": "", "message": "Which?", "readings": ["a", "b"]},
    ]


def test_cancelling(shop: Shop, counting: dict[str, Any]) -> None:
    from instica_desktop.server.operations.jobs import cancel

    waiting = enqueue(shop)
    cancel(waiting)
    assert (waiting.status, work(waiting).status, counted(waiting)) == ("cancelled", "cancelled", [])
    running = enqueue(shop)
    counting["before"] = lambda number: cancel(running) if number == 2 else None
    assert (work(running).status, counted(running)) == ("cancelled", [0, 1])
    done = work(enqueue(shop))
    cancel(done)
    assert (done.status, done.cancel_requested) == ("succeeded", False)


def test_errors_are_all_counted_and_the_first_ones_kept(shop: Shop, counting: dict[str, Any]) -> None:
    from instica_desktop.server.operations.jobs import MOST_ERRORS, add_error

    job = enqueue(shop)
    for number in range(MOST_ERRORS + 7):
        add_error(job, number, "title", "Too long.")
    assert (job.error_count, len(job.errors), job.errors[0]["row"]) == (MOST_ERRORS + 7, MOST_ERRORS, 0)


def test_jobs_that_ended_long_ago_are_forgotten(shop: Shop, counting: dict[str, Any]) -> None:
    from instica_desktop.server.models import Job

    old, recent = work(enqueue(shop)), work(enqueue(shop))
    Job.objects.filter(pk=old.pk).update(finished_at=old.finished_at - timedelta(days=91))
    enqueue(shop)
    assert not Job.objects.filter(pk=old.pk).exists()
    assert Job.objects.filter(pk=recent.pk).exists()


def test_files_nobody_waits_for_are_dropped(shop: Shop, counting: dict[str, Any], data_dir: Path) -> None:
    from instica_desktop.server.models import Job
    from instica_desktop.server.operations.jobs import drop_left_over_inputs

    job = enqueue(shop)
    Job.objects.filter(pk=job.pk).update(file="needed.csv")
    for name in ("needed.csv", "left-over.csv"):
        (data_dir / "jobs" / name).touch()
    drop_left_over_inputs()
    assert [(data_dir / "jobs" / name).exists() for name in ("needed.csv", "left-over.csv")] == [True, False]
    assert work(job).status == "succeeded"
    assert not (data_dir / "jobs" / "needed.csv").exists()


def test_forgotten_jobs_are_told_of_once_a_lease(shop: Shop, counting: dict[str, Any]) -> None:
    from django.utils import timezone

    from instica_desktop.server.models import Job
    from instica_desktop.server.operations.jobs import forgotten

    job = enqueue(shop)
    assert job.uid not in forgotten()
    Job.objects.filter(pk=job.pk).update(announced=timezone.now() - timedelta(hours=1))
    assert job.uid in forgotten()
    assert job.uid not in forgotten()


def test_the_thread_does_what_it_is_told_of_and_what_was_left(shop: Shop, counting: dict[str, Any]) -> None:
    from instica_desktop.server.jobs.embedded import JobThread
    from instica_desktop.server.models import Job
    from instica_desktop.server.models.jobs import FINAL
    from instica_desktop.server.operations.jobs import claim

    Job.objects.exclude(status__in=FINAL).update(status="cancelled")  # what other tests left
    left, done = enqueue(shop), threading.Event()
    assert claim("of a dead run", left.uid) is not None
    counting["inside"] = lambda number: done.set() if number == 4 else None
    thread = JobThread()
    thread.start()
    assert done.wait(30)
    done.clear()
    told = enqueue(shop)
    assert done.wait(30)
    thread.stop()
    for job in (left, told):
        job.refresh_from_db()
        assert counted(job) == [0, 1, 2, 3, 4]
