"""Items and their photos. Source: api contract, Inventory."""

from django.urls import path

from instica_desktop.server.routes.common import LIST, RECORD
from instica_desktop.server.views.analytics import AnalyticsView
from instica_desktop.server.views.assets import AssetViewSet
from instica_desktop.server.views.bulk import BulkViewSet
from instica_desktop.server.views.export import ExportViewSet
from instica_desktop.server.views.import_rows import ImportRowsViewSet
from instica_desktop.server.views.imports import ImportViewSet
from instica_desktop.server.views.inventory import InventoryViewSet
from instica_desktop.server.views.listings import ListingViewSet

_ITEM = "api/v1/inventory/<str:uid>/"
_LISTING = f"{_ITEM}listings/<str:listing>/"

ROUTES = [
    path("api/v1/inventory/", InventoryViewSet.as_view(LIST)),
    path("api/v1/inventory/analytics/", AnalyticsView.as_view()),
    path("api/v1/inventory/bulk/", BulkViewSet.as_view({"post": "create"})),
    path("api/v1/inventory/export/", ExportViewSet.as_view({"get": "retrieve"})),
    path("api/v1/inventory/import/", ImportViewSet.as_view({"post": "create"})),
    path("api/v1/inventory/import/<str:job>/", ImportViewSet.as_view({"get": "retrieve"})),
    path("api/v1/inventory/import/<str:job>/rows/", ImportRowsViewSet.as_view({"get": "list"})),
    path("api/v1/inventory/import/<str:job>/cancel/", ImportViewSet.as_view({"post": "cancel"})),
    path(_ITEM, InventoryViewSet.as_view(RECORD)),
    path(f"{_ITEM}assets/", AssetViewSet.as_view(LIST)),
    path(f"{_ITEM}assets/reorder/", AssetViewSet.as_view({"post": "reorder"})),
    path(f"{_ITEM}assets/<str:asset>/", AssetViewSet.as_view(RECORD)),
    path(f"{_ITEM}listings/", ListingViewSet.as_view(LIST)),
    path(_LISTING, ListingViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path(f"{_LISTING}delist/", ListingViewSet.as_view({"post": "delist"})),
]
