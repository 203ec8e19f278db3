"""How much of each limited thing an organization has. Source: api contract, Subscriptions, `usage`.

`COUNTERS` holds what can be counted; a plan's other features are there or not.
"""

from collections.abc import Callable, Mapping

from django.db.models import Sum
from django.utils import timezone

from instica_desktop.server.domain.statuses import GONE
from instica_desktop.server.models import ApiUse, Invite, Item, Listing, Membership, Organization
from instica_desktop.server.operations.entitlements import (
    API_REQUESTS,
    INVENTORY_ITEMS,
    LISTINGS,
    TEAM_MEMBERS,
)


def count_items(organization: Organization) -> int:
    """Return how many items are not sold, archived ones included."""
    return Item.objects.filter(organization=organization).exclude(status__in=GONE).count()


def count_listings(organization: Organization) -> int:
    """Return how many offers stand on marketplaces."""
    return Listing.objects.filter(item__organization=organization, status="listed").count()


def count_members(organization: Organization) -> int:
    """Return how many people work in the organization."""
    return Membership.objects.filter(organization=organization, is_active=True).count()


def count_places(organization: Organization) -> int:
    """Return how many places in the team are taken, with those that open invitations hold."""
    open_invites = Invite.objects.filter(
        organization=organization, accepted_by__isnull=True, expires__gt=timezone.now()
    )
    return count_members(organization) + open_invites.count()


def count_requests(organization: Organization) -> int:
    """Return how many requests the people who work there made this month (UTC)."""
    start = timezone.now().date().replace(day=1)
    rows = ApiUse.objects.filter(user__organization=organization, day__gte=start)
    return rows.aggregate(total=Sum("count"))["total"] or 0


COUNTERS: Mapping[str, Callable[[Organization], int]] = {
    INVENTORY_ITEMS: count_items,
    LISTINGS: count_listings,
    TEAM_MEMBERS: count_members,
    API_REQUESTS: count_requests,
}
