"""`/api/v1/organization/` and `…/switch/`: where the caller may work, and where they do.

Source: api contract, Organization. Everything else the API has is of the organization they work in.
"""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from instica_desktop.server.domain.roles import Action
from instica_desktop.server.models import ApiKey, Membership
from instica_desktop.server.operations.members import place_in, work_in
from instica_desktop.server.serializers.common import ErrorRecord
from instica_desktop.server.serializers.organization import (
    SwitchForm,
    WholeOrganizationRecord,
    WorkplaceRecord,
)
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, ShopViewSet, write
from instica_desktop.server.web.errors import Conflict
from instica_desktop.server.web.etags import etag_of
from instica_desktop.server.web.pagination import Envelope, Page

_KEYS_STAY = (
    "A key opens only the organization it was made for. Sign in to work in another one, "
    "or use a key made there."
)


class WorkplaceViewSet(ShopViewSet):
    """The organizations the caller is a member of."""

    needs = {"*": Action.OWN_ACCOUNT}
    pagination_class = Envelope
    serializer_class = WorkplaceRecord
    queryset = Membership.objects.none()

    @extend_schema(responses=WorkplaceRecord(many=True))
    def list(self, request: Any) -> Response:
        """List them, the one joined first stands first."""
        rows = Membership.objects.filter(user=request.user).select_related("organization")
        rows = rows.order_by("joined", "pk")
        page = Page(request, rows, 100)
        return page.answer(self.get_serializer(page.rows(rows), many=True).data)

    @extend_schema(
        request=SwitchForm,
        responses={200: WholeOrganizationRecord, 404: ErrorRecord, 409: ErrorRecord},
        parameters=[IDEMPOTENCY_KEY],
    )
    @write
    def switch(self, request: Any) -> Response:
        """Work in another organization from now on, with every sign-in of the caller; keys stay."""
        organization = place_in(request.user, self.checked(SwitchForm, request)["uid"])
        if not isinstance(request.auth, ApiKey):
            work_in(request.user, organization)
        elif organization != self.organization:
            raise Conflict(_KEYS_STAY)
        record = WholeOrganizationRecord(organization, context=self.get_serializer_context())
        return Response(record.data, headers={"ETag": etag_of(WholeOrganizationRecord, organization)})
