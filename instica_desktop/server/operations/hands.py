"""Who has which piece of a shared job in hand. It only divides the work: see `jobs.turns`."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from instica_desktop.server.models import Job, JobHand

MOST_HANDS = 8
"""Workers on one job: what they commit they commit one after the other."""
_WORTH_SHARING = 2_000
"""Rows left that make it worth while to call another worker."""


def worth_sharing(job: Job) -> bool:
    """Return whether another worker would find enough to do."""
    few = JobHand.objects.filter(job=job, lease_until__gt=timezone.now()).count() < MOST_HANDS
    return few and job.total - job.processed > _WORTH_SHARING


def take(job: Job, worker: str, piece: int, after: int) -> bool:
    """Take a piece in hand instead of the one before; False when it is another's or done already."""
    now = timezone.now()
    if Job.objects.filter(pk=job.pk, checkpoint__gt=after).exists():
        return False
    JobHand.objects.filter(job=job, lease_until__lte=now).delete()
    until = now + timedelta(seconds=settings.SHOP_LEASE_SECONDS)
    whole: Any = transaction.atomic()
    try:
        with whole:
            if not JobHand.objects.filter(job=job, worker=worker).update(piece=piece, lease_until=until):
                JobHand.objects.create(job=job, worker=worker, piece=piece, lease_until=until)
    except IntegrityError:
        return False
    return True


def before(job: Job, worker: str) -> bool:
    """Return whether a living worker has an earlier piece in hand than this one, or this one has none."""
    living = JobHand.objects.filter(job=job, lease_until__gt=timezone.now())
    own = JobHand.objects.filter(job=job, worker=worker).values_list("piece", flat=True).first()
    others = living.exclude(worker=worker)
    return (others if own is None else others.filter(piece__lt=own)).exists()


def drop(job: Job, worker: str) -> None:
    """Have nothing in hand any more."""
    JobHand.objects.filter(job=job, worker=worker).delete()
