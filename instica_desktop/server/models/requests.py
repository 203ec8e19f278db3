"""Answers already given, so that a repeated POST gets the same one. Source: api contract, Idempotency-Key."""

from datetime import datetime

from django.db import models
from django.utils import timezone

from instica_desktop.server.models import columns
from instica_desktop.server.models.accounts import User
from instica_desktop.server.models.base import Row


class IdempotencyRecord(Row):
    """One answered POST.

    Its key, a digest of its path and body, and the answer (null body = a secret, not kept).
    """

    user: User = columns.part_of("User", "idempotency_records")
    key: str = columns.text(255)
    fingerprint: str = columns.text(64)
    status: int = columns.count()
    body: str | None = columns.long_text(null=True, default=None)
    created: datetime = columns.moment(default=timezone.now, db_index=True)

    class Meta:
        """One answer for each key of a user."""

        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_once")]
