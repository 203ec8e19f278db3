"""Query parameters of the orders. Source: api contract, Orders & sales, Query."""

from typing import Any

import django_filters
from rest_framework.exceptions import ValidationError

from instica_desktop.server.domain.platforms import PLATFORMS
from instica_desktop.server.domain.statuses import ORDER_STATUSES
from instica_desktop.server.domain.tracking import searched
from instica_desktop.server.filters.common import (
    CodesFilter,
    Ordering,
    SearchFilter,
    UpdatedAfterFilter,
    both_ways,
)

_PLATFORM_CODES = {platform.slug: platform.name for platform in PLATFORMS}
DEFAULT_ORDERING = "-sold_at"


class OrderStatusFilter(CodesFilter):
    """Our statuses and those of marketplaces that this shop's orders carry; any other is an error."""

    def filter(self, qs: Any, value: Any) -> Any:
        """Narrow to the statuses. Errors: `ValidationError` for one that is neither ours nor in the shop."""
        foreign = [status for status in value or [] if status not in ORDER_STATUSES]
        known = set(qs.filter(status__in=foreign).values_list("status", flat=True)) if foreign else set()
        unknown = [status for status in foreign if status not in known]
        if unknown:
            raise ValidationError(
                {"status": [f"{', '.join(unknown)[:200]} is not one of the available choices."]}
            )
        return super().filter(qs, value)


class OrderFilters(django_filters.FilterSet):
    """All filters of the orders."""

    status = OrderStatusFilter(
        "status", label="Statuses, comma-separated"
    )  # first: it looks at the whole shop
    search = SearchFilter(searched, label="Words to find")
    platform = CodesFilter("platform", codes=_PLATFORM_CODES, label="Platforms, comma-separated")
    updated_after = UpdatedAfterFilter(label="Changed after this time")


def orderings() -> Ordering:
    """Return the orderings by name."""
    return {
        **both_ways("created", "created"),
        **both_ways("sold_at", "sold_at"),
        **both_ways("status", "status"),
        **both_ways("platform", "platform"),
        **both_ways("sale_price", "sale_price_cents", nullable=True),
    }
