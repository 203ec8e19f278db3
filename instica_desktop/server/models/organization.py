"""Who works in an organization, who was invited, and its addresses. Source: api contract, Organization."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from instica_desktop.server.domain.roles import MEMBER, OWNER
from instica_desktop.server.models import columns
from instica_desktop.server.models.accounts import Organization, User
from instica_desktop.server.models.base import Row


class Membership(Row):
    """A person's place in an organization. One who is not active keeps the place but may do nothing."""

    uid: str = columns.uid()
    user: User = columns.part_of("User", "memberships")
    organization: Organization = columns.part_of("Organization", "memberships")
    role: str = columns.text(16, default=OWNER)
    joined: datetime = columns.moment(default=timezone.now)
    is_active: bool = columns.flag(True)

    class Meta:
        """One place for each person in an organization."""

        constraints = [models.UniqueConstraint(fields=["user", "organization"], name="membership_once")]


class Invite(Row):
    """An invitation by mail. Only a hash of its token is stored; `accepted_by` is null until it is used."""

    uid: str = columns.uid()
    organization: Organization = columns.part_of("Organization", "invites")
    email: str = columns.text(254)
    role: str = columns.text(16, default=MEMBER)
    digest: str = columns.text(64, unique=True)
    created: datetime = columns.moment(default=timezone.now)
    expires: datetime = columns.moment()
    invited_by: User | None = models.ForeignKey(  # pyright: ignore[reportAssignmentType]
        User, on_delete=models.SET_NULL, related_name="+", null=True
    )
    accepted_by: User | None = models.ForeignKey(  # pyright: ignore[reportAssignmentType]
        User, on_delete=models.CASCADE, related_name="+", null=True, default=None
    )

    class Meta:
        """One open invitation for each address."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"], condition=Q(accepted_by__isnull=True), name="invite_once"
            )
        ]


class Address(Row):
    """A postal address of the organization; exactly one is primary while there are any."""

    uid: str = columns.uid()
    organization: Organization = columns.part_of("Organization", "addresses")
    full_name: str = columns.text(200)
    line1: str = columns.text(200)
    line2: str = columns.text(200)
    city: str = columns.text(100)
    state: str = columns.text(100)
    postal_code: str = columns.text(32)
    country: str = columns.text(2)
    phone: str = columns.text(32)
    is_primary: bool = columns.flag()
    created: datetime = columns.moment(default=timezone.now)

    class Meta:
        """At most one primary address."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_primary=True), name="primary_address_once"
            )
        ]
