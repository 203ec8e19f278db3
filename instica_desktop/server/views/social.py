"""`/api/auth/social/`: accounts elsewhere that open the caller's. Source: api contract, Authentication."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from instica_desktop.server.domain.roles import Action
from instica_desktop.server.models import SocialAccount, User
from instica_desktop.server.operations.identities import Identity, mint
from instica_desktop.server.operations.social import identity_of, link, use_up
from instica_desktop.server.serializers.common import ErrorRecord
from instica_desktop.server.serializers.sign_in import LinkCodeForm, LinkIdentityForm, SocialAccountRecord
from instica_desktop.server.storage.transactions import writing
from instica_desktop.server.views.forms import checked
from instica_desktop.server.views.providers import PROVIDERS
from instica_desktop.server.views.sign_in import agreement_of
from instica_desktop.server.web.errors import Conflict

_LAST_WAY_IN = "This is the only way into this account. Set a password first."


def _sent_identity(request: Any) -> tuple[Identity, str]:
    """Return (identity, its token) of a body that holds a token, or a browser page's code for one."""
    coded = isinstance(request.data, dict) and "code" in request.data
    values = checked(LinkCodeForm if coded else LinkIdentityForm, request)
    found = PROVIDERS.get(values["provider"])
    if found is None or not found.signs_in:
        raise ValidationError({"provider": ["No account of this provider can be linked."]})
    if not coded:
        token = values["identity_token"]
    else:
        agreement = agreement_of(found.slug, request)
        token = mint(found.slug, agreement.subject, agreement.account_name)
    return identity_of(found.slug, token), token


class SocialAccountsView(APIView):
    """The caller's linked accounts."""

    needs = {"*": Action.OWN_ACCOUNT}

    @extend_schema(responses=SocialAccountRecord(many=True), operation_id="social_list")
    def get(self, request: Any) -> Response:
        """List them, as a bare array."""
        rows = SocialAccount.objects.filter(user=request.user).order_by("pk")
        return Response(SocialAccountRecord(rows, many=True).data)

    @extend_schema(
        request=PolymorphicProxySerializer(
            component_name="SocialLink",
            serializers=[LinkIdentityForm, LinkCodeForm],
            resource_type_field_name=None,
        ),
        responses={201: SocialAccountRecord},
    )
    def post(self, request: Any) -> Response:
        """Link an account."""
        identity, token = _sent_identity(request)
        with writing():
            use_up(identity, token)
            return Response(SocialAccountRecord(link(request.user, identity)).data, status=201)


class SocialAccountView(APIView):
    """One of the caller's linked accounts."""

    needs = {"*": Action.OWN_ACCOUNT}

    @extend_schema(responses={204: None, 404: ErrorRecord, 409: ErrorRecord})
    def delete(self, request: Any, provider: str) -> Response:
        """Remove the link; the last way into an account stays."""
        with writing():
            user = User.objects.get(pk=request.user.pk)
            rows = SocialAccount.objects.filter(user=user)
            found = rows.filter(provider=provider).first()
            if found is None:
                raise NotFound("Not found.")
            others = rows.exclude(pk=found.pk).exists() or user.api_keys.filter(is_active=True).exists()
            if not user.has_password and not others:
                raise Conflict(_LAST_WAY_IN)
            found.delete()
        return Response(status=204)
