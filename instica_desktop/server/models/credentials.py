"""What opens an account besides an API key. Source: api contract, Authentication.

Of tokens and one-time codes only a hash is stored.
"""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from instica_desktop.server.models import columns
from instica_desktop.server.models.accounts import User
from instica_desktop.server.models.base import Row


class AccessToken(Row):
    """A bearer token: lives until it is signed out or the password changes. Kept as an API key is."""

    user: User = columns.part_of("User", "access_tokens")
    prefix: str = columns.text(16, db_index=True)
    digest: str = columns.text(64)
    created: datetime = columns.moment(default=timezone.now)
    last_used: datetime | None = columns.moment(null=True, default=None)


class OneTimeCode(Row):
    """A code that does one thing once, before it expires. `facts` is what it stands for."""

    user: User | None = models.ForeignKey(  # pyright: ignore[reportAssignmentType]
        "User", on_delete=models.CASCADE, related_name="one_time_codes", null=True
    )
    purpose: str = columns.text(32)
    digest: str = columns.text(64, unique=True)
    facts: dict[str, Any] = columns.json_object(default=dict)
    created: datetime = columns.moment(default=timezone.now)
    expires: datetime = columns.moment(db_index=True)


class SocialAccount(Row):
    """An account elsewhere that opens this one."""

    uid: str = columns.uid()
    user: User = columns.part_of("User", "social_accounts")
    provider: str = columns.text(32)
    subject: str = columns.text(255)
    email: str = columns.text(254)
    created: datetime = columns.moment(default=timezone.now)

    class Meta:
        """An account elsewhere opens one account here, and an account here has one of each provider."""

        constraints = [
            models.UniqueConstraint(fields=["provider", "subject"], name="social_subject_once"),
            models.UniqueConstraint(fields=["user", "provider"], name="social_provider_once"),
        ]


class StandInAccount(Row):
    """An account at the stand-in for a provider: made at its first sign-in page, opened by its password."""

    provider: str = columns.text(32)
    email_key: str = columns.text(800)
    subject: str = columns.uid()
    password: str = columns.text(128)
    created: datetime = columns.moment(default=timezone.now)

    class Meta:
        """One account for an address."""

        constraints = [models.UniqueConstraint(fields=["provider", "email_key"], name="stand_in_once")]


class SigningKey(Row):
    """The key with which this server's own issuer signs identity tokens; all processes share it."""

    name: str = columns.text(32, unique=True)
    private_pem: str = columns.long_text()
    created: datetime = columns.moment(default=timezone.now)
