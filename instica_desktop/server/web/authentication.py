"""Who is calling: `X-API-Key` or `Authorization: Bearer`. Source: api contract, Common rules, Credentials."""

import logging
from datetime import timedelta
from typing import Any

from django.db import DatabaseError
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from instica_desktop.server.models import AccessToken, ApiKey, User
from instica_desktop.server.storage.full import is_full
from instica_desktop.server.web.keys import find_key, find_token

log = logging.getLogger(__name__)

_NOTE_EVERY = timedelta(minutes=10)
"""`last_used` is noted no oftener, so that reading does not write all the time."""
_BEARER = "bearer"


def _note_use(record: Any) -> None:
    now = timezone.now()
    if record.last_used is not None and now - record.last_used <= _NOTE_EVERY:
        return
    try:
        type(record).objects.filter(pk=record.pk).update(last_used=now)
    except DatabaseError as error:
        if not is_full(error):
            raise
        log.warning("The use of a credential could not be noted: the disk is full")  # reading goes on


class ApiKeyAuthentication(BaseAuthentication):
    """Answers (user, key record) for a valid key, nothing without the header, 401 for a wrong key.

    The user then works in the organization the key was made for, and is never to be saved as a whole.
    """

    def authenticate(self, request: Any) -> tuple[User, ApiKey] | None:
        """Return the caller; see the class."""
        key = request.META.get("HTTP_X_API_KEY")
        if key is None:
            return None
        record = find_key(key.strip())
        if record is None:
            raise AuthenticationFailed("Invalid API key.")
        _note_use(record)
        user: Any = record.user
        user.organization = record.organization  # for this request: the key is for no other
        return record.user, record

    def authenticate_header(self, request: Any) -> str:
        """Return the challenge that makes a missing key 401, not 403."""
        return "X-API-Key"


class TokenAuthentication(BaseAuthentication):
    """Answers (user, token record) for a living token, nothing without one, 401 for a dead one."""

    def authenticate(self, request: Any) -> tuple[User, AccessToken] | None:
        """Return the caller; see the class."""
        scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
        if scheme.lower() != _BEARER:
            return None
        record = find_token(token.strip())
        if record is None:
            raise AuthenticationFailed("Invalid token.")
        _note_use(record)
        return record.user, record

    def authenticate_header(self, request: Any) -> str:
        """Return the challenge."""
        return "Bearer"


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the schema describes the key."""

    target_class = "instica_desktop.server.web.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the OpenAPI security scheme."""
        return {"type": "apiKey", "in": "header", "name": "X-API-Key"}


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes the token."""

    target_class = "instica_desktop.server.web.authentication.TokenAuthentication"
    name = "bearerToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the OpenAPI security scheme."""
        return {"type": "http", "scheme": "bearer"}
