"""Who owns a shop: the organization, its user, and the API keys. Source: api contract, Authentication.

User.
"""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from instica_desktop.server.domain.contacts import email_key
from instica_desktop.server.models import columns
from instica_desktop.server.models.base import Row


class Organization(Row):
    """The shop; everything in it is scoped to one organization, and another's data does not exist for it."""

    uid: str = columns.uid()
    display_name: str = columns.text()
    slug: str = columns.text()
    default_barcode_type: str = columns.text(16, default="code128")
    logo: str = columns.text(200, db_index=True)
    created: datetime = columns.moment(default=timezone.now)

    class Meta:
        """One organization for each slug."""

        constraints = [
            models.UniqueConstraint(fields=["slug"], condition=~Q(slug=""), name="organization_slug_once")
        ]


class User(AbstractBaseUser):
    """A person. The local shop's owner has no password: only an API key opens the shop.

    `organization` is the one the person works in now; `memberships` tell where else they may, and as what.
    """

    objects: ClassVar[Any] = models.Manager()
    USERNAME_FIELD = "username"

    uid: str = columns.uid()
    organization: Organization = columns.belongs_to("Organization", "users", null=True)
    username: str = columns.text(150, unique=True)
    email: str = columns.text(254)
    email_key: str | None = columns.text(800, null=True, default=None, unique=True, editable=False)
    first_name: str = columns.text(150)
    last_name: str = columns.text(150)
    phone_number: str = columns.text(32)
    email_verified: bool = columns.flag()
    is_active: bool = columns.flag(True)
    can_manage_api_environment: bool = columns.flag(True)
    preferences: dict[str, Any] = columns.json_object(default=dict)

    @property
    def has_password(self) -> bool:
        """Whether a password opens this account."""
        return bool(self.password) and self.has_usable_password()

    def save(self, *args: Any, **options: Any) -> None:
        """Save, with the address also in the form in which addresses are compared: one account for each.

        Who is made together with an organization owns it.
        """
        self.email_key = email_key(self.email)
        founding = self._state.adding and self.organization is not None
        together: Any = transaction.atomic()
        with together:
            super().save(*args, **options)
            if founding:
                self.memberships.create(organization=self.organization)  # pyright: ignore[reportAttributeAccessIssue]


class ApiKey(Row):
    """One API key. Only its hash is stored; `prefix` finds the row, the hash is compared in constant time.

    It opens the organization it was made for, wherever its user works by now. One from before keys belonged
    to organizations, whose user had none, opens the account alone.

    `of_run` marks the key a server start made for its own run; the next start removes it.
    """

    user: User = columns.part_of("User", "api_keys")
    organization: Organization | None = columns.belongs_to(  # pyright: ignore[reportAssignmentType]
        "Organization", "api_keys", null=True, on_delete=models.CASCADE
    )
    name: str = columns.text(100)
    prefix: str = columns.text(16, db_index=True)
    digest: str = columns.text(64)
    created: datetime = columns.moment(default=timezone.now)
    last_used: datetime | None = columns.moment(null=True, default=None)
    is_active: bool = columns.flag(True)
    of_run: bool = columns.flag()
