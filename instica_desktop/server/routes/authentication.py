"""API keys. Source: api contract, Authentication."""

from django.urls import path

from instica_desktop.server.routes.common import LIST
from instica_desktop.server.views.accounts import ApiKeyViewSet

ROUTES = [
    path("api/v1/api-keys/", ApiKeyViewSet.as_view(LIST)),
    path("api/v1/api-keys/<int:pk>/", ApiKeyViewSet.as_view({"get": "retrieve", "delete": "destroy"})),
    path("api/v1/api-keys/<int:pk>/rotate/", ApiKeyViewSet.as_view({"post": "rotate"})),
]
