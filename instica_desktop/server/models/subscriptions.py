"""Plans and what an organization has subscribed to. Source: api contract, Subscriptions. Prices in cents."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from instica_desktop.server.models import columns
from instica_desktop.server.models.accounts import Organization
from instica_desktop.server.models.base import Row


class Plan(Row):
    """What can be subscribed to. `features` is a list of {name, limit}; null = no limit, 0 = not included."""

    uid: str = columns.uid()
    name: str = columns.text(100)
    slug: str = columns.text(50, unique=True)
    description: str = columns.long_text()
    price_monthly_cents: int = columns.count()
    price_yearly_cents: int = columns.count()
    currency: str = columns.text(3, default="USD")
    features: list[dict[str, Any]] = columns.json_list()
    is_popular: bool = columns.flag()
    stripe_monthly_price_id: str = columns.text(100)
    stripe_yearly_price_id: str = columns.text(100)
    position: int = columns.count()


class Subscription(Row):
    """An organization's plan. An organization without one runs its own server: nothing is limited.

    `external_id` is the App Store's first transaction of a subscription bought there.
    """

    organization: Organization = models.OneToOneField(  # pyright: ignore[reportAssignmentType]
        Organization, on_delete=models.CASCADE, related_name="subscription"
    )
    plan: Plan | None = columns.belongs_to("Plan", "subscriptions", null=True)
    billing_provider: str = columns.text(16, default="none")
    interval: str = columns.text(16, default="monthly")
    external_id: str = columns.text(100, db_index=True)
    is_active: bool = columns.flag(True)
    current_period_start: datetime = columns.moment(default=timezone.now)
    current_period_end: datetime | None = columns.moment(null=True, default=None)
    cancel_at_period_end: bool = columns.flag()
    trial_end: datetime | None = columns.moment(null=True, default=None)
    created: datetime = columns.moment(default=timezone.now)

    class Meta:
        """A purchase in the App Store pays for one organization."""

        constraints = [
            models.UniqueConstraint(
                fields=["external_id"], condition=~models.Q(external_id=""), name="purchase_once"
            )
        ]


class PaymentMethod(Row):
    """A card as its owner recognizes it; its number is never known here."""

    uid: str = columns.uid()
    organization: Organization = columns.part_of("Organization", "payment_methods")
    brand: str = columns.text(32)
    last4: str = columns.text(4)
    is_default: bool = columns.flag()
    created: datetime = columns.moment(default=timezone.now)

    class Meta:
        """At most one default."""

        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=models.Q(is_default=True), name="default_card_once"
            )
        ]


class Checkout(Row):
    """A purchase under way on the provider's page. Only a hash of the page's token is stored."""

    organization: Organization = columns.part_of("Organization", "checkouts")
    plan: Plan = columns.belongs_to("Plan", "checkouts")
    interval: str = columns.text(16)
    digest: str = columns.text(64, unique=True)
    created: datetime = columns.moment(default=timezone.now)
    expires: datetime = columns.moment()
    completed: datetime | None = columns.moment(null=True, default=None)


class Invoice(Row):
    """What was charged for one period of a plan."""

    uid: str = columns.uid()
    organization: Organization = columns.part_of("Organization", "invoices")
    number: str = columns.text(32, unique=True)
    description: str = columns.text(200)
    amount_cents: int = columns.count()
    currency: str = columns.text(3, default="USD")
    status: str = columns.text(16, default="paid")
    card: str = columns.text(64)
    period_start: datetime = columns.moment()
    period_end: datetime = columns.moment()
    issued_at: datetime = columns.moment(default=timezone.now)
