"""Orders and their shipments. Source: api contract, Orders & sales."""

from django.urls import path

from instica_desktop.server.routes.common import LIST, READ_ONLY, RECORD
from instica_desktop.server.views.orders import OrderViewSet, ShipmentViewSet
from instica_desktop.server.views.sales import SalesViewSet

_ORDER = "api/v1/orders/<str:uid>/"

ROUTES = [
    path("api/v1/orders/", OrderViewSet.as_view(READ_ONLY)),
    path("api/v1/orders/stats/", SalesViewSet.as_view({"get": "stats"})),
    path("api/v1/orders/analytics/", SalesViewSet.as_view({"get": "analytics"})),
    path("api/v1/orders/reports/<str:report>/", SalesViewSet.as_view({"get": "report"})),
    path("api/v1/orders/bulk-ship/", SalesViewSet.as_view({"post": "bulk_ship"})),
    path(_ORDER, OrderViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path(f"{_ORDER}shipments/", ShipmentViewSet.as_view(LIST)),
    path(f"{_ORDER}shipments/<str:shipment>/", ShipmentViewSet.as_view(RECORD)),
]
