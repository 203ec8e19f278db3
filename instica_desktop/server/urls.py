"""Which address leads to which endpoint."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from instica_desktop.server.views.accounts import ApiKeyViewSet, UserViewSet
from instica_desktop.server.views.assets import AssetViewSet
from instica_desktop.server.views.inventory import InventoryViewSet
from instica_desktop.server.views.media import SleeveView, UploadView
from instica_desktop.server.views.orders import OrderViewSet, ShipmentViewSet
from instica_desktop.server.views.products import ProductImageViewSet, ProductViewSet
from instica_desktop.server.views.public import HealthView, PlatformsView

_LIST = {"get": "list", "post": "create"}
_RECORD = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
_READ_ONLY = {"get": "list"}
_ITEM = "api/v1/inventory/<str:uid>/"
_PRODUCT = "api/v1/products/<str:uid>/"
_ORDER = "api/v1/orders/<str:uid>/"

urlpatterns = [
    path("api/health/", HealthView.as_view()),
    path("api/schema/", SpectacularJSONAPIView.as_view(authentication_classes=[], permission_classes=[])),
    path("api/v1/user/me/", UserViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path("api/v1/api-keys/", ApiKeyViewSet.as_view(_LIST)),
    path("api/v1/api-keys/<int:pk>/", ApiKeyViewSet.as_view({"get": "retrieve", "delete": "destroy"})),
    path("api/v1/api-keys/<int:pk>/rotate/", ApiKeyViewSet.as_view({"post": "rotate"})),
    path("api/v1/platforms/", PlatformsView.as_view()),
    path("api/v1/products/", ProductViewSet.as_view(_LIST)),
    path(_PRODUCT, ProductViewSet.as_view(_RECORD)),
    path(f"{_PRODUCT}image/", ProductImageViewSet.as_view({"post": "create", "delete": "destroy"})),
    path(f"{_PRODUCT}presences/", ProductViewSet.as_view({"get": "presences"})),
    path("api/v1/inventory/", InventoryViewSet.as_view(_LIST)),
    path(_ITEM, InventoryViewSet.as_view(_RECORD)),
    path(f"{_ITEM}assets/", AssetViewSet.as_view(_LIST)),
    path(f"{_ITEM}assets/reorder/", AssetViewSet.as_view({"post": "reorder"})),
    path(f"{_ITEM}assets/<str:asset>/", AssetViewSet.as_view(_RECORD)),
    path("api/v1/orders/", OrderViewSet.as_view(_READ_ONLY)),
    path(_ORDER, OrderViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path(f"{_ORDER}shipments/", ShipmentViewSet.as_view(_LIST)),
    path(f"{_ORDER}shipments/<str:shipment>/", ShipmentViewSet.as_view(_RECORD)),
    path("media/uploads/<str:shard>/<str:name>", UploadView.as_view()),
    path("media/sleeves/<str:name>", SleeveView.as_view()),
]

handler400 = "instica_desktop.server.web.errors.bad_request"
handler403 = "instica_desktop.server.web.errors.forbidden"
handler404 = "instica_desktop.server.web.errors.not_found"
handler500 = "instica_desktop.server.web.errors.server_error"
