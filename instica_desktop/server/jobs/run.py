"""Doing one job: its pieces one after the other, each with its checkpoint in one transaction."""

import logging
import os
import secrets
import socket
from collections.abc import Callable
from contextlib import closing

from django.db import DatabaseError, close_old_connections

from instica_desktop.server.jobs.kinds import KINDS
from instica_desktop.server.jobs.turns import Left, StartAgain, Turns
from instica_desktop.server.jobs.work import Fault, JobFailed
from instica_desktop.server.models import Job
from instica_desktop.server.models.jobs import CANCELLED, FAILED, SUCCEEDED
from instica_desktop.server.operations import jobs
from instica_desktop.server.storage.full import is_full
from instica_desktop.server.storage.transactions import writing

log = logging.getLogger(__name__)


def worker_name() -> str:
    """Return a name no other worker has."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(6)}"


def _never() -> bool:
    return False


def run_ready(worker: str, *, uid: str | None = None, ended: Callable[[], bool] = _never) -> int:
    """Do jobs until none is ready (only the one with `uid`, if given); returns how many were taken.

    `ended` is asked between the pieces: a job then stays as it is, for whoever starts next. A job with `uid`
    that others are at work on is joined if it can be shared, until another job waits.
    """
    count = 0
    while not ended() and (job := jobs.claim(worker, uid)) is not None:
        count += 1
        run(job, worker, ended)
    if uid is not None and not ended() and (job := jobs.join(uid)) is not None:
        count += 1
        run(job, worker, lambda: ended() or jobs.others_wait())
    return count


def run(job: Job, worker: str, ended: Callable[[], bool] = _never) -> None:
    """Do a claimed or joined job to its end, or until another worker takes it over. It raises nothing."""
    try:
        if job.attempts > jobs.MOST_ATTEMPTS:
            raise JobFailed(Fault("The server could not finish this. Try again later."))
        with closing(Turns(job, worker, ended)) as turns:
            while _begun(job, turns, ended):
                job.refresh_from_db()
    except Left:
        pass
    except jobs.LeaseLost:
        log.info("Job %s was taken over by another worker", job.uid)
    except JobFailed as error:
        _fail(job, error)
    except Exception as error:
        log.exception("Job %s failed and is tried again later", job.uid)
        close_old_connections()
        _give_back(job, full=is_full(error))


def _give_back(job: Job, *, full: bool) -> None:
    try:
        with writing(job.organization.pk):
            jobs.give_back(job, full=full)
    except DatabaseError as error:
        if not is_full(error):
            raise
        log.warning("Job %s stays in hand until its lease ends: the disk is full", job.uid)


def _begun(job: Job, turns: Turns, ended: Callable[[], bool]) -> bool:
    """Do what is left after the checkpoint; returns whether to begin again."""
    try:
        _through(job, turns, ended)
    except StartAgain:
        return True
    return False


def _through(job: Job, turns: Turns, ended: Callable[[], bool]) -> None:
    with closing(KINDS[job.kind](job, turns)) as pieces:  # pyright: ignore[reportArgumentType]
        for piece in pieces:
            with writing(job.organization.pk):
                if not _hold(job, turns):
                    jobs.finish(job, CANCELLED)
                    return
                piece(job)
                jobs.keep_progress(job)
            if ended():
                return
    with writing(job.organization.pk):
        jobs.finish(job, SUCCEEDED if _hold(job, turns) else CANCELLED)


def _hold(job: Job, turns: Turns) -> bool:
    wanted = jobs.hold(job)
    turns.catch_up()
    return wanted


def _fail(job: Job, error: JobFailed) -> None:
    """Note why on the job as it was last committed, and end it."""
    try:
        with writing(job.organization.pk):
            jobs.hold(job)
            job.refresh_from_db()
            for fault in error.faults:
                jobs.add_error(job, fault.row, fault.field, fault.message, readings=fault.readings)
            jobs.finish(job, FAILED)
    except jobs.LeaseLost:
        log.info("Job %s was taken over by another worker", job.uid)
