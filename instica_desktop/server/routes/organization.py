"""The organization, its team and addresses. Source: api contract, Organization."""

from django.urls import path

from instica_desktop.server.routes.common import LIST, READ_ONLY, RECORD
from instica_desktop.server.views.organization import AddressViewSet, OrganizationViewSet
from instica_desktop.server.views.team import AcceptInviteViewSet, InviteViewSet, TeamViewSet
from instica_desktop.server.views.workplaces import WorkplaceViewSet

_ORGANIZATION = "api/v1/organization/<str:uid>/"
_INVITE = f"{_ORGANIZATION}invites/<str:invite>/"

ROUTES = [
    path("api/v1/organization/", WorkplaceViewSet.as_view(READ_ONLY)),
    path("api/v1/organization/switch/", WorkplaceViewSet.as_view({"post": "switch"})),  # before any uid
    path(_ORGANIZATION, OrganizationViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path(f"{_ORGANIZATION}team/", TeamViewSet.as_view(READ_ONLY)),
    path(f"{_ORGANIZATION}team/<str:member>/", TeamViewSet.as_view(RECORD)),
    path(f"{_ORGANIZATION}invites/", InviteViewSet.as_view(LIST)),
    path(_INVITE, InviteViewSet.as_view({"delete": "destroy"})),
    path(f"{_INVITE}resend/", InviteViewSet.as_view({"post": "resend"})),
    path(f"{_ORGANIZATION}addresses/", AddressViewSet.as_view(LIST)),
    path(f"{_ORGANIZATION}addresses/<str:address>/", AddressViewSet.as_view(RECORD)),
    path("api/v1/invites/<str:token>/accept/", AcceptInviteViewSet.as_view({"post": "accept"})),
]
