"""What an organization's plan allows. Source: api contract, Subscriptions; Common rules, 402.

An organization without a subscription is a shop on its own server: it may do everything.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone
from rest_framework.exceptions import APIException

from instica_desktop.server.domain.periods import renewed
from instica_desktop.server.models import Organization, Subscription
from instica_desktop.server.storage.transactions import hold

INVENTORY_ITEMS = "inventory_items"
LISTINGS = "listings"
TEAM_MEMBERS = "team_members"
BULK_EDIT = "bulk_edit"
CSV_IMPORT = "csv_import"
ANALYTICS = "analytics"
API_REQUESTS = "api_requests_per_month"

CARD = "stripe"
"""The billing provider that charges a card for the next period by itself."""


class PaymentRequired(APIException):
    """The plan does not cover this (402)."""

    status_code = 402
    default_detail = "Your plan does not include this. Choose a larger plan to go on."


def period_end(subscription: Subscription, now: datetime) -> datetime | None:
    """Return when the paid time ends; a card is charged again and again until that is cancelled."""
    end = subscription.current_period_end
    renews = subscription.billing_provider == CARD and not subscription.cancel_at_period_end
    return renewed(end, subscription.interval, now) if end and renews else end


def is_current(subscription: Subscription, now: datetime) -> bool:
    """Tell whether a subscription gives anything at this time."""
    end = period_end(subscription, now)
    return subscription.is_active and subscription.plan is not None and (end is None or end >= now)


def allowance(organization: Organization, name: str) -> int | None:
    """Return how many of a thing the plan allows: None for any number, 0 for none."""
    subscription = Subscription.objects.select_related("plan").filter(organization=organization).first()
    if subscription is None:
        return None
    if subscription.plan is None or not is_current(subscription, timezone.now()):
        return 0
    limits = {feature["name"]: feature["limit"] for feature in subscription.plan.features}
    return limits.get(name, 0)


def require(organization: Organization, name: str) -> None:
    """Refuse what the plan does not include at all. Errors: `PaymentRequired` (402)."""
    if allowance(organization, name) == 0:
        raise PaymentRequired


def claim(organization: Organization, name: str, used: Callable[[], int], adding: int = 1) -> None:
    """Refuse to go over the plan's limit. `used` counts, and is asked only where there is a limit.

    Errors: `PaymentRequired` (402), which names the limit.
    """
    limit = allowance(organization, name)
    if limit is None:
        return
    hold(organization)  # two at a time must not both take the last place
    stay_within(limit, name, used() + adding)


def stay_within(limit: int, name: str, wanted: int) -> None:
    """Refuse more than a limit. Errors: `PaymentRequired` (402), which names it."""
    if wanted > limit:
        raise PaymentRequired(
            f"Your plan covers {limit} {name.replace('_', ' ')}. Choose a larger plan to add more."
        )
