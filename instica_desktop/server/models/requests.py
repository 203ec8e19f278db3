"""Answers already given, so that a repeated POST gets the same one. Source: api contract, Idempotency-Key."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from instica_desktop.server.models import columns
from instica_desktop.server.models.accounts import Organization, User
from instica_desktop.server.models.base import Row


class IdempotencyRecord(Row):
    """One answered POST.

    Its key, a digest of its path and body, and the answer (null body = a secret, not kept). `user` sent it;
    what was done to an account, not in an organization, has no `organization`.
    """

    user: User = columns.part_of("User", "idempotency_records")
    organization: Organization | None = columns.belongs_to(  # pyright: ignore[reportAssignmentType]
        "Organization", "idempotency_records", null=True, on_delete=models.CASCADE
    )
    key: str = columns.text(255)
    fingerprint: str = columns.text(64)
    status: int = columns.count()
    body: str | None = columns.long_text(null=True, default=None)
    created: datetime = columns.moment(default=timezone.now, db_index=True)

    class Meta:
        """One answer for each key of an organization, and of a user for what is the user's own."""

        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"], condition=Q(organization__isnull=True), name="idempotency_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "key"],
                condition=Q(organization__isnull=False),
                name="idempotency_once_in_organization",
            ),
        ]
