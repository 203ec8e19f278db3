"""The authorization code of a sign-in, exchanged at its provider: the provider's word that it is good now.

Source: Apple, "Generate and validate tokens" and "Creating a client secret". Only where the provider's
`exchange` is set in `SHOP_IDENTITY_ISSUERS`: `{"token_url", "team_id", "key_id", "private_key"}`, the last as
PEM. A code is good for one exchange within five minutes, so an identity token that leaked is no use without.
"""

import http.client
import json
import logging
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import jwt
from django.conf import settings
from rest_framework.exceptions import ValidationError

from instica_desktop.server.operations.identities import Identity, ProviderUnreachable, verify

log = logging.getLogger(__name__)

_BAD_CODE = "The sign-in provider does not accept this code. Sign in there again."
_TIMEOUT = 5
_LIFETIME = 300
_LONGEST_ANSWER = 100_000
_ABOUT_THE_CODE = frozenset({"invalid_grant", "invalid_request"})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: the client secret is for the configured address only."""

    def redirect_request(self, *args: Any, **options: Any) -> None:
        """Refuse, which makes the redirect an `HTTPError`."""


def _client_secret(issuer: dict[str, Any]) -> str:
    exchange, now = issuer["exchange"], int(time.time())
    claims = {"iss": exchange["team_id"], "iat": now, "exp": now + _LIFETIME}
    claims |= {"aud": issuer["issuer"], "sub": issuer["audience"]}
    return jwt.encode(claims, exchange["private_key"], "ES256", {"kid": exchange["key_id"]})


def _request(issuer: dict[str, Any], code: str) -> urllib.request.Request:
    form = {"client_id": issuer["audience"], "client_secret": _client_secret(issuer)}
    form |= {"code": code, "grant_type": "authorization_code"}
    body = urllib.parse.urlencode(form).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return urllib.request.Request(issuer["exchange"]["token_url"], body, headers, method="POST")


def _object(answer: Any) -> dict[str, Any]:
    """Return the JSON object of an answer. Errors: `OSError`, `ValueError`."""
    found = json.loads(answer.read(_LONGEST_ANSWER))
    if not isinstance(found, dict):
        raise ValueError("the answer is no object")
    return found


def _sent(request: urllib.request.Request) -> tuple[int, dict[str, Any]]:
    """Return (status, body) of what the provider answers. Errors: `ProviderUnreachable` (503)."""
    try:
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=_TIMEOUT) as answer:
                return answer.status, _object(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, _object(refused)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise ProviderUnreachable from error


def redeem_code(identity: Identity, code: str) -> None:
    """Exchange the code that came with an identity, where this server can; what it gives must be of the same
    person. Waits for the provider, so call it outside a transaction.

    Errors: `ValidationError` (400) on `authorization_code`, `ProviderUnreachable` (503).
    """
    issuer = settings.SHOP_IDENTITY_ISSUERS.get(identity.provider, {})
    if "exchange" not in issuer:
        return
    status, body = _sent(_request(issuer, code))
    if status == 400 and body.get("error") in _ABOUT_THE_CODE:
        raise ValidationError({"authorization_code": [_BAD_CODE]})
    if status != 200:
        log.error("the sign-in provider refuses this server: %d %.50r", status, body.get("error"))
        raise ProviderUnreachable
    theirs = verify(identity.provider, str(body.get("id_token", "")))
    if theirs is None or theirs.subject != identity.subject:
        raise ValidationError({"authorization_code": [_BAD_CODE]})
