"""`/api/v1/inventory/analytics/`. Source: api contract, Inventory, Analytics."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from instica_desktop.server.operations import analytics
from instica_desktop.server.serializers.analytics import AnalyticsRecord


class AnalyticsView(APIView):
    """Figures of the inventory."""

    @extend_schema(operation_id="inventory_analytics", responses=AnalyticsRecord)
    def get(self, request: Any) -> Response:
        """Return counts and sums by status and age, sales by month and by platform."""
        organization, today = request.user.organization, timezone.now().date()
        statuses = analytics.by_status(organization)
        figures = {
            "in_stock": analytics.in_stock(statuses),
            "by_status": statuses,
            "ageing": analytics.ageing(organization, today),
            "sell_through": analytics.sell_through(organization, today),
            "by_platform": analytics.by_platform(organization),
        }
        return Response(AnalyticsRecord(figures).data)
