"""Jobs: asked for, claimed by one worker at a time, taken over when it dies, ended.

A worker holds a job by a lease. Claiming is one atomic UPDATE, and every chunk of work is done in a
transaction that first makes sure of the lease (`hold`), so two workers never do the same work even when one
of them was only thought dead. Source: reliability rules, long jobs.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from instica_desktop.server.models import Job, Organization, User
from instica_desktop.server.models.jobs import CANCELLED, FAILED, FINAL, QUEUED, RUNNING
from instica_desktop.server.operations.hands import worth_sharing

MOST_ERRORS = 500
"""Errors a job keeps word for word; the others are only counted."""
MOST_NOTES = 500
"""Notes a job keeps word for word, likewise."""
KEPT = timedelta(days=90)
"""How long a job that has ended can be asked for."""
SHARED = ("csv_import",)
"""Kinds that several workers may do together."""
UNTIL_ROOM = timedelta(minutes=5)
"""How long a job waits that a full disk stopped."""
MOST_ATTEMPTS = 5
"""Starts without any progress before a job is given up: whatever kills its worker would kill the next too."""

_PROGRESS = (
    "total",
    "processed",
    "created_count",
    "updated_count",
    "skipped_count",
    "excluded_count",
    "errors",
    "error_count",
    "notes",
    "note_count",
    "checkpoint",
    "attempts",
    "lease_until",
)


class LeaseLost(Exception):
    """Another worker has taken this job over; whatever this one was doing must not be committed."""


def enqueue(
    organization: Organization,
    kind: str,
    payload: dict[str, Any],
    *,
    user: User | None = None,
    file: str = "",
) -> Job:
    """Ask for work; whoever does it hears of it once the caller's transaction is committed.

    Jobs that ended long ago are forgotten on this occasion.
    """
    old = timezone.now() - KEPT
    Job.objects.filter(organization=organization, status__in=FINAL, finished_at__lt=old).delete()
    job = Job.objects.create(organization=organization, user=user, kind=kind, payload=payload, file=file)
    transaction.on_commit(lambda: announce(job.uid))
    return job


def announce(uid: str) -> None:
    """Tell the runner of the settings that a job waits."""
    import_module(f"instica_desktop.server.jobs.{settings.SHOP_JOBS}").announce(uid)


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.SHOP_LEASE_SECONDS)


def _ready(now: datetime) -> Any:
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    return Q(status__in=(QUEUED, RUNNING)) & free


def claim(worker: str, uid: str | None = None) -> Job | None:
    """Take the oldest job that waits or whose worker died (or the one with this uid), None for none."""
    now = timezone.now()
    wanted = Q() if uid is None else Q(uid=uid)
    waiting = Job.objects.filter(_ready(now), wanted).order_by("created", "pk")
    for key in waiting.values_list("pk", flat=True)[:20]:
        taken = Job.objects.filter(_ready(now), pk=key).update(
            status=RUNNING,
            lease_by=worker,
            lease_until=_lease_end(now),
            attempts=F("attempts") + 1,
            started_at=Coalesce("started_at", now),
        )
        if taken:
            return Job.objects.select_related("organization", "user").get(pk=key)
    return None


def join(uid: str) -> Job | None:
    """Return a job that others are at work on and that can be shared, None when it cannot or has ended."""
    now = timezone.now()
    if others_wait():
        return None  # what nobody does comes before what somebody does
    running = Job.objects.filter(uid=uid, status=RUNNING, kind__in=SHARED, lease_until__gt=now)
    job = running.select_related("organization", "user").first()
    return job if job is not None and worth_sharing(job) else None


def others_wait() -> bool:
    """Return whether a job waits for a worker."""
    return Job.objects.filter(_ready(timezone.now())).exists()


def _mine(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, status=RUNNING, lease_by=job.lease_by)


def hold(job: Job) -> bool:
    """Make sure, inside a transaction, that the job is still this worker's; returns whether to go on.

    False = somebody asked to cancel it. Errors: `LeaseLost`.
    """
    rows = _mine(job).select_for_update(no_key=True)  # no key: who shares the job may still refer to it
    row = rows.values_list("cancel_requested", flat=True).first()
    if row is None:
        raise LeaseLost(job.uid)
    return not row


def catch_up(job: Job) -> None:
    """Bring counts and checkpoint of a shared job up to date, after `hold`."""
    job.refresh_from_db(fields=_PROGRESS)


def has_reached(job: Job, place: int) -> bool:
    """Return whether everything up to a place is committed. Errors: `LeaseLost`."""
    checkpoint = _mine(job).values_list("checkpoint", flat=True).first()
    if checkpoint is None:
        raise LeaseLost(job.uid)
    return checkpoint >= place


def keep_progress(job: Job) -> None:
    """Write counts and checkpoint and extend the lease, in the transaction that did the work."""
    job.attempts, job.lease_until = 1, _lease_end(timezone.now())
    job.save(update_fields=_PROGRESS)


def extend_lease(job: Job) -> None:
    """Extend the lease in the middle of work that takes long outside a transaction. Errors: `LeaseLost`."""
    if not _mine(job).update(lease_until=_lease_end(timezone.now())):
        raise LeaseLost(job.uid)


def add_error(
    job: Job, row: int | None, field: str, message: str, column: str = "", readings: Sequence[str] = ()
) -> None:
    """Count an error and keep it while there is room. `row` is that of the input, None for none.

    `column` is the field's name in the input, `readings` what something may mean that nobody has decided.
    """
    job.error_count += 1
    if len(job.errors) < MOST_ERRORS:
        error = {"row": row, "field": field, "column": column, "message": message, "readings": list(readings)}
        job.errors.append(error)


def add_note(job: Job, row: int, field: str, message: str, column: str = "") -> None:
    """Count something that was done to a row and keep it while there is room."""
    job.note_count += 1
    if len(job.notes) < MOST_NOTES:
        job.notes.append({"row": row, "field": field, "column": column, "message": message})


def finish(job: Job, status: str) -> None:
    """End a job this worker holds. Errors: `LeaseLost`."""
    hold(job)
    job.status, job.finished_at = status, timezone.now()
    job.lease_until, job.lease_by = None, ""
    job.save(update_fields=[*_PROGRESS, "status", "finished_at", "lease_by"])
    _drop_input(job)


def _drop_input(job: Job) -> None:
    """Delete a job's file once its end is committed: before that, it may have to be read again."""
    if job.file:
        path = settings.SHOP_FOLDER.jobs / job.file
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def drop_left_over_inputs() -> None:
    """Delete the files no job waits for: the crash came between their upload or end and its commit."""
    needed = set(Job.objects.exclude(status__in=FINAL).values_list("file", flat=True))
    for path in settings.SHOP_FOLDER.jobs.iterdir():
        if path.name not in needed:
            path.unlink(missing_ok=True)


def give_back(job: Job, *, full: bool = False) -> None:
    """Let a job whose work failed wait for another try, the longer the more tries it had; the last one fails.

    What the failed chunk did was rolled back, and so must be what it noted on `job`. With `full` there was no
    room: it waits for that, and the try does not count.
    """
    fresh = _mine(job).first()
    if fresh is None:
        return
    if full:
        until = timezone.now() + UNTIL_ROOM
        _mine(job).update(status=QUEUED, lease_by="", lease_until=until, attempts=F("attempts") - 1)
        return
    if fresh.attempts >= MOST_ATTEMPTS:
        add_error(fresh, None, "", "The server could not finish this. Try again later.")
        finish(fresh, FAILED)
        return
    pause = timedelta(seconds=2**fresh.attempts)
    _mine(job).update(status=QUEUED, lease_by="", lease_until=timezone.now() + pause)


def cancel(job: Job) -> None:
    """Ask for an end: a waiting job ends now, one being worked on after its present piece."""
    now = timezone.now()
    waiting = Job.objects.filter(pk=job.pk, status=QUEUED)
    if waiting.update(status=CANCELLED, finished_at=now, lease_until=None):
        _drop_input(job)
    else:
        Job.objects.filter(pk=job.pk).exclude(status__in=FINAL).update(cancel_requested=True)
    job.refresh_from_db()


def take_back_all() -> int:
    """Free every job of a dead run. Only for the one process that holds the shop's folder."""
    return Job.objects.filter(status=RUNNING).update(lease_until=timezone.now())


def forgotten() -> list[str]:
    """Return jobs (uids) nobody was told of for a lease's time, and note that they are told now.

    They wait, or are worked on and can be shared.
    """
    now = timezone.now()
    long_ago = now - timedelta(seconds=settings.SHOP_LEASE_SECONDS)
    shared = Q(status=RUNNING, kind__in=SHARED)
    rows = Job.objects.filter(_ready(now) | shared, announced__lte=long_ago)
    uids = list(rows.order_by("created").values_list("uid", flat=True)[:1000])
    return [uid for uid in uids if rows.filter(uid=uid).update(announced=now)]
