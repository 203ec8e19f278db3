"""`/api/auth/{provider}/`: signing in through a provider. Source: api contract, Browser sign-in; apple."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from instica_desktop.server.domain.providers import Agreement, Provider
from instica_desktop.server.domain.roles import Action
from instica_desktop.server.operations.browser import redeem
from instica_desktop.server.operations.provider_codes import redeem_code
from instica_desktop.server.operations.social import identity_of, sign_in, use_up
from instica_desktop.server.serializers.common import ErrorRecord
from instica_desktop.server.serializers.sign_in import BrowserCodeForm, IdentityForm, SocialSignInRecord
from instica_desktop.server.storage.transactions import writing
from instica_desktop.server.views.forms import checked
from instica_desktop.server.views.providers import PROVIDERS, signed_in
from instica_desktop.server.web.rights import require
from instica_desktop.server.web.throttles import SenderThrottle, UserThrottle

_BAD_CODE = "This code is not valid, has expired or was used before. Start again in the browser."
_APPLE = "apple"


def agreement_of(provider: str, request: Any) -> Agreement:
    """Return what the code in a request's body stands for; the code is used up. Errors: `ValidationError`."""
    values = checked(BrowserCodeForm, request)
    agreement = redeem(
        provider,
        values["code"],
        redirect_uri=values["redirect_uri"],
        verifier=values["code_verifier"],
    )
    if agreement is None:
        raise ValidationError({"code": [_BAD_CODE]})
    return agreement


def exchange(provider: Provider, request: Any) -> Response:
    """Exchange the code in a request's body for what the provider makes of it."""
    agreement = agreement_of(provider.slug, request)
    with writing():
        return provider.exchange(request, agreement)


class AppleView(APIView):
    """Signs in with Apple: by an identity token, or by the code of a browser page."""

    authentication_classes = []
    permission_classes = []
    throttle_classes = [SenderThrottle]

    @extend_schema(
        request=PolymorphicProxySerializer(
            component_name="AppleSignIn",
            serializers=[IdentityForm, BrowserCodeForm],
            resource_type_field_name=None,
        ),
        responses={200: SocialSignInRecord, 503: ErrorRecord},
        auth=[],
    )
    def post(self, request: Any) -> Response:
        """Return a token; the account is made at the first sign-in."""
        if isinstance(request.data, dict) and "code" in request.data:
            return exchange(PROVIDERS[_APPLE], request)
        names = checked(IdentityForm, request)
        token = names.pop("identity_token")
        code = names.pop("authorization_code")
        identity = identity_of(_APPLE, token)
        redeem_code(identity, code)
        with writing():
            use_up(identity, token)
            return signed_in(*sign_in(identity, names))


class ExchangeView(APIView):
    """Exchanges the code of any other provider's browser page.

    Signing in needs no caller; connecting a marketplace needs one who may. Both have this one address.
    """

    permission_classes = []
    throttle_classes = [UserThrottle, SenderThrottle]

    @extend_schema(
        request=BrowserCodeForm,
        responses={200: None, 401: ErrorRecord, 403: ErrorRecord, 404: ErrorRecord},
        operation_id="exchange",
    )
    def post(self, request: Any, provider: str) -> Response:
        """Do what the person agreed to, for the caller."""
        found = PROVIDERS.get(provider)
        if found is None:
            raise NotFound("Not found.")
        if not found.signs_in:
            require(request, Action.MANAGE_CONNECTIONS)
        return exchange(found, request)
