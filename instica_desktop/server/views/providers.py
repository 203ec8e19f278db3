"""All providers with a page at `/accounts/{slug}/login/`, and what each does once a person has agreed."""

from typing import Any

from rest_framework.response import Response

from instica_desktop.server.domain.platforms import PLATFORMS
from instica_desktop.server.domain.providers import Agreement, Provider
from instica_desktop.server.operations.connections import connect
from instica_desktop.server.operations.identities import mint
from instica_desktop.server.operations.social import identity_of, sign_in
from instica_desktop.server.serializers.marketplace import ConnectionRecord
from instica_desktop.server.serializers.sign_in import SocialSignInRecord
from instica_desktop.server.web.keys import issue_token


def signed_in(user: Any, created: bool) -> Response:
    """Return the answer that hands out a token."""
    record = {"token": issue_token(user), "user": user, "created": created}
    return Response(SocialSignInRecord(record).data)


def sign_in_by_agreement(request: Any, agreement: Agreement) -> Response:
    """Sign in whoever agreed at a provider's page, through the token its issuer gives for them."""
    token = mint(agreement.provider, agreement.subject, agreement.account_name)
    return signed_in(*sign_in(identity_of(agreement.provider, token), {}))


def connect_by_agreement(request: Any, agreement: Agreement) -> Response:
    """Connect the caller's organization to the account at a marketplace that the person agreed to."""
    account = f"{agreement.account_name} (simulated)"
    connection = connect(request.user.organization, agreement.provider, account)
    return Response(ConnectionRecord(connection).data)


_ALL = (
    Provider("apple", "Apple", signs_in=True, exchange=sign_in_by_agreement),
    *(
        Provider(platform.slug, platform.name, signs_in=False, exchange=connect_by_agreement)
        for platform in PLATFORMS
        if platform.selling
    ),
)

PROVIDERS = {provider.slug: provider for provider in _ALL}
"""The providers by name. A provider that is not here has no page and no exchange: both are 404."""
