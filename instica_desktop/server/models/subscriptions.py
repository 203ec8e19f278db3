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
    """An organization's plan. An organization without one runs its own server: nothing is limited."""

    organization: Organization = models.OneToOneField(  # pyright: ignore[reportAssignmentType]
        Organization, on_delete=models.CASCADE, related_name="subscription"
    )
    plan: Plan | None = columns.belongs_to("Plan", "subscriptions", null=True)
    billing_provider: str = columns.text(16, default="none")
    is_active: bool = columns.flag(True)
    current_period_start: datetime = columns.moment(default=timezone.now)
    current_period_end: datetime | None = columns.moment(null=True, default=None)
    cancel_at_period_end: bool = columns.flag()
    trial_end: datetime | None = columns.moment(null=True, default=None)
    created: datetime = columns.moment(default=timezone.now)
