"""The caller. Source: api contract, User & account."""

from django.urls import path

from instica_desktop.server.views.accounts import UserViewSet

ROUTES = [
    path("api/v1/user/me/", UserViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
]
