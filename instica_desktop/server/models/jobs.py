"""Long work done behind the requests: imports and whatever else takes longer than an answer may."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from instica_desktop.server.models import columns
from instica_desktop.server.models.accounts import Organization, User
from instica_desktop.server.models.base import Row

QUEUED, RUNNING = "queued", "running"
SUCCEEDED, FAILED, CANCELLED = "succeeded", "failed", "cancelled"
FINAL = (SUCCEEDED, FAILED, CANCELLED)


class Job(Row):
    """One piece of long work, its progress and who does it.

    `kind` names what does it (`jobs.kinds`), `payload` is what it was asked for, `file` the name of its input
    in the folder's `jobs`. `checkpoint` is where to go on, in a unit of the kind's own; it is committed with
    the work it stands for. Until `lease_until` the job is `lease_by`'s alone; then anybody may take it over.
    `attempts` counts the starts since the last progress. `errors` and `notes` keep the first ones, their
    counts all. `decisions` is what was found to hold for the whole input before work on it began.
    `announced` is when a worker was last told of it.
    """

    uid: str = columns.uid()
    organization: Organization = columns.belongs_to("Organization", "jobs")
    user: User | None = columns.belongs_to("User", "jobs", null=True, on_delete=models.SET_NULL)
    kind: str = columns.text(32)
    status: str = columns.text(16, default=QUEUED)
    payload: dict[str, Any] = columns.json_object(default=dict)
    file: str = columns.text(100)
    total: int = columns.count()
    processed: int = columns.count()
    created_count: int = columns.count()
    updated_count: int = columns.count()
    skipped_count: int = columns.count()
    excluded_count: int = columns.count()
    errors: list[dict[str, Any]] = columns.json_list()
    error_count: int = columns.count()
    notes: list[dict[str, Any]] = columns.json_list()
    note_count: int = columns.count()
    decisions: dict[str, Any] = columns.json_object(default=dict)
    checkpoint: int = columns.large_count()
    lease_until: datetime | None = columns.moment(null=True, default=None)
    lease_by: str = columns.text(100)
    attempts: int = columns.count()
    cancel_requested: bool = columns.flag()
    announced: datetime = columns.moment(default=timezone.now)
    created: datetime = columns.moment(default=timezone.now)
    started_at: datetime | None = columns.moment(null=True, default=None)
    finished_at: datetime | None = columns.moment(null=True, default=None)

    class Meta:
        """Found by what waits, and by an organization's newest of a kind."""

        indexes = [
            models.Index(fields=["status", "created"], name="job_waiting"),
            models.Index(fields=["organization", "kind", "-created"], name="job_newest"),
        ]


class JobHand(Row):
    """A worker that does a job together with others, and the piece of it that it has in hand.

    After `lease_until` the worker counts as dead and the piece as nobody's.
    """

    job: Job = columns.part_of("Job", "hands")
    worker: str = columns.text(100)
    piece: int = columns.large_count()
    lease_until: datetime = columns.moment()

    class Meta:
        """A piece is in one hand; a worker has one."""

        constraints = [
            models.UniqueConstraint(fields=["job", "piece"], name="job_piece_once"),
            models.UniqueConstraint(fields=["job", "worker"], name="job_worker_once"),
        ]
