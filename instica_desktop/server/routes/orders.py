"""Orders and their shipments. Source: api contract, Orders & sales."""

from django.urls import path

from instica_desktop.server.routes.common import LIST, READ_ONLY, RECORD
from instica_desktop.server.views.orders import OrderViewSet, ShipmentViewSet

_ORDER = "api/v1/orders/<str:uid>/"

ROUTES = [
    path("api/v1/orders/", OrderViewSet.as_view(READ_ONLY)),
    path(_ORDER, OrderViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path(f"{_ORDER}shipments/", ShipmentViewSet.as_view(LIST)),
    path(f"{_ORDER}shipments/<str:shipment>/", ShipmentViewSet.as_view(RECORD)),
]
