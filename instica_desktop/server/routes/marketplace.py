"""Marketplaces. Source: api contract, Marketplace & import."""

from django.urls import path

from instica_desktop.server.routes.common import LIST, READ_ONLY
from instica_desktop.server.views.marketplace import ConnectionViewSet, ImportJobViewSet
from instica_desktop.server.views.public import PlatformsView

_CONNECTION = "api/v1/marketplace/connections/<str:uid>/"
_IMPORT = "api/v1/marketplace/import-jobs/<str:uid>/"

ROUTES = [
    path("api/v1/platforms/", PlatformsView.as_view()),
    path("api/v1/marketplace/connections/", ConnectionViewSet.as_view(READ_ONLY)),
    path(_CONNECTION, ConnectionViewSet.as_view({"get": "retrieve", "delete": "destroy"})),
    path(f"{_CONNECTION}sync/", ConnectionViewSet.as_view({"post": "sync"})),
    path("api/v1/marketplace/import-jobs/", ImportJobViewSet.as_view(LIST)),
    path(_IMPORT, ImportJobViewSet.as_view({"get": "retrieve"})),
    path(f"{_IMPORT}cancel/", ImportJobViewSet.as_view({"post": "cancel"})),
]
