"""`/api/v1/organization/{uid}/team/`, `…/invites/`, and accepting one. Source: api contract, Organization."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from instica_desktop.server.domain.roles import Action
from instica_desktop.server.models import ApiKey, Invite, Membership
from instica_desktop.server.operations.invites import accept_invite, invite_member, resend_invite
from instica_desktop.server.operations.members import change_member, check_reach, remove_member
from instica_desktop.server.serializers.organization import InviteForm, InviteRecord, MemberForm, MemberRecord
from instica_desktop.server.views.base import IDEMPOTENCY_KEY, ShopViewSet, write
from instica_desktop.server.views.organization import OwnOrganizationViewSet
from instica_desktop.server.web.pagination import Envelope
from instica_desktop.server.web.rights import require, role_of


class TeamViewSet(OwnOrganizationViewSet):
    """The people of the organization."""

    needs = {"partial_update": Action.MANAGE_TEAM, "destroy": Action.LEAVE_TEAM}
    pagination_class = Envelope
    serializer_class = MemberRecord
    lookup_field = "member"
    queryset = Membership.objects.none()

    def _rows(self, uid: str) -> Any:
        rows = Membership.objects.filter(organization=self.own(uid)).select_related("user", "organization")
        return rows.order_by("joined", "pk")

    def _own_place(self, uid: str, member: str) -> Membership | None:
        """Return the caller's own place, also where they do not work now; a key knows of no other."""
        places = Membership.objects.filter(user=self.request.user, uid=member, organization__uid=uid)
        if isinstance(self.request.auth, ApiKey):
            places = places.filter(organization=self.organization)
        return places.select_related("user", "organization").first()

    @extend_schema(responses=MemberRecord(many=True))
    def list(self, request: Any, uid: str) -> Response:
        """List the team, who came first stands first."""
        return self.paged(request, self._rows(uid))

    def retrieve(self, request: Any, uid: str, member: str) -> Response:
        """Return one member."""
        return Response(self.get_serializer(self.one(self._rows(uid), member)).data)

    @extend_schema(request=MemberForm)
    @write
    def partial_update(self, request: Any, uid: str, member: str) -> Response:
        """Give a member another role, suspend or readmit them; the last owner stays one."""
        found = self.one(self._rows(uid), member)
        change_member(found, role_of(request.user), self.checked(MemberForm, request, partial=True))
        return Response(self.get_serializer(found).data)

    @extend_schema(responses={204: None})
    @write
    def destroy(self, request: Any, uid: str, member: str) -> Response:
        """Take a member out of the team; everybody may leave, but for the last owner (409)."""
        place = self._own_place(uid, member)
        if place is None:
            self.own(uid)
            require(request, Action.MANAGE_TEAM)
            place = self.one(self._rows(uid), member)
        remove_member(place, request.user, role_of(request.user))
        return Response(status=204)


class InviteViewSet(OwnOrganizationViewSet):
    """The open invitations of the organization."""

    needs = {"*": Action.MANAGE_TEAM}
    pagination_class = Envelope
    serializer_class = InviteRecord
    lookup_field = "invite"
    queryset = Invite.objects.none()

    def _rows(self, uid: str) -> Any:
        rows = Invite.objects.filter(organization=self.own(uid), accepted_by__isnull=True)
        return rows.select_related("organization", "invited_by").order_by("created", "pk")

    @extend_schema(responses=InviteRecord(many=True))
    def list(self, request: Any, uid: str) -> Response:
        """List the invitations that were not accepted yet, expired ones included."""
        return self.paged(request, self._rows(uid))

    @extend_schema(request=InviteForm, responses={201: InviteRecord}, parameters=[IDEMPOTENCY_KEY])
    @write
    def create(self, request: Any, uid: str) -> Response:
        """Invite somebody by mail."""
        organization, values = self.own(uid), self.checked(InviteForm, request)
        check_reach(role_of(request.user), values["role"])
        invite = invite_member(organization, request.user, values["email"], values["role"])
        return Response(self.get_serializer(invite).data, status=201)

    @extend_schema(request=None, responses=InviteRecord, parameters=[IDEMPOTENCY_KEY])
    @write
    def resend(self, request: Any, uid: str, invite: str) -> Response:
        """Mail an invitation again, with another code; the former one is dead."""
        found = self.one(self._rows(uid), invite)
        check_reach(role_of(request.user), found.role)
        resend_invite(found, request.user)
        return Response(self.get_serializer(found).data)

    @extend_schema(responses={204: None})
    @write
    def destroy(self, request: Any, uid: str, invite: str) -> Response:
        """Take an invitation back; its code is dead."""
        self.one(self._rows(uid), invite).delete()
        return Response(status=204)


class AcceptInviteViewSet(ShopViewSet):
    """Joining a team with the code from a mail."""

    needs = {"*": Action.OWN_ACCOUNT}
    serializer_class = MemberRecord

    @extend_schema(request=None, responses=MemberRecord, parameters=[IDEMPOTENCY_KEY])
    @write
    def accept(self, request: Any, token: str) -> Response:
        """Join; the sign-ins of the caller work there from now on. Joining by a key moves none."""
        member = accept_invite(token, request.user, stay=isinstance(request.auth, ApiKey))
        return Response(self.get_serializer(member).data)
