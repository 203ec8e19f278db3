"""The caller. Source: api contract, User & account."""

from django.urls import path

from instica_desktop.server.routes.common import LIST
from instica_desktop.server.views.accounts import UserViewSet
from instica_desktop.server.views.user import DeviceViewSet, EligibilityView, PasswordView, SupportViewSet

_USER = "api/v1/user/"

ROUTES = [
    path(f"{_USER}me/", UserViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path(f"{_USER}password/", PasswordView.as_view()),
    path(f"{_USER}listing-eligibility/", EligibilityView.as_view()),
    path(f"{_USER}support/", SupportViewSet.as_view({"post": "create"})),
    path(f"{_USER}device-tokens/", DeviceViewSet.as_view(LIST)),
    path(f"{_USER}device-tokens/<str:uid>/", DeviceViewSet.as_view({"delete": "destroy"})),
]
